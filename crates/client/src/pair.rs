//! Having this machine's key enrolled at another's server by a link, and remembering the server. Owns the
//! order: the server's key is compared before a byte is sent, and it is kept only when both know each other.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ccc_net::{ConnectOptions, Connection, Identity};
use ccc_proto::{Ext, Message, Pair, Paired};
use tokio::time::timeout;

use crate::host_link::{Reached, reach};
use crate::server::{blocking, host_name, unexpected};
use crate::{ClientError, Endpoints, Home, Host, Hosts, InviteLink};

/// How long the server may take to answer: it writes to its disk first.
const ANSWER: Duration = Duration::from_secs(8);

/// What came of it.
#[derive(Clone, Debug)]
pub struct Enrolled {
    /// The host as it is remembered.
    pub host: Host,
    /// What the server says of us.
    pub paired: Paired,
}

/// Enrols this machine's key by a link and remembers the server under `name`, else under what it calls
/// itself.
///
/// # Errors
/// The name is taken, the server cannot be reached or has another key, or the invitation is not good.
pub async fn pair(
    home: &Home,
    endpoints: &Endpoints,
    link: InviteLink,
    name: Option<String>,
) -> Result<Enrolled, ClientError> {
    let hosts = Hosts::read(home)?;
    // What would fail at the end fails before the invitation is used.
    if let Some(name) = &name {
        let mut trial = hosts.clone();
        let host = host(name.clone(), &link);
        trial.put(host).map_err(ClientError::Host)?;
    }
    let key = home.client_key();
    let identity = {
        let home = home.clone();
        blocking(move || {
            ccc_journal::dir::create_private(home.state())?;
            Ok(Identity::load_or_create(&key)?)
        })
        .await?
    };
    let shown = name.clone().unwrap_or_else(|| link.addresses.join(", "));
    let target = Reached { name: shown, addresses: &link.addresses, server: link.server };
    let connection = reach(endpoints, &target, |endpoint, address| {
        let options = ConnectOptions::new(address, link.server, identity.clone());
        async move { endpoint.connect_for_pairing(options).await }
    })
    .await?;
    let paired = timeout(ANSWER, ask(&connection, &link.secret))
        .await
        .map_err(|_elapsed| ClientError::Deadline { seconds: ANSWER.as_secs() })??;
    let (home, host_of) = (home.clone(), paired.host.clone());
    let host = blocking(move || {
        Hosts::change(&home, |hosts| {
            // A server that is known keeps its name unless another is wished.
            let known = hosts.all().iter().find(|known| known.server == link.server);
            let known = known.map(|known| known.name.clone());
            let name = name.or(known).unwrap_or_else(|| hosts.free_name(&host_of));
            let host = host(name, &link);
            hosts.put(host.clone())?;
            Ok(host)
        })
    })
    .await?;
    Ok(Enrolled { host, paired })
}

fn host(name: String, link: &InviteLink) -> Host {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let paired_unix_ms = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
    Host { name, addresses: link.addresses.clone(), server: link.server, paired_unix_ms }
}

async fn ask(connection: &Connection, secret: &str) -> Result<Paired, ClientError> {
    let lost = |why: String| ClientError::Lost { why };
    let (mut tx, mut rx) = connection.open_bi().await.map_err(|e| lost(e.to_string()))?;
    let pair = Pair {
        secret: secret.to_owned(),
        name: host_name(),
        software: format!("ccc {}", env!("CARGO_PKG_VERSION")),
        ext: Ext::none(),
    };
    tx.send(&pair.into()).await.map_err(|e| lost(e.to_string()))?;
    tx.finish().await.map_err(|e| lost(e.to_string()))?;
    match rx.recv().await.map_err(|e| lost(e.to_string()))? {
        Some(Message::Paired(paired)) => Ok(paired),
        Some(Message::Refused(refused)) => Err(ClientError::Refused {
            reason: refused.reason,
            why: refused.why,
            hint: refused.hint,
        }),
        Some(other) => Err(unexpected("Paired", &other)),
        None => Err(lost(connection.closed().await.to_string())),
    }
}
