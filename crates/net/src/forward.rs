//! A TCP connection that is carried on a stream: its bytes, the end of each direction, and a reset, both
//! ways. Owns the moving of bytes between a socket and a stream; who may have what carried, and where to, is
//! decided elsewhere. What both ends say is `proto/wire.md`, section 6.
//!
//! Three loops of one task: one reads the socket, one speaks on the stream, one hears it and writes the
//! socket. None of them waits for another but by what the [`Book`] says, so that two ends that both have
//! much to say never wait for each other.

mod book;
mod connect;
mod socket;

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ccc_proto::{ForwardBytes, Message, limits};
use socket2::SockRef;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::{CloseReason, RecvError, RecvStream, SendError, SendStream, Share, StreamCode};
use book::Book;
pub use connect::connect;
use socket::Socket;

/// Below requests, which are below frames and keys.
const PRIORITY: i32 = -2;
/// Bytes that are read from a socket at once: a more urgent stream waits for no more than that, and a piece
/// costs little beside its bytes.
const PIECE: usize = 16 * 1024;

/// How long nothing may come before what was lent for it is asked back: others may need it.
const IDLE: Duration = Duration::from_secs(10);

/// How much a connection carried until both its directions had ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Bytes that came on the socket of this end.
    pub sent: u64,
    /// Bytes that were written to it.
    pub received: u64,
}

/// Why a connection was not carried to its end. Its socket was reset.
#[derive(Debug, thiserror::Error)]
pub enum CarryError {
    /// The socket of this end was reset, or takes no more.
    #[error("the connection broke at this end")]
    Here { source: std::io::Error },
    /// The other end gave it up: mostly because its socket was reset.
    #[error("the connection was reset at the other end")]
    There,
    /// What carries it is over.
    #[error("what carried the connection is over")]
    Lost { source: CloseReason },
    /// The other end does not keep to the protocol.
    #[error("the other end broke the rules: {0}")]
    Breach(&'static str),
}

/// Carries `socket` on a stream on which nothing but this is said any more, until both directions have
/// ended. `share` is that of all which is carried on the same connection.
///
/// However this ends, also when it is dropped or the process is killed, an end that nobody declared is a reset
/// for whoever is connected to the socket: what was cut must not look whole.
///
/// # Errors
/// One of the two sockets, or what is in between, broke. Then both are reset.
pub async fn carry(
    socket: TcpStream,
    send: &mut SendStream,
    recv: &mut RecvStream,
    share: &Arc<Share>,
) -> Result<Carried, CarryError> {
    let here = |source| CarryError::Here { source };
    // A key that is typed through it goes out at once.
    socket.set_nodelay(true).map_err(here)?;
    socket.set_zero_linger().map_err(here)?;
    let carried = lead(&socket, send, recv, share).await?;
    SockRef::from(&socket).set_linger(None).map_err(here)?;
    Ok(carried)
}

async fn lead(
    socket: &impl Socket,
    send: &mut SendStream,
    recv: &mut RecvStream,
    share: &Arc<Share>,
) -> Result<Carried, CarryError> {
    send.set_priority(PRIORITY);
    let _entered = share.enter(send);
    let line = Line::new(share);
    let carried =
        tokio::try_join!(read(socket, &line), speak(send, &line), hear(socket, recv, &line),);
    match carried {
        Ok(_all) => Ok(line.book().carried()),
        Err(error) => {
            let code = match error {
                CarryError::Breach(_) => StreamCode::PROTOCOL,
                _ => StreamCode::CANCELLED,
            };
            send.reset(code);
            recv.stop(code);
            Err(error)
        }
    }
}

/// What the loops of one connection share.
struct Line<'a> {
    book: Mutex<Book>,
    share: &'a Arc<Share>,
    /// Told when there may be room to read into.
    to_read: Notify,
    /// Told when there may be something to say.
    to_speak: Notify,
}

impl<'a> Line<'a> {
    fn new(share: &'a Arc<Share>) -> Self {
        let book = Mutex::new(Book::default());
        Self { book, share, to_read: Notify::new(), to_speak: Notify::new() }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // Each change is whole before the lock is let go.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        let (left, borrowed) = {
            let book = self.book();
            (book.in_flight(), book.borrowed())
        };
        self.share.arrived(left, None, Instant::now().into_std());
        self.share.give_up(borrowed);
    }
}

/// From the socket into the book, a piece at a time.
async fn read(socket: &impl Socket, line: &Line<'_>) -> Result<(), CarryError> {
    let here = |source| CarryError::Here { source };
    loop {
        let room = line.book().room();
        if room == 0 {
            line.to_read.notified().await;
            continue;
        }
        socket.readable().await.map_err(here)?;
        // Only those who have something to send take a part of what all have.
        let held = line.share.take(room.min(PIECE)).await;
        // The window may have become smaller meanwhile.
        let room = line.book().room().min(held.bytes());
        if room == 0 {
            continue;
        }
        let mut bytes = vec![0; room];
        match socket.try_read(&mut bytes) {
            Ok(0) => {
                line.book().end();
                line.to_speak.notify_one();
                return Ok(());
            }
            Ok(count) => {
                bytes.truncate(count);
                let mark = held.keep(count, Instant::now().into_std());
                line.book().read(bytes, mark);
                line.to_speak.notify_one();
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(source) => return Err(CarryError::Here { source }),
        }
    }
}

/// From the book onto the stream, until both directions have ended.
async fn speak(send: &mut SendStream, line: &Line<'_>) -> Result<(), CarryError> {
    loop {
        let due = line.book().due();
        if due.is_empty() {
            if line.book().is_over() {
                return send.finish().await.map_err(CarryError::by_sending);
            }
            line.to_speak.notified().await;
            continue;
        }
        line.to_read.notify_one();
        send.send_all(&due).await.map_err(CarryError::by_sending)?;
    }
}

/// From the stream onto the socket, until the other end has finished and all is written.
async fn hear(
    socket: &impl Socket,
    recv: &mut RecvStream,
    line: &Line<'_>,
) -> Result<(), CarryError> {
    let here = |source| CarryError::Here { source };
    // Within the window of the connection.
    let mut waiting = VecDeque::new();
    let mut finished = false;
    let mut came = Instant::now();
    while !finished || !waiting.is_empty() {
        // Of what lends nothing, or was asked, nothing is waited for.
        let idles = line.book().could_ask_back();
        tokio::select! {
            message = recv.recv(), if !finished => {
                match message.map_err(CarryError::by_receiving)? {
                    Some(message) => {
                        if matches!(message, Message::ForwardBytes(_)) {
                            came = Instant::now();
                        }
                        heard(message, &mut waiting, line)?;
                    }
                    None if line.book().may_finish() => finished = true,
                    None => return Err(CarryError::There),
                }
            }
            writable = socket.writable(), if !waiting.is_empty() => writable.map_err(here)?,
            () = sleep_until(came + IDLE), if idles => {
                line.book().ask_back();
                line.to_speak.notify_one();
            }
        }
        write(socket, &mut waiting, line).map_err(here)?;
    }
    Ok(())
}

fn heard(message: Message, waiting: &mut VecDeque<u8>, line: &Line<'_>) -> Result<(), CarryError> {
    match message {
        Message::ForwardBytes(ForwardBytes { bytes }) => {
            if bytes.len() > limits::CHUNK {
                return Err(CarryError::Breach("a piece is too large"));
            }
            line.book().came(bytes.len())?;
            line.to_speak.notify_one();
            if waiting.is_empty() {
                *waiting = bytes.into();
            } else {
                waiting.extend(bytes);
            }
        }
        Message::ForwardEnd(_) => line.book().their_end(),
        Message::ForwardTaken(taken) => {
            let told = line.book().told(taken)?;
            line.share.arrived(told.arrived, told.mark, Instant::now().into_std());
            line.to_read.notify_one();
        }
        Message::ForwardMore(_) => line.book().wants(),
        Message::ForwardWindow(window) => {
            line.book().may_send(window.bytes)?;
            line.to_speak.notify_one();
            line.to_read.notify_one();
        }
        Message::ForwardKeeps(keeps) => {
            let less = line.book().they_keep(keeps.bytes);
            line.share.give_up(less);
        }
        _ => return Err(CarryError::Breach("what is carried has no place for other messages")),
    }
    Ok(())
}

/// Writes what the socket takes now, and passes on the end behind the last byte.
fn write(socket: &impl Socket, waiting: &mut VecDeque<u8>, line: &Line<'_>) -> std::io::Result<()> {
    while !waiting.is_empty() {
        match socket.try_write(waiting.as_slices().0) {
            Ok(count) => {
                waiting.drain(..count);
                line.book().wrote(count);
                line.to_speak.notify_one();
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    if waiting.is_empty() && waiting.capacity() > limits::FORWARD_WINDOW {
        *waiting = VecDeque::new();
    }
    let more = line.share.lend(line.book().could_hold());
    if more > 0 {
        line.book().hold(more);
        line.to_speak.notify_one();
    }
    if line.book().may_shut() {
        socket.shutdown()?;
        line.book().shut();
        line.to_speak.notify_one();
    }
    Ok(())
}

impl CarryError {
    fn by_sending(error: SendError) -> Self {
        match error {
            SendError::Stopped(_) | SendError::Ended => Self::There,
            SendError::Connection(source) => Self::Lost { source },
            SendError::Encode(_) => Self::Breach("a piece has no form on the wire"),
        }
    }

    fn by_receiving(error: RecvError) -> Self {
        match error {
            RecvError::Reset(_) | RecvError::Ended | RecvError::Truncated { .. } => Self::There,
            RecvError::Connection(source) => Self::Lost { source },
            RecvError::Message(_) | RecvError::TooSlow { .. } => {
                Self::Breach("what it said does not read")
            }
        }
    }
}

#[cfg(test)]
mod tests;
