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

fn click(bench: &mut Bench, (col, row): (u16, u16)) -> Vec<Effect> {
    mouse(bench, MouseKind::Press(MouseButton::Left), col, row)
}

fn wheel(bench: &mut Bench, direction: WheelDirection, turns: usize) {
    for _ in 0..turns {
        mouse(bench, MouseKind::Wheel(direction), 40, 10);
    }
}

fn list(bench: &Bench) -> &List {
    let Some(Layer::List(list)) = bench.app.layers.last() else { panic!("no list") };
    list
}

#[test]
fn a_click_chooses_one_on_what_is_chosen_takes_it_and_one_beside_leaves() {
    let mut bench = Bench::new();
    bench.keys("C-b w");
    let place = place_of(&bench, "2:logs");
    click(&mut bench, place);
    assert_eq!((bench.app.tab, bench.app.layers.len()), (TabId(1), 1), "it is only chosen");
    assert_eq!(list(&bench).chosen(), Some(Choice::Tab(TabId(2))));
    click(&mut bench, place);
    assert_eq!((bench.app.tab, bench.app.layers.len()), (TabId(2), 0));

    bench.keys("C-b ?");
    click(&mut bench, (10, 1));
    assert_eq!(bench.app.layers.len(), 1, "the line that is typed is no way out");
    click(&mut bench, (0, 0));
    assert!(bench.app.layers.is_empty());
}

#[test]
fn what_is_seen_is_what_is_hit_and_nothing_moves_under_a_click() {
    let mut bench = Bench::new();
    bench.keys("C-b :");
    for _ in 0..40 {
        bench.keys("Down");
    }
    let above = list(&bench).selected - 3;
    let name = list(&bench).matching()[above].columns[0].clone();
    let place = place_of(&bench, &format!("│{name} "));
    let place = (place.0 + 1, place.1);
    click(&mut bench, place);
    assert_eq!(list(&bench).selected, above);
    assert_eq!(place_of(&bench, &format!("│{name} ")), (place.0 - 1, place.1));
    // So the second click of a double click means the same.
    let Choice::Action(action) = list(&bench).chosen().unwrap() else { panic!("no action") };
    assert_eq!(action.name(), name);
    click(&mut bench, place);
    assert!(
        !matches!(bench.app.layers.last(), Some(Layer::List(list)) if list.kind == ListKind::Palette)
    );
}

#[test]
fn the_wheel_moves_what_is_seen_and_stops_at_both_ends() {
    let mut bench = Bench::new();
    bench.keys("C-b :");
    let (first, count) = (bench.picture(), list(&bench).matching().len());
    wheel(&mut bench, WheelDirection::Up, 2);
    assert_eq!(bench.picture(), first);
    bench.keys("Down Down Down Down");
    wheel(&mut bench, WheelDirection::Down, 1);
    assert_eq!((list(&bench).top, list(&bench).selected), (3, 4), "it stays while it is seen");
    wheel(&mut bench, WheelDirection::Down, 1);
    assert_eq!((list(&bench).top, list(&bench).selected), (6, 6));
    wheel(&mut bench, WheelDirection::Down, count);
    let last = list(&bench).matching()[count - 1].columns[0].clone();
    assert!(bench.picture().contains(&last), "{}", bench.picture());
    wheel(&mut bench, WheelDirection::Up, count);
    assert_eq!(list(&bench).top, 0);
    // What is typed begins at its top again.
    wheel(&mut bench, WheelDirection::Down, 3);
    bench.keys("p");
    assert_eq!((list(&bench).top, list(&bench).selected), (0, 0));
}
