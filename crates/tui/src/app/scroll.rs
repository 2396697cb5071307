//! Looking back in a pane: the lines above the screen and the screen as it was when looking back
//! began, a cursor in them, a selection, a search. Owns the rows that are shown; older lines are
//! asked for by page when one comes near the top.

mod action;
mod motion;
mod prompts;
mod search;
mod selection;
#[cfg(test)]
mod tests;
pub(crate) mod text;

use std::collections::VecDeque;

use ccc_client::proto::{Ext, HistoryPage, HistoryRequest, PaneId, WireMark};
use ccc_client::{Mirror, page_lines};
use ccc_vt::{Line, Row, Size};

use self::motion::CharSearch;
use self::prompts::Prompts;
pub(crate) use self::search::Search;
use self::selection::Selection;
pub(crate) use self::selection::SelectionKind;
use self::text::LineText;
use super::{Effect, Purpose};

/// Lines asked for at once.
const PAGE: u32 = 1000;
/// Rows above the shown ones at which older lines are asked for.
const NEAR: usize = 500;

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

impl Want {
    const fn line(self) -> u64 {
        match self {
            Self::Line(line) => line,
            Self::Output { start, .. } => start.line,
        }
    }
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
    /// History lines wrapped to the width, then the rows of the screen.
    rows: VecDeque<Row>,
    /// The logical line that each row is a part of.
    lines: VecDeque<u64>,
    /// Rows that came in above those that were here first.
    above: usize,
    /// The oldest line that is here; those below it are asked for by page.
    oldest: u64,
    /// The oldest line that the server keeps, once it said so.
    first_kept: u64,
    loading: bool,
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
        Self {
            pane,
            size,
            lines: numbered(mirror.history_lines().0, mirror.rows().iter().map(AsRef::as_ref)),
            rows: mirror.rows().iter().map(|row| Row::clone(row)).collect(),
            above: 0,
            oldest: mirror.history_lines().0,
            first_kept: 0,
            loading: true,
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

    /// The request for the lines above those that are here.
    pub(super) fn older(&self) -> Option<Effect> {
        if self.oldest <= self.first_kept {
            return None;
        }
        let from = self.oldest.saturating_sub(u64::from(PAGE)).max(self.first_kept);
        let count = u32::try_from(self.oldest - from).unwrap_or(PAGE);
        let message = HistoryRequest { pane: self.pane, from, count, ext: Ext::none() };
        let purpose = Purpose::History(self.pane);
        Some(Effect::Request { message: Box::new(message.into()), purpose })
    }

    /// Asks for older lines when the shown ones come near the oldest that are here.
    fn older_if_near(&mut self) -> Option<Effect> {
        if self.loading || self.top >= NEAR {
            return None;
        }
        let effect = self.older();
        self.loading = effect.is_some();
        effect
    }

    /// Asks for older lines when a search or a jump needs them, or the shown ones come near.
    fn older_if_needed(&mut self) -> Option<Effect> {
        if !self.loading && (self.search.is_pending() || self.wants.is_some()) {
            return self.ask_on();
        }
        self.older_if_near()
    }

    /// Takes older lines in, and gives the request for still older ones if they are needed.
    pub(super) fn on_page(&mut self, page: &HistoryPage) -> Option<Effect> {
        self.loading = false;
        self.first_kept = page.first_kept.min(self.oldest);
        let Ok(lines) = page_lines(page) else {
            self.first_kept = self.oldest;
            return None;
        };
        if self.above == 0 && lines.last().is_some_and(|line| line.open) {
            // The screen begins in the middle of that line, which is counted as one above it.
            self.lines.iter_mut().for_each(|number| *number -= 1);
        }
        let mut added = 0;
        let oldest = self.oldest;
        for line in lines.iter().rev().filter(|line| line.number.0 < oldest) {
            added += self.push_above(line);
        }
        match lines.first() {
            Some(first) => self.oldest = self.oldest.min(first.number.0),
            None => self.first_kept = self.oldest,
        }
        self.top += added;
        self.cursor.row += added;
        if let Some(selection) = &mut self.selection {
            selection.shift(added);
        }
        self.above += added;
        self.search_further(added);
        self.do_wanted();
        if self.search.is_pending() || self.wants.is_some() {
            self.ask_on()
        } else {
            self.older_if_near()
        }
    }

    fn ask_on(&mut self) -> Option<Effect> {
        let effect = self.older();
        self.loading = effect.is_some();
        effect
    }

    pub(super) const fn on_failure(&mut self) {
        self.loading = false;
        self.first_kept = self.oldest;
        self.wants = None;
    }

    /// Does something as soon as the line is here that it begins with.
    fn want(&mut self, want: Want) {
        self.wants = Some(want);
        self.do_wanted();
    }

    fn do_wanted(&mut self) {
        let Some(want) = self.wants else { return };
        if want.line() < self.oldest && self.oldest > self.first_kept {
            if let Want::Line(_) = want {
                self.go(Spot::default());
            }
            return;
        }
        self.wants = None;
        match want {
            Want::Line(line) => {
                let row = self.row_of(line);
                self.go(Spot { row, col: 0 });
                self.top = row.min(self.bottom_top());
            }
            Want::Output { start, end, edit } => {
                self.taken = Some(Taken { text: self.text_between(start, end), edit });
            }
        }
    }

    /// The text that was wanted, once.
    pub(super) fn take_text(&mut self) -> Option<Taken> {
        self.taken.take()
    }

    fn push_above(&mut self, line: &Line) -> usize {
        let rows = line.wrap(self.size.cols);
        let count = rows.len();
        for row in rows.into_iter().rev() {
            self.rows.push_front(row);
            self.lines.push_front(line.number.0);
        }
        count
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

    /// How many rows lie below the shown ones, and how many there are above.
    pub(crate) fn position(&self) -> (usize, usize) {
        (self.bottom_top() - self.top, self.bottom_top())
    }

    pub(super) fn at_bottom(&self) -> bool {
        self.top >= self.bottom_top()
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
        let signed = |number: usize| isize::try_from(number).unwrap_or(isize::MAX);
        signed(row) - signed(self.above)
    }

    fn row_of_id(&self, id: isize) -> usize {
        self.above.saturating_add_signed(id)
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

/// The logical line of each row of a screen, from the one that begins with it.
fn numbered<'a>(first: u64, rows: impl Iterator<Item = &'a Row>) -> VecDeque<u64> {
    let mut number = first;
    rows.map(|row| {
        let here = number;
        number += u64::from(!row.wrapped);
        here
    })
    .collect()
}
