//! The header record of a segment: everything about it that can be known without reading on.

use super::{MAX_CHUNK_BYTES, MAX_CHUNKS, blob};
use crate::record::{HEADER_BYTES, RECORD_HEAD_BYTES};
use crate::units::{Offset, PaneUlid, Position};

/// A BLAKE3 hash.
pub type Hash = [u8; 32];

/// Zstandard, each chunk a frame of its own.
const ENCODING: u8 = 1;
const NO_CIPHER: u8 = 0;

/// Bytes of the body before the list of chunks.
const FIXED: usize =
    1 + 1 + 16 + 26 + 4 + 8 + 8 + 4 + 32 + 8 + 8 + 8 + 8 + 4 + 4 + 8 + 4 + 4 + 32 + 8 + 4;
/// Bytes of the body for each chunk.
const PER_CHUNK: usize = 4 + 32;

/// What a segment is, as its header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentHeader {
    pub pane: PaneUlid,
    /// The number in the file's name.
    pub number: u32,
    /// Where its first byte stands in the recording.
    pub first: Offset,
    /// How many bytes of the recording it holds; never 0.
    pub len: u64,
    /// Raw bytes of each chunk but the last.
    pub chunk_bytes: u32,
    /// The hash of the header before this one in the recording; zeros if this is the first.
    pub previous: Hash,
    /// When its first and last bytes came, in nanoseconds since 1970; 0 if nothing told.
    pub wall_first_ns: u64,
    pub wall_last_ns: u64,
    /// Where in `events` the search for what happened in it began, and where it ended.
    pub events_from: Position,
    pub events_to: Position,
    /// How many events stand at its bytes.
    pub events: u32,
    pub keyframes: u32,
    pub(super) index: IndexPlace,
    /// Where the seal stands; the file ends with it.
    pub(super) seal: u64,
    pub(super) chunks: Vec<ChunkEntry>,
}

/// Where the index is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct IndexPlace {
    pub(super) at: u64,
    /// Bytes as they are stored, and as they were.
    pub(super) stored: u32,
    pub(super) raw: u32,
    /// Of the stored bytes.
    pub(super) hash: Hash,
}

/// One chunk as the header tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ChunkEntry {
    pub(super) stored: u32,
    /// Of the stored bytes.
    pub(super) leaf: Hash,
}

/// Why a header's body is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeaderFault {
    /// It cannot be what was written.
    Malformed,
    /// Written by a newer release: an encoding or a cipher that is not known here.
    Unknown,
}

impl SegmentHeader {
    /// The offset behind its last byte.
    #[must_use]
    pub fn end(&self) -> Offset {
        self.first.plus(self.len)
    }

    /// The hash that the next segment's header holds.
    #[must_use]
    pub fn hash(&self) -> Hash {
        *blake3::hash(&self.encode()).as_bytes()
    }

    /// Where the first chunk stands in a segment of so many chunks.
    pub(super) fn chunks_at(count: usize) -> u64 {
        (HEADER_BYTES + RECORD_HEAD_BYTES + FIXED + count * PER_CHUNK) as u64
    }

    /// Where a chunk stands.
    pub(super) fn chunk_at(&self, chunk: usize) -> u64 {
        let before = self.chunks.iter().take(chunk);
        let bytes = before.fold(0_u64, |sum, entry| sum.saturating_add(blob::span(entry.stored)));
        Self::chunks_at(self.chunks.len()).saturating_add(bytes)
    }

    /// Raw bytes of a chunk.
    pub(super) fn chunk_len(&self, chunk: usize) -> u32 {
        let begin = (chunk as u64).saturating_mul(u64::from(self.chunk_bytes));
        let rest = self.len.saturating_sub(begin);
        u32::try_from(rest).unwrap_or(u32::MAX).min(self.chunk_bytes)
    }

    /// Size of the whole file.
    #[must_use]
    pub fn file_len(&self) -> u64 {
        self.seal.saturating_add((RECORD_HEAD_BYTES + 32) as u64)
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(FIXED + self.chunks.len() * PER_CHUNK);
        out.push(ENCODING);
        out.push(NO_CIPHER);
        out.extend_from_slice(&[0; 16]);
        out.extend_from_slice(self.pane.as_str().as_bytes());
        out.extend_from_slice(&self.number.to_le_bytes());
        out.extend_from_slice(&self.first.0.to_le_bytes());
        out.extend_from_slice(&self.len.to_le_bytes());
        out.extend_from_slice(&self.chunk_bytes.to_le_bytes());
        out.extend_from_slice(&self.previous);
        out.extend_from_slice(&self.wall_first_ns.to_le_bytes());
        out.extend_from_slice(&self.wall_last_ns.to_le_bytes());
        out.extend_from_slice(&self.events_from.0.to_le_bytes());
        out.extend_from_slice(&self.events_to.0.to_le_bytes());
        out.extend_from_slice(&self.events.to_le_bytes());
        out.extend_from_slice(&self.keyframes.to_le_bytes());
        out.extend_from_slice(&self.index.at.to_le_bytes());
        out.extend_from_slice(&self.index.stored.to_le_bytes());
        out.extend_from_slice(&self.index.raw.to_le_bytes());
        out.extend_from_slice(&self.index.hash);
        out.extend_from_slice(&self.seal.to_le_bytes());
        out.extend_from_slice(&u32::try_from(self.chunks.len()).unwrap_or(u32::MAX).to_le_bytes());
        for chunk in &self.chunks {
            out.extend_from_slice(&chunk.stored.to_le_bytes());
            out.extend_from_slice(&chunk.leaf);
        }
        out
    }

    pub(super) fn decode(body: &[u8]) -> Result<Self, HeaderFault> {
        let mut body = Body(body);
        let (encoding, cipher) = (body.array::<1>()?[0], body.array::<1>()?[0]);
        if encoding != ENCODING || cipher != NO_CIPHER {
            return Err(HeaderFault::Unknown);
        }
        let _key = body.array::<16>()?;
        let pane = body.array::<26>()?;
        let pane = std::str::from_utf8(&pane).ok().and_then(|text| text.parse().ok());
        let mut header = Self {
            pane: pane.ok_or(HeaderFault::Malformed)?,
            number: body.u32()?,
            first: Offset(body.u64()?),
            len: body.u64()?,
            chunk_bytes: body.u32()?,
            previous: body.array()?,
            wall_first_ns: body.u64()?,
            wall_last_ns: body.u64()?,
            events_from: Position(body.u64()?),
            events_to: Position(body.u64()?),
            events: body.u32()?,
            keyframes: body.u32()?,
            index: IndexPlace {
                at: body.u64()?,
                stored: body.u32()?,
                raw: body.u32()?,
                hash: body.array()?,
            },
            seal: body.u64()?,
            chunks: Vec::new(),
        };
        let count = body.u32()? as usize;
        let whole = header.len > 0
            && (1..=MAX_CHUNK_BYTES).contains(&header.chunk_bytes)
            && header.first.0.checked_add(header.len).is_some()
            && header.len.div_ceil(u64::from(header.chunk_bytes)) == count as u64
            && count <= MAX_CHUNKS;
        if !whole {
            return Err(HeaderFault::Malformed);
        }
        for _ in 0..count {
            header.chunks.push(ChunkEntry { stored: body.u32()?, leaf: body.array()? });
        }
        Ok(header)
    }
}

/// What is left of a body.
pub(super) struct Body<'a>(pub(super) &'a [u8]);

impl Body<'_> {
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], HeaderFault> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or(HeaderFault::Malformed)?;
        self.0 = rest;
        Ok(*head)
    }

    pub(super) fn u16(&mut self) -> Result<u16, HeaderFault> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32, HeaderFault> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(super) fn u64(&mut self) -> Result<u64, HeaderFault> {
        Ok(u64::from_le_bytes(self.array()?))
    }
}
