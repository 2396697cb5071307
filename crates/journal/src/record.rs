//! The framing that every record file shares: a header, then records of length, checksum, kind and
//! body.
//!
//! The checksum covers the record's own position in the file. So a record that was moved, doubled
//! or left over from elsewhere does not pass for one written there, and after damage the next good
//! record can be found by trying every byte. This file is the pure part; [`reader`] and [`writer`]
//! hold the files. What the kinds mean is not known here.

pub(crate) mod reader;
pub(crate) mod source;
pub(crate) mod writer;

pub use reader::RecordReader;
pub use source::Source;
pub use writer::{Cut, Recovered};

use crate::error::{Error, Result};
use crate::units::Position;

/// Largest record in bytes, head included. SIGKILL can cut a write of megabytes short; one of this
/// size goes through in one piece or not at all, and a reader can hold it.
pub const MAX_RECORD: usize = 64 * 1024;

/// Bytes before a record's body: length u32, checksum u32, kind u16.
pub const RECORD_HEAD_BYTES: usize = 10;

/// Largest body in bytes.
pub const MAX_BODY: usize = MAX_RECORD - RECORD_HEAD_BYTES;

/// Bytes before the first record.
pub const HEADER_BYTES: usize = 16;

/// The version this release writes, and the newest it reads.
pub(crate) const VERSION: u16 = 1;

const MAGIC: [u8; 4] = *b"ccc\0";

/// What a record file is for: four bytes in its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FileKind {
    tag: [u8; 4],
    name: &'static str,
}

impl FileKind {
    pub const EVENTS: Self = Self::new(*b"evnt", "events");
    pub const MARKS: Self = Self::new(*b"mark", "marks");
    pub const CHECKPOINTS: Self = Self::new(*b"ckpt", "checkpoints");
    pub const CONTROL: Self = Self::new(*b"ctrl", "control log");

    /// A kind for a log of one's own. `name` is for messages.
    #[must_use]
    pub const fn new(tag: [u8; 4], name: &'static str) -> Self {
        Self { tag, name }
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        self.name
    }

    /// The header such a file begins with.
    pub(crate) fn header(self) -> [u8; HEADER_BYTES] {
        let mut header = [0; HEADER_BYTES];
        header[..4].copy_from_slice(&MAGIC);
        header[4..8].copy_from_slice(&self.tag);
        header[8..10].copy_from_slice(&VERSION.to_le_bytes());
        let checksum = crc32fast::hash(&header[..12]);
        header[12..].copy_from_slice(&checksum.to_le_bytes());
        header
    }
}

/// What the first bytes of a file say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeaderState {
    Good,
    /// Fewer bytes than a header, and none that speaks against one still being written.
    Partial,
    Newer(u16),
    /// Damaged, or not ours.
    Bad,
}

pub(crate) fn inspect_header(kind: FileKind, bytes: &[u8]) -> HeaderState {
    let expected = kind.header();
    let Some(found) = bytes.first_chunk::<HEADER_BYTES>() else {
        let prefix = expected.starts_with(bytes);
        // A power cut may leave the length without the bytes.
        let zeros = bytes.iter().all(|b| *b == 0);
        return if prefix || zeros { HeaderState::Partial } else { HeaderState::Bad };
    };
    if *found == expected {
        return HeaderState::Good;
    }
    let version = u16::from_le_bytes([found[8], found[9]]);
    let intact = crc32fast::hash(&found[..12]).to_le_bytes() == found[12..];
    if intact && found[..8] == expected[..8] && version > VERSION {
        return HeaderState::Newer(version);
    }
    HeaderState::Bad
}

/// One record as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Where it stands in its file.
    pub position: Position,
    pub kind: u16,
    pub body: Vec<u8>,
}

/// What stands at a position.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Parsed<'a> {
    Record {
        kind: u16,
        body: &'a [u8],
    },
    /// The bytes end before the record does.
    NeedMore,
    Bad,
}

/// Appends a record for `position` to `out`.
pub(crate) fn encode(position: u64, kind: u16, body: &[u8], out: &mut Vec<u8>) -> Result<()> {
    let len = u32::try_from(body.len()).ok().filter(|_| body.len() <= MAX_BODY).ok_or(
        Error::TooLarge { what: "record", size: body.len() as u64, limit: MAX_BODY as u64 },
    )?;
    out.extend_from_slice(&len.to_le_bytes());
    out.extend_from_slice(&checksum(position, len, kind, body).to_le_bytes());
    out.extend_from_slice(&kind.to_le_bytes());
    out.extend_from_slice(body);
    Ok(())
}

/// Reads the record at `position` from `bytes`, which begin there.
pub(crate) fn parse(position: u64, bytes: &[u8]) -> Parsed<'_> {
    let Some((head, rest)) = bytes.split_first_chunk::<RECORD_HEAD_BYTES>() else {
        return Parsed::NeedMore;
    };
    let len = u32::from_le_bytes([head[0], head[1], head[2], head[3]]);
    let expected = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
    let kind = u16::from_le_bytes([head[8], head[9]]);
    let Some(body_len) = usize::try_from(len).ok().filter(|len| *len <= MAX_BODY) else {
        return Parsed::Bad;
    };
    let Some(body) = rest.get(..body_len) else { return Parsed::NeedMore };
    if checksum(position, len, kind, body) == expected {
        Parsed::Record { kind, body }
    } else {
        Parsed::Bad
    }
}

fn checksum(position: u64, len: u32, kind: u16, body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&position.to_le_bytes());
    hasher.update(&len.to_le_bytes());
    hasher.update(&kind.to_le_bytes());
    hasher.update(body);
    hasher.finalize()
}

/// The first position from `from` on at which a valid record stands that is whole before `end`, and
/// `None` when there is none or the search has become too costly. What a writer puts behind `end`
/// meanwhile is not looked at.
pub(crate) fn find_record<S: Source + ?Sized>(
    source: &S,
    from: u64,
    end: u64,
) -> std::io::Result<Option<u64>> {
    // A body crafted to look like heads everywhere makes each byte cost a checksum of 64 KiB.
    // Half a second of that is enough; a real file needs next to nothing.
    const MAX_WORK: usize = 512 * 1024 * 1024;
    let mut work = 0;
    let mut window = vec![0; 4 * MAX_RECORD];
    let mut at = from;
    while at < end {
        let room = usize::try_from(end - at).unwrap_or(usize::MAX).min(window.len());
        let filled = source::fill(source, at, &mut window[..room])?;
        let bytes = &window[..filled];
        let last = at.saturating_add(filled as u64) >= end || filled < room;
        // Only the last window may judge records that reach up to its end.
        let starts = if last { filled } else { filled.saturating_sub(MAX_RECORD) };
        for start in 0..starts {
            let position = at.saturating_add(start as u64);
            let candidate = &bytes[start..filled.min(start + MAX_RECORD)];
            if let Some(len) = candidate.first_chunk::<4>() {
                let len = u32::from_le_bytes(*len) as usize;
                if len <= MAX_BODY && len + RECORD_HEAD_BYTES <= candidate.len() {
                    work += len + RECORD_HEAD_BYTES;
                }
            }
            if matches!(parse(position, candidate), Parsed::Record { .. }) {
                return Ok(Some(position));
            }
            if work > MAX_WORK {
                return Ok(None);
            }
        }
        if last {
            return Ok(None);
        }
        at = at.saturating_add(starts as u64);
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
