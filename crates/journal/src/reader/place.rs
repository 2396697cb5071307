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
    /// Its time when the name of the end was not in it.
    without: Option<Changed>,
}

impl Place {
    /// The directory's time, if whatever is put into it from now on gives it another one.
    pub(super) fn settled(&mut self, path: &Path) -> Option<Changed> {
        // However long it takes from here to there, what changes meanwhile is not past.
        let now = SystemTime::now();
        let changed = Changed::of(&fstat(self.open(path).ok()?).ok()?);
        changed.is_past(now).then_some(changed)
    }

    /// Whether there is a file of that name, which is that of the recording's end. It is to be measured after the
    /// directory was found `settled`: then no file begins behind it that was there before.
    pub(super) fn holds(
        &mut self,
        path: &Path,
        name: &str,
        settled: Option<Changed>,
    ) -> rustix::io::Result<bool> {
        if settled.is_some() && self.without == settled {
            return Ok(false);
        }
        let is_file = match statat(self.open(path)?, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile,
            Err(Errno::NOENT) => false,
            Err(errno) => return Err(errno),
        };
        self.without = settled.filter(|_| !is_file);
        Ok(is_file)
    }

    fn open(&mut self, path: &Path) -> rustix::io::Result<&OwnedFd> {
        let dir = match self.dir.take() {
            Some(dir) => dir,
            None => dir::open_place(path)?,
        };
        Ok(self.dir.insert(dir))
    }
}

/// When a directory's names changed last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Changed {
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
