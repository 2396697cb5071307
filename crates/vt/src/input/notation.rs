//! Keys as people write them, both ways. Two notations, mixed at will: words between spaces, as for
//! tmux (`C-c Up M-x S-F5 a`), and text with keys in angle brackets (`<C-b>%ls<ret>`). A space is
//! always a separator; the key is written `Space` or `<space>`.

use std::fmt;
use std::str::FromStr;

use super::names::{MODIFIERS, key_named, name_of, nearest_key, nearest_modifier, split_modifier};
use super::{Key, KeyEvent, KeypadKey, Modifiers};

#[cfg(test)]
mod tests;

/// How much of a bad word an error repeats, in characters.
const TOKEN_MAX: usize = 40;

/// Why a written key could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// No key has this name.
    UnknownKey { token: String, nearest: Option<&'static str> },
    /// What stands before `-` or `+` is no modifier.
    UnknownModifier { token: String, nearest: Option<&'static str> },
    /// A `<` without its `>`.
    Unclosed { token: String },
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nearest = match self {
            Self::UnknownKey { token, nearest } => {
                write!(f, "unknown key `{token}`")?;
                nearest
            }
            Self::UnknownModifier { token, nearest } => {
                write!(f, "unknown modifier in `{token}`")?;
                nearest
            }
            Self::Unclosed { token } => {
                return write!(f, "`<` is not closed in `{token}` (the key itself is `<lt>`)");
            }
        };
        match nearest {
            Some(nearest) => write!(f, ", the nearest is `{nearest}`"),
            None => f.write_str(", text is written with a key in brackets, as in `ls<Enter>`"),
        }
    }
}

impl std::error::Error for KeyError {}

/// Reads a sequence of keys.
///
/// A word that is a key is that key; any other word must have a key in angle brackets, and then the
/// rest of it is text. So a misspelt name is an error, and is never typed.
pub fn parse_keys(text: &str) -> Result<Vec<KeyEvent>, KeyError> {
    let mut keys = Vec::new();
    for word in text.split_ascii_whitespace() {
        match word.parse() {
            Ok(key) => keys.push(key),
            Err(_) if word.contains('<') => read_inline(word, &mut keys)?,
            Err(error) => return Err(error),
        }
    }
    Ok(keys)
}

/// Writes keys so that [`parse_keys`] reads them back: words between spaces.
pub fn display_keys(keys: &[KeyEvent]) -> String {
    keys.iter().map(KeyEvent::to_string).collect::<Vec<_>>().join(" ")
}

/// Writes key and modifiers. Locks, the kind and what the terminal told beyond are not written.
impl fmt::Display for KeyEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, modifier) in MODIFIERS {
            if self.modifiers.contains(*modifier) {
                f.write_str(name)?;
            }
        }
        if let Some(name) = name_of(self.key) {
            return f.write_str(name);
        }
        match self.key {
            Key::Char(char) if char.is_control() || char.is_whitespace() => {
                write!(f, "U+{:04X}", u32::from(char))
            }
            Key::Char(char) => write!(f, "{char}"),
            Key::F(number) => write!(f, "F{number}"),
            Key::Keypad(KeypadKey::Digit(digit)) => write!(f, "KP{digit}"),
            other => write!(f, "K{}", other.kitty_code()),
        }
    }
}

/// Reads one key as a word: `C-x`, `Ctrl+x`, `^X`, `F5`, `%`, `U+00A0`.
impl FromStr for KeyEvent {
    type Err = KeyError;

    fn from_str(word: &str) -> Result<Self, KeyError> {
        let mut modifiers = Modifiers::empty();
        let mut rest = word;
        while single_char(rest).is_none()
            && key_named(rest).is_none()
            && let Some((modifier, after)) = split_modifier(rest)
        {
            modifiers |= modifier;
            rest = after;
        }
        if let Some(char) = single_char(rest) {
            return Ok(Self::new(Key::Char(char), modifiers));
        }
        if let Some(key) = key_named(rest) {
            return Ok(Self::new(key, modifiers));
        }
        if rest.eq_ignore_ascii_case("BTab") {
            return Ok(Self::new(Key::Tab, modifiers | Modifiers::SHIFT));
        }
        if let Some(char) = rest.strip_prefix('^').and_then(single_char) {
            let char = char.to_ascii_lowercase();
            return Ok(Self::new(Key::Char(char), modifiers | Modifiers::CTRL));
        }
        Err(unknown(word, rest))
    }
}

/// Text with keys in angle brackets.
fn read_inline(word: &str, keys: &mut Vec<KeyEvent>) -> Result<(), KeyError> {
    let mut rest = word;
    while let Some(char) = rest.chars().next() {
        rest = &rest[char.len_utf8()..];
        if char != '<' {
            keys.push(KeyEvent::char(char));
            continue;
        }
        let Some((key, after)) = rest.split_once('>') else {
            return Err(KeyError::Unclosed { token: token(word) });
        };
        match (key.parse(), after.strip_prefix('>')) {
            (Ok(key), _) => {
                keys.push(key);
                rest = after;
            }
            // `<C->>`, where the first `>` is the key itself.
            (Err(error), Some(after)) => {
                let longer = rest.get(..=key.len()).unwrap_or_default();
                keys.push(longer.parse().or(Err(error))?);
                rest = after;
            }
            (Err(error), None) => return Err(error),
        }
    }
    Ok(())
}

fn single_char(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

fn unknown(word: &str, rest: &str) -> KeyError {
    let token = token(word);
    match rest.split_once(['-', '+']) {
        Some((modifier, key)) if !modifier.is_empty() && !key.is_empty() => {
            KeyError::UnknownModifier { token, nearest: nearest_modifier(modifier) }
        }
        _ => KeyError::UnknownKey { token, nearest: nearest_key(rest) },
    }
}

fn token(word: &str) -> String {
    let mut token: String = word.chars().take(TOKEN_MAX).collect();
    if token.len() < word.len() {
        token.push('…');
    }
    token
}
