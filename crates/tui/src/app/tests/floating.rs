//! A pane that floats above its tab: how it is drawn, focused, and hit.

use ccc_vt::input::{MouseButton, MouseEvent, MouseKind};

use super::hints::showing;
use super::*;

/// Pane 3 floats above panes 1 and 2.
fn bench() -> Bench {
    let mut bench = Bench::new();
    let mut floated = layout();
    floated.tabs[0].nodes = vec![leaf(1, 0, 0, 40, 23), leaf(2, 41, 0, 39, 23)];
    floated.tabs[0].floating = vec![leaf(3, 20, 8, 40, 3)];
    floated.panes[2].title = "htop".into();
    bench.client(ClientEvent::Layout(floated));
    showing(&mut bench, 3, &["in the middle", "", ""]);
    bench
}

#[test]
fn it_lies_in_a_frame_above_the_others() {
    let bench = bench();
    let picture = bench.picture();
    let lines: Vec<&str> = picture.lines().collect();
    assert_eq!(lines[6].trim(), "│");
    assert!(lines[7].trim().starts_with("┌ 3: htop ─"), "{picture}");
    assert_eq!(lines[8].trim_start(), format!("│in the middle{}│", " ".repeat(27)));
    assert_eq!(lines[11].trim_start(), format!("└{}┘", "─".repeat(40)));
}

#[test]
fn one_goes_there_and_back_down_and_a_key_puts_it_back() {
    let mut bench = bench();
    bench.keys("C-b o C-b o");
    assert_eq!(bench.app.pane, PaneId(3));
    bench.keys("C-b Left");
    assert_eq!(bench.app.pane, PaneId(2));
    // Beside each other are only those below.
    bench.keys("C-b Left");
    assert_eq!(bench.app.pane, PaneId(1));
    bench.keys("C-b q 3");
    assert_eq!(bench.app.pane, PaneId(3));
    let effects = bench.keys("C-b *");
    let [Message::PaneFloat(float)] = requests(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!(float.target, "p3");
}

#[test]
fn a_click_hits_what_lies_on_top() {
    let mut bench = bench();
    let click = |bench: &mut Bench, col, row| {
        let kind = MouseKind::Press(MouseButton::Left);
        let modifiers = ccc_vt::input::Modifiers::empty();
        let event = StdinEvent::Mouse(MouseEvent { kind, col, row, modifiers });
        bench.app.update(Event::Stdin(event), &bench.mirrors, bench.now);
        bench.app.pane
    };
    assert_eq!(click(&mut bench, 25, 9), PaneId(3));
    assert_eq!(click(&mut bench, 5, 9), PaneId(1));
    assert_eq!(click(&mut bench, 70, 9), PaneId(2));
}
