//! Finds that are equal. Owns which of them are one entry of the list, and which entries show all of theirs: a program
//! that draws anew prints the same lines again, and nobody looks for each of these.

use ccc_client::proto::SearchFind;

use super::Finding;

/// An entry of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FindEntry {
    /// Its find, by its index.
    pub(crate) find: usize,
    /// The newest of those that are equal to it and stand in a row with it, by its index.
    first: usize,
    /// How many those are; 1 for one that is alone, or is listed below the newest.
    pub(crate) count: usize,
}

impl FindEntry {
    /// Whether it is listed below the newest of those that are equal.
    pub(crate) const fn is_older(&self) -> bool {
        self.find != self.first
    }
}

impl Finding {
    /// What is listed: those that are equal and stand in a row are one entry, until it is unfolded.
    pub(crate) fn entries(&self) -> Vec<FindEntry> {
        let mut entries = Vec::new();
        let mut first = 0;
        for equal in self.finds.chunk_by(are_equal) {
            let count = equal.len();
            entries.push(FindEntry { find: first, first, count });
            if self.unfolded.contains(&first) {
                let older = first + 1..first + count;
                entries.extend(older.map(|find| FindEntry { find, first, count: 1 }));
            }
            first += count;
        }
        entries
    }

    /// The find of the chosen entry.
    pub(crate) fn chosen(&self) -> Option<&SearchFind> {
        self.finds.get(self.entries().get(self.selected)?.find)
    }

    /// Lists all that are equal to the chosen one, or the newest alone again.
    pub(super) fn unfold(&mut self) {
        let Some(entry) = self.entries().get(self.selected).copied() else { return };
        if self.unfolded.remove(&entry.first) {
            self.selected -= entry.find - entry.first;
        } else if entry.count > 1 {
            self.unfolded.insert(entry.first);
        }
    }
}

/// The same line of the same pane.
fn are_equal(one: &SearchFind, two: &SearchFind) -> bool {
    (&one.ulid, &one.text) == (&two.ulid, &two.text)
}
