//! Two ends over a road of [`Wire`], in virtual time.

use std::net::{SocketAddr, UdpSocket};

use crate::memory::Wire;
use crate::{ConnectOptions, Connection, Endpoint, Identity, Listener};

/// A client's and a server's end, as long as this is held.
pub(crate) struct Road {
    pub(crate) client: Connection,
    pub(crate) server: Connection,
    _endpoint: Endpoint,
    _listener: Listener,
    /// Nobody of the system's is asked whether anybody is there.
    _port: Option<UdpSocket>,
}

impl Road {
    /// `number` tells one test of a process from another.
    pub(crate) async fn over(wire: &Wire, number: u8) -> Self {
        let identity = Identity::ephemeral();
        let at = SocketAddr::from(([127, 0, 0, number], 2));
        let listener = wire.listener(at, &identity).expect("a listener");
        let endpoint = wire.endpoint(([127, 0, 0, number], 1).into()).expect("a socket");
        let port = UdpSocket::bind(at).ok();
        let options = ConnectOptions::new(at, identity.id(), Identity::ephemeral());
        let (client, server) = tokio::join!(endpoint.connect(options), async {
            listener.accept().await.expect("it is open").handshake().await.expect("it behaves")
        });
        let client = client.expect("the server behaves");
        server.authorize();
        Self { client, server, _endpoint: endpoint, _listener: listener, _port: port }
    }
}
