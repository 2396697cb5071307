//! Commands about what is remembered.

use std::ffi::OsString;

use clap::Subcommand;

use super::Json;

#[derive(Debug, Subcommand)]
pub(crate) enum RecCommand {
    /// List all recordings, also those of ended and removed sessions
    #[command(after_help = "Example: ccc rec ls --json")]
    Ls {
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
    /// Delete the recording of a program that has ended
    #[command(after_help = "Example: ccc rec rm p12")]
    Rm {
        /// A pane, or the name that `rec ls` shows
        target: String,
        #[command(flatten)]
        json: Json,
    },
}
