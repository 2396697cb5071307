//! `who`: who is connected, and who may. Owns the columns that people read.

use ccc_proto::{
    ClientInfo, Clients, Ext, GrantLevel, InviteInfo, ListClients, ListPrincipals, Message,
    PrincipalInfo, Principals, SessionInfo, client_tag,
};
use serde_json::json;

use super::{now_ms, until};
use crate::args::WhoArgs;
use crate::command::listing;
use crate::context::{Context, unexpected};
use crate::failure::Failure;
use crate::json;
use crate::output::{Answer, label, table};
use crate::words::{say, with};

pub(crate) async fn who(context: &Context, args: &WhoArgs) -> Result<Answer, Failure> {
    if args.all { all(context).await } else { connected(context, args).await }
}

async fn connected(context: &Context, args: &WhoArgs) -> Result<Answer, Failure> {
    let attempted = "see who is connected";
    let mut clients = match context.ask(attempted, ListClients::default()).await? {
        Message::Clients(Clients { clients, .. }) => clients,
        other => return Err(unexpected(attempted, "Clients", &other)),
    };
    let target = args.target.as_deref().unwrap_or_default();
    let sessions = listing::sessions(context, target).await?;
    if !target.is_empty() {
        let there = |client: &ClientInfo| {
            sessions.iter().any(|session| client.session == Some(session.session))
        };
        clients.retain(there);
    }
    let rows: Vec<_> = clients.iter().map(|client| row(client, &sessions)).collect();
    Ok(Answer { text: table(&rows), json: json::clients(&clients) })
}

fn row(info: &ClientInfo, sessions: &[SessionInfo]) -> Vec<String> {
    let session = sessions.iter().find(|session| info.session == Some(session.session));
    let place = match session {
        None => "-".to_owned(),
        Some(session) => {
            let tab = session.tabs.iter().find(|tab| info.tab == Some(tab.tab));
            let pane = session.panes.iter().find(|pane| info.pane == Some(pane.pane));
            let number = |number: Option<u16>| number.map_or_else(|| "?".into(), |n| n.to_string());
            format!(
                "{}:{}.{}",
                label(&session.name),
                number(tab.map(|tab| tab.number)),
                number(pane.map(|pane| pane.number))
            )
        }
    };
    let text = |tag| label(info.ext.find_text(tag).unwrap_or("-"));
    let does = match (info.session, info.view) {
        (None, _) => "",
        (Some(_), true) => say("looks"),
        (Some(_), false) => say("works"),
    };
    vec![
        info.client.to_string(),
        text(client_tag::NAME),
        text(client_tag::ROLE),
        place,
        does.to_owned(),
        label(&info.host),
        from(info),
    ]
}

/// Where it comes from, and how when that is not by QUIC.
fn from(info: &ClientInfo) -> String {
    match info.ext.find_text(client_tag::CARRIER) {
        Some(carrier) => format!("{} {}", label(carrier), info.address).trim_end().to_owned(),
        None => info.address.clone(),
    }
}

async fn all(context: &Context) -> Result<Answer, Failure> {
    let attempted = "see who may connect";
    match context.ask(attempted, ListPrincipals { ext: Ext::none() }).await? {
        Message::Principals(Principals { principals, invites, .. }) => {
            let mut rows: Vec<_> = principals.iter().map(principal_row).collect();
            rows.extend(invites.iter().map(invite_row));
            let json = json!({
                "principals": principals.iter().map(principal).collect::<Vec<_>>(),
                "invites": invites.iter().map(invite).collect::<Vec<_>>(),
            });
            Ok(Answer { text: table(&rows), json })
        }
        other => Err(unexpected(attempted, "Principals", &other)),
    }
}

pub(super) fn principal_row(info: &PrincipalInfo) -> Vec<String> {
    let mut rights: Vec<String> = Vec::new();
    if info.all_sessions {
        rights.push(say("all sessions").into());
    }
    rights.extend(info.grants.iter().map(|grant| {
        let level = match grant.level {
            GrantLevel::VIEW => "view".into(),
            other => other.to_string(),
        };
        format!("{} {level}", label(&grant.session))
    }));
    if rights.is_empty() {
        rights.push(say("no session").into());
    }
    let state = match (info.connected, info.expires_unix_ms) {
        (0, 0) => String::new(),
        (0, at) => until(at, now_ms()),
        (count, _) => with("connected {count}", &[("count", &count)]),
    };
    vec![
        label(&info.name),
        info.role.to_string(),
        info.kind.to_string(),
        state,
        short(&info.principal),
        rights.join(", "),
    ]
}

fn invite_row(info: &InviteInfo) -> Vec<String> {
    vec![
        if info.name.is_empty() { "-".into() } else { label(&info.name) },
        info.role.to_string(),
        with("open {kind}", &[("kind", &info.kind)]),
        until(info.expires_unix_ms, now_ms()),
        info.id.clone(),
    ]
}

/// Enough of an id to know it again; the whole stands in the JSON.
fn short(id: &str) -> String {
    id.chars().take(12).collect()
}

pub(super) fn principal(info: &PrincipalInfo) -> serde_json::Value {
    let grants: Vec<_> = info
        .grants
        .iter()
        .map(|grant| json!({ "session": grant.session, "level": grant.level.to_string() }))
        .collect();
    json!({
        "principal": info.principal,
        "name": info.name,
        "kind": info.kind.to_string(),
        "role": info.role.to_string(),
        "all_sessions": info.all_sessions,
        "grants": grants,
        "since_unix_ms": info.since_unix_ms,
        "expires_unix_ms": (info.expires_unix_ms > 0).then_some(info.expires_unix_ms),
        "keys": info.keys,
        "connected": info.connected,
    })
}

fn invite(info: &InviteInfo) -> serde_json::Value {
    json!({
        "id": info.id,
        "kind": info.kind.to_string(),
        "role": info.role.to_string(),
        "name": info.name,
        "expires_unix_ms": info.expires_unix_ms,
    })
}
