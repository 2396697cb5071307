//! Columns that move sideways: DECIC and DECDC, DECBI and DECFI, SL and SR. All of it happens in the
//! region and nowhere else.

use super::Engine;

impl Engine {
    /// DECIC: blank columns come in at the cursor.
    pub(super) fn insert_columns(&mut self, count: usize) {
        if self.in_region() {
            self.move_columns(self.cursor.x, count, true);
        }
    }

    /// DECDC: columns go at the cursor, blank ones come in at the right margin.
    pub(super) fn delete_columns(&mut self, count: usize) {
        if self.in_region() {
            self.move_columns(self.cursor.x, count, false);
        }
    }

    /// SL: the region moves to the left, wherever the cursor is.
    pub(super) fn scroll_left(&mut self, count: usize) {
        self.move_columns(self.left, count, false);
    }

    /// SR.
    pub(super) fn scroll_right(&mut self, count: usize) {
        self.move_columns(self.left, count, true);
    }

    /// DECBI: to the left, scrolling at the left margin.
    pub(super) fn back_index(&mut self) {
        if self.cursor.x != self.left {
            // At the edge of the screen this moves nothing, as DEC STD 070 wants it.
            self.move_to(self.cursor.x.saturating_sub(1), self.cursor.y);
        } else if self.in_region() {
            self.scroll_right(1);
        }
    }

    /// DECFI: to the right, scrolling at the right margin.
    pub(super) fn forward_index(&mut self) {
        if self.cursor.x != self.right {
            self.move_to(self.cursor.x + 1, self.cursor.y);
        } else if self.in_region() {
            self.scroll_left(1);
        }
    }

    /// Moves the columns from `x` to the right margin, in every row of the region.
    fn move_columns(&mut self, x: usize, count: usize, right: bool) {
        let (end, cols) = (self.right + 1, self.cols());
        let blank = self.blank();
        for y in self.top..=self.bottom {
            self.unwrap_row(y);
            let row = self.grid.row_mut(y);
            if right {
                row.insert(x, count, blank, end, cols);
            } else {
                row.delete(x, count, blank, end, cols);
            }
            self.touch_row(y);
        }
        if let Some(above) = self.top.checked_sub(1) {
            self.unwrap_row(above);
        }
        self.end_wrap();
    }
}
