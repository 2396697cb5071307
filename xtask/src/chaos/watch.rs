//! What happens in folders, as inotify tells it. Owns the descriptor and the waiting; what an event
//! means is for others to say.

use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify::{self, ReadFlags, WatchFlags};

/// One thing that happened to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) what: ReadFlags,
    pub(crate) name: String,
}

#[derive(Debug)]
pub(crate) struct Watch {
    fd: OwnedFd,
}

impl Watch {
    pub(crate) fn of<'a>(
        folders: impl IntoIterator<Item = &'a Path>,
        what: WatchFlags,
    ) -> Result<Self> {
        let flags = inotify::CreateFlags::CLOEXEC | inotify::CreateFlags::NONBLOCK;
        let fd = inotify::init(flags).context("watch folders")?;
        for folder in folders {
            inotify::add_watch(&fd, folder, what)
                .with_context(|| format!("watch {}", folder.display()))?;
        }
        Ok(Self { fd })
    }

    /// Everything that happened and was not taken yet.
    pub(crate) fn take(&self) -> Vec<Event> {
        let mut buffer = [MaybeUninit::uninit(); 4096];
        let mut reader = inotify::Reader::new(&self.fd, &mut buffer);
        let mut events = Vec::new();
        while let Ok(event) = reader.next() {
            let name = event.file_name().map(|name| name.to_string_lossy().into_owned());
            events.push(Event { what: event.events(), name: name.unwrap_or_default() });
        }
        events
    }

    /// Waits until something happens, and takes it; nothing if nothing does in time.
    pub(crate) fn next(&self, until: Instant) -> Result<Vec<Event>> {
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let within = Timespec::try_from(left).context("a time to wait")?;
            let mut fds = [PollFd::new(&self.fd, PollFlags::IN)];
            match poll(&mut fds, Some(&within)) {
                Err(rustix::io::Errno::INTR) => {}
                Ok(_) => return Ok(self.take()),
                Err(errno) => return Err(errno).context("wait for a folder"),
            }
        }
    }

    /// Waits for an event of a kind; `false` if there was none in time.
    pub(crate) fn wait(&self, within: Duration, wanted: impl Fn(&Event) -> bool) -> Result<bool> {
        let until = Instant::now() + within;
        loop {
            let events = self.next(until)?;
            if events.iter().any(&wanted) || events.is_empty() {
                return Ok(!events.is_empty());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_in_a_folder_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let watch = Watch::of([folder.path()], WatchFlags::CREATE).unwrap();
        std::fs::write(folder.path().join("a"), b"").unwrap();
        std::fs::write(folder.path().join("b"), b"").unwrap();
        let long = Duration::from_secs(60);
        assert!(watch.wait(long, |event| event.name == "b").unwrap());
        assert!(!watch.wait(Duration::ZERO, |_| true).unwrap());
    }
}
