//! Rows as logical lines: where the text of a line that wraps stands, row by row. Owns the way from a
//! byte of the text back to a cell. Whatever looks for something in text looks here, so that nothing
//! is missed because it wraps.

use ccc_vt::Row;

use super::Spot;

/// Appends the text of a row, blanks and all.
pub(crate) fn push_text(row: &Row, text: &mut String) {
    for cell in &row.cells {
        text.push_str(cell.as_read());
    }
}

/// The text of one logical line.
#[derive(Debug, Default)]
pub(crate) struct LineText {
    pub(crate) text: String,
    /// The cells in order.
    cells: Vec<Placed>,
}

/// A cell of it.
#[derive(Clone, Copy, Debug)]
struct Placed {
    /// The byte at which its text begins.
    start: usize,
    spot: Spot,
    width: u16,
}

impl LineText {
    /// The line that these rows are, the first of which has the index `first`.
    pub(crate) fn of<'a>(rows: impl Iterator<Item = &'a Row>, first: usize) -> Self {
        let mut line = Self::default();
        for (row, cells) in (first..).zip(rows) {
            let mut col = 0_u16;
            for cell in &cells.cells {
                let width = u16::from(cell.width.max(1));
                let start = line.text.len();
                line.cells.push(Placed { start, spot: Spot { row, col }, width });
                line.text.push_str(cell.as_read());
                col = col.saturating_add(width);
            }
        }
        line
    }

    fn cell(&self, byte: usize) -> Option<&Placed> {
        let after = self.cells.partition_point(|cell| cell.start <= byte);
        self.cells.get(after.checked_sub(1)?)
    }

    /// Where the cell stands that a byte belongs to.
    pub(crate) fn spot(&self, byte: usize) -> Option<Spot> {
        self.cell(byte).map(|cell| cell.spot)
    }

    /// The first and the last column of a piece of the text; none for an empty one.
    pub(crate) fn span(&self, start: usize, end: usize) -> Option<(Spot, Spot)> {
        let last = end.checked_sub(1).filter(|last| *last >= start)?;
        let cell = self.cell(last)?;
        let to = Spot { col: cell.spot.col + cell.width - 1, ..cell.spot };
        Some((self.spot(start)?, to))
    }

    /// Each cell with the byte at which it begins, its text and its place.
    pub(crate) fn cells(&self) -> impl DoubleEndedIterator<Item = (usize, &str, Spot)> {
        self.cells.iter().enumerate().map(|(index, cell)| {
            let end = self.cells.get(index + 1).map_or(self.text.len(), |next| next.start);
            let text = self.text.get(cell.start..end).unwrap_or_default();
            (cell.start, text, cell.spot)
        })
    }
}

#[cfg(test)]
mod tests {
    use ccc_vt::Cell;

    use super::*;

    #[test]
    fn a_byte_finds_its_cell_across_wraps_and_wide_characters() {
        let row = |text: &str| {
            let cell =
                |c: char| Cell { text: c.into(), width: ccc_vt::char_width(c), ..Cell::blank() };
            Row { cells: text.chars().map(cell).collect(), wrapped: true, ..Row::default() }
        };
        let rows = [row("ab가"), row("나c")];
        let line = LineText::of(rows.iter(), 7);
        assert_eq!(line.text, "ab가나c");
        assert_eq!(line.spot(2), Some(Spot { row: 7, col: 2 }));
        // In the middle of a character.
        assert_eq!(line.spot(3), Some(Spot { row: 7, col: 2 }));
        assert_eq!(line.spot(8), Some(Spot { row: 8, col: 2 }));
        let span = line.span(2, 8);
        assert_eq!(span, Some((Spot { row: 7, col: 2 }, Spot { row: 8, col: 1 })));
        assert_eq!(line.span(2, 2), None);
        assert_eq!(line.cells().last(), Some((8, "c", Spot { row: 8, col: 2 })));
    }
}
