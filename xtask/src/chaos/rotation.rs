//! When journals rotate: waiting for the next one, and counting afterwards how close kills came.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};
use rustix::fs::inotify::WatchFlags;

use super::watch::Watch;

/// How close to a rotation a kill has to come to count.
const NEAR: Duration = Duration::from_millis(20);

/// Sees when a journal file is made in any of the folders.
#[derive(Debug)]
pub(crate) struct Rotations {
    watch: Watch,
}

impl Rotations {
    pub(crate) fn watch<'a>(folders: impl IntoIterator<Item = &'a Path>) -> Result<Self> {
        Ok(Self { watch: Watch::of(folders, WatchFlags::CREATE)? })
    }

    /// Forgets what happened until now.
    pub(crate) fn forget(&self) {
        while !self.watch.take().is_empty() {}
    }

    /// Waits for the next one; `false` if there was none in time.
    pub(crate) fn wait(&self, within: Duration) -> Result<bool> {
        self.watch.wait(within, |event| event.name.ends_with(".journal"))
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
