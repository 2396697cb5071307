//! Checkpoints: the engine's whole state at a byte offset, as the engine wrote it.
//!
//! A checkpoint is a cache while the bytes before it exist, and truth once they are deleted. Its
//! bytes are opaque here. It is larger than a record may be, so it is one begin record with its size
//! and checksum, and as many chunk records behind it as it takes; all of it counts or nothing does.

mod index;
mod log;

pub use log::CheckpointLog;

use std::fs::File;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use crate::dir;
use crate::error::{Damage, Error, Result};
use crate::record::{FileKind, Source};
use crate::units::{Offset, Position};

/// The name of the file in a pane's directory.
pub const CHECKPOINTS_FILE: &str = "checkpoints";

/// Largest state in bytes. A screen of 500x200 cells with colours is about 2 MiB.
pub const MAX_CHECKPOINT: usize = 16 * 1024 * 1024;

/// A checkpoint with its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// All bytes before this offset are in the state, none behind it.
    pub offset: Offset,
    /// All events before this position of `events` are in the state.
    pub events_position: Position,
    /// Which engine and form wrote the bytes; whoever restores decides whether it can.
    pub engine: u16,
    pub bytes: Vec<u8>,
}

/// A checkpoint as its begin record tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckpointEntry {
    pub offset: Offset,
    pub events_position: Position,
    pub engine: u16,
    /// Size of the state in bytes.
    pub size: u32,
    checksum: u32,
    begin: Position,
    /// Where the first chunk stands.
    chunks: Position,
}

/// Reads a pane's checkpoints, for whoever does not write them.
///
/// It sees what the file held when it was opened.
#[derive(Debug)]
pub struct CheckpointReader<S: Source = File> {
    source: S,
    path: PathBuf,
    entries: Vec<CheckpointEntry>,
    damage: Vec<Damage>,
}

impl CheckpointReader<File> {
    /// Opens the checkpoints of a pane's directory.
    pub fn open(dir: &Path) -> Result<Self> {
        let path = dir.join(CHECKPOINTS_FILE);
        let file = dir::open_file(&path, OFlags::RDONLY).map_err(Error::errno("open", &path))?;
        Self::new(file, &path)
    }
}

impl<S: Source> CheckpointReader<S> {
    /// Reads checkpoints from `source`; `path` is what messages call it.
    pub fn new(source: S, path: &Path) -> Result<Self> {
        let mut damage: Vec<Damage> = index::check_header(&source, path)?.into_iter().collect();
        let scanned = index::scan(&source, path).map_err(Error::io("read", path))?;
        let entries = scanned.entries;
        damage.extend(scanned.damage);
        Ok(Self { source, path: path.to_owned(), entries, damage })
    }

    /// The checkpoints there are, in the order they were written.
    #[must_use]
    pub fn entries(&self) -> &[CheckpointEntry] {
        &self.entries
    }

    /// Stretches of the file in which no checkpoint can be found, the torn tail among them.
    #[must_use]
    pub fn damage(&self) -> &[Damage] {
        &self.damage
    }

    /// Those at or before `offset`, the greatest offset first: the order in which to try them.
    #[must_use]
    pub fn candidates(&self, offset: Offset) -> Vec<CheckpointEntry> {
        candidates(&self.entries, offset)
    }

    /// Reads a checkpoint's bytes; [`Error::Damaged`] if they are not what was written.
    pub fn load(&self, entry: &CheckpointEntry) -> Result<Checkpoint> {
        index::load(&self.source, &self.path, entry)
    }
}

/// The entries at or before `offset`, best first: greatest offset, and of equals the latest written.
fn candidates(entries: &[CheckpointEntry], offset: Offset) -> Vec<CheckpointEntry> {
    let mut usable: Vec<_> = entries.iter().filter(|e| e.offset <= offset).copied().collect();
    usable.sort_by_key(|e| std::cmp::Reverse((e.offset, e.begin)));
    usable
}

const FILE_KIND: FileKind = FileKind::CHECKPOINTS;

#[cfg(test)]
mod tests;
