//! `server rekey` and `hosts rekey`: other keys in the place of those there are. Owns the words afterwards.

use std::time::Duration;

use ccc_client::{Connect, Host, Running, find};
use ccc_proto::{ClientKind, Ext, Message, Rekey, Rekeyed};
use serde_json::json;
use tokio::time::timeout;

use crate::args::ServerCommand;
use crate::context::{Context, unexpected};
use crate::failure::{Attempted as _, Failure};
use crate::output::{Answer, label};
use crate::words::say;

/// How long the server takes at most to leave, and to be started again.
const AGAIN: Duration = Duration::from_secs(30);
/// How often it is knocked at meanwhile; each knock waits for some seconds.
const KNOCKS: u32 = 6;

pub(crate) async fn server(context: &Context, command: &ServerCommand) -> Result<Answer, Failure> {
    let ServerCommand::Rekey { compromised, .. } = command;
    let attempted = "give the server another key";
    let before = find(&context.home).attempted(attempted)?;
    let running = Running::find(before.pid);
    let request = Rekey { compromised: *compromised, ext: Ext::none() };
    let rekeyed = match context.ask(attempted, request).await? {
        Message::Rekeyed(Rekeyed { server, .. }) => server,
        other => return Err(unexpected(attempted, "Rekeyed", &other)),
    };
    let next = rekeyed.parse().map_err(|error| Failure::other(attempted, error))?;
    // Its keeper starts it at once, and holds its socket until then: whoever knocks there waits for it.
    let host = Host {
        name: "the server".to_owned(),
        addresses: vec![before.address.to_string()],
        via: None,
        server: next,
        paired_unix_ms: 0,
    };
    let connect = Connect { host: Some(host), ..context.connect(ClientKind::CLI, false) };
    let again = async {
        if let Some(running) = running {
            running.ended().await;
        }
        for _knock in 1..KNOCKS {
            if connect.connect().await.is_ok() {
                return true;
            }
        }
        connect.connect().await.is_ok()
    };
    let came = timeout(AGAIN, again).await.unwrap_or(false);
    // It may have been told to listen elsewhere from now on.
    let elsewhere = || find(&context.home).is_ok_and(|found| found.server == next);
    if !came && !elsewhere() {
        let failure = Failure::other(attempted, "the server has not come back with it");
        return Err(failure.with_hint("look at it with: ccc doctor"));
    }
    let words = ccc_client::words(&next);
    let then = if *compromised {
        say("nothing vouches for it: every machine has to be paired again (ccc invite)")
    } else {
        say("the old one vouches for it: machines that were paired find out by themselves")
    };
    let text = format!("{} {words}\n{then}\n", say("the server's key:"));
    let json = json!({ "server": rekeyed, "words": words, "compromised": compromised });
    Ok(Answer { text, json })
}

pub(crate) async fn hosts(context: &Context, skip: bool) -> Result<Answer, Failure> {
    let attempted = "give this machine another key";
    let connect = context.connect(ClientKind::CLI, false);
    let renewed = ccc_client::renew(&context.home, &connect, skip).await.map_err(|error| {
        let failed: Result<(), _> = Err(error);
        match failed.attempted(attempted) {
            Err(failure) => failure.with_hint(
                "nothing was changed; try again when it can be reached, or leave it out with --skip-unreachable and pair again there",
            ),
            Ok(()) => Failure::usage(attempted, "it failed"),
        }
    })?;
    let list =
        |names: &[String]| names.iter().map(|name| label(name)).collect::<Vec<_>>().join(", ");
    let words = ccc_client::words(&renewed.key);
    let mut text = format!("{} {words}\n", say("this machine's key:"));
    if !renewed.known.is_empty() {
        text.push_str(&format!("{} {}\n", say("known at:"), list(&renewed.known)));
    }
    if !renewed.unreached.is_empty() {
        text.push_str(&format!("{} {}\n", say("to be paired again:"), list(&renewed.unreached)));
    }
    let json = json!({
        "key": renewed.key.to_string(),
        "known": renewed.known,
        "unreached": renewed.unreached,
    });
    Ok(Answer { text, json })
}
