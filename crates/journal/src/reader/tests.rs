//! The reading end: across files, while they grow, with files missing, short or doubled.

use std::fs;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::writer::{JournalWriter, ROTATE_BYTES};

fn dir_with(files: &[(u64, &[u8])]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (first, bytes) in files {
        fs::write(dir.path().join(journal_file_name(Offset(*first))), bytes).unwrap();
    }
    dir
}

/// Everything from `offset` on, as bytes and gaps.
fn read_all(reader: &mut JournalReader, offset: u64) -> (Vec<u8>, Vec<(u64, u64)>) {
    let (mut at, mut bytes, mut gaps) = (Offset(offset), Vec::new(), Vec::new());
    let mut buf = [0; 3];
    loop {
        match reader.read_at(at, &mut buf).unwrap() {
            ReadAt::Bytes(count) => {
                bytes.extend_from_slice(&buf[..count]);
                at = at.plus(count as u64);
            }
            ReadAt::Gap { to, .. } => {
                assert!(to > at, "a gap leads on");
                gaps.push((at.0, to.0));
                at = to;
            }
            ReadAt::End => return (bytes, gaps),
        }
    }
}

fn check(files: &[(u64, &[u8])], expected: &[u8], gaps: &[(u64, u64)]) {
    let dir = dir_with(files);
    let mut reader = JournalReader::open(dir.path()).unwrap();
    let (bytes, found) = read_all(&mut reader, 0);
    assert_eq!(bytes, expected);
    assert_eq!(found, gaps);
}

#[test]
fn files_read_as_one_stream() {
    check(&[(0, b"hello "), (6, b"wor"), (9, b"ld")], b"hello world", &[]);
    check(&[(0, b"hello "), (6, b"")], b"hello ", &[]);
    check(&[(0, b"")], b"", &[]);
    check(&[], b"", &[]);
}

#[test]
fn missing_bytes_are_gaps() {
    check(&[(4, b"later")], b"later", &[(0, 4)]);
    check(&[(0, b"abc"), (5, b"fg")], b"abcfg", &[(3, 5)]);
    check(&[(0, b""), (5, b"fg")], b"fg", &[(0, 5)]);
    check(&[(u64::MAX - 2, b"no more than two of these")], b"no", &[(0, u64::MAX - 2)]);
}

#[test]
fn doubled_bytes_come_from_the_later_file() {
    check(&[(0, b"abcXYZ"), (3, b"def")], b"abcdef", &[]);
}

#[test]
fn a_read_never_crosses_into_the_next_file() {
    let dir = dir_with(&[(0, b"abcd"), (4, b"efgh")]);
    let mut reader = JournalReader::open(dir.path()).unwrap();
    let mut buf = [0; 64];
    assert_eq!(reader.read_at(Offset(2), &mut buf).unwrap(), ReadAt::Bytes(2));
    assert!(reader.begins_file(Offset(4)) && !reader.begins_file(Offset(2)));
    assert_eq!(reader.read_at(Offset(4), &mut buf).unwrap(), ReadAt::Bytes(4));
    assert_eq!(reader.read_at(Offset(8), &mut buf).unwrap(), ReadAt::End);
    assert_eq!(reader.read_at(Offset(800), &mut buf).unwrap(), ReadAt::End);
    assert_eq!(reader.read_at(Offset(u64::MAX), &mut buf).unwrap(), ReadAt::End);
}

#[test]
fn a_recorded_gap_gives_the_reason() {
    let dir = dir_with(&[(4, b"later")]);
    let mut reader = JournalReader::open(dir.path()).unwrap();
    let mut buf = [0; 8];
    let unknown = ReadAt::Gap { to: Offset(4), reason: GapReason::Unknown };
    assert_eq!(reader.read_at(Offset(1), &mut buf).unwrap(), unknown);
    let gap = Gap { from: Offset(0), to: Offset(4), reason: GapReason::Budget };
    reader.learn_gap(gap).unwrap();
    let known = ReadAt::Gap { to: Offset(4), reason: GapReason::Budget };
    assert_eq!(reader.read_at(Offset(1), &mut buf).unwrap(), known);
}

#[test]
fn the_end_moves_with_the_writer_and_its_rotations() {
    let dir = tempfile::tempdir().unwrap();
    let mut reader = JournalReader::open(dir.path()).unwrap();
    assert_eq!(reader.end().unwrap(), Offset::ZERO);
    let mut writer = JournalWriter::open(dir.path(), 4).unwrap();
    for round in 1..=20 {
        writer.append(b"abc").unwrap();
        assert_eq!(reader.end().unwrap(), Offset(round * 3));
        writer.rotate_if_due().unwrap();
        assert_eq!(reader.end().unwrap(), Offset(round * 3));
    }
    assert_eq!(read_all(&mut reader, 0), (b"abc".repeat(20), vec![]));
}

#[test]
fn a_gap_written_live_is_followed() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = JournalWriter::open(dir.path(), ROTATE_BYTES).unwrap();
    writer.append(b"abc").unwrap();
    let mut reader = JournalReader::open(dir.path()).unwrap();
    assert_eq!(read_all(&mut reader, 0).0, b"abc");
    writer.skip(5).unwrap();
    writer.append(b"ijk").unwrap();
    let gap = Gap { from: Offset(3), to: Offset(8), reason: GapReason::DiskFull };
    reader.learn_gap(gap).unwrap();
    assert_eq!(reader.end().unwrap(), Offset(11));
    let met = ReadAt::Gap { to: Offset(8), reason: GapReason::DiskFull };
    assert_eq!(reader.read_at(Offset(3), &mut [0; 4]).unwrap(), met);
}

#[test]
fn files_deleted_under_a_reader_become_a_gap() {
    let dir = dir_with(&[(0, b"abc"), (3, b"def"), (6, b"ghi")]);
    let mut reader = JournalReader::open(dir.path()).unwrap();
    fs::remove_file(dir.path().join(journal_file_name(Offset(0)))).unwrap();
    fs::remove_file(dir.path().join(journal_file_name(Offset(3)))).unwrap();
    assert_eq!(read_all(&mut reader, 0), (b"ghi".to_vec(), vec![(0, 6)]));
}

#[test]
fn a_reader_left_behind_by_rotation_and_trim_catches_up() {
    let dir = dir_with(&[(0, b"abc")]);
    let mut reader = JournalReader::open(dir.path()).unwrap();
    let mut idle = JournalReader::open(dir.path()).unwrap();
    assert_eq!(read_all(&mut reader, 0).0, b"abc");
    // While nobody looked: two rotations, and all but the newest file gone.
    fs::remove_file(dir.path().join(journal_file_name(Offset(0)))).unwrap();
    fs::write(dir.path().join(journal_file_name(Offset(6))), b"ghi").unwrap();
    assert_eq!(read_all(&mut reader, 3), (b"ghi".to_vec(), vec![(3, 6)]));
    assert_eq!(idle.end().unwrap(), Offset(9));
}

#[test]
fn the_end_survives_the_loss_of_the_file_that_is_open() {
    let dir = dir_with(&[(0, b"abc")]);
    let mut reader = JournalReader::open(dir.path()).unwrap();
    assert_eq!(read_all(&mut reader, 0).0, b"abc");
    fs::remove_file(dir.path().join(journal_file_name(Offset(0)))).unwrap();
    fs::write(dir.path().join(journal_file_name(Offset(6))), b"ghi").unwrap();
    assert_eq!(reader.end().unwrap(), Offset(9));
}

#[test]
fn a_directory_that_is_deleted_ends_or_errs() {
    let dir = dir_with(&[(0, b"abc")]);
    let mut reader = JournalReader::open(dir.path()).unwrap();
    fs::remove_dir_all(dir.path()).unwrap();
    assert!(reader.end().is_err());
    assert!(reader.read_at(Offset::ZERO, &mut [0; 4]).is_err());
}

#[test]
fn a_reader_keeps_up_with_a_writer_across_rotations() {
    const TOTAL: u64 = 3_000_000;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_owned();
    let byte = |offset: u64| (offset % 251) as u8;
    std::thread::scope(|scope| {
        let mut writer = JournalWriter::open(&path, 10_000).unwrap();
        let mut reader = JournalReader::open(&path).unwrap();
        scope.spawn(move || {
            let mut sizes = [1_u64, 17, 4096, 333, 9_000].into_iter().cycle();
            while writer.offset().0 < TOTAL {
                let start = writer.offset().0;
                let len = sizes.next().unwrap().min(TOTAL - start);
                let bytes: Vec<u8> = (start..start + len).map(byte).collect();
                writer.append(&bytes).unwrap();
                writer.rotate_if_due().unwrap();
            }
        });
        let (mut at, mut known_end) = (Offset::ZERO, Offset::ZERO);
        let mut buf = [0; 5_000];
        while at.0 < TOTAL {
            let end = reader.end().unwrap();
            assert!(end >= known_end, "the end never moves back");
            known_end = end;
            match reader.read_at(at, &mut buf).unwrap() {
                ReadAt::Bytes(count) => {
                    let expected = (at.0..).map(byte).take(count);
                    assert!(buf[..count].iter().copied().eq(expected), "at {at}");
                    at = at.plus(count as u64);
                }
                ReadAt::End => {}
                gap @ ReadAt::Gap { .. } => panic!("at {at}: {gap:?}"),
            }
        }
        assert_eq!(reader.end().unwrap(), Offset(TOTAL));
    });
}

#[derive(Clone, Debug)]
enum Step {
    Append(Vec<u8>),
    Rotate,
    Reopen,
    Skip(u64),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => proptest::collection::vec(any::<u8>(), 0..30).prop_map(Step::Append),
        1 => Just(Step::Rotate),
        1 => Just(Step::Reopen),
        1 => (0_u64..20).prop_map(Step::Skip),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        cases: 64,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_was_written_is_read_whatever_the_writer_did(
        steps in proptest::collection::vec(any_step(), 0..25),
        rotate_bytes in 1_u64..40,
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = JournalWriter::open(dir.path(), rotate_bytes).unwrap();
        let mut live = JournalReader::open(dir.path()).unwrap();
        // One entry per offset: the byte, or nothing where bytes were skipped.
        let mut model: Vec<Option<u8>> = Vec::new();
        for step in steps {
            match step {
                Step::Append(bytes) => {
                    writer.append(&bytes).unwrap();
                    model.extend(bytes.into_iter().map(Some));
                    writer.rotate_if_due().unwrap();
                }
                Step::Rotate => writer.rotate().unwrap(),
                Step::Reopen => writer = JournalWriter::open(dir.path(), rotate_bytes).unwrap(),
                Step::Skip(count) => {
                    let from = writer.offset();
                    writer.skip(count).unwrap();
                    model.extend(std::iter::repeat_n(None, count as usize));
                    let to = writer.offset();
                    live.learn_gap(Gap { from, to, reason: GapReason::DiskFull }).unwrap();
                }
            }
            let end = Offset(model.len() as u64);
            prop_assert_eq!(writer.offset(), end);
            prop_assert_eq!(live.end().unwrap(), end);
        }
        let expected: Vec<u8> = model.iter().filter_map(|byte| *byte).collect();
        let (bytes, gaps) = read_all(&mut live, 0);
        prop_assert_eq!(&bytes, &expected);
        let missing: u64 = gaps.iter().map(|(from, to)| to - from).sum();
        prop_assert_eq!(missing as usize, model.iter().filter(|byte| byte.is_none()).count());
        let mut late = JournalReader::open(dir.path()).unwrap();
        prop_assert_eq!(read_all(&mut late, 0).0, expected);
    }
}
