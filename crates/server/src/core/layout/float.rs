//! Panes that float above the tree, centred. Owns where they are, and the way back to where each one
//! stood: the same tree if nobody changed it meanwhile, else the side of the pane it stood beside.

use ccc_proto::{NodeKind, PaneId, WireNode, WireSize};
use ccc_vt::Size;

use super::node::{Axis, Node};
use super::{Layout, LayoutError, MIN_PANE, Rect, Side, SplitSize, WHOLE};

/// The most panes that float above one tab, so that a record of them stays small.
pub const MAX_FLOATING: usize = 8;
/// The largest tree that is remembered for the way back, in nodes, for the same reason.
const MAX_REMEMBERED: usize = 64;
/// What a pane that begins to float takes of the tab, across and down.
const SHARE: u32 = WHOLE / 5 * 4;
/// What is left for a frame, across and down.
const FRAME: u16 = 2;

/// One floating pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Floating {
    pub pane: PaneId,
    /// Shares of the tab's columns and rows, in 1/65536.
    pub width: u32,
    pub height: u32,
    /// The pane it stood beside, and on which side of that one.
    pub beside: PaneId,
    pub side: Side,
    /// The tree that it stood in; `None` when that was too large to keep.
    pub(super) before: Option<Node>,
}

impl Floating {
    fn rect(&self, area: Size) -> Rect {
        let length = |whole: u16, share: u32, least: u16| {
            let half = u64::from(WHOLE / 2);
            let wanted = (u64::from(whole) * u64::from(share) + half) / u64::from(WHOLE);
            let most = whole.saturating_sub(FRAME).max(1);
            u16::try_from(wanted).unwrap_or(most).clamp(least.min(most), most)
        };
        let cols = length(area.cols, self.width, MIN_PANE.cols);
        let rows = length(area.rows, self.height, MIN_PANE.rows);
        let (col, row) = ((area.cols.max(cols) - cols) / 2, (area.rows.max(rows) - rows) / 2);
        Rect { col, row, size: Size::new(cols, rows) }
    }

    pub(super) fn rename(&mut self, rename: &impl Fn(PaneId) -> PaneId) {
        self.pane = rename(self.pane);
        self.beside = rename(self.beside);
        if let Some(before) = &mut self.before {
            before.rename(rename);
        }
    }

    /// The tree that it stood in, as records keep it; empty when it is not known.
    #[must_use]
    pub fn before(&self) -> Vec<WireNode> {
        let tree = |root: &Node| Layout { root: root.clone(), ..Layout::new(self.pane) };
        self.before.as_ref().map_or_else(Vec::new, |root| tree(root).to_flat(Size::default()))
    }

    /// One as records keep it. A tree that makes no sense is like none.
    #[must_use]
    pub fn kept(
        pane: PaneId,
        (width, height): (u32, u32),
        (beside, side): (PaneId, Side),
        before: &[WireNode],
    ) -> Self {
        let before = Layout::from_flat(before).ok().map(|layout| layout.root);
        Self { pane, width: width.min(WHOLE), height: height.min(WHOLE), beside, side, before }
    }
}

impl Layout {
    /// The floating panes, bottom to top.
    #[must_use]
    pub fn floating(&self) -> &[Floating] {
        &self.floating
    }

    #[must_use]
    pub fn floats(&self, pane: PaneId) -> bool {
        self.floating.iter().any(|floating| floating.pane == pane)
    }

    /// The places of the floating panes in `area`, as they travel.
    #[must_use]
    pub fn floating_flat(&self, area: Size) -> Vec<WireNode> {
        self.floating_places(area)
            .map(|(pane, Rect { col, row, size })| {
                let size = WireSize { cols: size.cols, rows: size.rows };
                let kind = NodeKind::LEAF;
                WireNode { kind, parent: 0, ratio: WHOLE, server: 0, pane, col, row, size }
            })
            .collect()
    }

    pub(super) fn floating_places(&self, area: Size) -> impl Iterator<Item = (PaneId, Rect)> {
        self.floating.iter().map(move |floating| (floating.pane, floating.rect(area)))
    }

    /// The same tree with these floating above it, as read from a record.
    ///
    /// # Errors
    /// A pane would stand in it twice, or too many float.
    pub fn with_floating(mut self, floating: Vec<Floating>) -> Result<Self, LayoutError> {
        if floating.len() > MAX_FLOATING {
            return Err(LayoutError::TooManyFloat);
        }
        for one in floating {
            if self.contains(one.pane) {
                return Err(LayoutError::Twice(one.pane));
            }
            self.floating.push(one);
        }
        Ok(self)
    }

    /// Takes a pane out of the tree and lets it float on top. Ends a zoom.
    ///
    /// # Errors
    /// The pane is not here, floats, is the only one of the tree, or too many float.
    pub fn float(&mut self, area: Size, pane: PaneId) -> Result<(), LayoutError> {
        if self.floats(pane) {
            return Err(LayoutError::Floats(pane));
        }
        if self.floating.len() >= MAX_FLOATING {
            return Err(LayoutError::TooManyFloat);
        }
        let path = self.root.path(pane).ok_or(LayoutError::NoSuchPane(pane))?;
        let Some((&index, above)) = path.split_last() else {
            return Err(LayoutError::OnlyPane(pane));
        };
        let whole = Rect { col: 0, row: 0, size: self.roomy(area) };
        let before = self.root.clone();
        let (beside, side) = match self.root.at(above, whole).0 {
            Node::Split(split) => match (index.checked_sub(1), split.axis) {
                (Some(index), Axis::Row) => (split.children[index].last(), Side::Right),
                (Some(index), Axis::Column) => (split.children[index].last(), Side::Down),
                (None, Axis::Row) => (split.children[1].first(), Side::Left),
                (None, Axis::Column) => (split.children[1].first(), Side::Up),
            },
            Node::Leaf(_) => return Err(LayoutError::OnlyPane(pane)),
        };
        self.remove(area, pane)?;
        let nodes = Self { root: before.clone(), ..Self::new(pane) }.to_flat(area).len();
        let before = (nodes <= MAX_REMEMBERED).then_some(before);
        let floating = Floating { pane, width: SHARE, height: SHARE, beside, side, before };
        self.floating.push(floating);
        self.zoomed = None;
        Ok(())
    }

    /// Puts a floating pane back to where it stood. Ends a zoom.
    ///
    /// # Errors
    /// The pane does not float.
    pub fn settle_back(&mut self, area: Size, pane: PaneId) -> Result<(), LayoutError> {
        let at = self.floating.iter().position(|floating| floating.pane == pane);
        let floating = self.floating.remove(at.ok_or(LayoutError::NoSuchPane(pane))?);
        self.zoomed = None;
        if let Some(before) = floating.before
            && before.panes_sorted() == sorted([self.root.panes_sorted(), vec![pane]].concat())
        {
            self.root = before;
            return Ok(());
        }
        let (beside, side) = (floating.beside, floating.side);
        let split = match self.root.path(beside) {
            Some(_) => self.split(area, beside, side, SplitSize::Half, pane),
            None => Err(LayoutError::NoSuchPane(beside)),
        };
        // Where there is no room or no such neighbour any more, the right end will do.
        split.or_else(|_no_room| self.append(pane))
    }

    /// All in the tree, as a saved layout has them.
    #[must_use]
    pub fn settled(&self, area: Size) -> Self {
        let mut layout = self.clone();
        while let Some(pane) = layout.floating.last().map(|floating| floating.pane) {
            // One that finds no place is left out, which no tab is large enough for.
            if layout.settle_back(area, pane).is_err() {
                break;
            }
        }
        layout
    }

    /// Makes a floating pane larger or smaller; it stays in the middle.
    pub(super) fn resize_floating(
        &mut self,
        area: Size,
        pane: PaneId,
        side: Side,
        cells: u16,
    ) -> Result<(), LayoutError> {
        let no_room = LayoutError::NoRoom(pane);
        let floating = self.floating.iter_mut().find(|floating| floating.pane == pane);
        let floating = floating.ok_or(LayoutError::NoSuchPane(pane))?;
        let before = floating.rect(area).size;
        let (length, whole, share) = match side.axis() {
            Axis::Row => (before.cols, area.cols, &mut floating.width),
            Axis::Column => (before.rows, area.rows, &mut floating.height),
        };
        let length = if side.is_after() {
            length.saturating_add(cells)
        } else {
            length.saturating_sub(cells)
        };
        let wanted = u64::from(length) * u64::from(WHOLE) / u64::from(whole.max(1));
        *share = u32::try_from(wanted).unwrap_or(WHOLE).min(WHOLE);
        if floating.rect(area).size == before { Err(no_room) } else { Ok(()) }
    }
}

impl Node {
    fn panes_sorted(&self) -> Vec<PaneId> {
        let mut panes = Vec::new();
        self.collect(&mut panes);
        sorted(panes)
    }
}

fn sorted(mut panes: Vec<PaneId>) -> Vec<PaneId> {
    panes.sort_unstable();
    panes
}
