//! Names that people give to sessions, tabs and hosts, and how foreign text is shown. Owns the rule
//! of what a name may be and the escaping; which names are taken is the house's affair.

use std::borrow::Cow;
use std::fmt::Write as _;

use ccc_proto::limits;

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
pub fn check_name(of: NameOf, name: &str) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if name.len() > limits::NAME {
        return Err(NameError::TooLong { length: name.len(), cap: limits::NAME });
    }
    if let Some(char) = name.chars().find(|char| is_hidden(*char)) {
        return Err(NameError::Invisible(escape(char.encode_utf8(&mut [0; 4])).into_owned()));
    }
    if name.trim() != name {
        return Err(NameError::Space);
    }
    if has_id_form(name) {
        return Err(NameError::Id(name.into()));
    }
    if of == NameOf::Tab && name.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NameError::Number(name.into()));
    }
    Ok(())
}

/// Whether the text looks like the id of anything: one of the letters of ids and digits, be they
/// too large for an id or not.
fn has_id_form(text: &str) -> bool {
    let digits = text.strip_prefix(['s', 't', 'p', 'c', 'a']);
    digits.is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Foreign text for one line of a terminal: control characters, C1, line breaks and the characters
/// that turn the direction of text are written out as `\n` or `\u{202e}`.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for char in text.chars() {
        match char {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            hidden if is_hidden(hidden) => {
                // Writing into a string cannot fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(hidden));
            }
            shown => out.push(shown),
        }
    }
    Cow::Owned(out)
}

/// Characters that move the cursor, break the line or turn the direction of what follows: C0, DEL
/// and C1; line and paragraph separator; the marks, embeddings, overrides and isolates of UAX 9.
const fn is_hidden(char: char) -> bool {
    matches!(char,
        '\0'..='\x1f' | '\x7f'..='\u{9f}'
        | '\u{61c}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}' | '\u{2029}'
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;
