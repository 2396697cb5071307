//! The writing end: names, rotation, adoption, and what a dead predecessor leaves.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::files::{Finding, JournalFile, Piece, findings, parse_journal_file_name, pieces};

fn listing(dir: &Path) -> Vec<(u64, u64)> {
    journal_files(dir).unwrap().iter().map(|file| (file.first.0, file.len)).collect()
}

fn contents(dir: &Path) -> Vec<u8> {
    journal_files(dir).unwrap().iter().flat_map(|file| fs::read(&file.path).unwrap()).collect()
}

#[test]
fn names_are_sixteen_lower_case_digits_and_nothing_else() {
    assert_eq!(journal_file_name(Offset(0)), "0000000000000000.journal");
    assert_eq!(journal_file_name(Offset(0xABC)), "0000000000000abc.journal");
    assert_eq!(journal_file_name(Offset(u64::MAX)), "ffffffffffffffff.journal");
    for first in [0, 1, 0xDEAD_BEEF, u64::MAX] {
        let name = journal_file_name(Offset(first));
        assert_eq!(parse_journal_file_name(name.as_ref()), Some(Offset(first)));
    }
    for name in [
        "",
        ".journal",
        "0.journal",
        "0000000000000ABC.journal",
        "+000000000000abc.journal",
        "00000000000000000.journal",
        "0000000000000000.journal~",
        "0000000000000000.JOURNAL",
        "events",
    ] {
        assert_eq!(parse_journal_file_name(name.as_ref()), None, "{name:?}");
    }
}

#[test]
fn a_new_journal_begins_at_zero_and_is_private() {
    let dir = tempfile::tempdir().unwrap();
    let writer = JournalWriter::open(dir.path(), ROTATE_BYTES).unwrap();
    assert_eq!(writer.offset(), Offset::ZERO);
    let mode = fs::metadata(writer.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o600);
}

#[test]
fn a_full_file_is_followed_by_one_named_by_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = JournalWriter::open(dir.path(), 10).unwrap();
    assert!(!writer.rotate_if_due().unwrap(), "an empty file is its own successor");
    writer.append(b"123456789").unwrap();
    assert!(!writer.rotate_if_due().unwrap());
    writer.append(b"abc").unwrap();
    assert!(writer.rotation_due() && writer.rotate_if_due().unwrap());
    assert_eq!((writer.first(), writer.offset()), (Offset(12), Offset(12)));
    writer.append(b"de").unwrap();
    writer.sync().unwrap();
    assert_eq!(listing(dir.path()), [(0, 12), (12, 2)]);
    assert_eq!(contents(dir.path()), b"123456789abcde");
    assert_eq!(findings(&pieces(dir.path()).unwrap().pieces), []);
}

#[test]
fn a_successor_goes_on_at_the_end_whatever_its_predecessor_was_doing() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = JournalWriter::open(dir.path(), 4).unwrap();
    writer.append(b"12345").unwrap();
    // Dead before the rotation, dead right after it, dead after a byte in the new file.
    for (bytes, end) in [(b"".as_slice(), 5), (b"".as_slice(), 5), (b"6".as_slice(), 6)] {
        let mut successor = JournalWriter::open(dir.path(), 4).unwrap();
        assert_eq!(successor.offset(), Offset(5));
        successor.rotate_if_due().unwrap();
        successor.append(bytes).unwrap();
        assert_eq!(successor.offset(), Offset(end));
    }
    assert_eq!(listing(dir.path()), [(0, 5), (5, 1)]);
}

#[test]
fn a_file_that_is_there_already_is_adopted() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = JournalWriter::open(dir.path(), 3).unwrap();
    writer.append(b"abc").unwrap();
    fs::write(dir.path().join(journal_file_name(Offset(3))), b"de").unwrap();
    assert!(writer.rotate_if_due().unwrap());
    assert_eq!(writer.offset(), Offset(5));
    writer.append(b"f").unwrap();
    assert_eq!(contents(dir.path()), b"abcdef");
}

#[test]
fn bytes_that_came_by_splice_are_counted() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = JournalWriter::open(dir.path(), ROTATE_BYTES).unwrap();
    let (rx, mut tx) = std::io::pipe().unwrap();
    tx.write_all(b"through a pipe").unwrap();
    let flags = rustix::pipe::SpliceFlags::empty();
    let moved = rustix::pipe::splice(&rx, None, writer.file(), None, 100, flags).unwrap();
    writer.advance(moved as u64);
    assert_eq!(writer.offset(), Offset(14));
    assert_eq!(writer.measure().unwrap(), Offset(14));
    assert_eq!(contents(dir.path()), b"through a pipe");
}

#[test]
fn skipped_bytes_show_as_a_hole() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = JournalWriter::open(dir.path(), ROTATE_BYTES).unwrap();
    writer.append(b"abc").unwrap();
    writer.skip(7).unwrap();
    writer.append(b"de").unwrap();
    assert_eq!(writer.offset(), Offset(12));
    let files = pieces(dir.path()).unwrap().pieces;
    assert_eq!(findings(&files), [Finding::Hole { from: Offset(3), to: Offset(10) }]);
    assert_eq!(JournalWriter::open(dir.path(), 1).unwrap().offset(), Offset(12));
}

#[test]
fn overlaps_and_the_end_of_the_range_are_findings_not_panics() {
    let file = |first: u64, len| {
        Piece::from(JournalFile { first: Offset(first), path: PathBuf::new(), len })
    };
    let files = [file(0, 10), file(4, 2), file(6, u64::MAX), file(u64::MAX, u64::MAX)];
    assert_eq!(findings(&files), [Finding::Overlap { from: Offset(4), to: Offset(10) }]);
    assert_eq!(findings(&[]), []);
}

#[test]
fn what_is_not_a_plain_file_is_no_journal_file() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("target");
    fs::write(&target, b"somebody else's").unwrap();
    let planted = dir.path().join(journal_file_name(Offset::ZERO));
    std::os::unix::fs::symlink(&target, &planted).unwrap();
    assert_eq!(journal_files(dir.path()).unwrap(), []);
    assert!(JournalWriter::open(dir.path(), 1).is_err(), "never through a symbolic link");
    assert_eq!(fs::read(&target).unwrap(), b"somebody else's");
    fs::remove_file(&planted).unwrap();
    fs::create_dir(&planted).unwrap();
    assert!(JournalWriter::open(dir.path(), 1).is_err());
}
