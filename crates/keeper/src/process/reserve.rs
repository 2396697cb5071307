//! Descriptors held back, so that there are some when there are none.
//!
//! Their numbers are low, because they were opened first. Starting a program needs a few numbers
//! below the *program's* limit, which may be far below what the keeper has open; and a connection
//! can only be turned away by accepting it.

use std::os::fd::OwnedFd;

use rustix::fs::{Mode, OFlags};

use crate::system;

/// How many are held. A start needs six: three standard streams, two ends of a pipe and a directory;
/// a mover may take one for a new journal file in the same moment.
const HELD: usize = 24;
/// Descriptors of one pane: the five of its set, journal and events.
const PER_PANE: usize = 7;
/// What the keeper has open besides panes, connections and parked descriptors, generously.
const OWN: usize = 64;

#[derive(Debug, Default)]
pub(super) struct Reserve {
    held: Vec<OwnedFd>,
}

impl Reserve {
    pub(super) fn new() -> Self {
        let mut reserve = Self::default();
        reserve.refill();
        reserve
    }

    /// Gives all of them free for as long as `need` runs.
    pub(super) fn lend<T>(&mut self, need: impl FnOnce() -> T) -> T {
        self.held.clear();
        let result = need();
        self.refill();
        result
    }

    fn refill(&mut self) {
        while self.held.len() < HELD {
            let flags = OFlags::RDONLY | OFlags::CLOEXEC;
            // The lowest free number is taken each time. Fewer than wanted is better than none.
            let Ok(fd) = rustix::fs::open("/dev/null", flags, Mode::empty()) else { return };
            self.held.push(fd);
        }
    }
}

/// Whether another pane can be had without endangering the ones there are.
pub(super) fn has_room(panes: usize, others: usize) -> bool {
    let needed = (panes + 1) * PER_PANE + others + OWN;
    let limit = system::nofile().current.unwrap_or(u64::MAX);
    u64::try_from(needed).is_ok_and(|needed| needed <= limit)
}
