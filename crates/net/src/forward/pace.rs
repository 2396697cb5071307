//! How much may be on its way at once, by how long it takes. Owns the rule, and knows no clock.
//!
//! Carried bytes are for nobody's eyes, and may fill a link that somebody types on, in this connection or in
//! another one. So they keep the queue in front of the narrowest place short, as LEDBAT (RFC 6817) does:
//! what they take longer than the least is how long that queue is, and so how long a key would wait in it.

use std::time::Duration;

use tokio::time::Instant;

/// Bytes that may always be on their way: on a link of a megabit they take 32 ms.
pub(super) const LEAST: usize = 4 * 1024;
/// The most: half of what the transport holds, so that keys and frames find room there at once
/// ([`crate::SEND_WINDOW_BYTES`]).
pub(super) const MOST: usize = 128 * 1024;
/// How long the queue may be: what a hand does not feel.
const QUEUE: Duration = Duration::from_millis(20);
/// The least time is found anew so often, with the queue drained: the path may have become another one.
const RENEW: Duration = Duration::from_secs(10);

const _: () = assert!(2 * MOST as u64 <= crate::SEND_WINDOW_BYTES);

#[derive(Debug)]
pub(super) struct Pace {
    limit: usize,
    /// What a byte takes at least, there and the answer back.
    least: Option<Duration>,
    /// Since then it is looked for.
    since: Instant,
    changed: Instant,
    /// Nothing has told yet that the limit is too high.
    doubles: bool,
}

impl Pace {
    pub(super) fn new(now: Instant) -> Self {
        Self { limit: LEAST, least: None, since: now, changed: now, doubles: true }
    }

    /// Bytes that may be on their way.
    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// Some byte took so long; `full` tells that the limit was what held others back. A limit that nobody
    /// needs does not rise: whoever came then would find it far too high.
    /// No more than `most` may be, beside others who send much.
    pub(super) fn sample(&mut self, took: Duration, full: bool, most: usize, now: Instant) {
        if now.saturating_duration_since(self.since) > RENEW {
            *self = Self::new(now);
            return;
        }
        let least = self.least.map_or(took, |least| least.min(took));
        self.least = Some(least);
        // What was changed shows a round trip later.
        if now.saturating_duration_since(self.changed) < least {
            return;
        }
        let most = most.clamp(LEAST, MOST);
        let queue = took - least;
        self.doubles &= queue < QUEUE / 4;
        let limit = if queue > QUEUE {
            self.limit - self.limit / 4
        } else if self.limit > most {
            most
        } else if !full || queue > QUEUE / 2 {
            return;
        } else if self.doubles {
            2 * self.limit
        } else {
            self.limit + self.limit / 4
        };
        self.changed = now;
        self.limit = limit.clamp(LEAST, most);
    }
}

#[cfg(test)]
mod tests;
