//! What all that is carried on one connection may have on its way together. Owns the dividing, first come
//! first served; how much it is, `pace` says.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::pace::{LEAST, MOST, Pace};
use crate::{BulkPart, SendStream};

/// One for each end of each connection.
pub struct Share {
    state: Mutex<State>,
    /// A permit for each byte. It is never closed.
    room: Semaphore,
}

struct State {
    pace: Pace,
    /// Bytes by which more is out than the limit: what comes back pays them first.
    debt: usize,
    /// More than half of the limit was out, since the last sample.
    full: bool,
    /// Connections that are carried, and what all of them together have of the window.
    carried: usize,
    part: Option<BulkPart>,
}

/// One connection is carried, as long as it is held.
pub(super) struct Entered<'a>(&'a Share);

/// Bytes that may be read and sent. What is not kept goes back.
pub(super) struct Held<'a> {
    permit: Option<SemaphorePermit<'a>>,
    share: &'a Share,
    bytes: usize,
    kept: usize,
}

impl Share {
    #[must_use]
    pub fn new() -> Arc<Self> {
        let pace = Pace::new(Instant::now());
        let room = Semaphore::new(pace.limit());
        let state = State { pace, debt: 0, full: false, carried: 0, part: None };
        Arc::new(Self { state: Mutex::new(state), room })
    }

    /// One more is carried, on this stream.
    pub(super) fn enter(&self, send: &SendStream) -> Entered<'_> {
        let mut state = self.lock();
        state.carried += 1;
        state.part.get_or_insert_with(|| send.bulk_part());
        drop(state);
        Entered(self)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Each change is whole before the lock is let go.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for room for at most so many bytes, at least one. It waits for no more than there always is, and
    /// takes what is free beyond that: so many are never free while others wait.
    pub(super) async fn take(&self, most: usize) -> Held<'_> {
        let first = most.clamp(1, LEAST);
        let mut permit = self.room.acquire_many(permits(first)).await.ok();
        let more = self.room.available_permits().min(most.saturating_sub(first));
        let mut bytes = first;
        if let (Some(permit), Ok(beyond)) = (&mut permit, self.room.try_acquire_many(permits(more)))
        {
            permit.merge(beyond);
            bytes += more;
        }
        let free = self.room.available_permits();
        let mut state = self.lock();
        state.full |= 2 * free < state.pace.limit();
        drop(state);
        Held { permit, share: self, bytes, kept: 0 }
    }

    /// Bytes that are on their way.
    #[cfg(test)]
    pub(super) fn out(&self) -> usize {
        let state = self.lock();
        state.pace.limit() + state.debt - self.room.available_permits()
    }

    /// So many bytes are no longer on their way.
    pub(super) fn give_back(&self, bytes: usize) {
        let mut state = self.lock();
        let paid = state.debt.min(bytes);
        state.debt -= paid;
        self.room.add_permits(bytes - paid);
    }

    /// Some byte took so long.
    pub(super) fn sample(&self, took: Duration, now: Instant) {
        let mut state = self.lock();
        let before = state.pace.limit();
        let full = std::mem::take(&mut state.full);
        let part = state.part.as_ref().map(|part| usize::try_from(part.bytes()).unwrap_or(MOST));
        state.pace.sample(took, full, part.unwrap_or(MOST), now);
        let limit = state.pace.limit();
        if limit >= before {
            let more = limit - before;
            let paid = state.debt.min(more);
            state.debt -= paid;
            self.room.add_permits(more - paid);
        } else {
            let less = before - limit;
            state.debt += less - self.room.forget_permits(less);
        }
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.carried -= 1;
        if state.carried == 0 {
            state.part = None;
        }
    }
}

fn permits(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

impl Held<'_> {
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// So many of them are on their way from now on; the others go back.
    pub(super) fn keep(mut self, bytes: usize) {
        self.kept = bytes.min(self.bytes);
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Some(permit) = self.permit.take() {
            permit.forget();
            self.share.give_back(self.bytes - self.kept);
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
