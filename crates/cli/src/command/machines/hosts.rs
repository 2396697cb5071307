//! `hosts`: the machines that this one was paired with. Owns the columns that people read.

use ccc_client::{ClientError, Host, HostError, Hosts, KeyId};
use serde_json::{Value, json};

use super::now_ms;
use crate::args::HostsCommand;
use crate::context::Context;
use crate::failure::{Attempted as _, Failure};
use crate::output::{Answer, label, table};
use crate::words::with;

pub(crate) async fn hosts(context: &Context, command: &HostsCommand) -> Result<Answer, Failure> {
    let home = &context.home;
    let attempted = "look at the hosts";
    match command {
        HostsCommand::Ls { .. } => {
            let hosts = Hosts::read(home).attempted(attempted)?;
            let rows: Vec<_> = hosts.all().iter().map(row).collect();
            let list: Vec<_> = hosts.all().iter().map(value).collect();
            Ok(Answer { text: table(&rows), json: json!({ "hosts": list }) })
        }
        HostsCommand::Add { name, addresses, server, .. } => {
            let attempted = format!("add {name}");
            let server: Option<KeyId> = match server {
                Some(text) => Some(text.parse().map_err(|error: ccc_client::KeyIdError| {
                    Failure::usage(&attempted, error.to_string())
                })?),
                None => None,
            };
            let changed = Hosts::change(home, |hosts| {
                let host = put(hosts, name, addresses, context.via.as_deref(), server)?;
                Ok(value(&host))
            });
            Ok(Answer::quiet(refusals(changed, &attempted)?))
        }
        HostsCommand::Rekey { skip_unreachable, .. } => {
            super::keys::hosts(context, *skip_unreachable).await
        }
        HostsCommand::Rename { name, to, .. } => {
            let attempted = format!("rename {name}");
            let changed = Hosts::change(home, |hosts| {
                hosts.rename(name, to)?;
                hosts.find(to).map(value)
            });
            Ok(Answer::quiet(refusals(changed, &attempted)?))
        }
        HostsCommand::Rm { name, .. } => {
            let attempted = format!("forget {name}");
            let changed = Hosts::change(home, |hosts| hosts.remove(name).map(|host| value(&host)));
            Ok(Answer::quiet(refusals(changed, &attempted)?))
        }
    }
}

fn put(
    hosts: &mut Hosts,
    name: &str,
    addresses: &[String],
    via: Option<&str>,
    server: Option<KeyId>,
) -> Result<Host, HostError> {
    let known = hosts.find(name).cloned();
    let server = match (&known, server) {
        // A key is never replaced: that is what pairing again is for.
        (Ok(known), Some(server)) if known.server != server => {
            return Err(HostError::Taken(name.to_owned()));
        }
        (Ok(known), _) => known.server,
        (Err(_), Some(server)) => server,
        (Err(_), None) => known?.server,
    };
    let since = hosts.find(name).map_or_else(|_| now_ms(), |host| host.paired_unix_ms);
    let former = hosts.find(name).ok();
    // What is not said stays; an empty command is none.
    let addresses = match former {
        Some(former) if addresses.is_empty() => former.addresses.clone(),
        _ => addresses.to_vec(),
    };
    let via = match via {
        Some(command) => Some(command.to_owned()).filter(|command| !command.is_empty()),
        None => former.and_then(|former| former.via.clone()),
    };
    let host = Host { name: name.to_owned(), addresses, via, server, paired_unix_ms: since };
    hosts.put(host.clone())?;
    Ok(host)
}

fn refusals(changed: Result<Value, ClientError>, attempted: &str) -> Result<Value, Failure> {
    changed.attempted(attempted)
}

fn row(host: &Host) -> Vec<String> {
    let place = match &host.via {
        Some(command) => with("via {command}", &[("command", &label(command))]),
        None => host.addresses.join(", "),
    };
    vec![host.name.clone(), place, ccc_client::words(&host.server)]
}

fn value(host: &Host) -> Value {
    json!({
        "name": host.name,
        "addresses": host.addresses,
        "via": host.via,
        "server": host.server.to_string(),
        "words": ccc_client::words(&host.server),
        "paired_unix_ms": host.paired_unix_ms,
    })
}
