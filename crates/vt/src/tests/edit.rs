//! Cursor moves, erasing, inserting, deleting, regions, tabs.

use super::{check, fed};
use crate::{Attrs, Color};

#[test]
fn cursor_moves_stop_at_the_edges() {
    check("\x1b[99;99Hx\x1b[99Dy\x1b[99Az\x1b[3Gw", " zw\n\n\ny        x");
    check("a\x1b[2Bb\x1b[Ac\x1b[3Cd", "a\n  c   d\n b");
    check("abc\x1b[Ex\x1b[Fy", "ybc\nx");
    check("ab\x1b[2;3fX\x1b[dY\x1b[5`Z", "ab YZ\n  X");
    check("\x1b[2a1\x1b[2e2", "  1\n\n   2");
    check("ab\x08c\x08\x08\x08\x08d", "dc");
}

#[test]
fn saved_cursor_comes_back_with_its_pen() {
    let screen = fed(10, 4, "\x1b[2;3H\x1b[31m\x1b7\x1b[4;5H\x1b[mx\x1b8y");
    assert_eq!(screen.text(), "\n  y\n\n    x");
    let row = screen.row(1).unwrap();
    assert_eq!(row.cells().nth(2).unwrap().style().fg, Color::Indexed(1));
    check("\x1b[2;3H\x1b[s\x1b[4;4H\x1b[ux", "\n  x");
}

#[test]
fn erasing() {
    check("abcdef\x1b[3G\x1b[K", "ab");
    check("abcdef\x1b[3G\x1b[1K", "   def");
    check("abcdef\x1b[3G\x1b[2Kx", "  x");
    check("ab\r\ncd\r\nef\x1b[2;2H\x1b[J", "ab\nc");
    check("ab\r\ncd\r\nef\x1b[2;1H\x1b[1J", "\n d\nef");
    check("ab\r\ncd\x1b[2Jx", "\n  x");
    check("abcdef\x1b[2G\x1b[3X", "a   ef");
    // A full row that ends with EL, as top prints it.
    check("0123456789\x1b[K\r\nx\x1b[K", "0123456789\nx");
    check("0123456789\x1b[J", "0123456789");
}

#[test]
fn erasing_keeps_the_background() {
    let screen = fed(4, 2, "\x1b[44mab\x1b[K\x1b[B\x1b[2Kx");
    let colors: Vec<_> = screen
        .rows()
        .flat_map(|row| row.cells().map(|cell| cell.style().bg).collect::<Vec<_>>())
        .collect();
    assert_eq!(colors, [Color::Indexed(4); 8]);
    let scrolled = fed(4, 2, "\x1b[42m\n\n\x1b[m");
    let last = scrolled.row(1).unwrap().cells().next().unwrap().style();
    assert_eq!(last.bg, Color::Indexed(2));
}

#[test]
fn selective_erase_spares_protected_cells() {
    check("a\x1b[1\"qb\x1b[0\"qc\x1b[?2J", " b");
    check("a\x1b[1\"qb\x1b[0\"qc\r\x1b[?K", " b");
    let screen = fed(4, 1, "\x1b[1\"q\x1b[ma");
    let style = screen.row(0).unwrap().cells().next().unwrap().style();
    assert!(style.attrs.contains(Attrs::PROTECTED), "SGR 0 does not end protection");
}

#[test]
fn inserting_and_deleting() {
    check("abcdef\x1b[3G\x1b[2@X", "abX cdef");
    check("abcdef\x1b[3G\x1b[2P", "abef");
    check("0123456789\x1b[3G\x1b[99@X", "01X");
    check("a\r\nb\r\nc\x1b[2;1H\x1b[L", "a\n\nb\nc");
    check("a\r\nb\r\nc\x1b[2;1H\x1b[M", "a\nc");
    check("한글\x1b[2G\x1b[@x", " x 글");
    check("한글ab\x1b[2G\x1b[P", " 글ab");
}

#[test]
fn regions_scroll_inside() {
    check("a\r\nb\r\nc\r\nd\x1b[2;3r\x1b[3;1H\n", "a\nc\n\nd");
    check("a\r\nb\r\nc\r\nd\x1b[2;3r\x1b[2;1H\x1bM", "a\n\nb\nd");
    check("a\r\nb\r\nc\r\nd\x1b[2;3r\x1b[S", "a\nc\n\nd");
    check("a\r\nb\r\nc\r\nd\x1b[2;3r\x1b[T", "a\n\nb\nd");
    check("a\r\nb\r\nc\r\nd\x1b[2;3r\x1b[?6hx\x1b[9;1Hy", "a\nx\ny\nd");
    check("a\x1b[3;2r\x1b[2Gb", "ab");
    check("a\r\nb\r\nc\r\nd\x1b[2;3r\x1b[4;1H\nx", "a\nb\nc\nx");
}

#[test]
fn tabs() {
    check("\ta\tb", "        ab");
    check("\x1b[3g\x1b[4G\x1bH\r\tx", "   x");
    check("\x1b[9G\x1b[Zx", "x");
    check("\x1b[3g\x1b[3G\x1bH\x1b[6G\x1bH\r\x1b[2Ix\x1b[2Zy", "  y  x");
    check("\x1b[3g\x1b[?5W\r\tx", "        x");
}

#[test]
fn alignment_pattern_and_resets() {
    check("\x1b#8", "EEEEEEEEEE\nEEEEEEEEEE\nEEEEEEEEEE\nEEEEEEEEEE");
    check("abc\x1b[2;3r\x1b[4h\x1b[!pX\r\n\n\n\nY", "\n\n\nY");
    check("abc\x1bcx", "x");
}

#[test]
fn alternate_screen() {
    check("main\x1b[?1049hother\x1b[?1049lx", "mainx");
    check("main\x1b[?1049h\x1b[Hother", "other");
    check("main\x1b[?47h\x1b[Hother\x1b[?47l\x1b[?47h", "other");
    check("main\x1b[?1047h\x1b[Hother\x1b[?1047l\x1b[?1047h", "");
    let screen = fed(10, 2, "a\r\nb\r\nc\x1b[?1049h1\r\n2\r\n3\r\n4");
    assert_eq!(screen.scrollback().len(), 1, "the alternate screen keeps no lines");
}
