//! Resizing: reflow, lines that scroll off and come back, the alternate screen.

use super::fed;
use crate::{CellPixels, Cursor, LineNumber, Screen, Size};

fn resized(cols: u16, rows: u16, bytes: &str, sizes: &[(u16, u16)]) -> Screen {
    let mut screen = fed(cols, rows, bytes);
    for (cols, rows) in sizes {
        screen.resize(Size::new(*cols, *rows));
    }
    screen
}

#[track_caller]
fn check(bytes: &str, sizes: &[(u16, u16)], expected: &str, cursor: (u16, u16)) {
    let screen = resized(10, 4, bytes, sizes);
    assert_eq!(screen.text(), expected);
    let Cursor { col, row, .. } = screen.cursor();
    assert_eq!((col, row), cursor, "cursor");
}

#[test]
fn narrower_wraps_and_wider_joins() {
    check("hello world", &[(5, 4)], "hello\n worl\nd", (1, 2));
    check("hello world", &[(5, 4), (10, 4)], "hello worl\nd", (1, 1));
    check("hello world", &[(20, 4)], "hello world", (11, 0));
    check("one\r\ntwo", &[(20, 4)], "one\ntwo", (3, 1));
    check("12345\r\n$ ", &[(5, 4)], "12345\n$ ", (2, 1));
}

#[test]
fn the_cursor_stays_on_its_character() {
    check("abcdefgh\x1b[4G", &[(3, 4)], "abc\ndef\ngh", (0, 1));
    check("abcdefgh\x1b[4G", &[(3, 4), (10, 4)], "abcdefgh", (3, 0));
    // Beyond the text of its line.
    check("ab\x1b[8G", &[(5, 4)], "ab", (2, 1));
    // A line that just fits keeps the wrap pending.
    let mut screen = resized(10, 4, "abcde", &[(5, 4)]);
    assert_eq!(screen.cursor().col, 4);
    screen.advance(b"f");
    assert_eq!(screen.text(), "abcde\nf");
}

#[test]
fn wide_characters_wrap_whole() {
    check("한글날", &[(5, 4)], "한글\n날", (2, 1));
    check("한글날", &[(5, 4), (10, 4)], "한글날", (6, 0));
    check("한글날", &[(1, 4), (10, 4)], "한글날", (6, 0));
}

#[test]
fn rows_scroll_off_and_come_back() {
    let text = "a\r\nb\r\nc\r\nd";
    check(text, &[(10, 2)], "c\nd", (1, 1));
    check(text, &[(10, 2), (10, 4)], "a\nb\nc\nd", (1, 3));
    check("a", &[(10, 2), (10, 9)], "a", (1, 0));
    let screen = resized(10, 4, text, &[(10, 2)]);
    assert_eq!(screen.scrollback().end(), LineNumber(2));
    let screen = resized(10, 4, text, &[(10, 2), (10, 4)]);
    assert_eq!(
        screen.scrollback().end(),
        LineNumber(0),
        "lines pulled back give their numbers back"
    );
}

#[test]
fn the_cursors_row_never_leaves() {
    let text = "a\r\nb\r\nc\r\nd";
    // Rows above it scroll off first; only then is there no room for those below.
    check(&format!("{text}\x1b[3;1H"), &[(10, 2)], "c\nd", (0, 0));
    check(&format!("{text}\x1b[2;1H"), &[(10, 2)], "b\nc", (0, 0));
    check(&format!("{text}\x1b[H"), &[(10, 2)], "a\nb", (0, 0));
    check(&format!("{text}\x1b[H"), &[(10, 1), (10, 4)], "a", (0, 0));
    // Nor when lines become longer.
    check("abcdefgh\r\nx\x1b[H", &[(2, 3)], "ab\ncd\nef", (0, 0));
    check("abcdefgh\r\nx\x1b[3G\x1b[A", &[(2, 3)], "cd\nef\ngh", (0, 0));
    check("one\r\nabcdefgh\r\nx\x1b[2;6H", &[(3, 2)], "def\ngh", (2, 0));
    // What was cut is no part of the line any more.
    let mut screen = resized(10, 4, "abcdefgh\x1b[H", &[(2, 3)]);
    assert!(!screen.row(2).unwrap().wrapped());
    screen.resize(Size::new(10, 4));
    assert_eq!(screen.text(), "abcdef");
    assert_eq!(screen.scrollback().len(), 0);
}

#[test]
fn lines_keep_their_numbers_and_get_a_new_version() {
    let mut screen = resized(10, 4, "a\r\nb\r\nc\r\nd", &[(10, 2)]);
    let before = screen.scrollback().line(LineNumber(1)).unwrap();
    assert_eq!((before.text().as_str(), before.open), ("b", false));
    screen.resize(Size::new(10, 4));
    screen.advance(b"\x1b[2;2Hx\x1b[4;1H");
    screen.resize(Size::new(10, 2));
    let after = screen.scrollback().line(LineNumber(1)).unwrap();
    assert_eq!(screen.text(), "c\nd");
    assert_eq!(after.text(), "bx");
    assert!(after.version > before.version);
}

#[test]
fn a_line_that_began_above_the_screen_is_wrapped_as_one() {
    let mut screen = fed(4, 2, "abcdefghijkl");
    assert_eq!(screen.text(), "efgh\nijkl");
    assert_eq!(screen.scrollback().open(), Some(LineNumber(0)));
    screen.resize(Size::new(6, 2));
    assert_eq!(screen.text(), "abcdef\nghijkl");
    assert_eq!(screen.scrollback().len(), 0);
    screen.resize(Size::new(3, 2));
    assert_eq!(screen.text(), "ghi\njkl");
    let line = screen.scrollback().line(LineNumber(0)).unwrap();
    assert_eq!((line.text().as_str(), line.open), ("abcdef", true));
    screen.advance(b"\r\n\r\n");
    let line = screen.scrollback().line(LineNumber(0)).unwrap();
    assert_eq!((line.text().as_str(), line.open), ("abcdefghijkl", false));
}

#[test]
fn no_text_is_lost_by_any_sizes() {
    let text: String = (0..40).map(|n| format!("line {n} {}\r\n", "x".repeat(n))).collect();
    let mut screen = fed(30, 10, &text);
    let all = |screen: &Screen| {
        let mut whole = String::new();
        for line in screen.scrollback().lines() {
            whole.push_str(&line.text());
            if !line.open {
                whole.push('\n');
            }
        }
        for row in screen.rows() {
            whole.push_str(&row.text());
            if !row.wrapped() {
                whole.push('\n');
            }
        }
        whole.trim_end().to_owned()
    };
    let before = all(&screen);
    for (cols, rows) in [(7, 3), (80, 30), (1, 1), (200, 100), (13, 5), (30, 10)] {
        screen.resize(Size::new(cols, rows));
        assert_eq!(all(&screen), before, "{cols}x{rows}");
    }
}

#[test]
fn the_alternate_screen_is_cut_and_the_primary_wraps_behind_it() {
    let mut screen = fed(10, 4, "hello world\x1b[?1049h\x1b[Habcdefgh\r\nx");
    screen.resize(Size::new(5, 4));
    assert_eq!(screen.text(), "abcde\nx");
    screen.advance(b"\x1b[?1049l!");
    assert_eq!(screen.text(), "hello\n worl\nd!");
}

#[test]
fn sizes_are_clamped() {
    let mut screen = fed(10, 4, "abc");
    screen.resize(Size::new(0, 0));
    assert_eq!(screen.size(), Size::new(1, 1));
    screen.resize(Size::new(u16::MAX, u16::MAX));
    assert!(screen.size().cells() <= crate::MAX_CELLS as usize);
    assert_eq!(screen.text(), "abc");
}

#[test]
fn size_reports_when_asked() {
    let mut screen = fed(80, 24, "\x1b[?2048h");
    screen.take_replies();
    screen.resize(Size::new(100, 30));
    assert_eq!(screen.take_replies(), b"\x1b[48;30;100;600;1000t");
    screen.set_cell(CellPixels::new(9, 18));
    assert_eq!(screen.take_replies(), b"\x1b[48;30;100;540;900t");
    // The same again, and one that cannot be, change nothing.
    screen.set_cell(CellPixels::new(9, 18));
    screen.set_cell(CellPixels::new(9, 201));
    screen.set_cell(CellPixels::new(3, 18));
    assert_eq!((screen.take_replies(), screen.cell()), (Vec::new(), CellPixels::new(9, 18)));
}
