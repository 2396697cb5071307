//! Marks there and back, met a second time, damaged.

use std::fs;

use super::*;

fn mark(offset: u64, kind: u16, body: &[u8]) -> Mark {
    Mark { kind, offset: Offset(offset), body: body.to_vec() }
}

fn all(dir: &Path) -> Vec<Mark> {
    let mut reader = MarkReader::open(dir).unwrap();
    std::iter::from_fn(|| reader.next_past_damage().unwrap()).collect()
}

#[test]
fn a_mark_comes_back_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, recovered) = MarkWriter::open(dir.path()).unwrap();
    assert!(recovered.created);
    assert_eq!(writer.newest(), None);
    let marks = [mark(0, 1, b""), mark(7, 900, b"make test"), mark(3, 2, &[0; MAX_MARK_BODY])];
    for mark in &marks {
        writer.append(mark).unwrap();
    }
    assert_eq!(writer.newest(), Some(Offset(7)));
    assert_eq!(all(dir.path()), marks);
    let too_large = mark(9, 1, &[0; MAX_MARK_BODY + 1]);
    assert!(matches!(writer.append(&too_large), Err(Error::TooLarge { .. })));
}

#[test]
fn a_fold_that_starts_again_marks_nothing_twice() {
    let dir = tempfile::tempdir().unwrap();
    let found = [mark(5, 1, b"a"), mark(9, 2, b"b"), mark(9, 3, b"c"), mark(12, 1, b"d")];
    for known in 0..=found.len() {
        let pane = dir.path().join(known.to_string());
        fs::create_dir(&pane).unwrap();
        let (mut writer, _) = MarkWriter::open(&pane).unwrap();
        for mark in &found[..known] {
            assert!(writer.append_new(mark).unwrap());
        }
        // The server dies and folds the same bytes once more.
        drop(writer);
        let (mut writer, _) = MarkWriter::open(&pane).unwrap();
        for (n, mark) in found.iter().enumerate() {
            assert_eq!(writer.append_new(mark).unwrap(), n >= known, "{known} known, mark {n}");
        }
        writer.sync().unwrap();
        assert_eq!(all(&pane), found);
    }
}

#[test]
fn marks_around_damage_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, _) = MarkWriter::open(dir.path()).unwrap();
    let marks = [mark(1, 1, b"first"), mark(2, 1, b"second"), mark(3, 1, b"third")];
    let places: Vec<Position> = marks.iter().map(|mark| writer.append(mark).unwrap()).collect();
    let path = dir.path().join(MARKS_FILE);
    let mut bytes = fs::read(&path).unwrap();
    bytes[places[1].0 as usize + 20] ^= 1;
    fs::write(&path, bytes).unwrap();

    let mut reader = MarkReader::open(dir.path()).unwrap();
    assert_eq!(reader.next_mark().unwrap(), Some(marks[0].clone()));
    let Err(Error::Damaged(damage)) = reader.next_mark() else { panic!() };
    assert_eq!((damage.path, damage.from), (path, places[1]));
    assert_eq!(all(dir.path()), [marks[0].clone(), marks[2].clone()]);
    let (writer, _) = MarkWriter::open(dir.path()).unwrap();
    assert_eq!(writer.newest(), Some(Offset(3)));
}

#[test]
fn a_body_without_its_offset_is_damage() {
    let mut bytes = FileKind::MARKS.header().to_vec();
    crate::record::encode(bytes.len() as u64, 1, b"short", &mut bytes).unwrap();
    let mut reader = MarkReader::new(bytes, Path::new("memory"));
    assert!(matches!(reader.next_mark(), Err(Error::Damaged(_))));
    assert_eq!(reader.next_past_damage().unwrap(), None);
}
