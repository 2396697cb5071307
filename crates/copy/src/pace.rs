//! How many bytes of a copy may be under way. Owns the window and how it follows the time that the other end
//! takes to answer; sends nothing and reads no clock.
//!
//! Keys and frames share the path, also those of other connections, so a copy must not fill the queues
//! on it: it takes what is left. As LEDBAT does (RFC 6817), the window grows while answers come about as fast
//! as they ever did, and shrinks when they are later than that by more than [`TARGET`]. It never shrinks below
//! what the path has lately carried in [`TARGET`]: that cannot be a longer queue, and what is late then is a
//! machine with too much to do. What the least time is may change, and a queue that always stands would
//! be taken for the path: so from time to time the window falls to its least for a round trip, and the
//! time is taken anew.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use ccc_net::BULK_BYTES;

/// The least window: a few packets, which also a thin link carries in a moment.
pub(crate) const LEAST: u64 = 16 * 1024;
/// The greatest: all that a connection has for those who send much, if nobody else does.
pub(crate) const MOST: u64 = BULK_BYTES;
/// How much later than at best an answer may come. A person does not notice it.
pub(crate) const TARGET: Duration = Duration::from_millis(25);
/// How often the least time is taken anew.
const RENEW: Duration = Duration::from_secs(10);
/// Bytes sent at a time: a quarter of the window within these bounds. A piece by itself is a queue on a thin
/// link, and what is more urgent does not stop it half-way.
const SMALLEST: u64 = 4 * 1024;
const LARGEST: u64 = 32 * 1024;

/// The window of one copy.
#[derive(Debug)]
pub struct Pace {
    window: u64,
    sent: u64,
    taken: u64,
    under_way: VecDeque<Piece>,
    /// The most bytes a second that came over a round trip, in this period and the one before.
    rates: [f64; 2],
    /// The least time that an answer took.
    least: Option<Duration>,
    /// No answer was late yet, so that the window doubles with each round trip.
    opening: bool,
    /// The window shrinks once for what was sent before it did.
    shrunk_at: u64,
    renewed: Option<Instant>,
    renewing: Option<Renewing>,
}

/// A piece under way.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// One past its last byte.
    end: u64,
    sent: Instant,
    /// How far the other end had written when it was sent.
    behind: u64,
}

/// The least time is being taken.
#[derive(Clone, Copy, Debug)]
struct Renewing {
    /// Only what is sent behind this tells it.
    behind: u64,
    /// The window to go on with.
    window: u64,
}

impl Pace {
    /// For a copy that begins at this offset.
    #[must_use]
    pub const fn new(offset: u64) -> Self {
        Self {
            window: 2 * LEAST,
            sent: offset,
            taken: offset,
            under_way: VecDeque::new(),
            rates: [0.0; 2],
            least: None,
            opening: true,
            shrunk_at: offset,
            renewed: None,
            renewing: None,
        }
    }

    /// Bytes that may be sent now, at most one piece, where this copy's part is so large.
    #[must_use]
    pub fn room(&self, part: u64) -> usize {
        let under_way = self.sent - self.taken;
        // While the least time is taken, the queue of before has to drain first.
        let drains = self.renewing.is_some_and(|renewing| self.taken < renewing.behind);
        let window = self.window.min(part);
        let room = if drains { 0 } else { window.saturating_sub(under_way) };
        // Not in crumbs, which cost as much as whole pieces.
        let piece = piece_of(window);
        if room < piece { 0 } else { usize::try_from(piece).unwrap_or(0) }
    }

    /// So many bytes are being sent.
    pub fn sent(&mut self, bytes: usize, now: Instant) {
        self.sent += bytes as u64;
        self.under_way.push_back(Piece { end: self.sent, sent: now, behind: self.taken });
        self.renewed.get_or_insert(now);
    }

    /// The other end has written everything up to here; what was never sent it cannot have.
    pub fn taken(&mut self, offset: u64, now: Instant) {
        let offset = offset.min(self.sent);
        if offset <= self.taken {
            return;
        }
        let bytes = offset - self.taken;
        self.taken = offset;
        let mut newest = None;
        while let Some(piece) = self.under_way.pop_front_if(|piece| piece.end <= offset) {
            newest = Some(piece);
        }
        if let Some(Piece { end, sent, behind }) = newest {
            let took = now.saturating_duration_since(sent);
            let rate = (offset - behind) as f64 / took.as_secs_f64().max(1e-6);
            self.rates[0] = self.rates[0].max(rate);
            self.answered(end, took, bytes);
        }
        self.renew(now);
    }

    /// How far the other end has written.
    #[must_use]
    pub const fn behind(&self) -> u64 {
        self.taken
    }

    fn answered(&mut self, end: u64, took: Duration, bytes: u64) {
        if let Some(renewing) = self.renewing {
            if end > renewing.behind {
                self.least = Some(took);
                self.window = renewing.window;
                self.renewing = None;
            }
            return;
        }
        let least = self.least.map_or(took, |least| least.min(took));
        self.least = Some(least);
        let late = took - least;
        if late > TARGET {
            self.opening = false;
            // Once for each round trip: what is under way has not seen the smaller window yet.
            if end > self.shrunk_at {
                let share = TARGET.as_secs_f64() / late.as_secs_f64();
                let window = self.window as f64 * share.clamp(0.5, 0.95);
                self.window = (window as u64).max(self.least_window());
                self.shrunk_at = self.sent;
            }
        } else if self.opening {
            self.window = (self.window + bytes).min(MOST);
        } else {
            // One piece more for each window, less the nearer the target is.
            let free = 1.0 - late.as_secs_f64() / TARGET.as_secs_f64();
            let more = free * (piece_of(self.window) * bytes) as f64 / self.window as f64;
            self.window = (self.window + more as u64).min(MOST);
        }
    }

    /// What the path carries in the time by which an answer may be late.
    fn least_window(&self) -> u64 {
        let rate = self.rates[0].max(self.rates[1]);
        ((rate * TARGET.as_secs_f64()) as u64).clamp(LEAST, MOST)
    }

    fn renew(&mut self, now: Instant) {
        let due = |at: Instant| now.saturating_duration_since(at) >= RENEW;
        if self.renewing.is_none() && self.renewed.is_some_and(due) {
            self.renewed = Some(now);
            self.renewing = Some(Renewing { behind: self.sent, window: self.window });
            self.rates = [0.0, self.rates[0]];
            self.window = LEAST;
        }
    }
}

fn piece_of(window: u64) -> u64 {
    (window / 4).clamp(SMALLEST, LARGEST)
}

#[cfg(test)]
mod tests;
