//! Commands that remember: what ran in panes, and recordings. Owns their flags.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::{Json, duration};

#[derive(Debug, Subcommand)]
pub(crate) enum RecCommand {
    /// List all recordings, also those of ended and removed sessions
    #[command(after_help = "Example: ccc rec ls --json")]
    Ls {
        #[command(flatten)]
        on: super::OnHost,
        #[command(flatten)]
        json: Json,
    },
    /// Say what a recording holds, or what a file of one is
    #[command(after_help = "Example: ccc rec info work")]
    Info {
        /// A pane, a segment's file, or the directory of a recording
        #[arg(value_name = "TARGET|FILE|DIR")]
        what: Option<OsString>,
        #[command(flatten)]
        json: Json,
    },
    /// Check that recordings are what was written, and name file and place of what is not
    ///
    /// Ends with status 1 when something is wrong. Without a name all recordings are checked, also
    /// when no server runs.
    #[command(after_help = "Example: ccc rec verify work")]
    Verify {
        /// A pane, a segment's file, or a directory of one or of many recordings
        #[arg(value_name = "TARGET|FILE|DIR")]
        what: Option<OsString>,
        #[command(flatten)]
        json: Json,
    },
    /// Make a recording of what another tool recorded
    ///
    /// Reads asciicast (v1, v2, v3), ttyrec, and what script writes. No server is needed. The recording is
    /// shown, searched and written like any other; its name is printed. Where the file is broken, what comes
    /// before is kept, and the command ends with status 1.
    #[command(after_help = "Example: ccc rec import demo.cast --name demo")]
    Import {
        /// The file
        file: PathBuf,
        /// What it is listed as; else its title, else the file's name
        #[arg(long)]
        name: Option<String>,
        /// The file with the times of a typescript
        #[arg(long, value_name = "FILE")]
        timing: Option<PathBuf>,
        /// The size of the terminal, where the file does not tell it
        #[arg(long, value_name = "COLSxROWS", value_parser = super::size)]
        size: Option<ccc_proto::WireSize>,
        #[command(flatten)]
        json: Json,
    },
    /// Keep what a pane prints from the disk, until it is resumed
    ///
    /// What it prints meanwhile is in memory alone, also over the death of the server. When recording goes on, that
    /// is gone from its screen; the recording has a gap there that says why.
    #[command(after_help = "Example: ccc rec pause work")]
    Pause {
        /// The pane
        target: Option<String>,
        #[command(flatten)]
        json: Json,
    },
    /// Record what a pane prints again
    #[command(after_help = "Example: ccc rec resume work")]
    Resume {
        /// The pane
        target: Option<String>,
        #[command(flatten)]
        json: Json,
    },
    /// Delete a part of a recording: what was printed lately, a command, or some bytes
    ///
    /// The bytes are gone, and with them stored lines, the commands that were typed in them, and every stored
    /// screen that could show them; a pane that runs is shown as if they had never been. What comes before and
    /// after stays where it is, with a gap between that says why. Nothing brings it back.
    #[command(
        group = clap::ArgGroup::new("what").required(true),
        after_help = "Example: ccc rec forget work --last 10m"
    )]
    Forget {
        /// A pane, or the name that `rec ls` shows
        target: Option<String>,
        /// What was printed in this time up to now
        #[arg(long, group = "what", value_name = "TIME", value_parser = duration)]
        last: Option<Duration>,
        /// The last command, or the one with this mark (`history --json`): its prompt, what was typed, its output
        #[arg(
            long,
            group = "what",
            value_name = "MARK",
            num_args = 0..=1,
            require_equals = true,
            default_missing_value = "0"
        )]
        command: Option<u64>,
        /// From this byte of the recording on
        #[arg(long, group = "what", value_name = "BYTE")]
        from: Option<u64>,
        /// Up to this byte, which stays; without it to the end
        #[arg(long, requires = "from", value_name = "BYTE")]
        to: Option<u64>,
        #[command(flatten)]
        json: Json,
    },
    /// Delete the recording of a program that has ended
    #[command(after_help = "Example: ccc rec rm p12")]
    Rm {
        /// A pane, or the name that `rec ls` shows
        target: String,
        #[command(flatten)]
        json: Json,
    },
}

/// Look at a recording as it was at any time
///
/// Plays a pane's recording, also that of a program that has ended, or one whose directory is named, for
/// which no server is needed; also an asciicast, a ttyrec or a typescript. `?` shows the keys.
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc replay work --at -5m --speed 2")]
pub(crate) struct ReplayArgs {
    /// The pane, the name that `rec ls` shows, the directory of a recording, or another tool's file
    #[arg(value_name = "TARGET|DIR|FILE")]
    pub(crate) what: Option<OsString>,
    /// Where to begin: start, end, 1:02:03, 90, 5m, -5m (before the end), or a date and time
    #[arg(long, value_name = "TIME", default_value = "start", allow_hyphen_values = true)]
    pub(crate) at: ccc_tui::ReplayStart,
    /// How many times as fast: 0.25 to 16, more for as fast as it goes
    #[arg(long, value_name = "TIMES", default_value_t = 1.0)]
    pub(crate) speed: f64,
    /// The longest time that is waited where nothing came; 0 for all of it
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = duration)]
    pub(crate) idle_limit: Duration,
}

/// Write a recording in another form
///
/// Of a pane, also one whose program has ended, or of a recording whose directory or name is given, for which
/// no server is needed. What was typed is in none of the forms. Passwords, keys and tokens that are known by
/// their form are hidden in all but the raw bytes, and how many is said.
#[derive(Debug, Args)]
#[command(
    group = clap::ArgGroup::new("form").required(true),
    after_help = "Example: ccc export work --cast -o work.cast"
)]
pub(crate) struct ExportArgs {
    /// The pane, the name that `rec ls` shows, or the directory of a recording
    #[arg(value_name = "TARGET|DIR")]
    pub(crate) what: Option<OsString>,
    /// An asciicast, for asciinema and its kind: v2, which all of them read, or v3
    #[arg(
        long,
        group = "form",
        value_name = "VERSION",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "v2"
    )]
    pub(crate) cast: Option<CastArg>,
    /// One page that plays in a browser, from a file and without a network
    #[arg(long, group = "form")]
    pub(crate) html: bool,
    /// Plain text: every line that scrolled by, and the screen at the end
    #[arg(long, group = "form")]
    pub(crate) txt: bool,
    /// The exact bytes that the pane printed; secrets are not hidden in them
    #[arg(long, group = "form")]
    pub(crate) raw: bool,
    /// The longest pause that a player should make; times stay what they were
    #[arg(long, value_name = "TIME", value_parser = duration, conflicts_with_all = ["raw", "txt"])]
    pub(crate) idle_limit: Option<Duration>,
    /// Write secrets that are known by their form as well; raw bytes always have them
    #[arg(long)]
    pub(crate) no_redact: bool,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Which asciicast is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum CastArg {
    V2,
    V3,
}

/// Search everything that panes printed, also those that are gone, the newest first
///
/// A pattern is a text as it is; capitals count only if it has some. Each find is shown with where and when it
/// was printed. The status is 1 when nothing is found.
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc search 'connection refused' --since 2h -C 2")]
pub(crate) struct SearchArgs {
    /// The text to look for
    pub(crate) pattern: String,
    /// The pattern is a regular expression
    #[arg(short = 'e', long)]
    pub(crate) regex: bool,
    /// Capitals count
    #[arg(long, conflicts_with = "ignore_case")]
    pub(crate) case: bool,
    /// Capitals never count
    #[arg(short = 'i', long)]
    pub(crate) ignore_case: bool,
    /// Only what was printed in this session, or in this pane
    #[arg(short, long, value_name = "TARGET")]
    pub(crate) session: Option<String>,
    /// Only what was printed at most this long ago
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) since: Option<Duration>,
    /// Only what commands printed that contain this text
    #[arg(long, value_name = "TEXT")]
    pub(crate) command: Option<String>,
    /// Show this many lines before and after each find
    #[arg(short = 'C', long, value_name = "LINES", default_value_t = 0)]
    pub(crate) context: u32,
    /// Show secrets that are known by their form as well
    #[arg(long)]
    pub(crate) no_redact: bool,
    /// How many finds at most, the newest
    #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 100)]
    pub(crate) count: u32,
    /// End after this long with what was found; status 124
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,
    #[command(flatten)]
    pub(crate) on: super::OnHost,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// List the commands that ran in all panes, also in those that are gone, newest last
///
/// Commands that were imported from the history of a shell stand among them, those without a time before all
/// others. To list those that contain the word import, write `ccc history -- import`.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = "A shell that does not mark its commands is not in the list; what it did not tell is shown as unknown.\n\nExample: ccc history cargo --exit failed --since 2h"
)]
pub(crate) struct HistoryArgs {
    #[command(subcommand)]
    pub(crate) command: Option<HistoryCommand>,
    /// Only commands that contain this text; capitals count only if it has some
    pub(crate) text: Option<String>,
    /// Only those that ran in this session, by the name it has or had
    #[arg(short, long, value_name = "SESSION")]
    pub(crate) session: Option<String>,
    /// Only those that ran in this directory or below
    #[arg(long, value_name = "DIR")]
    pub(crate) cwd: Option<PathBuf>,
    /// Only those that ended so: ok, failed, or a status
    #[arg(long, value_name = "STATUS", value_parser = exit, allow_hyphen_values = true)]
    pub(crate) exit: Option<Exit>,
    /// Only those that began at most this long ago
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) since: Option<Duration>,
    /// How many at most, the newest; 0 for all
    #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 100)]
    pub(crate) count: usize,
    #[command(flatten)]
    pub(crate) on: super::OnHost,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HistoryCommand {
    /// Import commands from the history of bash, zsh, fish or Atuin
    ///
    /// Without FILE the histories of all three shells are read where they usually lie, or of the one that --from
    /// names: ~/.bash_history, ~/.zsh_history (HISTFILE, where it is set and the shell is the one of SHELL or of
    /// --from) and fish/fish_history below XDG_DATA_HOME or ~/.local/share. Whose history a FILE is, is known by its
    /// content; where that does not tell, as of bash and zsh without times, --from does.
    ///
    /// Imported commands are listed, found, pasted and run again like others, and are marked as imported. What
    /// their history did not note (a time, a status, a directory) stays unknown, and there is no recording of what
    /// they printed. Importing again adds only what is new: a command of the same history, time and text is there
    /// once. They stay until `ccc history forget --imported`, however old they are, and only whoever imported them
    /// and admins see them. A server keeps the newest 250,000 at most.
    ///
    /// The database of Atuin is not opened: its own program writes it out.
    #[command(
        after_help = "Atuin:   atuin history list --print0 --tz=+0 --format '{time}\\t{exit}\\t{directory}\\t{command}' | ccc history import -\n     or: sqlite3 -readonly ~/.local/share/atuin/history.db \"select json_object('command', command, 'timestamp', timestamp, 'duration', duration, 'exit', exit, 'cwd', cwd) from history where deleted_at is null order by timestamp\" | ccc history import -\n\nExample: ccc history import --from zsh"
    )]
    Import {
        /// A history; - for standard input
        file: Option<PathBuf>,
        /// Whose history it is
        #[arg(long, value_name = "SHELL")]
        from: Option<HistoryOf>,
        #[command(flatten)]
        on: super::OnHost,
        #[command(flatten)]
        json: Json,
    },
    /// Forget all imported commands that you see
    ///
    /// Those of others are seen by admins alone. What panes ran stays; `ccc rec forget` is for that.
    #[command(after_help = "Example: ccc history forget --imported")]
    Forget {
        /// Which ones: those that were imported
        #[arg(long, required = true)]
        imported: bool,
        #[command(flatten)]
        on: super::OnHost,
        #[command(flatten)]
        json: Json,
    },
}

/// Whose history is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum HistoryOf {
    Bash,
    Zsh,
    Fish,
    Atuin,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Ok,
    Failed,
    Status(i32),
}

fn exit(text: &str) -> Result<Exit, String> {
    match text {
        "ok" => Ok(Exit::Ok),
        "failed" => Ok(Exit::Failed),
        _ => match text.parse() {
            Ok(status) => Ok(Exit::Status(status)),
            Err(_) => Err("it is ok, failed, or a number".into()),
        },
    }
}
