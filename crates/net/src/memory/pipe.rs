//! One direction of a stream in memory. Owns its bytes and how it ends.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};

use super::{End, closed};
use crate::{CloseReason, RecvError, SendError, StreamCode};

/// Bytes that wait for the reader before the writer has to: as much as QUIC's window for a stream.
const CAPACITY_BYTES: usize = 256 * 1024;

type View = watch::Receiver<Option<CloseReason>>;

#[derive(Debug)]
struct Pipe {
    state: Mutex<State>,
    /// Told at each change that either half may wait for.
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    bytes: VecDeque<u8>,
    finished: bool,
    /// The reader has seen the finish: everything arrived.
    drained: bool,
    /// Set by the writer; what was not read by then is gone.
    reset: Option<StreamCode>,
    /// Set by the reader.
    stopped: Option<StreamCode>,
}

impl Pipe {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Each change is whole before the lock is let go.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `ready` has something to say about the state, or the connection is over.
    async fn wait<T>(
        &self,
        view: &mut View,
        mut ready: impl FnMut(&mut State) -> Option<T>,
    ) -> Result<T, CloseReason> {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // From here on a change is not missed, though nobody polls yet.
            changed.as_mut().enable();
            if let Some(reason) = view.borrow().clone() {
                return Err(reason);
            }
            if let Some(done) = ready(&mut self.lock()) {
                self.changed.notify_waiters();
                return Ok(done);
            }
            tokio::select! {
                () = changed => {}
                _ = closed(view) => {}
            }
        }
    }
}

/// The writing half.
pub(crate) struct Writer {
    pipe: Arc<Pipe>,
    view: View,
    /// Keeps this end of the connection open; none while the stream waits to be accepted.
    end: Option<Arc<End>>,
}

/// The reading half.
pub(crate) struct Reader {
    pipe: Arc<Pipe>,
    view: View,
    end: Option<Arc<End>>,
}

/// A pipe whose writer is at `end`; the reader watches `other`.
pub(super) fn pipe(end: &Arc<End>, other: View) -> (Writer, Reader) {
    let pipe = Arc::new(Pipe { state: Mutex::default(), changed: Notify::new() });
    let writer =
        Writer { pipe: Arc::clone(&pipe), view: end.closed.clone(), end: Some(Arc::clone(end)) };
    (writer, Reader { pipe, view: other, end: None })
}

/// A pipe whose reader is at `end`; the writer watches `other`.
pub(super) fn pipe_back(end: &Arc<End>, other: View) -> (Writer, Reader) {
    let pipe = Arc::new(Pipe { state: Mutex::default(), changed: Notify::new() });
    let reader =
        Reader { pipe: Arc::clone(&pipe), view: end.closed.clone(), end: Some(Arc::clone(end)) };
    (Writer { pipe, view: other, end: None }, reader)
}

impl Writer {
    pub(super) fn keep(&mut self, end: &Arc<End>) {
        self.end = Some(Arc::clone(end));
    }

    /// Writes a part of `bytes` and tells how much.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<usize, SendError> {
        let written = self.pipe.wait(&mut self.view, |state| {
            if let Some(code) = state.stopped {
                return Some(Err(SendError::Stopped(code)));
            }
            let count = bytes.len().min(CAPACITY_BYTES - state.bytes.len());
            if count == 0 && !bytes.is_empty() {
                return None;
            }
            state.bytes.extend(&bytes[..count]);
            Some(Ok(count))
        });
        written.await?
    }

    pub(crate) fn finish(&mut self) -> Result<(), SendError> {
        if let Some(reason) = self.view.borrow().clone() {
            return Err(reason.into());
        }
        let mut state = self.pipe.lock();
        if let Some(code) = state.stopped {
            return Err(SendError::Stopped(code));
        }
        state.finished = true;
        self.pipe.changed.notify_waiters();
        Ok(())
    }

    pub(crate) fn reset(&mut self, code: StreamCode) {
        let mut state = self.pipe.lock();
        if !state.drained && state.reset.is_none() {
            state.reset = Some(code);
            state.bytes = VecDeque::new();
            self.pipe.changed.notify_waiters();
        }
    }

    pub(crate) fn stopped(
        &self,
    ) -> impl Future<Output = Result<Option<StreamCode>, CloseReason>> + Send + use<> {
        let (pipe, mut view) = (Arc::clone(&self.pipe), self.view.clone());
        async move {
            let ended = pipe.wait(&mut view, |state| match state.stopped {
                Some(code) => Some(Some(code)),
                None => (state.drained || state.reset.is_some()).then_some(None),
            });
            ended.await
        }
    }
}

impl Reader {
    pub(super) fn keep(&mut self, end: &Arc<End>) {
        self.end = Some(Arc::clone(end));
    }

    /// Reads some bytes; 0 at the end.
    pub(crate) async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, RecvError> {
        let read = self.pipe.wait(&mut self.view, |state| {
            if state.stopped.is_some() {
                return Some(Err(RecvError::Ended));
            }
            if let Some(code) = state.reset {
                return Some(Err(RecvError::Reset(code)));
            }
            if state.bytes.is_empty() && state.finished {
                state.drained = true;
                return Some(Ok(0));
            }
            let count = buffer.len().min(state.bytes.len());
            if count == 0 && !buffer.is_empty() {
                return None;
            }
            for (place, byte) in buffer.iter_mut().zip(state.bytes.drain(..count)) {
                *place = byte;
            }
            Some(Ok(count))
        });
        read.await?
    }

    pub(crate) fn stop(&mut self, code: StreamCode) {
        let mut state = self.pipe.lock();
        if !state.drained && state.reset.is_none() && state.stopped.is_none() {
            state.stopped = Some(code);
            state.bytes = VecDeque::new();
            self.pipe.changed.notify_waiters();
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.stop(StreamCode::CANCELLED);
    }
}
