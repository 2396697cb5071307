//! The writing end of a pane's journal: one file open at its end, and rotation to the next.
//!
//! The keeper moves bytes into [`JournalWriter::file`] with `splice(2)` and reports how many. The
//! writer never reads them, never syncs on its own, and preallocates nothing: in a journal the
//! position is the size.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use crate::dir;
use crate::error::{Error, Result};
use crate::files::{journal_file_name, journal_files};
use crate::units::Offset;

/// Length in bytes from which a journal file is closed and the next one begun.
pub const ROTATE_BYTES: u64 = 8 * 1024 * 1024;

/// The newest journal file of a pane, open for writing.
#[derive(Debug)]
pub struct JournalWriter {
    dir: PathBuf,
    path: PathBuf,
    file: File,
    first: Offset,
    /// Length of the file; always equal to the position of `file`.
    len: u64,
    rotate_bytes: u64,
    /// A file was created and its name may not have reached the disk.
    unsynced_name: bool,
}

impl JournalWriter {
    /// Opens the newest journal file of `dir` at its end, or creates the first one.
    ///
    /// A run that died right after creating a file left it empty; it is simply the newest.
    pub fn open(dir: &Path, rotate_bytes: u64) -> Result<Self> {
        let first = journal_files(dir)?.last().map_or(Offset::ZERO, |newest| newest.first);
        Self::open_at(dir, first, rotate_bytes)
    }

    /// Begins at an offset, in a directory that holds nothing before it.
    pub fn begin_at(dir: &Path, first: Offset, rotate_bytes: u64) -> Result<Self> {
        Self::open_at(dir, first, rotate_bytes)
    }

    /// The file to splice into. It is not `O_APPEND` (splice refuses that) and stands at its end.
    #[must_use]
    pub fn file(&self) -> &File {
        &self.file
    }

    /// The path of the file that is written now.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The absolute offset of the file's first byte.
    #[must_use]
    pub fn first(&self) -> Offset {
        self.first
    }

    /// The absolute offset of the next byte to be written.
    #[must_use]
    pub fn offset(&self) -> Offset {
        self.first.plus(self.len)
    }

    /// Notes that `bytes` were spliced into the file.
    pub fn advance(&mut self, bytes: u64) {
        self.len = self.len.saturating_add(bytes);
    }

    /// Takes position and length from the file itself, for when a splice was cut short by an error
    /// and how many bytes went through is not known.
    pub fn measure(&mut self) -> Result<Offset> {
        self.len = self.file.seek(SeekFrom::End(0)).map_err(Error::io("seek in", &self.path))?;
        Ok(self.offset())
    }

    /// Appends bytes that did not come through a splice.
    ///
    /// After an error, what went through is counted: [`JournalWriter::offset`] is right.
    pub fn append(&mut self, bytes: &[u8]) -> Result<()> {
        let written = (&self.file).write_all(bytes).map_err(Error::io("append to", &self.path));
        match written {
            Ok(()) => self.advance(bytes.len() as u64),
            Err(error) => {
                self.measure()?;
                return Err(error);
            }
        }
        Ok(())
    }

    /// Whether the file has reached the length at which it is closed.
    #[must_use]
    pub fn rotation_due(&self) -> bool {
        self.len > 0 && self.len >= self.rotate_bytes
    }

    /// Begins the next file if the present one is long enough; says whether it did.
    ///
    /// If the next file cannot be created, the present one stays in use and nothing is lost.
    pub fn rotate_if_due(&mut self) -> Result<bool> {
        if !self.rotation_due() {
            return Ok(false);
        }
        self.rotate()?;
        Ok(true)
    }

    /// Begins the next file now. An empty file is its own successor.
    pub fn rotate(&mut self) -> Result<()> {
        if self.len > 0 {
            self.switch_to(self.offset())?;
        }
        Ok(())
    }

    /// Leaves out `bytes` that were lost for a stated reason: the next file begins behind them, and
    /// readers see a gap. The caller records the gap in `events`.
    pub fn skip(&mut self, bytes: u64) -> Result<()> {
        if bytes > 0 {
            self.switch_to(self.offset().plus(bytes))?;
        }
        Ok(())
    }

    /// Makes the bytes durable, and the names of new files too.
    pub fn sync(&mut self) -> Result<()> {
        self.file.sync_data().map_err(Error::io("sync", &self.path))?;
        self.sync_names()
    }

    /// Makes the names of files created by a rotation durable; does nothing if none is pending.
    pub fn sync_names(&mut self) -> Result<()> {
        if self.unsynced_name {
            dir::sync(&self.dir)?;
            self.unsynced_name = false;
        }
        Ok(())
    }

    fn switch_to(&mut self, first: Offset) -> Result<()> {
        let unsynced_name = self.unsynced_name;
        *self = Self::open_at(&self.dir, first, self.rotate_bytes)?;
        self.unsynced_name |= unsynced_name;
        Ok(())
    }

    fn open_at(dir: &Path, first: Offset, rotate_bytes: u64) -> Result<Self> {
        let path = dir.join(journal_file_name(first));
        let create = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
        let (file, created) = match dir::open_file(&path, create) {
            Ok(file) => (file, true),
            // Another run made it: whatever it holds is part of the recording, so go on behind it.
            Err(rustix::io::Errno::EXIST) => {
                let file =
                    dir::open_file(&path, OFlags::WRONLY).map_err(Error::errno("open", &path))?;
                (file, false)
            }
            Err(errno) => return Err(Error::errno("create", &path)(errno)),
        };
        let mut writer = Self {
            dir: dir.to_owned(),
            path,
            file,
            first,
            len: 0,
            rotate_bytes,
            unsynced_name: created,
        };
        writer.measure()?;
        Ok(writer)
    }
}

#[cfg(test)]
mod tests;
