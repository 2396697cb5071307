//! Whether the configuration file has changed: told by the kernel, so that nothing wakes before. Owns
//! the watch on its folder, because editors put a new file in the place of the old one.

use std::future::pending;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::net::unix::pipe::Receiver;

/// Room for a few events with the longest names.
const EVENTS: usize = 4096;
/// The head of an event: watch, mask, cookie, and the length of the name behind it, 4 bytes each.
const HEAD: usize = 16;

/// A watch on one file. Where there is none (another kernel) it never says anything, and the file is read
/// when somebody asks for it.
#[derive(Debug)]
pub(crate) struct Watch {
    // The runtime has no type for it; its ends of pipes wait for any descriptor.
    events: Option<Receiver>,
    file: PathBuf,
    name: Vec<u8>,
    /// Its folder is there and watched; until then the nearest one above it is.
    settled: AtomicBool,
}

impl Watch {
    pub(crate) fn on(file: &Path) -> Self {
        let name = file.file_name().unwrap_or_default().as_encoded_bytes().to_vec();
        let (file, settled) = (file.to_owned(), AtomicBool::new(false));
        let watch = Self { events: open(), file, name, settled };
        watch.settle();
        watch
    }

    /// Watches the folder, or while it is missing the nearest one above it.
    fn settle(&self) {
        let (Some(events), Some(folder)) = (&self.events, self.file.parent()) else { return };
        loop {
            let watched = folder.ancestors().find(|above| add(events, above, *above != folder));
            let settled = watched == Some(folder);
            self.settled.store(settled, Ordering::Relaxed);
            // It may have come just before the one above it was watched.
            if settled || watched.is_none() || !folder.exists() {
                return;
            }
        }
    }

    /// Whether the folder has come now, and the file with it.
    fn came(&self) -> bool {
        if self.settled.load(Ordering::Relaxed) {
            return false;
        }
        self.settle();
        self.settled.load(Ordering::Relaxed) && self.file.exists()
    }

    /// Whether there is anything to hear.
    pub(crate) const fn hears(&self) -> bool {
        self.events.is_some()
    }

    /// Resolves when the file was written, replaced or removed. May be left at any time.
    pub(crate) async fn changed(&self) {
        let Some(events) = &self.events else { return pending().await };
        loop {
            if events.readable().await.is_err() {
                return pending().await;
            }
            // Made here, so that whoever waits does not carry it.
            let mut buffer = vec![0; EVENTS];
            match events.try_read(&mut buffer) {
                Ok(0) => return pending().await,
                Ok(count) if names(buffer.get(..count).unwrap_or_default(), &self.name) => return,
                Ok(_) if self.came() => return,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_broken) => return pending().await,
            }
        }
    }
}

#[cfg(target_os = "linux")]
fn open() -> Option<Receiver> {
    use rustix::fs::inotify::{CreateFlags, init};
    let fd = init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).ok()?;
    Receiver::from_owned_fd_unchecked(fd).ok()
}

/// Hears of what comes and goes in a folder, if there is one.
#[cfg(target_os = "linux")]
fn add(events: &Receiver, folder: &Path, for_folders: bool) -> bool {
    use rustix::fs::inotify::{WatchFlags, add_watch};
    let what = match for_folders {
        true => WatchFlags::CREATE | WatchFlags::MOVED_TO,
        // A file that is being made is not whole before it is closed.
        false => WatchFlags::CLOSE_WRITE | WatchFlags::MOVED_TO | WatchFlags::DELETE,
    };
    add_watch(events, folder, what | WatchFlags::ONLYDIR).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn open() -> Option<Receiver> {
    None
}

#[cfg(not(target_os = "linux"))]
fn add(_events: &Receiver, _folder: &Path, _for_folders: bool) -> bool {
    false
}

/// Whether one of the events is about the name, which is filled up with zeros.
fn names(mut events: &[u8], name: &[u8]) -> bool {
    while let Some((head, rest)) = events.split_at_checked(HEAD) {
        let length = head.last_chunk().map_or(0, |length| u32::from_ne_bytes(*length));
        let length = usize::try_from(length).unwrap_or(usize::MAX).min(rest.len());
        let (padded, rest) = rest.split_at(length);
        if padded.split(|byte| *byte == 0).next() == Some(name) {
            return true;
        }
        events = rest;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_that_is_replaced_is_told() {
        let folder = std::env::temp_dir().join(format!("ccc-watch-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("config.toml");
        let watch = Watch::on(&file);
        std::fs::write(folder.join("other"), "").unwrap();
        std::fs::write(folder.join("new"), "mouse = true").unwrap();
        std::fs::rename(folder.join("new"), &file).unwrap();
        watch.changed().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }

    /// The folder was made after the client had started, and nothing that was written there was heard.
    #[tokio::test]
    async fn a_folder_that_comes_later_is_told() {
        let above = std::env::temp_dir().join(format!("ccc-watch-later-{}", std::process::id()));
        std::fs::create_dir_all(&above).unwrap();
        let folder = above.join("a").join("b");
        let file = folder.join("config.toml");
        let watch = Watch::on(&file);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(&file, "mouse = true").unwrap();
        watch.changed().await;
        std::fs::write(&file, "mouse = false").unwrap();
        watch.changed().await;
        std::fs::remove_dir_all(&above).unwrap();
    }
}
