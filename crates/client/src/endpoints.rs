//! The sockets that this process connects from. Owns their sharing, and the last words: a connection
//! that is closed as the process ends is only closed for the other end once it was told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ccc_net::Endpoint;
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::ClientError;

/// Ample for handing a packet to the system.
const LAST_WORDS: Duration = Duration::from_millis(2);

/// One socket for each address family, made when it is first needed. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Endpoints(Arc<Mutex<Vec<(bool, Endpoint)>>>);

impl Endpoints {
    /// The socket that reaches such an address.
    pub(crate) fn towards(&self, address: SocketAddr) -> Result<Endpoint, ClientError> {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let family = address.is_ipv4();
        if let Some((_, endpoint)) = made.iter().find(|(ipv4, _)| *ipv4 == family) {
            return Ok(endpoint.clone());
        }
        let endpoint = Endpoint::towards(address, Handle::current())
            .map_err(|source| ClientError::Socket { source })?;
        made.push((family, endpoint.clone()));
        Ok(endpoint)
    }

    /// Waits until every server was told of the connections that are over. To be awaited before the
    /// process ends, when nothing holds a connection any more.
    ///
    /// The words go out at once; what takes three round trips and more is to hear that they came.
    /// A server that misses them finds the silence by itself.
    pub async fn drained(&self) {
        let made = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for (_, endpoint) in made {
            let _unheard = timeout(LAST_WORDS, endpoint.drained()).await;
        }
    }
}
