//! Owned, resolved rows and scrollback lines: what a client keeps and draws. The engine's packed
//! cells are in `grid`.

use std::sync::Arc;

use crate::image::placeholder::is_placeholder;
use crate::{LineNumber, Link, RowId, Style, Text};

/// One character cell with everything resolved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Cell {
    /// The grapheme cluster, blank if nothing was written there.
    pub text: Text,
    /// Columns it takes: 1 or 2. The second half of a wide cell has no cell of its own.
    pub width: u8,
    /// Its look. `style.link` is `None`; see `link`.
    pub style: Style,
    /// Its hyperlink.
    pub link: Option<Arc<Link>>,
}

impl Cell {
    /// A blank cell of the default look.
    #[must_use]
    pub fn blank() -> Self {
        Self { text: Text::BLANK, width: 1, style: Style::default(), link: None }
    }

    /// Its text as it is read and copied: a space for a blank cell, and for a piece of an image.
    #[must_use]
    pub fn as_read(&self) -> &str {
        if self.text.is_blank() || is_placeholder(self.text.as_str()) {
            " "
        } else {
            self.text.as_str()
        }
    }

    fn is_plain_blank(&self) -> bool {
        self.text.is_blank() && self.style == Style::default() && self.link.is_none()
    }
}

/// One row of a screen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Row {
    /// Its name.
    pub id: RowId,
    /// Whether its line continues in the next row.
    pub wrapped: bool,
    /// Cells from the left. Blank cells of the default look at the end are left out, so equal rows
    /// are equal values.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The row as text, blanks as spaces, those at the end left out.
    #[must_use]
    pub fn text(&self) -> String {
        text_of(&self.cells)
    }
}

/// One logical line of the scrollback: soft wraps joined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Line {
    /// Its number.
    pub number: LineNumber,
    /// Grows when the line with this number changes (it was pulled back onto the screen by a
    /// resize, or grew).
    pub version: u32,
    /// Whether its end is still on the screen.
    pub open: bool,
    /// Cells from the left, trimmed as in [`Row`].
    pub cells: Vec<Cell>,
}

impl Line {
    /// The line as text, as [`Row::text`].
    #[must_use]
    pub fn text(&self) -> String {
        text_of(&self.cells)
    }

    /// The line cut into rows of `cols` columns (at least 1); at least one row. A wide cell that
    /// does not fit goes to the next row. The rows have no ids.
    #[must_use]
    pub fn wrap(&self, cols: u16) -> Vec<Row> {
        let cols = usize::from(cols.max(1));
        let mut rows = Vec::new();
        let mut row = Row::default();
        let mut used = 0;
        for cell in &self.cells {
            let columns = usize::from(cell.width.max(1)).min(cols);
            if used + columns > cols {
                row.wrapped = true;
                rows.push(std::mem::take(&mut row));
                used = 0;
            }
            row.cells.push(cell.clone());
            used += columns;
        }
        row.wrapped = self.open;
        rows.push(row);
        rows
    }
}

/// Removes the blank cells of the default look at the end.
pub(crate) fn trim(cells: &mut Vec<Cell>) {
    let end = cells.iter().rposition(|cell| !cell.is_plain_blank()).map_or(0, |last| last + 1);
    cells.truncate(end);
}

fn text_of(cells: &[Cell]) -> String {
    let mut text = String::with_capacity(cells.len());
    let mut end = 0;
    for cell in cells {
        text.push_str(cell.as_read());
        if !cell.text.is_blank() && !is_placeholder(cell.text.as_str()) {
            end = text.len();
        }
    }
    text.truncate(end);
    text
}
