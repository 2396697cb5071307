//! What is selected while looking back, and its text. Owns the rule for clean text: soft wraps are
//! joined, blanks at the ends of lines are left out.

use std::collections::VecDeque;

use ccc_vt::Row;

use super::Spot;

/// How a selection grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SelectionKind {
    Characters,
    Lines,
    Block,
}

/// From where one began to where one is, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Selection {
    kind: SelectionKind,
    from: Spot,
    to: Spot,
}

impl Selection {
    pub(super) const fn new(kind: SelectionKind, at: Spot) -> Self {
        Self { kind, from: at, to: at }
    }

    pub(super) const fn kind(&self) -> SelectionKind {
        self.kind
    }

    pub(super) fn into_kind(self, kind: SelectionKind) -> Self {
        Self { kind, ..self }
    }

    pub(super) const fn drag(&mut self, to: Spot) {
        self.to = to;
    }

    /// So many rows came in above.
    pub(super) const fn shift(&mut self, rows: usize) {
        self.from.row += rows;
        self.to.row += rows;
    }

    /// The columns of a row that are selected, first and last.
    pub(crate) fn columns(&self, row: usize) -> Option<(u16, u16)> {
        let (first, last) =
            if self.from <= self.to { (self.from, self.to) } else { (self.to, self.from) };
        if row < first.row.min(last.row) || row > first.row.max(last.row) {
            return None;
        }
        Some(match self.kind {
            SelectionKind::Lines => (0, u16::MAX),
            SelectionKind::Block => {
                (self.from.col.min(self.to.col), self.from.col.max(self.to.col))
            }
            SelectionKind::Characters => {
                let start = if row == first.row { first.col } else { 0 };
                let end = if row == last.row { last.col } else { u16::MAX };
                (start, end)
            }
        })
    }

    /// The selected text, with a line feed between lines and behind whole ones.
    pub(super) fn text(&self, rows: &VecDeque<Row>) -> String {
        let (first, last) = (self.from.row.min(self.to.row), self.from.row.max(self.to.row));
        let mut text = String::new();
        for (index, row) in rows.iter().enumerate().take(last + 1).skip(first) {
            let Some((start, end)) = self.columns(index) else { continue };
            let piece = cut(row, start, end);
            let joins = row.wrapped && self.kind != SelectionKind::Block && end == u16::MAX;
            if joins {
                text.push_str(&piece);
            } else {
                text.push_str(piece.trim_end());
                if index < last || self.kind == SelectionKind::Lines {
                    text.push('\n');
                }
            }
        }
        text
    }
}

/// The text of the columns from `start` to `end`; a wide cell counts where any of it lies.
fn cut(row: &Row, start: u16, end: u16) -> String {
    let mut text = String::new();
    let mut col = 0_u16;
    for cell in &row.cells {
        let width = u16::from(cell.width.max(1));
        if col <= end && col + width > start {
            text.push_str(cell.as_read());
        }
        col = col.saturating_add(width);
    }
    text
}
