//! Recordings on the disk, as somebody finds them who has only the files.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify;

use crate::error::{KitError, Result};
use crate::sandbox::Sandbox;

/// Seconds that sealing may take; far more than any does.
const PATIENCE: i64 = 120;

impl Sandbox {
    /// The directory of the only recording.
    ///
    /// # Errors
    /// There is none, or more than one.
    pub fn recording(&self) -> Result<PathBuf> {
        let entries = fs::read_dir(self.state().join("panes"));
        let entries = entries.and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
        match entries.map_err(KitError::io("look for the recording"))?.as_slice() {
            [pane] => Ok(pane.path()),
            panes => Err(KitError::Unexpected {
                what: "there is not one recording".into(),
                told: format!("{panes:?}"),
            }),
        }
    }
}

/// Names of the files of a recording that end so; those that are being written do not count.
#[must_use]
pub fn file_names(recording: &Path, end: &str) -> Vec<String> {
    let entries = fs::read_dir(recording).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(end) && !name.starts_with('.')).collect()
}

/// Waits until only the newest journal file of a recording is not sealed.
///
/// # Errors
/// It does not come to that.
pub fn wait_sealed(recording: &Path) -> Result<()> {
    let io =
        |errno: rustix::io::Errno| KitError::io::<rustix::io::Errno>("watch a recording")(errno);
    let changes = inotify::init(inotify::CreateFlags::CLOEXEC).map_err(io)?;
    inotify::add_watch(&changes, recording, inotify::WatchFlags::DELETE).map_err(io)?;
    let mut told = [0; 4096];
    while file_names(recording, ".journal").len() > 1 {
        // A file that goes after the look above has woken this.
        let until = Timespec { tv_sec: PATIENCE, tv_nsec: 0 };
        let mut waits = [PollFd::new(&changes, PollFlags::IN)];
        if poll(&mut waits, Some(&until)).map_err(io)? == 0 {
            return Err(io(rustix::io::Errno::TIMEDOUT));
        }
        rustix::io::read(&changes, &mut told).map_err(io)?;
    }
    Ok(())
}
