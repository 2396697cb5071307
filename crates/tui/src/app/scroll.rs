//! Looking back in a pane: the lines above the screen and the screen as it was when looking back
//! began, a cursor in them, a selection, a search. Owns the rows that are here, which are a part of
//! all that there are: lines above and below them are asked for by page when one comes near, and what
//! is far away is let go. A leap over many pages takes one.

mod action;
mod motion;
mod prompts;
mod search;
mod selection;
#[cfg(test)]
mod tests;
pub(crate) mod text;
mod window;

use std::collections::VecDeque;

use ccc_client::Mirror;
use ccc_client::proto::{PaneId, WireMark};
use ccc_vt::{Row, Size};

use self::motion::CharSearch;
use self::prompts::Prompts;
pub(crate) use self::search::Search;
use self::selection::Selection;
pub(crate) use self::selection::SelectionKind;
use self::text::LineText;
use self::window::PAGE;

/// A place in the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    pub(crate) row: usize,
    pub(crate) col: u16,
}

/// What older lines are asked for, beside those near the shown ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Want {
    /// To go to a line.
    Line(u64),
    /// To take the output of a command: from a mark to another one, or to the end.
    Output { start: WireMark, end: Option<WireMark>, edit: bool },
}

/// What became of a want.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) text: String,
    pub(super) edit: bool,
}

/// The state of looking back.
#[derive(Debug)]
pub(crate) struct Scroll {
    pane: PaneId,
    size: Size,
    /// History lines wrapped to the width, then the rows of the screen if they are here.
    rows: VecDeque<Row>,
    /// The logical line that each row is a part of.
    lines: VecDeque<u64>,
    /// The rows of the screen when looking back began, each with its line.
    screen: Vec<(u64, Row)>,
    /// They are here, behind the newest line.
    at_screen: bool,
    /// They begin in the middle of a line, and that is counted in.
    joined: bool,
    /// Rows that came in above those that were here first, less those that went there.
    above: isize,
    /// The lines that are here, from the oldest up to, not including, the newest.
    oldest: u64,
    newest: u64,
    /// The line that the screen begins with.
    end: u64,
    /// The oldest line that the server keeps, once it said so.
    first_kept: u64,
    loading: bool,
    /// The answer that is under way is not wanted any more.
    stale: bool,
    /// Lines asked for at once.
    page: u32,
    /// What is here is let go when the page from this line on comes.
    leap: Option<u64>,
    /// What is to be done once older lines are here.
    wants: Option<Want>,
    /// Text that was wanted and is here now.
    taken: Option<Taken>,
    /// Index of the topmost row shown.
    top: usize,
    cursor: Spot,
    selection: Option<Selection>,
    search: Search,
    prompts: Prompts,
    /// The next key is a character to go to.
    awaits: Option<CharSearch>,
    /// The last one that was gone to.
    char_search: Option<(CharSearch, String)>,
}

impl Scroll {
    pub(super) fn new(pane: PaneId, mirror: &Mirror) -> Self {
        let size = mirror.size();
        let cursor = mirror.cursor();
        let end = mirror.history_lines().0;
        let screen = numbered(end, mirror.rows().iter().map(AsRef::as_ref));
        Self {
            pane,
            size,
            lines: screen.iter().map(|(line, _)| *line).collect(),
            rows: screen.iter().map(|(_, row)| row.clone()).collect(),
            screen,
            at_screen: true,
            joined: false,
            above: 0,
            oldest: end,
            newest: end,
            end,
            first_kept: 0,
            loading: true,
            stale: false,
            page: PAGE,
            leap: None,
            wants: None,
            taken: None,
            top: 0,
            cursor: Spot { row: usize::from(cursor.row), col: cursor.col },
            selection: None,
            search: Search::default(),
            prompts: Prompts::default(),
            awaits: None,
            char_search: None,
        }
    }

    pub(crate) const fn pane(&self) -> PaneId {
        self.pane
    }

    /// The text that was wanted, once.
    pub(super) fn take_text(&mut self) -> Option<Taken> {
        self.taken.take()
    }

    /// The rows that are shown, top to bottom, with their indexes.
    pub(crate) fn shown(&self) -> impl Iterator<Item = (usize, &Row)> + Clone {
        self.rows.iter().enumerate().skip(self.top).take(usize::from(self.size.rows))
    }

    /// The cursor's place in the pane.
    pub(crate) fn cursor(&self) -> (u16, u16) {
        let row = self.cursor.row.saturating_sub(self.top);
        (self.cursor.col, u16::try_from(row).unwrap_or(0))
    }

    pub(crate) const fn selection(&self) -> Option<&Selection> {
        self.selection.as_ref()
    }

    pub(crate) const fn search(&self) -> &Search {
        &self.search
    }

    /// How many rows lie below the shown ones, and how many there are above all of the screen: a line that is
    /// not here counts as one.
    pub(crate) fn position(&self) -> (u64, u64) {
        let lines = |lines: u64, rows: usize| lines + rows as u64;
        let (screen, missing) = if self.at_screen {
            (self.size.rows, 0)
        } else {
            (0, self.end.saturating_sub(self.newest))
        };
        let above = self.oldest.saturating_sub(self.first_kept);
        let here = self.rows.len().saturating_sub(screen.into());
        let below = here.saturating_sub(self.top);
        (lines(missing, below), lines(above + missing, here))
    }

    pub(super) fn at_bottom(&self) -> bool {
        self.at_screen && self.top >= self.bottom_top()
    }

    /// The topmost row shown when the newest is at the bottom.
    fn bottom_top(&self) -> usize {
        self.rows.len().saturating_sub(usize::from(self.size.rows))
    }

    /// Moves the text under the cursor.
    pub(super) fn scroll_by(&mut self, rows: isize) {
        self.top = self.top.saturating_add_signed(rows).min(self.bottom_top());
        let last = self.top + usize::from(self.size.rows.saturating_sub(1));
        self.cursor.row = self.cursor.row.clamp(self.top, last.min(self.last_row()));
        self.drag();
    }

    /// Puts the cursor on a cell of the pane.
    pub(super) fn point(&mut self, col: u16, row: u16) {
        self.go(Spot { row: self.top + usize::from(row), col });
    }

    /// Puts the cursor somewhere and shows it.
    fn go(&mut self, spot: Spot) {
        self.cursor = Spot {
            row: spot.row.min(self.last_row()),
            col: spot.col.min(self.size.cols.saturating_sub(1)),
        };
        let height = usize::from(self.size.rows.max(1));
        if self.cursor.row < self.top {
            self.top = self.cursor.row;
        } else if self.cursor.row >= self.top + height {
            self.top = self.cursor.row + 1 - height;
        }
        self.drag();
    }

    fn last_row(&self) -> usize {
        self.rows.len().saturating_sub(1)
    }

    fn drag(&mut self) {
        let cursor = self.cursor;
        if let Some(selection) = &mut self.selection {
            selection.drag(cursor);
        }
    }

    /// Starts a selection at the cursor, changes its kind, or ends one of the same kind.
    pub(super) fn select(&mut self, kind: SelectionKind) {
        self.selection = match self.selection.take() {
            Some(selection) if selection.kind() == kind => None,
            Some(selection) => Some(selection.into_kind(kind)),
            None => Some(Selection::new(kind, self.cursor)),
        };
    }

    pub(super) fn clear_selection(&mut self) {
        self.selection = None;
    }

    /// The selected text.
    pub(super) fn selected_text(&self) -> Option<String> {
        Some(self.selection.as_ref()?.text(&self.rows))
    }

    fn select_span(&mut self, kind: SelectionKind, from: Spot, to: Spot) {
        self.cursor = to;
        let mut selection = Selection::new(kind, from);
        selection.drag(to);
        self.selection = Some(selection);
    }

    /// A row counted from those that were here first.
    fn id(&self, row: usize) -> isize {
        isize::try_from(row).unwrap_or(isize::MAX) - self.above
    }

    fn row_of_id(&self, id: isize) -> usize {
        usize::try_from(id + self.above).unwrap_or(0)
    }

    /// The logical line that a row is a part of.
    fn line_at(&self, row: usize) -> u64 {
        self.lines.get(row).copied().unwrap_or(self.oldest)
    }

    /// The first row of a logical line, or of the next one that is here.
    fn row_of(&self, line: u64) -> usize {
        self.lines.partition_point(|number| *number < line).min(self.last_row())
    }

    /// The first row of the logical line that a row is in.
    fn line_start(&self, row: usize) -> usize {
        let mut first = row.min(self.last_row());
        while first > 0 && self.rows.get(first - 1).is_some_and(|above| above.wrapped) {
            first -= 1;
        }
        first
    }

    /// The row behind the logical line that a row is in.
    fn line_end(&self, row: usize) -> usize {
        let mut last = row;
        while self.rows.get(last).is_some_and(|row| row.wrapped) {
            last += 1;
        }
        (last + 1).min(self.rows.len())
    }

    /// The text of the logical line that begins with a row, and the row behind it.
    fn line_text(&self, first: usize) -> (LineText, usize) {
        let next = self.line_end(first);
        (LineText::of(self.rows.range(first..next.max(first)), first), next)
    }
}

/// The rows of a screen, each with its logical line, from the one that begins with it.
fn numbered<'a>(first: u64, rows: impl Iterator<Item = &'a Row>) -> Vec<(u64, Row)> {
    let mut number = first;
    rows.map(|row| {
        let here = number;
        number += u64::from(!row.wrapped);
        (here, row.clone())
    })
    .collect()
}
