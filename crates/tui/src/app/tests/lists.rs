//! Lists under the pointer.

use ccc_vt::input::{Modifiers, MouseButton, MouseEvent, MouseKind, WheelDirection};

use super::*;

fn mouse(bench: &mut Bench, kind: MouseKind, col: u16, row: u16) -> Vec<Effect> {
    let event = MouseEvent { kind, col, row, modifiers: Modifiers::empty() };
    bench.app.update(Event::Stdin(StdinEvent::Mouse(event)), &bench.mirrors, bench.now)
}

/// Where a text stands in the picture.
fn place_of(bench: &Bench, text: &str) -> (u16, u16) {
    let picture = bench.picture();
    let (row, line) = picture.lines().enumerate().find(|(_, line)| line.contains(text)).unwrap();
    let before = line.split(text).next().unwrap().chars().count();
    (u16::try_from(before).unwrap(), u16::try_from(row).unwrap())
}

#[test]
fn a_click_takes_the_entry_under_it_and_one_beside_the_list_leaves() {
    let mut bench = Bench::new();
    bench.keys("C-b w");
    let (col, row) = place_of(&bench, "2:logs");
    mouse(&mut bench, MouseKind::Press(MouseButton::Left), col, row);
    assert_eq!((bench.app.tab, bench.app.layers.len()), (TabId(2), 0));

    // A list that is longer than its box: what is seen is what is hit.
    bench.keys("C-b :");
    for _ in 0..40 {
        mouse(&mut bench, MouseKind::Wheel(WheelDirection::Down), 40, 10);
    }
    let Some(Layer::List(list)) = bench.app.layers.last() else { panic!("no list") };
    let above = list.selected - 3;
    let name = list.matching()[above].columns[0].clone();
    let (col, row) = place_of(&bench, &format!("│{name} "));
    let hit = view::list::entry_at(&bench.app, list, col + 1, row);
    assert_eq!((list.selected, hit), (40, Some(above)));
    bench.keys("Escape");
    bench.keys("C-b ?");
    mouse(&mut bench, MouseKind::Press(MouseButton::Left), 0, 0);
    assert!(bench.app.layers.is_empty());
}
