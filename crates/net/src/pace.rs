//! How many bytes that nobody waits for may be on their way: of a file that is copied, or of all that is carried
//! on a connection. Owns the window and how it follows the time that answers take; sends nothing and reads no
//! clock. What of the connection it may use at most, `bulk` says.
//!
//! Keys and frames share the path, also those of other connections, so that such bytes must not fill the queues
//! on it: they take what is left. As LEDBAT does (RFC 6817), the window grows while answers come about as fast
//! as they ever did, and shrinks when they are later than that by more than a target. It never shrinks below
//! what the path has lately carried in that time: that cannot be a longer queue, and what is late then is a
//! machine with too much to do. What the least time is may change, and a queue that always stands would
//! be taken for the path: so from time to time the window gives up as much as can stand in a queue of its own
//! for a round trip, and the time is taken anew.

use std::time::{Duration, Instant};

use crate::bulk::BULK_BYTES;

/// Bytes that may always be on their way: on a link of a megabit they take 32 ms.
pub(crate) const LEAST: u64 = 4 * 1024;
/// How much later than at best an answer may come: what a hand does not feel.
const TARGET: Duration = Duration::from_millis(20);
/// The window to begin with.
const FIRST: u64 = 2 * LEAST;
/// Up to here the window doubles at first, however long the way is.
const DOUBLES: u64 = 64 * 1024;
/// How often the least time is taken anew.
const RENEW: Duration = Duration::from_secs(10);
/// Bytes sent at a time: a sixteenth of the window within these bounds. A piece by itself is a queue on a thin
/// link, and what is more urgent does not stop it half-way.
const SMALLEST: u64 = 2 * 1024;
const LARGEST: u64 = 32 * 1024;

/// The window of somebody who sends much.
#[derive(Debug)]
pub(crate) struct Pace {
    window: u64,
    /// No more than that, beside others who send much.
    part: u64,
    /// What the transport knows, if it tells.
    transport: Option<Transport>,
    /// Bytes that were sent, and that have arrived, ever.
    sent: u64,
    arrived: u64,
    /// Those that have arrived since the last answer that told a time.
    fresh: u64,
    /// The most bytes a second that came over a round trip, in this period and the one before.
    rates: [f64; 2],
    /// The least time that an answer took.
    least: Option<Duration>,
    /// No answer was late yet.
    opening: bool,
    /// The window shrinks once for what was sent before it did.
    shrunk_at: u64,
    renewed: Option<Instant>,
    renewing: Option<Renewing>,
}

/// What the transport knows of the path by its packets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transport {
    /// Bytes that it sends before an answer. What is more waits at this end, where keys overtake it.
    pub(crate) window: u64,
    /// How much later than at best packets are answered. What waits at either end is not in it.
    pub(crate) queue: Duration,
}

/// A byte whose arrival tells a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// All that was sent up to it.
    end: u64,
    sent: Instant,
    /// What had arrived when it was sent.
    arrived: u64,
    /// Half of the window was in use then. One that nobody needs does not grow: whoever came then would find it
    /// far too large.
    full: bool,
    /// The transport had as much to send as it may.
    held: bool,
}

/// The least time is being taken.
#[derive(Clone, Copy, Debug)]
struct Renewing {
    /// Only what is sent behind this tells it.
    behind: u64,
    /// The window to go on with.
    window: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            window: FIRST,
            part: BULK_BYTES,
            transport: None,
            sent: 0,
            arrived: 0,
            fresh: 0,
            rates: [0.0; 2],
            least: None,
            opening: true,
            shrunk_at: 0,
            renewed: None,
            renewing: None,
        }
    }
}

impl Pace {
    /// Bytes that may be on their way; at least 4 KiB.
    pub(crate) fn window(&self) -> u64 {
        self.window.min(self.part).max(LEAST)
    }

    /// Bytes that are on their way: more than the window for a while after it has shrunk.
    pub(crate) const fn under_way(&self) -> u64 {
        self.sent - self.arrived
    }

    /// What the connection has for it, and what its transport knows.
    pub(crate) const fn keep_to(&mut self, part: u64, transport: Option<Transport>) {
        (self.part, self.transport) = (part, transport);
    }

    /// How many bytes are to be sent at a time.
    pub(crate) fn piece(&self) -> u64 {
        piece_of(self.window())
    }

    /// Bytes that may be sent now: a whole piece or nothing. Crumbs cost as much as pieces.
    #[cfg(test)]
    pub(crate) fn room(&self) -> usize {
        let piece = self.piece();
        let room = self.window().saturating_sub(self.under_way());
        if room < piece { 0 } else { usize::try_from(piece).unwrap_or(0) }
    }

    /// So many bytes are being sent; what it wants to have back when the last of them has come.
    pub(crate) fn sent(&mut self, bytes: usize, now: Instant) -> Mark {
        if self.under_way() == 0 && self.due(now) {
            // Nothing is known any more.
            let Self { part, transport, sent, arrived, .. } = *self;
            *self = Self { part, transport, sent, arrived, ..Self::default() };
        }
        self.sent += bytes as u64;
        self.renewed.get_or_insert(now);
        let full = self.is_full();
        let held = self.transport.is_some_and(|transport| self.under_way() > transport.window);
        Mark { end: self.sent, sent: now, arrived: self.arrived, full, held }
    }

    /// So many bytes more have arrived, or will never, and the newest that tells a time among them.
    pub(crate) fn arrived(&mut self, bytes: u64, newest: Option<Mark>, now: Instant) {
        let (bytes, full) = (bytes.min(self.under_way()), self.is_full());
        self.arrived += bytes;
        self.fresh += bytes;
        if let Some(mark) = newest {
            let took = now.saturating_duration_since(mark.sent);
            let rate = (self.arrived - mark.arrived) as f64 / took.as_secs_f64().max(1e-6);
            self.rates[0] = self.rates[0].max(rate);
            self.answered(Mark { full: mark.full || full, ..mark }, took);
        }
        self.renew(now);
    }

    fn is_full(&self) -> bool {
        2 * self.under_way() >= self.window()
    }

    fn answered(&mut self, mark: Mark, took: Duration) {
        let bytes = std::mem::take(&mut self.fresh);
        if let Some(renewing) = self.renewing {
            if mark.end > renewing.behind {
                self.least = Some(took);
                self.window = renewing.window;
                self.renewing = None;
            }
            return;
        }
        let least = self.least.map_or(took, |least| least.min(took));
        self.least = Some(least);
        // Where packets meet no queue, what is late waited at one of the ends.
        let is_queue = self.transport.is_none_or(|transport| transport.queue >= TARGET / 4);
        let late = if is_queue { took - least } else { Duration::ZERO };
        self.opening &= late < TARGET / 4;
        if late > TARGET {
            // Once for each round trip: what is under way has not seen the smaller window yet.
            if mark.end > self.shrunk_at {
                let share = TARGET.as_secs_f64() / late.as_secs_f64();
                let window = self.window() as f64 * share.clamp(0.5, 0.95);
                self.window = (window as u64).max(self.least_window().min(self.window()));
                self.shrunk_at = self.sent;
            }
        } else if mark.full && !mark.held && self.window <= self.part {
            let more = if self.opening {
                bytes as f64 * self.opens_by(least)
            } else {
                // A quarter or a sixteenth more for each window, less the nearer the target is.
                let free = 1.0 - late.as_secs_f64() / TARGET.as_secs_f64();
                let step = (self.window / 4).min(LARGEST).max(self.window / 16);
                free * step as f64 * (bytes as f64 / self.window as f64)
            };
            self.window = (self.window + more as u64).min(self.part.max(LEAST));
        }
    }

    /// How many bytes more may be sent for one that has arrived, while no answer was late. That a queue begins is
    /// known a round trip later, and what was added meanwhile is to be no longer than the target.
    fn opens_by(&self, least: Duration) -> f64 {
        if self.window < DOUBLES {
            return 1.0;
        }
        (TARGET.as_secs_f64() / least.as_secs_f64().max(1e-6)).clamp(0.125, 1.0)
    }

    /// What the path carries in the time by which an answer may be late.
    fn least_window(&self) -> u64 {
        self.carried_in(TARGET).max(LEAST)
    }

    fn carried_in(&self, time: Duration) -> u64 {
        (self.rates[0].max(self.rates[1]) * time.as_secs_f64()) as u64
    }

    /// Whether the least time has to be taken anew.
    fn due(&self, now: Instant) -> bool {
        self.renewed.is_some_and(|at| now.saturating_duration_since(at) >= RENEW)
    }

    fn renew(&mut self, now: Instant) {
        if self.renewing.is_none() && self.due(now) {
            self.renewed = Some(now);
            self.renewing = Some(Renewing { behind: self.sent, window: self.window });
            self.window = self.window.saturating_sub(self.carried_in(2 * TARGET)).max(LEAST);
            self.rates = [0.0, self.rates[0]];
        }
    }
}

fn piece_of(window: u64) -> u64 {
    (window / 16).clamp(SMALLEST, LARGEST)
}

#[cfg(test)]
mod tests;
