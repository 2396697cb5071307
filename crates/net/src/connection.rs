//! A connection: one peer that proved its key, and streams both ways. Owns what QUIC, one stream of bytes
//! and the in-memory twin have in common.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use quinn::VarInt;

use crate::bulk::{Below, Bulk};
use crate::memory::End;
use crate::mux::Mux;
use crate::recv_stream::{RecvHalf, RecvStream};
use crate::send_stream::{SendHalf, SendStream};
use crate::transport::{STREAMS, WINDOW_BYTES};
use crate::{CloseCode, CloseReason, PathEstimate, PeerKey, Share, memory, path};

/// A connection to one peer. Clones are the same connection; when the last of them and of its
/// streams is gone, it closes with [`CloseCode::OK`], and what had not arrived by then may not.
#[derive(Clone)]
pub struct Connection {
    link: Link,
    peer: PeerKey,
    /// Shared with every stream: whether large messages are taken.
    authorised: Arc<AtomicBool>,
    /// Shared with every stream: who sends much.
    bulk: Bulk,
    /// Its hand-shake was for enrolling a key, and nothing else is to be said on it.
    pairing: bool,
}

#[derive(Clone)]
enum Link {
    Quic(quinn::Connection),
    Memory(Arc<End>),
    Bytes(Arc<BytesLink>),
}

/// A connection over one stream of bytes, and what was found out when it came about.
pub(crate) struct BytesLink {
    pub(crate) mux: Arc<Mux>,
    pub(crate) carrier: Carrier,
    pub(crate) remote: Option<SocketAddr>,
    /// What its keying material is made of.
    pub(crate) secret: [u8; 32],
}

/// What carries a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    Quic,
    /// TLS over TCP, where UDP does not pass.
    Tcp,
    /// TLS over the standard input and output of a program.
    Program,
    Memory,
}

impl Carrier {
    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quic => "QUIC",
            Self::Tcp => "TCP",
            Self::Program => "program",
            Self::Memory => "memory",
        }
    }
}

/// Keying material cannot be had in that length or from that connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no keying material can be exported from this connection")]
pub struct ExporterError;

impl Connection {
    /// A client's connection is authorised from the start: it named its server's key.
    pub(crate) fn quic(connection: quinn::Connection, peer: PeerKey, authorised: bool) -> Self {
        let bulk = Bulk::of(Below::Quic(connection.clone()));
        let (link, authorised) = (Link::Quic(connection), Arc::new(AtomicBool::new(authorised)));
        Self { link, peer, authorised, bulk, pairing: false }
    }

    /// The same connection, made for enrolling a key.
    pub(crate) fn for_pairing(mut self) -> Self {
        self.pairing = true;
        self
    }

    pub(crate) fn memory(end: Arc<End>, peer: PeerKey, authorised: bool) -> Self {
        let authorised = Arc::new(AtomicBool::new(authorised));
        Self {
            link: Link::Memory(end),
            peer,
            authorised,
            bulk: Bulk::of(Below::Fixed),
            pairing: false,
        }
    }

    pub(crate) fn bytes(link: BytesLink, peer: PeerKey, authorised: bool) -> Self {
        let bulk = Bulk::of(match link.carrier {
            Carrier::Tcp => Below::Tcp(Arc::downgrade(&link.mux)),
            // What a program holds nobody knows, and nothing overtakes it.
            _ => Below::Fixed,
        });
        let (link, authorised) =
            (Link::Bytes(Arc::new(link)), Arc::new(AtomicBool::new(authorised)));
        Self { link, peer, authorised, bulk, pairing: false }
    }

    /// What carries it.
    pub fn carrier(&self) -> Carrier {
        match &self.link {
            Link::Quic(_) => Carrier::Quic,
            Link::Memory(_) => Carrier::Memory,
            Link::Bytes(link) => link.carrier,
        }
    }

    /// The key that the peer has proved to hold. A server decides by it, before anything else, what
    /// the peer may do.
    pub const fn peer(&self) -> &PeerKey {
        &self.peer
    }

    /// Whether the hand-shake was for enrolling a key: the peer's key is known to nobody, and nothing but
    /// that is to be said.
    pub const fn is_pairing(&self) -> bool {
        self.pairing
    }

    /// Gives a peer that the application has let in its full windows, streams and message sizes. A
    /// server's connection starts with [`crate::UNAUTHORISED_WINDOW_BYTES`], two streams of each
    /// kind and small messages; a client's needs no call.
    pub fn authorize(&self) {
        self.authorised.store(true, Ordering::Relaxed);
        match &self.link {
            Link::Quic(connection) => {
                connection.set_receive_window(WINDOW_BYTES.into());
                connection.set_max_concurrent_bi_streams(STREAMS.into());
                connection.set_max_concurrent_uni_streams(STREAMS.into());
            }
            Link::Bytes(link) => link.mux.authorize(),
            Link::Memory(_) => {}
        }
    }

    /// What all copies that go out on it share.
    #[must_use]
    pub fn copies(&self) -> Arc<Share> {
        self.bulk.copies()
    }

    /// Opens a stream for both directions, waiting while the peer allows no more.
    ///
    /// The peer learns of it with its first bytes, or with those of a stream of the same kind that
    /// was opened later: streams are accepted in the order in which they were opened, and one that
    /// was opened too early makes the peer wait at it.
    ///
    /// # Errors
    /// The connection is over.
    pub async fn open_bi(&self) -> Result<(SendStream, RecvStream), CloseReason> {
        match &self.link {
            Link::Quic(connection) => {
                let (send, recv) = connection.open_bi().await.map_err(CloseReason::of)?;
                Ok((self.sender(SendHalf::Quic(send)), self.receiver(RecvHalf::Quic(recv))))
            }
            Link::Memory(end) => {
                let (send, recv) = end.open_bi().await?;
                Ok((self.sender(SendHalf::Memory(send)), self.receiver(RecvHalf::Memory(recv))))
            }
            Link::Bytes(link) => {
                let (send, recv) = link.mux.open_bi().await?;
                Ok((self.sender(SendHalf::Bytes(send)), self.receiver(RecvHalf::Bytes(recv))))
            }
        }
    }

    /// Opens a stream towards the peer, waiting while the peer allows no more. It is announced and
    /// accepted as in [`Connection::open_bi`].
    ///
    /// # Errors
    /// The connection is over.
    pub async fn open_uni(&self) -> Result<SendStream, CloseReason> {
        Ok(self.sender(match &self.link {
            Link::Quic(connection) => {
                SendHalf::Quic(connection.open_uni().await.map_err(CloseReason::of)?)
            }
            Link::Memory(end) => SendHalf::Memory(end.open_uni().await?),
            Link::Bytes(link) => SendHalf::Bytes(link.mux.open_uni().await?),
        }))
    }

    /// The next stream for both directions that the peer opens. Dropping the future loses none.
    ///
    /// # Errors
    /// The connection is over.
    pub async fn accept_bi(&self) -> Result<(SendStream, RecvStream), CloseReason> {
        match &self.link {
            Link::Quic(connection) => {
                let (send, recv) = connection.accept_bi().await.map_err(CloseReason::of)?;
                Ok((self.sender(SendHalf::Quic(send)), self.receiver(RecvHalf::Quic(recv))))
            }
            Link::Memory(end) => {
                let (send, recv) = end.accept_bi().await?;
                Ok((self.sender(SendHalf::Memory(send)), self.receiver(RecvHalf::Memory(recv))))
            }
            Link::Bytes(link) => {
                let (send, recv) = link.mux.accept_bi().await?;
                Ok((self.sender(SendHalf::Bytes(send)), self.receiver(RecvHalf::Bytes(recv))))
            }
        }
    }

    /// The next stream from the peer alone. Dropping the future loses none.
    ///
    /// # Errors
    /// The connection is over.
    pub async fn accept_uni(&self) -> Result<RecvStream, CloseReason> {
        Ok(self.receiver(match &self.link {
            Link::Quic(connection) => {
                RecvHalf::Quic(connection.accept_uni().await.map_err(CloseReason::of)?)
            }
            Link::Memory(end) => RecvHalf::Memory(end.accept_uni().await?),
            Link::Bytes(link) => RecvHalf::Bytes(link.mux.accept_uni().await?),
        }))
    }

    /// Ends the connection now, with all its streams. The peer sees code and reason; whoever uses
    /// this end sees [`CloseReason::Local`].
    pub fn close(&self, code: CloseCode, reason: &str) {
        match &self.link {
            Link::Quic(connection) => connection.close(VarInt::from_u32(code.0), reason.as_bytes()),
            Link::Memory(end) => end.close(code, reason),
            Link::Bytes(link) => link.mux.close(code, reason),
        }
    }

    /// Waits for the end of the connection.
    pub async fn closed(&self) -> CloseReason {
        match &self.link {
            Link::Quic(connection) => CloseReason::of(connection.closed().await),
            Link::Memory(end) => end.closed().await,
            Link::Bytes(link) => link.mux.closed().await,
        }
    }

    /// Why the connection is over, if it is.
    pub fn close_reason(&self) -> Option<CloseReason> {
        match &self.link {
            Link::Quic(connection) => connection.close_reason().map(CloseReason::of),
            Link::Memory(end) => end.close_reason(),
            Link::Bytes(link) => link.mux.close_reason(),
        }
    }

    /// Smoothed round-trip time.
    pub fn rtt(&self) -> Duration {
        match &self.link {
            Link::Quic(connection) => connection.rtt(),
            Link::Memory(_) => Duration::ZERO,
            Link::Bytes(link) => link.mux.path().rtt,
        }
    }

    /// All that is known of the path.
    pub fn path(&self) -> PathEstimate {
        match &self.link {
            Link::Quic(connection) => {
                let path = connection.stats().path;
                PathEstimate {
                    rtt: path.rtt,
                    variation: path::variation_of(connection.congestion_state(), path.rtt),
                    congestion_window: path.cwnd,
                    lost_packets: path.lost_packets,
                }
            }
            Link::Bytes(link) => link.mux.path(),
            Link::Memory(_) => PathEstimate {
                rtt: Duration::ZERO,
                variation: Duration::ZERO,
                congestion_window: u64::MAX,
                lost_packets: 0,
            },
        }
    }

    /// How often something of the peer has come so far: whether it is silent. In memory nobody is.
    pub fn heard(&self) -> Option<u64> {
        match &self.link {
            Link::Quic(connection) => Some(connection.stats().udp_rx.datagrams),
            Link::Bytes(link) => Some(link.mux.heard()),
            Link::Memory(_) => None,
        }
    }

    /// Whether a lost packet is found out so late that small things are better sent twice. It has to hold up one
    /// stream alone, so that another may bring its words sooner.
    pub fn repeats(&self) -> bool {
        matches!(self.link, Link::Quic(_)) && self.rtt() > path::SLOW
    }

    /// Where the peer's packets come from at this moment; `None` where no packets are.
    pub fn remote_addr(&self) -> Option<SocketAddr> {
        match &self.link {
            Link::Quic(connection) => Some(plain(connection.remote_address())),
            Link::Memory(_) => None,
            Link::Bytes(link) => link.remote,
        }
    }

    /// 32 bytes that only the two ends of this very connection know, different for each label and
    /// context (RFC 8446, 7.5). Binds what is agreed on by other means to the connection.
    ///
    /// # Errors
    /// The connection offers none.
    pub fn exporter(&self, label: &[u8], context: &[u8]) -> Result<[u8; 32], ExporterError> {
        match &self.link {
            Link::Quic(connection) => {
                let mut output = [0; 32];
                match connection.export_keying_material(&mut output, label, context) {
                    Ok(()) => Ok(output),
                    Err(_unspecified) => Err(ExporterError),
                }
            }
            Link::Memory(end) => Ok(end.exporter(label, context)),
            Link::Bytes(link) => Ok(memory::exported(&link.secret, label, context)),
        }
    }

    fn sender(&self, half: SendHalf) -> SendStream {
        SendStream::new(half, self.bulk.clone())
    }

    fn receiver(&self, half: RecvHalf) -> RecvStream {
        RecvStream::new(half, Arc::clone(&self.authorised))
    }
}

/// An IPv4 address as such, also where a socket for both kinds reports it as IPv6.
pub(crate) const fn plain(addr: SocketAddr) -> SocketAddr {
    SocketAddr::new(addr.ip().to_canonical(), addr.port())
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("peer", &self.peer.id())
            .field("remote", &self.remote_addr())
            .finish_non_exhaustive()
    }
}
