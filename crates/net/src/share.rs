//! What all copies on one connection, or all that is carried on it, may have on its way together, and what this end
//! may hold for those carried whose windows grow. Owns the dividing, first come first served; how much is on its
//! way, [`Pace`] says.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use ccc_proto::limits;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::bulk::BulkPart;
use crate::pace::LEAST;
use crate::pace::Pace;
use crate::{Mark, SendStream};

/// As many as a server works on for one client.
const TURNS: usize = 4;
/// Less is not lent: it is of no use to anybody.
const LEAST_LENT: usize = 64 * 1024;

/// Two for each end of each connection. What one of them learns of the path is there for the next.
pub struct Share {
    state: Mutex<State>,
    /// A permit for each byte. It is never closed.
    room: Semaphore,
    turns: Semaphore,
}

struct State {
    pace: Pace,
    /// Its window, as far as permits were made of it.
    limit: usize,
    /// Bytes by which more is out than the limit: what comes back pays them first.
    debt: usize,
    /// Copies, or connections that are carried, and what all of them together have of the window.
    entered: usize,
    part: Option<BulkPart>,
    /// By how much windows may still grow.
    spare: usize,
}

/// One of them, as long as it is held.
#[derive(Debug)]
pub struct Entered(Arc<Share>);

/// One of the few that send part by part.
#[derive(Debug)]
pub struct Turn<'a>(#[expect(dead_code, reason = "it is held")] Option<SemaphorePermit<'a>>);

/// Bytes that may be sent. What is not kept goes back.
#[derive(Debug)]
pub struct Held<'a> {
    permit: Option<SemaphorePermit<'a>>,
    share: &'a Share,
    bytes: usize,
}

impl Share {
    #[must_use]
    pub fn new() -> Arc<Self> {
        let pace = Pace::default();
        let limit = usize_of(pace.window());
        let room = Semaphore::new(limit);
        let state =
            State { pace, limit, debt: 0, entered: 0, part: None, spare: limits::FORWARD_SPARE };
        Arc::new(Self { state: Mutex::new(state), room, turns: Semaphore::new(TURNS) })
    }

    /// One more sends, on this stream.
    #[must_use]
    pub fn enter(self: &Arc<Self>, send: &SendStream) -> Entered {
        let mut state = self.lock();
        state.entered += 1;
        state.part.get_or_insert_with(|| send.bulk_part());
        self.settle(&mut state);
        drop(state);
        Entered(Arc::clone(self))
    }

    /// Lends so much, or less, or nothing: half of what is left at most, so that something is for whoever comes.
    pub(crate) fn lend(&self, most: usize) -> usize {
        if most < LEAST_LENT {
            return 0;
        }
        let mut state = self.lock();
        let lent = most.min(state.spare / 2);
        if lent < LEAST_LENT {
            return 0;
        }
        state.spare -= lent;
        lent
    }

    /// By how much windows may still grow.
    #[cfg(test)]
    pub(crate) fn spare(&self) -> usize {
        self.lock().spare
    }

    /// So much is lent no longer.
    pub(crate) fn give_up(&self, lent: usize) {
        self.lock().spare += lent;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Each change is whole before the lock is let go.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for room for at most so many bytes, and no more than are to be sent at a time; at least one. It
    /// waits for no more than there always is, and takes what is free beyond that: so many are never free while
    /// others wait.
    pub async fn take(&self, most: usize) -> Held<'_> {
        let most = most.min(usize_of(self.lock().pace.piece()));
        self.acquire(most.clamp(1, usize_of(LEAST)), most).await
    }

    /// Waits for the first so many, and takes what else is free, up to that many in all.
    async fn acquire(&self, first: usize, most: usize) -> Held<'_> {
        let mut permit = self.room.acquire_many(permits(first)).await.ok();
        let more = self.room.available_permits().min(most.saturating_sub(first));
        let mut bytes = first;
        if let (Some(permit), Ok(beyond)) = (&mut permit, self.room.try_acquire_many(permits(more)))
        {
            permit.merge(beyond);
            bytes += more;
        }
        Held { permit, share: self, bytes }
    }

    /// Waits until something may be sent, and has room for all of these bytes then, though they be more: those who
    /// come later wait for as much longer. For little things whose every byte has to go once the first has.
    pub async fn take_whole(&self, bytes: usize) -> Held<'_> {
        let first = bytes.clamp(1, usize_of(LEAST));
        let mut held = self.acquire(first, bytes).await;
        let owed = bytes.saturating_sub(held.bytes);
        self.lock().debt += owed;
        held.bytes += owed;
        held
    }

    /// Waits until fewer than four others have one, which the receiving end works on side by side. For whoever sends
    /// a part and goes on as that is taken: of more of them, those which it does not work on could have all the room.
    pub async fn turn(&self) -> Turn<'_> {
        Turn(self.turns.acquire().await.ok())
    }

    /// Bytes that are on their way.
    #[cfg(test)]
    pub(crate) fn out(&self) -> usize {
        let state = self.lock();
        state.limit + state.debt - self.room.available_permits()
    }

    /// So many bytes are no longer on their way, and one of them may tell how long it took.
    pub fn arrived(&self, bytes: usize, mark: Option<Mark>, now: Instant) {
        let mut state = self.lock();
        state.pace.arrived(bytes as u64, mark, now);
        self.give_back(&mut state, bytes);
        self.settle(&mut state);
    }

    /// Makes the limit what the window has become.
    fn settle(&self, state: &mut State) {
        let State { pace, part, .. } = state;
        if let Some(part) = part {
            part.settle(pace);
        }
        let (before, limit) = (state.limit, usize_of(state.pace.window()));
        state.limit = limit;
        if limit >= before {
            self.give_back(state, limit - before);
        } else {
            let less = before - limit;
            state.debt += less - self.room.forget_permits(less);
        }
    }

    fn give_back(&self, state: &mut State, bytes: usize) {
        let paid = state.debt.min(bytes);
        state.debt -= paid;
        self.room.add_permits(bytes - paid);
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.entered -= 1;
        if state.entered == 0 {
            state.part = None;
        }
    }
}

fn usize_of(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

fn permits(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

impl Held<'_> {
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// So many of them are on their way from now on; the others go back.
    pub fn keep(mut self, bytes: usize, now: Instant) -> Mark {
        let kept = bytes.min(self.bytes);
        self.bytes -= kept;
        let mut state = self.share.lock();
        let mark = state.pace.sent(kept, now);
        self.share.settle(&mut state);
        mark
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Some(permit) = self.permit.take() {
            permit.forget();
            self.share.give_back(&mut self.share.lock(), self.bytes);
        }
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Share")
            .field("room", &self.room.available_permits())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
