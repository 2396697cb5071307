//! `rec forget`: a part of a recording goes. Owns how it is asked for and what is said of it.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use ccc_proto::{Ext, ForgetStretch, Forgetting, Message, StretchForgotten};
use serde_json::json;

use super::size;
use crate::context::{Context, unexpected};
use crate::failure::{Attempted as _, Failure};
use crate::output::{Answer, label};
use crate::progress::Progress;
use crate::target;
use crate::words::{say, with};

/// What is to go: one of these.
#[derive(Clone, Copy, Debug)]
pub(crate) struct What {
    pub(crate) last: Option<Duration>,
    pub(crate) command: Option<u64>,
    pub(crate) from: Option<u64>,
    pub(crate) to: Option<u64>,
    /// Nobody is to be asked.
    pub(crate) yes: bool,
}

/// Asks the person at the terminal, if there is one: what is forgotten does not come back.
fn is_wished(target: &str) -> Result<bool, Failure> {
    let attempted = "ask whether to forget";
    let (answers, mut words) = (io::stdin(), io::stderr());
    if !answers.is_terminal() || !words.is_terminal() {
        return Ok(true);
    }
    let question =
        with("delete this from the recording of {name}, for good?", &[("name", &label(target))]);
    write!(words, "{question} [y/N] ").and_then(|()| words.flush()).attempted(attempted)?;
    let mut answer = String::new();
    answers.read_line(&mut answer).attempted(attempted)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

pub(crate) async fn forget(
    context: &Context,
    target: Option<&str>,
    what: What,
) -> Result<Answer, Failure> {
    let attempted = "forget a part of the recording";
    let (kind, from, to) = match what {
        What { last: Some(last), .. } => {
            (Forgetting::LAST, u64::try_from(last.as_millis()).unwrap_or(u64::MAX), 0)
        }
        What { command: Some(mark), .. } => (Forgetting::COMMAND, mark, 0),
        What { from, to, .. } => (Forgetting::BYTES, from.unwrap_or(0), to.unwrap_or(0)),
    };
    let target = target::or_here(target, context);
    if !what.yes && !is_wished(&target)? {
        return Ok(Answer {
            text: format!("{}\n", say("nothing was forgotten")),
            json: json!(null),
        });
    }
    let request = ForgetStretch { target, what: kind, from, to, ext: Ext::none() };
    let server = context.server(attempted).await?;
    let mut replies = server.request_stream(request).await.attempted(attempted)?;
    let mut progress: Option<Progress> = None;
    let mut behind = 0;
    loop {
        match replies.next().await.attempted(attempted)? {
            Some(Message::StretchForgotten(gone)) if gone.done => {
                if let Some(mut progress) = progress {
                    progress.end().attempted(attempted)?;
                }
                return Ok(told(&gone));
            }
            Some(Message::StretchForgotten(StretchForgotten { behind: now, of, .. })) => {
                let progress = progress.get_or_insert_with(|| Progress::new(of));
                progress.add(now.saturating_sub(behind)).attempted(attempted)?;
                behind = now;
            }
            Some(other) => return Err(unexpected(attempted, "StretchForgotten", &other)),
            None => return Err(Failure::other(attempted, "the answer ended too early")),
        }
    }
}

fn told(gone: &StretchForgotten) -> Answer {
    let commands = match gone.commands {
        1 => say("1 command").to_owned(),
        count => with("{count} commands", &[("count", &count)]),
    };
    let name = gone.pane.map_or_else(|| gone.ulid.clone(), |pane| pane.to_string());
    let text = with(
        "{name}: {size} of output, bytes {from} to {to}, and {commands} are forgotten",
        &[
            ("name", &name),
            ("size", &size(gone.bytes)),
            ("from", &gone.from),
            ("to", &gone.to),
            ("commands", &commands),
        ],
    );
    let json = json!({
        "recording": gone.ulid,
        "pane": gone.pane.map(|pane| pane.to_string()),
        "from": gone.from,
        "to": gone.to,
        "bytes": gone.bytes,
        "commands": gone.commands,
        "segments": gone.segments,
    });
    Answer { text: text + "\n", json: json!({ "forgotten": json }) }
}
