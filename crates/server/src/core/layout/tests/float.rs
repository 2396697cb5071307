//! Floating panes: where they lie, and the way back.

use super::*;

fn float(layout: &mut Layout, pane: u64) -> Result<(), LayoutError> {
    layout.float(AREA, PaneId(pane))
}

fn back(layout: &mut Layout, pane: u64) {
    layout.settle_back(AREA, PaneId(pane)).unwrap();
}

#[test]
fn a_floating_pane_lies_in_the_middle_and_leaves_its_space_to_its_sibling() {
    let mut layout = corner();
    float(&mut layout, 3).unwrap();
    check(&layout, &["p1@0,0 40x24", "p2@41,0 39x24", "p3@8,2 64x19"]);
    assert_eq!(layout.tiled(), [PaneId(1), PaneId(2)]);
    let flat = layout.floating_flat(AREA);
    assert_eq!((flat.len(), flat[0].pane, flat[0].col), (1, PaneId(3), 8));
    // There is room for a frame also where there is hardly room.
    let tiny = layout.places(Size::new(4, 4));
    assert_eq!(tiny[2].1, Rect { col: 1, row: 1, size: Size::new(2, 2) });
}

#[test]
fn it_goes_back_to_exactly_where_it_stood() {
    for pane in 1..=3 {
        let mut layout = corner();
        let before = shown(&layout, AREA);
        float(&mut layout, pane).unwrap();
        back(&mut layout, pane);
        assert_eq!(shown(&layout, AREA), before, "p{pane}");
    }
}

#[test]
fn it_goes_back_beside_its_neighbour_when_others_came_meanwhile() {
    let mut layout = corner();
    float(&mut layout, 3).unwrap();
    layout.split(AREA, PaneId(1), Side::Down, SplitSize::Half, PaneId(4)).unwrap();
    back(&mut layout, 3);
    check(&layout, &["p1@0,0 40x12", "p4@0,13 40x11", "p2@41,0 39x12", "p3@41,13 39x11"]);
    // The neighbour is gone: the right end.
    float(&mut layout, 3).unwrap();
    layout.remove(AREA, PaneId(2)).unwrap();
    back(&mut layout, 3);
    assert_eq!(layout.tiled().last(), Some(&PaneId(3)));
}

#[test]
fn what_floats_comes_down_when_nothing_is_left_below() {
    let mut layout = built(&[(1, Side::Right, 2)]);
    float(&mut layout, 2).unwrap();
    assert_eq!(float(&mut layout, 1), Err(LayoutError::OnlyPane(PaneId(1))));
    assert_eq!(layout.remove(AREA, PaneId(1)), Ok(PaneId(2)));
    check(&layout, &["p2@0,0 80x24"]);
    assert_eq!(layout, Layout::new(PaneId(2)));
}

#[test]
fn edits_know_what_floats() {
    let mut layout = corner();
    float(&mut layout, 3).unwrap();
    assert_eq!(float(&mut layout, 3), Err(LayoutError::Floats(PaneId(3))));
    let split = layout.split(AREA, PaneId(3), Side::Right, SplitSize::Half, PaneId(9));
    assert_eq!(split, Err(LayoutError::Floats(PaneId(3))));
    layout.resize(AREA, PaneId(3), Side::Right, 4).unwrap();
    layout.resize(AREA, PaneId(3), Side::Up, 3).unwrap();
    assert_eq!(layout.places(AREA)[2].1, Rect { col: 6, row: 4, size: Size::new(68, 16) });
    layout.resize(AREA, PaneId(3), Side::Right, 999).unwrap();
    assert_eq!(layout.places(AREA)[2].1.size, Size::new(78, 16));
    let again = layout.resize(AREA, PaneId(3), Side::Right, 1);
    assert_eq!(again, Err(LayoutError::NoRoom(PaneId(3))));
    layout.arrange(Preset::EvenVertical);
    assert_eq!(layout.tiled(), [PaneId(1), PaneId(2)]);
    layout.swap(PaneId(1), PaneId(3)).unwrap();
    assert_eq!((layout.tiled(), layout.floats(PaneId(1))), (vec![PaneId(3), PaneId(2)], true));
    layout.zoom(Some(PaneId(1))).unwrap();
    assert_eq!(layout.sizes(AREA)[2], (PaneId(1), AREA));
    assert_eq!(layout.remove(AREA, PaneId(1)), Ok(PaneId(3)));
    assert_eq!(layout.zoomed(), None);
}

#[test]
fn no_more_than_a_few_float() {
    let mut layout = built(&[]);
    for pane in 2..=MAX_FLOATING as u64 + 2 {
        layout.append(PaneId(pane)).unwrap();
    }
    for pane in 2..=MAX_FLOATING as u64 + 1 {
        float(&mut layout, pane).unwrap();
    }
    let last = MAX_FLOATING as u64 + 2;
    assert_eq!(float(&mut layout, last), Err(LayoutError::TooManyFloat));
    let settled = layout.settled(AREA);
    assert!(settled.floating().is_empty());
    assert_eq!(settled.tiled().len(), MAX_FLOATING + 2);
}
