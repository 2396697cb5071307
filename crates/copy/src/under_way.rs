//! What of a file is under way: which bytes the other end has not said to have written. Owns the places in the
//! file; how much it may be, [`Pace`] says.

use std::collections::VecDeque;
use std::time::Instant;

use ccc_net::{BulkPart, Mark, Pace};

/// The bytes of one copy that are under way.
#[derive(Debug)]
pub(crate) struct UnderWay {
    pace: Pace,
    part: BulkPart,
    sent: u64,
    taken: u64,
    /// Pieces: one past the last byte of each, and what tells its time.
    pieces: VecDeque<(u64, Mark)>,
}

impl UnderWay {
    /// For a copy that begins at this offset.
    pub(crate) fn new(offset: u64, mut part: BulkPart) -> Self {
        let mut pace = Pace::default();
        part.settle(&mut pace);
        Self { pace, part, sent: offset, taken: offset, pieces: VecDeque::new() }
    }

    /// Bytes that may be sent now, at most one piece.
    pub(crate) fn room(&self) -> usize {
        self.pace.room()
    }

    /// So many bytes are being sent.
    pub(crate) fn sent(&mut self, bytes: usize, now: Instant) {
        self.sent += bytes as u64;
        self.pieces.push_back((self.sent, self.pace.sent(bytes, now)));
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
        self.pace.arrived(bytes, newest, now);
        self.part.settle(&mut self.pace);
    }

    /// How far the other end has written.
    pub(crate) const fn behind(&self) -> u64 {
        self.taken
    }
}

#[cfg(test)]
mod tests;
