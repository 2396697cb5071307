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
    reader.chunks_with(&wanted("was not found"))?;
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

/// What a text has to have to hold another.
fn wanted(text: &str) -> Wanted {
    let mut wanted = Wanted::default();
    for three in fold_text(text).windows(3) {
        let set = |at: usize| ByteSet::new([three[at]], false);
        wanted.add(&[set(0), set(1), set(2)]);
    }
    wanted
}

fn chunks_with(bytes: &[u8], text: &str) -> Vec<usize> {
    let reader = LinesReader::new(bytes.to_vec(), Path::new("3.lines")).expect("it is read");
    let chunks = reader.chunks_with(&wanted(text)).expect("the table is read");
    (0..chunks.len()).filter(|chunk| chunks[*chunk]).collect()
}

#[test]
fn a_table_says_in_which_chunks_letters_are() {
    let text = |n: u64| format!("{n:080}{}", if n == 14_000 { "Qu7z" } else { "" });
    let many: Vec<_> = (0..30_000).map(|n| line(Some(n), n * 90, n, &text(n))).collect();
    let bytes = built(&many);
    assert_eq!(chunks_with(&bytes, "u7z"), [2]);
    assert_eq!(chunks_with(&bytes, "QU7Z"), [2]);
    assert_eq!(chunks_with(&bytes, "z0u7z"), [0; 0]);
    assert_eq!(chunks_with(&bytes, "x7z"), [0; 0]);
    assert_eq!(chunks_with(&bytes, "000"), [0, 1, 2, 3, 4]);
    assert_eq!(chunks_with(&bytes, "zz"), [0, 1, 2, 3, 4], "nothing is known of two letters");
    // Letters of sets: one of these, then a digit, then a small letter or one beyond ASCII.
    let reader = LinesReader::new(bytes, Path::new("3.lines")).expect("it is read");
    let mut sets = Wanted::default();
    let set = |bytes: &[u8], beyond| ByteSet::new(bytes.iter().copied(), beyond);
    sets.add(&[set(b"uvw", false), set(b"0123456789", false), set(b"xyz", true)]);
    let chunks = reader.chunks_with(&sets).expect("the table is read");
    assert_eq!(chunks, [false, false, true, false, false]);
}

#[test]
fn a_table_of_very_many_letters_stays_small_and_denies_nothing() {
    let mut random = 7_u64;
    let mut letter = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from_u32(0xac00 + u32::try_from((random >> 33) % 11_172).unwrap()).unwrap()
    };
    let text = |_| (0..100).map(|_| letter()).collect::<String>();
    let texts: Vec<String> = (0..6000).map(text).collect();
    let lines = texts.iter().zip(0..).map(|(text, n)| line(Some(n), n * 303, n, text));
    let bytes = built(&lines.collect::<Vec<_>>());
    let reader = LinesReader::new(bytes.clone(), Path::new("3.lines")).expect("it is read");
    assert!(u64::from(reader.table_size()) * 16 <= bytes.len() as u64);
    let mut chunks = Vec::new();
    for number in 0..reader.chunks().len() {
        let chunk = reader.chunk(number).expect("a chunk");
        chunks.extend(chunk.lines().map(|_| number));
    }
    for (text, chunk) in texts.iter().zip(chunks).step_by(97) {
        assert!(chunks_with(&bytes, text).contains(&chunk));
    }
}

proptest! {
    #[test]
    fn a_table_never_denies_what_is_there(text in "[a-zA-Z가-힣ÄſK ]{0,60}") {
        let bytes = built(&[line(Some(0), 0, 0, &text)]);
        for other in [text.clone(), text.to_uppercase(), text.to_lowercase()] {
            // Letters that have no partner of the same length may part ways.
            if fold_text(&other) == fold_text(&text) {
                prop_assert!(wanted(&other).may_be_in(&text));
                prop_assert_eq!(chunks_with(&bytes, &other), [0]);
            }
        }
    }
}
