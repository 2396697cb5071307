//! The lines that a segment's bytes came to when they were shown, stored beside it for whoever searches.
//! Owns the bytes of such a file: chunks of text, where each line stands and when it came, and a table of
//! what a chunk may hold. What a line is, is decided by whoever hands them in.
//!
//! All of it is a cache: a file that is missing, damaged or of another segment is made anew from the bytes.

mod build;
mod reader;
mod table;
#[cfg(test)]
mod tests;
mod trigrams;

use std::path::Path;

use crate::atomic::{atomic_write, sweep};
use crate::error::{Error, Result};
use crate::record::FileKind;
use crate::segment::{Hash, SegmentHeader, segment_numbers};
use crate::units::{Offset, PaneUlid};

pub use build::LinesBuilder;
pub use reader::{LineChunk, LineChunkInfo, LineRef, LinesReader, TextBuffer};
pub use trigrams::{ByteSet, Wanted, fold_text};

const SUFFIX: &str = ".lines";
/// Text of a chunk: large ones need smaller filters for their size, small ones are read sooner.
const CHUNK_TEXT: usize = 512 * 1024;
/// Lines of a chunk, so that lines without text end one as well.
const CHUNK_LINES: usize = 64 * 1024;
/// Bytes of a line that are kept: more than a screen lets a line grow to.
const LINE_TEXT: usize = 128 * 1024;
/// Raw bytes that are decompressed at once at most.
const MAX_RAW: usize = 4 * 1024 * 1024;
/// Largest directory that is read.
const MAX_DIRECTORY: u32 = 64 * 1024 * 1024;
/// A table of trigrams takes at most this part of what its chunks take, or so many bytes.
const TABLE_SHARE: usize = 16;
const TABLE_FLOOR: usize = 1024;
/// What is stored is written once by a thread that nobody waits for, and is to stay below what the segment
/// takes; for what is in no segment somebody waits.
const STORED_LEVEL: i32 = 6;
const QUICK_LEVEL: i32 = 1;
const MODE: u32 = 0o600;

const FILE_KIND: FileKind = FileKind::new(*b"line", "lines");
const HEADER: u16 = 1;
const TEXT: u16 = 2;
const PLACES: u16 = 3;
/// 4 was a directory with a filter for each chunk: such a file is made again.
const DIRECTORY: u16 = 5;
const TABLE: u16 = 6;
/// Bytes of the header's body.
const HEADER_BODY: usize = 26 + 4 + 8 + 8 + 32 + 8 + 8 + 4 + 4;
/// Bytes of a chunk's entry in the directory.
const ENTRY: usize = 8 + 4 * 5 + 8 * 3;

/// One line as it was shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShownLine {
    /// Its number in the scrollback; `None` if a program that has the whole screen showed it.
    pub number: Option<u64>,
    /// It is to be seen when the bytes before this place have been printed.
    pub offset: Offset,
    /// When that was, milliseconds since 1970; 0 if nothing tells.
    pub unix_ms: u64,
    pub text: String,
}

/// What a set of lines is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinesOf {
    pub pane: PaneUlid,
    /// Of the segment; `u32::MAX` for bytes that are in none.
    pub number: u32,
    pub first: Offset,
    pub len: u64,
    /// Of the segment's header, so that lines of another one are not taken for its own.
    pub segment: Hash,
}

impl LinesOf {
    /// The lines of a segment.
    #[must_use]
    pub fn segment(header: &SegmentHeader) -> Self {
        Self {
            pane: header.pane,
            number: header.number,
            first: header.first,
            len: header.len,
            segment: header.hash(),
        }
    }

    /// The lines of bytes that no segment holds.
    #[must_use]
    pub fn unsealed(dir: &Path, first: Offset, end: Offset) -> Self {
        let name = dir.file_name().and_then(|name| name.to_str());
        let pane = name.and_then(|name| name.parse().ok()).unwrap_or(PaneUlid::NOBODY);
        Self { pane, number: u32::MAX, first, len: end.since(first), segment: [0; 32] }
    }
}

/// The name of the file beside the segment with this number.
#[must_use]
pub fn lines_file_name(number: u32) -> String {
    format!("{number}{SUFFIX}")
}

/// Puts the lines of a segment beside it.
///
/// # Errors
/// If the operating system refuses.
pub fn write_lines(dir: &Path, number: u32, bytes: &[u8]) -> Result<()> {
    atomic_write(&dir.join(lines_file_name(number)), bytes, MODE)
}

/// The lines of a segment, if its file is there and is what was written of it.
#[must_use]
pub fn read_lines(dir: &Path, header: &SegmentHeader) -> Option<LinesReader> {
    let path = dir.join(lines_file_name(header.number));
    let reader = LinesReader::open(&path).ok()?;
    (*reader.of() == LinesOf::segment(header)).then_some(reader)
}

/// Deletes the files whose segments are gone, and what a crash left half written. Gives how many went.
/// For whoever writes them here.
///
/// # Errors
/// If the operating system refuses.
pub fn sweep_lines(dir: &Path) -> Result<usize> {
    let mut gone = sweep(dir, ".lines.fresh-")?;
    let numbers = segment_numbers(dir)?;
    for entry in std::fs::read_dir(dir).map_err(Error::io("list", dir))? {
        let entry = entry.map_err(Error::io("list", dir))?;
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.strip_suffix(SUFFIX)?.parse::<u32>().ok());
        if number.is_some_and(|number| numbers.binary_search(&number).is_err()) {
            std::fs::remove_file(entry.path()).map_err(Error::io("delete", &entry.path()))?;
            gone += 1;
        }
    }
    Ok(gone)
}
