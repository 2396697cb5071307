//! What is said to people at the shell, in their language. English stands where it is said, and is the key of its
//! text in the catalogues: `words/ko.toml` for what is said here, `ko-errors.toml` for errors, whose values stand in
//! them already, `ko-help.toml` for help. Owns the choice of the language. What programs read is never translated.

mod errors;
mod help;
mod usage;

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::{LazyLock, OnceLock};

use ccc_tui::{Language, Words};

pub(crate) use errors::{attempted, told};
pub(crate) use usage::end as end_of_usage;

use crate::context::home_from_env;

static CHOSEN: OnceLock<Language> = OnceLock::new();
/// Every English text is its own key.
static ENGLISH: LazyLock<Words> = LazyLock::new(|| Words::new(Language::English, HashMap::new()));
/// The catalogue is read by a test, so that it is not empty here.
static KOREAN: LazyLock<Words> = LazyLock::new(|| {
    let texts = toml::from_str(include_str!("../words/ko.toml"));
    Words::new(Language::Korean, texts.unwrap_or_default())
});

/// The language of this process: the configuration's, else the environment's. Asked for when something is said to
/// people, so that whoever prints for programs reads no configuration for it.
fn language() -> Language {
    *CHOSEN.get_or_init(|| match home_from_env() {
        Ok(home) => ccc_tui::language(&home.config_file()),
        Err(_) => Language::of_environment(),
    })
}

/// For a process that another one of ours listens to: it speaks English, and the other one tells people.
pub(crate) fn for_programs() {
    // Whoever said something before has chosen.
    let _chosen = CHOSEN.set(Language::English);
}

fn words() -> &'static Words {
    match language() {
        Language::English => &ENGLISH,
        Language::Korean => &KOREAN,
    }
}

/// A text in the language of who reads it. A test finds one that has no Korean line.
pub(crate) fn say(english: &'static str) -> &'static str {
    words().say(english)
}

/// The same with values in the place of its `{names}`.
pub(crate) fn with(english: &'static str, values: &[(&str, &dyn Display)]) -> String {
    words().with(english, values)
}

/// The word for one of a closed set, such as the state of a recording; one that has none is told as it is.
pub(crate) fn word(english: &str) -> String {
    words().say(english).to_owned()
}

#[cfg(test)]
mod tests;
