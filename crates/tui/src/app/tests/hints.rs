//! Labels: what they copy, and what may be opened.

use ccc_client::proto::{
    Frame, RowIds, RowRun, TtyFlags, WireCursor, WireModes, WireRow, WireStyle,
};

use super::*;

/// A pane of 40x3 that shows these rows.
pub(super) fn showing(bench: &mut Bench, pane: u64, rows: &[&str]) {
    showing_in(bench, pane, rows, WireModes::default());
}

/// The same in these modes.
pub(super) fn showing_in(bench: &mut Bench, pane: u64, rows: &[&str], modes: WireModes) {
    let count = u16::try_from(rows.len()).unwrap();
    let run = |text: &str| RowRun { style: 0, width: 1, text: text.into(), clusters: Vec::new() };
    let wire =
        (1..).zip(rows).map(|(id, text)| WireRow { id, wrapped: false, runs: vec![run(text)] });
    let frame = Frame {
        pane: PaneId(pane),
        epoch: 1,
        base: 0,
        seq: 1,
        size: WireSize { cols: 40, rows: count },
        row_ids: vec![RowIds { first: 1, count }],
        rows: wire.collect(),
        styles: vec![WireStyle::default()],
        links: Vec::new(),
        cursor: WireCursor::default(),
        modes,
        history_lines: 0,
        input_done: 0,
        tty: TtyFlags::default(),
        state: Ext::none(),
        ext: Ext::none(),
    };
    let mut mirror = Mirror::new(PaneId(pane));
    let _applied = mirror.apply(&frame).unwrap();
    assert_eq!(mirror.row(0).unwrap().text(), rows[0]);
    bench.mirrors.insert(PaneId(pane), mirror);
}

fn bench() -> Bench {
    let mut bench = Bench::new();
    showing(
        &mut bench,
        1,
        &["see https://a.example/x", "src/main.rs:12 src/main.rs:12", "5991a58f0c"],
    );
    bench
}

#[test]
fn one_key_copies_what_the_label_stands_for() {
    let mut bench = bench();
    bench.keys("C-b y");
    let picture = bench.picture();
    let lines: Vec<&str> = picture.lines().collect();
    assert!(lines[0].starts_with("see dttps://a.example/x"), "{picture}");
    assert!(lines[1].starts_with("src/main.rs:12 src") || lines[1].starts_with("s"), "{picture}");
    assert!(lines[2].starts_with("a991a58f0c"), "{picture}");
    assert_eq!(bench.keys("a"), [Effect::Copy("5991a58f0c".into())]);
    assert!(bench.app.layers.is_empty());
    bench.keys("C-b y");
    assert_eq!(bench.keys("s"), [Effect::Copy("src/main.rs:12".into())]);
}

#[test]
fn shift_opens_a_file_at_its_line_and_a_link_by_the_opener_that_is_set() {
    let mut bench = bench();
    bench.app.settings.editor = vec!["vim".into()];
    bench.keys("C-b y");
    let effects = bench.keys("S");
    let [Message::Split(split)] = requests(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!(split.spawn.argv, [&b"vim"[..], b"+12", b"src/main.rs"]);
    bench.now += Duration::from_secs(2);
    bench.keys("C-b y");
    assert!(bench.keys("D").is_empty());
    assert!(bench.bar().contains("no opener is set"), "{}", bench.bar());
    bench.app.settings.opener = vec!["open".into()];
    bench.keys("C-b y");
    let command = vec!["open".into(), "https://a.example/x".into()];
    assert_eq!(bench.keys("D"), [Effect::Open(command)]);
}

#[test]
fn a_letter_of_no_label_leaves_and_types_nothing() {
    let mut bench = bench();
    bench.keys("C-b y");
    assert!(bench.keys("z").is_empty());
    assert!(bench.app.layers.is_empty());
    showing(&mut bench, 1, &["nothing"]);
    bench.keys("C-b y");
    assert!(bench.bar().contains("nothing to label"), "{}", bench.bar());
}
