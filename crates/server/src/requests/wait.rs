//! Waiting for something in a pane: its end, a line, quiet, a prompt. Owns what counts as each.

use std::sync::Arc;
use std::time::Duration;

use ccc_journal::Offset;
use ccc_keeper::tty;
use ccc_proto::{Ext, Failure, Wait, WaitFor, Waited, WireExit};
use tokio::time::timeout;

use super::Asked;
use super::matching::Search;
use crate::fault::Fault;
use crate::pane::{Pane, Published};

/// Quiet after which a shell that marks no prompts is taken to stand at one, if it is in front.
const AT_REST: Duration = Duration::from_millis(150);

pub(super) async fn wait(asked: &mut Asked<'_>, wait: Wait) -> Result<(), Fault> {
    let pane = asked.readable(&wait.target).await?;
    let limit = (wait.timeout_ms > 0).then(|| Duration::from_millis(wait.timeout_ms));
    let waiting = async {
        match wait.wait_for {
            WaitFor::EXIT => exit(&pane).await,
            WaitFor::MATCH => matched(&pane, &wait).await,
            WaitFor::IDLE => idle(&pane, Duration::from_millis(wait.idle_ms)).await,
            WaitFor::PROMPT => prompt(&pane, wait.since.map(Offset)).await,
            other => Err(Fault::unsupported(format!("this server cannot wait for {other}"))),
        }
    };
    let waited = async {
        match limit {
            Some(limit) => timeout(limit, waiting).await.unwrap_or_else(|_elapsed| {
                let why = format!("it did not happen within {} ms", limit.as_millis());
                Err(Fault::new(Failure::TIMEOUT, why))
            }),
            None => waiting.await,
        }
    };
    let token = asked.ctx.token.clone();
    let found = tokio::select! {
        found = waited => found?,
        () = Asked::hung_up(asked.recv) => return Ok(()),
        () = token.cancelled() => return Err(Fault::stopping()),
    };
    let exit = match wait.wait_for {
        WaitFor::EXIT => asked.exit_of(&pane).await?,
        _ => WireExit::default(),
    };
    let Found { line, offset } = found;
    asked.reply(Waited { pane: pane.id, exit, line, offset: offset.0, ext: Ext::none() }).await
}

/// What was waited for.
struct Found {
    line: String,
    offset: Offset,
}

async fn exit(pane: &Arc<Pane>) -> Result<Found, Fault> {
    let mut watch = pane.watch();
    // The sender lives as long as the pane.
    let offset = match watch.wait_for(|published| published.over).await {
        Ok(published) => published.offset,
        Err(_gone) => return Err(gone(pane)),
    };
    Ok(Found { line: String::new(), offset })
}

/// No output for so long, counted from now.
async fn idle(pane: &Arc<Pane>, quiet: Duration) -> Result<Found, Fault> {
    let mut watch = pane.watch();
    loop {
        let offset = watch.borrow_and_update().offset;
        let output = watch.wait_for(|published| published.offset != offset);
        match timeout(quiet, output).await {
            Err(_elapsed) => return Ok(Found { line: String::new(), offset }),
            Ok(Ok(_)) => {}
            Ok(Err(_gone)) => return Err(gone(pane)),
        }
    }
}

/// A shell's prompt: as the shell marks it, or for one that marks none, the shell in front and quiet.
async fn prompt(pane: &Arc<Pane>, since: Option<Offset>) -> Result<Found, Fault> {
    let mut watch = pane.watch();
    loop {
        let published = *watch.borrow_and_update();
        if published.over {
            let why = format!("the program of pane {} has ended", pane.id);
            return Err(Fault::new(Failure::GONE, why));
        }
        let new = since.is_none_or(|since| published.offset > since);
        let marked = published.prompt.is_some_and(|at| since.is_none_or(|since| at >= since));
        if marked {
            return Ok(Found { line: String::new(), offset: published.offset });
        }
        let moved = |now: &Published| now.offset != published.offset || now.over;
        let quiet = timeout(AT_REST, watch.wait_for(moved)).await.is_err();
        if quiet && new && !published.marks && in_front(pane) {
            return Ok(Found { line: String::new(), offset: published.offset });
        }
        // Whatever else is in front ends with the shell's next words.
        if quiet && watch.wait_for(moved).await.is_err() {
            return Err(gone(pane));
        }
    }
}

/// Whether the pane's own program, and nothing that it started, has the terminal.
fn in_front(pane: &Pane) -> bool {
    let Some(fds) = pane.fds() else { return false };
    let leader = rustix::termios::tcgetsid(&fds.master).ok();
    let front = tty::foreground_group(&fds.master).ok().flatten();
    leader.is_some() && leader == front
}

/// A line that matches: on the screen now, or in whatever comes, or was printed since.
async fn matched(pane: &Arc<Pane>, wait: &Wait) -> Result<Found, Fault> {
    let pattern = regex::RegexBuilder::new(&wait.pattern)
        .size_limit(PATTERN_BYTES)
        .build()
        .map_err(|error| Fault::invalid(error.to_string()))?;
    let mut watch = pane.watch();
    let mut search = match wait.since {
        Some(since) => Search::since(pane, Offset(since), pattern).await?,
        None => Search::from_now(pane, pattern)?,
    };
    loop {
        let published = *watch.borrow_and_update();
        let (back, found) = search.advance().await?;
        search = back;
        if let Some((line, offset)) = found {
            return Ok(Found { line, offset });
        }
        if published.over && search.offset() >= published.offset {
            let why = "the program ended and no line matched";
            return Err(Fault::new(Failure::GONE, why));
        }
        let at = search.offset();
        if watch.wait_for(|now| now.offset > at || now.over).await.is_err() {
            return Err(gone(pane));
        }
    }
}

/// The largest compiled pattern, in bytes.
const PATTERN_BYTES: usize = 1024 * 1024;

fn gone(pane: &Pane) -> Fault {
    Fault::new(Failure::GONE, format!("pane {} is gone", pane.id))
}
