//! Moves the bytes of one connection: frames in, frames out, and the goodbye. Owns the waiting for the
//! network and nothing that is known of streams.

use std::io;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, split};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::Shared;
use super::frame::{Breach, HEADER, Header, LONGEST, PREAMBLE};
use crate::{CloseCode, CloseReason};

/// How long the last words may take, and how long the other end's are listened for.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The connections of an endpoint, so that all can be ended, and their ends awaited.
#[derive(Clone, Debug)]
pub(crate) struct Registry {
    members: Arc<Mutex<Vec<Weak<Shared>>>>,
    /// As many receivers as connections whose bytes still move.
    moving: Arc<watch::Sender<()>>,
}

impl Default for Registry {
    fn default() -> Self {
        Self { members: Arc::default(), moving: Arc::new(watch::channel(()).0) }
    }
}

/// Held while the bytes of a connection move.
#[derive(Debug)]
pub(super) struct Moving {
    _held: watch::Receiver<()>,
}

impl Registry {
    pub(super) fn enter(&self, shared: &Arc<Shared>) -> Moving {
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        members.retain(|member| member.strong_count() > 0);
        members.push(Arc::downgrade(shared));
        Moving { _held: self.moving.subscribe() }
    }

    /// Ends every connection.
    pub(crate) fn close(&self, code: CloseCode, reason: &str) {
        let members = self.members.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for member in members.iter().filter_map(Weak::upgrade) {
            member.lock().close(code, reason.as_bytes());
        }
    }

    /// Waits until no connection's bytes move any more.
    pub(crate) async fn drained(&self) {
        self.moving.closed().await;
    }
}

/// Moves bytes until the connection is over and the other end was told.
pub(super) async fn drive(io: impl AsyncRead + AsyncWrite, shared: Arc<Shared>, moving: Moving) {
    let (mut incoming, mut outgoing) = split(io);
    let mut reading = Box::pin(read(&mut incoming, &shared));
    let mut over = shared.lock().watch_over();
    let told = tokio::select! {
        // Nobody is there any more to be told anything.
        () = &mut reading => false,
        told = write(&mut outgoing, &shared) => told.is_ok(),
        // The last words may wait for a network that takes nothing, for a while.
        () = async { super::closed(&mut over).await; sleep(LAST_WORDS).await } => false,
    };
    if !told && shared.lock().over().is_none() {
        // Nothing can be written; what the other end said last may still be here.
        let _heard = timeout(LAST_WORDS, &mut reading).await;
        let detail = "the connection was cut".to_owned();
        shared.lock().end(CloseReason::Transport { detail });
    }
    drop(reading);
    if told {
        // Bytes that nobody took would make the system forget what it was given to send.
        let _silent = timeout(LAST_WORDS, drain(&mut incoming)).await;
    }
    drop(moving);
}

/// Sends what there is to send, until the goodbye.
async fn write(outgoing: &mut (impl AsyncWrite + Unpin), shared: &Shared) -> io::Result<()> {
    let mut out = PREAMBLE.to_vec();
    loop {
        let to_send = Arc::clone(&shared.lock().to_send);
        shared.lock().fill(&mut out, Instant::now());
        let last = shared.lock().said_goodbye();
        if out.is_empty() {
            to_send.notified().await;
            continue;
        }
        outgoing.write_all(&out).await?;
        outgoing.flush().await?;
        out.clear();
        if last {
            return outgoing.shutdown().await;
        }
    }
}

/// Takes in frames, until the other end closes or goes. One that breaks the rules is told so, and no longer
/// listened to.
async fn read(incoming: &mut (impl AsyncRead + Unpin), shared: &Shared) {
    match frames(incoming, shared).await {
        Err(Fault::Breach(Breach(why))) => {
            shared.lock().close(CloseCode::PROTOCOL, why.as_bytes());
            std::future::pending::<()>().await;
        }
        Err(Fault::Gone(detail)) => shared.lock().end(CloseReason::Transport { detail }),
        Err(Fault::Silent(reason)) => shared.lock().end(reason),
        Ok(()) => {}
    }
}

enum Fault {
    Breach(Breach),
    Gone(String),
    Silent(CloseReason),
}

impl From<Breach> for Fault {
    fn from(breach: Breach) -> Self {
        Self::Breach(breach)
    }
}

async fn frames(incoming: &mut (impl AsyncRead + Unpin), shared: &Shared) -> Result<(), Fault> {
    let mut inbox = vec![0; HEADER + LONGEST];
    let (mut start, mut end) = (0, 0);
    let mut greeted = false;
    loop {
        while let Some((frame, used)) = next(&inbox[start..end], greeted)? {
            start += used;
            match frame {
                None => greeted = true,
                Some((header, contents)) => {
                    let contents = &inbox[start - contents..start];
                    shared.lock().receive(header, contents, Instant::now())?;
                }
            }
        }
        if matches!(shared.lock().over(), Some(CloseReason::Peer { .. })) {
            return Ok(());
        }
        inbox.copy_within(start..end, 0);
        (start, end) = (0, end - start);
        end += some(incoming, &mut inbox[end..], shared).await?;
    }
}

/// What a whole frame is: its header, and the length of its contents, which end it. Before the first one comes
/// the preamble.
type Found = Option<(Header, usize)>;

fn next(bytes: &[u8], greeted: bool) -> Result<Option<(Found, usize)>, Breach> {
    if !greeted {
        let known = bytes.len().min(PREAMBLE.len());
        if bytes[..known] != PREAMBLE[..known] {
            return Err(Breach("the connection began with other words than ours"));
        }
        return Ok((known == PREAMBLE.len()).then_some((None, known)));
    }
    let Some(header) = bytes.first_chunk::<HEADER>() else { return Ok(None) };
    let header = Header::parse(*header)?;
    let whole = HEADER + header.length;
    Ok((bytes.len() >= whole).then_some((Some((header, header.length)), whole)))
}

/// Waits for bytes, and looks at the silence while none come.
async fn some(
    incoming: &mut (impl AsyncRead + Unpin),
    room: &mut [u8],
    shared: &Shared,
) -> Result<usize, Fault> {
    loop {
        let until = shared.lock().round_trip.look(shared.is_client);
        match timeout_at(until, incoming.read(room)).await {
            Ok(Ok(0)) => return Err(Fault::Gone("the other end went away".to_owned())),
            Ok(Ok(count)) => {
                // On a thin link a frame takes its time, and each part of it is a sign of life.
                shared.lock().round_trip.heard(Instant::now());
                return Ok(count);
            }
            Ok(Err(error)) => return Err(Fault::Gone(error.to_string())),
            Err(_silent) => {
                let mut core = shared.lock();
                // A ping that was sent meanwhile has its own time.
                if core.round_trip.look(shared.is_client) > Instant::now() {
                    continue;
                }
                if let Some(reason) = core.round_trip.looked(shared.is_client, Instant::now()) {
                    return Err(Fault::Silent(reason));
                }
                core.to_send.notify_one();
            }
        }
    }
}

async fn drain(incoming: &mut (impl AsyncRead + Unpin)) {
    let mut room = [0; 1024];
    while incoming.read(&mut room).await.is_ok_and(|count| count > 0) {}
}

#[cfg(test)]
mod tests;
