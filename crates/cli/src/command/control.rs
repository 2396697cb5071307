//! Commands as JSON lines on standard input, answers as JSON lines on standard output. Owns the
//! envelope; the commands are the same ones that the command line takes.

use std::io::{self, BufRead as _, Write as _};
use std::sync::Arc;

use ccc_proto::{Events, Ext, Message};
use clap::Parser as _;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::answer;
use crate::args::{Args, Command, ControlArgs};
use crate::at_host::at_host;
use crate::context::Context;
use crate::exit::End;
use crate::failure::{Attempted as _, Failure};
use crate::json;
use crate::output::Answer;

/// Lines on their way from standard input.
const LINES: usize = 16;
/// Commands that run at one time; more wait, so that no line is lost.
const AT_ONCE: usize = 16;

/// One line: an id that comes back with the answer, and the words of a command.
#[derive(Deserialize)]
struct Line {
    id: Value,
    args: Vec<String>,
}

pub(crate) async fn control(context: &Context) -> Result<End, Failure> {
    let context = Arc::new(context.clone());
    let (tx, mut lines) = mpsc::channel(LINES);
    // Reading standard input cannot be given up, so it has a thread that may outlive us.
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if tx.blocking_send(line).is_err() {
                return;
            }
        }
    });
    let mut running = JoinSet::new();
    while let Some(line) = lines.recv().await {
        while running.len() >= AT_ONCE {
            finished(running.join_next().await)?;
        }
        if line.trim().is_empty() {
            continue;
        }
        let context = Arc::clone(&context);
        running.spawn(async move { one_line(&context, &line).await });
    }
    while let Some(done) = running.join_next().await {
        finished(Some(done))?;
    }
    Ok(End::Done)
}

fn finished(
    done: Option<Result<Result<(), Failure>, tokio::task::JoinError>>,
) -> Result<(), Failure> {
    match done {
        Some(Ok(result)) => result,
        Some(Err(error)) => Err(Failure::other("control", error)),
        None => Ok(()),
    }
}

async fn one_line(context: &Context, line: &str) -> Result<(), Failure> {
    let line: Line = match serde_json::from_str(line) {
        Ok(line) => line,
        Err(error) => return say(&refusal(&Value::Null, 2, &error.to_string(), None)),
    };
    let words = std::iter::once("ccc").chain(line.args.iter().map(String::as_str));
    match Args::try_parse_from(words) {
        Err(error) => say(&refusal(&line.id, 2, error.to_string().trim(), None)),
        Ok(Args { command: Command::Events(args), .. }) => {
            let target = args.target.unwrap_or_default();
            match watch(context, &line.id, target).await {
                Err(failure) => say(&failed(&line.id, &failure)),
                Ok(()) => Ok(()),
            }
        }
        Ok(mut args) => match answer_at(context, &mut args.command).await {
            Ok(answer) => say(&json!({ "id": line.id, "ok": true, "result": answer.json })),
            Err(failure) => say(&failed(&line.id, &failure)),
        },
    }
}

async fn answer_at(context: &Context, command: &mut Command) -> Result<Answer, Failure> {
    let context = at_host(context, command)?;
    let command = std::mem::replace(command, Command::Control(ControlArgs::default()));
    answer(&context, command).await
}

async fn watch(context: &Context, id: &Value, target: String) -> Result<(), Failure> {
    let attempted = "watch events";
    let server = context.server(attempted).await?;
    let request = Events { target, ext: Ext::none() };
    let mut stream = server.request_stream(request).await.attempted(attempted)?;
    say(&json!({ "id": id, "ok": true, "result": null }))?;
    while let Some(message) = stream.next().await.attempted(attempted)? {
        if let Message::Watched(watched) = message {
            say(&json!({ "id": id, "event": json::event(&watched) }))?;
        }
    }
    Ok(())
}

fn failed(id: &Value, failure: &Failure) -> Value {
    refusal(id, failure.code(), &failure.to_string(), failure.hint())
}

fn refusal(id: &Value, code: u8, error: &str, hint: Option<&str>) -> Value {
    json!({ "id": id, "ok": false, "code": code, "error": error, "hint": hint })
}

/// One answer is one line, and is seen at once.
fn say(line: &Value) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).attempted("print")
}
