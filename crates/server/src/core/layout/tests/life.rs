//! Long random lives of a split tree, and lists that are none.

use proptest::prelude::*;

use super::node::Axis;
use super::*;

#[derive(Clone, Debug)]
enum Edit {
    Split(usize, Side, SplitSize),
    Remove(usize),
    Swap(usize, usize),
    Resize(usize, Side, u16),
    Zoom(usize),
    Arrange(Preset),
    Area(Size),
}

fn side() -> impl Strategy<Value = Side> {
    prop::sample::select(vec![Side::Right, Side::Down, Side::Left, Side::Up])
}

fn area() -> impl Strategy<Value = Size> {
    prop_oneof![
        (1u16..250, 1u16..90).prop_map(|(cols, rows)| Size::new(cols, rows)),
        (0u16..8, 0u16..8).prop_map(|(cols, rows)| Size::new(cols, rows)),
        (60_000u16.., 4000u16..).prop_map(|(cols, rows)| Size::new(cols, rows)),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    let size = prop_oneof![
        Just(SplitSize::Half),
        (0u16..120).prop_map(SplitSize::Cells),
        (0u16..110).prop_map(SplitSize::Percent),
    ];
    let pane = 0usize..64;
    prop_oneof![
        6 => (pane.clone(), side(), size).prop_map(|(pane, side, size)| Edit::Split(pane, side, size)),
        2 => pane.clone().prop_map(Edit::Remove),
        1 => (pane.clone(), pane.clone()).prop_map(|(a, b)| Edit::Swap(a, b)),
        3 => (pane.clone(), side(), 0u16..60).prop_map(|(pane, side, cells)| Edit::Resize(pane, side, cells)),
        1 => pane.prop_map(Edit::Zoom),
        1 => prop::sample::select(Preset::ALL.to_vec()).prop_map(Edit::Arrange),
        2 => area().prop_map(Edit::Area),
    ]
}

/// Every cell of the area belongs to exactly one pane or is a border.
fn assert_tiles(layout: &Layout, area: Size) {
    let least = layout.min_size();
    let (cols, rows) = (area.cols.clamp(least.cols, 4096), area.rows.clamp(least.rows, 4096));
    let places = layout.places(area);
    for (pane, rect) in &places {
        assert!(rect.size.cols >= 1 && rect.size.rows >= 1, "{pane} is {rect:?}");
        assert!(rect.col + rect.size.cols <= cols && rect.row + rect.size.rows <= rows);
    }
    // Cell by cell would be slow for large areas; corners of a grid of all edges do the same.
    let edges = |edge: fn(&Rect) -> [u16; 2], end: u16| {
        let mut edges: Vec<_> = places.iter().flat_map(|(_, rect)| edge(rect)).collect();
        edges.push(end);
        edges.sort_unstable();
        edges.dedup();
        edges
    };
    let xs = edges(|rect| [rect.col, rect.col + rect.size.cols], cols);
    let ys = edges(|rect| [rect.row, rect.row + rect.size.rows], rows);
    let mut borders = 0u64;
    for x in xs.windows(2) {
        for y in ys.windows(2) {
            let inside = |rect: &Rect| {
                (rect.col..rect.col + rect.size.cols).contains(&x[0])
                    && (rect.row..rect.row + rect.size.rows).contains(&y[0])
            };
            let owners = places.iter().filter(|(_, rect)| inside(rect)).count();
            assert!(owners <= 1, "two panes at {},{}", x[0], y[0]);
            if owners == 0 {
                let (width, height) = (x[1] - x[0], y[1] - y[0]);
                assert!(
                    width == 1 || height == 1,
                    "a gap of {width}x{height} at {},{}",
                    x[0],
                    y[0]
                );
                borders += u64::from(width) * u64::from(height);
            }
        }
    }
    let expected: u64 =
        border_cells(&layout.root, Rect { col: 0, row: 0, size: Size::new(cols, rows) });
    assert_eq!(borders, expected, "border cells in {cols}x{rows}");
}

fn border_cells(root: &Node, rect: Rect) -> u64 {
    let mut cells = 0;
    root.place(rect, &mut |node, rect| {
        if let Node::Split(split) = node {
            let across = match split.axis {
                Axis::Row => rect.size.rows,
                Axis::Column => rect.size.cols,
            };
            cells += split.bounds.len() as u64 * u64::from(across);
        }
    });
    cells
}

fn assert_sound(node: &Node, parent: Option<Axis>) {
    let Node::Split(split) = node else {
        return;
    };
    assert_ne!(parent, Some(split.axis), "a split along its parent's axis");
    assert!(split.children.len() >= 2 && split.bounds.len() + 1 == split.children.len());
    let bounds = [0].into_iter().chain(split.bounds.iter().copied()).chain([WHOLE]);
    assert!(bounds.collect::<Vec<_>>().is_sorted_by(|a, b| a < b), "{:?}", split.bounds);
    split.children.iter().for_each(|child| assert_sound(child, Some(split.axis)));
}

fn size_of(layout: &Layout, area: Size, pane: PaneId) -> Size {
    layout.places(area).into_iter().find(|(other, _)| *other == pane).unwrap().1.size
}

/// Places of all panes but one and those that get its space.
fn bystanders(layout: &Layout, area: Size, removed: PaneId) -> Vec<(PaneId, Rect)> {
    let mut touched = vec![removed];
    layout.root.place(Rect { col: 0, row: 0, size: layout.roomy(area) }, &mut |node, _| {
        let Node::Split(split) = node else {
            return;
        };
        let leaf = Node::Leaf(removed);
        if let Some(index) = split.children.iter().position(|child| *child == leaf) {
            split.children[if index == 0 { 1 } else { index - 1 }].collect(&mut touched);
        }
    });
    let places = layout.places(area).into_iter();
    places.filter(|(pane, _)| !touched.contains(pane)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_life_of_edits_always_tiles_and_survives_its_flat_form(
        edits in prop::collection::vec(edit(), 1..60),
        other in area(),
    ) {
        let mut layout = Layout::new(PaneId(0));
        let mut here = AREA;
        let mut next = 1;
        for edit in edits {
            let panes = layout.panes();
            let at = |index: usize| panes[index % panes.len()];
            let before = layout.clone();
            match edit {
                Edit::Split(index, side, size) => {
                    if layout.split(here, at(index), side, size, PaneId(next)).is_ok() {
                        prop_assert_eq!(layout.panes().len(), panes.len() + 1);
                        for pane in panes.iter().filter(|pane| **pane != at(index)) {
                            prop_assert_eq!(size_of(&layout, here, *pane), size_of(&before, here, *pane));
                        }
                        let new = size_of(&layout, here, PaneId(next));
                        prop_assert!(new.cols >= 1 && new.rows >= 1);
                        next += 1;
                    } else {
                        prop_assert_eq!(&layout, &before);
                    }
                }
                Edit::Remove(index) => {
                    if let Ok(focus) = layout.remove(here, at(index)) {
                        prop_assert!(layout.contains(focus) && !layout.contains(at(index)));
                        let least = before.min_size();
                        if here.cols >= least.cols && here.rows >= least.rows {
                            let after = layout.places(here);
                            for place in bystanders(&before, here, at(index)) {
                                prop_assert!(after.contains(&place), "{place:?} moved");
                            }
                        }
                    } else {
                        prop_assert_eq!(panes.len(), 1);
                    }
                }
                Edit::Swap(a, b) => layout.swap(at(a), at(b)).unwrap(),
                Edit::Resize(index, side, cells) => {
                    if layout.resize(here, at(index), side, cells).is_err() {
                        prop_assert_eq!(&layout, &before);
                    }
                }
                Edit::Zoom(index) => layout.zoom(Some(at(index))).unwrap(),
                Edit::Arrange(preset) => layout.arrange(preset),
                Edit::Area(size) => here = size,
            }
            assert_sound(&layout.root, None);
            assert_tiles(&layout, here);
            let mut again = Layout::from_flat(&layout.to_flat(here)).unwrap();
            again.zoom(layout.zoomed()).unwrap();
            prop_assert_eq!(&again.with_preset(layout.preset()), &layout);
        }
        // A tab that becomes any other size and comes back looks as before.
        let before = layout.places(here);
        assert_tiles(&layout, other);
        prop_assert_eq!(layout.places(here), before);
    }

    #[test]
    fn a_moved_border_moves_back(index in 0usize..4, side in side(), cells in 1u16..6) {
        let mut layout = built(&[(1, Side::Right, 2), (2, Side::Down, 3), (1, Side::Down, 4)]);
        let before = layout.places(AREA);
        let pane = layout.panes()[index];
        let back = match side {
            Side::Right => Side::Left,
            Side::Left => Side::Right,
            Side::Up => Side::Down,
            Side::Down => Side::Up,
        };
        layout.resize(AREA, pane, side, cells).unwrap();
        layout.resize(AREA, pane, back, cells).unwrap();
        prop_assert_eq!(layout.places(AREA), before);
    }

    #[test]
    fn no_list_of_nodes_panics(
        nodes in prop::collection::vec((0u16..5, 0u16..8, 0u32..70_000, 0u64..6), 0..12),
        area in area(),
    ) {
        let nodes: Vec<_> = nodes.into_iter().map(|(kind, parent, ratio, pane)| WireNode {
            kind: ccc_proto::NodeKind(kind),
            parent,
            ratio,
            server: 0,
            pane: PaneId(pane),
            col: 0,
            row: 0,
            size: ccc_proto::WireSize { cols: 0, rows: 0 },
        }).collect();
        if let Ok(layout) = Layout::from_flat(&nodes) {
            assert_tiles(&layout, area);
        }
    }
}
