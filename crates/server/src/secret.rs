//! Secrets that are handed out once and kept as hashes. Owns their length, and where random bytes come from.

use crate::core::token::{Token, hash_of, lower};

/// Bytes of a link's secret: nobody guesses 128 bits.
const BYTES: usize = 16;
/// Bytes of an id, which is no secret.
const ID_BYTES: usize = 5;
/// Bytes of a token's secret.
const TOKEN_BYTES: usize = 32;

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

/// A token that was just made. Its text is told once and kept nowhere.
pub(crate) fn token() -> Token {
    Token::of(&random::<ID_BYTES>(), &random::<TOKEN_BYTES>())
}

/// An id for something that has a secret: a letter, then characters that mean nothing.
pub(crate) fn id(letter: &str) -> String {
    format!("{letter}-{}", lower(&random::<ID_BYTES>()))
}

pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Without random numbers there is no identity, no connection and nothing to go on with.
    getrandom::fill(&mut bytes).expect("the system gives random numbers");
    bytes
}
