//! Commands of the life of sessions. Owns their flags.

use std::time::Duration;

use clap::Args;

use super::{Json, SpawnArgs, duration};

/// Run the server
///
/// In the foreground, until it is stopped. `attach` starts one by itself when none runs.
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc serve --daemon")]
pub(crate) struct ServeArgs {
    /// Go to the background once it takes connections
    #[arg(long)]
    pub(crate) daemon: bool,
    /// Stop the running server instead; programs go on in the keeper's custody
    #[arg(long, conflicts_with = "daemon")]
    pub(crate) stop: bool,
    /// With --stop: end all programs too
    #[arg(long, requires = "stop")]
    pub(crate) kill: bool,
    /// Listen on this address, and on this port if one is given, instead of this machine alone: every machine
    /// that reaches it may knock, and only keys that were invited are let in. It is remembered
    #[arg(long, value_name = "ADDR[:PORT]", value_parser = super::listen, conflicts_with = "stop")]
    pub(crate) listen: Option<ccc_server::Listen>,
    /// Leave ten minutes after the last session and client
    #[arg(long, hide = true)]
    pub(crate) auto: bool,
    /// Say `ready`, or why not, on standard output, and then nothing more
    #[arg(long, hide = true)]
    pub(crate) background: bool,
}

/// Look at a session, in the full screen
///
/// Without a target it is the last one used, or `main`, which is made when there is none.
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc attach work --create")]
pub(crate) struct AttachArgs {
    /// The session, tab or pane
    pub(crate) target: Option<String>,
    /// Make the session when it does not exist
    #[arg(short, long)]
    pub(crate) create: bool,
    /// Only look: send nothing, and have no say in sizes
    #[arg(long)]
    pub(crate) view: bool,
    /// Detach everybody else
    #[arg(long)]
    pub(crate) steal: bool,
    /// Give the pane the whole screen, without the status bar
    #[arg(long)]
    pub(crate) no_bar: bool,
    /// Show one pane in the terminal's own screen: its own scrollback and selection, and of the keys only
    /// the prefix with `d` for us
    #[arg(long, conflicts_with_all = ["plain", "no_bar"])]
    pub(crate) raw: bool,
    /// For screen readers: one pane at a time and plain text, no frames, nothing that changes by itself,
    /// and the cursor always where there is something to read
    #[arg(long, conflicts_with = "no_bar")]
    pub(crate) plain: bool,
    /// Show keys before programs echo them: on slow links, always, or never; else as `prediction` in the
    /// configuration says
    #[arg(long, value_enum, value_name = "WHEN", conflicts_with_all = ["raw", "plain"])]
    pub(crate) predict: Option<Predict>,
}

/// When keys are shown before programs echo them.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Predict {
    Auto,
    Always,
    Never,
}

/// Move an attached client to another session
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc switch work")]
pub(crate) struct SwitchArgs {
    /// The session, tab or pane to look at
    pub(crate) target: String,
    /// The client to move; else the one that typed last where you stand
    #[arg(long, value_name = "ID")]
    pub(crate) client: Option<ccc_proto::ClientId>,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Make a session
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc new -d -n build -- make -j8")]
pub(crate) struct NewArgs {
    /// Leave it in the background and print its id
    #[arg(short, long)]
    pub(crate) detached: bool,
    /// Attach to the session of that name if there is one
    #[arg(short = 'A', long)]
    pub(crate) or_attach: bool,
    /// Its name
    #[arg(short, long)]
    pub(crate) name: Option<String>,
    /// End it so long after its last client left
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) ttl: Option<Duration>,
    /// Its size while nobody looks at it
    #[arg(long, value_name = "COLSxROWS", value_parser = super::size)]
    pub(crate) size: Option<ccc_proto::WireSize>,
    #[command(flatten)]
    pub(crate) on: super::OnHost,
    #[command(flatten)]
    pub(crate) spawn: SpawnArgs,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// List sessions
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc ls --json")]
pub(crate) struct LsArgs {
    /// Only this session
    pub(crate) target: Option<String>,
    /// List the connected clients instead
    #[arg(long)]
    pub(crate) clients: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Rename a session
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc rename work website")]
pub(crate) struct RenameArgs {
    /// The session, then its new name; inside a pane the name alone will do
    #[arg(num_args = 1..=2, required = true, value_names = ["TARGET", "NAME"])]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Detach clients from a session; its programs go on
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc detach work")]
pub(crate) struct DetachArgs {
    /// The session
    pub(crate) target: Option<String>,
    /// Only this client
    #[arg(long, value_name = "ID", conflicts_with = "target")]
    pub(crate) client: Option<ccc_proto::ClientId>,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// End the programs of a session, tab or pane
///
/// They get a hang-up, and five seconds later, if still there, are killed.
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc kill work")]
pub(crate) struct KillArgs {
    /// The session, tab or pane
    pub(crate) target: Option<String>,
    /// Send this signal instead, by number
    #[arg(long, value_name = "NUMBER")]
    pub(crate) signal: Option<u32>,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Forget an ended session or pane, with its recording
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc rm old")]
pub(crate) struct RmArgs {
    /// The session or pane
    pub(crate) target: String,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Start again what ended, in the same place
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc restart work:1.2")]
pub(crate) struct RestartArgs {
    /// The session or pane
    pub(crate) target: Option<String>,
    #[command(flatten)]
    pub(crate) json: Json,
}
