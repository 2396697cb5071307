//! The client's side: a socket, and connections to servers whose keys are known. Owns the deadline
//! of an attempt, the race of what may carry it, and the naming of failures.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use quinn::crypto::rustls::HandshakeData;
use quinn::{AsyncUdpSocket, ClientConfig, ConnectionError, EndpointConfig, TransportErrorCode};
use rustls::AlertDescription;
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout, timeout_at};

use crate::mux::Registry;
use crate::over_bytes::{self, Dial, Terms};
use crate::runtime::OnRuntime;
use crate::tls::{self, PAIRING, PinnedServer, SERVER_NAME, VERSION_QUERY, VERSIONS};
use crate::{
    Carrier, CloseCode, CloseReason, Connection, HANDSHAKE_DEADLINE, Identity, KeyId, PeerKey,
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
    /// How long the attempt may take in all; through a program, [`PROGRAM_START`] longer.
    pub deadline: Duration,
    /// Bytes that may wait for acknowledgement; see [`SEND_WINDOW_BYTES`].
    pub send_window_bytes: u64,
    /// What may carry the connection, where no program does.
    pub transport: Transport,
    /// With [`Transport::Auto`]: how long QUIC has the first word.
    pub tcp_after: Duration,
}

impl ConnectOptions {
    /// Options with the usual deadline and window, for QUIC alone.
    pub const fn new(addr: SocketAddr, server: KeyId, identity: Identity) -> Self {
        let (deadline, send_window_bytes) = (HANDSHAKE_DEADLINE, SEND_WINDOW_BYTES);
        let (transport, tcp_after) = (Transport::Quic, TCP_AFTER);
        Self { addr, server, identity, deadline, send_window_bytes, transport, tcp_after }
    }

    /// The same, carried by what is named.
    pub const fn by(mut self, transport: Transport) -> Self {
        self.transport = transport;
        self
    }
}

/// What may carry a connection to an address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// QUIC; when that has not answered for a moment, or cannot, TLS over TCP is tried as well, and whichever is
    /// there first is taken.
    #[default]
    Auto,
    Quic,
    /// TLS over TCP.
    Tcp,
}

/// A hand-shake by QUIC takes one round trip and its first repetition comes after 300 ms: over paths where UDP
/// passes, TCP with its two round trips is never there first.
const TCP_AFTER: Duration = Duration::from_millis(300);

/// How long a program may take until its other end is a server: it looks up names, logs in, waits for a
/// finger on a key, and starts the server.
pub const PROGRAM_START: Duration = Duration::from_secs(25);

/// Where the other end of an attempt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Address(SocketAddr),
    /// Behind the standard input and output of a program.
    Program,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(addr) => addr.fmt(f),
            Self::Program => f.write_str("the other end of the program"),
        }
    }
}

impl From<SocketAddr> for Place {
    fn from(addr: SocketAddr) -> Self {
        Self::Address(addr)
    }
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The network says that nothing can be there.
    #[error("{addr} cannot be reached")]
    Unreachable { addr: Place, source: io::Error },
    /// No hand-shake came about in time.
    #[error("no hand-shake with {addr} within {} ms", .after.as_millis())]
    Deadline { addr: Place, after: Duration },
    /// A server is there and wants no connection now.
    #[error("{addr} refused the connection: {reason}")]
    Refused { addr: Place, reason: CloseReason },
    /// Somebody else answers there. Not one byte of the application was sent.
    #[error("the server at {addr} has the key {found}, not {expected}")]
    WrongKey { addr: Place, expected: KeyId, found: KeyId },
    /// The server shares no version with us; `theirs` is empty if it did not say.
    #[error("the server at {addr} speaks {}, this end speaks {ours}", or_unknown(.theirs))]
    Version { addr: Place, ours: String, theirs: String },
    /// What answers there breaks the rules of the hand-shake.
    #[error("the hand-shake with {addr} failed: {reason}")]
    Handshake { addr: Place, reason: CloseReason },
    /// This end has no socket, or none that can reach such an address.
    #[error("no connection can be opened from here to {addr}: {detail}")]
    Local { addr: Place, detail: String },
}

fn or_unknown(versions: &str) -> &str {
    if versions.is_empty() { "another protocol" } else { versions }
}

/// Makes any number of connections, from one socket or by a program. Clones are the same.
#[derive(Clone)]
pub struct Endpoint {
    roads: Roads,
    runtime: Handle,
    /// Its connections over streams of bytes.
    registry: Registry,
}

#[derive(Clone)]
enum Roads {
    Socket(quinn::Endpoint),
    Program(Dial),
}

impl Endpoint {
    /// Uses a socket. The tasks that move packets run on `runtime`, whoever connects.
    ///
    /// # Errors
    /// The system refuses.
    pub fn new(socket: UdpSocket, runtime: Handle) -> io::Result<Self> {
        let on = Arc::new(OnRuntime(runtime.clone()));
        let endpoint = quinn::Endpoint::new(EndpointConfig::default(), None, socket, on)?;
        Ok(Self { roads: Roads::Socket(endpoint), runtime, registry: Registry::default() })
    }

    /// The same over a socket that is none of the system's.
    pub(crate) fn over(socket: Arc<dyn AsyncUdpSocket>, runtime: Handle) -> io::Result<Self> {
        let on = Arc::new(OnRuntime(runtime.clone()));
        let config = EndpointConfig::default();
        let endpoint = quinn::Endpoint::new_with_abstract_socket(config, None, socket, on)?;
        Ok(Self { roads: Roads::Socket(endpoint), runtime, registry: Registry::default() })
    }

    /// Connects through whatever `dial` opens, once for each connection: the standard input and output of a
    /// program whose other end is a server. The address of the options is looked at by nobody then.
    pub fn through(dial: Dial, runtime: Handle) -> Self {
        Self { roads: Roads::Program(dial), runtime, registry: Registry::default() }
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
    /// The system does not say, or there is none.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        match &self.roads {
            Roads::Socket(endpoint) => endpoint.local_addr(),
            Roads::Program(_) => Err(io::ErrorKind::Unsupported.into()),
        }
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
        options: ConnectOptions,
    ) -> Result<Connection, ConnectError> {
        Ok(self.attempt(&options, &[PAIRING], PinnedServer::any).await?.for_pairing())
    }

    /// As [`Endpoint::connect`], speaking other versions than this build's.
    pub(crate) async fn connect_with(
        &self,
        options: ConnectOptions,
        versions: &[&str],
    ) -> Result<Connection, ConnectError> {
        self.attempt(&options, versions, || PinnedServer::new(options.server)).await
    }

    async fn attempt(
        &self,
        options: &ConnectOptions,
        versions: &[&str],
        pin: impl Fn() -> Arc<PinnedServer>,
    ) -> Result<Connection, ConnectError> {
        let deadline = match self.roads {
            Roads::Socket(_) => options.deadline,
            Roads::Program(_) => options.deadline + PROGRAM_START,
        };
        let until = Instant::now() + deadline;
        let attempt = |place| Attempt { place, versions, pin: pin() };
        let by_bytes = |place| over_bytes::Attempt {
            attempt: attempt(place),
            terms: Terms { runtime: &self.runtime, registry: &self.registry, options },
        };
        let connecting = async {
            match &self.roads {
                Roads::Program(dial) => {
                    let attempt = by_bytes(Place::Program);
                    let stream = dial().await;
                    let stream = stream.map_err(|error| attempt.attempt.local(error))?;
                    attempt.run(stream, Carrier::Program, None).await
                }
                Roads::Socket(endpoint) => {
                    let (addr, attempt) = (options.addr, attempt(options.addr.into()));
                    let quic = by_quic(attempt, endpoint, options);
                    let tcp = || async move { by_bytes(addr.into()).by_tcp(addr).await };
                    match options.transport {
                        Transport::Quic => quic.await,
                        Transport::Tcp => tcp().await,
                        Transport::Auto => race(quic, options.tcp_after, until, tcp).await,
                    }
                }
            }
        };
        match timeout_at(until, Box::pin(connecting)).await {
            Ok(connected) => connected,
            Err(_elapsed) => {
                let addr = match self.roads {
                    Roads::Socket(_) => options.addr.into(),
                    Roads::Program(_) => Place::Program,
                };
                Err(ConnectError::Deadline { addr, after: deadline })
            }
        }
    }

    /// Goes on from another socket, with all connections: after a change of network. The servers
    /// follow at the first packet from there.
    ///
    /// # Errors
    /// The system refuses; the old socket stays.
    pub fn rebind(&self, socket: UdpSocket) -> io::Result<()> {
        match &self.roads {
            Roads::Socket(endpoint) => endpoint.rebind(socket),
            Roads::Program(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// Waits until every connection is over and the other ends were told. To be awaited before the
    /// process ends, or closing may go unsaid.
    pub async fn drained(&self) {
        if let Roads::Socket(endpoint) = &self.roads {
            endpoint.wait_idle().await;
        }
        self.registry.drained().await;
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
        .map_err(|error| ConnectError::Local { addr: addr.into(), detail: error.to_string() })?;
    endpoint.connect(options).await
}

async fn by_quic(
    attempt: Attempt<'_>,
    endpoint: &quinn::Endpoint,
    options: &ConnectOptions,
) -> Result<Connection, ConnectError> {
    let addr = options.addr;
    tokio::select! {
        connected = attempt.run(endpoint, options) => connected,
        source = unreachable(addr) => Err(ConnectError::Unreachable { addr: addr.into(), source }),
    }
}

/// Takes QUIC if it is there within `after`, then whichever is there first. Of two failures the one is told
/// that says more.
async fn race<Tcp>(
    quic: impl Future<Output = Result<Connection, ConnectError>>,
    after: Duration,
    until: Instant,
    tcp: impl FnOnce() -> Tcp,
) -> Result<Connection, ConnectError>
where
    Tcp: Future<Output = Result<Connection, ConnectError>>,
{
    let mut quic = Box::pin(quic);
    let met = match timeout(after, &mut quic).await {
        // A server that is there and says no says the same by TCP.
        Ok(Err(ConnectError::Unreachable { addr, source })) => {
            Some(ConnectError::Unreachable { addr, source })
        }
        Ok(done) => return done,
        Err(_elapsed) => None,
    };
    let mut tcp = Box::pin(tcp());
    if let Some(met) = met {
        return tcp.await.map_err(|error| worse(met, error));
    }
    tokio::select! {
        by_quic = &mut quic => match by_quic {
            Ok(connection) => Ok(connection),
            Err(met) => tcp.await.map_err(|error| worse(met, error)),
        },
        by_tcp = &mut tcp => match by_tcp {
            Ok(connection) => Ok(connection),
            // QUIC was asked long before: it is not waited for to the end when it would have to tell more.
            Err(error) if error.tells() => match timeout_at(until.min(soon()), quic).await {
                Ok(by_quic) => by_quic.map_err(|met| worse(met, error)),
                Err(_elapsed) => Err(error),
            },
            Err(error) => quic.await.map_err(|met| worse(met, error)),
        },
    }
}

fn worse(by_quic: ConnectError, by_tcp: ConnectError) -> ConnectError {
    if by_tcp.tells() && !by_quic.tells() { by_tcp } else { by_quic }
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(1)
}

impl ConnectError {
    /// Whether somebody is there, and it is known why it will not do.
    const fn tells(&self) -> bool {
        matches!(self, Self::WrongKey { .. } | Self::Version { .. })
    }
}

/// One attempt to connect.
pub(crate) struct Attempt<'a> {
    pub(crate) place: Place,
    pub(crate) versions: &'a [&'a str],
    pub(crate) pin: Arc<PinnedServer>,
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
            .connect_with(config, options.addr, SERVER_NAME)
            .map_err(|error| self.local(error))?;
        let connection = connecting.await.map_err(|error| self.failed(options.server, error))?;
        if negotiated(&connection).as_deref() == Some(VERSION_QUERY.as_bytes()) {
            return Err(self.other_version(CloseReason::of(connection.closed().await)));
        }
        let peer = proven_key(&connection).ok_or_else(|| self.local("the server has no key"))?;
        Ok(Connection::quic(connection, peer, true))
    }

    fn failed(&self, expected: KeyId, error: ConnectionError) -> ConnectError {
        let addr = self.place;
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

    pub(crate) fn other_version(&self, reason: CloseReason) -> ConnectError {
        match reason {
            CloseReason::Peer { code: CloseCode::VERSION, reason } => self.version(&reason),
            reason => ConnectError::Handshake { addr: self.place, reason },
        }
    }

    pub(crate) fn version(&self, theirs: &str) -> ConnectError {
        let (addr, ours) = (self.place, self.versions.join(" "));
        ConnectError::Version { addr, ours, theirs: theirs.to_owned() }
    }

    pub(crate) fn local(&self, error: impl fmt::Display) -> ConnectError {
        ConnectError::Local { addr: self.place, detail: error.to_string() }
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
