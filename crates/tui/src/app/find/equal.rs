//! Finds that are equal. Owns which of them are one entry of the list, and which entries show all of theirs: a program
//! that draws anew prints the same lines again, and nobody looks for each of these.

use ccc_client::proto::SearchFind;

use super::Finding;

/// How many other entries may have been met since the last find that a find is equal to. What is drawn anew is
/// often more than one line, of which some change. Beyond as many it is another occasion, which has an entry of its own.
const NEAR: usize = 8;

/// An entry of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FindEntry {
    /// Its find, by its index.
    pub(crate) find: usize,
    /// The newest of those that are equal to it and near to it, by its index.
    first: usize,
    /// How many of those are listed above it.
    above: usize,
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
    /// What is listed: those that are equal and near to each other are one entry, which stands where the newest does,
    /// until it is unfolded.
    pub(crate) fn entries(&self) -> Vec<FindEntry> {
        let mut entries = Vec::new();
        for equal in near_equal(&self.finds) {
            let Some(first) = equal.first().copied() else { continue };
            entries.push(FindEntry { find: first, first, above: 0, count: equal.len() });
            if self.unfolded.contains(&first) {
                let older = equal.into_iter().enumerate().skip(1);
                entries.extend(older.map(|(above, find)| FindEntry {
                    find,
                    first,
                    above,
                    count: 1,
                }));
            }
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
            self.selected -= entry.above;
        } else if entry.count > 1 {
            self.unfolded.insert(entry.first);
        }
    }

    /// Takes more finds in, which are older than all before. What is chosen stays so, and what stands at the top: an
    /// entry above them may get more lines.
    pub(super) fn extend(&mut self, finds: Vec<SearchFind>) {
        let before = self.entries();
        let [chosen, top] =
            [self.selected, self.top].map(|at| before.get(at).map(|entry| entry.find));
        self.finds.extend(finds);
        let after = self.entries();
        let place = |find| after.iter().position(|entry| Some(entry.find) == find);
        self.selected = place(chosen).unwrap_or(self.selected);
        self.top = place(top).unwrap_or(self.top);
    }
}

/// Finds by their indexes, those that are equal and near together; the first of each in order.
fn near_equal(finds: &[SearchFind]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    // The groups that were met last, the latest at the end.
    let mut met: Vec<usize> = Vec::new();
    for (index, find) in finds.iter().enumerate() {
        let is_equal = |group: &usize| {
            let first = groups.get(*group).and_then(|group| finds.get(*group.first()?));
            first.is_some_and(|first| are_equal(first, find))
        };
        let group = match met.iter().rposition(is_equal) {
            Some(at) => met.remove(at),
            None => {
                groups.push(Vec::new());
                groups.len() - 1
            }
        };
        met.push(group);
        met.drain(..met.len().saturating_sub(NEAR + 1));
        if let Some(group) = groups.get_mut(group) {
            group.push(index);
        }
    }
    groups
}

/// The same line of the same pane.
fn are_equal(one: &SearchFind, two: &SearchFind) -> bool {
    (&one.ulid, &one.text) == (&two.ulid, &two.text)
}
