//! Hands go before floods: while somebody types in one pane, floods of the others stand back.
//!
//! This file owns who typed last and when, and how fast a flood may go meanwhile. Both cores of a
//! small machine are taken by sixteen programs that print without end, and by those who read and
//! draw what they print; a key has to wait for all of them. A program whose bytes stay in its PTY
//! waits, so the keeper is the one valve that holds back all of that at once, and loses nothing.

use std::sync::atomic::{AtomicU64, Ordering};

/// How long hands that were heard of are at work. Whoever tells of them does so once a second.
const AT_WORK_NS: u64 = 3_000_000_000;
/// Most bytes of one turn of a flood that stands back: one splice.
pub(super) const TURN: usize = 4096;
/// Time between two such turns, of whatever floods: 2 MiB a second for all together.
pub(super) const REST_NS: u64 = 2_000_000;

/// Whose hands are at work. Written by the control thread, read by a mover.
#[derive(Debug, Default)]
pub(super) struct Hands {
    /// The pane that was typed in; 0 for none, because panes count from 1.
    token: AtomicU64,
    at_ns: AtomicU64,
}

impl Hands {
    pub(super) fn typed(&self, token: u64, now_ns: u64) {
        self.at_ns.store(now_ns, Ordering::Relaxed);
        self.token.store(token, Ordering::Relaxed);
    }

    /// Whether a flood of this pane stands back now. One that was asked for by the hands themselves
    /// does not.
    pub(super) fn go_before(&self, token: u64, now_ns: u64) -> bool {
        let typed = self.token.load(Ordering::Relaxed);
        let at_work = now_ns.saturating_sub(self.at_ns.load(Ordering::Relaxed)) < AT_WORK_NS;
        typed != 0 && typed != token && at_work
    }
}

#[cfg(test)]
mod tests;
