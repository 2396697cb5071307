//! Side margins (DECLRMM, DECSLRM) and everything that obeys them, on screens of 10x4.

use super::{check, fed, replies};
use crate::LineNumber;

/// Four full rows; sides at columns 3 and 6, nothing else changed.
const FULL: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCD\x1b[?69h\x1b[3;6s";

#[track_caller]
fn sided(bytes: &str, expected: [&str; 4]) {
    check(format!("{FULL}{bytes}"), &expected.join("\n"));
}

const UNTOUCHED: [&str; 4] = ["0123456789", "abcdefghij", "klmnopqrst", "uvwxyzABCD"];

#[test]
fn sides_need_their_mode() {
    check("abc\x1b[3;6s\x1b[2;1Hx\x1b[1;7Hy\x1b[1;1Hz", "zbc   y\nx");
    // SCOSC while they are off, also after they were on.
    check("\x1b[?69h\x1b[?69l\x1b[2;3H\x1b[s\x1b[H\x1b[ux", "\n  x");
    // While they are on, `CSI s` is DECSLRM: the whole width, and home.
    check("\x1b[?69h\x1b[3;6s\x1b[2;3H\x1b[sabcdefghijk", "abcdefghij\nk");
    replies("\x1b[?69$p\x1b[?69h\x1b[?69$p", "\x1b[?69;2$y\x1b[?69;1$y");
    // Refused: less than two columns.
    check("\x1b[?69h\x1b[6;6s\x1b[7;3s1234567890a", "1234567890\na");
    // What resets forgets them.
    for reset in ["\x1b[?69l\x1b[H", "\x1bc", "\x1b[!p\x1b[H", "\x1b#8\x1b[2J\x1b[H"] {
        check(format!("\x1b[?69h\x1b[3;6s{reset}1234567890a"), "1234567890\na");
    }
}

#[test]
fn text_wraps_between_the_sides() {
    check("\x1b[?69h\x1b[3;6s\x1b[1;3Habcdefghi", "  abcd\n  efgh\n  i");
    // From the left of them text runs into the right one; from the right it has the whole row.
    check("\x1b[?69h\x1b[3;6sabcdefgh", "abcdef\n  gh");
    check("\x1b[?69h\x1b[3;6s\x1b[1;7Habcdef", "      abcd\n  ef");
    check("\x1b[?69h\x1b[3;6s\x1b[1;4H한글", "   한\n  글");
    check("\x1b[?69h\x1b[3;6s\x1b[?7l\x1b[1;3Habcdefghi", "  abci");
    check("\x1b[?69h\x1b[3;6s\x1b[1;6H❤\u{fe0f}x", "\n  ❤\u{fe0f}x");
    // The end of a wrap between sides is the end of a line.
    let mut screen = fed(10, 4, "\x1b[?69h\x1b[3;6s\x1b[1;3Habcdef");
    assert!(!screen.row(0).unwrap().wrapped());
    screen.resize(crate::Size::new(20, 4));
    assert_eq!(screen.text(), "  abcd\n  ef");
}

#[test]
fn a_wrap_that_waits_at_a_side_that_goes_waits_no_more() {
    check("\x1b[?69h\x1b[3;6s\x1b[1;3Habcd\x1b[?69le", "  abcde");
    let mut screen = fed(10, 4, "\x1b[?69h\x1b[3;6s\x1b[1;3Habcd\x1b7");
    screen.resize(crate::Size::new(12, 4));
    screen.advance(b"e\x1b8f");
    assert_eq!(screen.text(), "  abcdf");
    check("\x1b[?69h\x1b[3;6s\x1b[1;3Habcd\x1b7\x1b[H\x1b8e", "  abcd\n  e");
}

#[test]
fn moves_stop_at_the_sides() {
    // CR, BS, CUB, CPL: at the left side, if they start right of it.
    sided("\x1b[2;5H\rx", ["0123456789", "abxdefghij", UNTOUCHED[2], UNTOUCHED[3]]);
    sided("\x1b[2;2H\rx", ["0123456789", "xbcdefghij", UNTOUCHED[2], UNTOUCHED[3]]);
    sided("\x1b[2;9H\rx", ["0123456789", "abxdefghij", UNTOUCHED[2], UNTOUCHED[3]]);
    sided("\x1b[2;4H\x08\x08\x08x", ["0123456789", "abxdefghij", UNTOUCHED[2], UNTOUCHED[3]]);
    sided("\x1b[2;4H\x1b[9Dx", ["0123456789", "abxdefghij", UNTOUCHED[2], UNTOUCHED[3]]);
    sided("\x1b[2;2H\x1b[9Dx", ["0123456789", "xbcdefghij", UNTOUCHED[2], UNTOUCHED[3]]);
    sided("\x1b[2;4H\x1b[Fx", ["01x3456789", "abcdefghij", UNTOUCHED[2], UNTOUCHED[3]]);
    // CUF, HT, CHT: at the right one, if they start left of it.
    sided("\x1b[2;4H\x1b[9Cx", ["0123456789", "abcdexghij", UNTOUCHED[2], UNTOUCHED[3]]);
    sided("\x1b[2;8H\x1b[9Cx", ["0123456789", "abcdefghix", UNTOUCHED[2], UNTOUCHED[3]]);
    sided("\x1b[2;4H\tx", ["0123456789", "abcdexghij", UNTOUCHED[2], UNTOUCHED[3]]);
    sided("\x1b[2;8H\tx", ["0123456789", "abcdefghxj", UNTOUCHED[2], UNTOUCHED[3]]);
    // CBT, CUP, CHA, HPA, HPR know no sides.
    sided("\x1b[2;5H\x1b[Zx", ["0123456789", "xbcdefghij", UNTOUCHED[2], UNTOUCHED[3]]);
    sided("\x1b[2;9Hx", ["0123456789", "abcdefghxj", UNTOUCHED[2], UNTOUCHED[3]]);
    sided("\x1b[2;4H\x1b[9Gx", ["0123456789", "abcdefghxj", UNTOUCHED[2], UNTOUCHED[3]]);
    sided("\x1b[2;4H\x1b[`x", ["0123456789", "xbcdefghij", UNTOUCHED[2], UNTOUCHED[3]]);
    sided("\x1b[2;4H\x1b[5ax", ["0123456789", "abcdefghxj", UNTOUCHED[2], UNTOUCHED[3]]);
}

#[test]
fn the_origin_is_inside_of_them() {
    let origin = "\x1b[2;3r\x1b[?6h";
    sided(&format!("{origin}x"), ["0123456789", "abxdefghij", UNTOUCHED[2], UNTOUCHED[3]]);
    sided(&format!("{origin}\x1b[9;9Hx"), ["0123456789", "abcdefghij", "klmnoxqrst", UNTOUCHED[3]]);
    for cha in ["\x1b[2G", "\x1b[2`", "\x1b[a", "\x1b[1;2H", "\x1b[2G\x1b[d"] {
        sided(&format!("{origin}{cha}x"), ["0123456789", "abcxefghij", UNTOUCHED[2], UNTOUCHED[3]]);
    }
    sided(&format!("{origin}\x1b[9ex"), ["0123456789", "abcdefghij", "klxnopqrst", UNTOUCHED[3]]);
    sided(&format!("{origin}\x1b[9ax"), ["0123456789", "abcdexghij", UNTOUCHED[2], UNTOUCHED[3]]);
    replies("\x1b[?69h\x1b[5;9s\x1b[2;9r\x1b[?6h\x1b[6n\x1b[3;4H\x1b[6n", "\x1b[1;1R\x1b[3;4R");
}

#[test]
fn only_what_is_between_them_scrolls() {
    let up = ["01cdef6789", "abmnopghij", "klwxyzqrst", "uv    ABCD"];
    let down = ["01    6789", "ab2345ghij", "klcdefqrst", "uvmnopABCD"];
    sided("\x1b[4;4H\n", up);
    sided("\x1b[4;4H\x1bD", up);
    sided("\x1b[4;4H\x1bE", up);
    sided("\x1b[S", up);
    sided("\x1b[1;4H\x1bM", down);
    sided("\x1b[T", down);
    sided("\x1b[4;5HYZ!", ["01cdef6789", "abmnopghij", "klwxYZqrst", "uv!   ABCD"]);
    // Not from outside.
    for outside in ["\x1b[4;2H\n", "\x1b[4;8H\n", "\x1b[1;2H\x1bM", "\x1b[1;8H\x1bM"] {
        sided(outside, UNTOUCHED);
    }
    sided("\x1b[4;10Hxy", ["0123456789", "abcdefghij", "klmnopqrst", "uvyxyzABCx"]);
    // What leaves is gone, because the row stays.
    let screen = fed(10, 4, format!("{FULL}\x1b[4;4H\n\n"));
    assert_eq!(screen.scrollback().end(), LineNumber(0));
}

#[test]
fn lines_and_characters_move_between_them() {
    let inserted = ["0123456789", "ab    ghij", "klcdefqrst", "uvmnopABCD"];
    let deleted = ["0123456789", "abmnopghij", "klwxyzqrst", "uv    ABCD"];
    sided("\x1b[2;4H\x1b[L", inserted);
    sided("\x1b[2;4H\x1b[M", deleted);
    sided("\x1b[2;4H\x1b[M!", ["0123456789", "ab!nopghij", "klwxyzqrst", "uv    ABCD"]);
    sided("\x1b[2;4H\x1b[@", ["0123456789", "abc deghij", UNTOUCHED[2], UNTOUCHED[3]]);
    sided("\x1b[2;4H\x1b[P", ["0123456789", "abcef ghij", UNTOUCHED[2], UNTOUCHED[3]]);
    sided("\x1b[2;4H\x1b[4hxy", ["0123456789", "abcxydghij", UNTOUCHED[2], UNTOUCHED[3]]);
    for outside in ["L", "M", "@", "P", "'}", "'~"] {
        for column in [2, 8] {
            sided(&format!("\x1b[2;{column}H\x1b[2{outside}"), UNTOUCHED);
        }
    }
    // Erasing knows no sides.
    sided("\x1b[2;5H\x1b[K", ["0123456789", "abcd", UNTOUCHED[2], UNTOUCHED[3]]);
    sided("\x1b[2;5H\x1b[4X", ["0123456789", "abcd    ij", UNTOUCHED[2], UNTOUCHED[3]]);
}

#[test]
fn columns_move() {
    let inserted = ["012 346789", "abc deghij", "klm noqrst", "uvw xyABCD"];
    let deleted = ["01245 6789", "abcef ghij", "klmop qrst", "uvwyz ABCD"];
    sided("\x1b[2;4H\x1b['}", inserted);
    sided("\x1b[2;4H\x1b['~", deleted);
    sided("\x1b[2;3r\x1b[2;4H\x1b[9'~", ["0123456789", "abc   ghij", "klm   qrst", UNTOUCHED[3]]);
    sided("\x1b[2 @", ["0145  6789", "abef  ghij", "klop  qrst", "uvyz  ABCD"]);
    sided("\x1b[2 A", ["01  236789", "ab  cdghij", "kl  mnqrst", "uv  wxABCD"]);
    // DECBI and DECFI scroll at the sides and move elsewhere.
    sided("\x1b[2;3H\x1b6", ["01 2346789", "ab cdeghij", "kl mnoqrst", "uv wxyABCD"]);
    sided("\x1b[2;6H\x1b9", ["01345 6789", "abdef ghij", "klnop qrst", "uvxyz ABCD"]);
    sided("\x1b[2;5H\x1b6x", ["0123456789", "abcxefghij", UNTOUCHED[2], UNTOUCHED[3]]);
    sided("\x1b[2;7H\x1b9x", ["0123456789", "abcdefgxij", UNTOUCHED[2], UNTOUCHED[3]]);
    for edge in ["\x1b[2;1H\x1b6\x1b6", "\x1b[2;10H\x1b9\x1b9"] {
        sided(edge, UNTOUCHED);
    }
    check("ab\x1b[H\x1b6", " ab");
}

#[test]
fn what_is_cut_in_half_is_blank() {
    check("한글날\x1b[?69h\x1b[2;5s\x1b[1;2H\x1b[P", " 글");
    check("한글날\x1b[?69h\x1b[2;5s\x1b[1;2H\x1b[@", "   글");
    check("\r\n한글날\x1b[?69h\x1b[2;5s\x1b[S", "  글");
}

#[test]
fn blanks_take_the_background() {
    let screen = fed(10, 4, format!("{FULL}\x1b[44m\x1b[S"));
    let colors: Vec<_> = screen.row(3).unwrap().cells().map(|cell| cell.style().bg).collect();
    let blue = crate::Color::Indexed(4);
    assert_eq!(colors.iter().filter(|color| **color == blue).count(), 4);
    assert_eq!(colors[2..6], [blue; 4]);
}
