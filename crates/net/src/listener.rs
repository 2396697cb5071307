//! The server's side: sockets on which clients arrive, UDP and perhaps TCP. Owns the bounds on what strangers may make
//! the server hold before they have proved a key; who is let in afterwards, the server decides.

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use quinn::{AsyncUdpSocket, EndpointConfig, ServerConfig, ValidationTokenConfig, VarInt};
use rustls::server::danger::ClientCertVerifier;
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::connection::plain;
use crate::endpoint::{negotiated, proven_key};
use crate::mux::Registry;
use crate::over_bytes::{Rejection, ServerTerms, accept, hello};
use crate::runtime::OnRuntime;
use crate::tls::{self, AnyClient, PAIRING, TlsError, VERSION_QUERY, VERSIONS};
use crate::{
    Carrier, CloseCode, CloseReason, Connection, HANDSHAKE_DEADLINE, Identity, SEND_WINDOW_BYTES,
    TransportKeys, transport,
};

mod pending;
mod tcp;

pub use pending::{Admission, Bounds, Pending, Slot, source};
use tcp::{Arrival, Arrivals};

/// Arrivals that wait for [`Listener::accept`]; more are refused. Each holds one packet.
const WAITING: usize = 256;

/// Bytes held for one arrival that waits, beside its first packet.
const WAITING_BYTES: u64 = 8 * 1024;

/// The same for all of them.
const WAITING_BYTES_IN_ALL: u64 = 512 * 1024;

/// Time between two stateless resets. A restarted server owes one to each of its clients at once;
/// quinn's 20 ms would keep the hundredth waiting for two seconds.
const RESET_INTERVAL: Duration = Duration::from_millis(1);

/// What a listener needs.
#[derive(Debug)]
pub struct ListenOptions {
    /// The bound socket. It may be a duplicate that somebody else keeps open.
    pub socket: UdpSocket,
    /// A second one, for clients whom UDP does not reach.
    pub tcp: Option<TcpListener>,
    /// The key by which clients know this server.
    pub identity: Identity,
    /// What lets clients of this server's former life recognise it.
    pub keys: TransportKeys,
    /// Where the tasks that move packets run.
    pub runtime: Handle,
    /// How long a hand-shake may take.
    pub handshake_deadline: Duration,
    /// Bytes that may wait for acknowledgement on a connection; see [`SEND_WINDOW_BYTES`].
    pub send_window_bytes: u64,
}

impl ListenOptions {
    /// Options with the usual deadline and window.
    pub const fn new(
        socket: UdpSocket,
        identity: Identity,
        keys: TransportKeys,
        runtime: Handle,
    ) -> Self {
        let (handshake_deadline, send_window_bytes) = (HANDSHAKE_DEADLINE, SEND_WINDOW_BYTES);
        let tcp = None;
        Self { socket, tcp, identity, keys, runtime, handshake_deadline, send_window_bytes }
    }
}

/// Why there is no listener.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    #[error("the socket cannot be used")]
    Socket(#[from] io::Error),
    #[error("the hand-shake cannot be set up: {detail}")]
    Setup { detail: String },
}

/// Why an arrival became no connection. All of them are the peer's doing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeError {
    #[error("no hand-shake with {from} within {} ms", .after.as_millis())]
    Deadline { from: SocketAddr, after: Duration },
    #[error("the hand-shake with {from} failed: {reason}")]
    Failed { from: SocketAddr, reason: CloseReason },
    /// It was told which versions this server speaks.
    #[error("{from} shares no version with this server")]
    Version { from: SocketAddr },
}

/// A socket on which clients arrive.
pub struct Listener {
    endpoint: quinn::Endpoint,
    pending: Arc<Pending>,
    tcp: Option<Arrivals>,
    handshake_deadline: Duration,
}

impl Listener {
    /// Starts to listen.
    ///
    /// # Errors
    /// The socket cannot be used.
    pub fn bind(options: ListenOptions) -> Result<Self, ListenError> {
        Self::bind_with(options, AnyClient::new(), VERSIONS)
    }

    /// As [`Listener::bind`], with another verifier and other versions than this build's.
    pub(crate) fn bind_with(
        options: ListenOptions,
        verifier: Arc<dyn ClientCertVerifier>,
        versions: &[&str],
    ) -> Result<Self, ListenError> {
        let over_bytes = tls::server_over_bytes(&options.identity, Arc::clone(&verifier), versions);
        let terms = ServerTerms {
            config: over_bytes.map_err(TlsError::from)?,
            send_window_bytes: options.send_window_bytes,
            runtime: options.runtime.clone(),
            registry: Registry::default(),
        };
        let tcp = options.tcp.map(|socket| Arrivals::new(socket, terms)).transpose()?;
        let config =
            server_config(&options.identity, verifier, versions, options.send_window_bytes)?;
        let endpoint = quinn::Endpoint::new(
            endpoint_config(&options.keys),
            Some(config),
            options.socket,
            Arc::new(OnRuntime(options.runtime)),
        )?;
        let pending = Arc::new(Pending::default());
        Ok(Self { endpoint, pending, tcp, handshake_deadline: options.handshake_deadline })
    }

    /// As [`Listener::bind`], over a socket that is none of the system's.
    pub(crate) fn over(
        socket: Arc<dyn AsyncUdpSocket>,
        identity: &Identity,
        keys: &TransportKeys,
        runtime: Handle,
    ) -> Result<Self, ListenError> {
        let config = server_config(identity, AnyClient::new(), VERSIONS, SEND_WINDOW_BYTES)?;
        let (keys, on) = (endpoint_config(keys), Arc::new(OnRuntime(runtime)));
        let endpoint = quinn::Endpoint::new_with_abstract_socket(keys, Some(config), socket, on)?;
        let pending = Arc::new(Pending::default());
        Ok(Self { endpoint, pending, tcp: None, handshake_deadline: HANDSHAKE_DEADLINE })
    }

    /// The next arrival, `None` after [`Listener::close`]. Its hand-shake is the caller's to await,
    /// beside the next accept, so that a slow one holds up nobody.
    ///
    /// While many hand-shakes are under way, an arrival has to prove its address before it is
    /// handed out (QUIC's Retry), and beyond a bound it is not answered until there is room; an
    /// honest client repeats its first packet by itself.
    pub async fn accept(&self) -> Option<Incoming> {
        loop {
            let incoming = tokio::select! {
                incoming = self.endpoint.accept() => incoming?,
                (arrival, terms) = self.by_tcp() => {
                    let arrived = Arrived::Tcp(arrival, terms);
                    return Some(Incoming { arrived, deadline: self.handshake_deadline });
                }
            };
            let from = plain(incoming.remote_address());
            match Pending::admit(&self.pending, from.ip(), incoming.remote_address_validated()) {
                Admission::Admitted(slot) => {
                    let arrived = Arrived::Quic(Box::new(incoming), slot);
                    return Some(Incoming { arrived, deadline: self.handshake_deadline });
                }
                // It cannot fail for an address that is not validated, and a failure would hand the
                // arrival back, to be refused when it is dropped.
                Admission::ProveAddress => drop(incoming.retry()),
                Admission::Wait => incoming.ignore(),
            }
        }
    }

    async fn by_tcp(&self) -> (Arrival, Arc<ServerTerms>) {
        match &self.tcp {
            Some(arrivals) => (arrivals.next().await, Arc::clone(&arrivals.terms)),
            None => std::future::pending().await,
        }
    }

    /// Where it listens.
    ///
    /// # Errors
    /// The system does not say.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.endpoint.local_addr()
    }

    /// Hand-shakes under way, including arrivals handed out and not yet begun.
    pub fn pending_handshakes(&self) -> usize {
        self.pending.count() + self.tcp.as_ref().map_or(0, Arrivals::count)
    }

    /// Ends every connection and takes no more.
    pub fn close(&self, code: CloseCode, reason: &str) {
        self.endpoint.close(VarInt::from_u32(code.0), reason.as_bytes());
        if let Some(arrivals) = &self.tcp {
            arrivals.terms.registry.close(code, reason);
        }
    }

    /// Waits until every connection is over and the other ends were told.
    pub async fn drained(&self) {
        self.endpoint.wait_idle().await;
        if let Some(arrivals) = &self.tcp {
            arrivals.terms.registry.drained().await;
        }
    }
}

fn server_config(
    identity: &Identity,
    verifier: Arc<dyn ClientCertVerifier>,
    versions: &[&str],
    send_window_bytes: u64,
) -> Result<ServerConfig, TlsError> {
    let crypto = tls::server(identity, verifier, versions)?;
    let mut config = ServerConfig::with_crypto(Arc::new(crypto));
    // Address tokens for a later visit would spare the repeated first packet only under attack,
    // and cost a filter in memory.
    let mut tokens = ValidationTokenConfig::default();
    tokens.sent(0);
    config
        .transport_config(Arc::new(transport::server(send_window_bytes)))
        .validation_token_config(tokens)
        .migration(true)
        .max_incoming(WAITING)
        .incoming_buffer_size(WAITING_BYTES)
        .incoming_buffer_size_total(WAITING_BYTES_IN_ALL);
    Ok(config)
}

fn endpoint_config(keys: &TransportKeys) -> EndpointConfig {
    let mut config = keys.endpoint_config();
    config.min_reset_interval(RESET_INTERVAL);
    config
}

impl From<TlsError> for ListenError {
    fn from(error: TlsError) -> Self {
        Self::Setup { detail: error.to_string() }
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").field("local", &self.local_addr().ok()).finish_non_exhaustive()
    }
}

/// A client that has arrived and has proved nothing yet. Dropping it refuses it.
#[derive(Debug)]
pub struct Incoming {
    arrived: Arrived,
    deadline: Duration,
}

enum Arrived {
    Quic(Box<quinn::Incoming>, Slot),
    Tcp(Arrival, Arc<ServerTerms>),
}

impl fmt::Debug for Arrived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quic(incoming, _) => incoming.fmt(f),
            Self::Tcp(arrival, _) => arrival.fmt(f),
        }
    }
}

impl Incoming {
    /// Where it comes from, or says it does.
    pub fn remote_addr(&self) -> SocketAddr {
        plain(match &self.arrived {
            Arrived::Quic(incoming, _) => incoming.remote_address(),
            Arrived::Tcp(arrival, _) => arrival.from,
        })
    }

    /// Turns it away: the client's attempt fails as refused.
    pub fn refuse(self) {
        if let Arrived::Quic(incoming, _) = self.arrived {
            incoming.refuse();
        }
    }

    /// Completes the hand-shake. The connection's peer has proved its key, and nothing else: the
    /// caller looks the key up, and either calls [`Connection::authorize`] or closes with
    /// [`CloseCode::AUTH_UNKNOWN`].
    ///
    /// # Errors
    /// The peer took too long, failed, or shares no version.
    pub async fn handshake(self) -> Result<Connection, HandshakeError> {
        let (from, deadline) = (self.remote_addr(), self.deadline);
        let handshake = async {
            match self.arrived {
                Arrived::Quic(incoming, slot) => by_quic(*incoming, slot, from).await,
                Arrived::Tcp(arrival, terms) => by_tcp(arrival, &terms).await,
            }
        };
        match timeout(deadline, Box::pin(handshake)).await {
            Ok(done) => done,
            Err(_elapsed) => Err(HandshakeError::Deadline { from, after: deadline }),
        }
    }
}

async fn by_tcp(arrival: Arrival, terms: &ServerTerms) -> Result<Connection, HandshakeError> {
    let Arrival { mut stream, from, place } = arrival;
    let failed = |detail: &str| HandshakeError::Failed {
        from,
        reason: CloseReason::Transport { detail: detail.to_owned() },
    };
    let hello = tokio::select! {
        biased;
        () = place.taken() => return Err(failed("it said nothing, and others came")),
        hello = hello(&mut stream) => hello.map_err(|detail| failed(&detail))?,
    };
    let Some(_slot) = place.keep() else { return Err(failed("it spoke too late")) };
    let accepted = accept(stream, hello, Some(from), Carrier::Tcp, terms).await;
    accepted.map_err(|rejection| match rejection {
        Rejection::Failed(reason) => HandshakeError::Failed { from, reason },
        Rejection::Version => HandshakeError::Version { from },
    })
}

async fn by_quic(
    incoming: quinn::Incoming,
    slot: Slot,
    from: SocketAddr,
) -> Result<Connection, HandshakeError> {
    let failed = |reason| HandshakeError::Failed { from, reason };
    let connecting = incoming.accept().map_err(|error| failed(CloseReason::of(error)))?;
    let connection = connecting.await.map_err(|error| failed(CloseReason::of(error)))?;
    drop(slot);
    if negotiated(&connection).as_deref() == Some(VERSION_QUERY.as_bytes()) {
        let ours = VERSIONS.join(" ");
        connection.close(VarInt::from_u32(CloseCode::VERSION.0), ours.as_bytes());
        return Err(HandshakeError::Version { from });
    }
    let Some(peer) = proven_key(&connection) else {
        let detail = "the client has no key".to_owned();
        return Err(failed(CloseReason::Transport { detail }));
    };
    let pairing = negotiated(&connection).as_deref() == Some(PAIRING.as_bytes());
    let connection = Connection::quic(connection, peer, false);
    Ok(if pairing { connection.for_pairing() } else { connection })
}
