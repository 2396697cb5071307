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
