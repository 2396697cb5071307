//! How much a pane prints, and what follows for when it is folded. Owns what a flood is and what is calm.

use std::time::Duration;

use tokio::time::Instant;

/// Over this time, so many bytes make a flood: hands and redraws of a screen stay far below.
pub(super) const GAUGE: Duration = Duration::from_millis(20);
const FLOOD_BYTES: u64 = 64 * 1024;
/// A pane of the pool that prints less than this in a second is quiet.
pub(super) const CALM: Duration = Duration::from_secs(1);
const CALM_BYTES: u64 = 64 * 1024;
/// Time between two turns of panes that stand back for hands: 8 MiB a second for all together, four times
/// what the keeper then moves for them.
pub(super) const REST: Duration = Duration::from_millis(2);
/// How long a flood that is folded to its end is left to grow before it is looked at again. Each look
/// costs the same however much there is, and nobody reads faster than this.
pub(super) const BREATH: Duration = Duration::from_millis(2);

/// How much was printed since a moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    since: Instant,
    bytes: u64,
}

impl Window {
    pub(super) fn new() -> Self {
        Self { since: Instant::now(), bytes: 0 }
    }

    /// Counts bytes in a window that begins anew when it is as long as this.
    pub(super) fn count(&mut self, bytes: u64, length: Duration) {
        if self.since.elapsed() > length {
            *self = Self::new();
        }
        self.bytes += bytes;
    }

    pub(super) fn is_flood(&self) -> bool {
        self.bytes > FLOOD_BYTES && self.since.elapsed() <= GAUGE
    }

    /// Whether a second has passed with little in it; begins the next one when it has passed.
    pub(super) fn was_calm(&mut self) -> bool {
        if self.since.elapsed() < CALM {
            return false;
        }
        std::mem::replace(self, Self::new()).bytes < CALM_BYTES
    }
}
