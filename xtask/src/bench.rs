//! `cargo xtask bench`: how fast we are, with tmux and a bare terminal beside us in the same run, and
//! the engine with other emulators beside it.
//! Owns the order of the measurements; each has a file of its own, and figures are told by `report`.

mod attach;
mod bulk;
mod clients;
mod crowd;
mod echo;
mod engine;
mod idle;
mod interrupt;
mod library;
mod machine;
mod net;
mod outer;
mod report;
mod stage;
mod stall;
mod strangers;
mod text;
mod thin;
mod typist;
mod usage;

use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};

use crate::workspace::{Profile, build_ccc};
use report::Report;
use stage::Contender;

/// The names that `--only` takes, in the order in which they run.
const NAMES: [&str; 15] = [
    "echo",
    "interrupt",
    "bulk",
    "clients",
    "attach",
    "idle",
    "stall",
    "crowd",
    "strangers",
    NET,
    THIN,
    ENGINE,
    RECORDING,
    HISTORY,
    SEARCH,
];
/// Has mosh beside it, and tells its own table.
const NET: &str = "net";
/// Tells its own table as well.
const THIN: &str = "thin";
/// It needs neither `ccc` nor a machine to itself, and tells its own tables.
const ENGINE: &str = "engine";
/// These need a disk at most, and no server.
const RECORDING: &str = "recording";
const HISTORY: &str = "history";
const SEARCH: &str = "search";
type Measured = fn(quick: bool) -> Result<()>;
const LIBRARIES: [(&str, Measured); 3] =
    [(RECORDING, library::recording), (HISTORY, library::history), (SEARCH, library::search)];

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Args {
    /// Fewer runs and less data
    #[arg(long)]
    quick: bool,
    /// How often each measurement is taken, 5 times unless it is to be quick; the median is told
    #[arg(long)]
    runs: Option<usize>,
    /// Only this measurement, and others that are named so
    #[arg(long, value_parser = NAMES)]
    only: Vec<String>,
    /// Only figures of this one, and of others that are named so
    #[arg(long, value_enum)]
    of: Vec<Contender>,
    /// The program to measure; else it is built
    #[arg(long)]
    ccc: Option<PathBuf>,
}

/// What every measurement needs to know.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    ccc: PathBuf,
    runs: usize,
    quick: bool,
    /// Who is measured.
    of: Vec<Contender>,
}

impl Plan {
    /// Those that are measured, with another one first in each run.
    fn in_turn(&self, contenders: &[Contender], run: usize) -> Vec<Contender> {
        let wanted = contenders.iter().filter(|contender| self.of.contains(contender));
        let mut wanted: Vec<Contender> = wanted.copied().collect();
        let first = run % wanted.len().max(1);
        wanted.rotate_left(first);
        wanted
    }
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let runs = args.runs.unwrap_or(if args.quick { 3 } else { 5 });
    ensure!(runs > 0, "a measurement needs at least one run");
    let wanted = |name: &str| args.only.is_empty() || args.only.iter().any(|only| only == name);
    if NAMES.iter().any(|name| of_a_server(name) && wanted(name)) {
        of_the_whole(args, runs, wanted)?;
    }
    if wanted(ENGINE) {
        eprintln!("bench: {ENGINE}");
        engine::measure(runs).with_context(|| format!("measure {ENGINE}"))?;
    }
    for (name, measure) in LIBRARIES {
        if wanted(name) {
            eprintln!("bench: {name}");
            measure(args.quick).with_context(|| format!("measure {name}"))?;
        }
    }
    Ok(())
}

fn of_a_server(name: &str) -> bool {
    ![ENGINE, RECORDING, HISTORY, SEARCH].contains(&name)
}

/// What is measured with servers, clients and terminals.
fn of_the_whole(args: &Args, runs: usize, wanted: impl Fn(&str) -> bool) -> Result<()> {
    let ccc = args.ccc.clone().map_or_else(|| build_ccc(Profile::Release), Ok)?;
    let ccc = ccc.canonicalize().with_context(|| format!("find {}", ccc.display()))?;
    let of = if args.of.is_empty() { Contender::ALL.to_vec() } else { args.of.clone() };
    let plan = Plan { ccc, runs, quick: args.quick, of };
    let mut report = Report::begin(&plan)?;
    for name in NAMES.into_iter().filter(|name| of_a_server(name) && wanted(name)) {
        eprintln!("bench: {name}");
        match name {
            "echo" => echo::measure(&plan, &mut report),
            "interrupt" => interrupt::measure(&plan, &mut report),
            "bulk" => bulk::measure(&plan, &mut report),
            "clients" => clients::measure(&plan, &mut report),
            "attach" => attach::measure(&plan, &mut report),
            "idle" => idle::measure(&plan, &mut report),
            "crowd" => crowd::measure(&plan, &mut report),
            "strangers" => strangers::measure(&plan, &mut report),
            NET => net::measure(&plan),
            THIN => thin::measure(&plan),
            _ => stall::measure(&plan, &mut report),
        }
        .with_context(|| format!("measure {name}"))?;
    }
    report.print()
}
