//! What errors say, in the language of who reads them. Libraries and servers tell in English what went wrong, with the
//! values in it: a text is known by the pattern that it fits, and one that fits none is told as it is.

mod pattern;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Display;
use std::sync::LazyLock;

use ccc_tui::{Language, Words};
use serde::Deserialize;

use super::language;
use pattern::Pattern;

/// The catalogue is read by a test, so that it is not empty here.
static KOREAN: LazyLock<Catalogue> = LazyLock::new(|| {
    let texts: Texts =
        toml::from_str(include_str!("../../words/ko-errors.toml")).unwrap_or_default();
    Catalogue { attempted: Told::new(texts.attempted), told: Told::new(texts.told) }
});

/// Values that are texts themselves, and are told in the same language.
const TEXTS: [&str; 5] = ["why", "what", "who", "how", "age"];

#[derive(Debug, Default, Deserialize)]
struct Texts {
    attempted: HashMap<String, String>,
    told: HashMap<String, String>,
}

#[derive(Debug)]
struct Catalogue {
    attempted: Told,
    told: Told,
}

/// What was attempted, such as `list sessions`; what are words of the command line stays.
pub(crate) fn attempted(english: &str) -> Cow<'_, str> {
    match language() {
        Language::English => Cow::Borrowed(english),
        Language::Korean => attempted_in_korean(english),
    }
}

/// The same in Korean, whoever reads it.
pub(super) fn attempted_in_korean(english: &str) -> Cow<'_, str> {
    KOREAN.attempted.korean(english)
}

/// Why something failed, what may be done about it, or what a server found.
pub(crate) fn told(english: &str) -> Cow<'_, str> {
    match language() {
        Language::English => Cow::Borrowed(english),
        Language::Korean => in_korean(english),
    }
}

/// The same in Korean, whoever reads it.
pub(super) fn in_korean(english: &str) -> Cow<'_, str> {
    KOREAN.told.korean(english)
}

/// Texts by what they are in English.
#[derive(Debug)]
struct Told {
    words: Words,
    /// Keys with values in them, the most telling first.
    patterns: Vec<Pattern>,
}

impl Told {
    fn new(texts: HashMap<String, String>) -> Self {
        let patterns = texts.keys().map(|key| Pattern::of(key));
        let mut patterns: Vec<_> = patterns.filter(Pattern::has_values).collect();
        patterns
            .sort_by_key(|pattern| (std::cmp::Reverse(pattern.told()), pattern.key().to_owned()));
        Self { words: Words::new(Language::Korean, texts), patterns }
    }

    fn korean<'a>(&'a self, english: &'a str) -> Cow<'a, str> {
        // What a server said that did not come up: its error, with causes and a hint on lines of their own.
        if english.contains('\n') {
            let lines: Vec<_> = english.lines().map(|line| self.korean(line)).collect();
            return Cow::Owned(lines.join("\n"));
        }
        let exact = self.words.say(english);
        if !std::ptr::eq(exact, english) {
            return Cow::Borrowed(exact);
        }
        let fits = |pattern: &'a Pattern| Some((pattern.key(), pattern.values_in(english)?));
        let Some((key, values)) = self.patterns.iter().find_map(fits) else {
            return Cow::Borrowed(english);
        };
        // A value is shorter than what it stands in, so this comes to an end.
        let values = values.into_iter().map(|(name, value)| {
            let is_text = TEXTS.contains(&name) && value.len() < english.len();
            (name, if is_text { self.korean(value) } else { Cow::Borrowed(value) })
        });
        let values: Vec<(&str, Cow<'_, str>)> = values.collect();
        let values: Vec<(&str, &dyn Display)> =
            values.iter().map(|(name, value)| (*name, value as &dyn Display)).collect();
        Cow::Owned(self.words.with(key, &values))
    }
}
