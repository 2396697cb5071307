//! A row by its columns, to guess what becomes of it.

use ccc_vt::{Cell, Row, Text};

/// A text as it looks: a space is no other than what nothing was written to.
pub(super) fn seen(text: &Text) -> Text {
    if text.as_str() == " " { Text::BLANK } else { text.clone() }
}

/// What stands in a row at a column, as it looks: blank behind the end and in the second half of a wide cell.
pub(super) fn text_at(row: &Row, col: u16) -> Text {
    let mut at = 0_u16;
    for cell in &row.cells {
        if at >= col {
            return if at == col { seen(&cell.text) } else { Text::BLANK };
        }
        at = at.saturating_add(u16::from(cell.width.max(1)));
    }
    Text::BLANK
}

/// One cell for each column; the second half of a wide one has the width 0.
#[derive(Clone, Debug)]
pub(super) struct Line(Vec<Cell>);

impl Line {
    pub(super) fn new(row: &Row, cols: u16) -> Self {
        let mut line = Self(vec![Cell::blank(); usize::from(cols)]);
        let mut col = 0;
        for cell in &row.cells {
            line.put(col, cell);
            col = col.saturating_add(u16::from(cell.width.max(1)));
        }
        line
    }

    pub(super) fn put(&mut self, col: u16, cell: &Cell) {
        if let Some(slot) = self.0.get_mut(usize::from(col)) {
            slot.clone_from(cell);
        }
        if cell.width == 2
            && let Some(slot) = self.0.get_mut(usize::from(col) + 1)
        {
            *slot = Cell { text: Text::BLANK, width: 0, ..cell.clone() };
        }
    }

    pub(super) fn cell(&self, col: u16) -> Option<&Cell> {
        self.0.get(usize::from(col))
    }

    fn is_blank(&self, col: u16) -> bool {
        self.cell(col).is_some_and(|cell| cell.width > 0 && seen(&cell.text).is_blank())
    }

    /// Where the text that begins at `col` ends in blanks that have room for `width` columns more, with one
    /// to spare unless the line ends there.
    pub(super) fn gap_behind(&self, col: u16, width: u16) -> Option<u16> {
        let cols = u16::try_from(self.0.len()).unwrap_or(u16::MAX);
        (col..cols)
            .find(|from| (*from..*from + width + 1).all(|col| col >= cols || self.is_blank(col)))
    }

    /// What changes when a cell is put at `col`: the columns up to the gap, each with what it will hold.
    pub(super) fn inserted(&self, col: u16, cell: &Cell, gap: Option<u16>) -> Vec<(u16, Cell)> {
        let mut changed = vec![(col, cell.clone())];
        if let Some(gap) = gap {
            let width = u16::from(cell.width);
            let moved = (col..gap).filter_map(|from| {
                let cell = self.cell(from).filter(|cell| cell.width > 0)?;
                Some((from + width, cell.clone()))
            });
            changed.extend(moved);
        }
        changed
    }

    /// What changes when `width` columns at `col` go: what follows up to a gap comes nearer.
    pub(super) fn erased(&self, col: u16, width: u16) -> Vec<(u16, Cell)> {
        let from = col + width;
        let Some(gap) = self.gap_behind(from, 0) else { return Vec::new() };
        let moved = (from..gap).filter_map(|from| {
            let cell = self.cell(from).filter(|cell| cell.width > 0)?;
            Some((from - width, cell.clone()))
        });
        let blank = |col| (col, Cell { style: self.style_of_blank(gap), ..Cell::blank() });
        moved.chain((gap - width..gap).map(blank)).collect()
    }

    fn style_of_blank(&self, col: u16) -> ccc_vt::Style {
        self.cell(col).map(|cell| cell.style).unwrap_or_default()
    }

    /// Columns of the character that ends before `col`; `None` at the beginning.
    pub(super) fn width_before(&self, col: u16) -> Option<u16> {
        let left = self.cell(col.checked_sub(1)?)?;
        Some(if left.width == 0 { 2 } else { 1 })
    }

    /// Columns of the character at `col`; `None` where the text has ended.
    pub(super) fn width_at(&self, col: u16) -> Option<u16> {
        let here = self.cell(col)?;
        let ended = self.is_blank(col) && self.is_blank(col + 1);
        (!ended).then(|| u16::from(here.width.max(1)))
    }
}
