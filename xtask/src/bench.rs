//! `cargo xtask bench`: how fast we are, with tmux and a bare terminal beside us in the same run.
//! Owns the order of the measurements; each has a file of its own, and figures are told by `report`.

mod attach;
mod bulk;
mod echo;
mod idle;
mod machine;
mod outer;
mod report;
mod stage;
mod usage;

use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};

use crate::workspace::{Profile, build_ccc};
use report::Report;

/// The names that `--only` takes, in the order in which they run.
const NAMES: [&str; 4] = ["echo", "bulk", "attach", "idle"];

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Args {
    /// Fewer runs and less data
    #[arg(long)]
    quick: bool,
    /// How often each measurement is taken; its median is told
    #[arg(long)]
    runs: Option<usize>,
    /// Only this measurement
    #[arg(long, value_parser = NAMES)]
    only: Option<String>,
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
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let ccc = args.ccc.clone().map_or_else(|| build_ccc(Profile::Release), Ok)?;
    let ccc = ccc.canonicalize().with_context(|| format!("find {}", ccc.display()))?;
    let runs = args.runs.unwrap_or(if args.quick { 3 } else { 5 });
    ensure!(runs > 0, "a measurement needs at least one run");
    let plan = Plan { ccc, runs, quick: args.quick };
    let mut report = Report::begin(&plan)?;
    for name in NAMES {
        if args.only.as_deref().is_some_and(|only| only != name) {
            continue;
        }
        eprintln!("bench: {name}");
        match name {
            "echo" => echo::measure(&plan, &mut report),
            "bulk" => bulk::measure(&plan, &mut report),
            "attach" => attach::measure(&plan, &mut report),
            _ => idle::measure(&plan, &mut report),
        }
        .with_context(|| format!("measure {name}"))?;
    }
    report.print()
}
