//! Public keys and the ids made of them. Owns their forms and their comparison; private keys live
//! in `identity`.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::{digest, signature};
use data_encoding::BASE32_NOPAD;

/// Bytes of an Ed25519 key in the form that the hand-shake carries (RFC 8410, SubjectPublicKeyInfo).
pub(crate) const SPKI_BYTES: usize = 44;

/// What precedes the 32 bytes of the key itself in that form.
const SPKI_PREFIX: [u8; 12] =
    [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Characters of an id as text: 256 bits at five each.
const ID_CHARACTERS: usize = 52;

/// The id of a server or a principal: SHA-256 over its public key.
///
/// As text it is 52 characters of base32 (RFC 4648, lower case, no padding). One id has exactly one
/// text, so that texts may be compared as well.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; 32]);

/// A text that is no key id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyIdError {
    #[error("a key id has {ID_CHARACTERS} characters, not {0}")]
    Length(usize),
    #[error("a key id has only the characters a to z and 2 to 7")]
    Character,
}

impl KeyId {
    /// The id of a key in SubjectPublicKeyInfo form.
    pub(crate) fn of_spki(spki: &[u8]) -> Self {
        let mut id = [0; 32];
        id.copy_from_slice(digest::digest(&digest::SHA256, spki).as_ref());
        Self(id)
    }

    /// An id from its 32 bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&BASE32_NOPAD.encode(&self.0).to_ascii_lowercase())
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

impl FromStr for KeyId {
    type Err = KeyIdError;

    fn from_str(text: &str) -> Result<Self, KeyIdError> {
        // A text that is too long may be a whole file: it is refused before anything is copied.
        if text.len() != ID_CHARACTERS {
            return Err(KeyIdError::Length(text.chars().count()));
        }
        if !text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7')) {
            return Err(KeyIdError::Character);
        }
        let bytes = BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes()).ok();
        // 52 characters hold four bits more than an id; the decoder refuses any but zeros there.
        let id = bytes.and_then(|bytes| bytes.try_into().ok()).ok_or(KeyIdError::Character)?;
        Ok(Self(id))
    }
}

/// The public key of the other end of a connection, which has proved that it holds the private one.
/// What that key may do is for the application to say.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PeerKey {
    id: KeyId,
    spki: [u8; SPKI_BYTES],
}

impl PeerKey {
    /// Reads the form that the hand-shake carries; `None` for anything that is no Ed25519 key.
    pub fn from_spki(spki: &[u8]) -> Option<Self> {
        let spki: [u8; SPKI_BYTES] = spki.try_into().ok()?;
        spki.starts_with(&SPKI_PREFIX).then(|| Self { id: KeyId::of_spki(&spki), spki })
    }

    /// The id made of the key.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// Whether the holder of this key signed that text.
    pub fn verify(&self, text: &[u8], signature: &[u8]) -> bool {
        let key = &self.spki[SPKI_PREFIX.len()..];
        signature::UnparsedPublicKey::new(&signature::ED25519, key).verify(text, signature).is_ok()
    }

    /// The key as the hand-shake carries it (SubjectPublicKeyInfo, 44 bytes).
    pub const fn spki(&self) -> &[u8] {
        &self.spki
    }
}

impl fmt::Debug for PeerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PeerKey({})", self.id)
    }
}

#[cfg(test)]
mod tests;
