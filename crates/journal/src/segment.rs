//! Segments: sealed pieces of a journal, compressed and checksummed, in place of the raw files.
//!
//! A segment holds the bytes of one journal file in chunks that decompress alone, and a header that by
//! itself tells what it is a piece of. Keyframes and the index lie behind the chunks; both are caches.
//! What a keyframe's bytes mean is not known here: they are handed in.

pub(crate) mod blob;
mod check;
mod header;
mod index;
mod list;
mod reader;
mod sealing;
mod times;

pub use check::{SegmentFault, check_segment};
#[cfg(test)]
mod tests;
pub use header::{Hash, SegmentHeader};
pub use index::{KeyframeEntry, SegmentIndex, TimeEntry};
pub use list::{
    SegmentFile, UnusableSegment, parse_segment_file_name, segment_file_name, segments,
};
pub(crate) use list::{numbers as segment_numbers, open as open_segment};
pub use reader::SegmentReader;
pub use sealing::{Sealing, finish_sealings, sealable};
pub use times::{Clock, WallClock, offset_at, wall_at, walls};

use crate::record::FileKind;

/// Raw bytes of a chunk. A log in chunks of half this takes 7 % more; larger ones gain nothing, make each
/// look at one byte dearer, and lose more by a damaged one.
pub const CHUNK_BYTES: u32 = 512 * 1024;

/// Raw bytes of the largest chunk that is read, and so the most that a damaged or hostile file can
/// make a reader hold.
const MAX_CHUNK_BYTES: u32 = 8 * 1024 * 1024;

/// Chunks of one segment: their hashes fit the header's record.
const MAX_CHUNKS: usize = 1700;

/// The usual level: faster ones gain little time beside reading, slower ones little room.
const LEVEL: i32 = 3;

/// Permissions of a segment: nobody has a reason to write to it.
const MODE: u32 = 0o400;

const FILE_KIND: FileKind = FileKind::new(*b"segm", "segment");

const HEADER: u16 = 1;
const CHUNK: u16 = 2;
const KEYFRAME: u16 = 3;
const SEAL: u16 = 4;
const INDEX: u16 = 5;
