//! Names that complete in the shell: sessions, their tabs, hosts. Owns which words of a command line are such
//! names. Starts no server, and gives up soon: somebody waits at a prompt.

use std::ffi::OsStr;
use std::time::Duration;

use ccc_client::Hosts;
use ccc_proto::{ClientKind, ListSessions, Message, SessionInfo};
use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use tokio::time::timeout;

use crate::context::Context;

/// The variable by which a shell asks for completions.
pub(crate) const ASKED: &str = "CCC_COMPLETE";
/// How long a server may take to tell its sessions.
const PATIENCE: Duration = Duration::from_secs(1);

/// Words that are targets: a session, a tab or pane of one, after a host or without.
const TARGETS: [&str; 5] = ["target", "session", "what", "words", "with"];
/// Words that are names of hosts.
const HOSTS: [&str; 1] = ["on"];

/// The same command line, whose names complete.
pub(crate) fn completing(command: Command) -> Command {
    let hosts = command.get_name() == "hosts";
    command.mut_args(move |arg| complete(arg, hosts)).mut_subcommands(move |below| {
        if hosts { below.mut_args(|arg| complete(arg, true)) } else { completing(below) }
    })
}

fn complete(arg: Arg, of_hosts: bool) -> Arg {
    let id = arg.get_id().as_str();
    let is_name = of_hosts && id == "name";
    if HOSTS.contains(&id) || is_name {
        arg.add(ArgValueCompleter::new(hosts))
    } else if TARGETS.contains(&id) {
        arg.add(ArgValueCompleter::new(targets))
    } else {
        arg
    }
}

fn hosts(begun: &OsStr) -> Vec<CompletionCandidate> {
    let Some(begun) = begun.to_str() else { return Vec::new() };
    let names = host_names().into_iter().filter(|name| name.starts_with(begun));
    names.map(CompletionCandidate::new).collect()
}

fn host_names() -> Vec<String> {
    let known = Context::from_env().ok().and_then(|context| Hosts::read(&context.home).ok());
    let known = known.unwrap_or_default();
    known.all().iter().map(|host| host.name.clone()).collect()
}

fn targets(begun: &OsStr) -> Vec<CompletionCandidate> {
    let Some(begun) = begun.to_str() else { return Vec::new() };
    let (host, place) = match begun.split_once('/') {
        Some((host, place)) => (Some(host), place),
        None => (None, begun),
    };
    let before = host.map(|host| format!("{host}/")).unwrap_or_default();
    let sessions = sessions_of(host).unwrap_or_default();
    let places = sessions.iter().flat_map(|session| places(session, place));
    let mut found: Vec<_> = places
        .filter(|(name, _)| name.starts_with(place))
        .map(|(name, told)| {
            CompletionCandidate::new(format!("{before}{name}")).help(Some(told.into()))
        })
        .collect();
    if host.is_none() {
        let hosts = host_names().into_iter().filter(|name| name.starts_with(begun));
        found.extend(hosts.map(|name| CompletionCandidate::new(format!("{name}/"))));
    }
    found
}

/// A session by its name, and once a `:` stands there its tabs.
fn places(session: &SessionInfo, begun: &str) -> Vec<(String, String)> {
    if !begun.contains(':') {
        let tabs = session.tabs.iter().map(|tab| tab.name.as_str()).collect::<Vec<_>>();
        return vec![(session.name.clone(), tabs.join(", "))];
    }
    let tabs = session.tabs.iter();
    tabs.map(|tab| (format!("{}:{}", session.name, tab.number), tab.name.clone())).collect()
}

fn sessions_of(host: Option<&str>) -> Option<Vec<SessionInfo>> {
    let mut context = Context::from_env().ok()?;
    if let Some(name) = host {
        let host = Hosts::read(&context.home).ok()?.find(name).ok()?.clone();
        // A command may ask for a password, at a prompt where somebody types something else.
        if host.via.is_some() {
            return None;
        }
        context.host = Some(host);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let asked = runtime.block_on(async {
        timeout(PATIENCE, async {
            let server = context.connect(ClientKind::CLI, false).connect().await.ok()?;
            server.request(ListSessions::default()).await.ok()
        })
        .await
    });
    match asked {
        Ok(Some(Message::Sessions(found))) => Some(found.sessions),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ccc_proto::{Ext, PaneId, SessionId, SessionState, TabId, TabInfo, WireSize};
    use clap::CommandFactory as _;

    use super::*;

    fn completes(path: &[&str], id: &str) -> bool {
        let mut command = completing(crate::args::Args::command());
        command.build();
        let below = path.iter().fold(&command, |command, name| {
            command.find_subcommand(name).expect("the command is there")
        });
        let mut args = below.get_arguments();
        let arg = args.find(|arg| arg.get_id() == id).expect("the argument is there");
        arg.get::<ArgValueCompleter>().is_some()
    }

    #[test]
    fn targets_and_hosts_complete_wherever_they_stand() {
        assert!(completes(&["attach"], "target"));
        assert!(completes(&["send"], "words"));
        assert!(completes(&["tab", "new"], "target"));
        assert!(completes(&["run"], "on"));
        assert!(completes(&["hosts", "rm"], "name"));
        assert!(!completes(&["new"], "name"));
    }

    #[test]
    fn tabs_are_told_once_they_are_asked_for() {
        let tab = TabInfo {
            tab: TabId(1),
            number: 2,
            name: "logs".into(),
            focus: PaneId(1),
            zoomed: None,
            size: WireSize { cols: 80, rows: 24 },
            ext: Ext::none(),
        };
        let session = SessionInfo {
            session: SessionId(1),
            name: "work".into(),
            state: SessionState::RUNNING,
            created_unix_ms: 0,
            attached: 0,
            current_tab: TabId(1),
            tabs: vec![tab],
            panes: Vec::new(),
            ext: Ext::none(),
        };
        assert_eq!(places(&session, "w"), [("work".to_owned(), "logs".to_owned())]);
        assert_eq!(places(&session, "work:"), [("work:2".to_owned(), "logs".to_owned())]);
    }
}
