//! Ready arrangements. Owns their names and shapes.

use ccc_proto::PaneId;

use super::node::{Axis, Node, Split};
use super::{Layout, Preset};

impl Preset {
    /// All of them, in the order in which the key walks through them.
    pub const ALL: [Self; 5] = [
        Self::EvenHorizontal,
        Self::EvenVertical,
        Self::MainHorizontal,
        Self::MainVertical,
        Self::Tiled,
    ];

    /// The name that people type.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EvenHorizontal => "even-horizontal",
            Self::EvenVertical => "even-vertical",
            Self::MainHorizontal => "main-horizontal",
            Self::MainVertical => "main-vertical",
            Self::Tiled => "tiled",
        }
    }

    /// The preset of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// Its number in a record, from 1.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::EvenHorizontal => 1,
            Self::EvenVertical => 2,
            Self::MainHorizontal => 3,
            Self::MainVertical => 4,
            Self::Tiled => 5,
        }
    }

    /// The preset of a number; `None` for none, and for one that came after this version.
    #[must_use]
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.number() == number)
    }
}

impl Layout {
    /// Arranges all panes anew, in their order. Ends a zoom.
    pub fn arrange(&mut self, preset: Preset) {
        let panes = self.tiled();
        self.root = match preset {
            Preset::EvenHorizontal => line(Axis::Row, &panes),
            Preset::EvenVertical => line(Axis::Column, &panes),
            Preset::MainHorizontal => main(Axis::Column, Axis::Row, &panes),
            Preset::MainVertical => main(Axis::Row, Axis::Column, &panes),
            Preset::Tiled => tiles(&panes),
        };
        self.zoomed = None;
        self.preset = Some(preset);
    }

    /// The preset that the next press of the key applies.
    #[must_use]
    pub fn next_preset(&self) -> Preset {
        let all = Preset::ALL;
        let last = self.preset.and_then(|preset| all.iter().position(|other| *other == preset));
        all[last.map_or(0, |last| (last + 1) % all.len())]
    }

    /// The same tree with the last preset set, for a tree that comes from its flat form.
    #[must_use]
    pub fn with_preset(mut self, preset: Option<Preset>) -> Self {
        self.preset = preset;
        self
    }
}

fn even(axis: Axis, mut nodes: Vec<Node>) -> Node {
    match nodes.len() {
        1 => nodes.remove(0),
        _ => Node::Split(Split::even(axis, nodes)),
    }
}

fn line(axis: Axis, panes: &[PaneId]) -> Node {
    even(axis, panes.iter().copied().map(Node::Leaf).collect())
}

/// The first pane in one half, all others in the other.
fn main(outer: Axis, inner: Axis, panes: &[PaneId]) -> Node {
    match panes {
        [main, others @ ..] if !others.is_empty() => {
            even(outer, vec![Node::Leaf(*main), line(inner, others)])
        }
        _ => line(outer, panes),
    }
}

/// Rows of as many panes as there are rows, or one fewer.
fn tiles(panes: &[PaneId]) -> Node {
    let (mut rows, mut cols) = (1, 1);
    while rows * cols < panes.len() {
        rows += 1;
        if rows * cols < panes.len() {
            cols += 1;
        }
    }
    even(Axis::Column, panes.chunks(cols).map(|row| line(Axis::Row, row)).collect())
}
