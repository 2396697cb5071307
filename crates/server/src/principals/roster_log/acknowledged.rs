//! How long the roster's log was when its last change was acknowledged, in a file of its own. Owns that file. A log
//! that is shorter now has lost what was acknowledged, whatever its end looks like; what follows from that is
//! decided elsewhere.

use std::error::Error;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use ccc_journal::atomic_write;
use tracing::warn;

#[derive(Debug)]
pub(super) struct Acknowledged {
    log: PathBuf,
    path: PathBuf,
}

impl Acknowledged {
    /// Of the log at this path.
    pub(super) fn of(log: &Path) -> Self {
        Self { log: log.to_owned(), path: log.with_extension("acknowledged") }
    }

    /// Notes how many bytes of the log are durable. Blocks. The log is as good without, only its end is watched
    /// less: a note that could not be written fails nothing.
    pub(super) fn note(&self, bytes: u64) {
        if let Err(error) = self.write(bytes) {
            warn!(error, "how long the roster is was not noted");
        }
    }

    fn write(&self, bytes: u64) -> Result<(), Box<dyn Error>> {
        // A log that was written anew is another file: this length says nothing about its own.
        let text = format!("{} {bytes}\n", self.file_number()?);
        Ok(atomic_write(&self.path, text.as_bytes(), 0o600)?)
    }

    /// The bytes that the log as it is now has had at least; `None` when nobody noted any for this file.
    pub(super) fn bytes(&self) -> Option<u64> {
        let text = fs::read_to_string(&self.path).ok()?;
        let (number, bytes) = text.trim_end().split_once(' ')?;
        let number: u64 = number.parse().ok()?;
        (self.file_number().ok()? == number).then(|| bytes.parse().ok())?
    }

    fn file_number(&self) -> io::Result<u64> {
        Ok(fs::metadata(&self.log)?.ino())
    }
}
