//! When journals rotate: waiting for the next one, and counting afterwards how close kills came.

use std::fs;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify;

/// How close to a rotation a kill has to come to count.
const NEAR: Duration = Duration::from_millis(20);

/// Sees when a journal file is made in any of the folders.
#[derive(Debug)]
pub(crate) struct Rotations {
    fd: OwnedFd,
}

impl Rotations {
    pub(crate) fn watch<'a>(folders: impl IntoIterator<Item = &'a Path>) -> Result<Self> {
        let flags = inotify::CreateFlags::CLOEXEC | inotify::CreateFlags::NONBLOCK;
        let fd = inotify::init(flags).context("watch folders")?;
        for folder in folders {
            inotify::add_watch(&fd, folder, inotify::WatchFlags::CREATE)
                .with_context(|| format!("watch {}", folder.display()))?;
        }
        Ok(Self { fd })
    }

    /// Forgets what happened until now.
    pub(crate) fn forget(&self) {
        while self.read() {}
    }

    /// Waits for the next one; `false` if there was none in time.
    pub(crate) fn wait(&self, within: Duration) -> Result<bool> {
        let mut fds = [PollFd::new(&self.fd, PollFlags::IN)];
        let within = Timespec::try_from(within).context("a time to wait")?;
        match poll(&mut fds, Some(&within)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => Ok(false),
            Ok(_) => Ok(self.read()),
            Err(errno) => Err(errno).context("wait for a rotation"),
        }
    }

    /// Takes what is there; whether a journal file was among it.
    fn read(&self) -> bool {
        let mut buffer = [MaybeUninit::uninit(); 4096];
        let mut reader = inotify::Reader::new(&self.fd, &mut buffer);
        let mut journal = false;
        while let Ok(event) = reader.next() {
            let name = event.file_name().map(|name| name.to_bytes().ends_with(b".journal"));
            journal |= name == Some(true);
            if reader.is_buffer_empty() {
                break;
            }
        }
        journal
    }
}

/// How many of the kills fell within 20 ms of the birth of a journal file.
pub(crate) fn near<'a>(
    kills: &[SystemTime],
    folders: impl IntoIterator<Item = &'a Path>,
) -> Result<usize> {
    let mut births = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().ends_with(".journal") {
                let metadata = entry.metadata()?;
                births.push(
                    metadata.created().context("this disk does not tell when files were made")?,
                );
            }
        }
    }
    let near = |kill: &&SystemTime| births.iter().any(|birth| apart(**kill, *birth) <= NEAR);
    Ok(kills.iter().filter(near).count())
}

fn apart(a: SystemTime, b: SystemTime) -> Duration {
    a.duration_since(b).unwrap_or_else(|error| error.duration())
}
