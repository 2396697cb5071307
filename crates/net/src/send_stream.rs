//! The sending half of a stream. Owns what was handed over and not yet taken by the transport, so
//! that a message is on the stream whole or not at all.

use std::fmt;
use std::sync::Arc;

use ccc_proto::{EncodeError, Message};
use quinn::{StoppedError, VarInt, WriteError};

use crate::bulk::{Bulk, BulkPart};
use crate::memory::Writer;
use crate::{CloseReason, Share, StreamCode, mux};

/// An empty outbox that is larger is given back.
const KEEP_BYTES: usize = 64 * 1024;

/// Sends messages, or raw bytes, in order.
///
/// Dropping it without [`SendStream::finish`] resets the stream with [`StreamCode::CANCELLED`]: an
/// end that nobody declared must not look like one.
pub struct SendStream {
    half: SendHalf,
    bulk: Bulk,
    /// What was handed over: `outbox[..taken]` is with the transport, the rest waits.
    outbox: Vec<u8>,
    taken: usize,
    ended: bool,
}

pub(crate) enum SendHalf {
    Quic(quinn::SendStream),
    Memory(Writer),
    Bytes(mux::Writer),
}

/// Why something was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The other end reads no more of this stream.
    #[error("the other end reads no more of this stream: {0}")]
    Stopped(StreamCode),
    #[error(transparent)]
    Connection(#[from] CloseReason),
    /// This message has no form on the wire; nothing of it was sent.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The stream was finished or reset before.
    #[error("the stream was ended here before")]
    Ended,
}

impl SendStream {
    pub(crate) const fn new(half: SendHalf, bulk: Bulk) -> Self {
        Self { half, bulk, outbox: Vec::new(), taken: 0, ended: false }
    }

    /// What all copies that go out on the connection share.
    #[must_use]
    pub fn copies(&self) -> Arc<Share> {
        self.bulk.copies()
    }

    /// A part of what the connection has for those who send much that nobody waits for, as long as it is held.
    pub(crate) fn bulk_part(&self) -> BulkPart {
        self.bulk.part()
    }

    /// Sends a message. Returns when the transport has taken it, which is not yet its arrival.
    ///
    /// Dropping the future is safe: what was begun is completed by the next call, or by
    /// [`SendStream::flush`].
    ///
    /// # Errors
    /// The stream or the connection is over, or the message is larger than its cap.
    pub async fn send(&mut self, message: &Message) -> Result<(), SendError> {
        self.send_all(std::slice::from_ref(message)).await
    }

    /// Sends several messages in one write, all or none of them. Dropping the future is safe as in
    /// [`SendStream::send`].
    ///
    /// # Errors
    /// As [`SendStream::send`].
    pub async fn send_all(&mut self, messages: &[Message]) -> Result<(), SendError> {
        self.flush().await?;
        for message in messages {
            if let Err(error) = message.encode(&mut self.outbox) {
                self.outbox.clear();
                return Err(error.into());
            }
        }
        self.flush().await
    }

    /// Sends bytes that are no messages, on a stream on which both ends expect them. Dropping the
    /// future is safe as in [`SendStream::send`].
    ///
    /// # Errors
    /// The stream or the connection is over.
    pub async fn write_raw(&mut self, bytes: &[u8]) -> Result<(), SendError> {
        self.flush().await?;
        self.outbox.extend_from_slice(bytes);
        self.flush().await
    }

    /// Completes what an earlier call began.
    ///
    /// # Errors
    /// The stream or the connection is over.
    pub async fn flush(&mut self) -> Result<(), SendError> {
        if self.ended {
            return Err(SendError::Ended);
        }
        while self.taken < self.outbox.len() {
            let rest = &self.outbox[self.taken..];
            self.taken += match &mut self.half {
                SendHalf::Quic(stream) => stream.write(rest).await.map_err(SendError::of)?,
                SendHalf::Memory(writer) => writer.write(rest).await?,
                SendHalf::Bytes(writer) => writer.write(rest).await?,
            };
        }
        self.taken = 0;
        if self.outbox.capacity() > KEEP_BYTES {
            self.outbox = Vec::new();
        } else {
            self.outbox.clear();
        }
        Ok(())
    }

    /// Declares the end: the other end will know that it has everything. Waits only for what an
    /// earlier call left behind; [`SendStream::stopped`] tells when it arrived.
    ///
    /// # Errors
    /// The stream or the connection is over.
    pub async fn finish(&mut self) -> Result<(), SendError> {
        self.flush().await?;
        self.ended = true;
        match &mut self.half {
            SendHalf::Quic(stream) => stream.finish().map_err(|_closed| SendError::Ended),
            SendHalf::Memory(writer) => writer.finish(),
            SendHalf::Bytes(writer) => writer.finish(),
        }
    }

    /// Gives the stream up: what has not arrived is not repeated, and the other end learns `code`.
    /// After a finish it still takes back what has not arrived.
    pub fn reset(&mut self, code: StreamCode) {
        self.ended = true;
        self.outbox = Vec::new();
        match &mut self.half {
            // An error says that the stream is over already, which is what was asked for.
            SendHalf::Quic(stream) => drop(stream.reset(VarInt::from_u32(code.0))),
            SendHalf::Memory(writer) => writer.reset(code),
            SendHalf::Bytes(writer) => writer.reset(code),
        }
    }

    /// Streams with a higher number go first; 0 is where every stream starts. It orders only what
    /// has not left this end.
    pub fn set_priority(&self, priority: i32) {
        match &self.half {
            // As in `reset`: a stream that is over needs no priority.
            SendHalf::Quic(stream) => drop(stream.set_priority(priority)),
            SendHalf::Bytes(writer) => writer.set_priority(priority),
            // In memory nothing waits at this end.
            SendHalf::Memory(_) => {}
        }
    }

    /// Waits until the other end has received everything up to the finish (`None`) or reads no more
    /// (its code). The future borrows nothing, so that one can wait and send.
    ///
    /// The transport's acknowledgements come up to 25 ms after the arrival; a sender that needs to
    /// know sooner asks for a message.
    pub fn stopped(
        &self,
    ) -> impl Future<Output = Result<Option<StreamCode>, CloseReason>> + Send + use<> {
        let stopped = match &self.half {
            SendHalf::Quic(stream) => Stopped::Quic(stream.stopped()),
            SendHalf::Memory(writer) => Stopped::Memory(writer.stopped()),
            SendHalf::Bytes(writer) => Stopped::Bytes(writer.stopped()),
        };
        async move {
            match stopped {
                Stopped::Quic(stopped) => match stopped.await {
                    Ok(code) => Ok(code.map(stream_code)),
                    Err(StoppedError::ConnectionLost(error)) => Err(CloseReason::of(error)),
                    Err(StoppedError::ZeroRttRejected) => Err(early_data()),
                },
                Stopped::Memory(stopped) => stopped.await,
                Stopped::Bytes(stopped) => stopped.await,
            }
        }
    }
}

/// The same wait, by what carries the stream.
enum Stopped<Q, M, B> {
    Quic(Q),
    Memory(M),
    Bytes(B),
}

impl Drop for SendStream {
    fn drop(&mut self) {
        if !self.ended {
            self.reset(StreamCode::CANCELLED);
        }
    }
}

impl fmt::Debug for SendStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiting = self.outbox.len() - self.taken.min(self.outbox.len());
        f.debug_struct("SendStream").field("waiting", &waiting).finish_non_exhaustive()
    }
}

impl SendError {
    fn of(error: WriteError) -> Self {
        match error {
            WriteError::Stopped(code) => Self::Stopped(stream_code(code)),
            WriteError::ConnectionLost(error) => Self::Connection(CloseReason::of(error)),
            WriteError::ClosedStream => Self::Ended,
            WriteError::ZeroRttRejected => Self::Connection(early_data()),
        }
    }
}

/// A code from the wire; one that is not ours is some "other".
pub(crate) fn stream_code(code: VarInt) -> StreamCode {
    StreamCode(u32::try_from(code.into_inner()).unwrap_or(u32::MAX))
}

/// Early data is never sent, so the transport never says this.
pub(crate) fn early_data() -> CloseReason {
    CloseReason::Transport { detail: "early data was refused".into() }
}
