//! Commands that look after things: the configuration, and what panes take of the machine. Owns their
//! flags.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::{Json, duration};

/// What can be done with the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Say what is wrong with the configuration, line by line
    #[command(after_help = "Example: ccc config check")]
    Check {
        /// The file; the user's own when it is left out
        file: Option<PathBuf>,
        #[command(flatten)]
        json: Json,
    },
    /// Print where the configuration lies
    #[command(after_help = "Example: $EDITOR \"$(ccc config path)\"")]
    Path {
        #[command(flatten)]
        json: Json,
    },
}

/// Look at the server and its custody, and say what mends it
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc doctor --json")]
pub(crate) struct DoctorArgs {
    /// Build the index of commands anew from what is on the disk
    #[arg(long)]
    pub(crate) rebuild_index: bool,
    #[command(flatten)]
    pub(crate) on: super::OnHost,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Show what panes take of the machine, and what they record
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc top --sort memory")]
pub(crate) struct TopArgs {
    /// The session; all when it is left out
    pub(crate) target: Option<String>,
    /// By what the table is sorted
    #[arg(short, long, value_enum, default_value_t = Sort::Cpu)]
    pub(crate) sort: Sort,
    /// How often it is refreshed
    #[arg(short, long, value_name = "TIME", default_value = "2s", value_parser = duration)]
    pub(crate) interval: Duration,
    /// Print the table once, as it is when standard output is no terminal
    #[arg(long)]
    pub(crate) once: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// By what the table of `ccc top` is sorted.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Sort {
    Cpu,
    Memory,
    Rate,
    Bytes,
    Name,
}
