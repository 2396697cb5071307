//! Reaching a server on another machine: its addresses one after the other, each compared with the key
//! that must answer. Owns the names of what goes wrong on the way.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ccc_net::{ConnectError, Connection, Endpoint, KeyId, Transport};
use tokio::net::lookup_host;

use crate::{ClientError, Endpoints};

/// Whom to reach.
#[derive(Debug)]
pub(crate) struct Reached<'a> {
    /// What people call it.
    pub(crate) name: String,
    pub(crate) addresses: &'a [String],
    /// The command that leads there, in place of the addresses.
    pub(crate) via: Option<&'a str>,
    pub(crate) server: KeyId,
}

/// The address of what has none: it is behind a program.
pub(crate) const NOWHERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);

/// Connects by the program if there is one, else by the first address that answers. Another key ends it: whoever has it may well sit at every
/// address.
pub(crate) async fn reach<Connecting>(
    endpoints: &Endpoints,
    to: &Reached<'_>,
    connect: impl Fn(Endpoint, SocketAddr) -> Connecting,
) -> Result<Connection, ClientError>
where
    Connecting: Future<Output = Result<Connection, ConnectError>>,
{
    let failure = |source| match source {
        ConnectError::WrongKey { found, .. } => {
            let name = to.name.clone();
            ClientError::KeyChanged { name, expected: to.server, found }
        }
        source => {
            // Through a program there is nothing to choose.
            let transport = if to.via.is_some() { Transport::Auto } else { endpoints.transport() };
            let name = to.name.clone();
            ClientError::Unreachable { name, transport, source: Box::new(source) }
        }
    };
    if let Some(command) = to.via {
        return connect(endpoints.through(command), NOWHERE).await.map_err(failure);
    }
    let mut failed = None;
    for text in to.addresses {
        let found = match lookup_host(text).await {
            Ok(found) => found,
            Err(source) => {
                let (name, address) = (to.name.clone(), text.clone());
                failed.get_or_insert(ClientError::NoAddress { name, address, source });
                continue;
            }
        };
        for address in found {
            match connect(endpoints.towards(address)?, address).await {
                Ok(connection) => return Ok(connection),
                Err(source) => match failure(source) {
                    changed @ ClientError::KeyChanged { .. } => return Err(changed),
                    other => failed = Some(other),
                },
            }
        }
    }
    let name = to.name.clone();
    Err(failed.unwrap_or(ClientError::NoAddress {
        name,
        address: String::new(),
        source: std::io::ErrorKind::NotFound.into(),
    }))
}
