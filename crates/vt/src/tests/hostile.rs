//! Hostile output: it costs what the grid costs, memory stays flat, nothing panics.

use proptest::prelude::*;

use super::fed;
use super::stream::{Step, cases, feed, piece, screen, seen};
use crate::{Limits, Screen, Size};

#[test]
fn huge_counts_cost_the_grid() {
    for last in "@ABCDEFGHIJKLMPSTXZ^`abdefgjkstu".chars() {
        let screen =
            fed(80, 24, format!("x\x1b[65535;65535{last}\x1b[4294967295{last}").repeat(200));
        assert!(screen.heap_bytes() < 1 << 20, "{last}");
    }
    for last in ["$x", "$z", "${", "$v", "$r", "$t", "'}", "'~", " @", " A", "*x", "s"] {
        let sequence = format!("x\x1b[?69h\x1b[65;1;1;65535;65535;9;9;9{last}\x1b[65535{last}");
        let screen = fed(80, 24, sequence.repeat(200));
        assert!(screen.heap_bytes() < 1 << 20, "{last}");
    }
    fed(80, 24, format!("\x1b[{}m", "38;5;1:".repeat(10_000)));
    fed(
        80,
        24,
        "\x1b[>1u".repeat(10_000) + &"\x1b[22t".repeat(10_000) + &"\x1b[<60000u".repeat(100),
    );
}

#[test]
fn endless_strings_and_lines_hold_no_memory() {
    let mut screen = Screen::new(Size::new(80, 24), Limits::default());
    for start in ["\x1b]52;c;", "\x1bPq", "\x1b_G", "\x1bX", "\x1b]8;;http://"] {
        screen.advance(start.as_bytes());
        // One more than the longest string.
        for _ in 0..65 {
            screen.advance(&[b'a'; 16 << 10]);
        }
        assert!(screen.heap_bytes() < 1 << 20, "{start:?}");
        screen.advance(b"\x1b\\");
    }
    // One line of 4 MiB.
    for _ in 0..256 {
        screen.advance(&[b'a'; 16 << 10]);
    }
    assert!(screen.heap_bytes() < 2 << 20);
    assert!(screen.checkpoint().len() < 256 << 10);
}

#[test]
fn a_day_of_styles_clusters_and_links_stays_flat() {
    let mut screen = fed(80, 24, "");
    let mut most = 0;
    for round in 0..24 {
        let mut bytes = String::new();
        for n in round * 4000..(round + 1) * 4000_u32 {
            let [_, r, g, b] = n.to_be_bytes();
            bytes += &format!("\x1b[38;2;{r};{g};{b};4:3m\x1b]8;;http://host/{n}\x07");
            bytes += &format!("a{}", char::from_u32(0x300 + n % 80).unwrap_or('a'));
            bytes +=
                &format!("b{}{}", '\u{301}', char::from_u32(0x300 + n / 80 % 80).unwrap_or('b'));
        }
        screen.advance(bytes.as_bytes());
        if round == 8 {
            most = screen.heap_bytes();
        }
    }
    assert!(screen.heap_bytes() < most + most / 4, "{} after {most}", screen.heap_bytes());
    assert!(screen.heap_bytes() < 4 << 20, "{}", screen.heap_bytes());
}

#[test]
fn links_beyond_their_bound_are_plain_text() {
    let mut screen = Screen::new(Size::new(200, 50), Limits::default());
    for n in 0..10_000 {
        screen.advance(format!("\x1b]8;;http://{n}/{}\x07x", "y".repeat(1900)).as_bytes());
    }
    assert!(screen.heap_bytes() < 8 << 20, "{}", screen.heap_bytes());
    let long = fed(10, 1, format!("\x1b]8;;http://{}\x07x", "y".repeat(9000)));
    assert!(long.row(0).unwrap().to_row().cells[0].link.is_none());
}

#[test]
fn sizes_from_one_to_a_thousand() {
    let mut screen = fed(1, 1, "hello 한글 \x1b[44mworld");
    for (cols, rows) in [(1000, 1000), (1, 1), (1000, 1), (1, 1000), (2, 2)] {
        screen.resize(Size::new(cols, rows));
        screen.advance("\x1b[41m\x1b[2Jx한\x1b#8\x1b[999;999H한한".as_bytes());
        assert!(!screen.checkpoint().is_empty());
    }
}

#[test]
fn memory_figures() {
    let empty = fed(80, 24, "");
    assert!(empty.heap_bytes() + size_of::<Screen>() <= 32 << 10);
    let full: String =
        (0..50).map(|row| format!("\x1b[{};1H{}", row + 1, "x".repeat(200))).collect();
    assert!(fed(200, 50, full).heap_bytes() <= 256 << 10);
    let lines: String = (0..10_024).map(|n| format!("{n:080}\r\n")).collect();
    let mut screen =
        Screen::new(Size::new(80, 24), Limits { scrollback_bytes: 2 << 20, ..Limits::default() });
    screen.advance(lines.as_bytes());
    assert!(screen.scrollback().len() >= 10_000);
    assert!(screen.heap_bytes() <= 3 << 19, "{}", screen.heap_bytes());
}

#[test]
fn the_window_has_a_cap() {
    for cap in [0, 100 << 10, 1 << 20] {
        let mut screen =
            Screen::new(Size::new(80, 24), Limits { scrollback_bytes: cap, ..Limits::default() });
        for n in 0..40_000 {
            screen.advance(format!("line {n}\r\n").as_bytes());
        }
        let scrollback = screen.scrollback();
        assert_eq!(scrollback.end().0, 40_000 - 23);
        assert!(scrollback.heap_bytes() <= cap + (160 << 10), "{}", scrollback.heap_bytes());
        let newest = crate::LineNumber(scrollback.end().0 - 1);
        assert_eq!(scrollback.text(newest).unwrap(), format!("line {}", newest.0));
        assert_eq!(
            scrollback.line(scrollback.first()).unwrap().text(),
            format!("line {}", scrollback.first().0)
        );
        assert_eq!(scrollback.line(crate::LineNumber(scrollback.first().0.wrapping_sub(1))), None);
    }
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn random_bytes_and_sizes_never_panic(
        steps in prop::collection::vec(
            prop_oneof![
                4 => prop::collection::vec(any::<u8>(), 0..200).prop_map(Step::Bytes),
                4 => piece().prop_map(Step::Bytes),
                1 => (0_u16..40, 0_u16..40).prop_map(|(cols, rows)| Step::Resize(cols, rows)),
            ],
            0..60,
        ),
    ) {
        let mut screen = screen(20, 6);
        feed(&mut screen, &steps);
        for row in screen.rows() {
            let width: usize = row.cells().map(|cell| usize::from(cell.width())).sum();
            prop_assert_eq!(width, usize::from(screen.size().cols));
        }
        let cursor = screen.cursor();
        prop_assert!(cursor.col < screen.size().cols && cursor.row < screen.size().rows);
        for line in screen.scrollback().lines() {
            prop_assert!(line.wrap(7).len() <= line.cells.len() + 1);
        }
        seen(&mut screen, Vec::new(), Vec::new());
    }
}
