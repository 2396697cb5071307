//! Listings of sessions, tabs, panes and clients. Owns the columns that people read.

use ccc_proto::{
    ClientInfo, Clients, Ext, ListClients, ListSessions, Message, PaneInfo, PaneState, SessionInfo,
    SessionState, Sessions, TabInfo,
};
use serde_json::json;

use crate::args::LsArgs;
use crate::context::{Context, unexpected};
use crate::failure::Failure;
use crate::json;
use crate::output::{Answer, label, table};
use crate::words::{say, with, word};

pub(crate) async fn ls(context: &Context, args: &LsArgs) -> Result<Answer, Failure> {
    if args.clients {
        return clients(context).await;
    }
    let sessions = sessions(context, args.target.as_deref().unwrap_or_default()).await?;
    let rows: Vec<_> = sessions.iter().map(session_row).collect();
    Ok(Answer { text: table(&rows), json: json::sessions(&sessions) })
}

/// The sessions, or the one that the target lies in.
pub(crate) async fn sessions(context: &Context, target: &str) -> Result<Vec<SessionInfo>, Failure> {
    let attempted = "list sessions";
    let request = ListSessions { target: target.into(), ext: Ext::none() };
    match context.ask(attempted, request).await? {
        Message::Sessions(Sessions { sessions, .. }) => Ok(sessions),
        other => Err(unexpected(attempted, "Sessions", &other)),
    }
}

pub(crate) async fn tabs(context: &Context, target: &str) -> Result<Answer, Failure> {
    let sessions = sessions(context, target).await?;
    let mut rows = Vec::new();
    let mut list = Vec::new();
    for session in &sessions {
        rows.extend(session.tabs.iter().map(|tab| tab_row(session, tab)));
        list.extend(session.tabs.iter().map(json::tab));
    }
    Ok(Answer { text: table(&rows), json: json!({ "tabs": list }) })
}

pub(crate) async fn panes(context: &Context, target: &str) -> Result<Answer, Failure> {
    let sessions = sessions(context, target).await?;
    let mut rows = Vec::new();
    let mut list = Vec::new();
    for session in &sessions {
        rows.extend(session.panes.iter().map(|pane| pane_row(session, pane)));
        list.extend(session.panes.iter().map(json::pane));
    }
    Ok(Answer { text: table(&rows), json: json!({ "panes": list }) })
}

async fn clients(context: &Context) -> Result<Answer, Failure> {
    let attempted = "list clients";
    match context.ask(attempted, ListClients::default()).await? {
        Message::Clients(Clients { clients, .. }) => {
            let rows: Vec<_> = clients.iter().map(client_row).collect();
            Ok(Answer { text: table(&rows), json: json::clients(&clients) })
        }
        other => Err(unexpected(attempted, "Clients", &other)),
    }
}

fn session_row(info: &SessionInfo) -> Vec<String> {
    let state = match (info.state, info.attached) {
        (SessionState::ENDED, _) => say("ended").into(),
        (_, 0) => say("detached").into(),
        (_, 1) => say("attached").into(),
        (_, count) => with("attached by {count}", &[("count", &count)]),
    };
    let tabs = match info.tabs.len() {
        1 => say("1 tab").into(),
        count => with("{count} tabs", &[("count", &count)]),
    };
    let panes = match info.panes.len() {
        1 => say("1 pane").into(),
        count => with("{count} panes", &[("count", &count)]),
    };
    vec![info.session.to_string(), label(&info.name), tabs, panes, state]
}

fn tab_row(session: &SessionInfo, tab: &TabInfo) -> Vec<String> {
    let mut flags = String::new();
    if session.current_tab == tab.tab {
        flags.push('*');
    }
    if tab.zoomed.is_some() {
        flags.push('Z');
    }
    vec![
        tab.tab.to_string(),
        format!("{}:{}", label(&session.name), tab.number),
        format!("{}{flags}", label(&tab.name)),
        format!("{}x{}", tab.size.cols, tab.size.rows),
    ]
}

fn pane_row(session: &SessionInfo, pane: &PaneInfo) -> Vec<String> {
    let tab = session.tabs.iter().find(|tab| tab.tab == pane.tab).map_or(0, |tab| tab.number);
    let state = match (pane.state, pane.exit.status()) {
        (PaneState::RUNNING, _) => format!("pid {}", pane.pid),
        (_, Some(status)) => with("exited {status}", &[("status", &status)]),
        (state, None) => word(&state.to_string()),
    };
    let state = match pane.recorded {
        true => state,
        false => with("{state}, not recorded", &[("state", &state)]),
    };
    vec![
        pane.pane.to_string(),
        format!("{}:{tab}.{}", label(&session.name), pane.number),
        format!("{}x{}", pane.size.cols, pane.size.rows),
        state,
        label(&pane.command),
        label(&pane.cwd),
    ]
}

fn client_row(info: &ClientInfo) -> Vec<String> {
    vec![
        info.client.to_string(),
        info.session.map_or_else(|| "-".into(), |session| session.to_string()),
        format!("{}x{}", info.size.cols, info.size.rows),
        label(&info.host),
        label(&info.software),
        info.address.clone(),
    ]
}
