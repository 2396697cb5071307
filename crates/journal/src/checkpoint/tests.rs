//! Checkpoints written, chosen, damaged, cut, compacted and half compacted.

use std::fs;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::files::{JournalFile, Piece};
use crate::record::{HEADER_BYTES, MAX_BODY, RECORD_HEAD_BYTES};

fn checkpoint(offset: u64, bytes: &[u8]) -> Checkpoint {
    let events_position = Position(offset / 2);
    Checkpoint { offset: Offset(offset), events_position, engine: 7, bytes: bytes.to_vec() }
}

fn log_with(checkpoints: &[Checkpoint]) -> (TempDir, CheckpointLog) {
    let dir = tempfile::tempdir().unwrap();
    let (mut log, _) = CheckpointLog::open(dir.path()).unwrap();
    for checkpoint in checkpoints {
        log.append(checkpoint, false).unwrap();
    }
    (dir, log)
}

fn small() -> Vec<Checkpoint> {
    vec![checkpoint(10, b"ten"), checkpoint(20, b""), checkpoint(30, b"thirty")]
}

fn file_of(checkpoints: &[Checkpoint]) -> Vec<u8> {
    let (dir, _log) = log_with(checkpoints);
    fs::read(dir.path().join(CHECKPOINTS_FILE)).unwrap()
}

/// Everything that can be loaded.
fn readable(bytes: &[u8]) -> Vec<Checkpoint> {
    let reader = CheckpointReader::new(bytes.to_vec(), Path::new("memory")).unwrap();
    reader.entries().iter().filter_map(|entry| reader.load(entry).ok()).collect()
}

fn file_at(first: u64) -> Piece {
    JournalFile { first: Offset(first), path: PathBuf::new(), len: 1 }.into()
}

#[test]
fn the_bytes_are_the_documented_ones() {
    // Also in proto/journal.md; a change here is a new kind.
    let bytes = file_of(&[checkpoint(0x0a0b, b"state")]);
    let hex: String = bytes[HEADER_BYTES..].iter().map(|b| format!("{b:02x}")).collect();
    let begin = "1a0000002c59b28001000b0a000000000000050500000000000005000000fbd293a30700";
    let chunk = "050000001e11df8502007374617465";
    assert_eq!(hex, [begin, chunk].concat());
}

#[test]
fn the_best_checkpoint_is_the_nearest_before() {
    let (_dir, mut log) = log_with(&small());
    log.append(&checkpoint(20, b"again"), true).unwrap();
    assert_eq!(log.latest().unwrap(), Some(checkpoint(30, b"thirty")));
    for (offset, expected) in [(9, None), (10, Some(10)), (19, Some(10)), (29, Some(20))] {
        let found = log.latest_at_or_before(Offset(offset)).unwrap();
        assert_eq!(found.map(|c| c.offset.0), expected, "at {offset}");
    }
    assert_eq!(log.at(Offset(20)).unwrap().unwrap().bytes, b"again", "the later of equals");
    assert_eq!(log.at(Offset(21)).unwrap(), None);
}

#[test]
fn large_states_go_through_in_chunks() {
    let sizes = [MAX_BODY - 1, MAX_BODY, MAX_BODY + 1, 3 * MAX_BODY, 1_000_000];
    let large: Vec<Checkpoint> = sizes
        .iter()
        .enumerate()
        .map(|(n, size)| {
            checkpoint(n as u64, &(0..*size).map(|i| (i * 7) as u8).collect::<Vec<_>>())
        })
        .collect();
    let (dir, log) = log_with(&large);
    drop(log);
    let (mut log, recovered) = CheckpointLog::open(dir.path()).unwrap();
    assert_eq!(recovered, crate::Recovered::default());
    assert_eq!(log.entries().len(), large.len());
    for checkpoint in &large {
        assert_eq!(log.at(checkpoint.offset).unwrap().as_ref(), Some(checkpoint));
    }
    assert_eq!(log.dropped(), 0);
}

#[test]
fn a_state_beyond_the_limit_is_refused_before_it_is_written() {
    let (_dir, mut log) = log_with(&small());
    let size = log.size();
    let refused = log.append(&checkpoint(40, &vec![0; MAX_CHECKPOINT + 1]), false);
    assert!(matches!(refused, Err(Error::TooLarge { .. })));
    assert_eq!(log.size(), size);
}

#[test]
fn cut_anywhere_the_whole_checkpoints_are_kept() {
    let all = small();
    let whole = file_of(&all);
    let ends: Vec<usize> = (0..=all.len()).map(|count| file_of(&all[..count]).len()).collect();
    for cut in 0..=whole.len() {
        let found = readable(&whole[..cut]);
        assert!(all.starts_with(&found), "cut at {cut}");
        let expected = ends.iter().rposition(|end| *end <= cut).unwrap_or(0);
        assert_eq!(found.len(), expected, "cut at {cut}");

        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(CHECKPOINTS_FILE), &whole[..cut]).unwrap();
        let (mut log, recovered) = CheckpointLog::open(dir.path()).unwrap();
        assert_eq!(log.entries().len(), expected, "cut at {cut}");
        let torn = if cut < HEADER_BYTES { cut } else { cut - ends[expected] };
        assert_eq!(recovered.cut.map_or(0, |cut| cut.bytes), torn as u64, "cut at {cut}");
        log.append(&checkpoint(99, b"next"), false).unwrap();
        let bytes = fs::read(dir.path().join(CHECKPOINTS_FILE)).unwrap();
        let mut wanted = all[..expected].to_vec();
        wanted.push(checkpoint(99, b"next"));
        assert_eq!(readable(&bytes), wanted, "cut at {cut}");
    }
}

#[test]
fn a_flipped_bit_costs_one_checkpoint_and_never_gives_a_wrong_one() {
    let all = small();
    let whole = file_of(&all);
    for bit in 0..whole.len() * 8 {
        let mut damaged = whole.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        let found = readable(&damaged);
        assert!(found.iter().all(|checkpoint| all.contains(checkpoint)), "bit {bit}");
        let least = all.len() - usize::from(bit / 8 >= HEADER_BYTES);
        assert!(found.len() >= least, "bit {bit}: {} left", found.len());

        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(CHECKPOINTS_FILE), &damaged).unwrap();
        let (mut log, _) = CheckpointLog::open(dir.path()).unwrap();
        assert!(log.latest().unwrap().is_some_and(|latest| all.contains(&latest)), "bit {bit}");
        log.append(&checkpoint(99, b"next"), false).unwrap();
        assert_eq!(log.latest().unwrap(), Some(checkpoint(99, b"next")), "bit {bit}");
    }
}

#[test]
fn a_damaged_state_falls_back_to_the_one_before() {
    let (dir, log) = log_with(&small());
    drop(log);
    let path = dir.path().join(CHECKPOINTS_FILE);
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    // Something valid behind it, so that it is not a torn tail.
    fs::write(&path, bytes).unwrap();
    let (mut log, _) = CheckpointLog::open(dir.path()).unwrap();
    assert_eq!(log.latest().unwrap(), Some(checkpoint(20, b"")));
}

#[test]
fn damage_behind_the_index_is_found_when_loading() {
    let (dir, mut log) = log_with(&small());
    let path = dir.path().join(CHECKPOINTS_FILE);
    let mut bytes = fs::read(&path).unwrap();
    let first_state = HEADER_BYTES + RECORD_HEAD_BYTES + 26 + RECORD_HEAD_BYTES;
    assert_eq!(&bytes[first_state..first_state + 3], b"ten");
    bytes[first_state] ^= 1;
    fs::write(&path, bytes).unwrap();
    let entry = log.entries()[0];
    assert!(matches!(log.load(&entry), Err(Error::Damaged(_))));
    assert_eq!(log.latest_at_or_before(Offset(15)).unwrap(), None);
    assert_eq!((log.dropped(), log.entries().len()), (1, 2));
}

#[test]
fn a_foreign_file_is_set_aside_and_a_newer_one_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(CHECKPOINTS_FILE);
    fs::write(&path, b"these are not checkpoints, not at all").unwrap();
    assert_eq!(CheckpointReader::open(dir.path()).unwrap().entries(), []);
    let (mut log, recovered) = CheckpointLog::open(dir.path()).unwrap();
    assert!(recovered.set_aside.is_some());
    assert_eq!(log.latest().unwrap(), None);
}

#[test]
fn compaction_keeps_the_newest_and_the_first_of_each_file() {
    let all: Vec<Checkpoint> =
        (0..10).map(|n| checkpoint(n * 10, format!("state {n}").as_bytes())).collect();
    let (dir, mut log) = log_with(&all);
    let reader = CheckpointReader::open(dir.path()).unwrap();
    log.compact(&[file_at(20), file_at(50), file_at(55)]).unwrap();
    let kept = |log: &CheckpointLog| log.entries().iter().map(|e| e.offset.0).collect::<Vec<_>>();
    assert_eq!(kept(&log), [20, 50, 90]);
    assert_eq!(log.at(Offset(50)).unwrap().unwrap().bytes, b"state 5");
    log.append(&checkpoint(100, b"state 10"), true).unwrap();
    drop(log);
    let (log, recovered) = CheckpointLog::open(dir.path()).unwrap();
    assert_eq!(recovered, crate::Recovered::default());
    assert_eq!(kept(&log), [20, 50, 90, 100]);
    // Whoever read the old file still reads it.
    assert_eq!(reader.load(&reader.entries()[3]).unwrap(), all[3]);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left lying about");
}

#[test]
fn a_compaction_that_dies_leaves_the_old_file_or_the_new_one() {
    let all = small();
    let kept = [checkpoint(20, b""), checkpoint(30, b"thirty")];
    let (whole, compacted) = (file_of(&all), file_of(&kept));
    for written in 0..=compacted.len() {
        // Dead while writing the new file, or before its rename.
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(CHECKPOINTS_FILE);
        fs::write(&path, &whole).unwrap();
        let leftover = dir.path().join(".checkpoints.fresh-1-0");
        fs::write(&leftover, &compacted[..written]).unwrap();
        let (mut log, recovered) = CheckpointLog::open(dir.path()).unwrap();
        assert_eq!(recovered, crate::Recovered::default());
        assert_eq!(log.entries().len(), 3);
        assert!(!leftover.exists(), "nobody else would delete it");
        log.compact(&[file_at(20)]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), compacted);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_opened_without_a_panic(
        mut bytes in proptest::collection::vec(any::<u8>(), 0..600),
        ours: bool,
    ) {
        if ours {
            bytes.splice(0..0, FILE_KIND.header());
        }
        prop_assert_eq!(readable(&bytes), []);
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(CHECKPOINTS_FILE), &bytes).unwrap();
        let (mut log, _) = CheckpointLog::open(dir.path()).unwrap();
        prop_assert_eq!(log.latest().unwrap(), None);
    }
}
