//! Which commands go with a stretch.

use ccc_journal::{Event, EventWriter, Gap, Offset};

use super::*;
use crate::history::store::marks::mark;

/// Commands that are typed from 10 to 20, from 30 to 40 and from 50 to 60.
fn store() -> (tempfile::TempDir, Store, PaneUlid) {
    let folder = tempfile::tempdir().expect("a folder");
    let pane: PaneUlid = "01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().expect("a pane");
    let dir = pane.dir(folder.path());
    std::fs::create_dir_all(&dir).expect("a folder");
    let (mut writer, _) = MarkWriter::open(&dir).expect("marks");
    for at in [20, 40, 60] {
        let text = format!("command {at}");
        let command =
            Remembered { mark: at, from: at + 1, to: Some(at + 10), text, ..Remembered::default() };
        writer.append_new(&mark(at + 12, &command)).expect("a mark");
    }
    let store = Store::new(folder.path().to_owned(), "here".into(), u64::MAX);
    (folder, store, pane)
}

fn left(store: &Store, pane: PaneUlid) -> Vec<u64> {
    let left = commands(&pane.dir(&store.root)).expect("commands");
    left.iter().map(|command| command.mark).collect()
}

#[test]
fn a_command_goes_with_any_part_of_where_it_was_typed() {
    for (from, to, kept) in [
        // Behind the end of the one before, before its mark: what was echoed.
        (33, 36, &[20, 60][..]),
        (30, 50, &[20, 60]),
        // What it printed is not what was typed.
        (42, 48, &[20, 40, 60]),
        (41, 51, &[20, 40]),
        (0, 70, &[]),
        (0, 5, &[40, 60]),
    ] {
        let (_folder, mut store, pane) = store();
        let stretch = Stretch { from: Offset(from), to: Offset(to) };
        let gone = store.forget_stretch(pane, stretch).expect("forgotten");
        assert_eq!(left(&store, pane), kept, "{from} to {to}");
        assert_eq!(gone, 3 - kept.len() as u64);
    }
}

#[test]
fn what_was_forgotten_before_is_not_where_the_next_was_typed() {
    let (_folder, mut store, pane) = store();
    let (mut events, _) = EventWriter::open(&pane.dir(&store.root)).expect("events");
    for (from, to) in [(30, 50), (35, 45)] {
        let stretch = Stretch { from: Offset(from), to: Offset(to) };
        let reason = GapReason::Forget;
        let gap = Gap { from: stretch.from, to: stretch.to, reason };
        events.append(&Event::Gap(gap)).expect("an event");
        store.forget_stretch(pane, stretch).expect("forgotten");
        assert_eq!(left(&store, pane), [20, 60]);
    }
}
