//! Looking for a recording's next file. Owns the directory's descriptor, and when it need not be looked into.
//!
//! A live recording's end has another name with every key, and the kernel searches the directory for each and
//! remembers that it is not there. So names are looked for only when something was put into the directory.

use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::fs::{AtFlags, FileType, Stat, fstat, statat};
use rustix::io::Errno;

use crate::dir;

/// As long as the clock of any file system stands still.
const TICK: Duration = Duration::from_secs(1);

/// One recording's directory, opened when it is first asked.
#[derive(Debug, Default)]
pub(super) struct Place {
    dir: Option<OwnedFd>,
    /// Its time when a name was not in it, if a change after that has another time.
    without: Option<Changed>,
}

impl Place {
    /// Whether there is a file of that name, which is that of the recording's end.
    pub(super) fn holds(&mut self, path: &Path, name: &str) -> rustix::io::Result<bool> {
        let dir = match self.dir.take() {
            Some(dir) => dir,
            None => dir::open_place(path)?,
        };
        let dir = self.dir.insert(dir);
        // Before the look, so that what comes during it is found by the next.
        let changed = Changed::of(&fstat(&*dir)?);
        if self.without == Some(changed) {
            return Ok(false);
        }
        self.without = None;
        let is_file = match statat(&*dir, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile,
            Err(Errno::NOENT) => false,
            Err(errno) => return Err(errno),
        };
        if !is_file && changed.is_past(SystemTime::now()) {
            self.without = Some(changed);
        }
        Ok(is_file)
    }
}

/// When a directory's names changed last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Changed {
    seconds: i64,
    nanoseconds: i64,
}

impl Changed {
    fn of(stat: &Stat) -> Self {
        let nanoseconds = i64::try_from(stat.st_mtime_nsec).unwrap_or(0);
        Self { seconds: stat.st_mtime, nanoseconds }
    }

    /// Whether what changes from now on has another time.
    fn is_past(self, now: SystemTime) -> bool {
        let seconds = u64::try_from(self.seconds).unwrap_or(0);
        let changed = UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
        let ago = changed.and_then(|changed| now.duration_since(changed).ok());
        ago.is_some_and(|ago| ago > TICK)
    }
}

#[cfg(test)]
mod tests;
