//! Whole pictures of 80x24, as they are drawn: what somebody would see.

use ccc_vt::input::KeyEvent;

use super::hints::showing;
use super::*;

/// Two panes with something in them.
fn bench() -> Bench {
    let mut bench = Bench::new();
    let rows =
        ["$ make test", "error[E0308] at src/main.rs:12:5", "see https://example.org/E0308", "$ "];
    showing(&mut bench, 1, &rows);
    showing(&mut bench, 2, &["GET /  200", "GET /app.css  200"]);
    bench
}

fn typed(bench: &mut Bench, text: &str) {
    for c in text.chars() {
        let event = Event::Stdin(StdinEvent::Key(KeyEvent::char(c)));
        bench.app.update(event, &bench.mirrors, bench.now);
    }
}

fn later(bench: &mut Bench) {
    while let Some(due) = bench.app.next_deadline(bench.now) {
        bench.now = due;
        bench.app.update(Event::Tick, &bench.mirrors, bench.now);
    }
}

#[test]
fn panes_side_by_side() {
    insta::assert_snapshot!(bench().picture());
}

#[test]
fn the_prefix_held_open() {
    let mut bench = bench();
    bench.keys("C-b");
    later(&mut bench);
    insta::assert_snapshot!(bench.picture());
}

#[test]
fn the_palette_while_a_command_is_typed() {
    let mut bench = bench();
    bench.keys("C-b :");
    typed(&mut bench, "tab");
    insta::assert_snapshot!("some_letters", bench.picture());
    typed(&mut bench, " new -n logs");
    insta::assert_snapshot!("a_command", bench.picture());
}

#[test]
fn labels_above_a_pane() {
    let mut bench = bench();
    bench.keys("C-b y");
    insta::assert_snapshot!(bench.picture());
}

#[test]
fn scroll_mode_with_a_search() {
    let mut bench = bench();
    bench.keys("C-b [");
    bench.keys("/");
    typed(&mut bench, "e03");
    bench.keys("Enter");
    insta::assert_snapshot!(bench.picture());
}

#[test]
fn the_tree_of_tabs() {
    let mut bench = bench();
    bench.keys("C-b w Down");
    insta::assert_snapshot!(bench.picture());
}

#[test]
fn help_in_korean() {
    let mut bench = bench();
    let korean = Some(crate::words::Language::Korean);
    let event = Event::Config(Ok(Box::new(Settings { language: korean, ..settings() })));
    bench.app.update(event, &bench.mirrors, bench.now);
    bench.keys("C-b ?");
    insta::assert_snapshot!(bench.picture());
}
