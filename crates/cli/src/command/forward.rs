//! `forward`: ports of this machine that lead to another one, or the other way round, until somebody ends it.
//! Owns the words; the ports and the links are the client library's.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::net::Ipv4Addr;

use ccc_client::forward::{Carried, CarryError, ForwardEvent, ForwardPlan, Forwarding, Listening};
use ccc_client::{Connect, LinkState};
use ccc_proto::ClientKind;
use serde_json::{Value, json};
use tokio::signal::unix::{SignalKind, signal};

use crate::args::ForwardArgs;
use crate::context::Context;
use crate::exit::End;
use crate::failure::{Attempted as _, Failure};
use crate::output::label;
use crate::words::{say, told, with};

pub(crate) async fn forward(context: &Context, args: ForwardArgs) -> Result<End, Failure> {
    let attempted = format!("forward to {}", label(&args.host));
    let mut interrupt = signal(SignalKind::interrupt()).attempted(&attempted)?;
    let mut terminate = signal(SignalKind::terminate()).attempted(&attempted)?;
    let host = label(args.host.trim_end_matches('/'));
    let (json, verbose, reverse) = (args.json.json, args.verbose, args.reverse);
    let teller = Teller { host, json, verbose, reverse };
    let connect = context.connect(ClientKind::CLI, false);
    let (mut forwarding, lines) = if reverse {
        reversed(connect, &args, &teller).await?
    } else {
        let ports = listen(&args).await?;
        let opened: Vec<_> = ports.iter().filter(|port| port.plan().is_open()).collect();
        let warnings: Vec<_> = opened.iter().map(|port| teller.open_to_all(port)).collect();
        let lines = ports.iter().map(|port| teller.listening(port)).chain(warnings).collect();
        (Forwarding::start(connect, ports).await.attempted(&attempted)?, lines)
    };
    for said in &lines {
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

/// The other machine listens.
async fn reversed(
    connect: Connect,
    args: &ForwardArgs,
    teller: &Teller,
) -> Result<(Forwarding, Vec<Said>), Failure> {
    let attempted = format!("listen on {}", teller.host);
    for plan in &args.forwards {
        named(plan, args)?;
        if plan.listen.ip() != Ipv4Addr::LOCALHOST {
            let failure = Failure::usage(&attempted, "it listens on its loopback address alone");
            return Err(failure.with_hint("leave the address before the port out"));
        }
    }
    let begun = Forwarding::reverse(connect, args.forwards.clone(), args.any_port).await;
    let (forwarding, ports) = begun.attempted(&attempted)?;
    let lines = args.forwards.iter().zip(ports).map(|(plan, port)| teller.reversed(plan, port));
    Ok((forwarding, lines.collect()))
}

/// 0 is meant only with the wish for any port.
fn named(plan: &ForwardPlan, args: &ForwardArgs) -> Result<(), Failure> {
    if plan.listen.port() == 0 && !args.any_port {
        let failure = Failure::usage(&format!("listen on {}", plan.listen), "0 is no port");
        return Err(failure.with_hint("to listen on one that is free, say --any-port"));
    }
    Ok(())
}

/// All of them listen before anybody is asked for anything.
async fn listen(args: &ForwardArgs) -> Result<Vec<Listening>, Failure> {
    let mut ports = Vec::new();
    for plan in &args.forwards {
        let attempted = format!("listen on {}", plan.listen);
        named(plan, args)?;
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
    reverse: bool,
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
            text: with(
                "{local} leads to {remote} on {host}",
                &[("local", &local), ("remote", &remote), ("host", host)],
            ),
            json: json!({
                "event": "listening",
                "local": local.to_string(),
                "remote": remote,
                "host": host,
            }),
            answer: true,
        }
    }

    fn reversed(&self, plan: &ForwardPlan, port: u16) -> Said {
        let (local, host) = (label(&plan.remote()), &self.host);
        let remote = format!("{}:{port}", Ipv4Addr::LOCALHOST);
        Said {
            text: with(
                "{remote} on {host} leads to {local} here",
                &[("local", &local), ("remote", &remote), ("host", host)],
            ),
            json: json!({ "event": "listening", "remote": remote, "local": local, "host": host }),
            answer: true,
        }
    }

    fn open_to_all(&self, port: &Listening) -> Said {
        let local = port.address();
        let what = with(
            "whoever reaches {local} from another machine is led on too",
            &[("local", &local)],
        );
        let text = format!("{} {what}", say("warning:"));
        Said { text, json: json!({ "event": "open", "local": local.to_string() }), answer: false }
    }

    /// What is to be said of an event, if anything.
    fn event(&self, event: &ForwardEvent) -> Option<Said> {
        let host = &self.host;
        // Where what is led to is.
        let there = match self.reverse {
            true => say("here").to_owned(),
            false => with("on {host}", &[("host", host)]),
        };
        let waits = match self.reverse {
            true => say("nobody is led here"),
            false => say("who connects waits for it"),
        };
        let (text, json) = match event {
            ForwardEvent::Opened { .. } | ForwardEvent::Closed { .. } if !self.verbose => {
                return None;
            }
            ForwardEvent::Opened { number, plan, from } => {
                let remote = label(&plan.remote());
                let text = with(
                    "{number}: {from} is connected to {remote} {there}",
                    &[("number", number), ("from", from), ("remote", &remote), ("there", &there)],
                );
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
                let text = with(
                    "{from} was not led to {remote} {there}: {why}",
                    &[("from", from), ("remote", &remote), ("there", &there), ("why", &told(&why))],
                );
                let from = from.to_string();
                (text, json!({ "event": "refused", "from": from, "remote": remote, "error": why }))
            }
            ForwardEvent::Link(LinkState::Live) => {
                let text = with("{host} is back", &[("host", host)]);
                (text, json!({ "event": "back", "host": host }))
            }
            ForwardEvent::Link(LinkState::Reconnecting { why, .. }) => {
                let why = label(why);
                let text = with(
                    "the link to {host} is lost, {waits}: {why}",
                    &[("host", host), ("waits", &waits), ("why", &told(&why))],
                );
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
            let values: [(&str, &dyn Display); 2] = [("sent", sent), ("received", received)];
            (with("closed, {sent} bytes there and {received} back", &values), None)
        }
        Err(error) => {
            let why = error.to_string();
            (with("reset: {why}", &[("why", &told(&why))]), Some(why))
        }
    }
}
