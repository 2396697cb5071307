//! The client's side: a socket, and connections to servers whose keys are known. Owns the deadline
//! of an attempt and the naming of its failures.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use quinn::crypto::rustls::HandshakeData;
use quinn::{ClientConfig, ConnectionError, EndpointConfig, TransportErrorCode};
use rustls::AlertDescription;
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout_at};

use crate::runtime::OnRuntime;
use crate::tls::{self, PAIRING, PinnedServer, SERVER_NAME, VERSION_QUERY, VERSIONS};
use crate::{
    CloseCode, CloseReason, Connection, HANDSHAKE_DEADLINE, Identity, KeyId, PeerKey,
    SEND_WINDOW_BYTES, transport,
};

/// What to connect to, and as whom.
#[derive(Clone, Debug)]
pub struct ConnectOptions {
    /// Where the server listens.
    pub addr: SocketAddr,
    /// The key that must answer there.
    pub server: KeyId,
    /// The key by which the server will know this end.
    pub identity: Identity,
    /// How long the attempt may take in all.
    pub deadline: Duration,
    /// Bytes that may wait for acknowledgement; see [`SEND_WINDOW_BYTES`].
    pub send_window_bytes: u64,
}

impl ConnectOptions {
    /// Options with the usual deadline and window.
    pub const fn new(addr: SocketAddr, server: KeyId, identity: Identity) -> Self {
        let (deadline, send_window_bytes) = (HANDSHAKE_DEADLINE, SEND_WINDOW_BYTES);
        Self { addr, server, identity, deadline, send_window_bytes }
    }
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The network says that nothing can be there.
    #[error("{addr} cannot be reached")]
    Unreachable { addr: SocketAddr, source: io::Error },
    /// No hand-shake came about in time.
    #[error("no hand-shake with {addr} within {} ms", .after.as_millis())]
    Deadline { addr: SocketAddr, after: Duration },
    /// A server is there and wants no connection now.
    #[error("{addr} refused the connection: {reason}")]
    Refused { addr: SocketAddr, reason: CloseReason },
    /// Somebody else answers there. Not one byte of the application was sent.
    #[error("the server at {addr} has the key {found}, not {expected}")]
    WrongKey { addr: SocketAddr, expected: KeyId, found: KeyId },
    /// The server shares no version with us; `theirs` is empty if it did not say.
    #[error("the server at {addr} speaks {}, this end speaks {ours}", or_unknown(.theirs))]
    Version { addr: SocketAddr, ours: String, theirs: String },
    /// What answers there breaks the rules of the hand-shake.
    #[error("the hand-shake with {addr} failed: {reason}")]
    Handshake { addr: SocketAddr, reason: CloseReason },
    /// This end has no socket, or none that can reach such an address.
    #[error("no connection can be opened from here to {addr}: {detail}")]
    Local { addr: SocketAddr, detail: String },
}

fn or_unknown(versions: &str) -> &str {
    if versions.is_empty() { "another protocol" } else { versions }
}

/// A socket for any number of connections. Clones are the same socket.
#[derive(Clone)]
pub struct Endpoint {
    endpoint: quinn::Endpoint,
}

impl Endpoint {
    /// Uses a socket. The tasks that move packets run on `runtime`, whoever connects.
    ///
    /// # Errors
    /// The system refuses.
    pub fn new(socket: UdpSocket, runtime: Handle) -> io::Result<Self> {
        let runtime = Arc::new(OnRuntime(runtime));
        let endpoint = quinn::Endpoint::new(EndpointConfig::default(), None, socket, runtime)?;
        Ok(Self { endpoint })
    }

    /// A socket on any free port that can reach addresses like `target`.
    ///
    /// # Errors
    /// The system refuses.
    pub fn towards(target: SocketAddr, runtime: Handle) -> io::Result<Self> {
        Self::new(UdpSocket::bind(any_port_towards(target))?, runtime)
    }

    /// The address of this end.
    ///
    /// # Errors
    /// The system does not say.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.endpoint.local_addr()
    }

    /// Connects. On success the server has proved its key; whether it lets this end's key in shows
    /// only when it answers, or closes with [`CloseCode::AUTH_UNKNOWN`].
    ///
    /// # Errors
    /// See [`ConnectError`].
    pub async fn connect(&self, options: ConnectOptions) -> Result<Connection, ConnectError> {
        self.connect_with(options, VERSIONS).await
    }

    /// Connects to have this end's key enrolled: nothing but that can be said on such a connection.
    ///
    /// # Errors
    /// As [`Endpoint::connect`].
    pub async fn connect_for_pairing(
        &self,
        options: ConnectOptions,
    ) -> Result<Connection, ConnectError> {
        Ok(self.connect_with(options, &[PAIRING]).await?.for_pairing())
    }

    /// Connects to a server whose key is not known, for what proves it by other means: a code, or the
    /// statements of the key that is known. Only the protocol of pairing can be spoken there.
    ///
    /// # Errors
    /// As [`Endpoint::connect`].
    pub async fn connect_unpinned_for_pairing(
        &self,
        addr: SocketAddr,
        identity: Identity,
    ) -> Result<Connection, ConnectError> {
        // The id is looked at by nobody.
        let options = ConnectOptions::new(addr, KeyId::from_bytes([0; 32]), identity);
        let attempt = Attempt { addr, versions: &[PAIRING], pin: PinnedServer::any() };
        Ok(self.attempt(attempt, options).await?.for_pairing())
    }

    /// As [`Endpoint::connect`], speaking other versions than this build's.
    pub(crate) async fn connect_with(
        &self,
        options: ConnectOptions,
        versions: &[&str],
    ) -> Result<Connection, ConnectError> {
        let attempt =
            Attempt { addr: options.addr, versions, pin: PinnedServer::new(options.server) };
        self.attempt(attempt, options).await
    }

    async fn attempt(
        &self,
        attempt: Attempt<'_>,
        options: ConnectOptions,
    ) -> Result<Connection, ConnectError> {
        let until = Instant::now() + options.deadline;
        tokio::select! {
            connected = timeout_at(until, attempt.run(&self.endpoint, &options)) => match connected {
                Ok(connected) => connected,
                Err(_elapsed) => {
                    Err(ConnectError::Deadline { addr: options.addr, after: options.deadline })
                }
            },
            source = unreachable(options.addr) => {
                Err(ConnectError::Unreachable { addr: options.addr, source })
            }
        }
    }

    /// Goes on from another socket, with all connections: after a change of network. The servers
    /// follow at the first packet from there.
    ///
    /// # Errors
    /// The system refuses; the old socket stays.
    pub fn rebind(&self, socket: UdpSocket) -> io::Result<()> {
        self.endpoint.rebind(socket)
    }

    /// Waits until every connection is over and the other ends were told. To be awaited before the
    /// process ends, or closing may go unsaid.
    pub async fn drained(&self) {
        self.endpoint.wait_idle().await;
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("local", &self.local_addr().ok()).finish()
    }
}

/// Connects from a socket of its own, on the current runtime; see [`Endpoint::connect`].
///
/// # Errors
/// See [`ConnectError`].
pub async fn connect(options: ConnectOptions) -> Result<Connection, ConnectError> {
    let addr = options.addr;
    let endpoint = Endpoint::towards(addr, Handle::current())
        .map_err(|error| ConnectError::Local { addr, detail: error.to_string() })?;
    endpoint.connect(options).await
}

/// One attempt to connect.
struct Attempt<'a> {
    addr: SocketAddr,
    versions: &'a [&'a str],
    pin: Arc<PinnedServer>,
}

impl Attempt<'_> {
    async fn run(
        &self,
        endpoint: &quinn::Endpoint,
        options: &ConnectOptions,
    ) -> Result<Connection, ConnectError> {
        let crypto = tls::client(&options.identity, Arc::clone(&self.pin), self.versions)
            .map_err(|error| self.local(error))?;
        let mut config = ClientConfig::new(Arc::new(crypto));
        config.transport_config(Arc::new(transport::client(options.send_window_bytes)));
        let connecting = endpoint
            .connect_with(config, self.addr, SERVER_NAME)
            .map_err(|error| self.local(error))?;
        let connection = connecting.await.map_err(|error| self.failed(options.server, error))?;
        if negotiated(&connection).as_deref() == Some(VERSION_QUERY.as_bytes()) {
            return Err(self.other_version(CloseReason::of(connection.closed().await)));
        }
        let peer = proven_key(&connection).ok_or_else(|| self.local("the server has no key"))?;
        Ok(Connection::quic(connection, peer, true))
    }

    fn failed(&self, expected: KeyId, error: ConnectionError) -> ConnectError {
        let addr = self.addr;
        if let Some(found) = self.pin.other_key() {
            return ConnectError::WrongKey { addr, expected, found };
        }
        let no_protocol = u8::from(AlertDescription::NoApplicationProtocol);
        match &error {
            ConnectionError::ConnectionClosed(close) => match close.error_code {
                TransportErrorCode::CONNECTION_REFUSED => {
                    ConnectError::Refused { addr, reason: CloseReason::of(error) }
                }
                code if code == TransportErrorCode::crypto(no_protocol) => self.version(""),
                _ => ConnectError::Handshake { addr, reason: CloseReason::of(error) },
            },
            ConnectionError::ApplicationClosed(_) => {
                ConnectError::Refused { addr, reason: CloseReason::of(error) }
            }
            _ => ConnectError::Handshake { addr, reason: CloseReason::of(error) },
        }
    }

    fn other_version(&self, reason: CloseReason) -> ConnectError {
        match reason {
            CloseReason::Peer { code: CloseCode::VERSION, reason } => self.version(&reason),
            reason => ConnectError::Handshake { addr: self.addr, reason },
        }
    }

    fn version(&self, theirs: &str) -> ConnectError {
        let (addr, ours) = (self.addr, self.versions.join(" "));
        ConnectError::Version { addr, ours, theirs: theirs.to_owned() }
    }

    fn local(&self, error: impl fmt::Display) -> ConnectError {
        ConnectError::Local { addr: self.addr, detail: error.to_string() }
    }
}

/// The protocol name that both ends agreed on.
pub(crate) fn negotiated(connection: &quinn::Connection) -> Option<Vec<u8>> {
    connection.handshake_data()?.downcast::<HandshakeData>().ok()?.protocol
}

/// The key that the peer showed and signed with.
pub(crate) fn proven_key(connection: &quinn::Connection) -> Option<PeerKey> {
    let shown = connection.peer_identity()?;
    let shown = shown.downcast::<Vec<rustls::pki_types::CertificateDer<'static>>>().ok()?;
    PeerKey::from_spki(shown.first()?)
}

/// Waits for the network to say that nothing is at `addr`; for ever if it does not.
///
/// A QUIC socket talks to many and is not told whom a complaint of the network is about. A socket
/// connected to one address is, so that a port on which nobody listens fails at once instead of at
/// the deadline. The byte it sends is no QUIC packet, and a server drops it in silence.
async fn unreachable(addr: SocketAddr) -> io::Error {
    let Err(error) = complaint(addr).await;
    error
}

async fn complaint(addr: SocketAddr) -> Result<Infallible, io::Error> {
    let Ok(socket) = tokio::net::UdpSocket::bind(any_port_towards(addr)).await else {
        // Nothing is known of the network then, and the deadline decides.
        return std::future::pending().await;
    };
    socket.connect(addr).await?;
    socket.send(&[0]).await?;
    loop {
        // Whatever comes from there is no complaint.
        socket.recv(&mut [0]).await?;
    }
}

const fn any_port_towards(target: SocketAddr) -> SocketAddr {
    match target {
        SocketAddr::V4(_) => SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0),
        SocketAddr::V6(_) => SocketAddr::new(std::net::IpAddr::V6(Ipv6Addr::UNSPECIFIED), 0),
    }
}
