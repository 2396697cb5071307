//! Kinds of output, each made of numbered units and always the same.

use std::fmt::Write as _;

/// The screen they are for.
pub(crate) const COLS: u16 = 160;
pub(crate) const ROWS: u16 = 50;

/// Bytes of one input.
const BYTES: usize = 8 << 20;
const MIB: usize = 1 << 20;

/// A kind of output.
pub(crate) struct Input {
    pub(crate) name: &'static str,
    /// Bytes of our scrollback that hold 10,000 rows of it.
    pub(crate) scrollback: usize,
    /// Whether rows go to the scrollback.
    pub(crate) scrolls: bool,
    /// Appends unit number `n`.
    unit: fn(&mut String, usize),
}

pub(crate) const INPUTS: [Input; 6] = [
    Input { name: "plain log", scrollback: 2 * MIB, scrolls: true, unit: plain_log },
    Input { name: "dense SGR", scrollback: 6 * MIB, scrolls: true, unit: dense_sgr },
    Input { name: "CJK and emoji", scrollback: 3 * MIB, scrolls: true, unit: cjk },
    Input { name: "full-screen redraws", scrollback: MIB, scrolls: false, unit: redraw },
    Input { name: "scroll regions", scrollback: MIB, scrolls: false, unit: scroll_region },
    Input { name: "long lines", scrollback: 3 * MIB, scrolls: true, unit: long_lines },
];

impl Input {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut text = String::with_capacity(BYTES + (64 << 10));
        let mut number = 0;
        while text.len() < BYTES {
            (self.unit)(&mut text, number);
            number += 1;
        }
        text.into_bytes()
    }
}

fn plain_log(out: &mut String, n: usize) {
    let _ = write!(
        out,
        "2026-11-20 12:{:02}:{:02}.{:03} INFO  worker-{} request id={n} path=/api/v1/items/{} took {} us, {} rows\r\n",
        n / 60 % 60,
        n % 60,
        n % 1000,
        n % 16,
        n * 7 % 5000,
        n * 31 % 90_000,
        n % 300,
    );
}

fn dense_sgr(out: &mut String, n: usize) {
    for word in 0..12 {
        let _ = write!(out, "\x1b[38;5;{}mword{}\x1b[0m ", (n + word) % 256, n % 10);
        let _ = write!(out, "\x1b[1;3{};48;2;{};40;60mx{word}\x1b[m", word % 8, n % 200);
    }
    out.push_str("\r\n");
}

fn cjk(out: &mut String, n: usize) {
    const WORDS: [&str; 8] = [
        "한국어",
        "日本語テキスト",
        "中文字符",
        "🎉🚀",
        "👩\u{200d}💻",
        "e\u{301}a",
        "ascii",
        "Привет",
    ];
    for word in 0..10 {
        out.push_str(WORDS[(n + word) % WORDS.len()]);
        out.push(' ');
    }
    out.push_str("\r\n");
}

/// What an editor or a monitor does: home, then every row, with a colour here and there.
fn redraw(out: &mut String, n: usize) {
    out.push_str("\x1b[?25l\x1b[H");
    for row in 0..usize::from(ROWS) {
        let _ = write!(out, "\x1b[{};1H\x1b[1;34m{row:4}\x1b[0m ", row + 1);
        for col in 0..17 {
            let _ = write!(out, "{:07} ", n * 50 + row * 20 + col);
        }
        out.push_str("\x1b[K");
    }
    out.push_str("\x1b[?25h");
}

fn scroll_region(out: &mut String, n: usize) {
    if n.is_multiple_of(1000) {
        out.push_str("\x1b[5;45r\x1b[45;1H");
    }
    let _ = write!(out, "\nstatus line {n} of a program that scrolls a region, with some text\r");
}

fn long_lines(out: &mut String, n: usize) {
    for word in 0..300 {
        let _ = write!(out, "field{word}={} ", n * word);
    }
    out.push_str("\r\n");
}
