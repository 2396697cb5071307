//! What counts as a line, and that each is told once.

use ccc_journal::JournalWriter;

use super::*;

const SIZE: Size = Size { cols: 12, rows: 4 };

/// All lines of a recording of these bytes, with the text of the screen where each is said to stand.
fn shown(bytes: &[u8]) -> Vec<(ShownLine, String)> {
    let dir = tempfile::tempdir().unwrap();
    JournalWriter::open(dir.path(), u64::MAX).unwrap().append(bytes).unwrap();
    let mut lines = ShownLines::open(dir.path(), Offset(0), SIZE).unwrap();
    let mut all = Vec::new();
    lines
        .until(Offset(u64::MAX), &mut |line| {
            all.push(line);
            Ok(true)
        })
        .unwrap();
    all.extend(lines.standing());
    let at = |line: &ShownLine| {
        let limits = Limits::default();
        crate::screen_at(dir.path(), line.offset, SIZE, limits).unwrap().0.text()
    };
    all.into_iter().map(|line| (line.clone(), at(&line))).collect()
}

fn texts(bytes: &[u8]) -> Vec<String> {
    shown(bytes).into_iter().map(|(line, _)| line.text).collect()
}

#[test]
fn a_line_is_told_once_and_stands_where_it_is_said_to() {
    let mut bytes = Vec::new();
    for n in 0..30 {
        bytes.extend(format!("\x1b[3{}mline \x1b[1m{n}\x1b[0m 서울\r\n", n % 8).bytes());
    }
    let shown = shown(&bytes);
    assert_eq!(shown.len(), 30);
    for (n, (line, screen)) in shown.iter().enumerate() {
        assert_eq!(line.number, Some(n as u64));
        assert_eq!(line.text, format!("line {n} 서울"));
        assert!(screen.replace('\n', "").contains(&line.text), "{line:?} in {screen}");
    }
}

#[test]
fn a_wrapped_line_is_one() {
    let long = "a long line that goes over several rows of this screen, and on";
    let bytes = format!("{long}\r\nb\r\nc\r\nd\r\ne\r\n{long}");
    let expected = [long, "b", "c", "d", "e", long];
    assert_eq!(texts(bytes.as_bytes()), expected);
}

#[test]
fn a_line_that_is_drawn_again_is_the_last_one_drawn() {
    assert_eq!(texts(b"10 %\r50 %\r100 %\r\ndone\r\n"), ["100 %", "done"]);
    assert_eq!(texts(b"one\r\n\x1b[2J\x1b[Htwo"), ["one", "two"]);
}

#[test]
fn what_a_program_with_the_whole_screen_shows_counts_when_it_gives_it_back() {
    let bytes = b"$ less\r\n\x1b[?1049h\x1b[Hpage one\r\nof a book\x1b[?1049l$ exit\r\n";
    let shown = shown(bytes);
    let texts: Vec<_> = shown.iter().map(|(line, _)| (line.number, &*line.text)).collect();
    assert_eq!(
        texts,
        [(None, "page one"), (None, "of a book"), (Some(0), "$ less"), (Some(1), "$ exit")]
    );
    assert!(shown[0].1.contains("page one"));
    // One that never gives it back, and what is under it.
    assert_eq!(self::texts(b"$ top\r\n\x1b[?1049h\x1b[Hload 1.0"), ["$ top", "load 1.0"]);
}

#[test]
fn a_screen_that_is_drawn_again_is_not_new() {
    let mut bytes = b"\x1b[?1049h".to_vec();
    while bytes.len() < 5 * usize::try_from(SAMPLE_BYTES).unwrap() {
        bytes.extend(b"\x1b[Htitle\r\nsame\x1b[K\r\n");
    }
    assert_eq!(texts(&bytes), ["title", "same"]);
}
