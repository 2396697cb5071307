//! The tree itself: nodes, shares, and the way from shares to cells and back. Edits are elsewhere.

use ccc_proto::PaneId;
use ccc_vt::Size;

use super::{Rect, WHOLE};

/// Along what the children of a split stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    /// Side by side: lengths are columns.
    Row,
    /// One above the other: lengths are rows.
    Column,
}

impl Axis {
    pub(super) fn length(self, size: Size) -> u16 {
        match self {
            Self::Row => size.cols,
            Self::Column => size.rows,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Leaf(PaneId),
    Split(Split),
}

/// Two or more children, none of which is a split along the same axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Split {
    pub(super) axis: Axis,
    pub(super) children: Vec<Node>,
    /// Where each child but the last ends, in 1/65536 of the length without borders. Strictly
    /// rising, above 0 and below [`WHOLE`].
    pub(super) bounds: Vec<u32>,
}

impl Node {
    pub(super) fn collect(&self, panes: &mut Vec<PaneId>) {
        match self {
            Self::Leaf(pane) => panes.push(*pane),
            Self::Split(split) => split.children.iter().for_each(|child| child.collect(panes)),
        }
    }

    pub(super) fn first(&self) -> PaneId {
        match self {
            Self::Leaf(pane) => *pane,
            Self::Split(split) => split.children[0].first(),
        }
    }

    pub(super) fn last(&self) -> PaneId {
        match self {
            Self::Leaf(pane) => *pane,
            Self::Split(split) => split.children[split.children.len() - 1].last(),
        }
    }

    /// How many splits lie inside each other.
    pub(super) fn depth(&self) -> usize {
        match self {
            Self::Leaf(_) => 0,
            Self::Split(split) => 1 + split.children.iter().map(Self::depth).max().unwrap_or(0),
        }
    }

    /// Child indexes from here to the pane's leaf.
    pub(super) fn path(&self, pane: PaneId) -> Option<Vec<usize>> {
        match self {
            Self::Leaf(here) => (*here == pane).then(Vec::new),
            Self::Split(split) => split.children.iter().enumerate().find_map(|(index, child)| {
                let mut path = child.path(pane)?;
                path.insert(0, index);
                Some(path)
            }),
        }
    }

    /// The node at a path that [`Node::path`] gave, and the place it has when this one has `rect`.
    pub(super) fn at(&mut self, path: &[usize], rect: Rect) -> (&mut Self, Rect) {
        match (self, path) {
            (Self::Split(split), [index, rest @ ..]) => {
                let child = split.rects(rect)[*index];
                split.children[*index].at(rest, child)
            }
            (node, _) => (node, rect),
        }
    }

    /// The smallest size in which each leaf has `leaf`.
    pub(super) fn min_size(&self, leaf: Size) -> Size {
        let Self::Split(split) = self else {
            return leaf;
        };
        let borders = u16::try_from(split.bounds.len()).unwrap_or(u16::MAX);
        let children = split.children.iter().map(|child| child.min_size(leaf));
        let start = match split.axis {
            Axis::Row => Size::new(borders, 1),
            Axis::Column => Size::new(1, borders),
        };
        children.fold(start, |size, child| match split.axis {
            Axis::Row => Size::new(size.cols.saturating_add(child.cols), size.rows.max(child.rows)),
            Axis::Column => {
                Size::new(size.cols.max(child.cols), size.rows.saturating_add(child.rows))
            }
        })
    }

    /// Visits every node, parents first, with the place it has when this one has `rect`.
    pub(super) fn place(&self, rect: Rect, visit: &mut impl FnMut(&Self, Rect)) {
        visit(self, rect);
        if let Self::Split(split) = self {
            for (child, rect) in split.children.iter().zip(split.rects(rect)) {
                child.place(rect, visit);
            }
        }
    }

    pub(super) fn rename(&mut self, rename: &impl Fn(PaneId) -> PaneId) {
        match self {
            Self::Leaf(pane) => *pane = rename(*pane),
            Self::Split(split) => {
                split.children.iter_mut().for_each(|child| child.rename(rename));
            }
        }
    }
}

impl Split {
    /// Children in equal shares. There must be at least two.
    pub(super) fn even(axis: Axis, children: Vec<Node>) -> Self {
        let count = children.len() as u64;
        let bounds = (1..count).map(|index| (u64::from(WHOLE) * index / count) as u32).collect();
        Self { axis, children, bounds }
    }

    /// The places of the children when the split has `rect`.
    pub(super) fn rects(&self, rect: Rect) -> Vec<Rect> {
        let mut at = 0;
        let lengths = self.lengths(self.axis.length(rect.size)).into_iter();
        lengths
            .map(|length| {
                let start = at;
                at += length + 1;
                match self.axis {
                    Axis::Row => Rect {
                        col: rect.col + start,
                        row: rect.row,
                        size: Size::new(length, rect.size.rows),
                    },
                    Axis::Column => Rect {
                        col: rect.col,
                        row: rect.row + start,
                        size: Size::new(rect.size.cols, length),
                    },
                }
            })
            .collect()
    }

    /// The lengths of the children when the split has `length`: by their shares, but none below
    /// what its leaves need. `length` must be at least that of [`Node::min_size`].
    pub(super) fn lengths(&self, length: u16) -> Vec<u16> {
        let least = self.least(Size::new(1, 1));
        let usable = self.usable(length);
        let mut start = 0;
        let ends = self.bounds.iter().map(|bound| cell(*bound, usable)).chain([usable]);
        let mut lengths: Vec<u16> = ends
            .map(|end| {
                let length = end - start;
                start = end;
                length
            })
            .collect();
        let mut missing: u32 = 0;
        for (length, least) in lengths.iter_mut().zip(&least) {
            missing += u32::from(least.saturating_sub(*length));
            *length = (*length).max(*least);
        }
        // Whoever has most to spare gives, cell by cell, so that nobody alone pays for a tab that
        // became small.
        while missing > 0 {
            let spare = |index: &usize| lengths[*index] - least[*index];
            let giver = (0..lengths.len()).max_by_key(|index| (spare(index), usize::MAX - index));
            let Some(giver) = giver.filter(|index| spare(index) > 0) else {
                break;
            };
            lengths[giver] -= 1;
            missing -= 1;
        }
        lengths
    }

    /// Moves the bounds so that the children have these lengths, which must be at least 1 each, and
    /// leaves every bound alone that says so already. Shares thus keep their precision.
    pub(super) fn set_lengths(&mut self, lengths: &[u16]) {
        let usable: u16 = lengths.iter().sum();
        let mut end = 0;
        for (bound, length) in self.bounds.iter_mut().zip(lengths) {
            end += length;
            if cell(*bound, usable) != end {
                *bound = share(end, usable);
            }
        }
    }

    /// The least length of each child when each leaf has at least `leaf`.
    pub(super) fn least(&self, leaf: Size) -> Vec<u16> {
        self.children.iter().map(|child| self.axis.length(child.min_size(leaf))).collect()
    }

    /// What is left of a length without the borders between the children.
    fn usable(&self, length: u16) -> u16 {
        length.saturating_sub(u16::try_from(self.bounds.len()).unwrap_or(u16::MAX))
    }
}

/// The cell at which a bound lies, rounded.
fn cell(bound: u32, usable: u16) -> u16 {
    let cells = (u64::from(bound) * u64::from(usable) + u64::from(WHOLE) / 2) / u64::from(WHOLE);
    u16::try_from(cells).unwrap_or(usable)
}

/// A bound that lies at a cell. [`cell`] gives the cell back, because half a share is less than
/// half a cell for any length below [`WHOLE`].
fn share(cell: u16, usable: u16) -> u32 {
    let usable = u64::from(usable.max(1));
    let share = (u64::from(cell) * u64::from(WHOLE) + usable / 2) / usable;
    u32::try_from(share).unwrap_or(WHOLE)
}
