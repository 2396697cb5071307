//! Having this machine's key enrolled at another's server by a link, and remembering the server. Owns the
//! order: the server's key is compared before a byte is sent, and it is kept only when both know each other.

use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ccc_net::{CodeExchange, Connection, Identity, KeyId};
use ccc_proto::{Ext, Message, Pair, PairBegin, PairProof, Paired};
use tokio::net::lookup_host;
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
    via: Option<String>,
    name: Option<String>,
) -> Result<Enrolled, ClientError> {
    let hosts = Hosts::read(home)?;
    // What would fail at the end fails before the invitation is used.
    if let Some(name) = &name {
        let mut trial = hosts.clone();
        let host = host(name.clone(), link.addresses.clone(), via.clone(), link.server);
        trial.put(host).map_err(ClientError::Host)?;
    }
    let identity = own_key(home).await?;
    let shown = name.clone().unwrap_or_else(|| link.addresses.join(", "));
    let target = Reached {
        name: shown,
        addresses: &link.addresses,
        via: via.as_deref(),
        server: link.server,
    };
    let connection = reach(endpoints, &target, |endpoint, address| {
        let options = endpoints.options(address, link.server, identity.clone());
        async move { endpoint.connect_for_pairing(options).await }
    })
    .await?;
    let paired = timeout(ANSWER, ask(&connection, &link.secret))
        .await
        .map_err(|_elapsed| ClientError::Deadline { seconds: ANSWER.as_secs() })??;
    let called = paired.host.clone();
    let host = keep(home, name, link.addresses, via, link.server, called).await?;
    Ok(Enrolled { host, paired })
}

/// Remembers a server that has enrolled us.
async fn keep(
    home: &Home,
    name: Option<String>,
    addresses: Vec<String>,
    via: Option<String>,
    server: KeyId,
    called: String,
) -> Result<Host, ClientError> {
    let home = home.clone();
    blocking(move || {
        Hosts::change(&home, |hosts| {
            // A server that is known keeps its name unless another is wished.
            let known = hosts.all().iter().find(|known| known.server == server);
            let known = known.map(|known| known.name.clone());
            let name = name.or(known).unwrap_or_else(|| hosts.free_name(&called));
            let host = host(name, addresses, via, server);
            hosts.put(host.clone())?;
            Ok(host)
        })
    })
    .await
}

/// Enrols this machine's key by a code that was read aloud, at a server whose key is not known before: both
/// ends prove the code to each other, bound to both keys, and only then is anything kept.
///
/// # Errors
/// As [`pair`]; a wrong code uses the right one up.
pub async fn pair_by_code(
    home: &Home,
    endpoints: &Endpoints,
    address: &str,
    code: &SpokenCode,
    name: Option<String>,
) -> Result<Enrolled, ClientError> {
    if let Some(name) = &name {
        let mut trial = Hosts::read(home)?;
        let nobody = KeyId::from_bytes([0; 32]);
        let host = host(name.clone(), vec![address.to_owned()], None, nobody);
        trial.put(host).map_err(ClientError::Host)?;
    }
    let identity = own_key(home).await?;
    let found = lookup_host(address).await.map_err(|source| {
        let (name, address) = (address.to_owned(), address.to_owned());
        ClientError::NoAddress { name, address, source }
    })?;
    let mut failed = None;
    for at in found {
        let endpoint = endpoints.towards(at)?;
        // The key is compared by nobody: the code proves it.
        let options = endpoints.options(at, KeyId::from_bytes([0; 32]), identity.clone());
        match endpoint.connect_unpinned_for_pairing(options).await {
            Ok(connection) => {
                let paired = timeout(ANSWER, prove(&connection, &identity, code))
                    .await
                    .map_err(|_elapsed| ClientError::Deadline { seconds: ANSWER.as_secs() })??;
                let (server, called) = (connection.peer().id(), paired.host.clone());
                let addresses = vec![address.to_owned()];
                let host = keep(home, name, addresses, None, server, called).await?;
                return Ok(Enrolled { host, paired });
            }
            Err(source) => failed = Some(source),
        }
    }
    let name = address.to_owned();
    Err(match failed {
        Some(source) => {
            let transport = endpoints.transport();
            ClientError::Unreachable { name, transport, source: Box::new(source) }
        }
        None => ClientError::NoAddress {
            name: name.clone(),
            address: name,
            source: std::io::ErrorKind::NotFound.into(),
        },
    })
}

async fn prove(
    connection: &Connection,
    identity: &Identity,
    code: &SpokenCode,
) -> Result<Paired, ClientError> {
    let lost = |why: String| ClientError::Lost { why };
    let (mut tx, mut rx) = connection.open_bi().await.map_err(|e| lost(e.to_string()))?;
    let nothing = || lost("the connection exports nothing".to_owned());
    let (exchange, share) =
        CodeExchange::client(connection, &identity.public(), &code.words).ok_or_else(nothing)?;
    let begin = PairBegin {
        offer: code.number,
        share,
        name: host_name(),
        software: format!("ccc {}", env!("CARGO_PKG_VERSION")),
        ext: Ext::none(),
    };
    tx.send(&begin.into()).await.map_err(|e| lost(e.to_string()))?;
    let mut next = async || match rx.recv().await.map_err(|e| lost(e.to_string()))? {
        Some(Message::Refused(refused)) => Err(ClientError::Refused {
            reason: refused.reason,
            why: refused.why,
            hint: refused.hint,
        }),
        Some(message) => Ok(message),
        None => Err(lost(connection.closed().await.to_string())),
    };
    let share = match next().await? {
        Message::PairShare(share) => share.share,
        other => return Err(unexpected("PairShare", &other)),
    };
    let proofs = exchange.proofs(&share).ok_or(ClientError::OtherCode)?;
    let proof = PairProof { proof: proofs.ours.clone(), ext: Ext::none() };
    tx.send(&proof.into()).await.map_err(|e| lost(e.to_string()))?;
    match next().await? {
        // A server that has not the code, or another connection than this one, proves nothing.
        Message::PairProof(theirs) if proofs.proven_by(&theirs.proof) => {}
        Message::PairProof(_) => return Err(ClientError::OtherCode),
        other => return Err(unexpected("PairProof", &other)),
    }
    match next().await? {
        Message::Paired(paired) => Ok(paired),
        other => Err(unexpected("Paired", &other)),
    }
}

/// A code as it was heard: a number and words.
#[derive(Clone, PartialEq, Eq)]
pub struct SpokenCode {
    number: u32,
    words: String,
}

/// A text that is no code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    #[error("a code is a number and four words, such as 417-acid-marble-tango-zebra")]
    Form,
    #[error("{0:?} is no word of a code; it was misheard")]
    Word(String),
}

impl FromStr for SpokenCode {
    type Err = CodeError;

    /// Words are known by their first four letters, so that what was misheard a little is still right, and
    /// what is no word at all uses no code up.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let parts: Vec<&str> = text
            .trim()
            .split(|c: char| c == '-' || c.is_whitespace())
            .filter(|p| !p.is_empty())
            .collect();
        let [number, words @ ..] = parts.as_slice() else { return Err(CodeError::Form) };
        let number = number.parse().map_err(|_none| CodeError::Form)?;
        if words.len() != 4 {
            return Err(CodeError::Form);
        }
        let known = words.iter().map(|heard| {
            let byte = ccc_net::byte(heard);
            byte.map(ccc_net::word).ok_or_else(|| CodeError::Word(heard.chars().take(20).collect()))
        });
        let words: Vec<&str> = known.collect::<Result<_, _>>()?;
        Ok(Self { number, words: words.join("-") })
    }
}

impl std::fmt::Debug for SpokenCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-…", self.number)
    }
}

async fn own_key(home: &Home) -> Result<Identity, ClientError> {
    let home = home.clone();
    blocking(move || {
        ccc_journal::dir::create_private(home.state())?;
        Ok(Identity::load_or_create(&home.client_key())?)
    })
    .await
}

fn host(name: String, addresses: Vec<String>, via: Option<String>, server: KeyId) -> Host {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let paired_unix_ms = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
    Host { name, addresses, via, server, paired_unix_ms }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_heard_as_it_was_meant() {
        let meant: SpokenCode = "417-able-zebra-marble-tango".parse().unwrap();
        for heard in ["417 ABLE zebra marbles tango", " 417-able-zebr-marb-tang\n"] {
            assert_eq!(heard.parse(), Ok(meant.clone()), "{heard}");
        }
        assert_eq!("417-able-zebra-marble".parse::<SpokenCode>(), Err(CodeError::Form));
        assert_eq!("able-zebra-marble-tango".parse::<SpokenCode>(), Err(CodeError::Form));
        let wrong = "417-able-zebra-marble-qqqq".parse::<SpokenCode>();
        assert_eq!(wrong, Err(CodeError::Word("qqqq".into())));
        assert!(!format!("{meant:?}").contains("zebra"));
    }
}
