//! A connection without a network: two ends in one process, for tests and for callers that live
//! beside their server. Owns the ends and how they close; the bytes are in `pipe`. A network without a system
//! under it, for QUIC in tests, is `wire`.
//!
//! It keeps the promises of a QUIC connection: order, back-pressure, finish, reset, stop, close, a
//! bound on streams. What it leaves out: priorities, round-trip times, and waiting for a peer's
//! permission to open streams before it is authorised. It uses no clock and spawns nothing, so that
//! it works where time is paused.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::hmac;
use tokio::sync::{Mutex as AsyncMutex, mpsc, watch};

use crate::transport_keys::random;
use crate::{CloseCode, CloseReason, Connection, Identity, PeerKey};

mod pipe;
mod wire;

pub(crate) use pipe::{Reader, Writer};
pub use wire::Wire;

/// Streams of one kind that were opened and not yet accepted: as many as QUIC would allow.
const UNACCEPTED: usize = crate::transport::STREAMS as usize;

/// Two ends of a new connection, the client's first, with keys of no further use. The server's end
/// is not authorised yet, as after a hand-shake.
pub fn pair() -> (Connection, Connection) {
    pair_with(Identity::ephemeral().public(), Identity::ephemeral().public())
}

/// As [`pair`], with the keys that the ends shall know each other by.
pub fn pair_with(client: PeerKey, server: PeerKey) -> (Connection, Connection) {
    let (client_end, server_end) = End::pair();
    (Connection::memory(client_end, server, true), Connection::memory(server_end, client, false))
}

type Bi = (Writer, Reader);

/// One end. Dropping it closes the connection.
pub(crate) struct End {
    bi: Lane<Bi>,
    uni: Lane<Reader>,
    /// Why the connection is over, as this end sees it.
    closed: watch::Receiver<Option<CloseReason>>,
    closing: Arc<Closing>,
    is_client: bool,
    secret: [u8; 32],
}

/// Streams of one kind: those this end opens, those it accepts.
struct Lane<T> {
    open: mpsc::Sender<T>,
    accept: AsyncMutex<mpsc::Receiver<T>>,
}

/// What both ends of a connection share in order to end it: the client's view and the server's.
struct Closing {
    client: watch::Sender<Option<CloseReason>>,
    server: watch::Sender<Option<CloseReason>>,
    /// Held while both views change, so that of two ends that close at once one is first.
    order: Mutex<()>,
}

impl End {
    fn pair() -> (Arc<Self>, Arc<Self>) {
        let (client_view, client_closed) = watch::channel(None);
        let (server_view, server_closed) = watch::channel(None);
        let closing =
            Arc::new(Closing { client: client_view, server: server_view, order: Mutex::new(()) });
        let (client_bi, server_bi) = lanes();
        let (client_uni, server_uni) = lanes();
        let secret = random();
        let client = Self {
            bi: client_bi,
            uni: client_uni,
            closed: client_closed,
            closing: Arc::clone(&closing),
            is_client: true,
            secret,
        };
        let server = Self {
            bi: server_bi,
            uni: server_uni,
            closed: server_closed,
            closing,
            is_client: false,
            secret,
        };
        (Arc::new(client), Arc::new(server))
    }

    pub(crate) async fn open_bi(self: &Arc<Self>) -> Result<Bi, CloseReason> {
        let (out_writer, out_reader) = pipe::pipe(self, self.other_view());
        let (back_writer, back_reader) = pipe::pipe_back(self, self.other_view());
        self.open(&self.bi, (back_writer, out_reader)).await?;
        Ok((out_writer, back_reader))
    }

    pub(crate) async fn open_uni(self: &Arc<Self>) -> Result<Writer, CloseReason> {
        let (writer, reader) = pipe::pipe(self, self.other_view());
        self.open(&self.uni, reader).await?;
        Ok(writer)
    }

    pub(crate) async fn accept_bi(self: &Arc<Self>) -> Result<Bi, CloseReason> {
        let (mut writer, mut reader) = self.accept(&self.bi).await?;
        writer.keep(self);
        reader.keep(self);
        Ok((writer, reader))
    }

    pub(crate) async fn accept_uni(self: &Arc<Self>) -> Result<Reader, CloseReason> {
        let mut reader = self.accept(&self.uni).await?;
        reader.keep(self);
        Ok(reader)
    }

    pub(crate) fn close(&self, code: CloseCode, reason: &str) {
        let peer = CloseReason::peer(code.0.into(), reason.as_bytes());
        let (ours, theirs) = if self.is_client {
            (&self.closing.client, &self.closing.server)
        } else {
            (&self.closing.server, &self.closing.client)
        };
        let _order = self.closing.order.lock().unwrap_or_else(PoisonError::into_inner);
        if ours.borrow().is_none() {
            ours.send_replace(Some(CloseReason::Local));
            theirs.send_replace(Some(peer));
        }
    }

    pub(crate) async fn closed(&self) -> CloseReason {
        closed(&mut self.closed.clone()).await
    }

    pub(crate) fn close_reason(&self) -> Option<CloseReason> {
        self.closed.borrow().clone()
    }

    pub(crate) fn exporter(&self, label: &[u8], context: &[u8]) -> [u8; 32] {
        exported(&self.secret, label, context)
    }

    /// What the end at the other side of a pipe watches.
    fn other_view(&self) -> watch::Receiver<Option<CloseReason>> {
        if self.is_client {
            self.closing.server.subscribe()
        } else {
            self.closing.client.subscribe()
        }
    }

    async fn open<T>(&self, lane: &Lane<T>, stream: T) -> Result<(), CloseReason> {
        tokio::select! {
            biased;
            reason = self.closed() => Err(reason),
            opened = lane.open.send(stream) => match opened {
                Ok(()) => Ok(()),
                // The other end is gone, and says so before its lanes go.
                Err(_gone) => Err(self.closed().await),
            }
        }
    }

    async fn accept<T>(&self, lane: &Lane<T>) -> Result<T, CloseReason> {
        let mut accept = lane.accept.lock().await;
        tokio::select! {
            biased;
            reason = self.closed() => Err(reason),
            Some(stream) = accept.recv() => Ok(stream),
        }
    }
}

impl Drop for End {
    fn drop(&mut self) {
        self.close(CloseCode::OK, "");
    }
}

/// Keying material made of a secret that two ends share, by HMAC-SHA-256.
pub(crate) fn exported(secret: &[u8; 32], label: &[u8], context: &[u8]) -> [u8; 32] {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let mut signed = hmac::Context::with_key(&key);
    // The length keeps label and context apart.
    signed.update(&(label.len() as u64).to_le_bytes());
    signed.update(label);
    signed.update(context);
    let mut output = [0; 32];
    output.copy_from_slice(signed.sign().as_ref());
    output
}

impl fmt::Debug for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("End").field("is_client", &self.is_client).finish_non_exhaustive()
    }
}

fn lanes<T>() -> (Lane<T>, Lane<T>) {
    let (left_open, right_accept) = mpsc::channel(UNACCEPTED);
    let (right_open, left_accept) = mpsc::channel(UNACCEPTED);
    let left = Lane { open: left_open, accept: AsyncMutex::new(left_accept) };
    let right = Lane { open: right_open, accept: AsyncMutex::new(right_accept) };
    (left, right)
}

/// Waits for the end of the connection as one end sees it.
async fn closed(view: &mut watch::Receiver<Option<CloseReason>>) -> CloseReason {
    match view.wait_for(Option::is_some).await.map(|reason| reason.clone()) {
        Ok(Some(reason)) => reason,
        // The senders outlive both ends.
        Ok(None) | Err(_) => CloseReason::Local,
    }
}
