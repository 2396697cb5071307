//! Which pane lies at a side of another one.

use ccc_proto::PaneId;
use ccc_vt::Size;

use super::node::Axis;
use super::{Layout, Rect, Side};

impl Layout {
    /// The pane at a side, around the edge if there is none; among several the one beside `from` (a
    /// column and row of the area, as the cursor's), else beside the middle of the pane. `None` when
    /// the pane is not here or nothing else lies on that line.
    #[must_use]
    pub fn neighbour(
        &self,
        area: Size,
        pane: PaneId,
        side: Side,
        from: Option<(u16, u16)>,
    ) -> Option<PaneId> {
        let places = self.places(area);
        let here = places.iter().find(|(other, _)| *other == pane)?.1;
        let (start, end) = span(here, side.axis());
        let (cross_start, cross_end) = span(here, cross(side.axis()));
        let middle = u16::midpoint(cross_start, cross_end);
        let from = match (from, side.axis()) {
            (None, _) => middle,
            (Some((_, row)), Axis::Row) => row,
            (Some((col, _)), Axis::Column) => col,
        };
        let from = from.clamp(cross_start, cross_end - 1);

        let beside = places.iter().filter(|(other, place)| {
            let (other_start, other_end) = span(*place, cross(side.axis()));
            *other != pane && other_start < cross_end && cross_start < other_end
        });
        let edge = |place: Rect| {
            let (other_start, other_end) = span(place, side.axis());
            if side.is_after() { other_start } else { other_end }
        };
        // At the border, or at the far edge of the area when nothing is beyond the border.
        let touching = if side.is_after() { end.checked_add(1) } else { start.checked_sub(1) };
        let edges = beside.clone().map(|(_, place)| edge(*place));
        let wrapped = if side.is_after() { edges.min() } else { edges.max() }?;
        let line = touching.filter(|line| beside.clone().any(|(_, place)| edge(*place) == *line));
        let line = line.unwrap_or(wrapped);
        beside
            .filter(|(_, place)| edge(*place) == line)
            .min_by_key(|(_, place)| {
                let (start, end) = span(*place, cross(side.axis()));
                start.saturating_sub(from).max((from + 1).saturating_sub(end))
            })
            .map(|(other, _)| *other)
    }
}

fn cross(axis: Axis) -> Axis {
    match axis {
        Axis::Row => Axis::Column,
        Axis::Column => Axis::Row,
    }
}

/// First cell and the one after the last, along an axis.
fn span(rect: Rect, axis: Axis) -> (u16, u16) {
    match axis {
        Axis::Row => (rect.col, rect.col + rect.size.cols),
        Axis::Column => (rect.row, rect.row + rect.size.rows),
    }
}
