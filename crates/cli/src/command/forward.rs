//! `forward`: ports of this machine that lead to another one, until somebody ends it. Owns the words; the
//! ports and the links are the client library's.

use std::io::{self, Write as _};

use ccc_client::LinkState;
use ccc_client::forward::{Carried, CarryError, ForwardEvent, Forwarding, Listening};
use ccc_proto::ClientKind;
use serde_json::{Value, json};
use tokio::signal::unix::{SignalKind, signal};

use crate::args::ForwardArgs;
use crate::context::Context;
use crate::exit::End;
use crate::failure::{Attempted as _, Failure};
use crate::output::label;

pub(crate) async fn forward(context: &Context, args: ForwardArgs) -> Result<End, Failure> {
    let attempted = format!("forward to {}", label(&args.host));
    let mut interrupt = signal(SignalKind::interrupt()).attempted(&attempted)?;
    let mut terminate = signal(SignalKind::terminate()).attempted(&attempted)?;
    let host = label(args.host.trim_end_matches('/'));
    let teller = Teller { host, json: args.json.json, verbose: args.verbose };
    let ports = listen(&args).await?;
    let lines: Vec<_> = ports.iter().map(|port| teller.listening(port)).collect();
    let opened: Vec<_> = ports.iter().filter(|port| port.plan().is_open()).collect();
    let warnings: Vec<_> = opened.iter().map(|port| teller.open_to_all(port)).collect();
    let connect = context.connect(ClientKind::CLI, false);
    let mut forwarding = Forwarding::start(connect, ports).await.attempted(&attempted)?;
    for said in lines.iter().chain(&warnings) {
        teller.tell(said).attempted("print")?;
    }
    loop {
        let event = tokio::select! {
            event = forwarding.next() => event,
            _ = interrupt.recv() => return Ok(End::Done),
            _ = terminate.recv() => return Ok(End::Done),
        };
        let said = match event {
            ForwardEvent::Gone(error) => return Err(error).attempted(&attempted),
            event => teller.event(&event),
        };
        if let Some(said) = said {
            teller.tell(&said).attempted("print")?;
        }
    }
}

/// All of them listen before anybody is asked for anything.
async fn listen(args: &ForwardArgs) -> Result<Vec<Listening>, Failure> {
    let mut ports = Vec::new();
    for plan in &args.forwards {
        let attempted = format!("listen on {}", plan.listen);
        if plan.listen.port() == 0 && !args.any_port {
            let failure = Failure::usage(&attempted, "0 is no port");
            return Err(failure.with_hint("to listen on one that is free, say --any-port"));
        }
        let begun = Listening::begin(plan.clone(), args.any_port).await;
        ports.push(begun.attempted(&attempted).map_err(|failure| {
            failure.with_hint("name another port, or take one that is free by --any-port")
        })?);
    }
    Ok(ports)
}

/// How events are told.
struct Teller {
    host: String,
    json: bool,
    verbose: bool,
}

/// One event in both forms.
struct Said {
    text: String,
    json: Value,
    /// What was asked for, and no news.
    answer: bool,
}

impl Teller {
    fn tell(&self, said: &Said) -> io::Result<()> {
        if self.json {
            let mut out = io::stdout().lock();
            writeln!(out, "{}", said.json)?;
            return out.flush();
        }
        if said.answer {
            let mut out = io::stdout().lock();
            writeln!(out, "{}", said.text)?;
            return out.flush();
        }
        // With standard error gone there is nobody left to tell, and the ports go on.
        let _told = writeln!(io::stderr().lock(), "{}", said.text);
        Ok(())
    }

    fn listening(&self, port: &Listening) -> Said {
        let (local, remote, host) = (port.address(), label(&port.plan().remote()), &self.host);
        Said {
            text: format!("{local} leads to {remote} on {host}"),
            json: json!({
                "event": "listening",
                "local": local.to_string(),
                "remote": remote,
                "host": host,
            }),
            answer: true,
        }
    }

    fn open_to_all(&self, port: &Listening) -> Said {
        let local = port.address();
        let text = format!("warning: whoever reaches {local} from another machine is led on too");
        Said { text, json: json!({ "event": "open", "local": local.to_string() }), answer: false }
    }

    /// What is to be said of an event, if anything.
    fn event(&self, event: &ForwardEvent) -> Option<Said> {
        let host = &self.host;
        let (text, json) = match event {
            ForwardEvent::Opened { .. } | ForwardEvent::Closed { .. } if !self.verbose => {
                return None;
            }
            ForwardEvent::Opened { number, plan, from } => {
                let remote = label(&plan.remote());
                let text = format!("{number}: {from} is connected to {remote} on {host}");
                let from = from.to_string();
                (
                    text,
                    json!({ "event": "opened", "number": number, "from": from, "remote": remote }),
                )
            }
            ForwardEvent::Closed { number, result } => {
                let (text, error) = closed(result);
                let sent = result.as_ref().ok().map(|carried| carried.sent);
                let received = result.as_ref().ok().map(|carried| carried.received);
                let json = json!({
                    "event": "closed",
                    "number": number,
                    "sent": sent,
                    "received": received,
                    "error": error,
                });
                (format!("{number}: {text}"), json)
            }
            ForwardEvent::Refused { plan, from, why } => {
                let (remote, why) = (label(&plan.remote()), label(&why.to_string()));
                let text = format!("{from} was not led to {remote} on {host}: {why}");
                let from = from.to_string();
                (text, json!({ "event": "refused", "from": from, "remote": remote, "error": why }))
            }
            ForwardEvent::Link(LinkState::Live) => {
                (format!("{host} is back"), json!({ "event": "back", "host": host }))
            }
            ForwardEvent::Link(LinkState::Reconnecting { why, .. }) => {
                let why = label(why);
                let text = format!("the link to {host} is lost, who connects waits for it: {why}");
                (text, json!({ "event": "lost", "host": host, "error": why }))
            }
            ForwardEvent::Gone(_) => return None,
        };
        Some(Said { text, json, answer: false })
    }
}

fn closed(result: &Result<Carried, CarryError>) -> (String, Option<String>) {
    match result {
        Ok(Carried { sent, received }) => {
            (format!("closed, {sent} bytes there and {received} back"), None)
        }
        Err(error) => (format!("reset: {error}"), Some(error.to_string())),
    }
}
