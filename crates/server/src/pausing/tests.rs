//! Out of memory again, with what is on the disk and in memory by then.

use ccc_journal::{BootId, JournalWriter, Size, enter_memory, leave_memory};
use ccc_vt::Limits;

use super::*;

/// A recording of 20 bytes, and behind a pause another 10 bytes from 100 on.
struct Case {
    state: tempfile::TempDir,
    ulid: PaneUlid,
}

impl Case {
    fn new() -> Self {
        let state = tempfile::tempdir().expect("a folder");
        let ulid: PaneUlid = "01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().expect("a pane");
        let dir = ulid.dir(state.path());
        std::fs::create_dir_all(&dir).expect("a folder");
        let mut journal = JournalWriter::open(&dir, u64::MAX).expect("a journal");
        journal.append(&[b'x'; 20]).expect("bytes");
        journal.skip(80).expect("a gap");
        journal.append(&[b'y'; 10]).expect("bytes");
        let (mut events, _) = EventWriter::open(&dir).expect("events");
        let (from, to) = (Offset(20), Offset(100));
        let gap = Gap { from, to, reason: GapReason::NotRecorded };
        events.append(&Event::Gap(gap)).expect("an event");
        Self { state, ulid }
    }

    /// What is in memory: these bytes from there on, and then the pane is recorded again.
    fn leave(&self, from: u64, bytes: &[u8]) {
        let root = self.state.path();
        let memory = enter_memory(root, self.ulid, Offset(from)).expect("memory");
        let mut journal = JournalWriter::open(&memory, u64::MAX).expect("a journal");
        journal.append(bytes).expect("bytes");
        let (mut events, _) = EventWriter::open(&memory).expect("events");
        let (offset, boot_id) = (Offset(from), BootId::UNKNOWN);
        let start = Event::Started { offset, wall_ns: 1, mono_ns: 1, boot_id };
        events.append(&start).expect("an event");
        let size = Size { cols: 80, rows: 24 };
        events.append(&Event::Resize { offset, size }).expect("an event");
        leave_memory(root, self.ulid).expect("no mark");
    }

    /// Where there are states on the disk.
    fn states(&self) -> Vec<u64> {
        let (log, _) = CheckpointLog::open(&self.ulid.dir(self.state.path())).expect("states");
        log.entries().iter().map(|entry| entry.offset.0).collect()
    }
}

impl Drop for Case {
    fn drop(&mut self) {
        let _ = drop_memory(self.state.path(), self.ulid);
    }
}

#[test]
fn a_state_is_brought_back_from_where_it_was_and_without_its_text() {
    let case = Case::new();
    let text = [&b"\x1b[?1049hsecret"[..], &[b'.'; 66]].concat();
    case.leave(20, &text);
    bring_back(case.state.path(), case.ulid).expect("brought back");
    assert_eq!(case.states(), [100]);
    assert!(left_memory(case.state.path(), case.ulid).is_none());
    let dir = case.ulid.dir(case.state.path());
    let (log, _) = CheckpointLog::open(&dir).expect("states");
    let state = log.load(&log.entries()[0]).expect("a state");
    let screen = Screen::restore(&state.bytes, Limits::default()).expect("a screen");
    assert!(screen.modes().alternate_screen);
    assert_eq!((screen.text().as_str(), screen.offset()), ("", 100));
}

#[test]
fn a_pause_in_which_nothing_was_printed_says_nothing_of_an_earlier_one() {
    let case = Case::new();
    case.leave(110, b"");
    bring_back(case.state.path(), case.ulid).expect("brought back");
    assert_eq!(case.states(), [] as [u64; 0]);
    assert!(left_memory(case.state.path(), case.ulid).is_none());
}
