//! The marks that a shell leaves in what a pane prints. Owns how many are kept in memory, and how those
//! from before this server's life are found again in the recording.

use std::collections::VecDeque;
use std::path::Path;

use ccc_journal::{Error, Offset, first_offset};
use ccc_play::{Fold, Opened, TURN_BYTES};
use ccc_vt::{Mark, Notice, Size};

use super::limits;

/// Marks kept for a pane: those of two thousand commands.
const KEPT: usize = 8192;
/// How far back a recording is folded for older marks, in bytes: a fraction of a second.
const BACK: u64 = 16 * 1024 * 1024;

/// The marks of one pane, in their order.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// The byte from which on they were heard; `None` before the first turn.
    since: Option<Offset>,
    marks: VecDeque<Mark>,
    /// Whether there may have been more before the first one.
    cut: bool,
    /// Older ones were looked for.
    complete: bool,
}

impl Marks {
    /// Takes what a turn that began at a byte said.
    pub(super) fn hear(&mut self, from: Offset, notices: &[Notice]) {
        self.since.get_or_insert(from);
        for notice in notices {
            if let Notice::Mark(mark) = notice {
                self.marks.push_back(*mark);
            }
        }
        while self.marks.len() > KEPT {
            self.marks.pop_front();
            self.cut = true;
        }
    }

    /// Up to which byte older marks are still to be looked for.
    pub(crate) fn missing_before(&self) -> Option<Offset> {
        self.since.filter(|since| !self.complete && since.0 > 0)
    }

    /// Takes the older ones that were found; `cut` when the search did not reach the beginning.
    pub(crate) fn found(&mut self, older: Vec<Mark>, cut: bool) {
        // Another request may have found them meanwhile.
        if std::mem::replace(&mut self.complete, true) {
            return;
        }
        self.cut |= cut;
        let room = KEPT.saturating_sub(self.marks.len());
        self.cut |= older.len() > room;
        for mark in older.into_iter().rev().take(room) {
            self.marks.push_front(mark);
        }
    }

    /// Those on a line or behind it, and whether there may have been more before the first one kept.
    pub(crate) fn since_line(&self, line: u64) -> (Vec<Mark>, bool) {
        let marks = self.marks.iter().filter(|mark| mark.line.0 >= line).copied().collect();
        (marks, self.cut)
    }
}

/// The marks of a recording before a byte, and whether there may be more before them.
pub(crate) fn from_disk(dir: &Path, size: Size, until: Offset) -> Result<(Vec<Mark>, bool), Error> {
    let first = first_offset(dir)?;
    let start = Offset(until.0.saturating_sub(BACK)).max(first);
    let Opened { mut fold, mut screen, .. } = Fold::open(dir, start, size, limits())?;
    let began = fold.offset();
    let mut marks = Vec::new();
    fold.fold_until(until, &mut screen, &mut vec![0; TURN_BYTES], |screen| {
        marks.extend(screen.take_notices().into_iter().filter_map(|notice| match notice {
            Notice::Mark(mark) => Some(mark),
            _ => None,
        }));
    })?;
    Ok((marks, began.0 > 0))
}

#[cfg(test)]
mod tests {
    use ccc_vt::{LineNumber, MarkKind};

    use super::*;

    fn mark(offset: u64) -> Mark {
        let line = LineNumber(offset / 10);
        Mark { kind: MarkKind::PromptStart, begin: offset, offset, line, column: 0 }
    }

    fn offsets(marks: &Marks) -> Vec<u64> {
        marks.since_line(0).0.iter().map(|mark| mark.offset).collect()
    }

    #[test]
    fn older_ones_are_looked_for_once_and_stand_before() {
        let mut marks = Marks::default();
        assert_eq!(marks.missing_before(), None);
        marks.hear(Offset(100), &[Notice::Mark(mark(110))]);
        marks.hear(Offset(120), &[Notice::Mark(mark(130))]);
        assert_eq!(marks.missing_before(), Some(Offset(100)));
        marks.found(vec![mark(20), mark(40)], false);
        marks.found(vec![mark(20), mark(40)], true);
        assert_eq!(offsets(&marks), [20, 40, 110, 130]);
        assert_eq!(marks.missing_before(), None);
        let (later, cut) = marks.since_line(4);
        assert_eq!((later.len(), cut), (3, false));
    }

    #[test]
    fn a_pane_that_was_heard_from_its_beginning_has_nothing_older() {
        let mut marks = Marks::default();
        marks.hear(Offset::ZERO, &[]);
        assert_eq!(marks.missing_before(), None);
    }

    #[test]
    fn no_more_are_kept_than_there_is_room_for() {
        let mut marks = Marks::default();
        let many: Vec<_> = (0..KEPT as u64 + 5).map(|at| Notice::Mark(mark(at + 1000))).collect();
        marks.hear(Offset(1000), &many);
        assert_eq!(marks.since_line(0).0.len(), KEPT);
        assert!(marks.since_line(0).1);
        marks.found(vec![mark(1)], false);
        assert_eq!(offsets(&marks).first(), Some(&1005));
    }
}
