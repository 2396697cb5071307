//! What is said to people, in their language. Owns the catalogues (`words/*.toml`) of the full-screen client, the
//! choice of a language, and how values get into a text; the command line says its own texts by them. English
//! lines about actions stand beside the actions; every other text is in the catalogues.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::LazyLock;

use crate::keymap::Action;

static ENGLISH: LazyLock<Words> =
    LazyLock::new(|| Words::read(Language::English, include_str!("../words/en.toml")));
static KOREAN: LazyLock<Words> =
    LazyLock::new(|| Words::read(Language::Korean, include_str!("../words/ko.toml")));

/// A language that there is a catalogue for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    Korean,
}

impl Language {
    /// The names of all, as in the configuration.
    pub(crate) const NAMES: [&str; 2] = ["en", "ko"];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "en" => Some(Self::English),
            "ko" => Some(Self::Korean),
            _ => None,
        }
    }

    /// The language of the environment: the first of these variables that is set decides.
    pub(crate) fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name| variable(name).filter(|value| !value.is_empty());
        let locale = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG"));
        let locale = locale.unwrap_or_default();
        let language = locale.split(['_', '.', '@']).next().unwrap_or_default();
        Self::from_name(language).unwrap_or_default()
    }

    /// The language of this process's environment.
    #[must_use]
    pub fn of_environment() -> Self {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    pub(crate) fn words(self) -> &'static Words {
        match self {
            Self::English => &ENGLISH,
            Self::Korean => &KOREAN,
        }
    }
}

/// One catalogue.
#[derive(Debug)]
pub struct Words {
    language: Language,
    texts: HashMap<String, String>,
}

impl Words {
    /// The catalogues are read by a test, so that none is empty here.
    fn read(language: Language, text: &str) -> Self {
        Self::new(language, toml::from_str(text).unwrap_or_default())
    }

    /// A catalogue of these texts by their keys.
    #[must_use]
    pub const fn new(language: Language, texts: HashMap<String, String>) -> Self {
        Self { language, texts }
    }

    /// The text of a key, or the key where it has none. A test reads the sources and finds a key that has none.
    #[must_use]
    pub fn say<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.get(key).map_or(key, String::as_str)
    }

    /// The same with values in the place of its `{names}`.
    #[must_use]
    pub fn with(&self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        let mut rest = self.say(key);
        let mut text = String::new();
        // In one pass: a value may contain what looks like a name.
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                text.push('{');
                rest = after;
                continue;
            };
            match values.iter().find(|(known, _)| *known == name) {
                Some((_, value)) => text.push_str(&value.to_string()),
                None => text.push_str(name),
            }
            rest = after;
        }
        text.push_str(rest);
        text
    }

    /// One line about an action.
    pub(crate) fn doc(&self, action: Action) -> &str {
        match self.language {
            Language::English => action.doc(),
            Language::Korean => {
                let key = format!("action-{}", action.doc_name());
                self.texts.get(&key).map_or_else(|| action.doc(), String::as_str)
            }
        }
    }
}

#[cfg(test)]
mod tests;
