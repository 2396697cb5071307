//! The engine beside other emulators, on one core: MiB/s for each kind of output, and the engine's
//! memory. `cargo xtask bench --only engine` builds and runs it. Owns the arguments and the tables.
//!
//! Arguments: `--runs N` (measured passes, 7 unless told), `--input NAME`, `--of NAME`.

mod clock;
mod contender;
mod inputs;
mod memory;

use std::process::ExitCode;

use contender::Contender;
use inputs::{INPUTS, Input};

/// What counts for the memory table.
#[global_allocator]
static ALLOCATED: cap::Cap<std::alloc::System> = cap::Cap::new(std::alloc::System, usize::MAX);

/// How often each pair is measured.
const RUNS: usize = 7;

#[derive(Debug)]
struct Args {
    runs: usize,
    input: Option<String>,
    of: Option<String>,
}

fn main() -> ExitCode {
    match arguments(std::env::args().skip(1)) {
        Ok(args) => {
            speed(&args);
            if args.input.is_none() && args.of.is_none() {
                memory::table();
            }
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::from(2)
        }
    }
}

fn arguments(mut words: impl Iterator<Item = String>) -> Result<Args, String> {
    let mut args = Args { runs: RUNS, input: None, of: None };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        match word.as_str() {
            "--runs" => {
                args.runs = value()?.parse().map_err(|error| format!("read --runs: {error}"))?;
            }
            "--input" => args.input = Some(value()?),
            "--of" => args.of = Some(value()?),
            _ => return Err(format!("{word} is no argument of this program")),
        }
    }
    let known = |name: &String| INPUTS.iter().any(|input| input.name == name);
    match &args.input {
        Some(name) if !known(name) => Err(format!("there is no input {name:?}")),
        _ if args.runs == 0 => Err("a measurement needs at least one run".to_owned()),
        _ => Ok(args),
    }
}

fn speed(args: &Args) {
    let names: Vec<&str> = Contender::NAMES.to_vec();
    println!("| MiB/s | {} | ours / alacritty_terminal |", names.join(" | "));
    println!("|---|{}---|", "---|".repeat(names.len()));
    let wanted = |input: &&Input| args.input.as_deref().is_none_or(|only| only == input.name);
    for input in INPUTS.iter().filter(wanted) {
        let of = |name: &&str| args.of.as_deref().is_none_or(|only| only == *name);
        let speeds =
            measure(input, args.runs, &names.iter().copied().filter(of).collect::<Vec<_>>());
        let speed = |name: &str| speeds.iter().find(|(of, _)| *of == name).map(|(_, speed)| *speed);
        let cells: Vec<String> = names
            .iter()
            .map(|name| speed(name).map_or("–".to_owned(), |speed| format!("{speed:.0}")))
            .collect();
        let ratio = match (speed("ccc-vt"), speed("alacritty_terminal")) {
            (Some(ours), Some(theirs)) => format!("{:.2}", ours / theirs),
            _ => "–".to_owned(),
        };
        println!("| {} | {} | {ratio} |", input.name, cells.join(" | "));
    }
}

/// The median speed of each contender. Each has seen the input once before, so that its scrollback is
/// full; then they run in turn, another one first in each round.
fn measure(input: &Input, runs: usize, names: &[&'static str]) -> Vec<(&'static str, f64)> {
    let bytes = input.bytes();
    let mut contenders: Vec<(Contender, Vec<f64>)> =
        names.iter().map(|name| (Contender::new(name, input), Vec::new())).collect();
    for (contender, _) in &mut contenders {
        contender.feed(&bytes);
        contender.check(input);
    }
    for run in 0..runs {
        let count = contenders.len();
        for turn in 0..count {
            if let Some((contender, seconds)) = contenders.get_mut((run + turn) % count) {
                seconds.push(clock::seconds(|| contender.feed(&bytes)));
            }
        }
    }
    let mib = bytes.len() as f64 / f64::from(1 << 20);
    contenders
        .into_iter()
        .zip(names)
        .map(|((_, mut seconds), name)| {
            seconds.sort_unstable_by(f64::total_cmp);
            let median = seconds.get(seconds.len() / 2).copied().unwrap_or(f64::NAN);
            (*name, mib / median)
        })
        .collect()
}
