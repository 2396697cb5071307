//! Secrets that are handed out once and kept as hashes. Owns their text and their length.

use data_encoding::BASE32_NOPAD;
use sha2::{Digest, Sha256};

/// Bytes of a link's secret: nobody guesses 128 bits.
const BYTES: usize = 16;
/// Bytes of an id, which is no secret.
const ID_BYTES: usize = 5;

/// A secret that was just made. Its text is told once and kept nowhere.
pub(crate) struct Secret([u8; BYTES]);

impl Secret {
    pub(crate) fn new() -> Self {
        Self(random())
    }

    /// 26 characters that need no quoting anywhere.
    pub(crate) fn text(&self) -> String {
        lower(&self.0)
    }

    pub(crate) fn hash(&self) -> Vec<u8> {
        hash_of(&self.text())
    }
}

/// Bytes of a token's secret.
const TOKEN_BYTES: usize = 32;
/// What tokens begin with, so that programs that look for secrets find them.
const TOKEN: &str = "ccc_t_";

/// A token that was just made: `ccc_t_<id>_<secret>_<checksum>`.
pub(crate) struct Token {
    id: String,
    secret: String,
}

impl Token {
    pub(crate) fn new() -> Self {
        Self { id: lower(&random::<ID_BYTES>()), secret: lower(&random::<TOKEN_BYTES>()) }
    }

    /// Reads a token; `None` for what is none, or was cut.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (rest, checksum) = text.trim().rsplit_once('_')?;
        if checksum != checksum_of(rest) {
            return None;
        }
        let (id, secret) = rest.strip_prefix(TOKEN)?.split_once('_')?;
        Some(Self { id: id.to_owned(), secret: secret.to_owned() })
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn text(&self) -> String {
        let rest = format!("{TOKEN}{}_{}", self.id, self.secret);
        let checksum = checksum_of(&rest);
        format!("{rest}_{checksum}")
    }

    pub(crate) fn hash(&self) -> Vec<u8> {
        hash_of(&self.secret)
    }
}

/// Tells a token that was cut or mistyped from one that is wrong.
fn checksum_of(text: &str) -> String {
    lower(&Sha256::digest(text.as_bytes())[..4])
}

/// What is kept of a secret. Any text has one: one that is no secret of ours matches none.
pub(crate) fn hash_of(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

/// An id for something that has a secret: a letter, then characters that mean nothing.
pub(crate) fn id(letter: &str) -> String {
    format!("{letter}-{}", lower(&random::<ID_BYTES>()))
}

fn lower(bytes: &[u8]) -> String {
    BASE32_NOPAD.encode(bytes).to_ascii_lowercase()
}

pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Without random numbers there is no identity, no connection and nothing to go on with.
    getrandom::fill(&mut bytes).expect("the system gives random numbers");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_as_it_was_written_and_not_when_it_was_cut() {
        let token = Token::new();
        let text = token.text();
        let read = Token::parse(&format!("{text}\n")).unwrap();
        assert_eq!((read.id(), read.hash()), (token.id(), token.hash()));
        for cut in 0..text.len() {
            assert!(Token::parse(&text[..cut]).is_none(), "{cut}");
        }
        assert!(Token::parse(&text.replacen('_', "-", 1)).is_none());
        assert_ne!(token.hash(), hash_of(&text));
    }
}
