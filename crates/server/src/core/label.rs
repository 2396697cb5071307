//! Names that people give to sessions, tabs and hosts, and how foreign text is shown. Owns the rule
//! of what a name may be and the escaping; which names are taken is the house's affair.

use std::borrow::Cow;

/// What a name is for; tabs have numbers, so that theirs may not be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameOf {
    Session,
    Tab,
}

/// Why a name is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("a name needs at least one character")]
    Empty,
    #[error("a name of {length} bytes is longer than {cap}")]
    TooLong { length: usize, cap: usize },
    #[error("{0:?} has the form of an id, which names something else")]
    Id(String),
    #[error("{0:?} is a number, and tabs have numbers already")]
    Number(String),
    #[error("a name cannot hold {0}, which does not show")]
    Invisible(String),
    #[error("a name cannot begin or end with a space")]
    Space,
}

/// Whether `name` may be given.
///
/// # Errors
/// It is empty, too long, looks like an id, or holds what cannot be shown.
pub fn check_name(_of: NameOf, _name: &str) -> Result<(), NameError> {
    todo!()
}

/// Foreign text for one line of a terminal: control characters, C1, line breaks and the characters
/// that turn the direction of text are written out as `\n` or `\u{202e}`.
#[must_use]
pub fn escape(_text: &str) -> Cow<'_, str> {
    todo!()
}
