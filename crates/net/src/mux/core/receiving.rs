//! The direction towards this end: what came, what was read of it, and how it ends. Owns no state of its own; it
//! is the core's and the stream's.

use super::Core;
use crate::mux::frame::{Breach, WINDOW_BYTES};
use crate::{CloseReason, RecvError, StreamCode};

impl Core {
    /// Reads some bytes; 0 at the end, `None` while there are none.
    pub(in crate::mux) fn read(
        &mut self,
        id: u32,
        buffer: &mut [u8],
    ) -> Option<Result<usize, RecvError>> {
        let over = self.over();
        if over == Some(CloseReason::Local) {
            return Some(Err(CloseReason::Local.into()));
        }
        let Some(recv) = self.streams.get_mut(&id).and_then(|stream| stream.recv.as_mut()) else {
            return Some(Err(RecvError::Ended));
        };
        if recv.stopped {
            return Some(Err(RecvError::Ended));
        }
        if let Some(code) = recv.reset {
            return Some(Err(RecvError::Reset(code)));
        }
        let count = recv.take(buffer);
        if count > 0 || buffer.is_empty() {
            if recv.needs_credit() {
                recv.credit_due = true;
                self.speak_of(id);
            }
            self.done_with(count);
            return Some(Ok(count));
        }
        if recv.finished {
            return Some(Ok(0));
        }
        over.map(|reason| Err(reason.into()))
    }

    /// Nobody reads a stream any more.
    pub(in crate::mux) fn stop(&mut self, id: u32, code: StreamCode) {
        let Some(recv) = self.streams.get_mut(&id).and_then(|stream| stream.recv.as_mut()) else {
            return;
        };
        let left = recv.drop_buffer();
        if !recv.stopped {
            recv.stopped = true;
            if !recv.over() {
                recv.stop_due = Some(code);
                self.speak_of(id);
            }
        }
        self.done_with(left);
    }

    pub(super) fn data(&mut self, id: u32, bytes: &[u8]) -> Result<(), Breach> {
        self.received += bytes.len() as u64;
        if self.received > self.granted {
            return Err(Breach("more was sent than the connection's credit"));
        }
        let Some(stream) = self.streams.get_mut(&id) else {
            self.was_there(id)?;
            self.done_with(bytes.len());
            return Ok(());
        };
        let Some(recv) = &mut stream.recv else {
            return Err(Breach("data came on a stream of the other direction"));
        };
        if recv.over() {
            return Err(Breach("data came behind the end of a stream"));
        }
        if !recv.accepts(bytes.len()) {
            return Err(Breach("more was sent than a stream's credit"));
        }
        if recv.stopped {
            self.done_with(bytes.len());
        } else {
            recv.buffer.extend(bytes);
            recv.changed.notify_waiters();
        }
        Ok(())
    }

    /// Their direction of a stream is finished, or reset.
    pub(super) fn their_end(&mut self, id: u32, reset: Option<StreamCode>) -> Result<(), Breach> {
        let Some(stream) = self.streams.get_mut(&id) else { return self.was_there(id) };
        let Some(recv) = &mut stream.recv else {
            return Err(Breach("the end came of a direction that the stream has not"));
        };
        if recv.over() {
            // A reset behind a finish: everything is here.
            return Ok(());
        }
        let mut left = 0;
        match reset {
            Some(code) => {
                recv.reset = Some(code);
                left = recv.drop_buffer();
            }
            None => {
                recv.finished = true;
                // A stop that was not said yet need not be any more.
                recv.arrived_due = recv.stop_due.take().is_some() || !recv.stopped;
            }
        }
        recv.changed.notify_waiters();
        self.done_with(left);
        self.speak_of(id);
        self.forget_if_over(id);
        Ok(())
    }

    /// So many bytes need to be held no more: the other end gets credit for them, not for each single one.
    fn done_with(&mut self, count: usize) {
        self.read += count as u64;
        let worth_a_word = (self.window / 2).min(u64::from(WINDOW_BYTES) / 2);
        if self.read + self.window >= self.granted + worth_a_word {
            self.granted = self.read + self.window;
            self.grant = true;
            self.to_send.notify_one();
        }
    }
}
