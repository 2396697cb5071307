//! Moving the cursor: controls, tabs, relative and absolute positions.

use super::Engine;
use crate::Notice;

/// A tab stop every this many columns.
const TAB: usize = 8;

impl Engine {
    /// A C0 control, or a C1 control that stands alone.
    pub(super) fn put_control(&mut self, byte: u8) {
        match byte {
            0x07 => self.bell(),
            0x08 => self.backspace(),
            0x09 => self.tab(1),
            0x0a..=0x0c => {
                self.index();
                if self.modes.newline {
                    self.carriage_return();
                }
            }
            0x0d => self.carriage_return(),
            0x0e => self.cursor.charsets.shown = 1,
            0x0f => self.cursor.charsets.shown = 0,
            0x84 => self.index(),
            0x85 => {
                self.index();
                self.carriage_return();
            }
            0x88 => self.set_tab(true),
            0x8d => self.reverse_index(),
            0x8e => self.cursor.charsets.single = Some(2),
            0x8f => self.cursor.charsets.single = Some(3),
            _ => {}
        }
    }

    fn bell(&mut self) {
        // A row of bells is one.
        if self.end != self.bell_end.wrapping_add(1) {
            self.notice(Notice::Bell { offset: self.event_offset() });
        }
        self.bell_end = self.end;
    }

    fn backspace(&mut self) {
        if self.cursor.x == 0 && self.modes.reverse_wrap && self.modes.autowrap {
            // Between side margins no row continues another.
            let y = self.cursor.y;
            if y > self.top && self.grid.row(y - 1).wrapped {
                self.move_to(self.cols() - 1, y - 1);
            }
            return;
        }
        self.left(1);
    }

    pub(super) fn carriage_return(&mut self) {
        let x = if self.cursor.origin { self.left } else { self.left_stop() };
        self.move_to(x, self.cursor.y);
    }

    /// IND: down, scrolling at the bottom margin.
    #[inline]
    pub(super) fn index(&mut self) {
        self.cursor.wrap_pending = false;
        if self.cursor.y == self.bottom {
            if self.in_columns() {
                self.scroll_up(1, false);
            }
        } else if self.cursor.y + 1 < self.rows() {
            self.cursor.y += 1;
            self.touch();
        }
    }

    /// RI: up, scrolling at the top margin.
    pub(super) fn reverse_index(&mut self) {
        self.cursor.wrap_pending = false;
        if self.cursor.y == self.top {
            if self.in_columns() {
                self.scroll_down(1);
            }
        } else if self.cursor.y > 0 {
            self.cursor.y -= 1;
            self.touch();
        }
    }

    /// Puts the cursor on a cell of the screen, clamped.
    #[inline]
    pub(super) fn move_to(&mut self, x: usize, y: usize) {
        let (x, y) = (x.min(self.cols() - 1), y.min(self.rows() - 1));
        if (x, y) != (self.cursor.x, self.cursor.y) {
            (self.cursor.x, self.cursor.y) = (x, y);
            self.touch();
        }
        self.cursor.wrap_pending = false;
    }

    /// Puts the cursor on a row and column counted from the origin, as CUP and VPA do.
    pub(super) fn move_from_origin(&mut self, x: usize, y: usize) {
        self.move_to(self.origin_column(x), self.origin_row(y));
    }

    /// A column counted from the origin, as CHA and HPA do.
    pub(super) fn origin_column(&self, x: usize) -> usize {
        if self.cursor.origin { (self.left + x).min(self.right) } else { x }
    }

    /// A row counted from the origin, as VPA does.
    pub(super) fn origin_row(&self, y: usize) -> usize {
        if self.cursor.origin { (self.top + y).min(self.bottom) } else { y }
    }

    /// HPR: to the right, past margins unless the origin is inside of them.
    pub(super) fn right_of(&mut self, count: usize) {
        let last = if self.cursor.origin { self.right } else { self.cols() - 1 };
        self.move_to((self.cursor.x + count).min(last.max(self.cursor.x)), self.cursor.y);
    }

    /// VPR: down, past margins unless the origin is inside of them.
    pub(super) fn below(&mut self, count: usize) {
        let last = if self.cursor.origin { self.bottom } else { self.rows() - 1 };
        self.move_to(self.cursor.x, (self.cursor.y + count).min(last.max(self.cursor.y)));
    }

    /// CUU: up, not past the top margin if it starts below it.
    pub(super) fn up(&mut self, count: usize) {
        let limit = if self.cursor.y >= self.top { self.top } else { 0 };
        self.move_to(self.cursor.x, self.cursor.y.saturating_sub(count).max(limit));
    }

    /// CUD: down, not past the bottom margin if it starts above it.
    pub(super) fn down(&mut self, count: usize) {
        let limit = if self.cursor.y <= self.bottom { self.bottom } else { self.rows() - 1 };
        self.move_to(self.cursor.x, (self.cursor.y + count).min(limit));
    }

    /// CUF: to the right, not past the right margin if it starts left of it.
    pub(super) fn right(&mut self, count: usize) {
        self.move_to((self.cursor.x + count).min(self.limit() - 1), self.cursor.y);
    }

    /// CUB, BS: to the left, not past the left margin if it starts right of it.
    pub(super) fn left(&mut self, count: usize) {
        let x = self.cursor.x.saturating_sub(count).max(self.left_stop());
        self.move_to(x, self.cursor.y);
    }

    /// HT, CHT: to the right margin at most. A pending wrap stays, as xterm has it: nothing moves in
    /// the last column.
    pub(super) fn tab(&mut self, count: usize) {
        let last = self.limit() - 1;
        let mut x = self.cursor.x;
        for _ in 0..count.min(last) {
            let next = self.tabs.iter().skip(x + 1).position(|stop| *stop);
            x = next.map_or(last, |distance| last.min(x + 1 + distance));
        }
        if x != self.cursor.x {
            self.move_to(x, self.cursor.y);
        }
    }

    /// CBT. It knows no margins (xterm, esctest).
    pub(super) fn back_tab(&mut self, count: usize) {
        let mut x = self.cursor.x;
        for _ in 0..count.min(self.cols()) {
            x = self.tabs.iter().take(x).rposition(|stop| *stop).unwrap_or(0);
        }
        self.move_to(x, self.cursor.y);
    }

    /// HTS and TBC 0.
    pub(super) fn set_tab(&mut self, stop: bool) {
        if let Some(slot) = self.tabs.get_mut(self.cursor.x) {
            *slot = stop;
        }
    }

    /// TBC 3.
    pub(super) fn clear_tabs(&mut self) {
        self.tabs.fill(false);
    }

    /// DECST8C, and what a screen starts with.
    pub(super) fn default_tabs(&mut self) {
        self.tabs.clear();
        self.extend_tabs();
    }

    /// Gives new columns their stops; columns that left lose theirs.
    pub(super) fn extend_tabs(&mut self) {
        let cols = self.cols();
        self.tabs.truncate(cols);
        let known = self.tabs.len();
        self.tabs.extend((known..cols).map(|x| x > 0 && x % TAB == 0));
        self.tabs.shrink_to_fit();
    }
}
