//! When checkpoints are due, and what their file grows to.

use ccc_journal::{Budget, CHECKPOINTS_FILE, Checkpoint, CheckpointReader, Offset, Position};
use ccc_play::CHECKPOINT_BYTES;

use super::{COMPACT_BYTES, Keep};

/// A state as large as that of a wide screen.
const STATE: usize = 1024 * 1024;

/// No leave to delete anything.
const NOTHING: Option<fn(u64) -> Budget> = None;

fn checkpoint(offset: u64) -> Checkpoint {
    let bytes = vec![u8::try_from(offset % 251).unwrap_or(0); STATE];
    Checkpoint { offset: Offset(offset), events_position: Position(0), engine: 1, bytes }
}

fn keep(dir: &std::path::Path) -> Keep {
    Keep::new(dir.to_owned(), true, Offset(0))
}

#[test]
fn a_checkpoint_is_due_after_much_output_and_at_the_beginning_of_a_file() {
    let mut keep = keep("/there".as_ref());
    assert!(!keep.is_due(Offset(0), false));
    assert!(!keep.is_due(Offset(CHECKPOINT_BYTES - 1), false));
    assert!(keep.is_due(Offset(CHECKPOINT_BYTES), false));
    assert!(keep.is_due(Offset(1), true));
    keep.add(checkpoint(CHECKPOINT_BYTES));
    assert!(!keep.is_due(Offset(CHECKPOINT_BYTES + 1), false));
}

#[test]
fn a_large_checkpoint_is_due_after_as_much_output() {
    let mut keep = keep("/there".as_ref());
    let size = 4 * CHECKPOINT_BYTES;
    let bytes = vec![0; usize::try_from(size).unwrap()];
    keep.add(Checkpoint { bytes, ..checkpoint(1) });
    assert!(!keep.is_due(Offset(size), false));
    assert!(keep.is_due(Offset(size + 1), false));
    assert!(keep.is_due(Offset(2), true));
}

#[test]
fn while_the_log_is_away_only_the_beginnings_of_files_wait_for_it() {
    let mut keep = keep("/there".as_ref());
    keep.add(checkpoint(1));
    let _work = keep.work(NOTHING);
    assert!(!keep.is_due(Offset(10 * CHECKPOINT_BYTES), false));
    assert!(keep.is_due(Offset(10 * CHECKPOINT_BYTES), true));
    keep.done(None);
    assert!(keep.is_due(Offset(10 * CHECKPOINT_BYTES), false));
}

/// A program that prints a line now and then makes a checkpoint every five seconds and no new file
/// for days.
#[test]
fn checkpoints_of_a_program_that_prints_little_do_not_fill_the_disk() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut keep = keep(dir.path());
    let most = COMPACT_BYTES + 2 * STATE as u64;
    for second in 1..=64 {
        keep.add(checkpoint(second));
        assert!(keep.has_work());
        let worked = keep.work(NOTHING)();
        assert_eq!(keep.done(Some(worked)), None);
        let size = std::fs::metadata(dir.path().join(CHECKPOINTS_FILE)).expect("a file").len();
        assert!(size <= most, "{size} bytes after {second}");
    }
    let reader = CheckpointReader::open(dir.path()).expect("checkpoints");
    let newest = reader.entries().iter().map(|entry| entry.offset).max();
    assert_eq!(newest, Some(Offset(64)));
}

/// A server that had been away folds what was printed meanwhile, file by file. It once took what it had
/// folded for what there was, and deleted the difference from a pane within its budget.
#[test]
fn a_server_that_is_behind_judges_by_what_lies_on_the_disk() {
    let dir = tempfile::tempdir().expect("a directory");
    let name = |first: u64| dir.path().join(format!("{first:016x}.journal"));
    for first in [0, 100, 200] {
        std::fs::write(name(first), [b'x'; 100]).expect("a file");
    }
    let mut keep = keep(dir.path());
    for first in [100, 200] {
        let (events_position, engine, bytes) = (Position(0), 1, Vec::new());
        keep.add(Checkpoint { offset: Offset(first), events_position, engine, bytes });
    }
    let mut told = 0;
    let allow = |bytes| {
        told = bytes;
        Budget::bytes(300)
    };
    let worked = keep.work(Some(allow))();
    assert_eq!((keep.done(Some(worked)), told), (None, 300));
    let worked = keep.work(Some(|_| Budget::bytes(299)))();
    assert_eq!((keep.done(Some(worked)), name(0).exists()), (Some(Offset(100)), false));
}
