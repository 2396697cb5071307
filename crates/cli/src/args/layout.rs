//! Commands of tabs, splits and saved layouts. Owns their flags.

use std::path::PathBuf;

use ccc_proto::ClientId;
use clap::{Args, Subcommand};

use super::{Json, SpawnArgs};

/// What can be done with tabs.
#[derive(Debug, Subcommand)]
pub(crate) enum TabCommand {
    /// Make a tab
    #[command(after_help = "Example: ccc tab new work --name logs -- tail -f app.log")]
    New {
        /// The session
        target: Option<String>,
        /// Its name
        #[arg(short, long)]
        name: Option<String>,
        /// Leave everybody where they are
        #[arg(short, long)]
        detached: bool,
        #[command(flatten)]
        spawn: SpawnArgs,
        #[command(flatten)]
        json: Json,
    },
    /// List the tabs of a session
    #[command(after_help = "Example: ccc tab ls work")]
    Ls {
        /// The session
        target: Option<String>,
        #[command(flatten)]
        json: Json,
    },
    /// Look at a tab
    #[command(after_help = "Example: ccc tab select work:2")]
    Select {
        /// The tab
        target: String,
        /// The client to move; else the one that typed last there
        #[arg(long, value_name = "ID")]
        client: Option<ClientId>,
        #[command(flatten)]
        json: Json,
    },
    /// Rename a tab
    #[command(after_help = "Example: ccc tab rename work:2 logs")]
    Rename {
        /// The tab, then its new name; inside a pane the name alone will do
        #[arg(num_args = 1..=2, required = true, value_names = ["TARGET", "NAME"])]
        words: Vec<String>,
        #[command(flatten)]
        json: Json,
    },
    /// Move a tab to another place in the bar
    #[command(after_help = "Example: ccc tab move work:3 1")]
    Move {
        /// The tab
        target: String,
        /// Its new place, from 1
        #[arg(value_parser = clap::value_parser!(u16).range(1..))]
        place: u16,
        #[command(flatten)]
        json: Json,
    },
    /// Close a tab and end what runs in it
    #[command(after_help = "Example: ccc tab close work:3")]
    Close {
        /// The tab
        target: Option<String>,
        #[command(flatten)]
        json: Json,
    },
}

/// Split a pane in two
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc split work:1.1 --right --size 30% -- htop")]
pub(crate) struct SplitArgs {
    /// The pane to split
    pub(crate) target: Option<String>,
    /// The new pane goes to the right
    #[arg(short, long, conflicts_with = "down")]
    pub(crate) right: bool,
    /// The new pane goes below; this is the default
    #[arg(short, long)]
    pub(crate) down: bool,
    /// Size of the new pane, in cells or percent
    #[arg(long, value_name = "CELLS|PERCENT%")]
    pub(crate) size: Option<String>,
    /// Leave the focus where it is
    #[arg(long)]
    pub(crate) detached: bool,
    #[command(flatten)]
    pub(crate) spawn: SpawnArgs,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// A side, as people write it.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Side {
    Left,
    Right,
    Up,
    Down,
}

/// What can be done with panes.
#[derive(Debug, Subcommand)]
pub(crate) enum PaneCommand {
    /// List panes
    #[command(after_help = "Example: ccc pane ls work --json")]
    Ls {
        /// The session; all when it is left out
        target: Option<String>,
        #[command(flatten)]
        json: Json,
    },
    /// Focus a pane
    #[command(after_help = "Example: ccc pane select work:1.2")]
    Select {
        /// The pane
        target: String,
        /// The client to move; else the one that typed last there
        #[arg(long, value_name = "ID")]
        client: Option<ClientId>,
        #[command(flatten)]
        json: Json,
    },
    /// Move a border of a pane
    #[command(after_help = "Example: ccc pane resize work:1.1 right 5")]
    Resize {
        /// The pane, left out inside one; then the side and the cells
        #[arg(num_args = 2..=3, required = true, value_names = ["TARGET", "SIDE", "CELLS"])]
        words: Vec<String>,
        #[command(flatten)]
        json: Json,
    },
    /// Swap a pane with another one
    #[command(after_help = "Example: ccc pane swap work:1.1 --next")]
    Swap {
        /// The pane
        target: Option<String>,
        /// With the next one, which is the default
        #[arg(long)]
        next: bool,
        /// With the one before
        #[arg(long, conflicts_with = "next")]
        previous: bool,
        /// With this one
        #[arg(long, value_name = "TARGET", conflicts_with_all = ["next", "previous"])]
        with: Option<String>,
        #[command(flatten)]
        json: Json,
    },
    /// Give a pane the whole tab, or its place back
    #[command(after_help = "Example: ccc pane zoom work:1.1")]
    Zoom {
        /// The pane
        target: Option<String>,
        /// Only ever zoom in
        #[arg(long)]
        on: bool,
        /// Only ever zoom out
        #[arg(long, conflicts_with = "on")]
        off: bool,
        #[command(flatten)]
        json: Json,
    },
    /// Let a pane float above its tab, or put it back
    #[command(after_help = "Example: ccc pane float work:1.2")]
    Float {
        /// The pane
        target: Option<String>,
        /// Only ever let it float
        #[arg(long)]
        on: bool,
        /// Only ever put it back
        #[arg(long, conflicts_with = "on")]
        off: bool,
        #[command(flatten)]
        json: Json,
    },
    /// Move a pane to a tab of its own
    #[command(after_help = "Example: ccc pane break work:1.2 --name server")]
    Break {
        /// The pane
        target: Option<String>,
        /// Name of the new tab
        #[arg(short, long)]
        name: Option<String>,
        /// Leave everybody where they are
        #[arg(short, long)]
        detached: bool,
        #[command(flatten)]
        json: Json,
    },
    /// Close a pane and end what runs in it
    #[command(after_help = "Example: ccc pane close work:1.2")]
    Close {
        /// The pane
        target: Option<String>,
        #[command(flatten)]
        json: Json,
    },
}

/// What can be done with layouts.
#[derive(Debug, Subcommand)]
pub(crate) enum LayoutCommand {
    /// Write a session's tabs and splits as TOML
    #[command(after_help = "Example: ccc layout save work -o work.toml")]
    Save {
        /// The session
        target: Option<String>,
        /// Write to this file instead of standard output
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Make a session by a saved layout
    #[command(after_help = "Example: ccc layout load work.toml --name again")]
    Load {
        /// The file; `-` for standard input
        file: PathBuf,
        /// Name of the new session
        #[arg(short, long)]
        name: Option<String>,
        #[command(flatten)]
        on: super::OnHost,
        #[command(flatten)]
        json: Json,
    },
    /// Arrange a tab by a preset, the next one when none is named
    #[command(after_help = "Example: ccc layout preset work:1 tiled")]
    Preset {
        /// The tab, left out inside one; then the preset
        #[arg(num_args = 0..=2, value_names = ["TARGET", "PRESET"])]
        words: Vec<String>,
        #[command(flatten)]
        json: Json,
    },
}
