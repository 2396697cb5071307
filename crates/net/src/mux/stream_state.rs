//! One stream of a connection over one stream of bytes: what each direction holds and how it ends. Owns the
//! data; when it moves, `core` decides.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::{Notify, watch};

use super::frame::STREAM_WINDOW_BYTES;
use crate::{StreamCode, transport};

/// From so many bytes on a stream carries much, and has the window that it would have over QUIC.
const MUCH: u64 = STREAM_WINDOW_BYTES as u64 / 4;

/// Higher priorities first, then whoever waits longer.
pub(super) type Place = (Reverse<i32>, u64);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finish {
    No,
    Wanted,
    Sent,
}

#[derive(Debug)]
pub(super) struct Stream {
    pub(super) send: Option<Sending>,
    pub(super) recv: Option<Receiving>,
    /// The other end is still to be told of it.
    pub(super) announce: bool,
    /// It is among those that have something to say.
    pub(super) speaks: bool,
}

#[derive(Debug)]
pub(super) struct Sending {
    /// Handed over and not sent. All of it is within the credit.
    pub(super) queue: VecDeque<u8>,
    /// Bytes handed over, and permitted.
    pub(super) used: u64,
    pub(super) credit: u64,
    pub(super) priority: i32,
    /// Where it stands among those with something to send.
    pub(super) place: Option<Place>,
    pub(super) finish: Finish,
    /// To be told.
    pub(super) reset: Option<StreamCode>,
    pub(super) stopped: Option<StreamCode>,
    /// Reset, or finished and known to have arrived or to be read by nobody.
    pub(super) over: bool,
    pub(super) held: bool,
    pub(super) changed: Arc<Notify>,
    /// That everything arrived, or the code with which it was stopped.
    pub(super) ended: watch::Sender<Option<Option<StreamCode>>>,
}

#[derive(Debug)]
pub(super) struct Receiving {
    pub(super) buffer: VecDeque<u8>,
    received: u64,
    read: u64,
    granted: u64,
    pub(super) finished: bool,
    pub(super) reset: Option<StreamCode>,
    pub(super) stopped: bool,
    /// To be told.
    pub(super) stop_due: Option<StreamCode>,
    pub(super) arrived_due: bool,
    pub(super) credit_due: bool,
    pub(super) held: bool,
    pub(super) changed: Arc<Notify>,
}

impl Stream {
    pub(super) const fn new(send: Option<Sending>, recv: Option<Receiving>) -> Self {
        Self { send, recv, announce: false, speaks: false }
    }

    pub(super) fn wake(&self) {
        if let Some(send) = &self.send {
            send.changed.notify_waiters();
        }
        if let Some(recv) = &self.recv {
            recv.changed.notify_waiters();
        }
    }

    pub(super) fn is_over(&self) -> bool {
        let sent = self.send.as_ref().is_none_or(|send| send.over && !send.held);
        let received = self.recv.as_ref().is_none_or(|recv| recv.over() && !recv.held);
        sent && received && !self.speaks
    }
}

impl Sending {
    pub(super) fn new() -> Self {
        Self {
            queue: VecDeque::new(),
            used: 0,
            credit: STREAM_WINDOW_BYTES.into(),
            priority: 0,
            place: None,
            finish: Finish::No,
            reset: None,
            stopped: None,
            over: false,
            held: true,
            changed: Arc::default(),
            ended: watch::channel(None).0,
        }
    }
}

impl Receiving {
    pub(super) fn new() -> Self {
        Self {
            buffer: VecDeque::new(),
            received: 0,
            read: 0,
            granted: STREAM_WINDOW_BYTES.into(),
            finished: false,
            reset: None,
            stopped: false,
            stop_due: None,
            arrived_due: false,
            credit_due: false,
            held: true,
            changed: Arc::default(),
        }
    }

    /// Whether nothing more comes.
    pub(super) const fn over(&self) -> bool {
        self.finished || self.reset.is_some()
    }

    /// Counts bytes that came; whether they were permitted.
    pub(super) const fn accepts(&mut self, count: usize) -> bool {
        self.received += count as u64;
        self.received <= self.granted
    }

    pub(super) fn take(&mut self, buffer: &mut [u8]) -> usize {
        let count = buffer.len().min(self.buffer.len());
        let (front, back) = self.buffer.as_slices();
        let first = count.min(front.len());
        buffer[..first].copy_from_slice(&front[..first]);
        buffer[first..count].copy_from_slice(&back[..count - first]);
        self.buffer.drain(..count);
        self.read += count as u64;
        if self.buffer.is_empty() {
            // A stream that waits holds nothing.
            self.buffer = VecDeque::new();
        }
        count
    }

    pub(super) fn drop_buffer(&mut self) -> usize {
        std::mem::take(&mut self.buffer).len()
    }

    /// Whether so much was read since credit was last given that it is worth a word: an eighth of a large window, so
    /// that the other end never waits for it.
    pub(super) const fn needs_credit(&self) -> bool {
        let (window, part) = self.window();
        !self.over() && self.read + window >= self.granted + window / part
    }

    pub(super) const fn grant(&mut self) -> u64 {
        self.granted = self.read + self.window().0;
        self.granted
    }

    const fn window(&self) -> (u64, u64) {
        if self.received < MUCH {
            (STREAM_WINDOW_BYTES as u64, 2)
        } else {
            (transport::STREAM_WINDOW_BYTES as u64, 8)
        }
    }
}
