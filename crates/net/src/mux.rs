//! A connection over one stream of bytes in each direction: TCP with TLS, or whatever a program carries. Owns
//! the ends and their waiting; what is known is in `core`, what is on the wire in `frame`, and `driver` moves
//! the bytes. `proto/transport.md`, section 6, is the specification.
//!
//! It keeps the promises of a QUIC connection, priorities included. What it cannot give: a lost packet holds
//! up every stream, and a change of address ends the connection.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use crate::{CloseCode, CloseReason, PathEstimate, RecvError, SendError, StreamCode};

mod core;
mod driver;
mod frame;
mod round_trip;
mod stream_state;

use self::core::{BOTH, Core, ONE};
pub(crate) use driver::Registry;

/// One end. Dropping it closes the connection.
pub(crate) struct Mux {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    core: Mutex<Core>,
    is_client: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Core> {
        // Each change is whole before the lock is let go.
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `ready` has something to say; it is asked again whenever `told` is.
    async fn wait<T>(&self, told: &Notify, mut ready: impl FnMut(&mut Core) -> Option<T>) -> T {
        loop {
            let changed = told.notified();
            tokio::pin!(changed);
            // From here on a change is not missed, though nobody polls yet.
            changed.as_mut().enable();
            if let Some(done) = ready(&mut self.lock()) {
                return done;
            }
            changed.await;
        }
    }
}

impl Mux {
    /// Starts a connection over `io`, whose bytes are moved on `runtime`. The streams may be used at once.
    pub(crate) fn start(
        io: impl AsyncRead + AsyncWrite + Send + 'static,
        is_client: bool,
        send_window_bytes: u64,
        runtime: &Handle,
        registry: &Registry,
    ) -> Arc<Self> {
        let queue = usize::try_from(send_window_bytes).unwrap_or(usize::MAX);
        let core = Mutex::new(Core::new(is_client, queue, Instant::now()));
        let shared = Arc::new(Shared { core, is_client });
        runtime.spawn(driver::drive(io, Arc::clone(&shared), registry.enter(&shared)));
        Arc::new(Self { shared })
    }

    pub(crate) fn authorize(&self) {
        self.shared.lock().authorize();
    }

    pub(crate) async fn open_bi(self: &Arc<Self>) -> Result<(Writer, Reader), CloseReason> {
        let id = self.open(BOTH).await?;
        Ok((self.writer(id), self.reader(id)))
    }

    pub(crate) async fn open_uni(self: &Arc<Self>) -> Result<Writer, CloseReason> {
        let id = self.open(ONE).await?;
        Ok(self.writer(id))
    }

    pub(crate) async fn accept_bi(self: &Arc<Self>) -> Result<(Writer, Reader), CloseReason> {
        let id = self.accept(BOTH).await?;
        Ok((self.writer(id), self.reader(id)))
    }

    pub(crate) async fn accept_uni(self: &Arc<Self>) -> Result<Reader, CloseReason> {
        let id = self.accept(ONE).await?;
        Ok(self.reader(id))
    }

    pub(crate) fn close(&self, code: CloseCode, reason: &str) {
        self.shared.lock().close(code, reason.as_bytes());
    }

    pub(crate) async fn closed(&self) -> CloseReason {
        let mut over = self.shared.lock().watch_over();
        closed(&mut over).await
    }

    pub(crate) fn close_reason(&self) -> Option<CloseReason> {
        self.shared.lock().over()
    }

    /// Bytes that the other end lets be under way.
    pub(crate) fn their_window(&self) -> u64 {
        self.shared.lock().their_window
    }

    /// How often bytes came so far.
    pub(crate) fn heard(&self) -> u64 {
        self.shared.lock().round_trip.times_heard()
    }

    pub(crate) fn path(&self) -> PathEstimate {
        self.shared.lock().round_trip.path()
    }

    async fn open(&self, kind: usize) -> Result<u32, CloseReason> {
        let told = Arc::clone(&self.shared.lock().may_open);
        let opened = self.shared.wait(&told, |core| match core.over() {
            Some(reason) => Some(Err(reason)),
            None => core.open(kind).map(Ok),
        });
        opened.await
    }

    async fn accept(&self, kind: usize) -> Result<u32, CloseReason> {
        let told = Arc::clone(&self.shared.lock().has_arrived[kind]);
        let accepted = self.shared.wait(&told, |core| match core.over() {
            Some(reason) => Some(Err(reason)),
            None => core.accept(kind).map(Ok),
        });
        accepted.await
    }

    fn writer(self: &Arc<Self>, id: u32) -> Writer {
        let core = self.shared.lock();
        let send = core.streams.get(&id).and_then(|stream| stream.send.as_ref());
        // A stream that is opened or accepted is held, and so it is there.
        let (changed, ended) = match send {
            Some(send) => (Arc::clone(&send.changed), send.ended.subscribe()),
            None => (Arc::default(), watch::channel(Some(None)).1),
        };
        drop(core);
        Writer { end: Arc::clone(self), id, changed, ended }
    }

    fn reader(self: &Arc<Self>, id: u32) -> Reader {
        let core = self.shared.lock();
        let recv = core.streams.get(&id).and_then(|stream| stream.recv.as_ref());
        let changed = recv.map(|recv| Arc::clone(&recv.changed)).unwrap_or_default();
        drop(core);
        Reader { end: Arc::clone(self), id, changed }
    }
}

impl Drop for Mux {
    fn drop(&mut self) {
        self.close(CloseCode::OK, "");
    }
}

impl fmt::Debug for Mux {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mux").field("is_client", &self.shared.is_client).finish_non_exhaustive()
    }
}

/// The writing half of a stream.
pub(crate) struct Writer {
    /// Keeps the connection open.
    end: Arc<Mux>,
    id: u32,
    changed: Arc<Notify>,
    ended: watch::Receiver<Option<Option<StreamCode>>>,
}

impl Writer {
    /// Writes a part of `bytes` and tells how much.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<usize, SendError> {
        self.end.shared.wait(&self.changed, |core| core.write(self.id, bytes)).await
    }

    pub(crate) fn finish(&mut self) -> Result<(), SendError> {
        self.end.shared.lock().finish(self.id)
    }

    pub(crate) fn reset(&mut self, code: StreamCode) {
        self.end.shared.lock().reset(self.id, code);
    }

    pub(crate) fn set_priority(&self, priority: i32) {
        self.end.shared.lock().set_priority(self.id, priority);
    }

    pub(crate) fn stopped(
        &self,
    ) -> impl Future<Output = Result<Option<StreamCode>, CloseReason>> + Send + use<> {
        let mut ended = self.ended.clone();
        let mut over = self.end.shared.lock().watch_over();
        async move {
            tokio::select! {
                biased;
                ended = ended.wait_for(Option::is_some) => {
                    // A stream that was dropped from the books had nothing more to tell.
                    Ok(ended.ok().and_then(|ended| *ended).flatten())
                }
                reason = closed(&mut over) => Err(reason),
            }
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.end.shared.lock().let_go(self.id, true);
    }
}

/// The reading half of a stream.
pub(crate) struct Reader {
    end: Arc<Mux>,
    id: u32,
    changed: Arc<Notify>,
}

impl Reader {
    /// Reads some bytes; 0 at the end.
    pub(crate) async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, RecvError> {
        self.end.shared.wait(&self.changed, |core| core.read(self.id, buffer)).await
    }

    pub(crate) fn stop(&mut self, code: StreamCode) {
        self.end.shared.lock().stop(self.id, code);
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let mut core = self.end.shared.lock();
        core.stop(self.id, StreamCode::CANCELLED);
        core.let_go(self.id, false);
    }
}

/// Waits for the end of the connection.
async fn closed(over: &mut watch::Receiver<Option<CloseReason>>) -> CloseReason {
    match over.wait_for(Option::is_some).await.map(|reason| reason.clone()) {
        Ok(Some(reason)) => reason,
        // The sender is with whoever holds the connection.
        Ok(None) | Err(_) => CloseReason::Local,
    }
}

#[cfg(test)]
mod tests;
