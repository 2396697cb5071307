//! Edits of the tree: split, remove, swap, resize, zoom. An edit takes the area, so that panes which
//! are not meant keep their exact size.

use ccc_proto::PaneId;
use ccc_vt::Size;

use super::node::{Axis, Node, Split};
use super::{Layout, LayoutError, MAX_DEPTH, MAX_PANES, MIN_PANE, Rect, Side, SplitSize, WHOLE};

impl Layout {
    /// Puts `new` at a side of `pane`. Ends a zoom.
    ///
    /// # Errors
    /// `pane` is not here, `new` is, or the room does not suffice in `area`.
    pub fn split(
        &mut self,
        area: Size,
        pane: PaneId,
        side: Side,
        size: SplitSize,
        new: PaneId,
    ) -> Result<(), LayoutError> {
        if self.floats(pane) {
            return Err(LayoutError::Floats(pane));
        }
        let path = self.root.path(pane).ok_or(LayoutError::NoSuchPane(pane))?;
        if self.contains(new) {
            return Err(LayoutError::Twice(new));
        }
        if self.panes().len() >= MAX_PANES || path.len() >= MAX_DEPTH {
            return Err(LayoutError::TooMany);
        }
        let least = self.min_size();
        if area.cols < least.cols || area.rows < least.rows {
            return Err(LayoutError::NoCell(area));
        }
        let axis = side.axis();
        let whole = self.whole(area);
        let length = axis.length(self.root.at(&path, whole).1.size);
        let (first, second) = halves(length, axis.length(MIN_PANE), side, size)
            .ok_or(LayoutError::TooSmall { pane, length })?;
        let share = match size {
            SplitSize::Half => WHOLE / 2,
            _ => u32::from(first) * WHOLE / u32::from(first + second),
        };
        let pair =
            |old| if side.is_after() { [old, Node::Leaf(new)] } else { [Node::Leaf(new), old] };

        self.settle(&path, whole);
        let parent = path.split_last().map(|(index, above)| (*index, above));
        if let Some((index, above)) = parent
            && let (Node::Split(parent), rect) = self.root.at(above, whole)
            && parent.axis == axis
        {
            let mut lengths = parent.lengths(axis.length(rect.size));
            lengths.splice(index..=index, [first, second]);
            let start = if index == 0 { 0 } else { parent.bounds[index - 1] };
            let end = parent.bounds.get(index).copied().unwrap_or(WHOLE);
            let within = u64::from(end - start) * u64::from(share) / u64::from(WHOLE);
            parent.bounds.insert(index, start + within as u32);
            parent.children.splice(index..=index, pair(Node::Leaf(pane)));
            parent.set_lengths(&lengths);
        } else {
            let node = self.root.at(&path, whole).0;
            let mut split =
                Split { axis, children: pair(Node::Leaf(pane)).into(), bounds: vec![share] };
            split.set_lengths(&[first, second]);
            *node = Node::Split(split);
        }
        self.zoomed = None;
        Ok(())
    }

    /// Puts `new` at the right end of the whole tab, in whatever room there is. Ends a zoom.
    ///
    /// # Errors
    /// `new` is here already, or the tab is full.
    pub fn append(&mut self, new: PaneId) -> Result<(), LayoutError> {
        if self.contains(new) {
            return Err(LayoutError::Twice(new));
        }
        if self.panes().len() >= MAX_PANES || self.root.depth() >= MAX_DEPTH {
            return Err(LayoutError::TooMany);
        }
        let root = std::mem::replace(&mut self.root, Node::Leaf(new));
        let mut children = match root {
            Node::Split(split) if split.axis == Axis::Row => split.children,
            root => vec![root],
        };
        children.push(Node::Leaf(new));
        self.root = Node::Split(Split::even(Axis::Row, children));
        self.zoomed = None;
        Ok(())
    }

    /// Takes a pane out; its space goes to the sibling before it, or after it when it was first.
    /// Answers with the pane that stands there now and may take the focus.
    ///
    /// # Errors
    /// The pane is not here, or the only one.
    pub fn remove(&mut self, area: Size, pane: PaneId) -> Result<PaneId, LayoutError> {
        if let Some(at) = self.floating.iter().position(|floating| floating.pane == pane) {
            self.floating.remove(at);
            self.zoomed = self.zoomed.filter(|zoomed| *zoomed != pane && self.panes().len() > 1);
            let below = self.floating.last().map(|floating| floating.pane);
            return Ok(below.unwrap_or_else(|| self.root.first()));
        }
        let path = self.root.path(pane).ok_or(LayoutError::NoSuchPane(pane))?;
        let whole = self.whole(area);
        let Some((&index, above)) = path.split_last() else {
            // What floats above comes down when nothing is left below.
            let heir = self.floating.pop().ok_or(LayoutError::OnlyPane(pane))?.pane;
            self.root = Node::Leaf(heir);
            self.zoomed = None;
            return Ok(heir);
        };
        self.settle(above, whole);
        let (node, rect) = self.root.at(above, whole);
        let Node::Split(split) = node else {
            return Err(LayoutError::NoSuchPane(pane));
        };
        let mut lengths = split.lengths(split.axis.length(rect.size));
        let freed = lengths.remove(index) + 1;
        split.children.remove(index);
        split.bounds.remove(index.saturating_sub(1));
        let heir = index.saturating_sub(1);
        lengths[heir] += freed;
        split.set_lengths(&lengths);
        let focus = match index {
            0 => split.children[heir].first(),
            _ => split.children[heir].last(),
        };
        if split.children.len() == 1 {
            *node = split.children.remove(0);
            self.absorb(above, whole);
        }
        if self.zoomed == Some(pane) || self.panes().len() < 2 {
            self.zoomed = None;
        }
        Ok(focus)
    }

    /// Exchanges two panes of this tab. Ends a zoom.
    ///
    /// # Errors
    /// One of them is not here.
    pub fn swap(&mut self, a: PaneId, b: PaneId) -> Result<(), LayoutError> {
        for pane in [a, b] {
            if !self.contains(pane) {
                return Err(LayoutError::NoSuchPane(pane));
            }
        }
        self.rename(&|pane| match pane {
            _ if pane == a => b,
            _ if pane == b => a,
            _ => pane,
        });
        self.zoomed = None;
        Ok(())
    }

    /// Puts `new` where `old` stands: one half of a swap across tabs. Ends a zoom.
    ///
    /// # Errors
    /// `old` is not here, or `new` is.
    pub fn replace(&mut self, old: PaneId, new: PaneId) -> Result<(), LayoutError> {
        if !self.contains(old) {
            return Err(LayoutError::NoSuchPane(old));
        }
        if self.contains(new) {
            return Err(LayoutError::Twice(new));
        }
        self.rename(&|pane| if pane == old { new } else { pane });
        self.zoomed = None;
        Ok(())
    }

    /// The same tree with other panes in it. The new ids must differ from each other.
    #[must_use]
    pub fn renamed(&self, rename: impl Fn(PaneId) -> PaneId) -> Self {
        let mut layout = self.clone();
        layout.rename(&rename);
        layout.zoomed = layout.zoomed.map(rename);
        layout
    }

    fn rename(&mut self, rename: &impl Fn(PaneId) -> PaneId) {
        self.root.rename(rename);
        self.floating.iter_mut().for_each(|floating| floating.rename(rename));
    }

    /// Moves the border at that side of the pane by up to `cells`; at the last pane of a row or
    /// column, the border before it. Ends a zoom.
    ///
    /// # Errors
    /// No border there can move.
    pub fn resize(
        &mut self,
        area: Size,
        pane: PaneId,
        side: Side,
        cells: u16,
    ) -> Result<(), LayoutError> {
        if self.floats(pane) {
            return self.resize_floating(area, pane, side, cells);
        }
        let path = self.root.path(pane).ok_or(LayoutError::NoSuchPane(pane))?;
        let whole = self.whole(area);
        for (depth, index) in path.iter().enumerate().rev() {
            let (Node::Split(split), rect) = self.root.at(&path[..depth], whole) else {
                continue;
            };
            if split.axis != side.axis() {
                continue;
            }
            let border = (*index).min(split.children.len() - 2);
            let mut lengths = split.lengths(split.axis.length(rect.size));
            let least = split.least(MIN_PANE);
            let (taker, givers): (_, Vec<usize>) = if side.is_after() {
                (border, (border + 1..lengths.len()).collect())
            } else {
                (border + 1, (0..=border).rev().collect())
            };
            let mut wanted = cells;
            for giver in givers {
                let given = wanted.min(lengths[giver].saturating_sub(least[giver]));
                lengths[giver] -= given;
                lengths[taker] += given;
                wanted -= given;
            }
            if wanted == cells {
                return Err(LayoutError::NoRoom(pane));
            }
            split.set_lengths(&lengths);
            self.zoomed = None;
            return Ok(());
        }
        Err(LayoutError::NoRoom(pane))
    }

    /// Gives a pane the whole area, or takes it back. With one pane there is nothing to zoom.
    ///
    /// # Errors
    /// The pane is not here.
    pub fn zoom(&mut self, pane: Option<PaneId>) -> Result<(), LayoutError> {
        if let Some(pane) = pane
            && !self.contains(pane)
        {
            return Err(LayoutError::NoSuchPane(pane));
        }
        self.zoomed = pane.filter(|_| self.panes().len() > 1);
        Ok(())
    }

    fn whole(&self, area: Size) -> Rect {
        Rect { col: 0, row: 0, size: self.roomy(area) }
    }

    /// Makes the splits around a node say the lengths that they have. They say others where an area
    /// is so small that some panes need more than their share; an edit that changes what is needed
    /// would then move borders far from it.
    fn settle(&mut self, path: &[usize], whole: Rect) {
        for depth in 0..path.len() {
            if let (Node::Split(split), rect) = self.root.at(&path[..depth], whole) {
                let lengths = split.lengths(split.axis.length(rect.size));
                split.set_lengths(&lengths);
            }
        }
    }

    /// Gives the children of the split at `path` to its parent, when both lie along the same axis.
    fn absorb(&mut self, path: &[usize], whole: Rect) {
        let Some((&index, above)) = path.split_last() else {
            return;
        };
        let (Node::Split(parent), rect) = self.root.at(above, whole) else {
            return;
        };
        let mut lengths = parent.lengths(parent.axis.length(rect.size));
        let Node::Split(child) = &parent.children[index] else {
            return;
        };
        if child.axis != parent.axis {
            return;
        }
        let child = child.clone();
        lengths.splice(index..=index, child.lengths(lengths[index]));
        let start = if index == 0 { 0 } else { parent.bounds[index - 1] };
        let end = parent.bounds.get(index).copied().unwrap_or(WHOLE);
        let within = |bound: &u32| {
            start + (u64::from(end - start) * u64::from(*bound) / u64::from(WHOLE)) as u32
        };
        parent.bounds.splice(index..index, child.bounds.iter().map(within));
        parent.children.splice(index..=index, child.children);
        parent.set_lengths(&lengths);
    }
}

/// The lengths of the first and the second of two panes that share `length` cells with a border
/// between them; `None` when one would be below `least`.
fn halves(length: u16, least: u16, side: Side, size: SplitSize) -> Option<(u16, u16)> {
    let both = length.checked_sub(1)?;
    let (first, second) = match size {
        SplitSize::Half => (both - both / 2, both / 2),
        SplitSize::Cells(cells) => ordered(both, cells, side)?,
        SplitSize::Percent(percent) => {
            let cells = u32::from(both) * u32::from(percent) / 100;
            ordered(both, u16::try_from(cells).ok()?, side)?
        }
    };
    (first >= least && second >= least).then_some((first, second))
}

fn ordered(both: u16, new: u16, side: Side) -> Option<(u16, u16)> {
    let old = both.checked_sub(new)?;
    Some(if side.is_after() { (old, new) } else { (new, old) })
}
