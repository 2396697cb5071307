//! Forgetting commands: those of recordings that are gone, and those that were typed in a stretch. Owns that nothing of
//! them stays in marks or in the files of the index.

use std::collections::BTreeSet;
use std::path::Path;

use ccc_index::IndexError;
use ccc_journal::{Error, EventReader, GapReason, MARKS_FILE, MarkWriter, PaneUlid, Stretch};
use ccc_play::{Remembered, commands};

use super::{INDEX, Store, StoreError};

impl Store {
    /// Forgets panes whose recordings are gone, marks and all.
    pub(in crate::history) fn forget(&mut self, panes: &[PaneUlid]) -> Result<(), StoreError> {
        self.writers.retain(|(pane, _)| !panes.contains(pane));
        self.drop_index()?;
        Ok(())
    }

    /// Forgets the commands that began in a stretch, and says how many they were. The whole index goes, as what
    /// a database deletes stays in its files for long; it comes back from the marks when somebody asks.
    pub(in crate::history) fn forget_stretch(
        &mut self,
        pane: PaneUlid,
        stretch: Stretch,
    ) -> Result<u64, StoreError> {
        let dir = pane.dir(&self.root);
        self.writers.retain(|(known, _)| *known != pane);
        let typed = typed_in(&dir, stretch)?;
        if dir.join(MARKS_FILE).exists() {
            MarkWriter::rewrite(&dir, |mark| {
                Remembered::decode(mark).is_none_or(|command| !typed.contains(&command.mark))
            })?;
        }
        self.drop_index()?;
        Ok(typed.len() as u64)
    }

    /// Deletes the index with all that its files still hold of what it forgot; it comes back when somebody asks.
    pub(super) fn drop_index(&mut self) -> Result<(), StoreError> {
        self.index = None;
        let entries = std::fs::read_dir(&self.root).into_iter().flatten().flatten();
        let folders = entries.filter(|entry| {
            // Also what was set aside when it was damaged.
            entry
                .file_name()
                .to_str()
                .is_some_and(|name| name == INDEX || name.starts_with(&format!("{INDEX}.damaged-")))
        });
        for folder in folders.map(|entry| entry.path()) {
            std::fs::remove_dir_all(&folder)
                .map_err(|source| IndexError::Folder { path: folder, source })?;
        }
        // Whoever forgets says then that it is done.
        ccc_journal::dir::sync(&self.root).map_err(Error::from)?;
        Ok(())
    }
}

/// The names of the commands that were typed in a stretch, or a part of it: each behind the end of the one before, up
/// to its mark.
fn typed_in(dir: &Path, stretch: Stretch) -> Result<BTreeSet<u64>, Error> {
    let gaps = match EventReader::open(dir) {
        Ok(mut events) => events.remaining_gaps()?,
        Err(error) if error.is_not_found() => Vec::new(),
        Err(error) => return Err(error),
    };
    // The stretch may be on record already. What was forgotten before took its commands along.
    let before: Vec<u64> = gaps
        .iter()
        .filter(|gap| (gap.from, gap.to) != (stretch.from, stretch.to))
        .filter(|gap| gap.reason == GapReason::Forget)
        .map(|gap| gap.to.0)
        .collect();
    let mut end = 0;
    let mut typed = BTreeSet::new();
    for command in commands(dir)? {
        let forgotten = before.iter().filter(|to| **to <= command.mark).max();
        let began = end.max(forgotten.copied().unwrap_or(0));
        if began < stretch.to.0 && command.mark > stretch.from.0 {
            typed.insert(command.mark);
        }
        end = command.to.unwrap_or(command.from);
    }
    Ok(typed)
}

#[cfg(test)]
mod tests;
