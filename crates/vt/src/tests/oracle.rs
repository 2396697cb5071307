//! The engine against vt100 0.18.1, an independent emulator, on generated sequences.
//!
//! vt100 is an oracle only where it is right. Where it is not, `EXCEPTIONS` names the sequence and
//! the standard; the generator stays away from those, and a test fails when one of them is no
//! exception any more. Things vt100 cannot represent at all (underline styles, strike, links,
//! charsets, reflow …) are tested on their own.

use std::num::NonZeroU16;

use proptest::prelude::*;

use super::stream::cases;
use crate::{Attrs, Color, Limits, Screen, Size, Underline};

const COLS: u16 = 16;
const ROWS: u16 = 6;

/// Streams after which vt100 and we differ, and who says that we are right.
const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "\x1b[3;5rx",
        "DECSTBM homes the cursor to the page origin (DEC STD 070, 5.4.5), not to the top margin",
    ),
    (
        "a\x1b[2;4r\x1b[2;2H\x1b[5;3rb",
        "DECSTBM with top >= bottom is ignored (DEC STD 070), not a reset",
    ),
    ("abc\x1b[1;3H\x1b[Lx", "IL moves to the first column (DEC STD 070, 5.10)"),
    ("abc\x1b[1;3H\x1b[Mx", "DL moves to the first column (DEC STD 070, 5.10)"),
    (
        "0123456789abcdef\x08x",
        "a pending wrap leaves the cursor on the last column (DEC STD 070, D.5)",
    ),
    (
        "\x1b[2;4r\x1b[6H\x1b[5Ax",
        "CUU from below the region stops at its top margin (xterm, DEC STD 070)",
    ),
    ("\x1b[2;3r\x1b[2;3Hx\x1b[H\x1bM", "RI above the region scrolls nothing (DEC STD 070, xterm)"),
    (
        "\x1b[41m\n\n\n\n\n\n\n",
        "scrolled-in lines take the background (xterm bce, terminfo xterm-256color)",
    ),
    ("\x1b[41m\x1b[L", "inserted lines take the background (bce)"),
    ("ab\x1b[41m\x1b[G\x1b[P", "deleted characters leave the background (bce)"),
    ("ab\x1b[41m\x1b[G\x1b[@", "inserted blanks take the background (bce)"),
    ("\x1b[1;2mx", "bold and faint are independent (ECMA-48 8.3.117)"),
    ("\x1b[4:3mx", "4:n is an underline style; the text is underlined"),
    ("\x1b[38:2::1:2:3mx", "ITU T.416 has an empty colour space before the components"),
    ("\x1b[58;2;1;2;7mx", "58 takes its parameters like 38"),
    ("\x1b(0qx", "DEC special graphics (terminfo acsc, smacs)"),
    ("a\x1bDb", "IND (ECMA-48 as of 1986, DEC STD 070)"),
    ("a\x1bEb", "NEL (ECMA-48 8.3.86)"),
    ("\x1b[4hab\x1b[Gc", "IRM (ECMA-48 7.2.10)"),
    ("\x1b[?7l0123456789abcdefgh", "DECAWM off (DEC STD 070)"),
    ("\x1b[s\x1b[3;3H\x1b[ux", "SCOSC and SCORC"),
    ("\x1b[3g\tx", "TBC (ECMA-48 8.3.154)"),
    ("\t\t\x1b[Zx", "CBT (ECMA-48 8.3.7)"),
    ("\x1b[2Ix", "CHT (ECMA-48 8.3.10)"),
    ("\x1b#8", "DECALN (DEC STD 070)"),
    ("ab\x1b[2;2H\x1b[?1049hx", "1049 leaves the cursor where it is (xterm)"),
    ("\x1b[44m\x1b[?1049h", "1049 clears with the background (xterm, bce)"),
    (
        "\x1b[1;16Hx\x1b[1;16H한",
        "the column that a wide character did not fit is left empty (alacritty, VTE)",
    ),
    ("\x1b[1m\x1b[?1049h\x1b[m\x1b8x", "each screen has its own saved cursor (xterm)"),
    (
        "字\x1b[2G\x1b[@",
        "ICH in the middle of a wide character leaves no half of it (alacritty, xterm)",
    ),
    ("👩\u{200d}👧x", "an emoji sequence is one cluster (UAX 29)"),
    ("🇩🇪x", "a pair of regional indicators is one cluster (UAX 29)"),
];

#[derive(Clone, Debug)]
enum Op {
    Text(String),
    Csi(u16, u16, char),
    Sgr(Vec<u8>),
    Color(String),
    Control(&'static str),
    Region(u16, u16),
    Screen(bool),
}

fn op() -> impl Strategy<Value = Op> {
    let text = prop_oneof![
        5 => "[ -~]{1,9}",
        2 => "[a-z한글漢字äéß]{1,6}",
        1 => Just("e\u{301}".to_owned()),
    ];
    let finals = prop::sample::select("@ABCDEFGHJKLMPSTXdf`".chars().collect::<Vec<_>>());
    let number = prop_oneof![3 => Just(0_u16), 6 => 1_u16..8, 1 => any::<u16>()];
    let attrs =
        prop::sample::select(vec![0_u8, 1, 3, 4, 7, 22, 23, 24, 27, 31, 36, 39, 44, 49, 92, 105]);
    let color = prop_oneof![
        (any::<u8>(), any::<bool>())
            .prop_map(|(n, bg)| format!("{}8;5;{n}", if bg { 4 } else { 3 })),
        (any::<[u8; 3]>(), any::<bool>())
            .prop_map(|([r, g, b], bg)| format!("{}8;2;{r};{g};{b}", if bg { 4 } else { 3 })),
    ];
    let controls =
        prop::sample::select(vec!["\r\n", "\n", "\r", "\x08", "\t", "\x1bM", "\x1b7", "\x1b8"]);
    prop_oneof![
        6 => text.prop_map(Op::Text),
        6 => (number.clone(), number, finals).prop_map(|(a, b, last)| Op::Csi(a, b, last)),
        2 => prop::collection::vec(attrs, 0..3).prop_map(Op::Sgr),
        1 => color.prop_map(Op::Color),
        3 => controls.prop_map(Op::Control),
        1 => (1_u16..5, 1_u16..4).prop_map(|(top, more)| Op::Region(top, top + more)),
        1 => any::<bool>().prop_map(Op::Screen),
    ]
}

struct Pair {
    ours: Screen,
    theirs: vt100::Parser,
    fed: String,
}

impl Pair {
    fn new() -> Self {
        let side = |n: u16| NonZeroU16::new(n).expect("not zero");
        Self {
            ours: Screen::new(Size::new(COLS, ROWS), Limits::default()),
            theirs: vt100::Parser::new(side(ROWS), side(COLS), 0),
            fed: String::new(),
        }
    }

    fn feed(&mut self, text: &str) {
        self.fed.push_str(text);
        self.ours.advance(text.as_bytes());
        self.theirs.process(text.as_bytes());
    }

    /// Feeds an operation, and before or after it what keeps both off the exceptions.
    fn apply(&mut self, op: &Op) {
        let text = matches!(op, Op::Text(_));
        if self.ours.engine.cursor.wrap_pending && !text {
            self.feed("\r");
        }
        let (top, bottom) = (self.ours.engine.top, self.ours.engine.bottom);
        let y = self.ours.engine.cursor.y;
        let alternate = self.ours.modes().alternate_screen;
        match op {
            Op::Text(text) => {
                let room = usize::from(COLS) - self.ours.engine.cursor.x;
                let wide = text.chars().any(|c| crate::char_width(c) == 2);
                let wraps = self.ours.engine.cursor.wrap_pending || text.len() > room;
                if wraps || wide {
                    self.feed("\x1b[49m");
                }
                if wraps && wide {
                    self.feed("\r");
                }
                self.feed(text);
            }
            Op::Csi(a, b, last) => {
                // Outside the region the two disagree about where moves stop.
                if matches!(last, 'A' | 'B' | 'E' | 'F') && !(top..=bottom).contains(&y) {
                    return;
                }
                let wide =
                    self.ours.engine.grid.row(y).cells.iter().any(|cell| cell.glyph.is_wide());
                if matches!(last, '@' | 'P') && wide {
                    return;
                }
                if !matches!(last, 'J' | 'K' | 'X') {
                    self.feed("\x1b[49m");
                }
                match last {
                    'J' | 'K' => self.feed(&format!("\x1b[{}{last}", a % 3)),
                    'H' | 'f' => self.feed(&format!("\x1b[{a};{b}{last}")),
                    'L' | 'M' => self.feed(&format!("\x1b[{a}{last}\r")),
                    _ => self.feed(&format!("\x1b[{a}{last}")),
                }
            }
            Op::Sgr(codes) => {
                let codes: Vec<String> = codes.iter().map(u8::to_string).collect();
                self.feed(&format!("\x1b[{}m", codes.join(";")));
            }
            Op::Color(color) => self.feed(&format!("\x1b[{color}m")),
            Op::Control("\x1bM") if y < top => {}
            Op::Control("\x1b7" | "\x1b8") | Op::Screen(true) if alternate => {}
            Op::Control(control) => self.feed(&format!("\x1b[49m{control}")),
            Op::Region(top, bottom) => self.feed(&format!("\x1b[{top};{bottom}r\x1b[2;3H")),
            Op::Screen(on) => {
                let last = if *on { 'h' } else { 'l' };
                self.feed(&format!("\x1b[49m\x1b[r\x1b[?1049{last}\x1b[r\x1b[3;2H\x1b[m"));
            }
        }
    }

    /// The first difference.
    fn differs(&self) -> Option<String> {
        let theirs = self.theirs.screen();
        let cursor = self.ours.cursor();
        let (row, col) = theirs.cursor_position();
        let place = (cursor.row, cursor.col);
        if place != (row, col.min(COLS - 1)) {
            return Some(format!("cursor {place:?}, theirs {row} {col}"));
        }
        for (y, row) in self.ours.rows().enumerate() {
            let mut x = 0;
            for cell in row.cells() {
                let other = theirs.cell(y as u16, x).expect("inside");
                let style = cell.style();
                // What is left of an overwritten wide cell is a space of the pen there; here it is
                // blank and keeps its own background (as in alacritty).
                let left = cell.text().is_empty() && other.contents() == " ";
                let blank = left || cell.text().is_empty() && other.contents().is_empty();
                let text = if blank { other.contents() } else { cell.text() };
                let ours = format!(
                    "{:?} {} {:?} {:?}",
                    text,
                    cell.width(),
                    if left { other.bgcolor() } else { color(style.bg) },
                    (!blank).then(|| (
                        color(style.fg),
                        style.attrs.contains(Attrs::BOLD),
                        style.attrs.contains(Attrs::DIM),
                        style.attrs.contains(Attrs::ITALIC),
                        style.underline != Underline::None,
                        style.attrs.contains(Attrs::INVERSE),
                    ))
                );
                let theirs = format!(
                    "{:?} {} {:?} {:?}",
                    other.contents(),
                    1 + u8::from(other.is_wide()),
                    other.bgcolor(),
                    (!blank).then(|| (
                        other.fgcolor(),
                        other.bold(),
                        other.dim(),
                        other.italic(),
                        other.underline(),
                        other.inverse(),
                    ))
                );
                if ours != theirs {
                    return Some(format!("row {y} column {x}: {ours}, theirs {theirs}"));
                }
                x += u16::from(cell.width());
            }
        }
        None
    }
}

fn color(color: Color) -> vt100::Color {
    match color {
        Color::Default => vt100::Color::Default,
        Color::Indexed(index) => vt100::Color::Idx(index),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn agrees_with_vt100(ops in prop::collection::vec(op(), 1..40)) {
        let mut pair = Pair::new();
        for op in &ops {
            pair.apply(op);
            let differs = pair.differs();
            prop_assert!(differs.is_none(), "{}\nafter {:?}", differs.unwrap_or_default(), pair.fed);
        }
    }
}

#[test]
fn every_exception_is_still_one() {
    let of_the_parser = crate::parser::tests::oracle::EXCEPTIONS.len();
    assert!(EXCEPTIONS.len() + of_the_parser <= 60, "too many to be believed");
    for (stream, standard) in EXCEPTIONS {
        let mut pair = Pair::new();
        pair.feed(stream);
        assert!(pair.differs().is_some(), "{stream:?} is no exception any more: {standard}");
    }
}
