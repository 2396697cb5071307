//! `replay`: a recording on the full screen. Owns which one is meant; the player is the full-screen
//! client's.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use ccc_client::RecordingFiles;
use ccc_proto::ClientKind;
use ccc_tui::{ReplayFrom, ReplayOptions, TuiError};

use super::import::Passing;
use crate::args::ReplayArgs;
use crate::context::Context;
use crate::exit::End;
use crate::failure::{Attempted as _, Failure};
use crate::target;

pub(crate) async fn replay(context: &Context, args: ReplayArgs) -> Result<End, Failure> {
    let attempted = "replay";
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        let failure = Failure::usage(attempted, "standard input and output are no terminal");
        return Err(failure.with_hint("`ccc export` and `ccc capture` write to a pipe"));
    }
    let path = args.what.as_ref().map(PathBuf::from);
    // There as long as it is looked at.
    let passing = match path.as_ref().filter(|path| path.is_file()) {
        Some(file) => Some(Passing::of(attempted, file)?),
        None => None,
    };
    // What another machine has is not in a directory of this one.
    let here = context.host.is_none();
    let dir = passing.as_ref().map(|passing| passing.dir.clone());
    let dir = dir.or_else(|| path.filter(|path| here && RecordingFiles::is_one(path)));
    let from = match dir {
        Some(dir) => ReplayFrom::Files(dir),
        None => {
            let named = args.what.as_ref().map(|what| what.to_string_lossy());
            let target = target::or_here(named.as_deref(), context);
            // A recording that no server has to be asked for.
            let name = context.home.state().join("panes").join(&target);
            if here && RecordingFiles::is_one(&name) {
                ReplayFrom::Files(name)
            } else {
                ReplayFrom::Server {
                    connect: Box::new(context.connect(ClientKind::TUI, false)),
                    target,
                }
            }
        }
    };
    let options = ReplayOptions {
        from,
        start: args.at,
        speed: args.speed,
        idle_limit: Some(args.idle_limit).filter(|limit| !limit.is_zero()),
        config_file: context.home.config_file(),
    };
    match ccc_tui::replay(options).await {
        Ok(()) => Ok(End::Done),
        Err(TuiError::Client(error)) => Err(error).attempted(attempted),
        Err(error) => Err(Failure::other(attempted, error)),
    }
}
