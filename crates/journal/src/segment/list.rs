//! The names and the listing of segments.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{SegmentHeader, SegmentReader};
use crate::error::{Error, Result};
use crate::units::PaneUlid;

const SUFFIX: &str = ".seg";

/// A segment whose header could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentFile {
    pub path: PathBuf,
    /// Bytes on the disk.
    pub size: u64,
    pub header: Arc<SegmentHeader>,
}

/// A file with a segment's name that is no segment of this recording, or whose header is damaged.
#[derive(Debug)]
pub struct UnusableSegment {
    pub number: u32,
    pub path: PathBuf,
    pub size: u64,
    pub why: Error,
}

/// The name of the segment with this number.
#[must_use]
pub fn segment_file_name(number: u32) -> String {
    format!("{number}{SUFFIX}")
}

/// The number a name stands for. Only the one spelling that [`segment_file_name`] writes is taken.
#[must_use]
pub fn parse_segment_file_name(name: &OsStr) -> Option<u32> {
    let number: u32 = name.to_str()?.strip_suffix(SUFFIX)?.parse().ok()?;
    (name.to_str() == Some(&segment_file_name(number))).then_some(number)
}

/// The numbers of the segments in a directory, ascending.
pub(crate) fn numbers(dir: &Path) -> Result<Vec<u32>> {
    let mut numbers = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(Error::io("list", dir))? {
        let entry = entry.map_err(Error::io("list", dir))?;
        numbers.extend(parse_segment_file_name(&entry.file_name()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// The segments of a pane's directory by their numbers, and what has the name of one and is none.
pub fn segments(dir: &Path) -> Result<(Vec<SegmentFile>, Vec<UnusableSegment>)> {
    let (mut files, mut unusable) = (Vec::new(), Vec::new());
    for number in numbers(dir)? {
        match open(dir, number) {
            Ok((file, _reader)) => files.push(file),
            // Deleted since the directory was read.
            Err(error) if error.is_not_found() => {}
            Err(why) => {
                let path = dir.join(segment_file_name(number));
                let size = std::fs::symlink_metadata(&path).map_or(0, |meta| meta.len());
                unusable.push(UnusableSegment { number, path, size, why });
            }
        }
    }
    Ok((files, unusable))
}

/// Opens the segment with this number if it belongs to the recording.
pub(crate) fn open(dir: &Path, number: u32) -> Result<(SegmentFile, SegmentReader)> {
    let path = dir.join(segment_file_name(number));
    let reader = SegmentReader::open(&path)?;
    let header = Arc::clone(reader.header());
    // A directory that is no pane's (a copy under another name) says nothing about whose it is.
    let pane: Option<PaneUlid> =
        dir.file_name().and_then(OsStr::to_str).and_then(|name| name.parse().ok());
    if header.number != number || pane.is_some_and(|pane| pane != header.pane) {
        return Err(Error::ForeignSegment { path, pane: header.pane, number: header.number });
    }
    let size = reader.size()?;
    Ok((SegmentFile { path, size, header }, reader))
}
