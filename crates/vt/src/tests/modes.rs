//! Modes: each that is held can be set, reset, asked for, saved; what some of them do.

use super::{check, fed, replies};
use crate::{MouseEncoding, MouseProtocol};

/// Every private mode that a program can change.
const PRIVATE: [u16; 27] = [
    1, 5, 6, 7, 9, 12, 25, 45, 47, 66, 67, 69, 1000, 1002, 1003, 1004, 1005, 1006, 1007, 1015,
    1016, 1047, 1049, 2004, 2026, 2031, 2048,
];

#[test]
fn every_mode_that_is_held_is_told() {
    for mode in PRIVATE {
        let mut screen = fed(80, 24, format!("\x1b[?{mode}h"));
        screen.take_replies();
        screen.advance(format!("\x1b[?{mode}$p\x1b[?{mode}l\x1b[?{mode}$p").as_bytes());
        let told = String::from_utf8(screen.take_replies()).unwrap();
        assert_eq!(told, format!("\x1b[?{mode};1$y\x1b[?{mode};2$y"));
        // XTSAVE and XTRESTORE.
        screen.advance(format!("\x1b[?{mode}s\x1b[?{mode}h\x1b[?{mode}r").as_bytes());
        screen.take_replies();
        screen.advance(format!("\x1b[?{mode}$p").as_bytes());
        assert_eq!(screen.take_replies(), format!("\x1b[?{mode};2$y").into_bytes());
    }
    replies("\x1b[4$p\x1b[4h\x1b[4$p", "\x1b[4;2$y\x1b[4;1$y");
    replies("\x1b[20$p\x1b[20h\x1b[20$p", "\x1b[20;2$y\x1b[20;1$y");
    replies("\x1b[?1048$p\x1b[3;3H\x1b[?1048h\x1b[?1048$p", "\x1b[?1048;2$y\x1b[?1048;1$y");
}

#[test]
fn others_are_fixed_or_unknown() {
    // Clusters are always joined, keys always repeat; there is no smooth scrolling, nor 132 columns.
    replies("\x1b[?2027l\x1b[?2027$p\x1b[?8$p", "\x1b[?2027;3$y\x1b[?8;3$y");
    replies("\x1b[?3h\x1b[?3$p\x1b[?4$p", "\x1b[?3;4$y\x1b[?4;4$y");
    replies("\x1b[?9999h\x1b[?9999$p\x1b[?0$p\x1b[99$p", "\x1b[?9999;0$y\x1b[?0;0$y\x1b[99;0$y");
    // Several at once.
    let modes = fed(80, 24, "\x1b[?1;2004;9999;1006h").modes();
    assert!(modes.application_cursor && modes.bracketed_paste);
    assert_eq!(modes.mouse_encoding, MouseEncoding::Sgr);
}

#[test]
fn one_mouse_protocol_and_one_encoding_at_a_time() {
    let mouse = |bytes: &str| {
        let modes = fed(80, 24, bytes).modes();
        (modes.mouse, modes.mouse_encoding)
    };
    for (mode, protocol) in [
        (9, MouseProtocol::X10),
        (1000, MouseProtocol::Normal),
        (1002, MouseProtocol::Button),
        (1003, MouseProtocol::Any),
    ] {
        let set = format!("\x1b[?1000h\x1b[?{mode}h");
        assert_eq!(mouse(&set).0, protocol);
        assert_eq!(mouse(&format!("{set}\x1b[?{mode}l")).0, MouseProtocol::None);
    }
    for (mode, encoding) in [
        (1005, MouseEncoding::Utf8),
        (1006, MouseEncoding::Sgr),
        (1015, MouseEncoding::Urxvt),
        (1016, MouseEncoding::SgrPixels),
    ] {
        let set = format!("\x1b[?1006h\x1b[?{mode}h");
        assert_eq!(mouse(&set).1, encoding);
        assert_eq!(mouse(&format!("{set}\x1b[?{mode}l")).1, MouseEncoding::Legacy);
        // Resetting another one changes nothing.
        let other = if mode == 1005 { 1006 } else { 1005 };
        assert_eq!(mouse(&format!("{set}\x1b[?{other}l")).1, encoding);
    }
}

#[test]
fn line_feed_and_insert_and_wrap() {
    check("ab\nc", "ab\n  c");
    check("\x1b[20hab\nc\x0bd\x0ce", "ab\nc\nd\ne");
    check("\x1b[20h\x1b[20lab\nc", "ab\n  c");
    check("abc\r\x1b[4hxy\x1b[4lz", "xyzbc");
    check("0123456789\x1b[5G\x1b[4h한", "0123한4567");
    check("\x1b[?7labcdefghijkl\x1b[?7hmn", "abcdefghil\nmn");
    check("\x1b[?45h0123456789a\x08\x08\x08x", "01234567x9\na");
    check("0123456789a\x08\x08\x08x", "0123456789\nx");
}

#[test]
fn index_and_next_line() {
    check("ab\x1bDc\x1bEd\x1bMe", "ab\n ec\nd");
    check("ab\x1bDc", "ab\n  c");
    check("ab\x1bEc", "ab\nc");
    check("a\n\nb\x1bMc", "a\n  c\n b");
    // In their one-character forms too.
    check("ab\u{84}c\u{85}d\u{8d}e", "ab\n ec\nd");
    check("\x1b[3g\x1b[5G\u{88}\r\tx", "    x");
    check("\x1b[4;1Ha\x1bDb", "\n\na\n b");
}

#[test]
fn relative_positions_know_no_margins() {
    check("\x1b[2;3r\x1b[2;2H\x1b[9ex", "\n\n\n x");
    check("\x1b[2;3r\x1b[2;2H\x1b[9Bx", "\n\n x");
    check("ab\x1b[2ac", "ab  c");
}

#[test]
fn a_soft_reset_leaves_the_picture() {
    let before = "ab\x1b[?6;1;66;25l\x1b[?7l\x1b[4h\x1b[1;4;31m\x1b[2;3r\x1b[>4;2m\x1b[>5u\x1b(0";
    let screen = fed(10, 4, format!("{before}\x1b[2;2H\x1b[!pq"));
    assert_eq!(screen.text(), "ab\n q");
    assert_eq!(screen.modes(), crate::Modes::default());
    assert_eq!(screen.row(1).unwrap().cells().nth(1).unwrap().style(), crate::Style::default());
    // The saved cursor is home again, and the region is the whole screen.
    check(format!("{before}\x1b[3;3H\x1b7\x1b[!p\x1b8x\x1b[4;1H\ny"), "\n\n\ny");
}

#[test]
fn screens_switch_and_cursors_are_saved() {
    check("\x1b[3;3H\x1b[?1048h\x1b[H\x1b[?1048lx", "\n\n  x");
    check("ab\x1b[?1047hcd\x1b[?1047l\x1b[?1047hx", "    x");
    check("ab\x1b[?47hcd\x1b[?47lef\x1b[?47h", "  cd");
    check("ab\x1b[?1049h\x1b[3;3Hcd\x1b[?1049lef", "abef");
}

#[test]
fn blanks_take_the_background() {
    let blue = crate::Color::Indexed(4);
    let count = |bytes: &str| {
        let screen = fed(10, 4, format!("0123456789\r\nabc\x1b[44m{bytes}"));
        let rows = screen.rows();
        rows.flat_map(|row| row.cells().map(|cell| cell.style().bg == blue).collect::<Vec<_>>())
            .filter(|is_blue| *is_blue)
            .count()
    };
    for (bytes, expected) in [
        ("\x1b[K", 7),
        ("\x1b[1K", 4),
        ("\x1b[2K", 10),
        ("\x1b[J", 27),
        ("\x1b[3X", 3),
        ("\x1b[3@", 3),
        ("\x1b[1G\x1b[2P", 2),
        ("\x1b[L", 10),
        ("\x1b[M", 10),
        ("\x1b[2S", 20),
        ("\x1b[2T", 20),
        ("\n\n\n", 10),
        ("\x1b[H\x1bM", 10),
        ("\x1b['}", 4),
        ("\x1b['~", 4),
        ("\x1b[2 @", 8),
        ("\x1b[1;1;2;2$z", 4),
        // SGR reset in between: none.
        ("\x1b[m\x1b[2S\x1b[K", 0),
    ] {
        assert_eq!(count(bytes), expected, "{bytes:?}");
    }
}

#[test]
fn screen_alignment() {
    check("ab\x1b[2;3r\x1b#8\x1b[4;1H\nx", "EEEEEEEEEE\nEEEEEEEEEE\nEEEEEEEEEE\nx");
    let screen = fed(10, 4, "\x1b[31;44mab\x1b#8");
    assert_eq!((screen.cursor().col, screen.cursor().row), (0, 0));
    let cells: Vec<_> = screen.row(3).unwrap().cells().collect();
    assert!(cells.iter().all(|cell| cell.text() == "E" && cell.style() == crate::Style::default()));
}

#[test]
fn keys_of_other_programs_come_back() {
    // modifyOtherKeys: set, asked, reset in each way.
    replies("\x1b[>4;1m\x1b[?4m\x1b[>4;9m\x1b[?4m", "\x1b[>4;1m\x1b[>4;2m");
    for reset in ["\x1b[>4m", "\x1b[>4;0m", "\x1b[>4n", "\x1b[>m", "\x1b[!p", "\x1bc"] {
        assert_eq!(fed(80, 24, format!("\x1b[>4;2m{reset}")).modes().modify_other_keys, 0);
    }
    // Kitty: replace, add, take away; a stack of which the oldest fall off.
    replies("\x1b[=5;1u\x1b[?u\x1b[=2;2u\x1b[?u\x1b[=1;3u\x1b[?u", "\x1b[?5u\x1b[?7u\x1b[?6u");
    let pushes: String = (1..=20).map(|flags| format!("\x1b[>{flags}u")).collect();
    replies(
        format!("{pushes}\x1b[<15u\x1b[?u\x1b[<u\x1b[?u\x1b[<u\x1b[?u"),
        "\x1b[?5u\x1b[?4u\x1b[?0u",
    );
}
