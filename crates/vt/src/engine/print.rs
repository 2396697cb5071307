//! Printing: where characters land, wrapping, insert mode. The run of printable ASCII is the hot
//! path of the whole house.

use super::Engine;
use crate::Seq;
use crate::cell::{Glyph, PackedCell, StyleId};
use crate::text::{Before, FIRST_MARK, char_width, never_joins, width_alone};

impl Engine {
    /// Prints printable ASCII that ends at the current event's end.
    #[inline]
    pub(super) fn put_ascii(&mut self, bytes: &[u8]) {
        let end = self.end;
        if !self.cursor.charsets.plain() || self.modes.insert {
            let mut rest = bytes.len() as u64;
            for byte in bytes {
                rest -= 1;
                self.end = end - rest;
                let c = self.cursor.charsets.map(*byte);
                self.put_char(c, 1);
            }
            return;
        }
        let style = self.pen_id();
        let cols = self.cols();
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.cursor.wrap_pending && self.modes.autowrap {
                self.end = end - rest.len() as u64 + 1;
                self.wrap();
            }
            let x = self.cursor.x;
            let limit = self.limit();
            let (now, after) = rest.split_at(rest.len().min(limit - x));
            let seq = self.seq_at(end - after.len() as u64);
            let row = self.grid.row_mut(self.cursor.y);
            row.write_ascii(x, now, style, cols);
            row.seq = seq;
            self.advance_to(x + now.len(), limit);
            rest = after;
        }
        self.end = end;
        self.printed_end = end;
        self.last_char = bytes.last().map(|byte| char::from(*byte));
        self.alone = true;
        self.touch();
    }

    /// Puts the cursor after a character; at `limit` it waits on the column before.
    #[inline]
    fn advance_to(&mut self, x: usize, limit: usize) {
        if x >= limit {
            self.cursor.x = limit - 1;
            self.cursor.wrap_pending = true;
        } else {
            self.cursor.x = x;
            self.cursor.wrap_pending = false;
        }
    }

    /// Goes on at the left margin of the next row, which belongs to the same line if rows are whole.
    pub(super) fn wrap(&mut self) {
        let (y, scrolls, continues) = (self.cursor.y, self.in_columns(), self.full_width());
        self.cursor.wrap_pending = false;
        self.cursor.x = self.left;
        let last = y == self.bottom;
        if !last && y + 1 >= self.rows() {
            return;
        }
        if continues {
            // The row may leave the screen right now, so it is marked before it does.
            self.grid.row_mut(y).wrapped = true;
            self.touch_row(y);
        }
        if !last {
            self.cursor.y += 1;
        } else if scrolls {
            self.scroll_up(1, continues);
        }
    }

    /// Prints characters above ASCII, and some of ASCII between them; the current event's end is where
    /// the first of them begins, and moves along.
    pub(super) fn put_chars(&mut self, chars: &[char]) {
        let plain = self.cursor.charsets.plain();
        let mut rest = chars;
        while let Some(first) = rest.first() {
            let len = first.len_utf8() as u64;
            let before = if self.alone { Before::Alone } else { Before::Cell(self.last_char) };
            let width = if self.modes.insert { 0 } else { width_alone(*first, before) };
            let count = if first.is_ascii() && !plain {
                self.end += len;
                let c = u8::try_from(*first).map_or(*first, |byte| self.cursor.charsets.map(byte));
                self.put_char(c, len);
                1
            } else if width > 0 && self.fits(usize::from(width)) {
                self.put_run(rest, width, plain)
            } else {
                self.end += len;
                self.put_first(rest, len)
            };
            rest = rest.get(count..).unwrap_or_default();
        }
    }

    /// Whether a cell of a width fits, after the wrap that is due.
    fn fits(&self, width: usize) -> bool {
        if self.cursor.wrap_pending && self.modes.autowrap {
            return self.left + width <= self.right + 1;
        }
        self.cursor.x + width <= self.limit()
    }

    /// Prints characters that start cells of their own, as many as fit in the row. The first is one,
    /// of `columns`; ASCII is only if it shows as it is. Says how many that were.
    fn put_run(&mut self, chars: &[char], columns: u8, ascii: bool) -> usize {
        let style = self.pen_id();
        let mut end = self.end;
        if self.cursor.wrap_pending && self.modes.autowrap {
            self.end += chars.first().map_or(0, |first| first.len_utf8() as u64);
            self.wrap();
        }
        let (cols, limit) = (self.cols(), self.limit());
        let mut x = self.cursor.x;
        let row = self.grid.row_mut(self.cursor.y);
        let at_end = row.open_end(x, cols);
        let (mut width, mut count) = (columns, 0_usize);
        for c in chars {
            if count > 0 {
                width = width_alone(*c, Before::Alone);
            }
            let columns = usize::from(width);
            if width == 0 || x + columns > limit || c.is_ascii() && !ascii {
                break;
            }
            let cell = PackedCell { glyph: Glyph::char(*c, width == 2), style };
            if at_end {
                row.push(cell, width == 2);
            } else {
                row.put(x, cell, width == 2, cols);
            }
            x += columns;
            end += c.len_utf8() as u64;
            count += 1;
        }
        row.seq = Seq(end + self.resizes);
        self.end = end;
        self.advance_to(x, limit);
        self.last_char = count.checked_sub(1).and_then(|last| chars.get(last)).copied();
        self.alone = true;
        self.printed_end = end;
        self.touch();
        count
    }

    /// Prints a character that took `len` bytes.
    pub(super) fn put_char(&mut self, c: char, len: u64) {
        self.put_first(&[c], len);
    }

    /// Prints the first of some characters, which took `len` bytes up to the current event's end, and
    /// those after it that continue the same cell. Says how many that were.
    fn put_first(&mut self, chars: &[char], len: u64) -> usize {
        let Some(c) = chars.first().copied() else { return 0 };
        let mut count = 0;
        if c >= FIRST_MARK && !never_joins(c, self.last_char) {
            count = self.join(chars, self.end == self.printed_end.wrapping_add(len));
        }
        if count == 0 {
            count = 1;
            match char_width(c) {
                // A mark that has nothing to stand on.
                0 => return count,
                width => self.put_cell(c, width == 2),
            }
            self.last_char = Some(c);
        }
        self.alone = false;
        self.printed_end = self.end;
        self.touch();
        count
    }

    fn put_cell(&mut self, c: char, wide: bool) {
        let style = self.pen_id();
        // A screen of one column shows half of a wide character.
        let wide = wide && self.cols() > 1;
        self.put_glyph(Glyph::char(c, wide), wide, style);
    }

    /// Prints a cell at the cursor and moves on.
    pub(super) fn put_glyph(&mut self, glyph: Glyph, wide: bool, style: StyleId) {
        let cols = self.cols();
        if self.cursor.wrap_pending && self.modes.autowrap {
            self.wrap();
        }
        let width = 1 + usize::from(wide);
        if self.cursor.x + width > self.limit() {
            if self.modes.autowrap {
                self.pad();
                self.wrap();
            } else {
                self.cursor.x = self.limit() - width;
            }
        }
        let (x, limit) = (self.cursor.x, self.limit());
        let blank = if self.modes.insert && self.in_columns() { Some(self.blank()) } else { None };
        let now = self.now();
        let row = self.grid.row_mut(self.cursor.y);
        if let Some(blank) = blank {
            row.insert(x, width, blank, limit, cols);
        }
        row.put(x, PackedCell { glyph, style }, wide, cols);
        row.seq = now;
        self.advance_to(x + width, limit);
    }

    /// Leaves the last column empty because a wide cell does not fit there.
    pub(super) fn pad(&mut self) {
        let (last, cols) = (self.limit() - 1, self.cols());
        let blank = self.blank();
        // A filler says that the line goes on in the next row.
        let glyph = if self.full_width() { Glyph::PAD } else { Glyph::BLANK };
        let row = self.grid.row_mut(self.cursor.y);
        row.heal(last..last + 1);
        row.set(last, PackedCell { glyph, style: blank.style }, cols);
        self.touch_row(self.cursor.y);
    }

    /// REP: the last character again, at most as often as the screen has cells.
    pub(super) fn repeat(&mut self, count: usize) {
        let Some(c) = self.last_char else { return };
        let count = count.min(self.grid.size().cells());
        let wide = char_width(c) == 2;
        for _ in 0..count {
            self.put_cell(c, wide);
        }
        self.printed_end = self.end;
        self.touch();
    }
}
