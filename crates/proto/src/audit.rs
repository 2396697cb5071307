//! What was decided about rights, as the server wrote it down: entries in a chain, and checkpoints that the
//! server signed. Owns the bodies and their bytes, which are what is hashed and signed; keeping and
//! checking them is done elsewhere.

use bincode::{Decode, Encode};

use crate::Ext;

/// What an entry's bytes are hashed behind, so that its hash is of nothing else.
pub const AUDIT_ENTRY: &[u8] = b"ccc-audit-entry-v1\0";
/// What a checkpoint's number and head are signed behind.
pub const AUDIT_CHECKPOINT: &[u8] = b"ccc-audit-checkpoint-v1\0";

/// Asks for the audit. Answered by [`AuditPage`]s.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct AuditRequest {
    /// Only what comes after the entry of this number; 0 for all that is kept.
    pub after: u64,
    pub ext: Ext,
}

/// A part of the audit, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct AuditPage {
    /// As they stand on the server's disk.
    pub records: Vec<AuditRecord>,
    /// Whether another page follows.
    pub more: bool,
    pub ext: Ext,
}

/// One record of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct AuditRecord {
    /// 1: the body is an [`AuditEntry`]; 2: an [`AuditCheckpoint`]. Others are stepped over.
    pub kind: u16,
    /// In the encoding of section 3.
    pub body: Vec<u8>,
}

/// One decision. Its hash is SHA-256 over `ccc-audit-entry-v1`, a byte 0, and its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct AuditEntry {
    /// Counts up by one.
    pub seq: u64,
    /// The hash of the entry before; of the first one there ever was, 32 bytes 0.
    pub before: Vec<u8>,
    pub unix_ms: u64,
    /// Whose doing it was: an id; empty for the server itself.
    pub principal: String,
    /// What that one was called then, a label.
    pub name: String,
    /// Where it came from; empty where that means nothing.
    pub from: String,
    /// A stable word, such as `revoke`.
    pub what: String,
    /// Upon whom or what.
    pub about: String,
    /// More, for people.
    pub detail: String,
    /// Whether it was allowed.
    pub allowed: bool,
    pub ext: Ext,
}

/// The server's word that the audit stood so. The signature is over `ccc-audit-checkpoint-v1`, a byte 0, the
/// number as eight bytes, little endian, the head, and the time as the number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct AuditCheckpoint {
    /// The last entry that it covers.
    pub seq: u64,
    /// The hash of that entry.
    pub head: Vec<u8>,
    pub unix_ms: u64,
    /// The server's key, in the form of the hand-shake.
    pub key: Vec<u8>,
    /// Ed25519.
    pub signature: Vec<u8>,
    pub ext: Ext,
}

/// The bytes of a record of the audit are not what its kind says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a record of the audit does not read")]
pub struct AuditRecordError;

impl AuditRecord {
    pub const ENTRY: u16 = 1;
    pub const CHECKPOINT: u16 = 2;

    /// The entry, if it is one.
    ///
    /// # Errors
    /// The bytes are no entry.
    pub fn entry(&self) -> Result<Option<AuditEntry>, AuditRecordError> {
        if self.kind == Self::ENTRY { read(&self.body).map(Some) } else { Ok(None) }
    }

    /// The checkpoint, if it is one.
    ///
    /// # Errors
    /// The bytes are no checkpoint.
    pub fn checkpoint(&self) -> Result<Option<AuditCheckpoint>, AuditRecordError> {
        if self.kind == Self::CHECKPOINT { read(&self.body).map(Some) } else { Ok(None) }
    }
}

impl AuditEntry {
    /// The record of this entry.
    pub fn record(&self) -> AuditRecord {
        AuditRecord { kind: AuditRecord::ENTRY, body: write(self) }
    }
}

impl AuditCheckpoint {
    /// The record of this checkpoint.
    pub fn record(&self) -> AuditRecord {
        AuditRecord { kind: AuditRecord::CHECKPOINT, body: write(self) }
    }

    /// What is signed.
    pub fn signed(&self) -> Vec<u8> {
        let (seq, at) = (self.seq.to_le_bytes(), self.unix_ms.to_le_bytes());
        [AUDIT_CHECKPOINT, &seq, &self.head, &at].concat()
    }
}

fn write(body: &impl Encode) -> Vec<u8> {
    // Structs of numbers, texts and bytes always encode.
    bincode::encode_to_vec(body, bincode::config::standard()).unwrap_or_default()
}

fn read<T: Decode<()>>(bytes: &[u8]) -> Result<T, AuditRecordError> {
    const MEMORY: usize = 4 * 1024 * 1024;
    let config = bincode::config::standard().with_limit::<MEMORY>();
    match bincode::decode_from_slice(bytes, config) {
        Ok((body, used)) if used == bytes.len() => Ok(body),
        _ => Err(AuditRecordError),
    }
}
