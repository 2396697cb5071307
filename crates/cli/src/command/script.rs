//! What scripts do with a pane: type, interrupt, read, wait, resize, watch. Owns the requests and
//! the words of the answers.

use std::io::{self, Read as _, Write as _};

use ccc_client::redact::Redactor;
use ccc_client::{ClientError, Server};
use ccc_proto::{
    Capture, Events, Ext, Failure as Why, InputEvent, Message, Paste, RequestInterrupt, ResizePane,
    Send, Sent, TextPage, Wait, WaitFor, Waited, WireSize, limits,
};
use ccc_sync::input::wire_key;
use ccc_vt::input::{Key, KeyEvent, parse_keys};
use serde_json::json;

use super::life::ask_quietly;
use crate::args::{
    CaptureArgs, EventsArgs, InterruptArgs, PeekArgs, ResizeArgs, SendArgs, WaitArgs,
};
use crate::context::{Context, unexpected};
use crate::exit::{End, status_of};
use crate::failure::{Attempted as _, Failure};
use crate::output::Answer;
use crate::{json, target};

/// The largest piece of text in one input event; a longer text goes out as several.
const PIECE: usize = 64 * 1024;
/// The longest text that is one paste for the program: the rest of the body is for the target.
const PASTE: usize = limits::CONTROL_BODY - 16 * 1024;

/// What one request types.
enum Typing {
    Events(Vec<InputEvent>),
    /// A text that is longer than an event may be.
    Paste(String),
}

pub(crate) async fn send(context: &Context, args: &SendArgs) -> Result<Answer, Failure> {
    let (target, text) = send_words(context, args)?;
    let typings = typings(args, text)?;
    let attempted = format!("send to {target}");
    let server = context.server(&attempted).await?;
    let mut answer = Answer::default();
    let mut left: usize = typings.iter().map(Typing::bytes).sum();
    // Each request stays below the cap of input; the order is kept by waiting for each answer.
    for typing in typings {
        left -= typing.bytes();
        let reply = typing.ask(&server, &target).await.attempted(&attempted);
        let reply = reply.map_err(|failure| unsent(failure, left))?;
        let sent = sent(&attempted, &reply)?;
        if answer.json.is_null() {
            answer = sent;
        }
    }
    Ok(answer)
}

impl Typing {
    fn bytes(&self) -> usize {
        match self {
            Self::Events(events) => events.iter().map(|event| event.body.len()).sum(),
            Self::Paste(text) => text.len(),
        }
    }

    async fn ask(self, server: &Server, target: &str) -> Result<Message, ClientError> {
        let type_in = async |events| {
            server.request(Send { target: target.to_owned(), events, ext: Ext::none() }).await
        };
        let text = match self {
            Self::Events(events) => return type_in(events).await,
            Self::Paste(text) => text,
        };
        let paste = Paste { target: target.to_owned(), text: text.clone(), ext: Ext::none() };
        let mut reply = server.request(paste).await;
        // A server that is older takes the text in several pastes.
        if reply.as_ref().is_err_and(|error| error.failure() == Some(Why::UNSUPPORTED)) {
            for piece in pieces(&text, PIECE) {
                reply = Ok(type_in(vec![InputEvent::paste(piece)]).await?);
            }
        }
        reply
    }
}

/// Says what a failure in the middle of a long text left behind.
fn unsent(failure: Failure, left: usize) -> Failure {
    match left {
        0 => failure,
        _ => failure.with_hint(format!("the last {left} bytes were not sent")),
    }
}

/// The target and the text; the text comes from standard input when there is none.
fn send_words(context: &Context, args: &SendArgs) -> Result<(String, Option<String>), Failure> {
    let inside = target::own_pane(context);
    match (args.words.as_slice(), inside) {
        ([target, text], _) => Ok((target.clone(), Some(text.clone()))),
        ([text], Some(pane)) if !args.paste => Ok((pane, Some(text.clone()))),
        ([target], _) => Ok((target.clone(), None)),
        ([], Some(pane)) => Ok((pane, None)),
        _ => Err(Failure::usage("send", "outside a pane the target must be named")),
    }
}

fn typings(args: &SendArgs, text: Option<String>) -> Result<Vec<Typing>, Failure> {
    let text = match text {
        Some(text) => text,
        None if args.enter && !args.keys && !args.paste => String::new(),
        None => {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text).attempted("read standard input")?;
            text
        }
    };
    let mut typings: Vec<Typing> = if args.keys {
        let keys = parse_keys(&text).map_err(|error| Failure::usage("send", error.to_string()))?;
        vec![Typing::Events(keys.iter().map(|key| InputEvent::key(&wire_key(key))).collect())]
    } else if args.paste && text.len() > PIECE {
        pieces(&text, PASTE).map(|piece| Typing::Paste(piece.into())).collect()
    } else {
        let event = if args.paste { InputEvent::paste } else { InputEvent::text };
        pieces(&text, PIECE).map(|piece| Typing::Events(vec![event(piece)])).collect()
    };
    if args.enter {
        let enter = InputEvent::key(&wire_key(&KeyEvent::from(Key::Enter)));
        match typings.last_mut() {
            Some(Typing::Events(events)) => events.push(enter),
            _ => typings.push(Typing::Events(vec![enter])),
        }
    }
    Ok(typings)
}

fn pieces(text: &str, most: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(most));
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

fn sent(attempted: &str, reply: &Message) -> Result<Answer, Failure> {
    match reply {
        Message::Sent(Sent { pane, offset, .. }) => {
            Ok(Answer::quiet(json!({ "pane": pane.to_string(), "offset": offset })))
        }
        other => Err(unexpected(attempted, "Sent", other)),
    }
}

pub(crate) async fn interrupt(context: &Context, args: &InterruptArgs) -> Result<Answer, Failure> {
    let target = target::or_here(args.target.as_deref(), context);
    let attempted = format!("interrupt {target}");
    let reply = context.ask(&attempted, RequestInterrupt { target, ext: Ext::none() }).await?;
    sent(&attempted, &reply)
}

pub(crate) async fn capture(context: &Context, args: &CaptureArgs) -> Result<Answer, Failure> {
    let request = Capture {
        target: target::or_here(args.target.as_deref(), context),
        from: args.from,
        to: args.to,
        ansi: args.ansi,
        join: args.join,
        ext: Ext::none(),
    };
    let redactor = args.redact.then(|| context.redactor("capture")).transpose()?;
    captured(context, request, redactor).await
}

pub(crate) async fn peek(context: &Context, args: &PeekArgs) -> Result<Answer, Failure> {
    let request = Capture {
        target: target::or_here(args.target.as_deref(), context),
        from: None,
        to: None,
        ansi: false,
        join: false,
        ext: Ext::none(),
    };
    captured(context, request, None).await
}

async fn captured(
    context: &Context,
    request: Capture,
    redactor: Option<Redactor>,
) -> Result<Answer, Failure> {
    let attempted = format!("capture {}", request.target);
    let server = context.server(&attempted).await?;
    let mut pages = server.request_stream(request).await.attempted(&attempted)?;
    let mut text = String::new();
    loop {
        match pages.next().await.attempted(&attempted)? {
            Some(Message::TextPage(TextPage { text: page, more })) => {
                text.push_str(&page);
                if !more {
                    break;
                }
            }
            Some(other) => return Err(unexpected(&attempted, "TextPage", &other)),
            None => break,
        }
    }
    if let Some(redactor) = redactor {
        text = redactor.text(&text).into_owned();
    }
    let lines: Vec<&str> = text.lines().collect();
    let json = json!({ "lines": lines });
    Ok(Answer { text, json })
}

fn wait_request(context: &Context, args: &WaitArgs) -> Wait {
    let ms = |time: Option<std::time::Duration>| {
        time.map_or(0, |time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
    };
    let wait_for = match args {
        WaitArgs { exit: true, .. } => WaitFor::EXIT,
        WaitArgs { pattern: Some(_), .. } => WaitFor::MATCH,
        WaitArgs { prompt: true, .. } => WaitFor::PROMPT,
        _ => WaitFor::IDLE,
    };
    Wait {
        target: target::or_here(args.target.as_deref(), context),
        wait_for,
        pattern: args.pattern.clone().unwrap_or_default(),
        idle_ms: ms(args.idle),
        since: args.since,
        timeout_ms: ms(args.timeout),
        ext: Ext::none(),
    }
}

async fn waited(context: &Context, args: &WaitArgs) -> Result<Waited, Failure> {
    let request = wait_request(context, args);
    let attempted = format!("wait for {}", request.target);
    match context.ask(&attempted, request).await? {
        Message::Waited(waited) => Ok(waited),
        other => Err(unexpected(&attempted, "Waited", &other)),
    }
}

fn waited_answer(waited: &Waited) -> Answer {
    let json = json!({
        "pane": waited.pane.to_string(),
        "exit": json::exit(waited.exit),
        "line": waited.line,
        "offset": waited.offset,
    });
    let text = if waited.line.is_empty() { String::new() } else { format!("{}\n", waited.line) };
    Answer { text, json }
}

pub(crate) async fn wait(context: &Context, args: &WaitArgs) -> Result<Answer, Failure> {
    Ok(waited_answer(&waited(context, args).await?))
}

/// Waits for the end of a program and gives its status.
pub(crate) async fn wait_exit(
    context: &Context,
    args: &WaitArgs,
) -> Result<(Answer, i32), Failure> {
    let waited = waited(context, args).await.map_err(Failure::carrying_status)?;
    let status = status_of(waited.exit);
    Ok((waited_answer(&waited), status))
}

pub(crate) async fn resize(context: &Context, args: &ResizeArgs) -> Result<Answer, Failure> {
    let (target, rest) = target::split_words(&args.words, 2, context)
        .map_err(|why| Failure::usage("resize", why))?;
    let size = match rest.first().map(String::as_str) {
        Some("auto") => WireSize::default(),
        Some(text) => crate::args::size(text).map_err(|why| Failure::usage("resize", why))?,
        None => return Err(Failure::usage("resize", "say a size like 120x40, or auto")),
    };
    let attempted = format!("resize {target}");
    ask_quietly(context, &attempted, ResizePane { target, size, ext: Ext::none() }).await
}

pub(crate) async fn events(context: &Context, args: &EventsArgs) -> Result<End, Failure> {
    let attempted = "watch events";
    let server = context.server(attempted).await?;
    let target = args.target.clone().unwrap_or_default();
    let request = Events { target, ext: Ext::none() };
    let mut stream = server.request_stream(request).await.attempted(attempted)?;
    while let Some(message) = stream.next().await.attempted(attempted)? {
        let Message::Watched(watched) = message else {
            return Err(unexpected(attempted, "Watched", &message));
        };
        let mut out = io::stdout().lock();
        writeln!(out, "{}", json::event(&watched))
            .and_then(|()| out.flush())
            .attempted(attempted)?;
    }
    Ok(End::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_between_characters() {
        let text = "가".repeat(PIECE);
        let parts: Vec<&str> = pieces(&text, PIECE).collect();
        assert!(parts.iter().all(|part| part.len() <= PIECE && !part.is_empty()));
        assert_eq!(parts.concat(), text);
        assert_eq!(pieces("", PIECE).count(), 0);
    }
}
