//! A sound recording has no fault; each thing that can go wrong is named.

use std::fs;

use tempfile::TempDir;

use super::*;
use crate::checkpoint::{CHECKPOINTS_FILE, Checkpoint, CheckpointLog};
use crate::event::{EVENTS_FILE, EventWriter, GapReason};
use crate::files::journal_file_name;
use crate::mark::{MARKS_FILE, Mark, MarkWriter};
use crate::units::{Position, Size};
use crate::writer::JournalWriter;

/// A sound recording: three files of ten bytes, three events, two marks, two checkpoints.
fn recording() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = JournalWriter::open(dir.path(), 10).unwrap();
    for _ in 0..3 {
        journal.rotate_if_due().unwrap();
        journal.append(b"0123456789").unwrap();
    }
    let (mut events, _) = EventWriter::open(dir.path()).unwrap();
    let (mut marks, _) = MarkWriter::open(dir.path()).unwrap();
    let (mut checkpoints, _) = CheckpointLog::open(dir.path()).unwrap();
    for n in 0..3 {
        let (offset, size) = (Offset(n * 10), Size { cols: 80, rows: 24 });
        events.append(&Event::Resize { offset, size }).unwrap();
        if n > 0 {
            marks.append(&Mark { kind: 1, offset, body: b"mark".to_vec() }).unwrap();
            let (events_position, bytes) = (Position(0), b"state".to_vec());
            let checkpoint = Checkpoint { offset, events_position, engine: 1, bytes };
            checkpoints.append(&checkpoint, true).unwrap();
        }
    }
    dir
}

/// The faults as text, after `change` was made to a sound recording.
fn faults_after(change: impl FnOnce(&Path)) -> Vec<String> {
    let dir = recording();
    change(dir.path());
    let faults = verify(dir.path()).unwrap().faults;
    let place = dir.path().to_str().unwrap();
    faults.iter().map(|fault| format!("{fault:?}").replace(place, "")).collect()
}

fn edit(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_sound_recording_has_no_fault() {
    let dir = recording();
    let verified = verify(dir.path()).unwrap();
    assert!(verified.faults.is_empty(), "{:?}", verified.faults);
    assert_eq!(verified.pieces.len(), 3);
    assert_eq!((verified.events, verified.marks, verified.checkpoints), (3, 2, 2));
}

#[test]
fn a_missing_file_is_named_until_a_gap_says_why() {
    let middle = journal_file_name(Offset(10));
    let remove = |dir: &Path| fs::remove_file(dir.join(&middle)).unwrap();
    let hole = "Journal(Hole { from: Offset(10), to: Offset(20) })";
    assert_eq!(faults_after(remove), [hole]);
    let told = faults_after(|dir| {
        remove(dir);
        let gap = Gap { from: Offset(10), to: Offset(20), reason: GapReason::Forget };
        EventWriter::open(dir).unwrap().0.append(&Event::Gap(gap)).unwrap();
    });
    assert!(told.is_empty(), "{told:?}");
    let first = faults_after(|dir| {
        fs::remove_file(dir.join(journal_file_name(Offset(0)))).unwrap();
    });
    assert_eq!(first, ["Unrecorded(Gap { from: Offset(0), to: Offset(10), reason: Unknown })"]);
}

#[test]
fn bytes_that_went_or_came_are_named() {
    let short = faults_after(|dir| {
        edit(&dir.join(journal_file_name(Offset(0))), |bytes| bytes.truncate(7));
    });
    assert_eq!(short, ["Journal(Hole { from: Offset(7), to: Offset(10) })"]);
    let long = faults_after(|dir| {
        edit(&dir.join(journal_file_name(Offset(0))), |bytes| bytes.extend(b"more"));
    });
    assert_eq!(long, ["Journal(Overlap { from: Offset(10), to: Offset(14) })"]);
    let cut = faults_after(|dir| {
        fs::remove_file(dir.join(journal_file_name(Offset(20)))).unwrap();
        edit(&dir.join(journal_file_name(Offset(10))), |bytes| bytes.truncate(5));
    });
    assert_eq!(
        cut,
        [
            "Beyond { file: \"events\", offset: Offset(20) }",
            "Beyond { file: \"checkpoints\", offset: Offset(20) }",
        ]
    );
}

#[test]
fn every_flipped_bit_of_every_record_file_is_a_fault() {
    for name in [EVENTS_FILE, MARKS_FILE, CHECKPOINTS_FILE] {
        let dir = recording();
        let path = dir.path().join(name);
        let whole = fs::read(&path).unwrap();
        for bit in 0..whole.len() * 8 {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, &damaged).unwrap();
            let faults = verify(dir.path()).unwrap().faults;
            assert!(!faults.is_empty(), "{name}: bit {bit} went unnoticed");
        }
        for cut in 1..16 {
            fs::write(&path, &whole[..whole.len() - cut]).unwrap();
            assert!(!verify(dir.path()).unwrap().faults.is_empty(), "{name}: {cut} bytes cut");
        }
    }
}

#[test]
fn events_are_missed_and_marks_and_checkpoints_are_not() {
    let without_folds = faults_after(|dir| {
        fs::remove_file(dir.join(MARKS_FILE)).unwrap();
        fs::remove_file(dir.join(CHECKPOINTS_FILE)).unwrap();
    });
    assert!(without_folds.is_empty(), "{without_folds:?}");
    let without_events = faults_after(|dir| fs::remove_file(dir.join(EVENTS_FILE)).unwrap());
    assert_eq!(without_events.len(), 1);
    assert!(without_events[0].starts_with("Unreadable"), "{without_events:?}");
}
