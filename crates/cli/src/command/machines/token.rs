//! `token` and `--token-file`: secrets for scripts. Owns how one is read, and what is printed of one.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use ccc_client::{Host, InviteLink, checked_address};
use ccc_proto::{
    Ext, Invite, InviteKind, ListPrincipals, Message, PrincipalKind, Revoke, WireRole,
};
use serde_json::json;

use super::invite::{ask, millis, terms};
use super::who::{principal, principal_row};
use crate::args::TokenCommand;
use crate::command::life::ask_quietly;
use crate::context::{Context, unexpected};
use crate::failure::{Attempted as _, Failure};
use crate::output::{Answer, table};
use crate::words::say;

/// The most that is read of a token's file.
const LONGEST: u64 = 4096;

pub(crate) async fn token(context: &Context, command: &TokenCommand) -> Result<Answer, Failure> {
    match command {
        TokenCommand::New { role, session, all, ttl, uses, name, host, bare, .. } => {
            let attempted = "make a token";
            for address in host {
                checked_address(address)
                    .map_err(|error| Failure::usage(attempted, error.to_string()))?;
            }
            let role = role.to_wire();
            let viewer = role == WireRole::VIEWER;
            let terms = terms(InviteKind::TOKEN, role, name.as_deref(), session, *all);
            let request = Invite { ttl_ms: millis(*ttl), uses: *uses, ..terms };
            let made = ask(context, attempted, request).await?;
            let addresses = if host.is_empty() { made.addresses.clone() } else { host.clone() };
            let server = made.server.parse().map_err(|error| Failure::other(attempted, error))?;
            let link = InviteLink { addresses, server, secret: made.secret.clone() };
            if viewer && session.is_empty() && !all {
                let (note, what) =
                    (say("note:"), say("it sees no session: give --session or --all"));
                let _told = writeln!(io::stderr().lock(), "{note} {what}");
            }
            let text = if *bare { made.secret.clone() } else { link.to_string() };
            let json = json!({
                "id": made.id,
                "token": made.secret,
                "link": link.to_string(),
                "expires_unix_ms": made.expires_unix_ms,
            });
            Ok(Answer { text: format!("{text}\n"), json })
        }
        TokenCommand::Ls { .. } => {
            let attempted = "list tokens";
            match context.ask(attempted, ListPrincipals { ext: Ext::none() }).await? {
                Message::Principals(all) => {
                    let is_token =
                        |info: &&ccc_proto::PrincipalInfo| info.kind == PrincipalKind::TOKEN;
                    let tokens: Vec<_> = all.principals.iter().filter(is_token).collect();
                    let rows: Vec<_> = tokens.iter().map(|info| principal_row(info)).collect();
                    let list: Vec<_> = tokens.iter().map(|info| principal(info)).collect();
                    Ok(Answer { text: table(&rows), json: json!({ "tokens": list }) })
                }
                other => Err(unexpected(attempted, "Principals", &other)),
            }
        }
        TokenCommand::Revoke { name, .. } => {
            let request = Revoke { principal: name.clone(), ext: Ext::none() };
            ask_quietly(context, &format!("revoke {name}"), request).await
        }
    }
}

/// Reads a token, and where its server is if that stands with it. `-` is standard input; the file may be a
/// pipe, such as `/dev/fd/3`.
pub(crate) fn read(context: Context, path: &Path) -> Result<Context, Failure> {
    let attempted = format!("read the token in {}", path.display());
    let mut text = String::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().take(LONGEST).read_to_string(&mut text)
    } else {
        File::open(path).and_then(|file| file.take(LONGEST).read_to_string(&mut text))
    };
    read.attempted(&attempted)?;
    let text = text.trim();
    if text.is_empty() {
        return Err(Failure::usage(&attempted, "it is empty"));
    }
    if !text.contains("://") {
        return Ok(Context { token: Some(text.to_owned()), ..context });
    }
    let link: InviteLink = text
        .parse()
        .map_err(|error: ccc_client::LinkError| Failure::usage(&attempted, error.to_string()))?;
    let name = "the token's server".to_owned();
    let (addresses, server) = (link.addresses, link.server);
    let host = Host { name, addresses, via: None, server, paired_unix_ms: 0 };
    Ok(Context { token: Some(link.secret), host: Some(host), ..context })
}
