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
        assert_eq!(pattern(expression, true).lines_of(text.as_bytes()), lines, "{expression}");
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

/// The lines that match, each looked at by itself.
fn alone(pattern: &Pattern, text: &str) -> Vec<usize> {
    let lines = text.split('\n').enumerate();
    lines.filter(|(_, line)| pattern.is_in(line)).map(|(number, _)| number).collect()
}

#[test]
fn skimming_finds_what_a_look_at_all_lines_finds() {
    let lines: Vec<String> = (0..4000_u32)
        .map(|n| match n % 7 {
            0 => format!("{:07}{} and more", n * 7919, ["x", "F", "g", "가"][n as usize % 4]),
            1 => format!("한{:08x}", n.wrapping_mul(2_654_435_761)),
            2 => format!("line {n} 한글 zyx"),
            _ => format!("line {n} of ABC{:04}X", n % 9973),
        })
        .collect();
    let text = lines.join("\n");
    let hash = format!("{:08x}", 2941_u32.wrapping_mul(2_654_435_761));
    let expressions = [
        // Sets.
        r"\b[0-9]{7,}[a-f]+\b",
        r"(?i)[abc]{3}[0-9]{3}7x",
        r"\b[0-9a-f]{8}\b",
        r"[a-c][0-9]{4}[w-z]",
        r"[0-9 ]{5}",
        // Letters, rare and frequent, at the start, in the middle and at the end.
        &hash[1..7],
        &hash.to_uppercase(),
        " of abc0",
        "bc03.*X",
        "(?i)[^ ]+C0123",
        "and more",
        // What lies between is of more bytes than one, or may be anything.
        "[a-n]+ [0-9]+ [가-힣]+ zyx",
        "line.*글.*zyx",
        "line 3",
    ];
    for expression in expressions {
        for case in [Case::Smart, Case::Sensitive, Case::Insensitive] {
            let pattern = Pattern::new(expression, true, case).expect("a pattern");
            let alone = alone(&pattern, &text);
            assert!(case != Case::Insensitive || !alone.is_empty(), "{expression}");
            assert_eq!(pattern.lines_of(text.as_bytes()), alone, "{expression} {case:?}");
        }
    }
}

#[test]
fn skimming_finds_what_stands_anywhere_in_a_block() {
    let pattern = pattern(r"[0-9]{5}[a-f]", true);
    for length in (0..40).chain(1000..1070).chain(2030..2070) {
        let text = format!("{}12345f", "x1".repeat(length / 2) + &"-".repeat(length % 2));
        assert_eq!(pattern.lines_of(text.as_bytes()), [0], "{length}");
        assert_eq!(pattern.lines_of(&text.as_bytes()[..text.len() - 1]), [0; 0], "{length}");
        assert_eq!(pattern.lines_of(format!("{text}\n\n{text}g").as_bytes()), [0, 2], "{length}");
    }
}

#[test]
fn what_is_no_text_does_not_panic() {
    for expression in ["one", r"\b[0-9]{4}x", "^t", "o.*t", r"\bé"] {
        let _ = pattern(expression, true).lines_of(b"one \xff two\n\xed\xa0\x80 1234x \xc3");
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
        let alone = alone(&pattern, &text);
        let mut matching = alone.iter().filter_map(|at| text.split('\n').nth(*at));
        prop_assert!(matching.all(|line| pattern.wanted().may_be_in(line)));
        prop_assert_eq!(pattern.lines_of(text.as_bytes()), alone);
    }

    #[test]
    fn skimmed_lines_are_each_line_alone(
        lines in prop::collection::vec("[abAB01k가K -]{0,40}", 0..80),
        expression in "[ab01-]{3,6}|\\[01\\]\\{[1-6]\\}\\[ab\\]\\{[3-9]\\}|\\[\\^ \\]\\*[ab01]{3}|\\\\b\\[01\\]\\{3,\\}\\[a-f\\]\\+\\\\b",
        sensitive: bool,
    ) {
        let text = lines.join("\n");
        let case = if sensitive { Case::Sensitive } else { Case::Insensitive };
        let pattern = Pattern::new(&expression, true, case).expect("a pattern");
        prop_assert_eq!(pattern.lines_of(text.as_bytes()), alone(&pattern, &text));
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
