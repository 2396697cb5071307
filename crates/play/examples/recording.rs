//! What segments cost and give: a recording made on the disk, sealed as a server does it, and looked
//! into at random. `cargo xtask bench --only recording` runs it.
//!
//! Usage: recording MIB [KIB OF A CHUNK]

#![expect(clippy::print_stdout, reason = "it prints what it measured")]
#![allow(clippy::unwrap_used, reason = "a measurement that fails has no other use")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use ccc_journal::{
    BootId, CHUNK_BYTES, Event, EventWriter, JournalWriter, Offset, PaneUlid, ROTATE_BYTES,
    Sealing, Size as CellSize, offset_at, pieces, sealable, verify,
};
use ccc_play::{keyframes, screen_at};
use ccc_vt::{Limits, Size};

const SIZE: Size = Size { cols: 120, rows: 40 };
const LOOKS: u64 = 200;
/// What is written at a time, and the time that passes meanwhile.
const TURN: usize = 16 * 1024;
const TURN_NS: u64 = 10_000_000;

/// Adds a line to a text.
type Line = fn(&mut Random, &mut String);

fn main() {
    let mib: u64 = std::env::args().nth(1).and_then(|mib| mib.parse().ok()).unwrap_or(256);
    let chunk = std::env::args().nth(2).and_then(|kib| kib.parse::<u32>().ok());
    let chunk = chunk.map_or(CHUNK_BYTES, |kib| kib << 10);
    println!(
        "recordings of {mib} MiB, sealed in files of {} MiB and chunks of {} KiB",
        ROTATE_BYTES >> 20,
        chunk >> 10
    );
    println!(
        "| text | segments, of zstd -3 | of the bytes | seal MiB/s | verify MiB/s | seek p50 ms | p99 ms | by time p50 ms | p99 ms |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let kinds: [(&str, Line); 4] =
        [("log", log), ("colour", colour), ("unicode", unicode), ("redraws", redraws)];
    for (name, line) in kinds {
        measure(name, mib << 20, chunk, line);
    }
}

fn measure(name: &str, bytes: u64, chunk: u32, line: Line) {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let whole = record(dir, bytes, line);
    let pane: PaneUlid = "01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();

    let began = Instant::now();
    let mut raw = 0;
    for file in sealable(dir).unwrap() {
        raw += file.len;
        seal(dir, pane, &file, chunk);
    }
    let sealed = began.elapsed();
    let found = pieces(dir).unwrap();
    let segments: u64 =
        found.pieces.iter().filter_map(|piece| piece.segment.as_ref()).map(|file| file.size).sum();

    let began = Instant::now();
    assert!(verify(dir).unwrap().faults.is_empty());
    let verified = began.elapsed();

    let end = found.end().0;
    let mut random = Random(99);
    let mut looks: Vec<Duration> = Vec::new();
    for _ in 0..LOOKS {
        let at = Offset(random.below(end));
        let began = Instant::now();
        let (_screen, reached) = screen_at(dir, at, SIZE, Limits::default()).unwrap();
        looks.push(began.elapsed());
        assert_eq!(reached, at);
    }
    let mut by_time: Vec<Duration> = Vec::new();
    for _ in 0..LOOKS {
        let wall = WALL_NS + random.below(end / TURN as u64) * TURN_NS;
        let began = Instant::now();
        let at = offset_at(dir, wall).unwrap().unwrap();
        screen_at(dir, at, SIZE, Limits::default()).unwrap();
        by_time.push(began.elapsed());
    }
    let speed = |bytes: u64, time: Duration| (bytes >> 20) as f64 / time.as_secs_f64();
    let (p50, p99) = percentiles(looks);
    let (time_p50, time_p99) = percentiles(by_time);
    println!(
        "| {name} | {:.3} | {:.3} | {:.0} | {:.0} | {p50:.1} | {p99:.1} | {time_p50:.1} | {time_p99:.1} |",
        segments as f64 / whole as f64,
        segments as f64 / raw as f64,
        speed(raw, sealed),
        speed(segments, verified),
    );
}

fn seal(dir: &Path, pane: PaneUlid, file: &ccc_journal::JournalFile, chunk: u32) {
    let mut sealing = Sealing::begin(dir, pane, file, chunk).unwrap();
    while sealing.next_chunk().unwrap() {}
    keyframes(dir, file.first, file.end(), SIZE, Limits::default(), &mut |state| {
        sealing.add_keyframe(&state)?;
        Ok(true)
    })
    .unwrap();
    sealing.finish().unwrap();
}

const WALL_NS: u64 = 1_700_000_000_000_000_000;

/// Writes a recording, and gives the size of what is sealed of it as one stream of `zstd -3`.
fn record(dir: &Path, bytes: u64, line: Line) -> u64 {
    let mut journal = JournalWriter::open(dir, ROTATE_BYTES).unwrap();
    let (mut events, _) = EventWriter::open(dir).unwrap();
    let (boot_id, offset) = (BootId([1; 16]), Offset::ZERO);
    events.append(&Event::Started { offset, wall_ns: WALL_NS, mono_ns: 0, boot_id }).unwrap();
    let size = CellSize { cols: SIZE.cols, rows: SIZE.rows };
    events.append(&Event::Resize { offset, size }).unwrap();
    let mut stream = zstd::stream::Encoder::new(Counter(0), 3).unwrap();
    let mut random = Random(7);
    let mut text = String::new();
    let mut mono_ns = 0;
    while journal.offset().0 < bytes {
        text.clear();
        while text.len() < TURN {
            line(&mut random, &mut text);
        }
        mono_ns += TURN_NS;
        events.append(&Event::Time { offset: journal.offset(), mono_ns }).unwrap();
        journal.append(text.as_bytes()).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        journal.rotate_if_due().unwrap();
    }
    // An empty newest file, so that the same bytes are sealed that were counted.
    journal.rotate().unwrap();
    stream.finish().unwrap().0
}

/// Counts what is written to it.
struct Counter(u64);

impl std::io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn percentiles(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort_unstable();
    let at = |part: usize| times[(times.len() - 1) * part / 100].as_secs_f64() * 1e3;
    (at(50), at(99))
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }
}

/// Lines like those of a busy service.
fn log(random: &mut Random, out: &mut String) {
    let (worker, took, item) = (random.below(16), random.below(900), random.below(100_000));
    let _ = write!(
        out,
        "2026-01-01T10:{:02}:{:02}.{:06} INFO worker-{worker} served in {took} ms path \
         /api/v1/items/{item}\r\n",
        random.below(60),
        random.below(60),
        random.below(1_000_000)
    );
}

/// Each word in a colour of its own.
fn colour(random: &mut Random, out: &mut String) {
    for _ in 0..10 {
        let (index, red, word) = (random.below(256), random.below(256), random.below(100_000));
        let _ =
            write!(out, "\x1b[38;5;{index}mword{word}\x1b[48;2;{red};20;{index}m \x1b[1;4mx\x1b[m");
    }
    out.push_str("\r\n");
}

/// Korean, Chinese, accents, emoji alone and joined.
fn unicode(random: &mut Random, out: &mut String) {
    let words = [
        "안녕하세요",
        "터미널",
        "漢字仮名",
        "naïve",
        "e\u{301}tude",
        "🚀",
        "👩\u{200d}🔧",
        "Привет",
    ];
    for _ in 0..8 {
        out.push_str(words[random.below(8) as usize]);
        out.push(' ');
    }
    out.push_str("\r\n");
}

/// What agents and monitors do: every row anew, as one synchronized update.
fn redraws(random: &mut Random, out: &mut String) {
    out.push_str("\x1b[?2026h\x1b[H");
    for row in 1..SIZE.rows {
        let (color, number) = (random.below(256), random.below(1_000_000));
        let _ = write!(
            out,
            "\x1b[{row};1H\x1b[38;5;{color}mrow {row} of a screen {number:>40}\x1b[m\x1b[K"
        );
    }
    out.push_str("\x1b[?2026l");
}
