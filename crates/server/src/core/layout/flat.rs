//! The tree as a flat list, parents before children: the form in which it travels and is recorded.
//! Reads such a list with suspicion, because it may come from a damaged disk.

use std::collections::BTreeSet;

use ccc_proto::{NodeKind, PaneId, WireNode, WireSize};
use ccc_vt::Size;

use super::node::{Axis, Node, Split};
use super::{Layout, LayoutError, MAX_DEPTH, MAX_PANES, Rect, WHOLE};

impl Layout {
    /// The tree as a flat list with the places it has in `area`: the form of wire and record.
    #[must_use]
    pub fn to_flat(&self, area: Size) -> Vec<WireNode> {
        let whole = Rect { col: 0, row: 0, size: self.roomy(area) };
        let mut nodes = Vec::new();
        flatten(&self.root, whole, 0, WHOLE, &mut nodes);
        nodes
    }

    /// A tree from its flat form; places are not read.
    ///
    /// # Errors
    /// The list describes no tree, or one that is too large.
    pub fn from_flat(nodes: &[WireNode]) -> Result<Self, LayoutError> {
        let wrong = |why| LayoutError::NotATree { nodes: nodes.len(), why };
        if nodes.is_empty() {
            return Err(wrong("it is empty"));
        }
        if nodes.len() >= 2 * MAX_PANES {
            return Err(LayoutError::TooMany);
        }
        let mut children = vec![Vec::new(); nodes.len()];
        let mut depths = vec![0; nodes.len()];
        for (index, node) in nodes.iter().enumerate().skip(1) {
            let parent = usize::from(node.parent);
            if parent >= index {
                return Err(wrong("a node stands before its parent"));
            }
            children[parent].push(index);
            depths[index] = depths[parent] + 1;
            if depths[index] > MAX_DEPTH {
                return Err(LayoutError::TooMany);
            }
        }
        let mut seen = BTreeSet::new();
        let root = grow(nodes, &children, 0, None, &mut seen).map_err(wrong)?;
        if seen.len() > MAX_PANES {
            return Err(LayoutError::TooMany);
        }
        Ok(Self { root, floating: Vec::new(), zoomed: None, preset: None })
    }
}

fn flatten(node: &Node, rect: Rect, parent: u16, ratio: u32, nodes: &mut Vec<WireNode>) {
    // A tree has fewer than 2 * MAX_PANES nodes.
    let index = u16::try_from(nodes.len()).unwrap_or(u16::MAX);
    let (kind, pane) = match node {
        Node::Leaf(pane) => (NodeKind::LEAF, *pane),
        Node::Split(split) => match split.axis {
            Axis::Row => (NodeKind::ROW, PaneId(0)),
            Axis::Column => (NodeKind::COLUMN, PaneId(0)),
        },
    };
    let size = WireSize { cols: rect.size.cols, rows: rect.size.rows };
    let (col, row) = (rect.col, rect.row);
    nodes.push(WireNode { kind, parent, ratio, server: 0, pane, col, row, size });
    if let Node::Split(split) = node {
        let starts = [0].into_iter().chain(split.bounds.iter().copied());
        let ends = split.bounds.iter().copied().chain([WHOLE]);
        let ratios = starts.zip(ends).map(|(start, end)| end - start);
        for ((child, rect), ratio) in split.children.iter().zip(split.rects(rect)).zip(ratios) {
            flatten(child, rect, index, ratio, nodes);
        }
    }
}

fn grow(
    nodes: &[WireNode],
    children: &[Vec<usize>],
    index: usize,
    parent: Option<Axis>,
    seen: &mut BTreeSet<PaneId>,
) -> Result<Node, &'static str> {
    let node = &nodes[index];
    let axis = match node.kind {
        NodeKind::LEAF => {
            if !children[index].is_empty() {
                return Err("a pane has children");
            }
            if node.server != 0 {
                return Err("a pane is another server's");
            }
            if !seen.insert(node.pane) {
                return Err("a pane stands in it twice");
            }
            return Ok(Node::Leaf(node.pane));
        }
        NodeKind::ROW => Axis::Row,
        NodeKind::COLUMN => Axis::Column,
        _ => return Err("a node is of an unknown kind"),
    };
    if parent == Some(axis) {
        return Err("a split lies in one along the same axis");
    }
    if children[index].len() < 2 {
        return Err("a split has fewer than two children");
    }
    let mut bounds = Vec::with_capacity(children[index].len());
    let mut end = 0u32;
    for child in &children[index] {
        let ratio = nodes[*child].ratio;
        end = end.saturating_add(ratio);
        if ratio == 0 || end > WHOLE {
            return Err("the shares of a split do not add up");
        }
        bounds.push(end);
    }
    if bounds.pop() != Some(WHOLE) {
        return Err("the shares of a split do not add up");
    }
    let grown = children[index].iter().map(|child| grow(nodes, children, *child, Some(axis), seen));
    Ok(Node::Split(Split { axis, children: grown.collect::<Result<_, _>>()?, bounds }))
}
