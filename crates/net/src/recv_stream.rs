//! The receiving half of a stream. Owns the bytes between the transport and whole messages, and the
//! checks that come before memory is taken for one.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ccc_proto::{DecodeError, FrameHeader, HEADER_BYTES, Message, Received, limits};
use quinn::{ReadError, VarInt};
use tokio::time::{Instant, timeout, timeout_at};

use crate::memory::Reader;
use crate::send_stream::{early_data, stream_code};
use crate::{CloseReason, StreamCode, mux};

/// Room made for a read when nothing is known of what comes.
const READ_BYTES: usize = 2 * 1024;

/// Room made at once for a message that was announced: more is made as bytes arrive, because an
/// announcement costs its sender nothing.
const GROW_BYTES: usize = 64 * 1024;

/// Receives messages, or raw bytes, in order.
///
/// Dropping it before the end tells the other end that nobody reads any more.
pub struct RecvStream {
    half: RecvHalf,
    /// `inbox[start..end]` has arrived and was not yet handed out. The length of the vector is
    /// room, not contents, so that a read that is given up half-way leaves nothing behind.
    inbox: Vec<u8>,
    start: usize,
    end: usize,
    /// The connection's, set by `Connection::authorize`; it decides the cap of a message.
    authorised: Arc<AtomicBool>,
    deadline: Option<Duration>,
    /// When the first byte of the message came that is not whole yet.
    begun: Option<Instant>,
    stopped: bool,
}

pub(crate) enum RecvHalf {
    Quic(quinn::RecvStream),
    Memory(Reader),
    Bytes(mux::Reader),
}

/// Why nothing more was received. After any of these the stream is of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecvError {
    /// The other end gave the stream up.
    #[error("the other end gave the stream up: {0}")]
    Reset(StreamCode),
    /// The stream was finished inside a message.
    #[error("the stream ended {have} bytes into a message")]
    Truncated { have: usize },
    /// Too large, or not what its number says.
    #[error(transparent)]
    Message(#[from] DecodeError),
    /// The peer took longer than it is given.
    #[error("the message was not whole after {} ms", .after.as_millis())]
    TooSlow { after: Duration },
    #[error(transparent)]
    Connection(#[from] CloseReason),
    /// The stream was stopped before.
    #[error("the stream was stopped here before")]
    Ended,
}

impl RecvStream {
    pub(crate) const fn new(half: RecvHalf, authorised: Arc<AtomicBool>) -> Self {
        let inbox = Vec::new();
        let (deadline, begun) = (None, None);
        Self { half, inbox, start: 0, end: 0, authorised, deadline, begun, stopped: false }
    }

    /// From now on a message must be whole so long after its first byte. Between messages a stream
    /// may be silent for ever.
    pub const fn set_message_deadline(&mut self, deadline: Option<Duration>) {
        self.deadline = deadline;
    }

    /// The next message, `None` at the end. Messages with numbers that came after this version are
    /// skipped. Dropping the future loses nothing.
    ///
    /// # Errors
    /// The stream was given up, ended inside a message, was too slow, or carries what no message
    /// is; or the connection is over.
    pub async fn recv(&mut self) -> Result<Option<Message>, RecvError> {
        loop {
            match self.recv_any().await? {
                Some(Received::Known(message)) => return Ok(Some(message)),
                Some(Received::Unknown(_)) => {}
                None => return Ok(None),
            }
        }
    }

    /// As [`RecvStream::recv`], for whoever has to answer what it does not know.
    ///
    /// # Errors
    /// As [`RecvStream::recv`].
    pub async fn recv_any(&mut self) -> Result<Option<Received>, RecvError> {
        loop {
            let arrived = &self.inbox[self.start..self.end];
            if let Some((received, used)) = Message::read(arrived, self.cap())? {
                self.start += used;
                self.begun = None;
                return Ok(Some(received));
            }
            let have = arrived.len();
            if self.stopped {
                return Err(RecvError::Ended);
            }
            self.make_room();
            if self.fill().await? == 0 {
                return if have == 0 { Ok(None) } else { Err(RecvError::Truncated { have }) };
            }
        }
    }

    /// As [`RecvStream::recv`], and the whole wait takes at most `limit`.
    ///
    /// # Errors
    /// As [`RecvStream::recv`].
    pub async fn recv_within(&mut self, limit: Duration) -> Result<Option<Message>, RecvError> {
        match timeout(limit, self.recv()).await {
            Ok(received) => received,
            Err(_elapsed) => Err(RecvError::TooSlow { after: limit }),
        }
    }

    /// Bytes that are no messages: at least one, or 0 at the end (and for an empty `buffer`).
    /// Dropping the future loses nothing.
    ///
    /// # Errors
    /// The stream was given up, or the connection is over.
    pub async fn read_raw(&mut self, buffer: &mut [u8]) -> Result<usize, RecvError> {
        let arrived = &self.inbox[self.start..self.end];
        if self.stopped {
            return Err(RecvError::Ended);
        }
        if arrived.is_empty() {
            return self.half.read(buffer).await;
        }
        let count = arrived.len().min(buffer.len());
        buffer[..count].copy_from_slice(&arrived[..count]);
        self.start += count;
        Ok(count)
    }

    /// Tells the other end to send no more, and why.
    pub fn stop(&mut self, code: StreamCode) {
        self.stopped = true;
        (self.start, self.end, self.inbox) = (0, 0, Vec::new());
        match &mut self.half {
            // An error says that the stream is over already, which is what was asked for.
            RecvHalf::Quic(stream) => drop(stream.stop(VarInt::from_u32(code.0))),
            RecvHalf::Memory(reader) => reader.stop(code),
            RecvHalf::Bytes(reader) => reader.stop(code),
        }
    }

    fn cap(&self) -> usize {
        if self.authorised.load(Ordering::Relaxed) {
            limits::BODY
        } else {
            limits::BODY_BEFORE_HELLO
        }
    }

    /// Room after `end` for the next read, taken only for bytes that may come.
    fn make_room(&mut self) {
        self.inbox.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        let missing = match self.inbox[..self.end].first_chunk::<HEADER_BYTES>() {
            Some(header) => {
                let body = FrameHeader::parse(*header).length as usize;
                (HEADER_BYTES + body).saturating_sub(self.end)
            }
            None => 0,
        };
        let room = self.end + missing.clamp(READ_BYTES, GROW_BYTES);
        if self.end == 0 && self.inbox.len() > GROW_BYTES {
            self.inbox = Vec::new();
        }
        if self.inbox.len() < room {
            self.inbox.resize(room, 0);
        }
    }

    /// Reads once, within the deadline of the message that is under way.
    async fn fill(&mut self) -> Result<usize, RecvError> {
        let buffer = &mut self.inbox[self.end..];
        let count = match (self.begun, self.deadline) {
            (Some(begun), Some(deadline)) => {
                match timeout_at(begun + deadline, self.half.read(buffer)).await {
                    Ok(read) => read?,
                    Err(_elapsed) => return Err(RecvError::TooSlow { after: deadline }),
                }
            }
            _ => self.half.read(buffer).await?,
        };
        if self.begun.is_none() && self.deadline.is_some() && count > 0 {
            self.begun = Some(Instant::now());
        }
        self.end += count;
        Ok(count)
    }
}

impl RecvHalf {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, RecvError> {
        match self {
            Self::Quic(stream) => {
                Ok(stream.read(buffer).await.map_err(RecvError::of)?.unwrap_or(0))
            }
            Self::Memory(reader) => reader.read(buffer).await,
            Self::Bytes(reader) => reader.read(buffer).await,
        }
    }
}

impl fmt::Debug for RecvStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arrived = self.end - self.start;
        f.debug_struct("RecvStream").field("arrived", &arrived).finish_non_exhaustive()
    }
}

impl RecvError {
    fn of(error: ReadError) -> Self {
        match error {
            ReadError::Reset(code) => Self::Reset(stream_code(code)),
            ReadError::ConnectionLost(error) => Self::Connection(CloseReason::of(error)),
            ReadError::ClosedStream | ReadError::IllegalOrderedRead => Self::Ended,
            ReadError::ZeroRttRejected => Self::Connection(early_data()),
        }
    }
}
