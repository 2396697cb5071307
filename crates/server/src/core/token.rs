//! The text of a token: `ccc_t_<id>_<secret>_<checksum>`. Owns its form; what is random in one is made elsewhere,
//! and what it is worth the roster says.

use data_encoding::BASE32_NOPAD;
use sha2::{Digest, Sha256};

/// What tokens begin with, so that programs that look for secrets find them.
const TOKEN: &str = "ccc_t_";

/// A token as it is handed on.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    id: String,
    secret: String,
}

impl Token {
    /// One of these bytes.
    #[must_use]
    pub fn of(id: &[u8], secret: &[u8]) -> Self {
        Self { id: lower(id), secret: lower(secret) }
    }

    /// Reads a token; `None` for what is none, or was cut.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (rest, checksum) = text.trim().rsplit_once('_')?;
        if checksum != checksum_of(rest) {
            return None;
        }
        let (id, secret) = rest.strip_prefix(TOKEN)?.split_once('_')?;
        Some(Self { id: id.to_owned(), secret: secret.to_owned() })
    }

    /// By which it is listed and taken back.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What is handed on.
    #[must_use]
    pub fn text(&self) -> String {
        let rest = format!("{TOKEN}{}_{}", self.id, self.secret);
        let checksum = checksum_of(&rest);
        format!("{rest}_{checksum}")
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        hash_of(&self.secret)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What opens a door is not printed by accident.
        write!(f, "{TOKEN}{}_…", self.id)
    }
}

/// What is kept of a secret. Any text has one: one that is no secret of ours matches none.
#[must_use]
pub fn hash_of(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

/// Tells a token that was cut or mistyped from one that is wrong.
fn checksum_of(text: &str) -> String {
    lower(&Sha256::digest(text.as_bytes())[..4])
}

pub(crate) fn lower(bytes: &[u8]) -> String {
    BASE32_NOPAD.encode(bytes).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_as_it_was_written_and_not_when_it_was_cut() {
        let token = Token::of(&[7; 5], &[0x5a; 32]);
        let text = token.text();
        let read = Token::parse(&format!("{text}\n")).unwrap();
        assert_eq!((read.id(), read.hash()), (token.id(), token.hash()));
        for cut in 0..text.len() {
            assert!(Token::parse(&text[..cut]).is_none(), "{cut}");
        }
        assert!(Token::parse(&text.replacen('_', "-", 1)).is_none());
        assert_ne!(token.hash(), hash_of(&text));
        assert!(!format!("{token:?}").contains(&token.secret));
    }
}
