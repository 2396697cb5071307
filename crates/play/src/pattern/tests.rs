//! What matches, what is refused, and that nothing is ruled out that matches.

use proptest::prelude::*;

use super::*;

fn pattern(text: &str, is_regex: bool) -> Pattern {
    Pattern::new(text, is_regex, Case::Smart).expect("a pattern")
}

#[test]
fn a_text_without_capitals_is_found_in_any_case() {
    assert!(pattern("error", false).is_in("ERROR: no"));
    assert!(!pattern("Error", false).is_in("ERROR: no"));
    assert!(pattern(r"\Serror", true).is_in("XERROR"));
    assert!(!pattern("a.c", false).is_in("abc"));
    assert!(pattern("a.c", true).is_in("abc"));
}

#[test]
fn what_is_no_pattern_is_refused() {
    for (text, is_regex) in [("", false), ("(", true), (r"\w{100}{100}{100}", true)] {
        assert!(Pattern::new(text, is_regex, Case::Smart).is_err(), "{text}");
    }
    assert!(Pattern::new(&"a".repeat(5000), false, Case::Smart).is_err());
}

#[test]
fn lines_are_matched_each_by_itself() {
    let text = "one\ntwo three\n\nfour";
    let cases: [(&str, &[usize]); 8] = [
        ("^t", &[1]),
        ("e$", &[0, 1]),
        ("^$", &[2]),
        (r"\Af", &[3]),
        ("e[^x]t", &[]),
        ("(?s)one.*four", &[]),
        ("o", &[0, 1, 3]),
        ("e\ntwo", &[]),
    ];
    for (expression, lines) in cases {
        assert_eq!(pattern(expression, true).lines_of(text), lines, "{expression}");
    }
}

#[test]
fn a_file_is_asked_for_what_every_match_has() {
    let cases = [
        // Letters, whatever repeats between them.
        (r"fo{2}bar", "a FOObar", "fobar"),
        (r"ab+cde", "abbcde", "abcd e"),
        // Sets of letters, and what stands before and behind what may be nothing.
        (r"[a-z]{3}[0-9]{4}x", "the abc1234x", "abc123 x"),
        (r"\b[0-9]{7,}[a-f]+\b", "id 123456789f", "1234567 f"),
        (r"=[^ ]*zz[^ ]*x", "a=bzzcx", "a=b zz"),
        (r"é[0-9]\d", "É12", "e12"),
        (r"\d\d\d-x", "12٣-x", "12-x"),
        (r"(a|b)cde", "bcde", "bcd e"),
    ];
    for (expression, matching, other) in cases {
        let pattern = pattern(expression, true);
        assert!(pattern.is_in(matching) && !pattern.is_in(other), "{expression}");
        assert!(pattern.wanted().may_be_in(matching), "{expression}");
        assert!(!pattern.wanted().may_be_in(other), "{expression}");
    }
    assert!(pattern(r"(ab)?|x*", true).wanted().is_empty());
    // Repetitions of repetitions end.
    let nested = format!("{}a{}", "(".repeat(40), "+)".repeat(40));
    assert!(!pattern(&nested, true).wanted().may_be_in("bcd") || pattern(&nested, true).is_in("a"));
}

#[test]
fn leaping_for_letters_finds_what_a_look_at_all_of_them_finds() {
    let lines: Vec<String> = (0..4000_u32)
        .map(|n| match n % 7 {
            0 => format!("{:07}{} and more", n * 7919, ["x", "F", "g", "가"][n as usize % 4]),
            1 => format!("한{:08x}", n.wrapping_mul(2_654_435_761)),
            _ => format!("line {n} of ABC{:04}X", n % 9973),
        })
        .collect();
    let text = lines.join("\n");
    for expression in [r"\b[0-9]{7,}[a-f]+\b", r"(?i)[abc]{3}[0-9]{3}7x", r"\b[0-9a-f]{8}\b"] {
        let pattern = pattern(expression, true);
        let alone = (0..lines.len()).filter(|at| pattern.is_in(&lines[*at]));
        let alone: Vec<usize> = alone.collect();
        assert!(!alone.is_empty(), "{expression}");
        assert_eq!(pattern.lines_of(&text), alone, "{expression}");
    }
}

proptest! {
    #[test]
    fn many_lines_at_once_are_each_line_alone(
        lines in prop::collection::vec("[ab k가K]{0,6}", 0..12),
        expression in "[ab.k가]{1,3}|\\[abk\\]\\{3,\\}[ab]|\\\\b\\[ab\\]\\{4\\}|\\^[ab]|[ab]\\$|a\\[\\^b\\]k|\\(a\\|b\\)\\+k|a\\*",
    ) {
        let text = lines.join("\n");
        let pattern = pattern(&expression, true);
        let alone: Vec<usize> = text
            .split('\n')
            .enumerate()
            .filter(|(_, line)| pattern.is_in(line))
            .map(|(number, _)| number)
            .collect();
        let mut matching = alone.iter().filter_map(|at| text.split('\n').nth(*at));
        prop_assert!(matching.all(|line| pattern.wanted().may_be_in(line)));
        prop_assert_eq!(pattern.lines_of(&text), alone);
    }

    #[test]
    fn what_matches_has_the_trigrams(text in "[a-cK ſÄ가]{3,20}", from in 0_usize..10) {
        let part: String = text.chars().skip(from).take(5).collect();
        prop_assume!(!part.is_empty());
        for case in [Case::Sensitive, Case::Insensitive] {
            let pattern = Pattern::new(&part, false, case).expect("a pattern");
            for other in [text.clone(), text.to_uppercase(), text.to_lowercase()] {
                if pattern.is_in(&other) {
                    prop_assert!(pattern.wanted.may_be_in(&other));
                }
            }
        }
    }
}
