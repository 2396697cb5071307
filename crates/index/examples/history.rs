//! How long questions about commands take in an index of many: `history COMMANDS`. Prints a line for each
//! question with the median and the slowest of its runs in milliseconds.

#![expect(clippy::print_stdout, reason = "what it measures is what it is for")]

use std::time::{Duration, Instant};

use ccc_index::{Command, CommandFilter, ExitFilter, Index};

/// How often each question is asked.
const RUNS: usize = 21;
/// What a listing shows.
const SHOWN: usize = 100;
/// Commands that are put in at once.
const BATCH: u64 = 16 * 1024;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count: u64 = std::env::args().nth(1).map_or(Ok(1_000_000), |text| text.parse())?;
    let folder = std::env::temp_dir().join(format!("ccc-history-{}", std::process::id()));
    let done = measure(count, &folder);
    std::fs::remove_dir_all(&folder)?;
    done
}

fn measure(count: u64, folder: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
    let began = Instant::now();
    let index = Index::open(folder)?.index;
    let mut at = 0;
    while at < count {
        let texts: Vec<(u64, String)> =
            (at..(at + BATCH).min(count)).map(|number| (number, text(number))).collect();
        let commands: Vec<_> = texts.iter().map(|(number, text)| command(*number, text)).collect();
        index.put_commands(&commands)?;
        at += BATCH;
    }
    index.flush(folder)?;
    println!("built\t{:.1} s", began.elapsed().as_secs_f64());
    println!("on disk\t{:.0} MiB", size(folder)? as f64 / 1_048_576.0);

    let all = CommandFilter::default();
    let text = |text: &str| CommandFilter { text: text.into(), ..CommandFilter::default() };
    let questions = [
        ("newest", all.clone()),
        ("a text that is common", text("cargo")),
        ("a text that ran once, long ago", text("unique-123-word")),
        ("a text that never ran", text("kubectl rollout")),
        ("two letters that never ran", text("zq")),
        ("failed", CommandFilter { exit: ExitFilter::Failed, ..all.clone() }),
        ("a status that is rare", CommandFilter { exit: ExitFilter::Code(77), ..all.clone() }),
        ("a session of long ago", CommandFilter { sessions: vec!["old".into()], ..all.clone() }),
        ("a directory of long ago", CommandFilter { cwd: "/srv/archive".into(), ..all.clone() }),
        ("since an hour", CommandFilter { since_unix_ms: time(count) - 3_600_000, ..all }),
    ];
    for (name, filter) in questions {
        let mut times = Vec::new();
        let mut found = 0;
        for _ in 0..RUNS {
            let began = Instant::now();
            found = 0;
            index.commands(&filter, None, |_, _| {
                found += 1;
                found < SHOWN
            })?;
            times.push(began.elapsed());
        }
        times.sort();
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        let (median, slowest) = (times[RUNS / 2], times[RUNS - 1]);
        println!("{name}\t{:.2} ms\t{:.2} ms\t{found} found", ms(median), ms(slowest));
    }
    // What no summary rules out, as a search by letters or an expression.
    let (mut times, mut looked) = (Vec::new(), 0_u64);
    for _ in 0..RUNS {
        let began = Instant::now();
        looked = 0;
        index.commands(&CommandFilter::default(), None, |_, _| {
            looked += 1;
            true
        })?;
        times.push(began.elapsed());
    }
    times.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    let (median, slowest) = (times[RUNS / 2], times[RUNS - 1]);
    println!("every command\t{:.2} ms\t{:.2} ms\t{looked} looked at", ms(median), ms(slowest));
    let began = Instant::now();
    index.put_commands(&[command(count, "one more")])?;
    println!("one more\t{:.2} ms", began.elapsed().as_secs_f64() * 1000.0);
    Ok(())
}

/// Bytes of all files in a folder and below.
fn size(folder: &std::path::Path) -> std::io::Result<u64> {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        sum += if meta.is_dir() { size(&entry.path())? } else { meta.len() };
    }
    Ok(sum)
}

/// A command every 20 seconds or so.
fn time(number: u64) -> u64 {
    1_700_000_000_000 + number * 20_000
}

/// What people type: much of it again and again, some of it once.
fn text(number: u64) -> String {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    match mixed % 10 {
        0 | 1 => "git status".into(),
        2 => format!("cargo test --workspace -- module_{}", mixed % 97),
        3 => format!("vim crates/server/src/file_{}.rs", mixed % 331),
        4 => format!("git commit -m 'topic {}: change number {number}'", mixed % 40),
        5 => format!("ssh box{} journalctl -u service-{}", mixed % 13, mixed % 29),
        6 => format!("grep -rn 'pattern {}' src | head -{}", mixed % 500, mixed % 50),
        7 => format!("curl -s https://example.org/api/v1/items/{mixed}"),
        8 => "ls -la".into(),
        _ => format!("cd ~/projects/number-{}/src && make -j{}", mixed % 60, mixed % 8),
    }
}

fn command(number: u64, text: &str) -> Command<'_> {
    let mixed = number.wrapping_mul(0xd134_2543_de82_ef95) >> 44;
    let old = number == 12_345;
    Command {
        started_unix_ms: time(number),
        pane: ["01JD0000000000000000000000", "01JD0000000000000000000001"]
            [usize::from(mixed.is_multiple_of(2))],
        mark: number * 100,
        session: match (old, mixed % 3) {
            (true, _) => "old",
            (_, 0) => "work",
            (_, 1) => "play",
            _ => "server",
        },
        text: if old { "echo unique-123-word" } else { text },
        cwd: match (old, mixed % 4) {
            (true, _) => "/srv/archive/deep",
            (_, 0) => "/home/ann/projects/ccc",
            (_, 1) => "/home/ann/projects/other/src",
            (_, 2) => "/home/ann",
            _ => "/tmp",
        },
        from: number * 100 + 1,
        to: Some(number * 100 + 90),
        exit: Some(if old { 77 } else { i32::from(mixed.is_multiple_of(11)) }),
        duration_ms: Some(mixed % 5000),
    }
}
