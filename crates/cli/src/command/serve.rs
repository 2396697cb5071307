//! The long-lived processes: the server and the keeper. Owns how they are started and stopped from
//! the command line; what they do is in their own crates.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::time::Duration;

use ccc_client::{Running, find};
use ccc_keeper::KeeperArgs as Keeper;
use ccc_proto::{Ext, StopServer};
use ccc_server::{Listen, ServeOptions};
use tokio::time::timeout;

use super::life::ask_quietly;
use crate::args::{KeeperArgs, ServeArgs};
use crate::context::{Context, own_executable, start_detached};
use crate::exit::End;
use crate::failure::{Attempted as _, Failure};
use crate::output::Answer;

/// How long a server that leaves may say goodbye and fold what it had begun, with room to spare.
const LEAVES: Duration = Duration::from_secs(30);

pub(crate) fn keeper(args: &KeeperArgs) -> Result<End, Failure> {
    let attempted = "keep the terminals";
    let keeper = Keeper {
        state_dir: args.state.clone(),
        spare: args.spare,
        build: env!("CARGO_PKG_VERSION").into(),
    };
    ccc_keeper::run(&keeper).map_err(|error| Failure::other(attempted, error))?;
    Ok(End::Done)
}

pub(crate) fn serve(args: &ServeArgs) -> Result<End, Failure> {
    let attempted = "serve";
    let context = Context::from_env()?;
    let exe = own_executable().attempted(attempted)?;
    if args.daemon {
        return daemon(&context, args.listen);
    }
    let options = ServeOptions {
        state_dir: context.home.state().into(),
        config_dir: context.home.config().into(),
        exe,
        auto: args.auto,
        listen: args.listen,
        on_ready: if args.background { Box::new(say_ready) } else { Box::new(|| ()) },
    };
    ccc_server::serve(options).map_err(|error| {
        let hint = error.hint();
        let failure = Failure::other(attempted, error);
        match hint {
            Some(hint) => failure.with_hint(hint),
            None => failure,
        }
    })?;
    Ok(End::Done)
}

/// Whoever started this server in the background waits for this line, and for nothing behind it.
fn say_ready() {
    let mut out = io::stdout().lock();
    // Nobody reads it when the server was started again by its keeper.
    let _unread = writeln!(out, "ready").and_then(|()| out.flush());
    if let Ok(null) = std::fs::OpenOptions::new().write(true).open("/dev/null") {
        let _still_open = rustix::stdio::dup2_stdout(&null);
        let _still_open = rustix::stdio::dup2_stderr(&null);
    }
}

fn daemon(context: &Context, listen: Option<Listen>) -> Result<End, Failure> {
    let attempted = "serve in the background";
    let mut words = vec!["serve".to_owned(), "--background".to_owned()];
    if let Some(Listen { address, port }) = listen {
        let text = port
            .map_or_else(|| address.to_string(), |port| SocketAddr::new(address, port).to_string());
        words.extend(["--listen".to_owned(), text]);
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let output = start_detached(&context.home, &words).attempted(attempted)?;
    let words = io::read_to_string(output).attempted(attempted)?;
    if words.lines().any(|line| line == "ready") {
        return Ok(End::Done);
    }
    Err(Failure::other(attempted, words.trim().trim_start_matches("error: ").to_owned()))
}

/// Ends when the server has: whoever starts one next is not to meet it.
pub(crate) async fn stop(context: &Context, args: &ServeArgs) -> Result<Answer, Failure> {
    let attempted = "stop the server";
    let stopping = find(&context.home).attempted(attempted)?;
    let running = Running::find(stopping.pid);
    let request = StopServer { kill: args.kill, ext: Ext::none() };
    let answer = ask_quietly(context, attempted, request).await?;
    if let Some(running) = running {
        timeout(LEAVES, running.ended()).await.map_err(|_elapsed| {
            let why = format!("process {} has not ended within {LEAVES:?}", stopping.pid);
            Failure::other(attempted, why).with_hint("see what it waits for with: ccc doctor")
        })?;
    }
    Ok(answer)
}
