//! The split tree of one tab: who stands beside whom, in which shares. Owns the arithmetic from
//! shares to cells and every edit of the tree. Knows no screen, no name and no client.
//!
//! A share is a part of the parent's length in 1/65536 and does not depend on any size, so that a
//! tab which shrinks and grows back looks as before. Between siblings lies one cell of border.

mod edit;
mod flat;
mod float;
mod neighbour;
mod node;
mod preset;

use ccc_proto::{Direction, PaneId, limits};
use ccc_vt::Size;

use node::{Axis, Node};

pub use float::{Floating, MAX_FLOATING};

/// The sum of the shares of siblings.
pub const WHOLE: u32 = 65_536;
/// The most panes that one tab takes; it also bounds what is read from a record.
pub const MAX_PANES: usize = 256;
/// The deepest nesting of splits, so that no walk over a tree exhausts the stack.
pub const MAX_DEPTH: usize = 64;
/// The narrowest and lowest pane that a split or a moved border leaves.
pub const MIN_PANE: Size = Size::new(2, 1);

/// A part of a tab's area, in cells from its top left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rect {
    pub col: u16,
    pub row: u16,
    pub size: Size,
}

/// A side of a pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Right,
    Down,
    Left,
    Up,
}

impl Side {
    /// The side that a peer names; `None` for one that came after this version.
    #[must_use]
    pub fn from_wire(direction: Direction) -> Option<Self> {
        match direction {
            Direction::RIGHT => Some(Self::Right),
            Direction::DOWN => Some(Self::Down),
            Direction::LEFT => Some(Self::Left),
            Direction::UP => Some(Self::Up),
            _ => None,
        }
    }

    /// Along which axis it lies.
    fn axis(self) -> Axis {
        match self {
            Self::Right | Self::Left => Axis::Row,
            Self::Down | Self::Up => Axis::Column,
        }
    }

    /// Whether it is the side of higher columns or rows.
    fn is_after(self) -> bool {
        matches!(self, Self::Right | Self::Down)
    }
}

/// How much of the split pane's length the new one gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitSize {
    Half,
    /// Cells along the split.
    Cells(u16),
    /// Percent of the split pane's length, 1 to 99.
    Percent(u16),
}

impl SplitSize {
    /// As the two numbers of [`ccc_proto::Split`] say it.
    #[must_use]
    pub fn from_wire(cells: u16, percent: u16) -> Self {
        match (cells, percent) {
            (0, 0) => Self::Half,
            (0, percent) => Self::Percent(percent),
            (cells, _) => Self::Cells(cells),
        }
    }
}

/// A ready arrangement of all panes of a tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    EvenHorizontal,
    EvenVertical,
    MainHorizontal,
    MainVertical,
    Tiled,
}

/// Why an edit of a layout was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// The caller names a pane of another tab.
    #[error("{0} is not in this tab")]
    NoSuchPane(PaneId),
    /// A side would be smaller than [`MIN_PANE`].
    #[error("{pane} has {length} cells in that direction, too few for such a split")]
    TooSmall { pane: PaneId, length: u16 },
    /// Not even the panes that are there have a cell each.
    #[error("the tab has {} columns and {} rows, too few for the panes it has", .0.cols, .0.rows)]
    NoCell(Size),
    /// [`MAX_PANES`] stand in the tab, or [`MAX_DEPTH`] splits inside each other.
    #[error("a tab takes at most {MAX_PANES} panes, {MAX_DEPTH} splits deep")]
    TooMany,
    /// The border is already as far as it goes, or there is none.
    #[error("no border of {0} can move that way")]
    NoRoom(PaneId),
    /// The last pane of a tab has nowhere to leave its space to.
    #[error("{0} is the only pane of its tab")]
    OnlyPane(PaneId),
    /// It has no place beside other panes.
    #[error("{0} floats; put it back first")]
    Floats(PaneId),
    #[error("at most {MAX_FLOATING} panes float above a tab")]
    TooManyFloat,
    /// The pane that is to come stands here already.
    #[error("{0} is in this tab already")]
    Twice(PaneId),
    /// A flat list that describes no tree.
    #[error("a list of {nodes} nodes describes no split tree: {why}")]
    NotATree { nodes: usize, why: &'static str },
}

/// The panes of a tab and how they share its area. There is always at least one pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    root: Node,
    /// Above the tree, bottom to top; none of them stands in it.
    floating: Vec<Floating>,
    /// The pane that has the whole area; never the only one.
    zoomed: Option<PaneId>,
    /// The preset applied last, from which the next one follows.
    preset: Option<Preset>,
}

impl Layout {
    /// One pane that has everything.
    #[must_use]
    pub fn new(pane: PaneId) -> Self {
        Self { root: Node::Leaf(pane), floating: Vec::new(), zoomed: None, preset: None }
    }

    /// All panes: those of the tree in its reading order, then those that float.
    #[must_use]
    pub fn panes(&self) -> Vec<PaneId> {
        let mut panes = self.tiled();
        panes.extend(self.floating.iter().map(|floating| floating.pane));
        panes
    }

    /// The panes of the tree, in its reading order.
    #[must_use]
    pub fn tiled(&self) -> Vec<PaneId> {
        let mut panes = Vec::new();
        self.root.collect(&mut panes);
        panes
    }

    #[must_use]
    pub fn contains(&self, pane: PaneId) -> bool {
        self.root.path(pane).is_some() || self.floats(pane)
    }

    /// The pane that has the whole area for now.
    #[must_use]
    pub fn zoomed(&self) -> Option<PaneId> {
        self.zoomed
    }

    /// The preset that was applied last.
    #[must_use]
    pub fn preset(&self) -> Option<Preset> {
        self.preset
    }

    /// The smallest area in which every pane has a cell.
    #[must_use]
    pub fn min_size(&self) -> Size {
        self.root.min_size(Size::new(1, 1))
    }

    /// The place of each pane when none is zoomed. Those of the tree and the borders tile `area` exactly;
    /// an area below [`Layout::min_size`] is taken as that size, and whoever draws crops.
    #[must_use]
    pub fn places(&self, area: Size) -> Vec<(PaneId, Rect)> {
        let mut places = Vec::new();
        self.root.place(Rect { col: 0, row: 0, size: self.roomy(area) }, &mut |node, rect| {
            if let Node::Leaf(pane) = node {
                places.push((*pane, rect));
            }
        });
        places.extend(self.floating_places(area));
        places
    }

    /// The size that each pane's terminal should have: its place's, and the whole area for a
    /// zoomed one.
    #[must_use]
    pub fn sizes(&self, area: Size) -> Vec<(PaneId, Size)> {
        let whole = Size::new(area.cols.clamp(1, limits::SIDE), area.rows.clamp(1, limits::SIDE));
        let places = self.places(area).into_iter();
        let size = |pane, rect: Rect| if self.zoomed == Some(pane) { whole } else { rect.size };
        places.map(|(pane, rect)| (pane, size(pane, rect))).collect()
    }

    /// The next pane in order, around the end. `None` when the pane is not here.
    #[must_use]
    pub fn next(&self, pane: PaneId) -> Option<PaneId> {
        let panes = self.panes();
        let at = panes.iter().position(|other| *other == pane)?;
        panes.get((at + 1) % panes.len()).copied()
    }

    /// The previous pane in order, around the start. `None` when the pane is not here.
    #[must_use]
    pub fn previous(&self, pane: PaneId) -> Option<PaneId> {
        let panes = self.panes();
        let at = panes.iter().position(|other| *other == pane)?;
        panes.get((at + panes.len() - 1) % panes.len()).copied()
    }

    /// The area, or the smallest one in which every pane has a cell. [`MAX_PANES`] need far fewer
    /// cells a side than [`limits::SIDE`].
    fn roomy(&self, area: Size) -> Size {
        let least = self.min_size();
        Size::new(
            area.cols.clamp(least.cols, limits::SIDE),
            area.rows.clamp(least.rows, limits::SIDE),
        )
    }
}

#[cfg(test)]
mod tests;
