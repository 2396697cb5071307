//! Rows of packed cells and how they move: the storage of one screen. Knows nothing of escape
//! sequences, cursors or scrollback.

use std::ops::Range;

use crate::cell::{Glyph, PackedCell, StyleId};
use crate::{RowId, Seq, Size};

/// One row. Columns beyond `cells` are blank in the default style, so clearing a row costs nothing
/// and short rows stay short.
#[derive(Clone, Debug)]
pub(crate) struct GridRow {
    /// At most as many as the grid has columns.
    pub(crate) cells: Vec<PackedCell>,
    pub(crate) id: RowId,
    pub(crate) seq: Seq,
    /// The line continues in the next row.
    pub(crate) wrapped: bool,
}

impl GridRow {
    pub(crate) const fn new(id: RowId, seq: Seq) -> Self {
        Self { cells: Vec::new(), id, seq, wrapped: false }
    }

    #[inline]
    pub(crate) fn cell(&self, x: usize) -> PackedCell {
        self.cells.get(x).copied().unwrap_or(PackedCell::BLANK)
    }

    /// Makes the first `len` columns real; room for a whole row of `cols` is taken at once.
    #[inline]
    fn extend_to(&mut self, len: usize, cols: usize) {
        if self.cells.len() < len {
            if self.cells.capacity() < cols {
                self.cells.reserve_exact(cols - self.cells.len());
            }
            self.cells.resize(len, PackedCell::BLANK);
        }
    }

    #[inline]
    pub(crate) fn set(&mut self, x: usize, cell: PackedCell, cols: usize) {
        self.extend_to(x + 1, cols);
        if let Some(slot) = self.cells.get_mut(x) {
            *slot = cell;
        }
    }

    /// Writes one cell of one or two columns at `x`; it must fit.
    #[inline]
    pub(crate) fn put(&mut self, x: usize, cell: PackedCell, wide: bool, cols: usize) {
        if x == self.cells.len() && self.cells.capacity() >= cols {
            return self.push(cell, wide);
        }
        let second = PackedCell { glyph: Glyph::SPACER, ..cell };
        self.heal(x..x + 1 + usize::from(wide));
        self.set(x, cell, cols);
        if wide {
            self.set(x + 1, second, cols);
        }
    }

    /// Blanks the halves of wide cells that a write to `range` would leave behind, and a filler
    /// that no longer stands before a wrapped wide cell.
    #[inline]
    pub(crate) fn heal(&mut self, range: Range<usize>) {
        if range.start > 0
            && self.cells.get(range.start).is_some_and(|cell| cell.glyph.is_spacer())
            && let Some(lead) = self.cells.get_mut(range.start - 1)
        {
            lead.glyph = Glyph::BLANK;
        }
        if let Some(rest) = self.cells.get_mut(range.end)
            && rest.glyph.is_spacer()
        {
            rest.glyph = Glyph::BLANK;
        }
    }

    /// Writes printable ASCII from column `x`; it must fit.
    #[inline]
    pub(crate) fn write_ascii(&mut self, x: usize, bytes: &[u8], style: StyleId, cols: usize) {
        let end = x + bytes.len();
        let as_cell = |byte: &u8| PackedCell { glyph: Glyph::ascii(*byte), style };
        if x >= self.cells.len() {
            if x > self.cells.len() || self.cells.capacity() < end {
                self.extend_to(x, cols);
                if self.cells.capacity() < cols {
                    self.cells.reserve_exact(cols - self.cells.len());
                }
            }
            self.cells.extend(bytes.iter().map(as_cell));
            return;
        }
        self.heal(x..end);
        self.extend_to(end, cols);
        if let Some(slots) = self.cells.get_mut(x..end) {
            for (slot, byte) in slots.iter_mut().zip(bytes) {
                *slot = as_cell(byte);
            }
        }
    }

    /// Makes the columns before `x` real, and says whether `x` is the end of the row, where
    /// [`push`](Self::push) goes on; there is room for a whole row of `cols` then.
    #[inline]
    pub(crate) fn open_end(&mut self, x: usize, cols: usize) -> bool {
        if x < self.cells.len() {
            return false;
        }
        self.extend_to(x, cols);
        if self.cells.capacity() < cols {
            self.cells.reserve_exact(cols - self.cells.len());
        }
        true
    }

    /// Adds a cell of one or two columns at the end.
    #[inline]
    pub(crate) fn push(&mut self, cell: PackedCell, wide: bool) {
        self.cells.push(cell);
        if wide {
            self.cells.push(PackedCell { glyph: Glyph::SPACER, ..cell });
        }
    }

    /// Whether every column of `range` is `blank` already.
    pub(crate) fn is_filled(&self, range: Range<usize>, blank: PackedCell) -> bool {
        let stored = range.start.min(self.cells.len())..range.end.min(self.cells.len());
        let rest_blank = range.end <= self.cells.len() || blank == PackedCell::BLANK;
        rest_blank
            && self.cells.get(stored).is_none_or(|cells| cells.iter().all(|cell| *cell == blank))
    }

    /// Erases `range`.
    pub(crate) fn fill(&mut self, range: Range<usize>, blank: PackedCell, cols: usize) {
        self.heal(range.clone());
        if blank == PackedCell::BLANK && range.end >= self.cells.len() {
            self.cells.truncate(range.start);
            return;
        }
        self.extend_to(range.end, cols);
        if let Some(slots) = self.cells.get_mut(range) {
            slots.fill(blank);
        }
    }

    /// Inserts `count` blanks at `x`; what would pass `end` is gone, what stands behind it stays.
    pub(crate) fn insert(
        &mut self,
        x: usize,
        count: usize,
        blank: PackedCell,
        end: usize,
        cols: usize,
    ) {
        let count = count.min(end - x);
        self.heal(x..x);
        if x >= self.cells.len() && blank == PackedCell::BLANK {
            return;
        }
        self.extend_to(end, cols);
        // A wide cell that loses its second half at the edge loses the first too.
        self.heal(end - count..end);
        if let Some(slots) = self.cells.get_mut(x..end) {
            slots.rotate_right(count);
            slots.iter_mut().take(count).for_each(|slot| *slot = blank);
        }
    }

    /// Deletes `count` columns at `x`; blanks come in before `end`.
    pub(crate) fn delete(
        &mut self,
        x: usize,
        count: usize,
        blank: PackedCell,
        end: usize,
        cols: usize,
    ) {
        let count = count.min(end - x);
        self.heal(x..x + count);
        if x >= self.cells.len() && blank == PackedCell::BLANK {
            return;
        }
        self.heal(end..end);
        self.extend_to(end, cols);
        if let Some(slots) = self.cells.get_mut(x..end) {
            slots.rotate_left(count);
            let keep = slots.len() - count;
            slots.iter_mut().skip(keep).for_each(|slot| *slot = blank);
        }
    }

    /// The cells of `range` as they can stand elsewhere: halves of wide cells that it cuts are blank,
    /// and so are fillers, which belong to the end of their row.
    pub(crate) fn part(&self, range: Range<usize>) -> Vec<PackedCell> {
        let mut cells: Vec<PackedCell> = range.map(|x| self.cell(x)).collect();
        let cut = |cell: &mut PackedCell| cell.glyph = Glyph::BLANK;
        cells.iter_mut().filter(|cell| cell.glyph.is_pad()).for_each(cut);
        cells.first_mut().filter(|cell| cell.glyph.is_spacer()).map(cut);
        cells.last_mut().filter(|cell| cell.glyph.is_wide()).map(cut);
        cells
    }

    /// Writes what [`part`](Self::part) gave at `x`; it must fit.
    pub(crate) fn paste(&mut self, x: usize, cells: &[PackedCell], cols: usize) {
        let end = x + cells.len();
        self.heal(x..end);
        self.extend_to(end, cols);
        if let Some(slots) = self.cells.get_mut(x..end) {
            slots.copy_from_slice(cells);
        }
    }

    /// One past the last column that is not blank in the default style.
    pub(crate) fn end(&self) -> usize {
        self.cells.iter().rposition(|cell| *cell != PackedCell::BLANK).map_or(0, |last| last + 1)
    }

    /// One past the last column with text, whatever blanks follow.
    pub(crate) fn text_end(&self) -> usize {
        let blank = |cell: &PackedCell| cell.glyph == Glyph::BLANK || cell.glyph.is_pad();
        self.cells.iter().rposition(|cell| !blank(cell)).map_or(0, |last| last + 1)
    }

    /// Cuts to `cols` columns; a wide cell cut in half goes.
    pub(crate) fn clip(&mut self, cols: usize) {
        if self.cells.len() > cols {
            self.heal(cols..cols);
            self.cells.truncate(cols);
        }
    }
}

/// Rows from top to bottom.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    size: Size,
    rows: Vec<GridRow>,
    /// `order[y]` is the place of row `y` in `rows`: scrolling moves these two bytes, not rows.
    order: Vec<u16>,
}

impl Grid {
    pub(crate) fn new(size: Size, next_row: &mut u64, seq: Seq) -> Self {
        let rows = (0..size.rows).map(|_| GridRow::new(next_id(next_row), seq)).collect();
        Self::from_rows(size, rows)
    }

    /// A grid of exactly `size.rows` rows.
    pub(crate) fn from_rows(size: Size, rows: Vec<GridRow>) -> Self {
        Self { size, rows, order: (0..size.rows).collect() }
    }

    /// The rows from top to bottom, taken out.
    pub(crate) fn into_rows(mut self) -> Vec<GridRow> {
        let empty = GridRow::new(RowId(0), Seq(0));
        let mut rows = Vec::with_capacity(self.order.len());
        for place in &self.order {
            if let Some(row) = self.rows.get_mut(usize::from(*place)) {
                rows.push(std::mem::replace(row, empty.clone()));
            }
        }
        rows
    }

    pub(crate) fn size(&self) -> Size {
        self.size
    }

    pub(crate) fn cols(&self) -> usize {
        usize::from(self.size.cols)
    }

    #[inline]
    fn place(&self, y: usize) -> usize {
        // Callers keep `y` inside; the last row is the answer if one does not.
        let y = y.min(self.order.len().saturating_sub(1));
        self.order.get(y).map_or(0, |place| usize::from(*place))
    }

    #[inline]
    #[expect(clippy::indexing_slicing, reason = "`order` is a permutation of the places of `rows`")]
    pub(crate) fn row(&self, y: usize) -> &GridRow {
        &self.rows[self.place(y)]
    }

    #[inline]
    #[expect(clippy::indexing_slicing, reason = "`order` is a permutation of the places of `rows`")]
    pub(crate) fn row_mut(&mut self, y: usize) -> &mut GridRow {
        let place = self.place(y);
        &mut self.rows[place]
    }

    pub(crate) fn iter(
        &self,
    ) -> impl DoubleEndedIterator<Item = &GridRow> + ExactSizeIterator + Clone {
        (0..self.order.len()).map(|y| self.row(y))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut GridRow> {
        // In storage order: for what treats all rows alike.
        self.rows.iter_mut()
    }

    /// Moves rows `top..=bottom` up by one; the old top row becomes the bottom one.
    #[inline]
    pub(crate) fn rotate_up(&mut self, top: usize, bottom: usize) -> &mut GridRow {
        if let Some(part) = self.order.get_mut(top..=bottom) {
            part.rotate_left(1);
        }
        self.row_mut(bottom)
    }

    /// Moves rows `top..=bottom` down by one; the old bottom row becomes the top one.
    pub(crate) fn rotate_down(&mut self, top: usize, bottom: usize) -> &mut GridRow {
        if let Some(part) = self.order.get_mut(top..=bottom) {
            part.rotate_right(1);
        }
        self.row_mut(top)
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.rows.capacity() * size_of::<GridRow>()
            + self.order.capacity() * 2
            + self
                .rows
                .iter()
                .map(|row| row.cells.capacity() * size_of::<PackedCell>())
                .sum::<usize>()
    }
}

/// Names the next row.
pub(crate) fn next_id(next_row: &mut u64) -> RowId {
    let id = RowId(*next_row);
    *next_row += 1;
    id
}
