//! Syncing from beside the writer: how far it says things are durable.

use super::*;
use crate::event::{Event, EventWriter};
use crate::writer::JournalWriter;

#[test]
fn durability_follows_the_writer_across_rotations() {
    let dir = tempfile::tempdir().unwrap();
    let mut sync = JournalSync::new(dir.path());
    assert_eq!(sync.sync().unwrap(), Offset::ZERO);
    let mut journal = JournalWriter::open(dir.path(), 4).unwrap();
    let (mut events, _) = EventWriter::open(dir.path()).unwrap();
    for round in 1..=10 {
        journal.append(b"abc").unwrap();
        events.append(&Event::Time { offset: journal.offset(), mono_ns: round }).unwrap();
        assert_eq!(sync.durable(), Offset((round - 1) * 3));
        assert_eq!(sync.sync().unwrap(), Offset(round * 3));
        journal.rotate_if_due().unwrap();
        assert_eq!(sync.sync().unwrap(), Offset(round * 3));
    }
    std::fs::remove_file(dir.path().join("0000000000000000.journal")).unwrap();
    journal.append(b"d").unwrap();
    assert_eq!(sync.sync().unwrap(), Offset(31));
}

#[test]
fn a_failure_is_never_followed_by_success() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = JournalWriter::open(dir.path(), 4).unwrap();
    journal.append(b"abc").unwrap();
    let mut sync = JournalSync::new(dir.path());
    // A directory where the events belong: opening it for a sync fails.
    let events = dir.path().join(EVENTS_FILE);
    std::fs::create_dir(&events).unwrap();
    assert!(matches!(sync.sync(), Err(Error::Io { .. })));
    std::fs::remove_dir(&events).unwrap();
    assert!(matches!(sync.sync(), Err(Error::Poisoned { .. })));
    assert_eq!(sync.durable(), Offset::ZERO);
}
