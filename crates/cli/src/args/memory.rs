//! Commands that remember: what ran in panes. Owns their flags.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{Json, duration};

/// List the commands that ran in all panes, also in those that are gone, newest last
#[derive(Debug, Args)]
#[command(
    after_help = "A shell that does not mark its commands is not in the list; what it did not tell is shown as unknown.\n\nExample: ccc history cargo --exit failed --since 2h"
)]
pub(crate) struct HistoryArgs {
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
    pub(crate) json: Json,
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
