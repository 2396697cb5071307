//! Lines of cells to rows of another width. Knows cells, not screens.

use super::{Point, signed};
use crate::cell::{Content, Glyph, PackedCell};
use crate::grid::GridRow;
use crate::intern::Tables;
use crate::text::char_width;

/// Groups rows into logical lines.
pub(super) fn lines(rows: Vec<GridRow>) -> Vec<Vec<GridRow>> {
    let mut lines = Vec::with_capacity(rows.len());
    let mut line = Vec::new();
    for row in rows {
        let ends = !row.wrapped;
        line.push(row);
        if ends {
            lines.push(std::mem::take(&mut line));
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Columns of a row that belong to its line.
fn kept(row: &GridRow, last: bool, cols: usize) -> usize {
    if last { row.text_end() } else { (0..cols).filter(|x| !row.cell(*x).glyph.is_pad()).count() }
}

/// Where column `x` of row `row` stands in its line.
pub(super) fn offset(
    line: &[GridRow],
    row: usize,
    x: usize,
    wrap_pending: bool,
    cols: usize,
) -> usize {
    let before: usize = line.iter().take(row).map(|row| kept(row, false, cols)).sum();
    before + x + usize::from(wrap_pending)
}

/// Appends the cells of a line. Fillers before wide cells go, and so do blanks at its end.
pub(super) fn join(line: Vec<GridRow>, cols: usize, cells: &mut Vec<PackedCell>) {
    let last = line.len().saturating_sub(1);
    for (index, row) in line.into_iter().enumerate() {
        let end = if index == last { row.text_end() } else { cols };
        cells.extend((0..end).map(|x| row.cell(x)).filter(|cell| !cell.glyph.is_pad()));
    }
}

/// Gives wide characters that a screen of one column cut in half their second half back. Offsets
/// into the line move along.
pub(super) fn rewiden(cells: &mut Vec<PackedCell>, tables: &Tables, offsets: &mut [Option<usize>]) {
    let halved = |cell: &PackedCell| {
        !cell.glyph.is_wide()
            && !cell.glyph.is_ascii()
            && match cell.glyph.content() {
                Content::Blank => false,
                Content::Char(c) => char_width(c) == 2,
                Content::Cluster(id) => crate::width(tables.cluster(id)) == 2,
            }
    };
    if !cells.iter().any(halved) {
        return;
    }
    for offset in offsets.iter_mut().flatten() {
        *offset += cells.iter().take(*offset).filter(|cell| halved(cell)).count();
    }
    let mut whole = Vec::with_capacity(cells.len() * 2);
    for cell in cells.iter() {
        if halved(cell) {
            whole.push(PackedCell { glyph: cell.glyph.with_width(true), ..*cell });
            whole.push(PackedCell { glyph: Glyph::SPACER, ..*cell });
        } else {
            whole.push(*cell);
        }
    }
    *cells = whole;
}

/// A place in wrapped rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    row: usize,
    x: usize,
    wrap_pending: bool,
}

impl Place {
    /// Column `x` of a row; just after the last column, the wrap is pending.
    pub(super) fn in_row(row: usize, x: usize, cols: usize) -> Self {
        Self { row, x: x.min(cols - 1), wrap_pending: x == cols }
    }

    pub(super) fn point(self, first_row: isize) -> Point {
        Point { x: self.x, y: first_row + signed(self.row), wrap_pending: self.wrap_pending }
    }
}

/// A line cut into rows.
#[derive(Debug)]
pub(super) struct Wrapped {
    cells: Vec<PackedCell>,
    /// Where each row begins in `cells`; the first is 0.
    starts: Vec<usize>,
    cols: usize,
}

impl Wrapped {
    /// Cuts a line. Offsets into it move along where one column shows half of a wide cell.
    pub(super) fn new(
        mut cells: Vec<PackedCell>,
        cols: usize,
        offsets: &mut [Option<usize>],
    ) -> Self {
        if cols == 1 {
            for offset in offsets.iter_mut().flatten() {
                *offset -= cells.iter().take(*offset).filter(|cell| cell.glyph.is_spacer()).count();
            }
            cells.retain(|cell| !cell.glyph.is_spacer());
            for cell in &mut cells {
                cell.glyph = cell.glyph.with_width(false);
            }
        }
        let mut starts = vec![0];
        let mut used = 0;
        for (at, cell) in cells.iter().enumerate() {
            if cell.glyph.is_spacer() {
                continue;
            }
            let width = 1 + usize::from(cell.glyph.is_wide());
            if used + width > cols {
                starts.push(at);
                used = 0;
            }
            used += width;
        }
        Self { cells, starts, cols }
    }

    /// Where the column at `offset` of the line went. One past the end is in the last row, or
    /// pending behind it.
    pub(super) fn place(&self, offset: usize) -> Place {
        let row = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(row).copied().unwrap_or(0);
        Place::in_row(row, offset - start, self.cols)
    }

    /// The rows with their wrapped flags; `open` is the flag of the last one.
    pub(super) fn into_rows(self, open: bool) -> Vec<(Vec<PackedCell>, bool)> {
        let mut rows = Vec::with_capacity(self.starts.len());
        for (index, start) in self.starts.iter().enumerate() {
            let next = self.starts.get(index + 1).copied();
            let mut row = self
                .cells
                .get(*start..next.unwrap_or(self.cells.len()))
                .unwrap_or_default()
                .to_vec();
            if next.is_some() && row.len() < self.cols {
                row.push(PackedCell { glyph: Glyph::PAD, style: crate::cell::StyleId(0) });
            }
            rows.push((row, next.is_some() || open));
        }
        rows
    }
}
