//! What of a connection's send window those have who send much that nobody waits for: all copies of files, and all
//! that is carried. Owns the dividing: over QUIC the size of that window while they need more of it, over TCP how
//! much of the other end's window they may have. So keys and frames find room at once however many send, there and
//! in what the transport sends before an answer. How much of its part anybody uses, and how fast, `pace` says.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::Share;
use crate::mux::Mux;
use crate::pace::{Pace, Transport};
use crate::transport::SEND_WINDOW_BYTES;

/// What stays free of them, in bytes: a quarter of the window as it is at first.
const FREE: u64 = SEND_WINDOW_BYTES / 4;
/// What they may have on its way together, in bytes, where the window stays as it is.
pub(crate) const BULK_BYTES: u64 = SEND_WINDOW_BYTES - FREE;
/// The same where it follows them: 20 MB/s over a round trip of 100 ms. What is acknowledged late is held so
/// long, so that this is memory for each connection, at either end.
pub(crate) const BULK_MOST: u64 = 2 * 1024 * 1024;
/// The window changes by so much at a time.
const STEP: u64 = 64 * 1024;

/// The senders of one end of a connection. Clones are of the same end.
#[derive(Clone)]
pub(crate) struct Bulk(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    copies: Arc<Share>,
    below: Below,
}

/// What has a window.
pub(crate) enum Below {
    /// Its window follows.
    Quic(quinn::Connection),
    /// What waits at this end can be overtaken, and the system takes little more than it may send. What counts is
    /// how much the other end lets be under way.
    Tcp(Weak<Mux>),
    /// It stays as it is.
    Fixed,
}

impl Below {
    /// What all who send much may have of it together, and what the transport knows, if it tells.
    fn most(&self) -> (u64, Option<Transport>) {
        match self {
            Self::Quic(quic) => {
                let queue = quic.rtt().saturating_sub(quic.min_rtt());
                let window = quic.stats().path.cwnd;
                (of_congestion_window(window), Some(Transport { window, queue }))
            }
            Self::Tcp(mux) => {
                let window = mux.upgrade().map_or(0, |mux| mux.their_window());
                (of_their_window(window), None)
            }
            Self::Fixed => (BULK_BYTES, None),
        }
    }
}

/// A quarter of what the transport sends before an answer is for keys.
fn of_congestion_window(window: u64) -> u64 {
    BULK_MOST.min(window / 4 * 3)
}

/// Of what the other end lets be under way half may have been read already, and not be told of.
fn of_their_window(window: u64) -> u64 {
    (window / 2).saturating_sub(FREE).clamp(BULK_BYTES, BULK_MOST)
}

#[derive(Debug, Default)]
struct State {
    senders: u64,
    /// What all of them need of the window now.
    held: u64,
    /// What was added to the window for them.
    more: u64,
}

/// The part of one of them, as long as it is held.
pub(crate) struct BulkPart {
    shared: Arc<Shared>,
    held: u64,
}

impl Bulk {
    /// For a connection over this.
    pub(crate) fn of(below: Below) -> Self {
        Self(Arc::new(Shared { state: Mutex::default(), copies: Share::new(), below }))
    }

    /// What all copies have together.
    pub(crate) fn copies(&self) -> Arc<Share> {
        Arc::clone(&self.0.copies)
    }

    pub(crate) fn part(&self) -> BulkPart {
        self.0.lock().senders += 1;
        BulkPart { shared: Arc::clone(&self.0), held: 0 }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Each change is whole before the lock is let go.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One of them needs another share of the window.
    fn hold(&self, state: &mut State, before: u64, now: u64) {
        state.held = state.held - before + now;
        let more = state.held.saturating_sub(BULK_BYTES).next_multiple_of(STEP);
        if let Below::Quic(quic) = &self.below
            && more != state.more
        {
            quic.set_send_window(SEND_WINDOW_BYTES + more);
        }
        state.more = more;
    }
}

impl BulkPart {
    /// Keeps a sender to its part, which is less when others come, and lets the window follow. To be called when
    /// something was sent or has arrived. What is beyond the part already arrives by and by.
    pub(crate) fn settle(&mut self, pace: &mut Pace) {
        let mut state = self.shared.lock();
        let (most, transport) = self.shared.below.most();
        pace.keep_to(most / state.senders.max(1), transport);
        let held = pace.window().max(pace.under_way());
        self.shared.hold(&mut state, self.held, held);
        self.held = held;
    }
}

impl Drop for BulkPart {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.senders -= 1;
        self.shared.hold(&mut state, self.held, 0);
    }
}

impl std::fmt::Debug for Bulk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Bulk").field(&*self.0.lock()).finish()
    }
}

impl std::fmt::Debug for BulkPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BulkPart").field("held", &self.held).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
