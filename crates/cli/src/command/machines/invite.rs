//! `invite`: a link for another machine. Owns what is said beside it.

use std::io::{self, IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::time::Duration;

use ccc_client::{InviteLink, checked_address};
use ccc_proto::{Ext, GrantLevel, Invite, InviteKind, Invited, Message, WireGrant, WireRole};
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use serde_json::json;

use super::{left, now_ms, until};
use crate::args::{InviteArgs, Role};
use crate::context::{Context, unexpected};
use crate::failure::{Attempted as _, Failure};
use crate::output::Answer;
use crate::words::{say, with};

/// What a code lasts at most.
const CODE_TTL_MS: u64 = 5 * 60 * 1000;

pub(crate) async fn invite(context: &Context, args: &InviteArgs) -> Result<Answer, Failure> {
    let attempted = "invite";
    for address in &args.host {
        checked_address(address).map_err(|error| Failure::usage(attempted, error.to_string()))?;
    }
    if args.code {
        return code(context, args).await;
    }
    let invited = ask(context, attempted, request(args, InviteKind::LINK)).await?;
    let addresses =
        if args.host.is_empty() { invited.addresses.clone() } else { args.host.clone() };
    let server = invited.server.parse().map_err(|error| Failure::other(attempted, error))?;
    let link = InviteLink { addresses, server, secret: invited.secret.clone() };
    let mut text = format!("{link}\n");
    let mut err = io::stderr().lock();
    if !args.json.json && io::stdout().is_terminal() {
        if let Some(picture) = picture(&link.to_string()) {
            text = format!("{picture}\n{text}");
        }
        let time = until(invited.expires_unix_ms, now_ms());
        let once =
            with("one machine may use this link {time}; there: ccc pair LINK", &[("time", &time)]);
        let _told = writeln!(err, "{once}");
    }
    if link.addresses.iter().all(|address| is_loopback(address)) {
        let note = say(
            "the server listens on this machine alone; for others: ccc serve --stop && ccc serve --daemon --listen 0.0.0.0",
        );
        let _told = writeln!(err, "{} {note}", say("note:"));
    }
    if args.role == Role::Viewer && args.session.is_empty() && !args.all {
        let note = say(
            "a viewer sees no session before one is granted: ccc grant NAME SESSION view, or invite with --session or --all",
        );
        let _told = writeln!(err, "{} {note}", say("note:"));
    }
    let json = json!({
        "id": invited.id,
        "link": link.to_string(),
        "addresses": link.addresses,
        "server": invited.server,
        "expires_unix_ms": invited.expires_unix_ms,
    });
    Ok(Answer { text, json })
}

/// A code that is read aloud, and what is to be typed at the other end.
async fn code(context: &Context, args: &InviteArgs) -> Result<Answer, Failure> {
    let mut request = request(args, InviteKind::CODE);
    request.ttl_ms = request.ttl_ms.min(CODE_TTL_MS);
    let invited = ask(context, "invite", request).await?;
    let addresses =
        if args.host.is_empty() { invited.addresses.clone() } else { args.host.clone() };
    let at = addresses.first().cloned().unwrap_or_default();
    let time = left(invited.expires_unix_ms, now_ms()).unwrap_or_else(|| say("over").to_owned());
    let how = with(
        "read it to the other machine within {time}; there: ccc pair CODE --at {address}",
        &[("time", &time), ("address", &at)],
    );
    let _told = writeln!(io::stderr().lock(), "{how}\n{}", say("one wrong word uses it up"));
    let json = json!({
        "id": invited.id,
        "code": invited.secret,
        "addresses": addresses,
        "server": invited.server,
        "expires_unix_ms": invited.expires_unix_ms,
    });
    Ok(Answer { text: format!("{}\n", invited.secret), json })
}

/// What is asked of the server.
fn request(args: &InviteArgs, kind: InviteKind) -> Invite {
    let (role, name, ttl) = (args.role.to_wire(), args.name.as_deref(), args.ttl);
    Invite { ttl_ms: millis(ttl), ..terms(kind, role, name, &args.session, args.all) }
}

/// What whoever comes may do: in these sessions, or in those that the role is for.
pub(super) fn terms(
    kind: InviteKind,
    role: WireRole,
    name: Option<&str>,
    sessions: &[String],
    all: bool,
) -> Invite {
    let viewer = role == WireRole::VIEWER;
    let level = if viewer { GrantLevel::VIEW } else { GrantLevel::OWN };
    let grant = |session: &String| WireGrant { session: session.clone(), level };
    Invite {
        kind,
        role,
        name: name.unwrap_or_default().to_owned(),
        ttl_ms: 0,
        uses: 0,
        all_sessions: all || (!viewer && sessions.is_empty()),
        grants: sessions.iter().map(grant).collect(),
        ext: Ext::none(),
    }
}

pub(super) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

pub(super) async fn ask(
    context: &Context,
    attempted: &str,
    request: Invite,
) -> Result<Invited, Failure> {
    let server = context.server_or_start(attempted).await?;
    match server.request(request).await.attempted(attempted)? {
        Message::Invited(invited) => Ok(invited),
        other => Err(unexpected(attempted, "Invited", &other)),
    }
}

fn is_loopback(address: &str) -> bool {
    address.parse::<SocketAddr>().is_ok_and(|address| address.ip().is_loopback())
        || address.starts_with("localhost:")
}

/// The link for a camera. What is light is drawn, for most terminals are dark.
fn picture(link: &str) -> Option<String> {
    let code = QrCode::new(link).ok()?;
    let dense = code.render::<Dense1x2>();
    Some(with_colors(dense).build())
}

fn with_colors(
    mut render: qrcode::render::Renderer<'_, Dense1x2>,
) -> qrcode::render::Renderer<'_, Dense1x2> {
    render.dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).quiet_zone(true);
    render
}
