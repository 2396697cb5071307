//! Servers and clients on the loopback interface.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;

use crate::{
    ByteStream, ConnectOptions, Connection, Dial, Endpoint, Identity, KeyId, ListenOptions,
    Listener, TransportKeys,
};

/// A socket on a free port of the loopback interface.
pub(super) fn socket() -> UdpSocket {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has free ports")
}

/// A listener on the current runtime, and what a client needs to know of it.
pub(super) struct Server {
    pub(super) listener: Listener,
    pub(super) addr: SocketAddr,
    pub(super) id: KeyId,
}

pub(super) fn options(identity: &Identity) -> ListenOptions {
    ListenOptions::new(socket(), identity.clone(), TransportKeys::ephemeral(), Handle::current())
}

pub(super) fn server() -> Server {
    let identity = Identity::ephemeral();
    let listener = Listener::bind(options(&identity)).expect("a bound socket listens");
    serving(listener, &identity)
}

pub(super) fn serving(listener: Listener, identity: &Identity) -> Server {
    let addr = listener.local_addr().expect("it is bound");
    Server { listener, addr, id: identity.id() }
}

impl Server {
    /// The options of a client that knows the server.
    pub(super) fn known_to(&self, client: &Identity) -> ConnectOptions {
        ConnectOptions::new(self.addr, self.id, client.clone())
    }

    /// The next connection of a client that completes its hand-shake.
    pub(super) async fn accept(&self) -> Connection {
        let incoming = self.listener.accept().await.expect("the listener is open");
        incoming.handshake().await.expect("the client behaves")
    }

    /// A connection of `client` from `endpoint`: the client's side and the server's.
    pub(super) async fn connected(
        &self,
        endpoint: &Endpoint,
        client: &Identity,
    ) -> (Connection, Connection) {
        let (client, server) = tokio::join!(endpoint.connect(self.known_to(client)), self.accept());
        (client.expect("the server behaves"), server)
    }
}

pub(super) fn endpoint() -> Endpoint {
    Endpoint::new(socket(), Handle::current()).expect("a bound socket is an endpoint")
}

/// Two ends of a connection over QUIC, the client's first; the server has authorised the client.
pub(crate) async fn pair() -> (Connection, Connection) {
    let (client, server) = server().connected(&endpoint(), &Identity::ephemeral()).await;
    server.authorize();
    (client, server)
}

/// A listener that takes clients by TCP as well, on the same port.
pub(super) fn server_with_tcp() -> Server {
    server_with(crate::HANDSHAKE_DEADLINE)
}

/// A listener for both, as servers have it: UDP and TCP on the same number.
pub(super) fn server_on_one_number() -> Server {
    let identity = Identity::ephemeral();
    let (socket, tcp) = loop {
        let socket = socket();
        let addr = socket.local_addr().expect("it is bound");
        // The number of a UDP port that is free may be taken for TCP: then another one is.
        if let Ok(tcp) = TcpListener::bind(addr) {
            break (socket, tcp);
        }
    };
    let options = ListenOptions { socket, tcp: Some(tcp), ..options(&identity) };
    let listener = Listener::bind(options).expect("bound sockets listen");
    serving(listener, &identity)
}

/// As [`server_with_tcp`], with another deadline for hand-shakes.
pub(super) fn server_with(handshake_deadline: Duration) -> Server {
    let identity = Identity::ephemeral();
    let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has free ports");
    let addr = tcp.local_addr().expect("it is bound");
    let options = ListenOptions { tcp: Some(tcp), handshake_deadline, ..options(&identity) };
    let listener = Listener::bind(options).expect("bound sockets listen");
    // Only the port for TCP is told.
    Server { listener, addr, id: identity.id() }
}

/// Two ends of a connection by TCP, where UDP reaches nobody.
pub(crate) async fn pair_by_tcp() -> (Connection, Connection) {
    let server = server_with_tcp();
    let options = server.known_to(&Identity::ephemeral()).by(crate::Transport::Auto);
    let endpoint = endpoint();
    let (client, accepted) = tokio::join!(endpoint.connect(options), server.accept());
    accepted.authorize();
    (client.expect("the server behaves"), accepted)
}

/// Two ends of a connection through a pipe that holds few bytes, as a program's may.
pub(crate) async fn pair_through_a_pipe() -> (Connection, Connection) {
    let server = server_with_tcp();
    let options = server.known_to(&Identity::ephemeral());
    let addr = server.addr;
    let dial: Dial = Arc::new(move || {
        Box::pin(async move {
            let (ours, mut theirs) = tokio::io::duplex(700);
            let mut far = tokio::net::TcpStream::connect(addr).await?;
            tokio::spawn(async move {
                let _over = tokio::io::copy_bidirectional(&mut theirs, &mut far).await;
            });
            Ok(Box::new(ours) as Box<dyn ByteStream>)
        })
    });
    let endpoint = Endpoint::through(dial, Handle::current());
    let (client, accepted) = tokio::join!(endpoint.connect(options), server.accept());
    accepted.authorize();
    (client.expect("the server behaves"), accepted)
}
