//! The bytes of a file of lines, and what becomes of one that is not what was written.

use std::path::Path;

use proptest::prelude::*;

use super::*;

fn of() -> LinesOf {
    LinesOf {
        pane: "01JD0000000000000000000000".parse().expect("a pane"),
        number: 3,
        first: Offset(1000),
        len: 77,
        segment: [5; 32],
    }
}

fn line(number: Option<u64>, offset: u64, unix_ms: u64, text: &str) -> ShownLine {
    ShownLine { number, offset: Offset(offset), unix_ms, text: text.into() }
}

fn lines() -> Vec<ShownLine> {
    vec![
        line(Some(40), 1005, 1_764_000_000_000, "$ make"),
        line(Some(41), 1030, 1_764_000_000_000, "error: 서울 was not found"),
        line(Some(42), 1030, 1_764_000_000_250, ""),
        line(None, 1029, 1_763_999_999_999, "a menu"),
        line(Some(43), 1077, 0, "done"),
    ]
}

fn built(lines: &[ShownLine]) -> Vec<u8> {
    let mut builder = LinesBuilder::new(of());
    lines.iter().for_each(|line| builder.push(line).expect("a line is taken"));
    builder.finish().expect("a file")
}

fn read(bytes: &[u8]) -> Result<Vec<ShownLine>> {
    let reader = LinesReader::new(bytes.to_vec(), Path::new("3.lines"))?;
    let mut lines = Vec::new();
    for number in 0..reader.chunks().len() {
        lines.extend(reader.chunk(number)?.lines().map(LineRef::to_line));
    }
    Ok(lines)
}

#[test]
fn the_bytes_are_the_documented_ones() {
    let golden = include_str!("golden.hex");
    let mut hex = String::new();
    for row in built(&lines()).chunks(32) {
        hex.extend(row.iter().map(|byte| format!("{byte:02x}")));
        hex.push('\n');
    }
    assert_eq!(hex, golden);
}

#[test]
fn what_is_read_is_what_was_written() {
    let bytes = built(&lines());
    assert_eq!(read(&bytes).expect("it is read"), lines());
    let reader = LinesReader::new(bytes, Path::new("3.lines")).expect("it is read");
    assert_eq!((reader.of(), reader.lines()), (&of(), 5));
    let chunk = &reader.chunks()[0];
    assert_eq!((chunk.lowest, chunk.first_ms, chunk.last_ms), (Some(40), 0, 1_764_000_000_250));
}

#[test]
fn a_file_cut_or_flipped_anywhere_is_not_believed() {
    let bytes = built(&lines());
    for cut in 0..bytes.len() {
        assert!(read(&bytes[..cut]).is_err(), "cut at {cut}");
    }
    for at in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[at / 8] ^= 1 << (at % 8);
        assert!(read(&flipped).is_err(), "bit {at}");
    }
}

#[test]
fn many_lines_are_many_chunks() {
    let many: Vec<_> = (0..30_000).map(|n| line(Some(n), n * 90, n, &format!("{n:080}"))).collect();
    let bytes = built(&many);
    let reader = LinesReader::new(bytes.clone(), Path::new("3.lines")).expect("it is read");
    assert_eq!(reader.chunks().len(), 5);
    assert!(read(&bytes).expect("it is read") == many);
}

proptest! {
    #[test]
    fn a_filter_never_denies_what_is_there(text in "[a-zA-Z가-힣ÄſK ]{0,60}") {
        let bytes = built(&[line(Some(0), 0, 0, &text)]);
        let reader = LinesReader::new(bytes, Path::new("x")).expect("it is read");
        for other in [text.clone(), text.to_uppercase(), text.to_lowercase()] {
            // Letters that have no partner of the same length may part ways.
            if fold_text(&other) == fold_text(&text) {
                for trigram in trigrams(&fold_text(&other)) {
                    prop_assert!(reader.chunks()[0].filter.may_hold(trigram));
                }
            }
        }
    }
}
