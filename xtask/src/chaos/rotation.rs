//! When journals rotate: waiting for the next one, and counting afterwards how close kills came.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
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

/// When journal files were made, also those that were sealed since.
pub(crate) type Births = BTreeMap<PathBuf, SystemTime>;

/// Notes the journal files that there are. To be done more often than a file is sealed.
pub(crate) fn note<'a>(
    births: &mut Births,
    folders: impl IntoIterator<Item = &'a Path>,
) -> Result<()> {
    for folder in folders {
        for entry in fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().ends_with(".journal") {
                // Sealed between the two looks.
                let Ok(metadata) = entry.metadata() else { continue };
                let birth = metadata.created();
                let birth = birth.context("this disk does not tell when files were made")?;
                births.insert(entry.path(), birth);
            }
        }
    }
    Ok(())
}

/// How many of the kills fell within 20 ms of the birth of a journal file.
pub(crate) fn near(kills: &[SystemTime], births: &Births) -> usize {
    let near = |kill: &&SystemTime| births.values().any(|birth| apart(**kill, *birth) <= NEAR);
    kills.iter().filter(near).count()
}

fn apart(a: SystemTime, b: SystemTime) -> Duration {
    a.duration_since(b).unwrap_or_else(|error| error.duration())
}
