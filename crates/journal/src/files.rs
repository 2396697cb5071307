//! The names and the listing of what holds a recording's bytes, and what a listing tells about it.
//!
//! A journal file is raw bytes without a header; all that is known about it is its name, the
//! absolute offset of its first byte, and its length. A segment may stand in its place.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::lines::lines_file_name;
use crate::segment::{SegmentFile, UnusableSegment, segments};
use crate::units::Offset;

const SUFFIX: &str = ".journal";

/// One journal file as a directory listing shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalFile {
    /// The absolute offset of the file's first byte; the file's name says so.
    pub first: Offset,
    pub path: PathBuf,
    /// Its length in bytes when it was listed. Only the newest file of a live pane still grows.
    pub len: u64,
}

impl JournalFile {
    /// The offset behind the file's last byte.
    #[must_use]
    pub fn end(&self) -> Offset {
        self.first.plus(self.len)
    }
}

/// A piece of a recording: a journal file, the segment that took its place, or both for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where its first byte stands in the recording.
    pub first: Offset,
    /// How many bytes of the recording it holds.
    pub len: u64,
    /// Bytes on the disk, in one file or two.
    pub bytes: u64,
    pub journal: Option<JournalFile>,
    pub segment: Option<SegmentFile>,
}

impl Piece {
    /// The offset behind its last byte.
    #[must_use]
    pub fn end(&self) -> Offset {
        self.first.plus(self.len)
    }

    /// Whether a segment alone holds it, which has states of its own.
    pub(crate) fn has_keyframes(&self) -> bool {
        let sealed = self.segment.as_ref().filter(|_| self.journal.is_none());
        sealed.is_some_and(|file| file.header.keyframes > 0)
    }

    /// Its files, the one that readers take first.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        let journal = self.journal.iter().map(|file| file.path.as_path());
        journal.chain(self.segment.iter().map(|file| file.path.as_path()))
    }
}

impl From<JournalFile> for Piece {
    fn from(file: JournalFile) -> Self {
        let (first, len) = (file.first, file.len);
        Self { first, len, bytes: len, journal: Some(file), segment: None }
    }
}

/// What holds the bytes of a recording.
#[derive(Debug, Default)]
pub struct Pieces {
    /// Oldest first.
    pub pieces: Vec<Piece>,
    /// Files that should be segments of it.
    pub unusable: Vec<UnusableSegment>,
}

impl Pieces {
    /// The first offset that is still held; 0 when there is nothing.
    #[must_use]
    pub fn first(&self) -> Offset {
        self.pieces.first().map_or(Offset::ZERO, |piece| piece.first)
    }

    /// The offset behind the last byte.
    #[must_use]
    pub fn end(&self) -> Offset {
        self.pieces.last().map_or(Offset::ZERO, Piece::end)
    }

    /// Bytes on the disk.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let usable = self.pieces.iter().map(|piece| piece.bytes);
        usable.chain(self.unusable.iter().map(|file| file.size)).fold(0, u64::saturating_add)
    }
}

/// Lists what holds the bytes of a recording, whatever its form.
pub fn pieces(dir: &Path) -> Result<Pieces> {
    // The journal first: a file that is sealed in between is then found as a segment.
    let mut by_first: BTreeMap<Offset, Piece> = BTreeMap::new();
    for file in journal_files(dir)? {
        by_first.insert(file.first, file.into());
    }
    let (files, unusable) = segments(dir)?;
    for file in files {
        let (first, len, bytes) = (file.header.first, file.header.len, file.size);
        let empty = Piece { first, len, bytes: 0, journal: None, segment: None };
        let piece = by_first.entry(first).or_insert(empty);
        // The lines beside it go with it.
        let lines = std::fs::symlink_metadata(dir.join(lines_file_name(file.header.number)));
        let lines = lines.map_or(0, |meta| meta.len());
        piece.bytes = piece.bytes.saturating_add(bytes).saturating_add(lines);
        piece.segment = Some(file);
    }
    Ok(Pieces { pieces: by_first.into_values().collect(), unusable })
}

/// The first offset that a recording still holds.
pub fn first_offset(dir: &Path) -> Result<Offset> {
    Ok(pieces(dir)?.first())
}

/// The offset behind the last byte of a recording.
pub fn end_offset(dir: &Path) -> Result<Offset> {
    match journal_files(dir)?.last() {
        Some(newest) => Ok(newest.end()),
        None => Ok(pieces(dir)?.end()),
    }
}

/// What the names and lengths of journal files say that they should not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// No file holds these bytes: a file is missing, or lost its tail.
    Hole { from: Offset, to: Offset },
    /// Two files claim these bytes; readers take them from the later file.
    Overlap { from: Offset, to: Offset },
}

/// The name of the file whose first byte stands at `first`.
#[must_use]
pub fn journal_file_name(first: Offset) -> String {
    format!("{:016x}{SUFFIX}", first.0)
}

/// The offset a name stands for, or `None` if it is not the name of a journal file. Only the one
/// spelling that [`journal_file_name`] writes is taken.
#[must_use]
pub fn parse_journal_file_name(name: &OsStr) -> Option<Offset> {
    let digits = name.to_str()?.strip_suffix(SUFFIX)?;
    let canonical = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    if digits.len() != 16 || !digits.bytes().all(canonical) {
        return None;
    }
    u64::from_str_radix(digits, 16).ok().map(Offset)
}

/// The journal files of a pane's directory, oldest first. What is not a regular file with the name
/// of a journal file is not one.
pub fn journal_files(dir: &Path) -> Result<Vec<JournalFile>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(Error::io("list", dir))? {
        let entry = entry.map_err(Error::io("list", dir))?;
        let Some(first) = parse_journal_file_name(&entry.file_name()) else { continue };
        let meta = match entry.metadata() {
            Ok(meta) => meta,
            // Deleted between the listing and the look: it is simply no longer there.
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            Err(e) => return Err(Error::io("examine", &entry.path())(e)),
        };
        if meta.is_file() {
            files.push(JournalFile { first, path: entry.path(), len: meta.len() });
        }
    }
    files.sort_by_key(|file| file.first);
    Ok(files)
}

/// Holes and overlaps between neighbours. Bytes before the first file are not a finding: a budget
/// may have deleted them.
#[must_use]
pub fn findings(pieces: &[Piece]) -> Vec<Finding> {
    pieces
        .windows(2)
        .filter_map(|pair| {
            let (end, next) = (pair[0].end(), pair[1].first);
            match end.cmp(&next) {
                std::cmp::Ordering::Less => Some(Finding::Hole { from: end, to: next }),
                std::cmp::Ordering::Equal => None,
                std::cmp::Ordering::Greater => Some(Finding::Overlap { from: next, to: end }),
            }
        })
        .collect()
}
