//! Which lines are here: pages come in above and below, what is far away goes, and a leap begins anew
//! somewhere else. Owns what is asked for and when, and that nothing between two lines is missing.

use ccc_client::page_lines;
use ccc_client::proto::{Ext, HistoryPage, HistoryRequest};
use ccc_vt::Line;

use super::{Scroll, Spot, Taken, Want};
use crate::app::{Effect, Purpose};

/// Lines asked for at once: most, and least when they are so long that an answer does not hold them.
pub(super) const PAGE: u32 = 1000;
const LEAST: u32 = 8;
/// Rows beside the shown ones at which more lines are asked for.
pub(super) const NEAR: usize = 500;
/// Lines further away than this are leapt to: what lies between is not asked for.
const FAR: u64 = 3 * PAGE as u64;
/// Rows that are kept here: some ten megabytes, and more than anybody has in view.
pub(super) const MOST: usize = 20_000;

impl Scroll {
    /// The request for the lines above those that are here.
    pub(in crate::app) fn older(&self) -> Option<Effect> {
        if self.oldest <= self.first_kept {
            return None;
        }
        let from = self.oldest.saturating_sub(u64::from(self.page)).max(self.first_kept);
        Some(self.request(from, self.oldest))
    }

    /// The request for the lines below those that are here.
    fn newer(&self) -> Option<Effect> {
        let to = self.newest.saturating_add(u64::from(self.page)).min(self.end);
        (!self.at_screen).then(|| self.request(self.newest, to))
    }

    fn request(&self, from: u64, to: u64) -> Effect {
        let count = u32::try_from(to.saturating_sub(from)).unwrap_or(PAGE).clamp(1, PAGE);
        let message = HistoryRequest { pane: self.pane, from, count, ext: Ext::none() };
        let purpose = Purpose::History(self.pane);
        Effect::Request { message: Box::new(message.into()), purpose }
    }

    /// Asks for what is missing: for a jump, for a search, or because the shown rows come near an end of
    /// those that are here.
    pub(super) fn ask_if_needed(&mut self) -> Option<Effect> {
        if self.loading {
            return None;
        }
        let effect = match (self.wants.and_then(|want| self.missing(want)), self.search.pending()) {
            (Some(line), _) => self.towards(line),
            (None, Some(true)) => self.newer(),
            (None, Some(false)) => self.older(),
            (None, None) if self.top < NEAR => self.older(),
            (None, None) if self.bottom_top().saturating_sub(self.top) < NEAR => self.newer(),
            (None, None) => None,
        };
        self.loading = effect.is_some();
        effect
    }

    /// Asks for the lines between here and there, or for those there when there are too many.
    fn towards(&mut self, line: u64) -> Option<Effect> {
        let far =
            if line < self.oldest { self.oldest - line } else { line - self.newest.min(line) };
        // All of an output is needed.
        if far <= FAR || !self.may_let_go() {
            return if line < self.oldest { self.older() } else { self.newer() };
        }
        let from = line.saturating_sub(u64::from(self.page) / 2).max(self.first_kept);
        self.leap = Some(from);
        Some(self.request(from, from.saturating_add(u64::from(self.page)).min(self.end)))
    }

    /// Takes lines in that were asked for, and gives the next request if more are needed.
    pub(in crate::app) fn on_page(&mut self, page: &HistoryPage) -> Option<Effect> {
        self.loading = false;
        self.first_kept = page.first_kept.min(self.end);
        let Ok(lines) = page_lines(page) else {
            self.on_failure();
            return None;
        };
        if std::mem::take(&mut self.stale) {
            return self.ask_if_needed();
        }
        if let Some(from) = self.leap.take() {
            let from = lines.first().map_or(from, |line| line.number.0);
            self.let_go(from);
        }
        if lines.last().is_some_and(|line| line.open) {
            self.join_screen();
        }
        if lines.first().is_some_and(|line| line.number.0 < self.oldest) {
            let adjoins = lines.last().is_some_and(|line| line.number.0 + 1 >= self.oldest);
            if !adjoins && self.page > LEAST {
                // The lines are so long that the answer ends before the ones that are here.
                self.page = (self.page / 4).max(LEAST);
                return self.ask_if_needed();
            }
            self.take_above(&lines);
        } else if !self.at_screen {
            self.take_below(&lines);
        } else {
            // There are none, whatever the server said before.
            self.first_kept = self.oldest;
        }
        self.do_wanted();
        self.ask_if_needed()
    }

    /// The screen begins in the middle of a line, which is counted as one above it.
    fn join_screen(&mut self) {
        if std::mem::replace(&mut self.joined, true) {
            return;
        }
        self.screen.iter_mut().for_each(|(line, _)| *line -= 1);
        if self.at_screen {
            let first = self.lines.len().saturating_sub(self.screen.len());
            self.lines.range_mut(first..).for_each(|line| *line -= 1);
        }
    }

    fn take_above(&mut self, lines: &[Line]) {
        let oldest = self.oldest;
        let mut added = 0;
        for line in lines.iter().rev().filter(|line| line.number.0 < oldest) {
            added += self.push_above(line);
        }
        self.oldest = lines.first().map_or(oldest, |first| first.number.0.min(oldest));
        self.shift(isize::try_from(added).unwrap_or(0));
        self.search_above(added);
        if self.may_let_go() {
            self.trim_below();
        }
    }

    fn take_below(&mut self, lines: &[Line]) {
        let first = self.rows.len();
        for line in lines.iter().filter(|line| line.number.0 >= self.newest) {
            for row in line.wrap(self.size.cols) {
                self.rows.push_back(row);
                self.lines.push_back(line.number.0);
            }
        }
        self.newest = lines.last().map_or(self.end, |last| (last.number.0 + 1).max(self.newest));
        if self.newest >= self.end {
            self.take_screen();
        }
        self.search_below(first);
        if self.may_let_go() {
            self.trim_above();
        }
    }

    /// The screen is behind the newest line.
    fn take_screen(&mut self) {
        self.at_screen = true;
        self.newest = self.end;
        self.rows.extend(self.screen.iter().map(|(_, row)| row.clone()));
        self.lines.extend(self.screen.iter().map(|(line, _)| *line));
    }

    /// Lets everything go that is here, to go on with a line.
    fn let_go(&mut self, line: u64) {
        self.rows.clear();
        self.lines.clear();
        self.at_screen = false;
        (self.above, self.oldest, self.newest) = (0, line, line);
        (self.top, self.cursor) = (0, Spot::default());
        self.selection = None;
        self.search.let_go();
    }

    /// Rows came in above, or went there.
    fn shift(&mut self, rows: isize) {
        self.top = self.top.saturating_add_signed(rows);
        self.cursor.row = self.cursor.row.saturating_add_signed(rows);
        if let Some(selection) = &mut self.selection {
            selection.shift(usize::try_from(rows).unwrap_or(0));
        }
        self.above += rows;
    }

    /// Whether nobody needs what is far from the shown rows.
    const fn may_let_go(&self) -> bool {
        self.selection.is_none() && !matches!(self.wants, Some(Want::Output { .. }))
    }

    /// Whole lines go where they are too many, far from what is shown.
    fn trim_below(&mut self) {
        let shown = self.top + usize::from(self.size.rows) + NEAR;
        // A search goes on without the rows that it began in, and goes back to them if it finds nothing.
        let kept = if self.search.pending().is_some() { MOST } else { MOST.max(shown) };
        if self.rows.len() <= kept {
            return;
        }
        let cut = self.line_start(kept);
        self.newest = self.line_at(cut);
        self.at_screen = false;
        self.rows.truncate(cut);
        self.lines.truncate(cut);
        self.top = self.top.min(self.bottom_top());
        self.cursor.row = self.cursor.row.min(self.last_row());
        self.search_trimmed();
    }

    fn trim_above(&mut self) {
        let unseen = self.top.saturating_sub(2 * NEAR);
        let unseen = if self.search.pending().is_some() { usize::MAX } else { unseen };
        let over = self.rows.len().saturating_sub(MOST).min(unseen);
        let cut = self.line_start(over);
        if cut == 0 {
            return;
        }
        self.rows.drain(..cut);
        self.lines.drain(..cut);
        self.oldest = self.line_at(0);
        self.shift(-isize::try_from(cut).unwrap_or(0));
        self.search_trimmed();
    }

    pub(in crate::app) fn on_failure(&mut self) {
        (self.loading, self.stale) = (false, false);
        self.leap = None;
        self.wants = None;
        self.first_kept = self.oldest;
        if !self.at_screen {
            self.go_to_screen();
        }
    }

    /// Waits for nothing that was wanted before.
    pub(super) fn wait_no_more(&mut self) {
        self.wants = None;
        self.stale |= self.leap.take().is_some();
    }

    /// To the newest row of all, and that is the screen's.
    pub(super) fn go_to_screen(&mut self) {
        self.wait_no_more();
        if !self.at_screen {
            self.stale = self.loading;
            self.let_go(self.end);
            self.take_screen();
        }
        self.go(Spot { row: self.last_row(), col: 0 });
    }

    /// Does something as soon as the lines are here that it needs.
    pub(super) fn want(&mut self, want: Want) {
        self.wait_no_more();
        self.wants = Some(want);
        self.do_wanted();
    }

    /// A line that is not here and is wanted.
    fn missing(&self, want: Want) -> Option<u64> {
        let (first, last) = match want {
            Want::Line(line) => (line, line),
            Want::Output { start, end, .. } => (start.line, end.map_or(u64::MAX, |end| end.line)),
        };
        let first = first.max(self.first_kept);
        if first < self.oldest {
            return Some(first);
        }
        // The last line of all is on the screen.
        (last >= self.newest && !self.at_screen).then_some(last.min(self.end))
    }

    pub(super) fn do_wanted(&mut self) {
        let Some(want) = self.wants else { return };
        if self.missing(want).is_some() {
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

    pub(super) fn push_above(&mut self, line: &Line) -> usize {
        let rows = line.wrap(self.size.cols);
        let count = rows.len();
        for row in rows.into_iter().rev() {
            self.rows.push_front(row);
            self.lines.push_front(line.number.0);
        }
        count
    }
}
