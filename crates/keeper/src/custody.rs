//! A custody set: the five descriptors that keep a pane alive, and what must be known to use them.
//!
//! Keeper, spare and server each hold one per pane, so that any of them may die. Descriptors are
//! shared inside a process and closed with the last holder.

use std::os::fd::OwnedFd;
use std::sync::Arc;

use ccc_journal::{ExitStatus, PaneUlid};

/// The descriptors of one pane, in the order in which they travel.
#[derive(Clone, Debug)]
pub struct PaneFds {
    /// The PTY's master side. Non-blocking, and shared with every other custodian, so nobody may
    /// clear that flag. Only the keeper takes bytes out of it.
    pub master: Arc<OwnedFd>,
    /// The pipe that bytes cross on their way to the journal. What a dead keeper left inside is
    /// older than anything still in the PTY.
    pub pipe_read: Arc<OwnedFd>,
    pub pipe_write: Arc<OwnedFd>,
    /// The child that was started in the pane.
    pub pidfd: Arc<OwnedFd>,
    /// Bumped by the keeper whenever journal or events grew; the server waits on it.
    pub eventfd: Arc<OwnedFd>,
}

impl PaneFds {
    /// How many descriptors a set has.
    pub const COUNT: usize = 5;

    pub(crate) fn to_array(&self) -> [Arc<OwnedFd>; Self::COUNT] {
        [&self.master, &self.pipe_read, &self.pipe_write, &self.pidfd, &self.eventfd]
            .map(Arc::clone)
    }

    pub(crate) fn from_array(fds: [Arc<OwnedFd>; Self::COUNT]) -> Self {
        let [master, pipe_read, pipe_write, pidfd, eventfd] = fds;
        Self { master, pipe_read, pipe_write, pidfd, eventfd }
    }
}

/// What the server decides about a pane's journal when it opens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Bytes of journal that may lie on disk untrimmed. Beyond it the keeper moves no more bytes,
    /// so that the program waits, until the server says what it has trimmed.
    pub hard_cap: u64,
    /// Length at which one journal file is closed and the next begun.
    pub rotate_bytes: u64,
}

/// One pane in custody.
#[derive(Clone, Debug)]
pub struct CustodySet {
    pub ulid: PaneUlid,
    pub terms: Terms,
    /// Process id of the child, for showing. Only the pidfd is safe to act on.
    pub pid: u32,
    /// How the child ended, once the keeper has written it into `events`.
    pub exit: Option<ExitStatus>,
    pub fds: PaneFds,
}
