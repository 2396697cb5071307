//! Trimming to a budget, refused without a checkpoint, and cut short at every step.

use std::fs;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::checkpoint::{CHECKPOINTS_FILE, Checkpoint, CheckpointReader};
use crate::files::{JournalFile, journal_file_name, journal_files};
use crate::units::Position;

/// A pane with files of ten bytes, and checkpoints at these offsets.
fn pane(files: u64, checkpoints: &[u64]) -> (TempDir, CheckpointLog) {
    let dir = tempfile::tempdir().unwrap();
    for n in 0..files {
        fs::write(dir.path().join(journal_file_name(Offset(n * 10))), [b'x'; 10]).unwrap();
    }
    let (mut log, _) = CheckpointLog::open(dir.path()).unwrap();
    for offset in checkpoints {
        let bytes = format!("state at {offset}").into_bytes();
        let (offset, events_position) = (Offset(*offset), Position(0));
        log.append(&Checkpoint { offset, events_position, engine: 1, bytes }, false).unwrap();
    }
    (dir, log)
}

fn firsts(dir: &Path) -> Vec<u64> {
    journal_files(dir).unwrap().iter().map(|file| file.first.0).collect()
}

fn budget_gap(from: u64, to: u64) -> Gap {
    Gap { from: Offset(from), to: Offset(to), reason: GapReason::Budget }
}

#[test]
fn within_budget_nothing_goes() {
    let (dir, mut log) = pane(3, &[]);
    assert_eq!(plan(&pieces(dir.path()).unwrap().pieces, Budget::bytes(30)), 0);
    assert_eq!(trim(dir.path(), &mut log, Budget::bytes(30)).unwrap(), Trimmed::default());
    assert_eq!(firsts(dir.path()), [0, 10, 20]);
    assert_eq!(plan(&[], Budget::bytes(0)), 0);
}

#[test]
fn the_oldest_files_go_behind_their_checkpoints() {
    let (dir, mut log) = pane(5, &[10, 20, 30, 40]);
    let trimmed = trim(dir.path(), &mut log, Budget::bytes(25)).unwrap();
    let expected = Trimmed { gap: Some(budget_gap(0, 30)), bytes: 30, blocked: None };
    assert_eq!(trimmed, expected);
    assert_eq!(firsts(dir.path()), [30, 40]);
    // A later trim tells only of what it deleted itself.
    let trimmed = trim(dir.path(), &mut log, Budget::bytes(0)).unwrap();
    assert_eq!(trimmed.gap, Some(budget_gap(30, 40)));
    assert_eq!(firsts(dir.path()), [40], "the newest file stays");
}

#[test]
fn without_a_checkpoint_the_file_stays() {
    let (dir, mut log) = pane(4, &[10, 30]);
    let trimmed = trim(dir.path(), &mut log, Budget::bytes(0)).unwrap();
    let expected = Trimmed { gap: Some(budget_gap(0, 10)), bytes: 10, blocked: Some(Offset(20)) };
    assert_eq!(trimmed, expected);
    assert_eq!(firsts(dir.path()), [10, 20, 30]);
    let again = trim(dir.path(), &mut log, Budget::bytes(0)).unwrap();
    assert_eq!(again, Trimmed { gap: None, bytes: 0, blocked: Some(Offset(20)) });
}

#[test]
fn a_checkpoint_that_cannot_be_read_is_none() {
    let (dir, mut log) = pane(3, &[10]);
    let path = dir.path().join(CHECKPOINTS_FILE);
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&path, bytes).unwrap();
    let trimmed = trim(dir.path(), &mut log, Budget::bytes(0)).unwrap();
    assert_eq!(trimmed, Trimmed { gap: None, bytes: 0, blocked: Some(Offset(10)) });
    assert_eq!(firsts(dir.path()), [0, 10, 20]);
}

#[test]
fn a_trim_that_dies_after_any_deletion_leaves_a_recording_that_says_so() {
    let checkpoints = [10, 20, 30, 40];
    for deleted in 0..=4 {
        let (dir, mut log) = pane(5, &checkpoints);
        log.sync().unwrap();
        for n in 0..deleted {
            fs::remove_file(dir.path().join(journal_file_name(Offset(n * 10)))).unwrap();
        }
        drop(log);
        let files = pieces(dir.path()).unwrap().pieces;
        let expected = (deleted > 0).then_some(Gap {
            from: Offset(0),
            to: Offset(deleted * 10),
            reason: GapReason::Unknown,
        });
        assert_eq!(unrecorded_gap(&files, &[]), expected);
        let reader = CheckpointReader::open(dir.path()).unwrap();
        let replaced = reader.candidates(files[0].first).first().map(|entry| entry.offset);
        assert_eq!(replaced, (deleted > 0).then_some(files[0].first));

        let (mut log, _) = CheckpointLog::open(dir.path()).unwrap();
        let trimmed = trim(dir.path(), &mut log, Budget::bytes(10)).unwrap();
        let rest = (deleted < 4).then_some(budget_gap(deleted * 10, 40));
        assert_eq!(trimmed.gap, rest);
        assert_eq!(firsts(dir.path()), [40]);
    }
}

#[test]
fn what_is_recorded_is_not_found_again() {
    let file =
        |first| Piece::from(JournalFile { first: Offset(first), path: Default::default(), len: 1 });
    let files = [file(40)];
    assert_eq!(unrecorded_gap(&files, &[budget_gap(0, 40)]), None);
    assert_eq!(unrecorded_gap(&files, &[budget_gap(20, 40), budget_gap(0, 20)]), None);
    assert_eq!(unrecorded_gap(&files, &[budget_gap(0, 30)]), Some(budget_gap(30, 40)));
    assert_eq!(unrecorded_gap(&files, &[budget_gap(10, 40)]), Some(budget_gap(0, 40)));
    assert_eq!(unrecorded_gap(&[file(0)], &[]), None);
    assert_eq!(unrecorded_gap(&[], &[]), None);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_frees_enough_and_no_more(lens in proptest::collection::vec(0_u64..50, 0..12), budget in 0_u64..300) {
        let mut first = 0;
        let files: Vec<Piece> = lens
            .iter()
            .map(|len| {
                let file = JournalFile { first: Offset(first), path: Default::default(), len: *len };
                first += len;
                file.into()
            })
            .collect();
        let total: u64 = lens.iter().sum();
        let gone = plan(&files, Budget::bytes(budget));
        let freed = |count: usize| lens[..count].iter().sum::<u64>();
        prop_assert!(total - freed(gone) <= budget || gone + 1 == lens.len() || total <= budget || lens.len() < 2);
        if let Some(less) = gone.checked_sub(1) {
            prop_assert!(total - freed(less) > budget);
        }
    }
}
