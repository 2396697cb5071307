//! The names and the listing of journal files, and what a listing tells about them.
//!
//! A journal file is raw bytes without a header; all that is known about it is its name, the
//! absolute offset of its first byte, and its length.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
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
pub fn findings(files: &[JournalFile]) -> Vec<Finding> {
    files
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
