//! Measures the engine: MiB/s on generated inputs, and memory. One JSON object per line.
//!
//! `cargo run --release -p ccc-vt --example throughput [-- MIB [INPUT]]`

#![expect(clippy::print_stdout, reason = "the figures are its output")]

use std::fmt::Write as _;
use std::time::Instant;

use ccc_vt::{Limits, Screen, Size};

const MIB: usize = 1 << 20;
/// As a pane task feeds it.
const TURN: usize = 16 << 10;
const SIZE: Size = Size::new(160, 50);

/// Appends the unit number `n` of an input.
type Generator = fn(&mut String, usize);

fn main() {
    let mib = std::env::args().nth(1).and_then(|mib| mib.parse().ok()).unwrap_or(64);
    let inputs: [(&str, Generator); 7] = [
        ("plain log", plain_log),
        ("dense SGR", dense_sgr),
        ("CJK and emoji", cjk),
        ("full redraw", redraw),
        ("scroll region", scroll_region),
        ("long lines", long_lines),
        ("short lines", short_lines),
    ];
    let only = std::env::args().nth(2);
    for (name, line) in inputs {
        if only.as_ref().is_some_and(|only| only != name) {
            continue;
        }
        let input = generate(line);
        // Without a window, then with a full one of 10,000 lines.
        for (scrollback, bytes) in [(0, 0), (10_000, 2 * MIB)] {
            speed(name, &input, mib * MIB, scrollback, bytes);
        }
    }
    memory();
    checkpoints();
}

/// Processor time of this thread where the kernel tells it (Linux), so that a loaded machine measures
/// the same; else the time on the wall.
struct Clock {
    wall: Instant,
    cpu: Option<u64>,
}

impl Clock {
    fn start() -> Self {
        Self { wall: Instant::now(), cpu: cpu_nanos() }
    }

    fn seconds(&self) -> f64 {
        match (self.cpu, cpu_nanos()) {
            (Some(start), Some(now)) => (now - start) as f64 / 1e9,
            _ => self.wall.elapsed().as_secs_f64(),
        }
    }
}

fn cpu_nanos() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    stat.split_whitespace().next()?.parse().ok()
}

/// 4 MiB of one kind of input.
fn generate(line: Generator) -> String {
    let mut input = String::with_capacity(5 * MIB);
    let mut number = 0;
    while input.len() < 4 * MIB {
        line(&mut input, number);
        number += 1;
    }
    input
}

fn speed(name: &str, input: &str, total: usize, scrollback: usize, bytes: usize) {
    let limits = Limits { scrollback_bytes: bytes, ..Limits::default() };
    let mut best = f64::INFINITY;
    let rounds = total.div_ceil(input.len());
    for _ in 0..3 {
        let mut screen = Screen::new(SIZE, limits);
        let start = Clock::start();
        for _ in 0..rounds {
            for turn in input.as_bytes().chunks(TURN) {
                screen.advance(turn);
            }
        }
        best = best.min(start.seconds());
        assert_eq!(screen.offset(), (rounds * input.len()) as u64);
    }
    let speed = (rounds * input.len()) as f64 / MIB as f64 / best;
    println!(r#"{{"input":"{name}","scrollback":{scrollback},"mib_per_s":{speed:.0}}}"#);
}

fn memory() {
    let report = |what: &str, screen: &Screen, most: usize| {
        let bytes = screen.heap_bytes() + size_of::<Screen>();
        println!(r#"{{"memory":"{what}","bytes":{bytes},"most":{most}}}"#);
    };
    let empty = Screen::new(Size::new(80, 24), Limits::default());
    report("empty 80x24", &empty, 32 << 10);

    let limits = Limits { scrollback_bytes: 0, ..Limits::default() };
    let mut full = Screen::new(Size::new(200, 50), limits);
    for row in 0..50 {
        let mut line = format!("\x1b[{};1H", row + 1);
        for col in 0..200 {
            let _ = write!(line, "\x1b[38;5;{}m{}", col % 40, char::from(b'a' + (col % 26) as u8));
        }
        full.advance(line.as_bytes());
    }
    report("full 200x50", &full, 256 << 10);

    let limits = Limits { scrollback_bytes: 2 * MIB, ..Limits::default() };
    let mut lines = Screen::new(Size::new(80, 24), limits);
    for number in 0..10_024 {
        lines.advance(format!("{number:079}x\r\n").as_bytes());
    }
    assert!(lines.scrollback().len() >= 10_000, "{} lines", lines.scrollback().len());
    report("10,000 lines of 80 plain columns", &lines, 3 * MIB / 2);
}

fn checkpoints() {
    let mut screen = Screen::new(Size::new(200, 50), Limits::default());
    screen.advance(generate(dense_sgr).as_bytes());
    let rounds = 200;
    let mut bytes = 0;
    let start = Clock::start();
    for _ in 0..rounds {
        bytes = screen.checkpoint().len();
    }
    let micros = start.seconds() * 1e6 / f64::from(rounds);
    println!(r#"{{"checkpoint":"dense 200x50","bytes":{bytes},"micros":{micros:.0}}}"#);
    let checkpoint = screen.checkpoint();
    let start = Clock::start();
    for _ in 0..rounds {
        let restored = Screen::restore(&checkpoint, Limits::default());
        assert!(restored.is_ok());
    }
    let micros = start.seconds() * 1e6 / f64::from(rounds);
    println!(r#"{{"restore":"dense 200x50","micros":{micros:.0}}}"#);
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
        out.push_str(WORDS.get((n + word) % 8).copied().unwrap_or_default());
        out.push(' ');
    }
    out.push_str("\r\n");
}

fn redraw(out: &mut String, n: usize) {
    out.push_str("\x1b[H");
    for row in 0..50 {
        let _ = write!(out, "\x1b[{};1H", row + 1);
        for col in 0..20 {
            let _ = write!(out, "{:07} ", n * 50 + row * 20 + col);
        }
    }
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

fn short_lines(out: &mut String, n: usize) {
    let _ = write!(out, "{n}\r\n");
}
