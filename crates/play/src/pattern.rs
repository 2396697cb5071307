//! What is searched for, and what a text must have in it to be worth reading. Owns the choice of case.

mod runs;
mod skim;

use ccc_journal::Wanted;
use memchr::{memchr, memchr_iter, memrchr};
use regex::{Regex, RegexBuilder};
use regex_automata::{Input, meta};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{
    Class, ClassBytes, ClassBytesRange, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look,
};

use runs::Runs;
use skim::Skim;

/// Memory of a compiled expression: what is larger is refused.
const SIZE: usize = 4 * 1024 * 1024;
/// Nesting of an expression.
const NEST: u32 = 100;
/// Texts that are looked for at once.
const TEXTS: usize = 64;
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
    /// The same for many lines at once. `None` where it is only tried on one line at a time: it asks where a
    /// text begins or ends, or takes line feeds.
    many: Option<Many>,
    /// What every line has that matches.
    wanted: Wanted,
}

/// An expression that takes no line feed.
#[derive(Clone, Debug)]
struct Many {
    regex: meta::Regex,
    /// What matches more, for text beyond ASCII, where the ends of words are slow to find.
    more: Option<meta::Regex>,
    /// Finds lines that may match, where that is faster.
    skim: Option<Skim>,
    /// Bytes that may be in a match.
    inside: Box<[bool; 256]>,
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
        let by_line = looks.contains(Look::Start) || looks.contains(Look::End);
        let runs = Runs::of(&hir);
        // No line has a feed, so that an expression that takes none finds the same.
        let many = (!by_line).then(|| without_feeds(hir)).flatten();
        let many = many.and_then(|hir| Many::of(&hir, &runs, insensitive));
        Ok(Self { regex, many, wanted: runs.wanted() })
    }

    /// What every line has that matches, for a file of lines to be asked.
    #[must_use]
    pub fn wanted(&self) -> &Wanted {
        &self.wanted
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

    /// The lines of a text that match, by their numbers in it, ascending. Of bytes that are no UTF-8 it may say
    /// anything.
    #[must_use]
    pub fn lines_of(&self, text: &[u8]) -> Vec<usize> {
        let mut found = Vec::new();
        let Some(many) = &self.many else {
            // Whoever takes a line of what is no text finds that it is none.
            let Ok(text) = std::str::from_utf8(text) else { return vec![0] };
            let lines = text.split('\n').enumerate();
            found.extend(lines.filter(|(_, line)| self.is_in(line)).map(|(number, _)| number));
            return found;
        };
        let more = many.more.as_ref().filter(|_| !text.is_ascii());
        let mut skimming = many.skim.as_ref().map(Skim::begin);
        let (mut at, mut counted, mut number) = (0, 0, 0);
        while at <= text.len() {
            // A place in a line that may match, and whether it does: what is skimmed is no match yet.
            let (hit, sure) = match &mut skimming {
                Some(skimming) if skimming.pays() => (skimming.next(text, at), false),
                _ => {
                    let input = Input::new(text).span(at..text.len()).earliest(true);
                    let hit = more.unwrap_or(&many.regex).search_half(&input);
                    (hit.map(|hit| hit.offset()), more.is_none())
                }
            };
            let Some(hit) = hit else { break };
            if !sure {
                let (start, end) = many.around(text, at, hit);
                if !many.regex.is_match(Input::new(text).span(start..end)) {
                    at = end + 1;
                    continue;
                }
            }
            let start =
                memrchr(b'\n', &text[counted..hit]).map_or(counted, |feed| counted + feed + 1);
            let end = memchr(b'\n', &text[hit..]).map_or(text.len(), |feed| hit + feed);
            number += memchr_iter(b'\n', &text[counted..start]).count();
            counted = start;
            found.push(number);
            at = end + 1;
        }
        found
    }
}

impl Many {
    fn of(hir: &Hir, runs: &Runs, insensitive: bool) -> Option<Self> {
        let config = meta::Config::new().nfa_size_limit(Some(SIZE)).hybrid_cache_capacity(SIZE);
        let build =
            |hir: &Hir, config| meta::Regex::builder().configure(config).build_from_hir(hir).ok();
        // What the library looks for first is used where those are some texts; a set of bytes, of which lines are
        // full, only costs.
        let quick = |hir: &Hir| {
            let found = build(hir, config.clone());
            let found = found.filter(|regex| regex.is_accelerated() || begins_with_text(hir));
            let plain = || build(hir, config.clone().auto_prefilter(false));
            found.map(|regex| (regex, true)).or_else(|| Some((plain()?, false)))
        };
        let (regex, is_quick) = quick(hir)?;
        let words = hir.properties().look_set().contains_word_unicode();
        let more = words.then(|| quick(&without_looks(hir.clone()))).flatten();
        // A text without case is found quickest by the library itself.
        let skim = if is_quick && !insensitive { None } else { Skim::of(runs, is_quick) };
        let mut inside = Box::new([false; 256]);
        add_bytes(hir, &mut inside);
        Some(Self { regex, more: more.map(|(regex, _)| regex), skim, inside })
    }

    /// What a match that has the byte at `hit` in it, or ends there, lies in; not before `from`. No line feed does.
    fn around(&self, text: &[u8], from: usize, hit: usize) -> (usize, usize) {
        let outside = |byte: &u8| !self.inside[usize::from(*byte)];
        let before = text[from..hit].iter().rposition(outside);
        let behind = text[hit..].iter().position(outside);
        (before.map_or(from, |at| from + at + 1), behind.map_or(text.len(), |at| hit + at))
    }
}

/// Adds the bytes that may be in a match.
fn add_bytes(hir: &Hir, bytes: &mut [bool; 256]) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => {
            literal.0.iter().for_each(|byte| bytes[usize::from(*byte)] = true);
        }
        HirKind::Class(Class::Unicode(class)) => {
            for range in class.iter() {
                let last = if range.end().is_ascii() { range.end() } else { '\u{ff}' };
                (range.start()..=last)
                    .filter_map(|c| u8::try_from(c).ok())
                    .for_each(|byte| bytes[usize::from(byte)] = true);
                // Any byte of a longer letter.
                if !range.end().is_ascii() {
                    bytes[0x80..].fill(true);
                }
            }
        }
        HirKind::Class(Class::Bytes(class)) => {
            for range in class.iter() {
                bytes[usize::from(range.start())..=usize::from(range.end())].fill(true);
            }
        }
        HirKind::Repetition(repetition) => add_bytes(&repetition.sub, bytes),
        HirKind::Capture(capture) => add_bytes(&capture.sub, bytes),
        HirKind::Concat(subs) | HirKind::Alternation(subs) => {
            subs.iter().for_each(|sub| add_bytes(sub, bytes));
        }
    }
}

/// Whether every match begins with one of a few texts.
fn begins_with_text(hir: &Hir) -> bool {
    let mut texts = Extractor::new().extract(hir);
    texts.optimize_for_prefix_by_preference();
    texts.len().is_some_and(|count| count <= TEXTS) && texts.min_literal_len() > Some(1)
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
        HirKind::Class(Class::Bytes(mut class)) => {
            class.difference(&ClassBytes::new([ClassBytesRange::new(b'\n', b'\n')]));
            Hir::class(Class::Bytes(class))
        }
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

/// An expression that asks nothing of what stands around a place, and so matches more.
fn without_looks(hir: Hir) -> Hir {
    let all = |subs: Vec<Hir>| subs.into_iter().map(without_looks).collect();
    match hir.into_kind() {
        HirKind::Empty | HirKind::Look(_) => Hir::empty(),
        HirKind::Literal(literal) => Hir::literal(literal.0),
        HirKind::Class(class) => Hir::class(class),
        HirKind::Repetition(mut repetition) => {
            repetition.sub = Box::new(without_looks(*repetition.sub));
            Hir::repetition(repetition)
        }
        HirKind::Capture(mut capture) => {
            capture.sub = Box::new(without_looks(*capture.sub));
            Hir::capture(capture)
        }
        HirKind::Concat(subs) => Hir::concat(all(subs)),
        HirKind::Alternation(subs) => Hir::alternation(all(subs)),
    }
}

#[cfg(test)]
mod tests;
