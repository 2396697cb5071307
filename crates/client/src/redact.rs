//! Secrets in what leaves the house: finds that are listed, recordings that are written, texts that are copied.
//! Owns what counts as one and that it is hidden column by column, so that what is around it stays in its place.
//! Nothing that is kept is changed by it, and where it is asked for is the caller's affair.
//!
//! Forms that are well known stand as data in `redact/patterns.txt`; people add expressions of their own. Looking for
//! one in a line takes time that grows with the line alone, and is done a bounded number of times.

mod form;
mod found;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, LazyLock, OnceLock};

use ccc_vt::char_width;
use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

pub use form::RedactForm;

const PATTERNS: &str = include_str!("redact/patterns.txt");
/// Rules of a person's own.
const MOST_RULES: usize = 100;
/// Memory of one compiled expression: what is larger is refused.
const SIZE: usize = 1024 * 1024;
/// The same of all together.
const SIZE_OF_ALL: usize = 32 * 1024 * 1024;
/// The most lines of a block that hides all, blank ones not counted: a key of 16,384 bits has two hundred.
const BLOCK: u32 = 256;
/// Finds of one rule in a line. Behind so many the rest of it is hidden unseen: there are expressions that look at all
/// of it for every find.
const FINDS: usize = 1024;
/// The whole of a private key, between the lines that say so.
const PRIVATE_KEY: &str = "private-key";
/// What stands in the place of each column.
const HIDDEN: char = '*';

/// Why a rule is none.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RedactError {
    #[error("{0}")]
    Bad(String),
    #[error("an expression that matches the empty text hides nothing")]
    Empty,
    #[error("there are more than {MOST_RULES} rules")]
    Many,
    #[error("no rule is called `{name}`{}", nearest.as_ref().map(|known| format!(", the nearest is `{known}`")).unwrap_or_default())]
    Unknown { name: String, nearest: Option<String> },
}

#[derive(Debug)]
struct Rules {
    sources: Vec<String>,
    /// Made when a text is looked at. Most clients never look at one, and it takes as long as attaching.
    compiled: OnceLock<Compiled>,
    /// Private keys are hidden.
    keys: bool,
}

#[derive(Debug)]
struct Compiled {
    /// Whether any of them is in a text at all.
    any: RegexSet,
    each: Vec<Regex>,
}

impl Rules {
    fn compiled(&self) -> &Compiled {
        // A test compiles the table; if it were wrong all the same, nothing would be known by its form.
        let nothing = |_broken| Compiled { any: RegexSet::empty(), each: Vec::new() };
        self.compiled.get_or_init(|| Compiled::of(&self.sources).unwrap_or_else(nothing))
    }
}

impl Compiled {
    fn of(sources: &[String]) -> Result<Self, RedactError> {
        let each: Result<Vec<Regex>, _> = sources.iter().map(|source| compiled(source)).collect();
        let any = RegexSetBuilder::new(sources).size_limit(SIZE_OF_ALL).build();
        let any = any.map_err(|error| RedactError::Bad(error.to_string()))?;
        Ok(Self { any, each: each? })
    }
}

/// The rules by which secrets are known. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Redactor(Arc<Rules>);

impl Default for Redactor {
    fn default() -> Self {
        static STANDARD: LazyLock<Redactor> = LazyLock::new(|| {
            Redactor(Arc::new(Rules {
                sources: standard(&[]).collect(),
                compiled: OnceLock::new(),
                keys: true,
            }))
        });
        STANDARD.clone()
    }
}

impl Redactor {
    /// The names of the rules there are without anybody's adding one.
    pub fn names() -> impl Iterator<Item = &'static str> + Clone {
        table().map(|(name, _)| name).chain([PRIVATE_KEY])
    }

    /// The well-known forms, but for those that are named, and a person's own expressions.
    ///
    /// # Errors
    /// An expression is none or too large, or a name is nobody's.
    pub fn new(own: &[String], without: &[String]) -> Result<Self, RedactError> {
        if own.len() > MOST_RULES {
            return Err(RedactError::Many);
        }
        for name in without {
            if !Self::names().any(|known| known == name) {
                let nearest = ccc_vt::input::nearest_name(name, Self::names());
                let nearest = nearest.map(str::to_owned);
                return Err(RedactError::Unknown { name: name.clone(), nearest });
            }
        }
        let mut sources: Vec<String> = standard(without).collect();
        for source in own {
            check(source)?;
            sources.push(source.clone());
        }
        let compiled = OnceLock::new();
        if !own.is_empty() {
            // Each may be good, and all of them together too large.
            let _first = compiled.set(Compiled::of(&sources)?);
        }
        let keys = without.iter().all(|left_out| left_out != PRIVATE_KEY);
        Ok(Self(Arc::new(Rules { sources, compiled, keys })))
    }

    /// For lines that follow each other.
    #[must_use]
    pub fn lines(&self) -> RedactLines {
        RedactLines { rules: self.clone(), block: 0, hidden: 0 }
    }

    /// A text of any number of lines.
    #[must_use]
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut lines = self.lines();
        let mut masked = String::new();
        let mut changed = false;
        for line in text.split_inclusive('\n') {
            let (words, end) = match line.strip_suffix('\n') {
                Some(words) => (words, "\n"),
                None => (line, ""),
            };
            let words = lines.mask(words);
            changed |= matches!(words, Cow::Owned(_));
            masked.push_str(&words);
            masked.push_str(end);
        }
        if changed { Cow::Owned(masked) } else { Cow::Borrowed(text) }
    }
}

/// Whether a text is an expression that can be a rule.
///
/// # Errors
/// Why it cannot.
pub fn check(source: &str) -> Result<(), RedactError> {
    if compiled(source)?.is_match("") { Err(RedactError::Empty) } else { Ok(()) }
}

fn compiled(source: &str) -> Result<Regex, RedactError> {
    let built = RegexBuilder::new(source).size_limit(SIZE).build();
    built.map_err(|error| RedactError::Bad(error.to_string()))
}

/// The expressions of the well-known forms, but for those that are named.
fn standard(without: &[String]) -> impl Iterator<Item = String> {
    let wanted = table().filter(|(name, _)| without.iter().all(|left_out| left_out != name));
    wanted.map(|(_, source)| source.replace(r"\b", r"(?-u:\b)"))
}

fn table() -> impl Iterator<Item = (&'static str, &'static str)> + Clone {
    let lines = PATTERNS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(": "))
}

/// Secrets in lines that follow each other, some of which only their neighbours give away.
#[derive(Clone, Debug)]
pub struct RedactLines {
    rules: Redactor,
    /// Lines of a block that may still come; 0 outside.
    block: u32,
    hidden: u64,
}

impl RedactLines {
    /// How many were found so far.
    #[must_use]
    pub const fn hidden(&self) -> u64 {
        self.hidden
    }

    /// Where secrets stand in the next line, in bytes; ascending and apart.
    pub fn find(&mut self, line: &str) -> Vec<Range<usize>> {
        let rules = &*self.rules.0;
        let mut found = Vec::new();
        if rules.keys {
            let begins = line.find("-----BEGIN ").filter(|_| line.contains("PRIVATE KEY"));
            let ends = line.find("-----END ").filter(|_| line.contains("PRIVATE KEY"));
            match (begins, ends) {
                // All of it, as where it was put into a variable.
                (Some(from), Some(to)) if from < to => {
                    found.push(from + name(&line[from..to])..to);
                    self.hidden += 1;
                    self.block = 0;
                }
                (Some(from), _) => {
                    // A line that was cut, or that a program wraps, has some of it behind its name.
                    let from = from + name(&line[from..]);
                    found.extend(words(line).filter(|word| word.end > from).map(|word| {
                        let Range { start, end } = word;
                        start.max(from)..end
                    }));
                    self.block = BLOCK;
                    self.hidden += 1;
                }
                (None, Some(to)) => {
                    if self.block > 0 && !line[..to].trim().is_empty() {
                        found.push(0..to);
                    }
                    self.block = 0;
                }
                (None, None) if self.block > 0 => {
                    self.block -= u32::from(!line.trim().is_empty());
                    found.extend(words(line));
                    return found;
                }
                (None, None) => {}
            }
        }
        let Compiled { any, each } = rules.compiled();
        if any.is_match(line) {
            for at in any.matches(line) {
                let Some(rule) = each.get(at) else { continue };
                for (count, caught) in rule.captures_iter(line).enumerate() {
                    if count == FINDS {
                        found.extend(caught.get(0).map(|part| part.start()..line.len()));
                        break;
                    }
                    let part = caught.get(1).or_else(|| caught.get(0));
                    found.extend(part.map(|part| part.range()).filter(|part| !part.is_empty()));
                    self.hidden += 1;
                }
            }
        }
        united(found)
    }

    /// The next line with its secrets hidden.
    pub fn mask<'a>(&mut self, line: &'a str) -> Cow<'a, str> {
        let found = self.find(line);
        mask(line, &found)
    }
}

/// A text of which these stretches, ascending and apart, are hidden column by column.
#[must_use]
pub fn mask<'a>(text: &'a str, found: &[Range<usize>]) -> Cow<'a, str> {
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for part in found {
        let (Some(before), Some(secret)) = (text.get(at..part.start), text.get(part.clone()))
        else {
            continue;
        };
        masked.push_str(before);
        secret.chars().for_each(|c| hide(c, &mut masked));
        at = part.end;
    }
    masked.push_str(text.get(at..).unwrap_or_default());
    Cow::Owned(masked)
}

/// One letter as what hides it: as many columns.
fn hide(c: char, out: &mut String) {
    if c.is_whitespace() {
        out.push(c);
        return;
    }
    out.extend(std::iter::repeat_n(HIDDEN, usize::from(char_width(c))));
}

/// How long the first line of a key is, up to its secret.
fn name(line: &str) -> usize {
    let ends = ["KEY-----", "KEY"].into_iter().find_map(|end| Some(line.find(end)? + end.len()));
    ends.unwrap_or(0)
}

/// The words of a line.
fn words(line: &str) -> impl Iterator<Item = Range<usize>> {
    line.split_whitespace().map(|word| {
        let from = word.as_ptr().addr() - line.as_ptr().addr();
        from..from + word.len()
    })
}

/// The same stretches, ascending and apart.
fn united(mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.sort_by_key(|part| part.start);
    let mut apart: Vec<Range<usize>> = Vec::new();
    for part in found {
        match apart.last_mut() {
            Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
            _ => apart.push(part),
        }
    }
    apart
}

#[cfg(test)]
mod tests;
