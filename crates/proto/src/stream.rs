//! Answers that come in pieces: recorded bytes and rendered text. Owns the pieces and their end.

use bincode::{Decode, Encode};

use crate::{Ext, WireExit};

/// Recorded bytes, exactly as the program printed them; in a copy, bytes of the file.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Chunk {
    /// Place of the first byte in the recording, where a jump means that bytes between are gone; or in
    /// the file, where there is none.
    pub offset: u64,
    /// At most [`crate::limits::CHUNK`].
    pub bytes: Vec<u8>,
}

/// The last piece was sent.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ChunkEnd {
    /// One past the last byte sent.
    pub offset: u64,
    /// How the program ended, when the answer waited for that.
    pub exit: WireExit,
    /// Bytes that were asked for and are no longer kept.
    pub missing: u64,
    pub ext: Ext,
}

/// Rendered lines as text, with a line feed after each.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct TextPage {
    pub text: String,
    /// Whether another page follows.
    pub more: bool,
}
