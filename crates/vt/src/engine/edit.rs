//! Erasing, inserting, deleting.

use std::ops::Range;

use super::Engine;
use crate::{Attrs, Notice};

impl Engine {
    /// Erases columns of a row. `selective` leaves protected cells (DECSCA) alone.
    pub(super) fn erase(&mut self, y: usize, range: Range<usize>, selective: bool) {
        let blank = self.blank();
        let cols = self.cols();
        let (start, end) = (range.start.min(cols), range.end.min(cols));
        if start == end {
            return;
        }
        if end == cols {
            self.unwrap_row(y);
        }
        if self.grid.row(y).is_filled(start..end, blank) {
            return;
        }
        if selective {
            let protected = |x: usize| {
                let style = self.tables.style(self.grid.row(y).cell(x).style);
                style.attrs.contains(Attrs::PROTECTED)
            };
            let open: Vec<usize> = (start..end).filter(|x| !protected(*x)).collect();
            for x in open {
                self.grid.row_mut(y).fill(x..x + 1, blank, cols);
            }
        } else {
            self.grid.row_mut(y).fill(start..end, blank, cols);
        }
        self.touch_row(y);
    }

    /// EL, DECSEL.
    pub(super) fn erase_line(&mut self, what: u16, selective: bool) {
        let (x, y, cols) = (self.cursor.x, self.cursor.y, self.cols());
        match what {
            0 => return self.erase(y, self.rest_of_row(), selective),
            1 => self.erase(y, 0..x + 1, selective),
            2 => self.erase(y, 0..cols, selective),
            _ => return,
        }
        self.end_wrap();
    }

    /// The columns from the cursor on, but not the one under it while a wrap is pending: programs
    /// end a full row with EL, and its last character has to stay (alacritty, kitty, VTE and tmux
    /// agree; xterm erases it).
    fn rest_of_row(&self) -> Range<usize> {
        self.cursor.x + usize::from(self.cursor.wrap_pending)..self.cols()
    }

    /// A pending wrap ends where the cursor's cell is erased: the next character goes there.
    pub(super) fn end_wrap(&mut self) {
        if self.cursor.wrap_pending {
            self.cursor.wrap_pending = false;
            self.touch();
        }
    }

    /// ED, DECSED.
    pub(super) fn erase_display(&mut self, what: u16, selective: bool) {
        let (x, y, cols, rows) = (self.cursor.x, self.cursor.y, self.cols(), self.rows());
        match what {
            0 => {
                if x == 0 && y == 0 && !selective {
                    self.keep_screen();
                    self.clear_placements();
                }
                self.erase(y, self.rest_of_row(), selective);
                for row in y + 1..rows {
                    self.erase(row, 0..cols, selective);
                }
                return;
            }
            1 => {
                for row in 0..y {
                    self.erase(row, 0..cols, selective);
                }
                self.erase(y, 0..x + 1, selective);
            }
            2 => {
                if !selective {
                    self.keep_screen();
                    self.clear_placements();
                }
                for row in 0..rows {
                    self.erase(row, 0..cols, selective);
                }
            }
            3 => {
                let line = self.scrollback.end();
                self.notice(Notice::Fold { line, offset: self.event_offset() });
                return;
            }
            _ => return,
        }
        self.end_wrap();
    }

    /// ECH.
    pub(super) fn erase_chars(&mut self, count: usize) {
        let (x, y) = (self.cursor.x, self.cursor.y);
        self.erase(y, x..x + count, false);
        self.end_wrap();
    }

    /// ICH. Nothing outside the side margins, like DCH.
    pub(super) fn insert_chars(&mut self, count: usize) {
        if !self.in_columns() {
            return;
        }
        let (x, y, cols) = (self.cursor.x, self.cursor.y, self.cols());
        let (end, blank) = (self.limit(), self.blank());
        self.unwrap_row(y);
        self.grid.row_mut(y).insert(x, count, blank, end, cols);
        self.touch_row(y);
        self.end_wrap();
    }

    /// DCH.
    pub(super) fn delete_chars(&mut self, count: usize) {
        if !self.in_columns() {
            return;
        }
        let (x, y, cols) = (self.cursor.x, self.cursor.y, self.cols());
        let (end, blank) = (self.limit(), self.blank());
        self.unwrap_row(y);
        self.grid.row_mut(y).delete(x, count, blank, end, cols);
        self.touch_row(y);
        self.end_wrap();
    }

    /// IL. Nothing outside the region, as DEC has it.
    pub(super) fn insert_lines(&mut self, count: usize) {
        if self.in_region() {
            self.scroll_part_down(self.cursor.y, count);
            self.carriage_return();
        }
    }

    /// DL. What is deleted is gone: it did not scroll.
    pub(super) fn delete_lines(&mut self, count: usize) {
        if self.in_region() {
            self.scroll_part_up(self.cursor.y, count, false, false);
            self.carriage_return();
        }
    }

    /// DECALN: the screen full of `E`.
    pub(super) fn alignment_pattern(&mut self) {
        let cols = self.cols();
        let line = vec![b'E'; cols];
        self.reset_margins();
        for y in 0..self.rows() {
            self.unwrap_row(y);
            let row = self.grid.row_mut(y);
            row.write_ascii(0, &line, crate::cell::StyleId(0), cols);
            self.touch_row(y);
        }
        self.move_to(0, 0);
    }
}
