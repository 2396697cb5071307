//! What of a file is under way: which bytes the other end has not said to have written. Owns the places in the
//! file; how much it may be beside other copies, [`Share`] says.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use ccc_net::{Entered, Held, Mark, SendStream, Share};

/// The bytes of one copy that are under way.
#[derive(Debug)]
pub(crate) struct UnderWay {
    share: Arc<Share>,
    _entered: Entered,
    sent: u64,
    taken: u64,
    /// Pieces: one past the last byte of each, and what tells its time.
    pieces: VecDeque<(u64, Mark)>,
}

impl UnderWay {
    /// For a copy that begins at this offset, on this stream.
    pub(crate) fn new(offset: u64, tx: &SendStream) -> Self {
        let share = tx.copies();
        let entered = share.enter(tx);
        Self { share, _entered: entered, sent: offset, taken: offset, pieces: VecDeque::new() }
    }

    /// What all copies share.
    pub(crate) fn share(&self) -> Arc<Share> {
        Arc::clone(&self.share)
    }

    /// So many bytes are being sent, of those that may be.
    pub(crate) fn sent(&mut self, held: Held<'_>, bytes: usize, now: Instant) {
        self.sent += bytes as u64;
        self.pieces.push_back((self.sent, held.keep(bytes, now)));
    }

    /// The other end has written everything up to here; what was never sent it cannot have.
    pub(crate) fn taken(&mut self, offset: u64, now: Instant) {
        let offset = offset.min(self.sent);
        let bytes = offset.saturating_sub(self.taken);
        self.taken += bytes;
        let mut newest = None;
        while let Some((_, mark)) = self.pieces.pop_front_if(|(end, _)| *end <= offset) {
            newest = Some(mark);
        }
        self.share.arrived(usize::try_from(bytes).unwrap_or(usize::MAX), newest, now);
    }

    /// How far the other end has written.
    pub(crate) const fn behind(&self) -> u64 {
        self.taken
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let left = usize::try_from(self.sent - self.taken).unwrap_or(usize::MAX);
        self.share.arrived(left, None, Instant::now());
    }
}

#[cfg(test)]
mod tests;
