//! Printing: wrapping, wide characters, clusters, charsets.

use super::{check, fed};

#[test]
fn text_wraps_at_the_last_column_and_scrolls() {
    check("hello", "hello");
    check("0123456789", "0123456789");
    check("0123456789a", "0123456789\na");
    check("a\r\nb\r\nc\r\nd\r\ne", "b\nc\nd\ne");
    check("0123456789\r\nx", "0123456789\nx");
    check("\x1b[?7l0123456789abc", "012345678c");
}

#[test]
fn wide_characters_take_two_columns() {
    check("한글ok", "한글ok");
    check("123456789한", "123456789\n한");
    check("한\x1b[2Gx", " x");
    check("한\x1b[1Gx", "x");
    let screen = fed(1, 2, "한");
    assert_eq!(screen.row(0).unwrap().cells().count(), 1);
}

#[test]
fn clusters_stay_in_one_cell() {
    for (cluster, width) in [
        ("e\u{301}", 1),
        ("👩\u{200d}👩\u{200d}👧", 2),
        ("👨\u{200d}👩\u{200d}👧\u{200d}👦", 2),
        ("🏳\u{fe0f}\u{200d}🌈", 2),
        ("🇩🇪", 2),
        ("🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}", 2),
        ("👍🏽", 2),
        // A selector makes an emoji of a symbol, but nothing narrower: programs that count characters
        // count it as nothing.
        ("❤\u{fe0f}", 2),
        ("1\u{fe0f}\u{20e3}", 2),
        ("❤\u{fe0e}", 1),
        ("⌚\u{fe0e}", 2),
        ("ㅎ", 2),
        // Jamo: L, V and T; of which V and T take no column of their own.
        ("\u{1112}\u{1161}", 2),
        ("\u{1112}\u{1161}\u{11ab}", 2),
        // Conjuncts: a virama joins the next consonant.
        ("क्षि", 2),
        ("श्री", 2),
        ("ক্ষ", 2),
        ("ก็", 1),
        ("カ\u{3099}", 2),
    ] {
        let screen = fed(10, 2, format!("{cluster}x"));
        let cells: Vec<_> = screen.row(0).unwrap().cells().collect();
        assert_eq!(cells[0].text(), cluster);
        assert_eq!(cells[0].width(), width, "{cluster}");
        assert_eq!(crate::width(cluster), width, "{cluster}");
        // A screen of one column shows half of it, and gives it back.
        let mut narrow = fed(1, 2, cluster);
        narrow.resize(crate::Size::new(4, 2));
        assert_eq!(narrow.row(0).unwrap().cells().next().unwrap().width(), width, "{cluster}");
        assert_eq!(cells[1].text(), "x", "{cluster}");
        assert_eq!(screen.cursor().col, u16::from(crate::width(cluster)) + 1);
    }
}

#[test]
fn clusters_end_where_they_end_in_pieces() {
    for (text, cells) in [
        ("👩\u{200d}©", ["👩\u{200d}", "©"]),
        ("👩\u{200d}é", ["👩\u{200d}", "é"]),
        ("\u{600}1", ["\u{600}", "1"]),
        ("中\u{301}문", ["中\u{301}", "문"]),
        ("ä\u{301} ", ["ä\u{301}", " "]),
    ] {
        let mut screen = fed(10, 2, text);
        let first_two = |screen: &crate::Screen| -> Vec<String> {
            let row = screen.row(0).unwrap();
            row.cells().take(2).map(|cell| cell.text().to_owned()).collect()
        };
        assert_eq!(first_two(&screen), cells, "{text}");
        screen.advance(b"\x1bc");
        text.bytes().for_each(|byte| screen.advance(&[byte]));
        assert_eq!(first_two(&screen), cells, "{text}, byte by byte");
    }
}

#[test]
fn a_cluster_that_grows_in_the_last_column_moves_whole() {
    check("123456789❤\u{fe0f}x", "123456789\n❤\u{fe0f}x");
}

#[test]
fn marks_without_a_base_are_dropped_and_long_clusters_cut() {
    check("\u{301}a", "a");
    let screen = fed(10, 2, format!("a{}b", "\u{301}".repeat(10_000)));
    let first = screen.row(0).unwrap().cells().next().unwrap().text().len();
    assert!(first <= crate::CLUSTER_BYTES && first > 40, "{first}");
    assert_eq!(screen.cursor().col, 2);
}

#[test]
fn line_drawing() {
    check("\x1b(0lqk\x1b(B lqk", "┌─┐ lqk");
    check("\x1b)0a\x0eqx\x0fq", "a─│q");
    check("\x1b*0\x1bNqq", "─q");
}

#[test]
fn repeat_is_bounded_by_the_grid() {
    check("ab\x1b[3bc", "abbbbc");
    check("\x1b[3bc", "c");
    check("x\x1b[65535b", "xxxxxxxxxx\nxxxxxxxxxx\nxxxxxxxxxx\nx");
}

#[test]
fn insert_mode_shifts() {
    check("abc\x1b[1G\x1b[4hXY\x1b[4lZ", "XYZbc");
}

#[test]
fn bad_utf8_shows_as_replacement() {
    check(b"a\xffb\xe2\x82c\xc3", "a\u{fffd}b\u{fffd}c");
    check(b"\xf0\x9f\x98\x80", "😀");
}
