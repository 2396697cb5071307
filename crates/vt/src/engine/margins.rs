//! Margins: the scroll region, its sides (DECLRMM), and how the part between the sides scrolls. What
//! stops at a margin asks here; the scrolling of whole rows is in `scroll`.

use super::Engine;
use crate::cell::PackedCell;
use crate::parser::Params;

impl Engine {
    /// One past the last column that a character at the cursor may take: the right margin counts
    /// for what stands at or left of it.
    #[inline]
    pub(super) fn limit(&self) -> usize {
        if self.cursor.x <= self.right { self.right + 1 } else { self.cols() }
    }

    /// The column where moving left ends.
    pub(super) fn left_stop(&self) -> usize {
        if self.cursor.x >= self.left { self.left } else { 0 }
    }

    /// Whether the sides are the edges of the screen: then rows scroll whole and lines continue.
    #[inline]
    pub(super) fn full_width(&self) -> bool {
        self.left == 0 && self.right + 1 == self.cols()
    }

    /// Whether the cursor stands between the sides: outside of them nothing scrolls.
    #[inline]
    pub(super) fn in_columns(&self) -> bool {
        (self.left..=self.right).contains(&self.cursor.x)
    }

    /// Whether the cursor stands in the region.
    pub(super) fn in_region(&self) -> bool {
        self.in_columns() && (self.top..=self.bottom).contains(&self.cursor.y)
    }

    /// DECSTBM. A region of less than two rows is refused, as DEC has it.
    pub(super) fn set_margins(&mut self, params: &Params) {
        if let Some((top, bottom)) = bounds(params, self.rows()) {
            (self.top, self.bottom) = (top, bottom);
            self.move_from_origin(0, 0);
        }
    }

    /// DECSLRM, while DECLRMM is on. Less than two columns are refused.
    pub(super) fn set_side_margins(&mut self, params: &Params) {
        if let Some((left, right)) = bounds(params, self.cols()) {
            (self.left, self.right) = (left, right);
            self.move_from_origin(0, 0);
        }
    }

    /// DECLRMM. The sides are the edges until DECSLRM says otherwise.
    pub(super) fn allow_side_margins(&mut self, on: bool) {
        if self.side_margins != on {
            self.side_margins = on;
            (self.left, self.right) = (0, self.cols() - 1);
            let cols = self.cols();
            self.cursor.leave_side(cols);
        }
    }

    /// The whole screen is the region.
    pub(super) fn reset_margins(&mut self) {
        (self.top, self.bottom) = (0, self.rows() - 1);
        (self.left, self.right) = (0, self.cols() - 1);
    }

    /// Scrolls the columns between the sides, from row `top` to the region's end, up. The rows keep
    /// their names: only a part of each moves.
    pub(super) fn shift_up(&mut self, top: usize, count: usize) {
        let count = count.min(self.bottom + 1 - top);
        let blank = self.blank();
        for y in top..=self.bottom {
            self.take_part(y, (y + count <= self.bottom).then_some(y + count), blank);
        }
        self.sever(top);
    }

    /// The same, down.
    pub(super) fn shift_down(&mut self, top: usize, count: usize) {
        let blank = self.blank();
        for y in (top..=self.bottom).rev() {
            self.take_part(y, y.checked_sub(count).filter(|from| *from >= top), blank);
        }
        self.sever(top);
    }

    /// Gives row `y` the columns between the sides that row `from` has, or blanks.
    fn take_part(&mut self, y: usize, from: Option<usize>, blank: PackedCell) {
        let (left, right, cols) = (self.left, self.right, self.cols());
        match from {
            Some(from) => {
                let cells = self.grid.row(from).part(left..right + 1);
                self.grid.row_mut(y).paste(left, &cells, cols);
            }
            None => self.grid.row_mut(y).fill(left..right + 1, blank, cols),
        }
        self.touch_row(y);
    }

    /// Rows of which a part moved are lines of their own, and so is the row above them.
    fn sever(&mut self, top: usize) {
        for y in top.saturating_sub(1)..=self.bottom {
            self.unwrap_row(y);
        }
    }
}

/// The bounds that two parameters name, from 0 and inclusive: at least two of `count`.
fn bounds(params: &Params, count: usize) -> Option<(usize, usize)> {
    let first = params.count(0) - 1;
    let last = match params.number(1) {
        0 => count - 1,
        number => usize::from(number).min(count) - 1,
    };
    (first < last).then_some((first, last))
}
