//! Scrolling: rows move with their ids, new ones come in, old ones go to the scrollback.

use super::Engine;
use crate::cell::PackedCell;
use crate::grid::{GridRow, next_id};

impl Engine {
    /// Scrolls the region up by `count` rows. `continues` says that the region's last row goes on
    /// in the one that comes in.
    pub(super) fn scroll_up(&mut self, count: usize, continues: bool) {
        self.scroll_part_up(self.top, count, continues, true);
    }

    /// Scrolls rows from `top` to the region's end up. Rows that leave at the top of the primary
    /// screen are kept if `keep`.
    pub(super) fn scroll_part_up(&mut self, top: usize, count: usize, continues: bool, keep: bool) {
        if !self.full_width() {
            return self.shift_up(top, count);
        }
        let bottom = self.bottom;
        let keep = keep && top == 0 && !self.modes.alternate_screen;
        let blank = self.blank();
        let cols = self.cols();
        let now = self.now();
        if !continues {
            self.unwrap_row(bottom);
        }
        if top > 0 {
            self.unwrap_row(top - 1);
        }
        for _ in 0..count.min(bottom - top + 1) {
            if keep {
                let row = self.grid.row(0);
                keep_row(row, cols, &mut self.scrollback, &self.tables);
            }
            let row = self.grid.rotate_up(top, bottom);
            renew(row, &mut self.next_row, now, blank, cols);
        }
        self.touch();
    }

    /// Scrolls the region down by `count` rows.
    pub(super) fn scroll_down(&mut self, count: usize) {
        self.scroll_part_down(self.top, count);
    }

    pub(super) fn scroll_part_down(&mut self, top: usize, count: usize) {
        if !self.full_width() {
            return self.shift_down(top, count);
        }
        let bottom = self.bottom;
        let blank = self.blank();
        let cols = self.cols();
        let now = self.now();
        if top > 0 {
            self.unwrap_row(top - 1);
        }
        for _ in 0..count.min(bottom - top + 1) {
            let row = self.grid.rotate_down(top, bottom);
            renew(row, &mut self.next_row, now, blank, cols);
        }
        self.unwrap_row(bottom);
        self.touch();
    }

    /// The line of row `y` ends there.
    pub(super) fn unwrap_row(&mut self, y: usize) {
        if self.grid.row(y).wrapped {
            self.grid.row_mut(y).wrapped = false;
            self.touch_row(y);
        }
    }

    /// ED 2 and leaving a screen for good: what the primary screen shows goes to the scrollback,
    /// as far as anything was written.
    pub(super) fn keep_screen(&mut self) {
        if self.modes.alternate_screen {
            return;
        }
        let written = self.grid.iter().rposition(|row| row.text_end() > 0);
        let cols = self.cols();
        for y in 0..written.map_or(0, |last| last + 1) {
            keep_row(self.grid.row(y), cols, &mut self.scrollback, &self.tables);
        }
        self.scrollback.close();
    }
}

/// Gives a row to the scrollback.
#[inline]
pub(super) fn keep_row(
    row: &GridRow,
    cols: usize,
    scrollback: &mut crate::Scrollback,
    tables: &crate::intern::Tables,
) {
    if row.wrapped && row.cells.len() < cols {
        // Blanks inside a line count: the rest of it stands after them.
        let mut cells = row.cells.clone();
        cells.resize(cols, PackedCell::BLANK);
        return scrollback.push(&cells, true, tables);
    }
    let end = if row.wrapped { row.cells.len() } else { row.end() };
    scrollback.push(row.cells.get(..end).unwrap_or_default(), row.wrapped, tables);
}

#[inline]
fn renew(row: &mut GridRow, next_row: &mut u64, now: crate::Seq, blank: PackedCell, cols: usize) {
    row.cells.clear();
    if blank != PackedCell::BLANK {
        row.cells.resize(cols, blank);
    }
    row.wrapped = false;
    row.seq = now;
    row.id = next_id(next_row);
}
