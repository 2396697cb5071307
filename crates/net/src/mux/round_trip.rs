//! How long the other end takes to answer, and whether it is there at all. Owns the pings of a connection over
//! one stream of bytes.

use std::time::Duration;

use tokio::time::Instant;

use crate::transport::FIRST_RTT;
use crate::{CloseReason, IDLE_TIMEOUT, KEEP_ALIVE, PathEstimate};

/// Time between two pings of an end that has something to send. One without has nothing to learn.
const EVERY: Duration = Duration::from_secs(1);

/// How long a client waits for any byte at all behind a ping before it looks for another way.
const PATIENCE: Duration = Duration::from_secs(10);

/// Bytes that are believed to be on their way at once. The system's own congestion control is behind it and
/// does not tell; with more, a frame that could be replaced would wait in its queue.
const ON_THE_WAY: u64 = 64 * 1024;

#[derive(Debug)]
pub(super) struct RoundTrip {
    begun: Instant,
    heard: Instant,
    /// How often something was heard.
    times_heard: u64,
    /// Stamp and moment of the ping that was not answered.
    out: Option<(u64, Instant)>,
    last: Option<Instant>,
    /// A ping is wanted, since then.
    asked: Option<Instant>,
    smoothed: Option<Duration>,
    variation: Duration,
}

impl RoundTrip {
    pub(super) const fn new(now: Instant) -> Self {
        Self {
            begun: now,
            heard: now,
            times_heard: 0,
            out: None,
            last: None,
            asked: Some(now),
            smoothed: None,
            variation: Duration::ZERO,
        }
    }

    /// Bytes came, of whatever.
    pub(super) const fn heard(&mut self, now: Instant) {
        self.heard = now;
        self.times_heard += 1;
    }

    /// How often bytes came so far.
    pub(super) const fn times_heard(&self) -> u64 {
        self.times_heard
    }

    /// The stamp of a ping that is to be sent now, if one is.
    pub(super) fn ping(&mut self, sends: bool, now: Instant) -> Option<u64> {
        let due = self.last.is_none_or(|last| now.duration_since(last) >= EVERY);
        if self.out.is_some() || !(self.asked.take().is_some() || sends && due) {
            return None;
        }
        let stamp = u64::try_from(now.duration_since(self.begun).as_micros()).unwrap_or(u64::MAX);
        self.out = Some((stamp, now));
        self.last = Some(now);
        Some(stamp)
    }

    /// RFC 6298, 2.
    pub(super) fn answered(&mut self, stamp: u64, now: Instant) {
        let Some((_, at)) = self.out.take_if(|(out, _)| *out == stamp) else { return };
        let sample = now.duration_since(at);
        match self.smoothed {
            Some(smoothed) => {
                self.variation = (3 * self.variation + smoothed.abs_diff(sample)) / 4;
                self.smoothed = Some((7 * smoothed + sample) / 8);
            }
            None => (self.smoothed, self.variation) = (Some(sample), sample / 2),
        }
    }

    /// When the silence is to be looked at next.
    pub(super) fn look(&self, is_client: bool) -> Instant {
        match self.out.map(|(_, at)| at).or(self.asked) {
            Some(at) if is_client => at.max(self.heard) + PATIENCE,
            None if is_client => self.heard + KEEP_ALIVE,
            _ => self.heard + IDLE_TIMEOUT,
        }
    }

    /// It is that moment: why the connection is over, or a ping is wanted.
    pub(super) fn looked(&mut self, is_client: bool, now: Instant) -> Option<CloseReason> {
        if !is_client {
            return Some(CloseReason::Silent);
        }
        if self.out.is_some() || self.asked.is_some() {
            let detail = format!("nothing heard for {} seconds", PATIENCE.as_secs());
            return Some(CloseReason::Transport { detail });
        }
        self.asked = Some(now);
        None
    }

    pub(super) fn path(&self) -> PathEstimate {
        let rtt = self.smoothed.unwrap_or(FIRST_RTT);
        let variation = if self.smoothed.is_some() { self.variation } else { FIRST_RTT / 2 };
        PathEstimate { rtt, variation, congestion_window: ON_THE_WAY, lost_packets: 0 }
    }
}
