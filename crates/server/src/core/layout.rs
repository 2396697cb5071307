//! The split tree of one tab: who stands beside whom, in which shares. Owns the arithmetic from
//! shares to cells and every edit of the tree. Knows no screen, no name and no client.
//!
//! A share is a part of the parent's length in 1/65536 and does not depend on any size, so that a
//! tab which shrinks and grows back looks as before. Between siblings lies one cell of border.

use ccc_proto::{Direction, PaneId, WireNode};
use ccc_vt::Size;

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
    #[error("{pane} has {} cells here, too few for a split", .length)]
    TooSmall { pane: PaneId, length: u16 },
    /// [`MAX_PANES`] stand in the tab, or [`MAX_DEPTH`] splits inside each other.
    #[error("a tab takes at most {MAX_PANES} panes, {MAX_DEPTH} splits deep")]
    TooMany,
    /// The border is already as far as it goes, or there is none.
    #[error("no border of {0} can move that way")]
    NoRoom(PaneId),
    /// The last pane of a tab has nowhere to leave its space to.
    #[error("{0} is the only pane of its tab")]
    OnlyPane(PaneId),
    /// A flat list that describes no tree.
    #[error("a list of {nodes} nodes describes no split tree: {why}")]
    NotATree { nodes: usize, why: &'static str },
}

/// The panes of a tab and how they share its area. There is always at least one pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    root: Node,
    /// The pane that has the whole area; always one of the tree, and never its only one.
    zoomed: Option<PaneId>,
    /// The preset applied last, from which the next one follows.
    preset: Option<Preset>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Leaf(PaneId),
}

impl Layout {
    /// One pane that has everything.
    #[must_use]
    pub fn new(pane: PaneId) -> Self {
        Self { root: Node::Leaf(pane), zoomed: None, preset: None }
    }
    /// All panes, in reading order of the tree.
    #[must_use]
    pub fn panes(&self) -> Vec<PaneId> {
        todo!()
    }
    #[must_use]
    pub fn contains(&self, _pane: PaneId) -> bool {
        todo!()
    }
    #[must_use]
    pub fn zoomed(&self) -> Option<PaneId> {
        self.zoomed
    }
    #[must_use]
    pub fn preset(&self) -> Option<Preset> {
        self.preset
    }
    /// The smallest area in which every pane has a cell.
    #[must_use]
    pub fn min_size(&self) -> Size {
        todo!()
    }
    /// The place of each pane when none is zoomed. The places and the borders tile `area` exactly;
    /// an area below [`Layout::min_size`] is taken as that size, and whoever draws crops.
    #[must_use]
    pub fn places(&self, _area: Size) -> Vec<(PaneId, Rect)> {
        todo!()
    }
    /// The size that each pane's terminal should have: its place's, and the whole area for a
    /// zoomed one.
    #[must_use]
    pub fn sizes(&self, _area: Size) -> Vec<(PaneId, Size)> {
        todo!()
    }
    /// Puts `new` at a side of `pane`. Ends a zoom.
    ///
    /// # Errors
    /// `pane` is not here, or the room does not suffice in `area`.
    pub fn split(
        &mut self,
        _area: Size,
        _pane: PaneId,
        _side: Side,
        _size: SplitSize,
        _new: PaneId,
    ) -> Result<(), LayoutError> {
        todo!()
    }
    /// Takes a pane out; its space goes to the sibling before it, or after it when it was first.
    /// Answers with the pane that stands there now and may take the focus.
    ///
    /// # Errors
    /// The pane is not here, or the only one.
    pub fn remove(&mut self, _area: Size, _pane: PaneId) -> Result<PaneId, LayoutError> {
        todo!()
    }
    /// Exchanges two panes of this tab. Ends a zoom.
    ///
    /// # Errors
    /// One of them is not here.
    pub fn swap(&mut self, _a: PaneId, _b: PaneId) -> Result<(), LayoutError> {
        todo!()
    }
    /// Puts `new` where `old` stands: one half of a swap across tabs.
    ///
    /// # Errors
    /// `old` is not here.
    pub fn replace(&mut self, _old: PaneId, _new: PaneId) -> Result<(), LayoutError> {
        todo!()
    }
    /// Moves the border at that side of the pane by up to `cells`; at the last pane of a row or
    /// column, the border before it. Ends a zoom.
    ///
    /// # Errors
    /// No border there can move.
    pub fn resize(
        &mut self,
        _area: Size,
        _pane: PaneId,
        _side: Side,
        _cells: u16,
    ) -> Result<(), LayoutError> {
        todo!()
    }
    /// Gives a pane the whole area, or takes it back. With one pane there is nothing to zoom.
    ///
    /// # Errors
    /// The pane is not here.
    pub fn zoom(&mut self, _pane: Option<PaneId>) -> Result<(), LayoutError> {
        todo!()
    }
    /// Arranges all panes anew. Ends a zoom.
    pub fn arrange(&mut self, _preset: Preset) {
        todo!()
    }
    /// The preset that the next press of the key applies.
    #[must_use]
    pub fn next_preset(&self) -> Preset {
        todo!()
    }
    /// The pane at a side, wrapping around at the edge; among several the one beside `from` (a cell
    /// of the area, as the cursor's), else beside the middle of the pane.
    #[must_use]
    pub fn neighbour(
        &self,
        _area: Size,
        _pane: PaneId,
        _side: Side,
        _from: Option<(u16, u16)>,
    ) -> Option<PaneId> {
        todo!()
    }
    /// The next pane in order, around the end.
    #[must_use]
    pub fn next(&self, _pane: PaneId) -> Option<PaneId> {
        todo!()
    }
    /// The previous pane in order, around the start.
    #[must_use]
    pub fn previous(&self, _pane: PaneId) -> Option<PaneId> {
        todo!()
    }
    /// The tree as a flat list with the places it has in `area`: the form of wire and record.
    #[must_use]
    pub fn to_flat(&self, _area: Size) -> Vec<WireNode> {
        todo!()
    }
    /// A tree from its flat form; places are not read.
    ///
    /// # Errors
    /// The list describes no tree, or one that is too large.
    pub fn from_flat(_nodes: &[WireNode]) -> Result<Self, LayoutError> {
        todo!()
    }
}
