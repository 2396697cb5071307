//! Record logs replayed after cuts and flips, compacted, and compacted half.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;

const KIND: FileKind = FileKind::CONTROL;

type Parts = (u16, Vec<u8>);

fn small() -> Vec<Parts> {
    vec![(1, b"one".to_vec()), (2, vec![]), (3, b"three".to_vec()), (4, b"four".to_vec())]
}

fn written(bytes: &[u8]) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("control.log");
    fs::write(&path, bytes).unwrap();
    (dir, path)
}

fn file_of(records: &[Parts]) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("control.log");
    let (mut log, _) = RecordLog::open(&path, KIND).unwrap();
    for (kind, body) in records {
        log.append(*kind, body, Durability::Later).unwrap();
    }
    fs::read(&path).unwrap()
}

/// The ends of the header and of each record.
fn ends(records: &[Parts]) -> Vec<usize> {
    (0..=records.len()).map(|count| file_of(&records[..count]).len()).collect()
}

fn replayed(log: &RecordLog) -> Vec<Parts> {
    log.replay().unwrap().map(|r| r.map(|r| (r.kind, r.body))).collect::<Result<_>>().unwrap()
}

#[test]
fn what_is_appended_is_replayed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("control.log");
    let (mut log, recovered) = RecordLog::open(&path, KIND).unwrap();
    assert!(recovered.created);
    assert_eq!(replayed(&log), []);
    let mut places = Vec::new();
    for (n, (kind, body)) in small().iter().enumerate() {
        let durability = if n % 2 == 0 { Durability::Now } else { Durability::Later };
        places.push(log.append(*kind, body, durability).unwrap());
        assert_eq!(replayed(&log), small()[..=n]);
    }
    log.sync().unwrap();
    let found: Vec<Position> = log.replay().unwrap().map(|r| r.unwrap().position).collect();
    assert_eq!(found, places);
    drop(log);
    let (log, recovered) = RecordLog::open(&path, KIND).unwrap();
    assert_eq!(recovered, Recovered::default());
    assert_eq!(replayed(&log), small());
}

#[test]
fn cut_anywhere_the_log_goes_on_behind_its_last_whole_record() {
    let all = small();
    let (whole, ends) = (file_of(&all), ends(&all));
    for cut in 0..=whole.len() {
        let (_dir, path) = written(&whole[..cut]);
        let (mut log, recovered) = RecordLog::open(&path, KIND).unwrap();
        let kept = ends.iter().rposition(|end| *end <= cut).unwrap_or(0);
        assert_eq!(replayed(&log), all[..kept], "cut at {cut}");
        let clean = cut == 0 || ends[kept] == cut;
        assert_eq!(recovered.cut.is_none(), clean, "cut at {cut}");
        assert_eq!(recovered.set_aside, None);
        log.append(9, b"next", Durability::Later).unwrap();
        assert_eq!(replayed(&log).last().unwrap().0, 9);
    }
}

#[test]
fn a_flipped_bit_leaves_the_prefix_and_keeps_the_rest_aside() {
    let all = small();
    let (whole, ends) = (file_of(&all), ends(&all));
    for bit in 0..whole.len() * 8 {
        let mut damaged = whole.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        let (_dir, path) = written(&damaged);
        let (mut log, recovered) = RecordLog::open(&path, KIND).unwrap();
        let hit = ends.iter().position(|end| bit / 8 < *end).unwrap();
        let kept = if hit == 0 { all.len() } else { hit - 1 };
        assert_eq!(replayed(&log), all[..kept], "bit {bit}");
        if hit == 0 {
            assert_eq!(recovered.damage.len(), 1, "bit {bit}");
            assert_eq!(fs::read(&path).unwrap(), whole, "a header is mended");
        } else if hit == all.len() {
            assert!(recovered.cut.is_some(), "bit {bit}");
        } else {
            assert_eq!(recovered.damage[0].path, path);
            assert_eq!(recovered.damage[0].from.0, ends[hit - 1] as u64);
            let aside = recovered.set_aside.unwrap();
            assert_eq!(fs::read(aside).unwrap(), damaged, "bit {bit}");
        }
        log.append(9, b"next", Durability::Later).unwrap();
        drop(log);
        let (log, recovered) = RecordLog::open(&path, KIND).unwrap();
        assert_eq!(recovered, Recovered::default(), "bit {bit}");
        assert_eq!(replayed(&log).len(), kept + 1);
    }
}

#[test]
fn a_rescue_that_dies_is_done_again() {
    let mut damaged = file_of(&small());
    let second = file_of(&small()[..1]).len();
    damaged[second] ^= 1;
    let (dir, path) = written(&damaged);
    // Dead between keeping the damaged log and putting the prefix in its place.
    fs::hard_link(&path, dir.path().join("control.log.damaged-1")).unwrap();
    fs::write(dir.path().join(".control.log.fresh-1-0"), b"half a pre").unwrap();
    let (log, recovered) = RecordLog::open(&path, KIND).unwrap();
    assert_eq!(replayed(&log), small()[..1]);
    assert_eq!(recovered.set_aside, Some(dir.path().join("control.log.damaged-2")));
    assert_eq!(fs::read(dir.path().join("control.log.damaged-1")).unwrap(), damaged);
}

#[test]
fn somebody_elses_file_is_left_alone() {
    for bytes in [b"a shopping list, longer than a header".as_slice(), b"short"] {
        let (_dir, path) = written(bytes);
        let refused = RecordLog::open(&path, KIND);
        assert!(matches!(refused, Err(Error::Foreign { .. })), "{refused:?}");
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
    let other = FileKind::new(*b"audt", "audit log");
    let (_dir, path) = written(&file_of(&[]));
    assert!(matches!(RecordLog::open(&path, other), Err(Error::Foreign { .. })));
}

#[test]
fn compaction_is_all_or_nothing() {
    let (dir, path) = written(&file_of(&small()));
    let (mut log, _) = RecordLog::open(&path, KIND).unwrap();
    let before = fs::read(&path).unwrap();
    let too_large = vec![0; crate::record::MAX_BODY + 1];
    let failed = log.compact([(10, b"snapshot".as_slice()), (11, &too_large)]);
    assert!(matches!(failed, Err(Error::TooLarge { .. })));
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(replayed(&log), small());

    log.compact([(10, b"snapshot".as_slice()), (11, b"and more")]).unwrap();
    log.append(5, b"five", Durability::Now).unwrap();
    let expected = [(10, b"snapshot".to_vec()), (11, b"and more".to_vec()), (5, b"five".to_vec())];
    assert_eq!(replayed(&log), expected);
    assert_eq!(log.size(), fs::metadata(&path).unwrap().len());
    drop(log);
    let (log, recovered) = RecordLog::open(&path, KIND).unwrap();
    assert_eq!(recovered, Recovered::default());
    assert_eq!(replayed(&log), expected);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn after_a_failed_sync_nothing_is_taken_until_it_is_opened_again() {
    let (_dir, path) = written(&file_of(&small()));
    let (mut log, _) = RecordLog::open(&path, KIND).unwrap();
    let (_rx, tx) = std::io::pipe().unwrap();
    let file = log.records.file().try_clone().unwrap();
    log.records.replace_file(File::from(std::os::fd::OwnedFd::from(tx)));
    assert!(matches!(log.sync(), Err(Error::Io { attempt: "sync", .. })));
    log.records.replace_file(file);
    assert!(matches!(log.append(5, b"", Durability::Later), Err(Error::Poisoned { .. })));
    assert!(matches!(log.compact([]), Err(Error::Poisoned { .. })));
    assert_eq!(replayed(&log), small());
    let (mut log, _) = RecordLog::open(&path, KIND).unwrap();
    log.append(5, b"five", Durability::Now).unwrap();
}

#[test]
fn a_replay_ends_at_rot_that_came_after_the_log_was_opened() {
    let (_dir, path) = written(&file_of(&small()));
    let (log, _) = RecordLog::open(&path, KIND).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let third = file_of(&small()[..2]).len();
    bytes[third + 6] ^= 1;
    fs::write(&path, bytes).unwrap();
    let results: Vec<_> = log.replay().unwrap().collect();
    assert_eq!(results.len(), 3);
    assert!(matches!(&results[2], Err(Error::Damaged(damage)) if damage.from.0 == third as u64));
}
