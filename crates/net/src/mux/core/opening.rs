//! Streams that begin and that are over: their numbers, and how many each end may open. Owns the counts of one kind.

use super::{BOTH, Core};
use crate::CloseCode;
use crate::mux::frame::Breach;
use crate::mux::stream_state::{Receiving, Sending, Stream};

/// Streams of one kind that an end opened.
#[derive(Debug, Default)]
pub(in crate::mux) struct Opened {
    /// So many were, ever.
    pub(in crate::mux) count: u64,
    /// So many may be, ever.
    pub(in crate::mux) allowed: u64,
}

impl Core {
    /// Opens a stream; `None` while they allow no more.
    pub(in crate::mux) fn open(&mut self, kind: usize) -> Option<u32> {
        let opened = &mut self.ours[kind];
        if opened.count >= opened.allowed {
            return None;
        }
        let Some(id) = stream_id(opened.count, !self.is_client, kind) else {
            // Nobody has to wait for what never comes; another connection counts anew.
            self.close(CloseCode::OK, b"all numbers of streams are used up");
            return None;
        };
        opened.count += 1;
        let recv = (kind == BOTH).then(Receiving::new);
        let mut stream = Stream::new(Some(Sending::new()), recv);
        stream.announce = true;
        self.streams.insert(id, stream);
        self.speak_of(id);
        Some(id)
    }

    pub(in crate::mux) fn accept(&mut self, kind: usize) -> Option<u32> {
        self.arrived[kind].pop_front()
    }

    pub(super) fn opened(&mut self, id: u32) -> Result<(), Breach> {
        let kind = usize::from(id & 2 != 0);
        let theirs = &mut self.theirs[kind];
        if Some(id) != stream_id(theirs.count, self.is_client, kind) {
            return Err(Breach("a stream was opened out of order"));
        }
        if theirs.count >= theirs.allowed {
            return Err(Breach("more streams were opened than allowed"));
        }
        theirs.count += 1;
        let send = (kind == BOTH).then(Sending::new);
        self.streams.insert(id, Stream::new(send, Some(Receiving::new())));
        self.arrived[kind].push_back(id);
        self.has_arrived[kind].notify_waiters();
        Ok(())
    }

    /// A frame about a stream that is not there is skipped if the stream was, as both may have crossed.
    pub(super) fn was_there(&self, id: u32) -> Result<(), Breach> {
        let kind = usize::from(id & 2 != 0);
        let is_ours = (id & 1 == 0) == self.is_client;
        let opened = if is_ours { &self.ours[kind] } else { &self.theirs[kind] };
        if u64::from(id >> 2) < opened.count {
            return Ok(());
        }
        Err(Breach("a stream was spoken of that was never opened"))
    }

    /// Drops a stream of which nothing is to be said or heard any more, and nobody holds anything.
    pub(super) fn forget_if_over(&mut self, id: u32) {
        if !self.streams.get(&id).is_some_and(Stream::is_over) {
            return;
        }
        self.streams.remove(&id);
        let (kind, is_ours) = (usize::from(id & 2 != 0), (id & 1 == 0) == self.is_client);
        if is_ours {
            return;
        }
        self.theirs_over[kind] += 1;
        let allowed = self.theirs_over[kind] + self.concurrent;
        let theirs = &self.theirs[kind];
        // Not for each single one, unless they may be waiting for it.
        if allowed >= theirs.allowed + (self.concurrent / 4).max(1)
            || theirs.count == theirs.allowed
        {
            self.theirs[kind].allowed = allowed;
            self.allow[kind] = true;
            self.to_send.notify_one();
        }
    }
}

/// The number of a stream: each kind of each end counts up by four.
fn stream_id(count: u64, by_server: bool, kind: usize) -> Option<u32> {
    // The last number of all is the connection's.
    let count = u32::try_from(count).ok().filter(|count| *count < u32::MAX >> 2)?;
    Some(count << 2 | (kind as u32) << 1 | u32::from(by_server))
}
