//! Keys that take the place of others: a server's, which the old key vouches for, and a client's. Owns the
//! bodies and what is signed.

use bincode::{Decode, Encode};

use crate::Ext;

/// What a statement about a server's key is signed behind.
pub const SERVER_KEY: &[u8] = b"ccc-server-key-v1\0";
/// What a client signs with its new key, with what the connection exports behind it.
pub const CLIENT_KEY: &[u8] = b"ccc-client-key-v1\0";
/// The label of what the connection exports for that.
pub const CLIENT_KEY_EXPORT: &[u8] = b"EXPORTER-ccc-key-v1";
/// Keys that one server has had: more are not told.
pub const MOST_STATEMENTS: usize = 64;

/// Asks for the keys that the server has had. On a pairing connection it is asked by whoever found another
/// key than it expected, of a server whose key it does not know yet. Answered by [`KeyChain`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct AskKeys {
    pub ext: Ext,
}

/// How the server's key became what it is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct KeyChain {
    /// Oldest first; each one's new key is the next one's old.
    pub statements: Vec<KeyStatement>,
    pub ext: Ext,
}

/// A key vouches for the one that takes its place, and that one agrees. What both sign is
/// `ccc-server-key-v1`, a byte 0, the old key, the new one, and the two numbers as eight bytes each, little
/// endian.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct KeyStatement {
    /// Counts up.
    pub serial: u64,
    /// The old key, in the form of the hand-shake.
    pub old: Vec<u8>,
    /// The new key, in the form of the hand-shake.
    pub new: Vec<u8>,
    /// Since when, milliseconds since 1970.
    pub since_unix_ms: u64,
    /// The old key's signature.
    pub by_old: Vec<u8>,
    /// The new key's signature.
    pub by_new: Vec<u8>,
}

impl KeyStatement {
    /// What is signed.
    pub fn signed(&self) -> Vec<u8> {
        let (serial, since) = (self.serial.to_le_bytes(), self.since_unix_ms.to_le_bytes());
        [SERVER_KEY, &self.old, &self.new, &serial, &since].concat()
    }
}

/// Enrols another key of the asker's. From when it first comes, its other keys are good for a day more. Answered by [`crate::Done`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct AddKey {
    /// The new key, in the form of the hand-shake.
    pub key: Vec<u8>,
    /// Its signature over `ccc-client-key-v1`, a byte 0, and what the connection exports under the label
    /// `EXPORTER-ccc-key-v1` with the key as the context.
    pub proof: Vec<u8>,
    pub ext: Ext,
}

/// Gives the server another key; it is started again with it. Answered by [`Rekeyed`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Rekey {
    /// The old key may be in other hands: nothing vouches for the new one, and everybody has to pair again.
    pub compromised: bool,
    pub ext: Ext,
}

/// The server's new key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Rekeyed {
    /// Its id.
    pub server: String,
    pub ext: Ext,
}
