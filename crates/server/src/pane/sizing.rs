//! The sizes that a pane is to have and those that the keeper was asked for. Owns which wish is next; who asks
//! does so elsewhere.

use ccc_vt::{CellPixels, Size};

/// What the keeper is to be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SizeWish {
    Size(Size),
    /// The size of a cell in pixels.
    Cell(CellPixels),
}

/// The newest wishes of a pane: what is wished for while the keeper is asked replaces what was wished before.
#[derive(Debug)]
pub(super) struct Sizing {
    size: Wanted<Size>,
    cell: Wanted<CellPixels>,
    /// Somebody is asking.
    busy: bool,
}

#[derive(Debug)]
struct Wanted<T> {
    wanted: Option<T>,
    /// What the keeper was asked for last.
    asked: Option<T>,
}

impl Sizing {
    /// Of a terminal that has these.
    pub(super) const fn new(size: Size, cell: Option<CellPixels>) -> Self {
        Self {
            size: Wanted { wanted: None, asked: Some(size) },
            cell: Wanted { wanted: None, asked: cell },
            busy: false,
        }
    }

    /// Wants these; a cell that is not known leaves what there is. True when the caller is to ask.
    pub(super) fn want(&mut self, size: Size, cell: Option<CellPixels>) -> bool {
        let resized = self.size.want(size);
        let other_cell = cell.is_some_and(|cell| self.cell.want(cell));
        (resized || other_cell) && !std::mem::replace(&mut self.busy, true)
    }

    /// The keeper did not do what it was asked for: the next wish counts again.
    pub(super) const fn refused(&mut self, wish: SizeWish) {
        match wish {
            SizeWish::Size(_) => self.size.asked = None,
            SizeWish::Cell(_) => self.cell.asked = None,
        }
    }

    /// What to ask for now; `None` ends the asking.
    pub(super) fn next(&mut self) -> Option<SizeWish> {
        let size = self.size.next().map(SizeWish::Size);
        let next = size.or_else(|| self.cell.next().map(SizeWish::Cell));
        self.busy = next.is_some();
        next
    }
}

impl<T: Copy + PartialEq> Wanted<T> {
    /// Whether that is another one than will be.
    fn want(&mut self, wish: T) -> bool {
        let new = self.wanted.or(self.asked) != Some(wish);
        self.wanted = if new { Some(wish) } else { self.wanted };
        new
    }

    fn next(&mut self) -> Option<T> {
        let next = self.wanted.take().filter(|wanted| self.asked != Some(*wanted));
        self.asked = next.or(self.asked);
        next
    }
}

#[cfg(test)]
mod tests;
