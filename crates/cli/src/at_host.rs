//! The `host/` before a target. Owns which words of which command are targets, and the rule by which one
//! names another machine: what stands before its first `/` is the name of a known host. A target that
//! begins with `/` is on this machine, whatever it is called.

use std::ffi::OsString;

use ccc_client::{Host, HostError, Hosts, Transport};

use crate::args::{
    AuditCommand, Command, HistoryCommand, HostsCommand, LayoutCommand, OnHost, PaneCommand,
    RecCommand, TabCommand, TokenCommand,
};
use crate::context::Context;
use crate::failure::{Attempted as _, Failure};
use crate::target;

/// A word that may be a target.
enum Word<'a> {
    Text(&'a mut String),
    Os(&'a mut OsString),
}

/// Finds out on which machine a command is meant, and takes the machine's name from its words.
pub(crate) fn at_host(context: &Context, command: &mut Command) -> Result<Context, Failure> {
    let inside = target::own_pane(context).is_some();
    let mut hosts: Option<Hosts> = None;
    let mut found: Option<Host> = None;
    let mut no_host = None;
    let mut meant = |host: Host| -> Result<(), Failure> {
        match &found {
            Some(other) if other.name != host.name => {
                let why = format!("{} and {} are two machines", other.name, host.name);
                Err(Failure::usage("find the host", why))
            }
            _ => {
                found = Some(host);
                Ok(())
            }
        }
    };
    if let Some(name) = on(command).and_then(|on| on.on.take()) {
        let known = Hosts::read(&context.home).attempted("read the hosts")?;
        let name = name.trim_end_matches('/');
        meant(known.find(name).cloned().map_err(|error| unknown(name, error))?)?;
    }
    if let Command::Forward(args) = command {
        let known = Hosts::read(&context.home).attempted("read the hosts")?;
        let name = args.host.trim_end_matches('/');
        meant(known.find(name).cloned().map_err(|error| unknown(name, error))?)?;
    }
    if let Command::Copy(args) = &*command {
        let names: Vec<String> = args.hosts().collect();
        if let Some(name) = names.iter().find(|name| **name != names[0]) {
            let shown = |name: &str| match name {
                "" => "this machine's server".to_owned(),
                name => crate::output::label(name),
            };
            let why = format!("{} and {} are two machines", shown(&names[0]), shown(name));
            return Err(Failure::usage("find the host", why));
        }
        if let Some(name) = names.first().filter(|name| !name.is_empty()) {
            let known = Hosts::read(&context.home).attempted("read the hosts")?;
            meant(known.find(name).cloned().map_err(|error| {
                unknown(name, error).with_hint(format!("a file here is written ./{name}:…"))
            })?)?;
        }
    }
    for word in words(command, inside) {
        let Some(text) = word.text() else { continue };
        let Some((name, rest)) = text.split_once('/') else { continue };
        let (name, rest) = (name.to_owned(), rest.to_owned());
        if name.is_empty() {
            // An absolute path of a recording is one.
            if let Word::Text(word) = word {
                *word = rest;
            }
            continue;
        }
        if hosts.is_none() {
            hosts = Some(Hosts::read(&context.home).attempted("read the hosts")?);
        }
        let known = hosts.get_or_insert_default();
        match known.find(&name) {
            Ok(host) => {
                meant(host.clone())?;
                word.set(rest);
            }
            // Nothing else ends so.
            Err(error) if rest.is_empty() => return Err(unknown(&name, error)),
            Err(error) => no_host = Some(error.to_string()),
        }
    }
    let keeps = matches!(command, Command::Pair(_) | Command::Hosts(HostsCommand::Add { .. }));
    let no_host = if found.is_some() { None } else { no_host };
    // A token may have named one.
    let mut host = found.or_else(|| context.host.clone());
    match (&mut host, &context.via) {
        (Some(host), Some(command)) => host.via = Some(command.clone()),
        (None, Some(_)) if !keeps => {
            let why =
                "--via leads to another machine: name it by HOST/ before the target, or by --on";
            return Err(Failure::usage("find the host", why));
        }
        _ => {}
    }
    let chosen = context.endpoints.transport() != Transport::Auto;
    if let Some(Host { name, via: Some(_), .. }) = host.as_ref().filter(|_| chosen) {
        let name = crate::output::label(name);
        let why = format!("{name} is reached by a command, which --transport says nothing about");
        let hint = format!("leave --transport out, or: ccc hosts add {name} --via '' ADDRESS:PORT");
        return Err(Failure::usage("find the host", why).with_hint(hint));
    }
    Ok(Context { host, no_host, ..context.clone() })
}

fn unknown(name: &str, error: HostError) -> Failure {
    let failed: Result<(), _> = Err(ccc_client::ClientError::Host(error));
    match failed.attempted(&format!("reach {}", crate::output::label(name))) {
        Err(failure) => failure,
        Ok(()) => Failure::usage("reach a host", "it is not known"),
    }
}

impl Word<'_> {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Os(text) => text.to_str(),
        }
    }

    fn set(self, text: String) {
        match self {
            Self::Text(word) => *word = text,
            Self::Os(word) => *word = text.into(),
        }
    }
}

/// The flag by which a command without a target says where.
fn on(command: &mut Command) -> Option<&mut OnHost> {
    Some(match command {
        Command::Run(args) => &mut args.on,
        Command::New(args) => &mut args.on,
        Command::History(args) => match &mut args.command {
            Some(HistoryCommand::Import { on, .. } | HistoryCommand::Forget { on, .. }) => on,
            None => &mut args.on,
        },
        Command::Search(args) => &mut args.on,
        Command::Doctor(args) => &mut args.on,
        Command::Version { on, .. } => on,
        Command::Control(args) => &mut args.on,
        Command::Rec(RecCommand::Ls { on, .. }) => on,
        Command::Layout(LayoutCommand::Load { on, .. }) => on,
        Command::Invite(args) => &mut args.on,
        Command::Grant(args) => &mut args.on,
        Command::Role(args) => &mut args.on,
        Command::Revoke(args) => &mut args.on,
        Command::Token(
            TokenCommand::New { on, .. }
            | TokenCommand::Ls { on, .. }
            | TokenCommand::Revoke { on, .. },
        ) => on,
        Command::Audit(
            AuditCommand::Query { on, .. }
            | AuditCommand::Verify { on, .. }
            | AuditCommand::Export { on, .. },
        ) => on,
        _ => return None,
    })
}

/// The words of a command that may be targets.
fn words(command: &mut Command, inside: bool) -> Vec<Word<'_>> {
    fn one(text: &mut Option<String>) -> Vec<Word<'_>> {
        text.iter_mut().map(Word::Text).collect()
    }
    fn os(text: &mut Option<OsString>) -> Vec<Word<'_>> {
        text.iter_mut().map(Word::Os).collect()
    }
    // Of words where the target may be left out inside a pane, the first of all that there may be.
    let first = |words: &'_ mut Vec<String>, all: usize| {
        let there = words.len() == all || (!inside && words.len() + 1 == all);
        if there { words.len().min(1) } else { 0 }
    };
    match command {
        Command::Attach(args) => one(&mut args.target),
        Command::Switch(args) => vec![Word::Text(&mut args.target)],
        Command::Ls(args) => one(&mut args.target),
        Command::Detach(args) => one(&mut args.target),
        Command::Kill(args) => one(&mut args.target),
        Command::Rm(args) => vec![Word::Text(&mut args.target)],
        Command::Restart(args) => one(&mut args.target),
        Command::Split(args) => one(&mut args.target),
        Command::Interrupt(args) => one(&mut args.target),
        Command::Capture(args) => one(&mut args.target),
        Command::Tail(args) => one(&mut args.target),
        Command::Peek(args) => one(&mut args.target),
        Command::Wait(args) => one(&mut args.target),
        Command::Events(args) => one(&mut args.target),
        Command::Top(args) => one(&mut args.target),
        Command::Who(args) => one(&mut args.target),
        Command::Search(args) => one(&mut args.session),
        Command::History(args) => one(&mut args.session),
        Command::Invite(args) => args.session.iter_mut().map(Word::Text).collect(),
        Command::Grant(args) if args.words.len() == 2 => {
            args.words.iter_mut().take(1).map(Word::Text).collect()
        }
        Command::Export(args) => os(&mut args.what),
        Command::Replay(args) => os(&mut args.what),
        Command::Rec(RecCommand::Info { what, .. } | RecCommand::Verify { what, .. }) => os(what),
        Command::Rec(RecCommand::Rm { target, .. }) => vec![Word::Text(target)],
        Command::Rename(args) => {
            let count = first(&mut args.words, 2);
            let count = if args.words.len() == 2 { count } else { 0 };
            args.words.iter_mut().take(count).map(Word::Text).collect()
        }
        Command::Send(args) => {
            let count = first(&mut args.words, 2);
            args.words.iter_mut().take(count).map(Word::Text).collect()
        }
        Command::Resize(args) => {
            let count = if args.words.len() == 2 { 1 } else { 0 };
            args.words.iter_mut().take(count).map(Word::Text).collect()
        }
        Command::Tab(
            TabCommand::New { target, .. }
            | TabCommand::Ls { target, .. }
            | TabCommand::Close { target, .. },
        )
        | Command::Pane(
            PaneCommand::Ls { target, .. }
            | PaneCommand::Zoom { target, .. }
            | PaneCommand::Float { target, .. }
            | PaneCommand::Break { target, .. }
            | PaneCommand::Close { target, .. },
        )
        | Command::Layout(LayoutCommand::Save { target, .. }) => one(target),
        Command::Tab(TabCommand::Select { target, .. } | TabCommand::Move { target, .. })
        | Command::Pane(PaneCommand::Select { target, .. }) => vec![Word::Text(target)],
        Command::Tab(TabCommand::Rename { words, .. }) if words.len() == 2 => {
            words.iter_mut().take(1).map(Word::Text).collect()
        }
        Command::Pane(PaneCommand::Resize { words, .. }) if words.len() == 3 => {
            words.iter_mut().take(1).map(Word::Text).collect()
        }
        Command::Layout(LayoutCommand::Preset { words, .. }) => {
            words.iter_mut().take(1).map(Word::Text).collect()
        }
        Command::Pane(PaneCommand::Swap { target, with, .. }) => {
            target.iter_mut().chain(with).map(Word::Text).collect()
        }
        _ => Vec::new(),
    }
}
