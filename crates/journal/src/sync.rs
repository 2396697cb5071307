//! Making a live pane's journal durable from outside its writer.
//!
//! The keeper never waits for a disk. Whoever serves the pane calls this now and then, on a thread
//! that may wait, never on the path of an echo.

use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use crate::dir;
use crate::error::{Error, Result};
use crate::event::EVENTS_FILE;
use crate::files::{JournalFile, journal_files};
use crate::units::Offset;

/// Syncs one pane's journal and events as they grow.
#[derive(Debug)]
pub struct JournalSync {
    dir: PathBuf,
    /// Every byte before this offset is on the disk.
    durable: Offset,
    /// The newest file whose name is on the disk.
    named: Option<Offset>,
    poisoned: bool,
}

impl JournalSync {
    /// Knows of nothing durable yet: the first sync takes every file that is there.
    #[must_use]
    pub fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), durable: Offset::ZERO, named: None, poisoned: false }
    }

    /// Every byte before this offset is on the disk.
    #[must_use]
    pub fn durable(&self) -> Offset {
        self.durable
    }

    /// Syncs what grew since the last time; returns how far the journal is durable now.
    ///
    /// A sync that failed is not tried again, because success would then prove nothing: every later
    /// call gives [`Error::Poisoned`], and the pane's recording is to be shown as in doubt.
    pub fn sync(&mut self) -> Result<Offset> {
        if self.poisoned {
            return Err(Error::Poisoned { path: self.dir.clone() });
        }
        let files = journal_files(&self.dir)?;
        let Some(newest) = files.last() else { return Ok(self.durable) };
        if newest.end() == self.durable && self.named == Some(newest.first) {
            return Ok(self.durable);
        }
        let synced = self.sync_files(&files);
        self.poisoned = synced.is_err();
        synced?;
        self.durable = newest.end();
        self.named = Some(newest.first);
        Ok(self.durable)
    }

    fn sync_files(&self, files: &[JournalFile]) -> Result<()> {
        for file in files.iter().filter(|file| file.end() > self.durable) {
            sync_data(&file.path)?;
        }
        sync_data(&self.dir.join(EVENTS_FILE))?;
        if files.last().map(|newest| newest.first) != self.named {
            dir::sync(&self.dir)?;
        }
        Ok(())
    }
}

fn sync_data(path: &Path) -> Result<()> {
    match dir::open_file(path, OFlags::RDONLY) {
        Ok(file) => file.sync_data().map_err(Error::io("sync", path)),
        // Trimmed away meanwhile, or a journal without events.
        Err(rustix::io::Errno::NOENT) => Ok(()),
        Err(errno) => Err(Error::errno("open", path)(errno)),
    }
}

#[cfg(test)]
mod tests;
