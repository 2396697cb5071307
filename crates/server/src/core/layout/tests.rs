//! The split tree: single edits as places; `life` holds the properties of long lives.

mod float;
mod life;

use ccc_proto::WireNode;

use super::*;

const AREA: Size = Size::new(80, 24);

/// Places as `p1@0,0 40x24`, one a line.
fn shown(layout: &Layout, area: Size) -> String {
    let line = |(pane, rect): (PaneId, Rect)| {
        format!("{pane}@{},{} {}x{}", rect.col, rect.row, rect.size.cols, rect.size.rows)
    };
    layout.places(area).into_iter().map(line).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(layout: &Layout, expected: &[&str]) {
    assert_eq!(shown(layout, AREA), expected.join("\n"));
}

/// Panes split off one after the other: (of, side, new).
fn built(splits: &[(u64, Side, u64)]) -> Layout {
    let mut layout = Layout::new(PaneId(1));
    for (pane, side, new) in splits {
        layout.split(AREA, PaneId(*pane), *side, SplitSize::Half, PaneId(*new)).unwrap();
    }
    layout
}

/// 1 at the left, 2 above 3 at the right.
fn corner() -> Layout {
    built(&[(1, Side::Right, 2), (2, Side::Down, 3)])
}

#[test]
fn one_pane_has_everything() {
    check(&Layout::new(PaneId(1)), &["p1@0,0 80x24"]);
}

#[test]
fn a_split_halves_with_the_odd_cell_first() {
    check(&built(&[(1, Side::Right, 2)]), &["p1@0,0 40x24", "p2@41,0 39x24"]);
    check(&built(&[(1, Side::Down, 2)]), &["p1@0,0 80x12", "p2@0,13 80x11"]);
    check(&built(&[(1, Side::Left, 2)]), &["p2@0,0 40x24", "p1@41,0 39x24"]);
    check(&built(&[(1, Side::Up, 2)]), &["p2@0,0 80x12", "p1@0,13 80x11"]);
}

#[test]
fn a_split_in_the_same_direction_joins_its_siblings_and_leaves_them_alone() {
    check(
        &built(&[(1, Side::Right, 2), (2, Side::Right, 3)]),
        &["p1@0,0 40x24", "p2@41,0 19x24", "p3@61,0 19x24"],
    );
}

#[test]
fn a_split_across_nests() {
    check(&corner(), &["p1@0,0 40x24", "p2@41,0 39x12", "p3@41,13 39x11"]);
}

#[test]
fn a_split_by_cells_or_percent_gives_the_new_pane_so_much() {
    let mut layout = Layout::new(PaneId(1));
    layout.split(AREA, PaneId(1), Side::Right, SplitSize::Cells(20), PaneId(2)).unwrap();
    layout.split(AREA, PaneId(1), Side::Up, SplitSize::Percent(25), PaneId(3)).unwrap();
    check(&layout, &["p3@0,0 59x5", "p1@0,6 59x18", "p2@60,0 20x24"]);
}

#[test]
fn a_half_stays_a_half_at_every_size() {
    let layout = built(&[(1, Side::Right, 2)]);
    for cols in 3..300 {
        let places = layout.places(Size::new(cols, 5));
        let (first, second) = (places[0].1.size.cols, places[1].1.size.cols);
        assert!(first - second <= 1, "{first} and {second} of {cols}");
    }
}

#[test]
fn a_split_without_room_is_refused_and_changes_nothing() {
    let mut layout = Layout::new(PaneId(1));
    let before = layout.clone();
    let mut split = |area, side, size| layout.split(area, PaneId(1), side, size, PaneId(2));
    let too_small = |length| Err(LayoutError::TooSmall { pane: PaneId(1), length });
    assert_eq!(split(Size::new(4, 24), Side::Right, SplitSize::Half), too_small(4));
    assert_eq!(split(Size::new(80, 2), Side::Down, SplitSize::Half), too_small(2));
    assert_eq!(split(AREA, Side::Right, SplitSize::Cells(1)), too_small(80));
    assert_eq!(split(AREA, Side::Right, SplitSize::Cells(79)), too_small(80));
    assert_eq!(split(AREA, Side::Right, SplitSize::Cells(u16::MAX)), too_small(80));
    assert_eq!(split(AREA, Side::Down, SplitSize::Percent(100)), too_small(24));
    assert_eq!(split(AREA, Side::Down, SplitSize::Percent(1)), too_small(24));
    assert_eq!(layout, before);
    let tiny = Size::new(0, 24);
    let refused = layout.split(tiny, PaneId(1), Side::Down, SplitSize::Half, PaneId(2));
    assert_eq!(refused, Err(LayoutError::NoCell(tiny)));
    layout.split(Size::new(5, 1), PaneId(1), Side::Right, SplitSize::Half, PaneId(2)).unwrap();
}

#[test]
fn a_split_in_a_crowded_tab_moves_no_border_far_from_it() {
    // Once, an edit that changed how much a pane needs changed who pays for a tab that is too small.
    let (tall, low) = (Size::new(80, 130), Size::new(80, 14));
    let mut layout = Layout::new(PaneId(1));
    for (pane, side, new) in [
        (1, Side::Down, 5),
        (5, Side::Down, 6),
        (1, Side::Right, 2),
        (2, Side::Down, 3),
        (3, Side::Down, 4),
        (5, Side::Right, 7),
    ] {
        layout.split(tall, PaneId(pane), side, SplitSize::Half, PaneId(new)).unwrap();
    }
    layout.resize(tall, PaneId(1), Side::Up, 200).unwrap();
    layout.resize(tall, PaneId(5), Side::Up, 30).unwrap();
    let before = layout.places(low);
    layout.split(low, PaneId(5), Side::Down, SplitSize::Half, PaneId(8)).unwrap();
    let after = layout.places(low);
    let place = |places: &[(PaneId, Rect)], pane| {
        places.iter().find(|(other, _)| *other == PaneId(pane)).map(|(_, rect)| *rect)
    };
    for pane in [1, 2, 3, 4, 6, 7] {
        assert_eq!(place(&after, pane), place(&before, pane), "p{pane}");
    }
}

#[test]
fn strangers_and_twins_are_refused() {
    let mut layout = corner();
    let nobody = PaneId(9);
    let unknown = LayoutError::NoSuchPane(nobody);
    assert_eq!(
        layout.split(AREA, nobody, Side::Right, SplitSize::Half, PaneId(4)),
        Err(unknown.clone())
    );
    assert_eq!(layout.remove(AREA, nobody), Err(unknown.clone()));
    assert_eq!(layout.swap(PaneId(1), nobody), Err(unknown.clone()));
    assert_eq!(layout.resize(AREA, nobody, Side::Right, 1), Err(unknown.clone()));
    assert_eq!(layout.zoom(Some(nobody)), Err(unknown));
    assert_eq!(
        layout.split(AREA, PaneId(1), Side::Right, SplitSize::Half, PaneId(2)),
        Err(LayoutError::Twice(PaneId(2)))
    );
    assert_eq!(layout.replace(PaneId(1), PaneId(2)), Err(LayoutError::Twice(PaneId(2))));
    assert_eq!(layout.neighbour(AREA, nobody, Side::Left, None), None);
}

#[test]
fn a_closed_pane_leaves_its_space_to_the_one_before() {
    let mut layout = built(&[(1, Side::Right, 2), (2, Side::Right, 3)]);
    assert_eq!(layout.remove(AREA, PaneId(2)), Ok(PaneId(1)));
    check(&layout, &["p1@0,0 60x24", "p3@61,0 19x24"]);
}

#[test]
fn the_first_pane_leaves_its_space_to_the_next() {
    let mut layout = corner();
    assert_eq!(layout.remove(AREA, PaneId(1)), Ok(PaneId(2)));
    check(&layout, &["p2@0,0 80x12", "p3@0,13 80x11"]);
    assert_eq!(layout.remove(AREA, PaneId(2)), Ok(PaneId(3)));
    check(&layout, &["p3@0,0 80x24"]);
    assert_eq!(layout.remove(AREA, PaneId(3)), Err(LayoutError::OnlyPane(PaneId(3))));
}

#[test]
fn a_container_of_one_is_absorbed_with_its_children_where_they_were() {
    // A row of 1 and a column of (a row of 2 and 4) above 3: without 3, the row joins the row.
    let mut layout = built(&[(1, Side::Right, 2), (2, Side::Down, 3), (2, Side::Right, 4)]);
    layout.remove(AREA, PaneId(3)).unwrap();
    check(&layout, &["p1@0,0 40x24", "p2@41,0 19x24", "p4@61,0 19x24"]);
    let kinds: Vec<_> = layout.to_flat(AREA).iter().map(|node| node.kind.0).collect();
    assert_eq!(kinds, [1, 3, 3, 3]);
}

#[test]
fn a_border_moves_at_the_side_that_is_named() {
    let mut layout = corner();
    layout.resize(AREA, PaneId(1), Side::Right, 5).unwrap();
    check(&layout, &["p1@0,0 45x24", "p2@46,0 34x12", "p3@46,13 34x11"]);
    layout.resize(AREA, PaneId(2), Side::Up, 3).unwrap();
    check(&layout, &["p1@0,0 45x24", "p2@46,0 34x9", "p3@46,10 34x14"]);
    // The last of a row has no border after it: the one before moves.
    layout.resize(AREA, PaneId(3), Side::Right, 1).unwrap();
    layout.resize(AREA, PaneId(3), Side::Down, 1).unwrap();
    check(&layout, &["p1@0,0 46x24", "p2@47,0 33x10", "p3@47,11 33x13"]);
}

#[test]
fn a_border_pushes_the_next_ones_and_stops_at_the_least_pane() {
    let mut layout = built(&[(1, Side::Right, 2), (2, Side::Right, 3)]);
    layout.resize(AREA, PaneId(1), Side::Right, 30).unwrap();
    check(&layout, &["p1@0,0 70x24", "p2@71,0 2x24", "p3@74,0 6x24"]);
    layout.resize(AREA, PaneId(1), Side::Right, 30).unwrap();
    check(&layout, &["p1@0,0 74x24", "p2@75,0 2x24", "p3@78,0 2x24"]);
    let before = layout.clone();
    assert_eq!(layout.resize(AREA, PaneId(1), Side::Right, 1), Err(LayoutError::NoRoom(PaneId(1))));
    assert_eq!(layout.resize(AREA, PaneId(1), Side::Down, 1), Err(LayoutError::NoRoom(PaneId(1))));
    assert_eq!(layout, before);
}

#[test]
fn zoom_gives_one_pane_the_area_and_leaves_the_others_their_size() {
    let mut layout = corner();
    layout.zoom(Some(PaneId(3))).unwrap();
    let sizes = layout.sizes(AREA);
    assert_eq!(
        sizes,
        [
            (PaneId(1), Size::new(40, 24)),
            (PaneId(2), Size::new(39, 12)),
            (PaneId(3), Size::new(80, 24))
        ]
    );
    layout.zoom(None).unwrap();
    assert_eq!(layout.zoomed(), None);
}

#[test]
fn edits_end_a_zoom_and_a_closed_neighbour_does_not() {
    let zoomed = |edit: &dyn Fn(&mut Layout)| {
        let mut layout = corner();
        layout.zoom(Some(PaneId(3))).unwrap();
        edit(&mut layout);
        layout.zoomed()
    };
    assert_eq!(zoomed(&|layout| drop(layout.remove(AREA, PaneId(1)))), Some(PaneId(3)));
    assert_eq!(zoomed(&|layout| drop(layout.remove(AREA, PaneId(3)))), None);
    assert_eq!(zoomed(&|layout| layout.arrange(Preset::Tiled)), None);
    assert_eq!(zoomed(&|layout| drop(layout.swap(PaneId(1), PaneId(2)))), None);
    assert_eq!(zoomed(&|layout| drop(layout.resize(AREA, PaneId(1), Side::Right, 1))), None);
    let split = |layout: &mut Layout| {
        layout.split(AREA, PaneId(1), Side::Down, SplitSize::Half, PaneId(4)).unwrap();
    };
    assert_eq!(zoomed(&split), None);
}

#[test]
fn a_lone_pane_cannot_be_zoomed() {
    let mut layout = Layout::new(PaneId(1));
    layout.zoom(Some(PaneId(1))).unwrap();
    assert_eq!(layout.zoomed(), None);
}

#[test]
fn swapped_panes_take_each_others_places() {
    let mut layout = corner();
    layout.swap(PaneId(1), PaneId(3)).unwrap();
    check(&layout, &["p3@0,0 40x24", "p2@41,0 39x12", "p1@41,13 39x11"]);
}

#[test]
fn presets_arrange_in_order() {
    let arranged = |preset| {
        let mut layout = built(&[(1, Side::Right, 2), (2, Side::Down, 3), (1, Side::Down, 4)]);
        layout.arrange(preset);
        layout
    };
    check(
        &arranged(Preset::EvenHorizontal),
        &["p1@0,0 19x24", "p4@20,0 20x24", "p2@41,0 19x24", "p3@61,0 19x24"],
    );
    check(
        &arranged(Preset::EvenVertical),
        &["p1@0,0 80x5", "p4@0,6 80x6", "p2@0,13 80x5", "p3@0,19 80x5"],
    );
    check(
        &arranged(Preset::MainHorizontal),
        &["p1@0,0 80x12", "p4@0,13 26x11", "p2@27,13 26x11", "p3@54,13 26x11"],
    );
    check(
        &arranged(Preset::MainVertical),
        &["p1@0,0 40x24", "p4@41,0 39x7", "p2@41,8 39x8", "p3@41,17 39x7"],
    );
    check(
        &arranged(Preset::Tiled),
        &["p1@0,0 40x12", "p4@41,0 39x12", "p2@0,13 40x11", "p3@41,13 39x11"],
    );
}

#[test]
fn the_key_walks_through_all_presets() {
    let mut layout = corner();
    let mut walked = Vec::new();
    for _ in 0..6 {
        let next = layout.next_preset();
        layout.arrange(next);
        walked.push(next);
    }
    assert_eq!(walked[..5], Preset::ALL);
    assert_eq!(walked[5], Preset::EvenHorizontal);
    for preset in Preset::ALL {
        assert_eq!(Preset::from_name(preset.name()), Some(preset));
        assert_eq!(Preset::from_number(preset.number()), Some(preset));
    }
}

#[test]
fn a_neighbour_is_beside_the_cursor_and_around_the_edge() {
    let layout = corner();
    let to = |pane, side, from| layout.neighbour(AREA, PaneId(pane), side, from).map(|pane| pane.0);
    assert_eq!(to(1, Side::Right, Some((0, 2))), Some(2));
    assert_eq!(to(1, Side::Right, Some((0, 20))), Some(3));
    assert_eq!(to(1, Side::Right, None), Some(2), "on the border: the upper one");
    assert_eq!(to(2, Side::Left, None), Some(1));
    assert_eq!(to(2, Side::Down, None), Some(3));
    assert_eq!(to(2, Side::Up, None), Some(3), "around the edge");
    assert_eq!(to(3, Side::Right, None), Some(1), "around the edge");
    assert_eq!(to(1, Side::Up, None), None, "nothing else on that line");
}

#[test]
fn next_and_previous_go_around() {
    let layout = corner();
    assert_eq!(layout.next(PaneId(3)), Some(PaneId(1)));
    assert_eq!(layout.previous(PaneId(1)), Some(PaneId(3)));
    assert_eq!(layout.next(PaneId(1)), Some(PaneId(2)));
    assert_eq!(layout.next(PaneId(9)), None);
}

#[test]
fn an_area_that_is_too_small_is_taken_as_the_smallest_possible() {
    let layout = corner();
    assert_eq!(layout.min_size(), Size::new(3, 3));
    assert_eq!(shown(&layout, Size::new(0, 0)), shown(&layout, Size::new(3, 3)));
    assert_eq!(shown(&layout, Size::new(3, 3)), "p1@0,0 1x3\np2@2,0 1x1\np3@2,2 1x1");
}

#[test]
fn a_list_that_is_no_tree_is_refused() {
    let good = corner().to_flat(AREA);
    let refused = |spoil: &dyn Fn(&mut Vec<WireNode>)| {
        let mut nodes = good.clone();
        spoil(&mut nodes);
        match Layout::from_flat(&nodes).unwrap_err() {
            LayoutError::NotATree { why, .. } => why,
            other => panic!("{other}"),
        }
    };
    assert_eq!(refused(&|nodes| nodes.clear()), "it is empty");
    assert_eq!(refused(&|nodes| nodes[1].parent = 4), "a node stands before its parent");
    assert_eq!(refused(&|nodes| nodes[3].parent = 1), "a pane has children");
    assert_eq!(refused(&|nodes| nodes[1].pane = PaneId(2)), "a pane stands in it twice");
    assert_eq!(refused(&|nodes| nodes[1].server = 1), "a pane is another server's");
    assert_eq!(refused(&|nodes| nodes[1].kind.0 = 9), "a node is of an unknown kind");
    assert_eq!(
        refused(&|nodes| nodes.truncate(nodes.len() - 1)),
        "a split has fewer than two children"
    );
    let sum = "the shares of a split do not add up";
    assert_eq!(refused(&|nodes| nodes[1].ratio += 1), sum);
    assert_eq!(refused(&|nodes| nodes[1].ratio = 0), sum);
    assert_eq!(refused(&|nodes| nodes[1].ratio = u32::MAX), sum);
    assert_eq!(
        refused(&|nodes| nodes[2].kind = nodes[0].kind),
        "a split lies in one along the same axis"
    );
}

#[test]
fn a_list_deeper_or_longer_than_the_caps_is_refused() {
    let leaf = |pane, parent| WireNode {
        kind: ccc_proto::NodeKind::LEAF,
        parent,
        ratio: WHOLE / 2,
        server: 0,
        pane: PaneId(pane),
        col: 0,
        row: 0,
        size: ccc_proto::WireSize { cols: 1, rows: 1 },
    };
    let mut deep = Vec::new();
    for level in 0..=MAX_DEPTH as u16 {
        let parent = level.saturating_sub(1) * 2;
        deep.push(WireNode { kind: ccc_proto::NodeKind(1 + level % 2), ..leaf(0, parent) });
        deep.push(leaf(u64::from(level) + 1, level * 2));
    }
    assert_eq!(Layout::from_flat(&deep), Err(LayoutError::TooMany));
    let long = vec![leaf(1, 0); 2 * MAX_PANES];
    assert_eq!(Layout::from_flat(&long), Err(LayoutError::TooMany));
}

#[test]
fn a_full_tab_refuses_another_pane() {
    let mut layout = Layout::new(PaneId(1));
    let wide = Size::new(4096, 4096);
    for new in 2..=MAX_PANES as u64 {
        layout.arrange(Preset::Tiled);
        layout.split(wide, PaneId(1), Side::Down, SplitSize::Half, PaneId(new)).unwrap();
    }
    assert_eq!(
        layout.split(wide, PaneId(1), Side::Down, SplitSize::Half, PaneId(9999)),
        Err(LayoutError::TooMany)
    );
}
