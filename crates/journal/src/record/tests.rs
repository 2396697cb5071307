//! The framing under cuts, flips and moves, through the reader and through the writer's recovery.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::{fs, io};

use proptest::prelude::*;
use tempfile::TempDir;

use super::writer::{RecordWriter, Scan};
use super::*;

const KIND: FileKind = FileKind::new(*b"test", "test");

type Parts = (u16, Vec<u8>);

fn small_records() -> Vec<Parts> {
    vec![(1, b"first".to_vec()), (2, vec![]), (0, vec![0; 9]), (65535, b"last one".to_vec())]
}

/// The bytes of a file with these records.
fn file_of(records: &[Parts]) -> Vec<u8> {
    let mut bytes = KIND.header().to_vec();
    for (kind, body) in records {
        encode(bytes.len() as u64, *kind, body, &mut bytes).unwrap();
    }
    bytes
}

/// The ends of the header and of each record.
fn ends(records: &[Parts]) -> Vec<usize> {
    let mut at = HEADER_BYTES;
    let mut ends = vec![at];
    for (_, body) in records {
        at += RECORD_HEAD_BYTES + body.len();
        ends.push(at);
    }
    ends
}

fn reader(bytes: &[u8]) -> RecordReader<Vec<u8>> {
    RecordReader::new(bytes.to_vec(), KIND, Path::new("memory"))
}

/// Records up to the first `None` or error, and that error.
fn prefix(bytes: &[u8]) -> (Vec<Parts>, Option<Error>) {
    let mut reader = reader(bytes);
    let mut found = Vec::new();
    loop {
        match reader.next_record() {
            Ok(Some(record)) => found.push((record.kind, record.body)),
            Ok(None) => return (found, None),
            Err(error) => return (found, Some(error)),
        }
    }
}

/// All records that can be read, stepping over damage.
fn survivors(bytes: &[u8]) -> Vec<Parts> {
    let mut reader = reader(bytes);
    let mut found = Vec::new();
    loop {
        match reader.next_record() {
            Ok(Some(record)) => found.push((record.kind, record.body)),
            Err(Error::Damaged(_)) if reader.skip_damage().unwrap() => {}
            Ok(None) | Err(_) => return found,
        }
    }
}

fn is_subsequence(part: &[Parts], whole: &[Parts]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|wanted| rest.any(|record| record == wanted))
}

fn written(bytes: &[u8]) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("records");
    fs::write(&path, bytes).unwrap();
    (dir, path)
}

#[test]
fn the_bytes_are_the_documented_ones() {
    // Also in proto/journal.md; a change here is a new format.
    let bytes = file_of(&[(7, b"hi".to_vec())]);
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(hex, "636363007465737401000000f095331f020000005c72244c07006869");
}

#[test]
fn a_file_cut_anywhere_serves_its_whole_records_and_waits_for_more() {
    let records = small_records();
    let bytes = file_of(&records);
    let ends = ends(&records);
    for cut in 0..=bytes.len() {
        let whole = ends.iter().filter(|end| **end <= cut).count().saturating_sub(1);
        let (found, error) = prefix(&bytes[..cut]);
        assert_eq!(found, records[..whole], "cut at {cut}");
        assert!(error.is_none(), "cut at {cut}: {error:?}");
    }
}

#[test]
fn a_flipped_bit_never_gives_a_wrong_record() {
    let records = small_records();
    let bytes = file_of(&records);
    let ends = ends(&records);
    for bit in 0..bytes.len() * 8 {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        let hit = ends.iter().position(|end| bit / 8 < *end).unwrap();
        let (found, error) = prefix(&damaged);
        assert_eq!(found, records[..hit.saturating_sub(1)], "bit {bit}");
        // The last record made longer than the file reads as one still being written; anything
        // else is named at once.
        let in_last_length = hit == records.len() && bit / 8 < ends[hit - 1] + 4;
        assert!(error.is_some() || in_last_length, "bit {bit} went unnoticed");
        let survivors = survivors(&damaged);
        assert!(is_subsequence(&survivors, &records), "bit {bit}: {survivors:?}");
        assert_eq!(survivors.len(), records.len() - usize::from(hit > 0), "bit {bit}");
    }
}

#[test]
fn damage_is_named_by_file_and_position() {
    let records = small_records();
    let mut bytes = file_of(&records);
    let second = ends(&records)[1];
    bytes[second + RECORD_HEAD_BYTES - 1] ^= 1;
    let (_, error) = prefix(&bytes);
    let Some(Error::Damaged(damage)) = error else { panic!("{error:?}") };
    assert_eq!(damage.path, Path::new("memory"));
    assert_eq!(damage.from, Position(second as u64));
}

#[test]
fn a_record_in_another_place_is_not_that_record() {
    let records = vec![(1, b"aaaa".to_vec()), (1, b"bbbb".to_vec()), (1, b"cccc".to_vec())];
    let bytes = file_of(&records);
    let ends = ends(&records);
    let (first, second) = (ends[0]..ends[1], ends[1]..ends[2]);
    let mut swapped = bytes.clone();
    swapped.copy_within(second.clone(), first.start);
    swapped[second.clone()].copy_from_slice(&bytes[first.clone()]);
    assert_eq!(prefix(&swapped).0, []);
    assert_eq!(survivors(&swapped), records[2..]);

    let mut doubled = bytes.clone();
    doubled.copy_within(first, second.start);
    assert_eq!(prefix(&doubled).0, records[..1]);

    let mut missing = bytes;
    missing.drain(second);
    assert_eq!(prefix(&missing).0, records[..1]);
}

#[test]
fn opening_for_writing_cuts_a_torn_tail_and_goes_on() {
    let records = small_records();
    let bytes = file_of(&records);
    let ends = ends(&records);
    for scan in [Scan::Whole, Scan::Tail] {
        for cut in 0..=bytes.len() {
            let (_dir, path) = written(&bytes[..cut]);
            let (mut writer, recovered) = RecordWriter::open(&path, KIND, scan).unwrap();
            let kept = ends.iter().rfind(|end| **end <= cut).copied();
            let torn = cut - kept.unwrap_or(0);
            assert_eq!(recovered.cut.map_or(0, |cut| cut.bytes), torn as u64, "cut at {cut}");
            assert_eq!(recovered.damage, []);
            writer.append(9, b"next").unwrap();
            let mut expected = records
                [..ends.iter().filter(|end| **end <= cut).count().saturating_sub(1)]
                .to_vec();
            expected.push((9, b"next".to_vec()));
            assert_eq!(prefix(&fs::read(&path).unwrap()).0, expected, "cut at {cut}");
        }
    }
}

#[test]
fn opening_for_writing_keeps_what_stands_behind_damage() {
    let records = small_records();
    let bytes = file_of(&records);
    let ends = ends(&records);
    for bit in 0..bytes.len() * 8 {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        let (_dir, path) = written(&damaged);
        let (mut writer, recovered) = match RecordWriter::open(&path, KIND, Scan::Whole) {
            Ok(opened) => opened,
            Err(error) => panic!("bit {bit}: {error}"),
        };
        writer.append(9, b"next").unwrap();
        let mut expected = records.clone();
        let hit = ends.iter().position(|end| bit / 8 < *end).unwrap();
        if hit > 0 {
            expected.remove(hit - 1);
        }
        expected.push((9, b"next".to_vec()));
        let reported = recovered.damage.len() + usize::from(recovered.cut.is_some());
        assert_eq!(reported, 1, "bit {bit}: {recovered:?}");
        assert_eq!(survivors(&fs::read(&path).unwrap()), expected, "bit {bit}");
    }
}

#[test]
fn a_tail_of_zeros_is_cut() {
    let records = small_records();
    let mut bytes = file_of(&records);
    let end = bytes.len();
    bytes.resize(end + 100_000, 0);
    let (_dir, path) = written(&bytes);
    let (writer, recovered) = RecordWriter::open(&path, KIND, Scan::Whole).unwrap();
    assert_eq!(writer.end(), Position(end as u64));
    assert_eq!(recovered.cut.unwrap().bytes, 100_000);
    assert_eq!(fs::read(&path).unwrap(), file_of(&records));
}

#[test]
fn a_long_file_is_opened_by_its_tail() {
    let records: Vec<Parts> = (0..40).map(|n| (n, vec![n as u8; 20_000])).collect();
    let mut bytes = file_of(&records);
    let end = bytes.len();
    bytes.extend_from_slice(b"torn");
    // Damage far from the tail is the readers' to find; the writer goes on behind it.
    bytes[100] ^= 1;
    let (_dir, path) = written(&bytes);
    let (mut writer, recovered) = RecordWriter::open(&path, KIND, Scan::Tail).unwrap();
    assert_eq!(recovered.cut, Some(Cut { at: Position(end as u64), bytes: 4 }));
    assert_eq!(recovered.damage, []);
    writer.append(99, b"next").unwrap();
    let survivors = survivors(&fs::read(&path).unwrap());
    assert_eq!(survivors.len(), 40, "all but the damaged one, and the new one");
    assert_eq!(survivors.last().unwrap().0, 99);
}

#[test]
fn a_foreign_file_is_refused_or_set_aside() {
    let text = b"this is somebody's text file, not a record file at all".to_vec();
    let (_dir, path) = written(&text);
    let refused = RecordWriter::open(&path, KIND, Scan::Whole);
    assert!(matches!(refused, Err(Error::Foreign { .. })), "{refused:?}");
    assert_eq!(fs::read(&path).unwrap(), text, "a refusal changes nothing");
    assert!(matches!(prefix(&text).1, Some(Error::Foreign { .. })));

    let (_, recovered) = RecordWriter::open_or_set_aside(&path, KIND, Scan::Whole).unwrap();
    let aside = recovered.set_aside.unwrap();
    assert_eq!(aside, path.with_file_name("records.damaged-1"));
    assert_eq!(fs::read(aside).unwrap(), text);
    assert_eq!(fs::read(&path).unwrap(), KIND.header());
}

#[test]
fn a_newer_format_is_refused_by_name_and_left_alone() {
    let mut header = KIND.header();
    header[8] = 2;
    let checksum = crc32fast::hash(&header[..12]);
    header[12..].copy_from_slice(&checksum.to_le_bytes());
    let (_dir, path) = written(&header);
    let refused = RecordWriter::open_or_set_aside(&path, KIND, Scan::Whole);
    assert!(matches!(refused, Err(Error::Newer { found: 2, known: 1, .. })), "{refused:?}");
    assert!(matches!(prefix(&header).1, Some(Error::Newer { found: 2, known: 1, .. })));
}

#[test]
fn the_largest_record_fits_and_a_larger_one_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("records");
    let (mut writer, recovered) = RecordWriter::open(&path, KIND, Scan::Whole).unwrap();
    assert!(recovered.created);
    let before = writer.end();
    let refused = writer.append(1, &vec![7; MAX_BODY + 1]);
    assert!(matches!(refused, Err(Error::TooLarge { .. })));
    assert_eq!(writer.end(), before);
    writer.append(1, &vec![7; MAX_BODY]).unwrap();
    assert_eq!(writer.end().0 - before.0, MAX_RECORD as u64);
    assert_eq!(prefix(&fs::read(&path).unwrap()).0, [(1, vec![7; MAX_BODY])]);
}

#[test]
fn what_a_failed_write_left_is_cut_before_the_next_record() {
    let (_dir, path) = written(&file_of(&[(1, b"kept".to_vec())]));
    let (mut writer, _) = RecordWriter::open(&path, KIND, Scan::Whole).unwrap();
    // The state after a write that was cut short and a cut that failed too.
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend_from_slice(&[0xAA; 500]);
    fs::write(&path, &bytes).unwrap();
    writer.mark_ragged();
    writer.append(2, b"next").unwrap();
    let expected = file_of(&[(1, b"kept".to_vec()), (2, b"next".to_vec())]);
    assert_eq!(fs::read(&path).unwrap(), expected);
}

#[test]
fn a_failed_sync_poisons_the_writer() {
    let (_dir, path) = written(&file_of(&[]));
    let (mut writer, _) = RecordWriter::open(&path, KIND, Scan::Whole).unwrap();
    // A pipe cannot be synced: the kernel refuses as it would on a dying disk.
    let (_rx, tx) = io::pipe().unwrap();
    writer.replace_file(fs::File::from(std::os::fd::OwnedFd::from(tx)));
    assert!(matches!(writer.sync(), Err(Error::Io { attempt: "sync", .. })));
    assert!(matches!(writer.sync(), Err(Error::Poisoned { .. })));
    assert!(matches!(writer.append(1, b"more"), Err(Error::Poisoned { .. })));
}

#[test]
fn a_reader_sees_records_as_they_come_and_outlives_a_cut() {
    let (_dir, path) = written(&file_of(&[(1, b"one".to_vec())]));
    let mut reader = RecordReader::open(&path, KIND).unwrap();
    assert_eq!(reader.next_record().unwrap().unwrap().body, b"one");
    assert!(reader.next_record().unwrap().is_none());

    // Half a record, then the writer dies, and its successor writes another one.
    let whole = fs::read(&path).unwrap();
    let mut torn = whole.clone();
    encode(whole.len() as u64, 2, b"never finished", &mut torn).unwrap();
    fs::write(&path, &torn[..torn.len() - 3]).unwrap();
    assert!(reader.next_record().unwrap().is_none());
    assert!(reader.pending().unwrap() > 0);
    let (mut writer, recovered) = RecordWriter::open(&path, KIND, Scan::Whole).unwrap();
    assert!(recovered.cut.is_some());
    writer.append(3, b"two").unwrap();
    let record = reader.next_record().unwrap().unwrap();
    assert_eq!((record.kind, record.body.as_slice()), (3, b"two".as_slice()));
    assert_eq!(reader.pending().unwrap(), 0);
}

#[test]
fn a_search_through_crafted_heads_ends() {
    // Every fourth byte looks like the head of a record of nearly 64 KiB.
    let mut bytes = KIND.header().to_vec();
    bytes.extend(std::iter::repeat_n([0xF0, 0xFF, 0, 0], 300_000).flatten());
    let size = bytes.len() as u64;
    assert_eq!(find_record(&bytes, HEADER_BYTES as u64, size).unwrap(), None);
}

fn any_records() -> impl Strategy<Value = Vec<Parts>> {
    let body = prop_oneof![
        8 => proptest::collection::vec(any::<u8>(), 0..100),
        1 => (any::<u8>(), MAX_BODY - 3..=MAX_BODY).prop_map(|(byte, len)| vec![byte; len]),
    ];
    proptest::collection::vec((any::<u16>(), body), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_appended_is_read(records in any_records()) {
        let (found, error) = prefix(&file_of(&records));
        prop_assert_eq!(found, records);
        prop_assert!(error.is_none());
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..400), ours: bool) {
        if ours {
            bytes.splice(0..0, KIND.header());
        }
        prop_assert_eq!(survivors(&bytes), []);
    }

    #[test]
    fn a_stretch_of_garbage_costs_only_what_it_covers(
        records in any_records(),
        garbage in proptest::collection::vec(any::<u8>(), 1..40),
        place: prop::sample::Index,
    ) {
        let mut bytes = file_of(&records);
        let at = place.index(bytes.len());
        let end = (at + garbage.len()).min(bytes.len());
        bytes[at..end].copy_from_slice(&garbage[..end - at]);
        let (_dir, path) = written(&bytes);
        let (mut writer, _) = RecordWriter::open_or_set_aside(&path, KIND, Scan::Whole).unwrap();
        writer.append(1, b"next").unwrap();
        let mut expected = records;
        expected.push((1, b"next".to_vec()));
        prop_assert!(is_subsequence(&survivors(&fs::read(&path).unwrap()), &expected));
    }
}

/// Nothing is there, and a mark that is left in the memory that may be read to is there the next time.
#[derive(Debug, Default)]
struct Marking(Rc<Cell<usize>>);

impl Source for Marking {
    fn read_at(&self, position: u64, buf: &mut [u8]) -> io::Result<usize> {
        let header = KIND.header();
        if position == 0 {
            buf[..header.len()].copy_from_slice(&header);
            return Ok(header.len());
        }
        if let Some(last) = buf.last_mut() {
            self.0.set(self.0.get() + usize::from(*last == 7));
            *last = 7;
        }
        Ok(0)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(HEADER_BYTES as u64)
    }
}

/// For each key that was echoed, 64 KiB were once cleared three times.
#[test]
fn whoever_follows_a_file_does_not_clear_what_it_reads_to() {
    let found = Rc::default();
    let mut reader = RecordReader::new(Marking(Rc::clone(&found)), KIND, Path::new("events"));
    for asked in 0..5 {
        assert!(reader.next_record().unwrap().is_none());
        assert_eq!(found.get(), asked);
    }
}
