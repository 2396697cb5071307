//! What is searched for, and what a text must have in it to be worth reading. Owns the choice of case.

use ccc_journal::{Filter, fold_text, trigrams};
use regex::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look};

/// Memory of a compiled expression: what is larger is refused.
const SIZE: usize = 4 * 1024 * 1024;
/// Nesting of an expression.
const NEST: u32 = 100;
/// Trigrams that are asked for: more hardly rule out more.
const TRIGRAMS: usize = 32;
/// Bytes of a pattern.
const LONGEST: usize = 4096;

/// Whether capitals count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Case {
    /// Only if the pattern has some.
    #[default]
    Smart,
    Sensitive,
    Insensitive,
}

/// Why a pattern is none.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PatternError {
    #[error("the pattern is empty")]
    Empty,
    #[error("the pattern is longer than {LONGEST} bytes")]
    Long,
    #[error("{0}")]
    Bad(String),
}

/// A pattern that can be looked for.
#[derive(Clone, Debug)]
pub struct Pattern {
    regex: Regex,
    /// The same for many lines at once, where it is another one.
    many: Option<Regex>,
    /// All of them are in every line that matches, folded.
    trigrams: Vec<u32>,
    /// It is only tried on one line at a time: it asks where a text begins or ends, or takes line feeds.
    by_line: bool,
}

impl Pattern {
    /// A text as it is, or a regular expression. Either takes time that grows with what is searched only.
    ///
    /// # Errors
    /// If it is empty, too large, or no expression.
    pub fn new(text: &str, is_regex: bool, case: Case) -> Result<Self, PatternError> {
        if text.is_empty() {
            return Err(PatternError::Empty);
        }
        if text.len() > LONGEST {
            return Err(PatternError::Long);
        }
        let source = if is_regex { text.to_owned() } else { regex::escape(text) };
        let insensitive = match case {
            Case::Sensitive => false,
            Case::Insensitive => true,
            Case::Smart => !has_capitals(text, is_regex),
        };
        let bad = |error: String| PatternError::Bad(error);
        // Errors are those of the pattern as it was typed.
        let build = |source: &str, insensitive| {
            RegexBuilder::new(source)
                .case_insensitive(insensitive)
                .multi_line(true)
                .size_limit(SIZE)
                .dfa_size_limit(SIZE)
                .nest_limit(NEST)
                .build()
        };
        let regex = build(&source, insensitive).map_err(|error| bad(error.to_string()))?;
        let hir = ParserBuilder::new()
            .case_insensitive(insensitive)
            .multi_line(true)
            .nest_limit(NEST)
            .build()
            .parse(&source)
            .map_err(|error| bad(error.to_string()))?;
        let looks = hir.properties().look_set();
        let mut by_line = looks.contains(Look::Start) || looks.contains(Look::End);
        let mut many = None;
        if !by_line && takes_feeds(&hir) {
            // No line has one, so that one that takes none finds the same.
            many = without_feeds(hir.clone()).and_then(|hir| build(&hir.to_string(), false).ok());
            by_line = many.is_none();
        }
        let mut wanted = Wanted::default();
        wanted.walk(&hir);
        wanted.end_run();
        let mut trigrams = wanted.trigrams;
        trigrams.sort_unstable();
        trigrams.dedup();
        trigrams.truncate(TRIGRAMS);
        Ok(Self { regex, many, trigrams, by_line })
    }

    /// Whether a chunk with this filter may have a line that matches.
    #[must_use]
    pub fn may_be_in(&self, filter: &Filter) -> bool {
        self.trigrams.iter().all(|trigram| filter.may_hold(*trigram))
    }

    /// Whether a line matches.
    #[must_use]
    pub fn is_in(&self, line: &str) -> bool {
        self.regex.is_match(line)
    }

    /// Where in a line it matches, at most so many times.
    #[must_use]
    pub fn places(&self, line: &str, most: usize) -> Vec<(usize, usize)> {
        let found = self.regex.find_iter(line).take(most);
        found.map(|found| (found.start(), found.end())).collect()
    }

    /// The lines of a text that match, by their numbers in it, ascending.
    #[must_use]
    pub fn lines_of(&self, text: &str) -> Vec<usize> {
        let mut found = Vec::new();
        if self.by_line {
            let lines = text.split('\n').enumerate();
            found.extend(lines.filter(|(_, line)| self.is_in(line)).map(|(number, _)| number));
            return found;
        }
        let (mut at, mut counted, mut number) = (0, 0, 0);
        let regex = self.many.as_ref().unwrap_or(&self.regex);
        while let Some(hit) = regex.find_at(text, at) {
            let start = text[..hit.start()].rfind('\n').map_or(0, |feed| feed + 1);
            let end = text[hit.start()..].find('\n').map_or(text.len(), |feed| hit.start() + feed);
            number += feeds(&text.as_bytes()[counted..start]);
            counted = start;
            // Across a line's end it is no match.
            if hit.end() <= end || self.is_in(&text[start..end]) {
                found.push(number);
            }
            at = end + 1;
            if at > text.len() {
                break;
            }
        }
        found
    }
}

fn feeds(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count()
}

/// Capitals that stand for themselves.
fn has_capitals(text: &str, is_regex: bool) -> bool {
    let mut escaped = false;
    text.chars().any(|c| {
        let counts = c.is_uppercase() && !(is_regex && escaped);
        escaped = c == '\\' && !escaped;
        counts
    })
}

fn takes_feeds(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => false,
        HirKind::Literal(literal) => literal.0.contains(&b'\n'),
        HirKind::Class(Class::Unicode(class)) => {
            class.iter().any(|range| (range.start()..=range.end()).contains(&'\n'))
        }
        HirKind::Class(Class::Bytes(class)) => {
            class.iter().any(|range| (range.start()..=range.end()).contains(&b'\n'))
        }
        HirKind::Repetition(repetition) => takes_feeds(&repetition.sub),
        HirKind::Capture(capture) => takes_feeds(&capture.sub),
        HirKind::Concat(subs) | HirKind::Alternation(subs) => subs.iter().any(takes_feeds),
    }
}

/// The same expression with classes that take no line feed; `None` where one is wanted.
fn without_feeds(hir: Hir) -> Option<Hir> {
    Some(match hir.into_kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Look(look) => Hir::look(look),
        HirKind::Literal(literal) if literal.0.contains(&b'\n') => return None,
        HirKind::Literal(literal) => Hir::literal(literal.0),
        HirKind::Class(Class::Unicode(mut class)) => {
            let feed = ClassUnicodeRange::new('\n', '\n');
            class.difference(&ClassUnicode::new([feed]));
            Hir::class(Class::Unicode(class))
        }
        // Only an expression about bytes has these, and lines are text.
        HirKind::Class(Class::Bytes(_)) => return None,
        HirKind::Repetition(mut repetition) => {
            repetition.sub = Box::new(without_feeds(*repetition.sub)?);
            Hir::repetition(repetition)
        }
        HirKind::Capture(mut capture) => {
            capture.sub = Box::new(without_feeds(*capture.sub)?);
            Hir::capture(capture)
        }
        HirKind::Concat(subs) => {
            Hir::concat(subs.into_iter().map(without_feeds).collect::<Option<_>>()?)
        }
        HirKind::Alternation(subs) => {
            Hir::alternation(subs.into_iter().map(without_feeds).collect::<Option<_>>()?)
        }
    })
}

/// Collects the text that every match has in it.
#[derive(Debug, Default)]
struct Wanted {
    run: Vec<u8>,
    trigrams: Vec<u32>,
}

impl Wanted {
    fn end_run(&mut self) {
        self.trigrams.extend(trigrams(&std::mem::take(&mut self.run)));
    }

    fn walk(&mut self, hir: &Hir) {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
                Ok(text) => self.run.extend(fold_text(text)),
                Err(_) => self.end_run(),
            },
            // One letter in its cases.
            HirKind::Class(Class::Unicode(class)) => match one_letter(class) {
                Some(folded) => self.run.extend(folded),
                None => self.end_run(),
            },
            HirKind::Class(Class::Bytes(_)) | HirKind::Alternation(_) => self.end_run(),
            HirKind::Repetition(repetition) => {
                self.end_run();
                if repetition.min > 0 {
                    self.walk(&repetition.sub);
                    self.end_run();
                }
            }
            HirKind::Capture(capture) => self.walk(&capture.sub),
            HirKind::Concat(subs) => subs.iter().for_each(|sub| self.walk(sub)),
        }
    }
}

/// The letter that all of a small class fold to.
fn one_letter(class: &ClassUnicode) -> Option<Vec<u8>> {
    let mut folded: Option<Vec<u8>> = None;
    let mut count = 0;
    for range in class.iter() {
        for c in range.start()..=range.end() {
            count += 1;
            let this = fold_text(c.encode_utf8(&mut [0; 4]));
            if count > 4 || folded.as_ref().is_some_and(|known| *known != this) {
                return None;
            }
            folded = Some(this);
        }
    }
    folded
}

#[cfg(test)]
mod tests {
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

    proptest! {
        #[test]
        fn many_lines_at_once_are_each_line_alone(
            lines in prop::collection::vec("[ab k가]{0,6}", 0..12),
            expression in "[ab.k가]{1,3}|\\^[ab]|[ab]\\$|a\\[\\^b\\]k|\\(a\\|b\\)\\+k|a\\*",
        ) {
            let text = lines.join("\n");
            let pattern = pattern(&expression, true);
            let alone: Vec<usize> = text
                .split('\n')
                .enumerate()
                .filter(|(_, line)| pattern.is_in(line))
                .map(|(number, _)| number)
                .collect();
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
                        let folded: Vec<u32> = trigrams(&fold_text(&other)).collect();
                        prop_assert!(pattern.trigrams.iter().all(|t| folded.contains(t)));
                    }
                }
            }
        }
    }
}
