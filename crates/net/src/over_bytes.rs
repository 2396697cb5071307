//! Hand-shakes over one stream of bytes: TLS with the same keys and protocol names as QUIC, then the frames of
//! `mux`. Owns both sides of that; what carries the bytes is TCP here, or handed over.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::{Accepted, Acceptor};
use rustls::{AlertDescription, ServerConfig};
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio_rustls::{StartHandshake, TlsConnector};

use crate::connection::BytesLink;
use crate::mux::{Mux, Registry};
use crate::tls::{self, PAIRING, SERVER_NAME, VERSION_QUERY};
use crate::{
    Carrier, CloseCode, CloseReason, ConnectError, ConnectOptions, Connection, PeerKey, endpoint,
};

/// What is exported once a hand-shake is over; all other exports are made of it.
const EXPORT: &[u8] = b"EXPORTER-ccc-bytes";

/// Bytes that the system takes for a connection beyond those it can send at once. What lies there cannot be
/// overtaken by anything more urgent.
const UNSENT: u32 = 16 * 1024;

/// Room for a client's first words, which are about 1,500 bytes with a key exchange that is to last.
const HELLO_BYTES: usize = 2048;

/// A stream of bytes in both directions.
pub trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for T {}

/// Opens a stream of bytes whose other end is a server.
pub type Dial = Arc<dyn Fn() -> Dialling + Send + Sync>;

type Dialling = Pin<Box<dyn Future<Output = io::Result<Box<dyn ByteStream>>> + Send>>;

/// Where bytes are moved, and for whom.
pub(crate) struct Terms<'a> {
    pub(crate) runtime: &'a Handle,
    pub(crate) registry: &'a Registry,
    pub(crate) options: &'a ConnectOptions,
}

/// A client's attempt.
pub(crate) struct Attempt<'a> {
    pub(crate) attempt: endpoint::Attempt<'a>,
    pub(crate) terms: Terms<'a>,
}

impl Attempt<'_> {
    pub(crate) async fn by_tcp(self, addr: SocketAddr) -> Result<Connection, ConnectError> {
        let unreachable = |source| ConnectError::Unreachable { addr: addr.into(), source };
        let stream = TcpStream::connect(addr).await.map_err(unreachable)?;
        set_up(&stream).map_err(unreachable)?;
        self.run(Box::new(stream), Carrier::Tcp, Some(addr)).await
    }

    pub(crate) async fn run(
        self,
        stream: Box<dyn ByteStream>,
        carrier: Carrier,
        remote: Option<SocketAddr>,
    ) -> Result<Connection, ConnectError> {
        let Self { attempt, terms } = self;
        let options = terms.options;
        let local = |error: rustls::Error| attempt.local(error);
        let pin = Arc::clone(&attempt.pin);
        let config = tls::client_over_bytes(&options.identity, pin, attempt.versions);
        let name = ServerName::try_from(SERVER_NAME).map_err(|error| attempt.local(error))?;
        let connector = TlsConnector::from(config.map_err(local)?);
        let connected = connector.connect(name, stream).await;
        let tls = connected.map_err(|error| failed(&attempt, options, &error))?;
        let (_, session) = tls.get_ref();
        let proven = proven(session.peer_certificates());
        let peer = proven.ok_or_else(|| attempt.local("the server has no key"))?;
        let queried = session.alpn_protocol() == Some(VERSION_QUERY.as_bytes());
        let secret = session.export_keying_material([0; 32], EXPORT, None).map_err(local)?;
        let window = options.send_window_bytes;
        let mux = Mux::start(tls, true, window, terms.runtime, terms.registry);
        if queried {
            return Err(attempt.other_version(mux.closed().await));
        }
        Ok(Connection::bytes(BytesLink { mux, carrier, remote, secret }, peer, true))
    }
}

fn failed(
    attempt: &endpoint::Attempt<'_>,
    options: &ConnectOptions,
    error: &io::Error,
) -> ConnectError {
    let addr = attempt.place;
    if let Some(found) = attempt.pin.other_key() {
        return ConnectError::WrongKey { addr, expected: options.server, found };
    }
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    if let Some(rustls::Error::AlertReceived(AlertDescription::NoApplicationProtocol)) = tls {
        return attempt.version("");
    }
    let reason = CloseReason::Transport { detail: error.to_string() };
    ConnectError::Handshake { addr, reason }
}

/// A server's side of what was accepted and has greeted: who it is, or why it is nobody. Whoever speaks another
/// protocol is answered with nothing.
pub(crate) async fn accept(
    stream: impl ByteStream + 'static,
    hello: Accepted,
    from: Option<SocketAddr>,
    carrier: Carrier,
    terms: &ServerTerms,
) -> Result<Connection, Rejection> {
    let failed = |detail: String| Rejection::Failed(CloseReason::Transport { detail });
    let hello = StartHandshake::from_parts(hello, stream);
    let ours = |name: &[u8]| terms.config.alpn_protocols.iter().any(|known| known == name);
    if !hello.client_hello().alpn().is_some_and(|mut offered| offered.any(ours)) {
        return Err(failed("it speaks another protocol".to_owned()));
    }
    let tls = hello.into_stream(Arc::clone(&terms.config)).await;
    let tls = tls.map_err(|error| failed(error.to_string()))?;
    let (_, session) = tls.get_ref();
    let peer = proven(session.peer_certificates());
    let peer = peer.ok_or_else(|| failed("the client has no key".to_owned()))?;
    let (queried, pairing) = match session.alpn_protocol() {
        Some(name) => (name == VERSION_QUERY.as_bytes(), name == PAIRING.as_bytes()),
        None => return Err(failed("it speaks another protocol".to_owned())),
    };
    let secret = session.export_keying_material([0; 32], EXPORT, None);
    let secret = secret.map_err(|error| failed(error.to_string()))?;
    let window = terms.send_window_bytes;
    let mux = Mux::start(tls, false, window, &terms.runtime, &terms.registry);
    if queried {
        mux.close(CloseCode::VERSION, &tls::VERSIONS.join(" "));
        return Err(Rejection::Version);
    }
    let link = BytesLink { mux, carrier, remote: from, secret };
    let connection = Connection::bytes(link, peer, false);
    Ok(if pairing { connection.for_pairing() } else { connection })
}

/// What a client says first. Nothing is said in return, whatever it is.
pub(crate) async fn hello(stream: &mut (impl AsyncRead + Unpin)) -> Result<Accepted, String> {
    let mut acceptor = Acceptor::default();
    let mut room = [0; HELLO_BYTES];
    loop {
        let count = stream.read(&mut room).await.map_err(|error| error.to_string())?;
        if count == 0 {
            return Err("it went away".to_owned());
        }
        let mut bytes = &room[..count];
        while !bytes.is_empty() {
            acceptor.read_tls(&mut bytes).map_err(|error| error.to_string())?;
            match acceptor.accept() {
                Ok(None) => {}
                // Nobody of ours says more before it has heard something.
                Ok(Some(accepted)) if bytes.is_empty() => return Ok(accepted),
                Ok(Some(_)) => return Err("it said more than a greeting".to_owned()),
                Err((error, _unsaid)) => return Err(error.to_string()),
            }
        }
    }
}

/// What a server's hand-shakes need.
pub(crate) struct ServerTerms {
    pub(crate) config: Arc<ServerConfig>,
    pub(crate) send_window_bytes: u64,
    pub(crate) runtime: Handle,
    pub(crate) registry: Registry,
}

/// Why what was accepted became no connection.
pub(crate) enum Rejection {
    Failed(CloseReason),
    Version,
}

/// A key goes out at once, and little lies where nothing can overtake it.
pub(crate) fn set_up(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    SockRef::from(stream).set_tcp_notsent_lowat(UNSENT)
}

fn proven(shown: Option<&[CertificateDer<'_>]>) -> Option<PeerKey> {
    PeerKey::from_spki(shown?.first()?)
}
