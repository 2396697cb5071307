//! The sockets that this process connects from, and the programs it connects through. Owns their sharing, and the last words: a connection
//! that is closed as the process ends is only closed for the other end once it was told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ccc_net::{ConnectOptions, Endpoint, Identity, KeyId, Transport};
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::{ClientError, program};

/// Ample for handing a packet to the system.
const LAST_WORDS: Duration = Duration::from_millis(2);

/// One socket for each address family, made when it is first needed, and whatever programs were used. Cheap
/// to clone.
#[derive(Clone, Debug, Default)]
pub struct Endpoints {
    made: Arc<Mutex<Vec<(Towards, Endpoint)>>>,
    transport: Transport,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Towards {
    Ipv4,
    Ipv6,
    Program(String),
}

impl Endpoints {
    /// Sockets whose connections are carried by what is named.
    pub fn by(transport: Transport) -> Self {
        Self { made: Arc::default(), transport }
    }

    /// What carries connections to addresses.
    pub const fn transport(&self) -> Transport {
        self.transport
    }

    /// How a server on another machine is connected to.
    pub(crate) const fn options(
        &self,
        address: SocketAddr,
        server: KeyId,
        identity: Identity,
    ) -> ConnectOptions {
        ConnectOptions::new(address, server, identity).by(self.transport)
    }

    /// Sockets of which the first is this one.
    #[cfg(test)]
    pub(crate) fn of_ipv4(endpoint: Endpoint) -> Self {
        let made = Arc::new(Mutex::new(vec![(Towards::Ipv4, endpoint)]));
        Self { made, transport: Transport::default() }
    }

    /// The socket that reaches such an address.
    pub(crate) fn towards(&self, address: SocketAddr) -> Result<Endpoint, ClientError> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let family = if address.is_ipv4() { Towards::Ipv4 } else { Towards::Ipv6 };
        if let Some((_, endpoint)) = made.iter().find(|(known, _)| *known == family) {
            return Ok(endpoint.clone());
        }
        let endpoint = Endpoint::towards(address, Handle::current())
            .map_err(|source| ClientError::Socket { source })?;
        made.push((family, endpoint.clone()));
        Ok(endpoint)
    }

    /// What connects through a program, started anew for each connection.
    pub(crate) fn through(&self, command: &str) -> Endpoint {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let program = Towards::Program(command.to_owned());
        if let Some((_, endpoint)) = made.iter().find(|(known, _)| *known == program) {
            return endpoint.clone();
        }
        let endpoint = Endpoint::through(program::dial(command.to_owned()), Handle::current());
        made.push((program, endpoint.clone()));
        endpoint
    }

    /// Waits until every server was told of the connections that are over. To be awaited before the
    /// process ends, when nothing holds a connection any more.
    ///
    /// The words go out at once; what takes three round trips and more is to hear that they came.
    /// A server that misses them finds the silence by itself.
    pub async fn drained(&self) {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for (_, endpoint) in made {
            let _unheard = timeout(LAST_WORDS, endpoint.drained()).await;
        }
    }
}
