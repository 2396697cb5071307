//! What a search costs: a recording made on the disk, sealed as a server does it, its lines stored, and
//! looked through. `cargo xtask bench --only search` runs it.
//!
//! Usage: search MIB

#![expect(clippy::print_stdout, reason = "it prints what it measured")]
#![allow(clippy::unwrap_used, reason = "a measurement that fails has no other use")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use ccc_journal::{
    BootId, CHUNK_BYTES, Event, EventWriter, JournalWriter, LinesOf, LinesReader, Offset, PaneUlid,
    ROTATE_BYTES, Sealing, Size as CellSize, lines_file_name, sealable, segments, write_lines,
};
use ccc_play::{Case, LinesCache, Pattern, Query, Sought, keyframes, make_lines, search};
use ccc_vt::{Limits, Size};

const SIZE: Size = Size { cols: 120, rows: 40 };
const TURN: usize = 16 * 1024;
const TURN_NS: u64 = 10_000_000;
const WALL_NS: u64 = 1_700_000_000_000_000_000;
const PANE: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
/// Finds of one search, as a screen shows them.
const COUNT: usize = 50;
/// Looks of which the median is told.
const RUNS: usize = 5;

fn main() {
    let mib: u64 = std::env::args().nth(1).and_then(|mib| mib.parse().ok()).unwrap_or(256);
    println!(
        "a recording whose lines are {mib} MiB of text; times are medians of {RUNS}, read before"
    );
    for (name, coloured) in [("log", false), ("colour", true)] {
        measure(name, mib << 20, coloured);
    }
}

fn measure(name: &str, bytes: u64, coloured: bool) {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join(PANE);
    std::fs::create_dir(&dir).unwrap();
    let plain = root.path().join("plain.txt");
    record(&dir, &plain, bytes, coloured);
    let pane: PaneUlid = PANE.parse().unwrap();
    for file in sealable(&dir).unwrap() {
        let mut sealing = Sealing::begin(&dir, pane, &file, CHUNK_BYTES).unwrap();
        while sealing.next_chunk().unwrap() {}
        keyframes(&dir, file.first, file.end(), SIZE, Limits::default(), &mut |state| {
            sealing.add_keyframe(&state)
        })
        .unwrap();
        sealing.finish().unwrap();
    }

    let began = Instant::now();
    let (mut raw, mut sealed, mut stored, mut tables, mut text) = (0, 0, 0, 0, 0);
    for file in segments(&dir).unwrap().0 {
        let of = LinesOf::segment(&file.header);
        let lines = make_lines(&dir, of, SIZE, false, &mut || true).unwrap().unwrap();
        write_lines(&dir, file.header.number, &lines).unwrap();
        raw += file.header.len;
        sealed += file.size;
        stored += lines.len() as u64;
        let reader = LinesReader::open(&dir.join(lines_file_name(file.header.number))).unwrap();
        tables += u64::from(reader.table_size());
        text += reader.chunks().iter().map(|chunk| u64::from(chunk.text_len)).sum::<u64>();
    }
    let made = began.elapsed();
    println!(
        "\n{name}: lines of {} MiB made at {:.0} MiB/s of output; with tables {:.0} % of the segments, tables alone {:.2} %\n",
        text >> 20,
        (raw >> 20) as f64 / made.as_secs_f64(),
        100.0 * stored as f64 / sealed as f64,
        100.0 * tables as f64 / sealed as f64,
    );
    let cache = LinesCache::default();
    println!(
        "| pattern | finds | ms to {COUNT} finds | ms to the end | of processors at least | rg ms |"
    );
    println!("|---|---|---|---|---|---|");
    let patterns = [
        ("a needle in the oldest part", "needle 7", false),
        ("a frequent word", "refused", false),
        ("three letters", "q7z", false),
        ("a word that is not there", "stalactite", false),
        ("letters of a hash that is not there", "3f2a91c77e", false),
        ("a number, here and there", "request 77123", false),
        ("a frequent expression", r"took \d+ms$", true),
        ("an expression with a word", r"worker-1[0-3].*refused", true),
        ("an expression without one", r"\b[0-9]{7,}[a-f]+\b", true),
        ("one with a class of others", r#"=[^ ]*zz[^ ]*x"#, true),
    ];
    for (what, pattern, is_regex) in patterns {
        let first = median(|| run(&dir, &cache, pattern, is_regex, COUNT).0);
        let (_, count) = run(&dir, &cache, pattern, is_regex, 1_000_000);
        let mut least = Duration::MAX;
        let all = median(|| {
            let before = processors();
            let time = run(&dir, &cache, pattern, is_regex, 1_000_000).0;
            least = least.min(processors().saturating_sub(before));
            time
        });
        println!(
            "| {what}: `{pattern}` | {count} | {:.1} | {:.0} | {:.0} | {} |",
            ms(first),
            ms(all),
            ms(least),
            beside(&plain, pattern, is_regex)
        );
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// What this process took of all processors so far, which others on the machine do not lengthen much.
fn processors() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap()
}

fn median(mut look: impl FnMut() -> Duration) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS).map(|_| look()).collect();
    times.sort_unstable();
    times[RUNS / 2]
}

fn run(
    dir: &Path,
    cache: &LinesCache,
    pattern: &str,
    is_regex: bool,
    count: usize,
) -> (Duration, usize) {
    let began = Instant::now();
    let query = Query {
        pattern: Pattern::new(pattern, is_regex, Case::Smart).unwrap(),
        since_ms: 0,
        command: None,
        context: 0,
        count,
    };
    let sought = [Sought { dir: dir.to_owned(), size: SIZE }];
    let mut found = 0;
    search(&sought, &query, cache, &|| false, &mut |finds, _| {
        found += finds.len();
        true
    });
    (began.elapsed(), found)
}

/// ripgrep on the same lines as plain text, where it is installed.
fn beside(plain: &Path, pattern: &str, is_regex: bool) -> String {
    let look = || {
        let began = Instant::now();
        let mut command = Command::new("rg");
        command.args(["-c", "--smart-case"]).args((!is_regex).then_some("-F"));
        let ended = command.arg("-e").arg(pattern).arg(plain).output();
        ended.map(|_| began.elapsed())
    };
    match look() {
        Ok(_) => format!("{:.0}", ms(median(|| look().unwrap_or_default()))),
        Err(_) => "-".into(),
    }
}

/// Writes a recording and the same as plain text.
fn record(dir: &Path, plain: &Path, bytes: u64, coloured: bool) {
    let mut journal = JournalWriter::open(dir, ROTATE_BYTES).unwrap();
    let (mut events, _) = EventWriter::open(dir).unwrap();
    let (boot_id, offset) = (BootId([1; 16]), Offset::ZERO);
    events.append(&Event::Started { offset, wall_ns: WALL_NS, mono_ns: 0, boot_id }).unwrap();
    let size = CellSize { cols: SIZE.cols, rows: SIZE.rows };
    events.append(&Event::Resize { offset, size }).unwrap();
    let mut file = std::io::BufWriter::new(std::fs::File::create(plain).unwrap());
    let mut random = Random(7);
    let (mut mono_ns, mut number, mut written) = (0, 0_u64, 0);
    let (mut text, mut line) = (String::new(), String::new());
    while written < bytes {
        text.clear();
        while text.len() < TURN {
            number += 1;
            line.clear();
            log(&mut random, number, &mut line);
            written += line.len() as u64 + 1;
            std::io::Write::write_all(&mut file, line.as_bytes()).unwrap();
            std::io::Write::write_all(&mut file, b"\n").unwrap();
            if coloured {
                for (at, word) in line.split(' ').enumerate() {
                    let gap = if at > 0 { " " } else { "" };
                    let _ = write!(text, "{gap}\x1b[3{}m{word}\x1b[0m", (at as u64 + number) % 8);
                }
            } else {
                text.push_str(&line);
            }
            text.push_str("\r\n");
        }
        mono_ns += TURN_NS;
        events.append(&Event::Time { offset: journal.offset(), mono_ns }).unwrap();
        journal.append(text.as_bytes()).unwrap();
        journal.rotate_if_due().unwrap();
    }
    journal.rotate().unwrap();
}

fn log(random: &mut Random, number: u64, line: &mut String) {
    if number == 1000 {
        line.push_str("a needle 7 and no other");
        return;
    }
    let worker = random.below(40);
    let hash = random.next();
    let took = random.below(900);
    let what = ["accepted", "refused", "delayed", "sent on", "closed", "retried"];
    let what = what[usize::try_from(random.below(what.len() as u64)).unwrap()];
    let _ = write!(
        line,
        "2026-11-30T{:02}:{:02}:{:02}.{:03}Z worker-{worker} request {number} id={hash:016x} {what} by host-{} took {took}ms",
        number / 3_600_000 % 24,
        number / 60_000 % 60,
        number / 1000 % 60,
        number % 1000,
        random.below(200),
    );
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}
