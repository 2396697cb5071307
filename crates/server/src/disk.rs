//! How many bytes all recordings hold together, and what a pane that grows may keep of its own. Owns
//! the account; deleting is the pane's affair. Whoever prints pays: a pane that grows while the
//! whole is over its budget gives up as much of its own past.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ccc_journal::{PaneUlid, pieces};

#[derive(Debug, Default)]
pub(crate) struct Disk {
    kept: Mutex<BTreeMap<PaneUlid, u64>>,
}

impl Disk {
    /// Looks at every recording there is. Blocks.
    pub(crate) fn measure(&self, panes: &Path) {
        let Ok(entries) = std::fs::read_dir(panes) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Some(ulid) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
            let bytes = pieces(&entry.path()).map_or(0, |found| found.bytes());
            // A pane that has grown meanwhile has told a newer figure.
            self.lock().entry(ulid).or_insert(bytes);
        }
    }

    /// A pane holds so many bytes now. Answers with how many it may hold, by its own budget and by
    /// what is left of everybody's. While nobody is over anything that is its whole budget and not
    /// what it holds: it goes on growing between this and whatever is deleted by the answer.
    pub(crate) fn allow(&self, pane: PaneUlid, bytes: u64, own: u64, whole: u64) -> u64 {
        let mut kept = self.lock();
        kept.insert(pane, bytes);
        let total = kept.values().fold(0_u64, |total, bytes| total.saturating_add(*bytes));
        match total.saturating_sub(whole) {
            0 => own,
            over => own.min(bytes.saturating_sub(over)),
        }
    }

    /// A pane holds so many bytes now.
    pub(crate) fn holds(&self, pane: PaneUlid, bytes: u64) {
        self.lock().insert(pane, bytes);
    }

    /// A pane holds so many bytes now, or will hold as many as before when those are compressed again.
    pub(crate) fn holds_at_most(&self, pane: PaneUlid, bytes: u64) {
        self.lock().entry(pane).and_modify(|known| *known = bytes.min(*known)).or_insert(bytes);
    }

    /// Bytes of all recordings together.
    pub(crate) fn total(&self) -> u64 {
        self.lock().values().fold(0, |total, bytes| total.saturating_add(*bytes))
    }

    /// A recording is gone.
    pub(crate) fn forget(&self, pane: PaneUlid) {
        self.lock().remove(&pane);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<PaneUlid, u64>> {
        // A map is whole after every statement.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_grows_gives_up_what_the_whole_is_over() {
        let disk = Disk::default();
        let first: PaneUlid = "01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();
        let second: PaneUlid = "01ARZ3NDEKTSV4RRFFQ69G5FAW".parse().unwrap();
        assert_eq!(disk.allow(first, 60, 64, 100), 64);
        assert_eq!(disk.allow(second, 30, 64, 100), 64);
        assert_eq!(disk.allow(second, 50, 64, 100), 40);
        assert_eq!(disk.allow(first, 70, 64, 100), 50);
        disk.forget(second);
        assert_eq!(disk.allow(first, 70, 64, 100), 64);
    }
}
