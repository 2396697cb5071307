//! Commands that scripts are made of. Owns their flags.

use std::time::Duration;

use ccc_proto::WireSize;
use clap::Args;

use super::{Json, SpawnArgs, duration, size};

/// Run a command in a pane of its own, print its output, and end with its status
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc run --timeout 5m -- make test | tee log")]
pub(crate) struct RunArgs {
    /// Give up, and end the command, after this time
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,
    /// Pass standard input on
    #[arg(short, long)]
    pub(crate) interactive: bool,
    /// The size of the pane
    #[arg(long, value_name = "COLSxROWS", value_parser = size, default_value = "80x24")]
    pub(crate) size: WireSize,
    /// Name of the session that it makes
    #[arg(short, long)]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) on: super::OnHost,
    #[command(flatten)]
    pub(crate) spawn: SpawnArgs,
}

/// Type into a pane
#[derive(Debug, Args)]
#[command(
    after_help = "Example: ccc send work \"make test\" --enter\n         ccc send work --keys \"C-c Up <ret>\"\n         ccc send work --paste < notes.txt"
)]
pub(crate) struct SendArgs {
    /// The pane, then the text; inside a pane the text alone will do. No text: standard input
    #[arg(num_args = 0..=2, value_names = ["TARGET", "TEXT"])]
    pub(crate) words: Vec<String>,
    /// The text is keys, such as `C-c Up <ret>`
    #[arg(long, conflicts_with = "paste")]
    pub(crate) keys: bool,
    /// Paste the text, bracketed if the program asks for that
    #[arg(long)]
    pub(crate) paste: bool,
    /// Press Enter after it
    #[arg(long)]
    pub(crate) enter: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Interrupt what runs in a pane, as Ctrl-C does
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc interrupt work:1.2")]
pub(crate) struct InterruptArgs {
    /// The pane
    pub(crate) target: Option<String>,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Print what a pane shows, or lines of its scrollback
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc capture work:1.2 --from -100 --join")]
pub(crate) struct CaptureArgs {
    /// The pane
    pub(crate) target: Option<String>,
    /// First line: a number from 0, or negative for so many above the screen
    #[arg(long, value_name = "LINE", allow_hyphen_values = true)]
    pub(crate) from: Option<i64>,
    /// Last line, counted the same
    #[arg(long, value_name = "LINE", allow_hyphen_values = true)]
    pub(crate) to: Option<i64>,
    /// Keep colours and attributes
    #[arg(long)]
    pub(crate) ansi: bool,
    /// Join lines that were wrapped only for want of width
    #[arg(long)]
    pub(crate) join: bool,
    /// Hide secrets that are known by their form
    #[arg(long, conflicts_with = "ansi")]
    pub(crate) redact: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Print what a pane shows now
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc peek work")]
pub(crate) struct PeekArgs {
    /// The pane
    pub(crate) target: Option<String>,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Print what a pane prints
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc tail -f work:1.2")]
pub(crate) struct TailArgs {
    /// The pane
    pub(crate) target: Option<String>,
    /// Go on until its program ends
    #[arg(short, long)]
    pub(crate) follow: bool,
    /// Begin at this byte of the recording; else at its last 4096 bytes
    #[arg(long, value_name = "OFFSET")]
    pub(crate) from: Option<u64>,
}

/// Wait for something in a pane
#[derive(Debug, Args)]
#[command(
    group = clap::ArgGroup::new("for").required(true).args(["exit", "pattern", "idle", "prompt"]),
    after_help = "Example: ccc wait work --match 'ok$' --timeout 10s"
)]
pub(crate) struct WaitArgs {
    /// The pane
    pub(crate) target: Option<String>,
    /// Until its program ends; ends with the program's status
    #[arg(long)]
    pub(crate) exit: bool,
    /// Until a line, on the screen now or to come, matches this regular expression
    #[arg(long = "match", value_name = "REGEX")]
    pub(crate) pattern: Option<String>,
    /// Until nothing was printed for this time
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) idle: Option<Duration>,
    /// Until the shell prompts; needs a shell that marks its prompts
    #[arg(long)]
    pub(crate) prompt: bool,
    /// Look only at what was printed from this byte on, as `send --json` tells it
    #[arg(long, value_name = "OFFSET")]
    pub(crate) since: Option<u64>,
    /// Give up after this time, with status 124
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Fix the size of a pane's tab, whoever looks at it
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc resize work 120x40")]
pub(crate) struct ResizeArgs {
    /// The pane, left out inside one; then the size, or `auto` to follow its clients again
    #[arg(num_args = 1..=2, required = true, value_names = ["TARGET", "COLSxROWS"])]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Print what changes on the server, a JSON line each
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc events work | jq .what")]
pub(crate) struct EventsArgs {
    /// Only this session
    pub(crate) target: Option<String>,
    /// Accepted for symmetry; events are always JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Take commands as JSON lines on standard input, answer them on standard output
///
/// A line such as {"id": 1, "args": ["ls"]} is answered by {"id": 1, "ok": true, "result": …}.
#[derive(Debug, Default, Args)]
#[command(after_help = "Example: echo '{\"id\":1,\"args\":[\"ls\"]}' | ccc control")]
pub(crate) struct ControlArgs {
    #[command(flatten)]
    pub(crate) on: super::OnHost,
}
