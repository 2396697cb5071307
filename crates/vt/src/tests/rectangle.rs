//! Rectangles: filled, erased, copied, restyled. Screens of 10x4 with four full rows.

use super::{check, fed};
use crate::{Attrs, Color, Screen, Style, Underline};

const FULL: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCD";

#[track_caller]
fn full(bytes: &str, expected: [&str; 4]) {
    check(format!("{FULL}{bytes}"), expected.join("\n").trim_end());
}

const ROWS: [&str; 4] = ["0123456789", "abcdefghij", "klmnopqrst", "uvwxyzABCD"];

#[test]
fn filling() {
    full("\x1b[33;2;3;3;5$x", ["0123456789", "ab!!!fghij", "kl!!!pqrst", ROWS[3]]);
    full("\x1b[33$x", ["!!!!!!!!!!"; 4]);
    full("\x1b[33;4;10;9;99$x", [ROWS[0], ROWS[1], ROWS[2], "uvwxyzABC!"]);
    // A rectangle that ends before it begins, a control, nothing.
    for none in ["33;3;3;2;4$x", "33;3;3;4;2$x", "33;5;1$x", "10;1;1;2;2$x", "$x", "300$x"] {
        full(&format!("\x1b[{none}"), ROWS);
    }
    // Through the character set, which stays; a single shift waits for what is printed.
    full("\x1b(0\x1b[113;1;1;1;2$x", ["──23456789", ROWS[1], ROWS[2], ROWS[3]]);
    full("\x1b[228;1;1;1;2$x", ["ää23456789", ROWS[1], ROWS[2], ROWS[3]]);
    let screen = fed(10, 4, "\x1b[1;31m\x1b[120;1;1;1;2$x");
    let cell = screen.row(0).unwrap().cells().nth(1).unwrap();
    assert_eq!((cell.text(), cell.style().fg), ("x", Color::Indexed(1)));
    assert!(cell.style().attrs.contains(Attrs::BOLD));
    // It cuts wide characters, and the row it reaches the end of is a whole line.
    check("한글날\x1b[120;1;2;1;3$x", " xx 날");
    check("0123456789a\x1b[120;1;10;1;10$x\x1b[2;1H\x08b", "012345678x\nb");
}

#[test]
fn the_cursor_stays_and_the_origin_counts() {
    let screen = fed(10, 4, format!("{FULL}\x1b[2;5H\x1b[33;1;1;3;3$x\x1b[1;1;4;4$z\x1b[$v"));
    assert_eq!((screen.cursor().col, screen.cursor().row), (4, 1));
    let origin = "\x1b[?69h\x1b[2;9s\x1b[2;3r\x1b[?6h";
    full(&format!("{origin}\x1b[33;1;1;1;3$x"), [ROWS[0], "a!!!efghij", ROWS[2], ROWS[3]]);
    full(&format!("{origin}\x1b[33;1;1;9;99$x"), [ROWS[0], "a!!!!!!!!j", "k!!!!!!!!t", ROWS[3]]);
    full(&format!("{origin}\x1b[1;1;2;2;1;2;7$v"), [ROWS[0], "abcdefghij", "klmnopqbct", ROWS[3]]);
    // Without it margins mean nothing.
    let margins = "\x1b[?69h\x1b[2;9s\x1b[2;3r";
    full(&format!("{margins}\x1b[33;1;1;1;3$x"), ["!!!3456789", ROWS[1], ROWS[2], ROWS[3]]);
}

#[test]
fn erasing() {
    full("\x1b[2;3;3;5$z", ["0123456789", "ab   fghij", "kl   pqrst", ROWS[3]]);
    full("\x1b[$z", ["", "", "", ""]);
    check("a\x1b[1\"qb\x1b[0\"qc\x1b[1;1;1;3${", " b");
    check("a\x1b[1\"qb\x1b[0\"qc\x1b[1;1;1;3$z", "");
    let screen = fed(10, 4, "\x1b[44m\x1b[1;1;1;3$z");
    assert_eq!(screen.row(0).unwrap().cells().nth(2).unwrap().style().bg, Color::Indexed(4));
}

#[test]
fn copying() {
    full("\x1b[1;1;2;3;1;3;5;1$v", [ROWS[0], ROWS[1], "klmn012rst", "uvwxabcBCD"]);
    // Onto itself, in either direction.
    full("\x1b[1;1;2;3;1;2;2$v", ["0123456789", "a012efghij", "kabcopqrst", ROWS[3]]);
    full("\x1b[2;2;3;4;1;1;1$v", ["bcd3456789", "lmndefghij", ROWS[2], ROWS[3]]);
    // What does not fit is cut; what is outside copies nothing.
    full("\x1b[1;1;4;10;1;3;8$v", [ROWS[0], ROWS[1], "klmnopq012", "uvwxyzAabc"]);
    full("\x1b[1;1;2;3;1;5;1$v", ROWS);
    // Halves stay behind.
    check("한글날\x1b[1;2;1;5;1;2;1$v", "한글날\n 글");
    let styled = fed(10, 4, "\x1b[31mab\x1b[1;1;1;2;1;2;1$v");
    let style = styled.row(1).unwrap().cells().next().unwrap().style();
    assert_eq!(style.fg, Color::Indexed(1));
}

fn styles(screen: &Screen, y: u16) -> Vec<Style> {
    screen.row(y).unwrap().cells().map(|cell| cell.style()).collect()
}

fn bold(bytes: &str) -> Vec<String> {
    let screen = fed(10, 4, format!("{FULL}{bytes}"));
    let mark = |style: &Style| if style.attrs.contains(Attrs::BOLD) { 'B' } else { '.' };
    (0..4).map(|y| styles(&screen, y).iter().map(mark).collect()).collect()
}

#[test]
fn attributes_change_in_a_stream_or_in_a_rectangle() {
    let rows = bold("\x1b[1;3;3;5;1$r");
    assert_eq!(rows, ["..BBBBBBBB", "BBBBBBBBBB", "BBBBB.....", ".........."]);
    let rows = bold("\x1b[2*x\x1b[1;3;3;5;1$r");
    assert_eq!(rows, ["..BBB.....", "..BBB.....", "..BBB.....", ".........."]);
    let rows = bold("\x1b[2*x\x1b[1*x\x1b[1;3;1;5;1$r");
    assert_eq!(rows, ["..BBB.....", "..........", "..........", ".........."]);
    let rows = bold("\x1b[2*x\x1b[$r\x1b[1;1;4;10;1$r\x1b[2;2;3;9;22$r\x1b[2;3;2;4;1$t");
    assert_eq!(rows, ["BBBBBBBBBB", "B.BB.....B", "B........B", "BBBBBBBBBB"]);
}

#[test]
fn attributes_are_those_of_sgr() {
    let style = |bytes: &str| styles(&fed(10, 4, format!("\x1b[31mab{bytes}")), 0)[0];
    assert_eq!(style("\x1b[1;1;1;1;4:3;5;7$r").underline, Underline::Curly);
    assert_eq!(style("\x1b[1;1;1;1;5;7$r").attrs, Attrs::BLINK | Attrs::INVERSE);
    assert_eq!(style("\x1b[1;1;1;1;48;2;1;2;3$r").bg, Color::Rgb(1, 2, 3));
    assert_eq!(style("\x1b[1;1;1;1;7;0$r"), Style::default());
    assert_eq!(style("\x1b[1;1;1;1$r"), Style::default());
    let reversed = style("\x1b[1;1;1;1;1;4;5;7;8$t");
    let all = Attrs::BOLD | Attrs::BLINK | Attrs::INVERSE | Attrs::CONCEAL;
    assert_eq!((reversed.attrs, reversed.underline), (all, Underline::Single));
    assert_eq!(style("\x1b[1;1;1;1;0$t").attrs, all);
    assert_eq!(style("\x1b[1;1;1;1$t\x1b[1;1;1;1$t").attrs, Attrs::empty());
    // A wide character is restyled whole, by its first half.
    let wide = fed(10, 4, "\x1b[2*x한글\x1b[1;2;1;3;1$r");
    let bold: Vec<_> =
        styles(&wide, 0).iter().map(|style| style.attrs.contains(Attrs::BOLD)).collect();
    assert_eq!(bold[..2], [false, true]);
}
