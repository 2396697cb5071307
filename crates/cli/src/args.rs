//! The command line as data: every command, flag and example. Owns the words that people type;
//! `--help`, the man pages and the completions are made of this. Does nothing by itself.

mod care;
mod copy;
mod forward;
mod layout;
mod life;
mod machines;
mod memory;
mod script;

use std::ffi::OsString;

use clap::{Args as ClapArgs, Parser, Subcommand};

pub(crate) use care::{ConfigCommand, DoctorArgs, Sort, TopArgs};
pub(crate) use copy::{CopyArgs, Side as CopySide};
pub(crate) use forward::ForwardArgs;
pub(crate) use layout::{LayoutCommand, PaneCommand, Side, SplitArgs, TabCommand};
pub(crate) use life::{
    AttachArgs, DetachArgs, KillArgs, LsArgs, NewArgs, Predict, RenameArgs, RestartArgs, RmArgs,
    ServeArgs, SwitchArgs,
};
pub(crate) use machines::{
    AuditCommand, GrantArgs, HostsCommand, InviteArgs, Level, OnHost, PairArgs, RevokeArgs, Role,
    RoleArgs, ServerCommand, TokenCommand, WhoArgs,
};
pub(crate) use memory::{
    CastArg, Exit, ExportArgs, HistoryArgs, HistoryCommand, HistoryOf, RecCommand, ReplayArgs,
    SearchArgs,
};
pub(crate) use script::{
    CaptureArgs, ControlArgs, EventsArgs, InterruptArgs, PeekArgs, ResizeArgs, RunArgs, SendArgs,
    TailArgs, WaitArgs,
};

/// Terminals that outlive everything, remember everything, and are at hand from any machine.
#[derive(Debug, Parser)]
#[command(
    name = "ccc",
    version,
    propagate_version = false,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "A target is [HOST/]SESSION[:TAB[.PANE]] or an id such as s3, t7, p12; inside a pane it may be left out.\n\nExample: ccc attach work --create"
)]
pub(crate) struct Args {
    /// Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) token_file: Option<std::path::PathBuf>,
    /// Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`;
    /// `pair` and `hosts add` remember it
    #[arg(long, global = true, value_name = "COMMAND")]
    pub(crate) via: Option<String>,
    /// What carries connections: `quic`, `tcp`, or `auto`, which is QUIC, and TCP where UDP does not pass
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "TRANSPORT",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        conflicts_with = "via"
    )]
    pub(crate) transport: Transport,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What carries connections to addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Transport {
    Auto,
    Quic,
    Tcp,
}

/// Print a machine-readable answer.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub(crate) struct Json {
    /// Print JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// What a new pane starts.
#[derive(Clone, Debug, Default, ClapArgs)]
pub(crate) struct SpawnArgs {
    /// Start in this directory, which must exist
    #[arg(long, value_name = "DIR")]
    pub(crate) cwd: Option<OsString>,
    /// Set a variable of the new pane; may be given more than once
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    pub(crate) env: Vec<(OsString, OsString)>,
    /// Keep no recording on disk
    #[arg(long)]
    pub(crate) no_record: bool,
    /// The command to start instead of a shell, after `--`
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

/// Everything that `ccc` does.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    // Life.
    Serve(ServeArgs),
    Attach(AttachArgs),
    Switch(SwitchArgs),
    New(NewArgs),
    Ls(LsArgs),
    Rename(RenameArgs),
    Detach(DetachArgs),
    Kill(KillArgs),
    Rm(RmArgs),
    Restart(RestartArgs),
    // Layout.
    /// Make, list, select, rename, move and close tabs
    #[command(subcommand)]
    Tab(TabCommand),
    Split(SplitArgs),
    /// List, select, resize, swap, zoom, float, break and close panes
    #[command(subcommand)]
    Pane(PaneCommand),
    /// Save and load the tabs and splits of a session
    #[command(subcommand)]
    Layout(LayoutCommand),
    // Script.
    Run(RunArgs),
    Send(SendArgs),
    Interrupt(InterruptArgs),
    Capture(CaptureArgs),
    Tail(TailArgs),
    Peek(PeekArgs),
    Wait(WaitArgs),
    Resize(ResizeArgs),
    Events(EventsArgs),
    Control(ControlArgs),
    Export(ExportArgs),
    // Memory.
    /// List recordings, look at one, check them, forget one
    #[command(subcommand)]
    Rec(RecCommand),
    History(HistoryArgs),
    Search(SearchArgs),
    Replay(ReplayArgs),
    // Machines.
    Invite(InviteArgs),
    Pair(PairArgs),
    /// List, add, rename and forget the machines that this one was paired with
    #[command(subcommand)]
    Hosts(HostsCommand),
    Who(WhoArgs),
    #[command(name = "cp")]
    Copy(CopyArgs),
    /// Carry a connection to the server of this machine over standard input and output, for --via elsewhere
    ///
    /// It is encrypted from end to end: whoever runs this needs no key, and reads nothing.
    #[command(after_help = "Example: ccc attach --via 'ssh box ccc stdio' box/work")]
    Stdio,
    Forward(ForwardArgs),
    Grant(GrantArgs),
    Role(RoleArgs),
    Revoke(RevokeArgs),
    /// Make, list and end tokens, by which scripts connect without a key of their own
    #[command(subcommand)]
    Token(TokenCommand),
    /// Give the server another key
    #[command(subcommand)]
    Server(ServerCommand),
    /// Look at what was decided about rights, and check that nobody changed it
    #[command(subcommand)]
    Audit(AuditCommand),
    // Care.
    Doctor(DoctorArgs),
    Top(TopArgs),
    /// Check the configuration, or say where it lies
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print the versions of this program and of the running server
    #[command(after_help = "Example: ccc version --json")]
    Version {
        #[command(flatten)]
        on: OnHost,
        #[command(flatten)]
        json: Json,
    },
    /// Print the completion script of a shell
    #[command(
        after_help = "Example: ccc completions bash > ~/.local/share/bash-completion/completions/ccc"
    )]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write all pages into a folder
    #[command(after_help = "Example: ccc man | man -l -")]
    Man {
        /// Write a page for each command into this folder
        #[arg(long, value_name = "DIR")]
        dir: Option<std::path::PathBuf>,
    },
    /// The process that owns the terminals; started by the server
    #[command(hide = true)]
    Keeper(KeeperArgs),
}

/// How the keeper is started.
#[derive(Debug, ClapArgs)]
pub(crate) struct KeeperArgs {
    /// The state directory
    #[arg(long, value_name = "DIR")]
    pub(crate) state: std::path::PathBuf,
    /// Hold everything, do nothing, and take over when the keeper dies
    #[arg(long)]
    pub(crate) spare: bool,
}

fn variable(text: &str) -> Result<(OsString, OsString), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.into(), value.into())),
        _ => Err("a variable is written NAME=VALUE".into()),
    }
}

/// A span of time as people write it: `10s`, `500ms`, `2m`, `1h`, or seconds as a bare number.
pub(crate) fn duration(text: &str) -> Result<std::time::Duration, String> {
    let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let scale = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return Err("a time is written like 500ms, 10s, 2m or 1h".into()),
    };
    let seconds: f64 = number.parse().map_err(|_none| "a time begins with a number".to_owned())?;
    std::time::Duration::try_from_secs_f64(seconds * scale).map_err(|error| error.to_string())
}

/// An address to listen on as people write it: `0.0.0.0`, `192.0.2.1:4433`, `[::]:4433`.
pub(crate) fn listen(text: &str) -> Result<ccc_server::Listen, String> {
    if let Ok(address) = text.parse::<std::net::IpAddr>() {
        return Ok(ccc_server::Listen { address, port: None });
    }
    let address: std::net::SocketAddr = text
        .parse()
        .map_err(|_none| "an address is written like 0.0.0.0, 192.0.2.1:4433 or [::]:4433")?;
    Ok(ccc_server::Listen { address: address.ip(), port: Some(address.port()) })
}

/// A size as people write it: `120x40`.
pub(crate) fn size(text: &str) -> Result<ccc_proto::WireSize, String> {
    let (cols, rows) = text.split_once('x').ok_or("a size is written COLSxROWS, like 120x40")?;
    let side = |text: &str| match text.parse() {
        Ok(side) if (1..=ccc_proto::limits::SIDE).contains(&side) => Ok(side),
        _ => Err(format!("a side is a number from 1 to {}", ccc_proto::limits::SIDE)),
    };
    Ok(ccc_proto::WireSize { cols: side(cols)?, rows: side(rows)? })
}

#[cfg(test)]
mod tests;
