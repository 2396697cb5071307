//! What a developer runs beside cargo. Owns the list of commands; each has a file of its own. Builds
//! and runs our binary, and contains nothing of the product.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program talks to the person who started it"
)]

mod bench;
mod chaos;
mod ci;
mod fuzz;
mod generate;
mod older;
mod percentile;
mod step;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "xtask", about = "Tasks of this workspace", bin_name = "cargo xtask")]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// How fast it is, with tmux beside it
    Bench(bench::Args),
    /// Everything that must hold before a change goes in, each step timed
    Ci {
        /// Only what is no test: a short fuzz and a short chaos
        #[arg(long)]
        after_tests: bool,
    },
    /// Kill server, keeper, spare and client under load, and compare every byte
    Chaos(chaos::ChaosArgs),
    /// Run every fuzz target for a while
    Fuzz(fuzz::FuzzArgs),
    /// Write the completions and the manual pages, or check that they are fresh
    Gen {
        /// Change nothing; fail when a file is stale
        #[arg(long)]
        check: bool,
    },
    /// Let an earlier one and this one work with each other
    Older(older::OlderArgs),
    /// The house rules that no compiler checks
    Tidy,
    /// The program that chaos runs in its panes
    #[command(hide = true)]
    Recorder(chaos::RecorderArgs),
}

fn main() -> ExitCode {
    let result = match Args::parse().task {
        Task::Bench(args) => bench::run(&args),
        Task::Chaos(args) => chaos::run(&args),
        Task::Ci { after_tests: true } => ci::after_tests(),
        Task::Ci { after_tests: false } => ci::run(),
        Task::Fuzz(args) => fuzz::run(&args),
        Task::Gen { check } => generate::run(check),
        Task::Older(args) => older::run(&args),
        Task::Tidy => tidy::run(),
        Task::Recorder(args) => chaos::record(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
