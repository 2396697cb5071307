//! What one end knows of a connection that it carries: what was read, said, heard and written. Owns the
//! bounds on both directions; waits for nothing and touches no socket.

use std::collections::VecDeque;

use ccc_proto::{
    Ext, ForwardBytes, ForwardEnd, ForwardKeeps, ForwardMore, ForwardTaken, ForwardWindow, Message,
    limits,
};

use super::{Carried, CarryError};
use crate::Mark;

/// Bytes between two that tell a time.
const APART: u64 = 2 * 1024;
/// Questions whether less would do that have no answer yet: an end that asked so often is not asked again.
const QUESTIONS: u32 = 16;

#[derive(Debug)]
pub(super) struct Book {
    /// Bytes that were read here, ever.
    sent: u64,
    /// What the other end said of them.
    told: ForwardTaken,
    /// Read, and not yet handed to the stream: one piece.
    piece: Vec<u8>,
    end: End,
    /// Bytes that may be sent and not taken.
    window: usize,
    /// So often it has to be said what that is.
    keeps_due: u32,
    more: More,
    /// Bytes whose arrival tells a time, so far apart that they are few however small the pieces are. One for
    /// each round trip would make the window grow by jumps.
    timed: VecDeque<(u64, Mark)>,
    /// Bytes that came from the other end, ever, and those that were written.
    came: u64,
    written: u64,
    /// What was said of them.
    said: ForwardTaken,
    theirs: End,
    /// How many may wait here, and how many that the other end was told of.
    holds: usize,
    told_holds: usize,
    /// The other end has more than that.
    wanted: bool,
    back: Back,
    /// How many of its answers are still to come.
    asked_back: u32,
}

/// Whether what waits here beyond the first window is asked back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Back {
    No,
    Due,
    /// The other end was asked, and got nothing more since then.
    Asked,
}

/// Whether more is to be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum More {
    No,
    Due,
    Asked,
}

/// How far the end of a direction is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum End {
    #[default]
    No,
    /// It has to be passed on.
    Due,
    Passed,
}

/// What came of a [`ForwardTaken`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// So many bytes more have arrived.
    pub(super) arrived: usize,
    /// One of them that tells how long it took.
    pub(super) mark: Option<Mark>,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            sent: 0,
            told: ForwardTaken::default(),
            piece: Vec::new(),
            end: End::No,
            window: limits::FORWARD_WINDOW,
            keeps_due: 0,
            more: More::No,
            timed: VecDeque::new(),
            came: 0,
            written: 0,
            said: ForwardTaken::default(),
            theirs: End::No,
            holds: limits::FORWARD_WINDOW,
            told_holds: limits::FORWARD_WINDOW,
            wanted: false,
            back: Back::No,
            asked_back: 0,
        }
    }
}

impl Book {
    /// How many bytes may be read now.
    pub(super) fn room(&self) -> usize {
        if !self.piece.is_empty() {
            return 0;
        }
        self.window.saturating_sub(self.not_taken())
    }

    /// Bytes that the other end has not said to have taken.
    fn not_taken(&self) -> usize {
        usize_of(self.sent - self.told.taken)
    }

    /// These were read, no more than there was room for; the last of them can tell a time.
    pub(super) fn read(&mut self, piece: Vec<u8>, mark: Mark) {
        self.sent += piece.len() as u64;
        if self.timed.back().is_none_or(|(last, _)| self.sent >= last + APART) {
            self.timed.push_back((self.sent, mark));
        }
        self.piece = piece;
        // Early, so that nothing has to stop until the answer comes.
        let most = limits::FORWARD_WINDOW_MOST;
        if self.more == More::No && self.window < most && self.not_taken() > self.window / 2 {
            self.more = More::Due;
        }
    }

    /// Nothing more will be read.
    pub(super) fn end(&mut self) {
        self.end = End::Due;
    }

    /// Bytes that the other end has not said to have.
    pub(super) fn in_flight(&self) -> usize {
        usize_of(self.sent - self.told.arrived)
    }

    /// What has to be said now; it counts as said.
    pub(super) fn due(&mut self) -> Vec<Message> {
        let mut due = Vec::new();
        let taken = ForwardTaken { arrived: self.came, taken: self.written };
        if taken != self.said {
            self.said = taken;
            due.push(taken.into());
        }
        if self.holds != self.told_holds {
            self.told_holds = self.holds;
            due.push(ForwardWindow { bytes: self.holds as u64, ext: Ext::none() }.into());
        }
        if self.back == Back::Due {
            (self.back, self.asked_back) = (Back::Asked, self.asked_back + 1);
            let bytes = limits::FORWARD_WINDOW as u64;
            due.push(ForwardWindow { bytes, ext: Ext::none() }.into());
        }
        for _ in 0..std::mem::take(&mut self.keeps_due) {
            due.push(ForwardKeeps { bytes: self.window as u64, ext: Ext::none() }.into());
        }
        if self.more == More::Due {
            self.more = More::Asked;
            due.push(ForwardMore::default().into());
        }
        if !self.piece.is_empty() {
            let bytes = std::mem::take(&mut self.piece);
            due.push(ForwardBytes { bytes }.into());
        }
        if self.end == End::Due {
            self.end = End::Passed;
            due.push(ForwardEnd::default().into());
        }
        due
    }

    /// Both directions have ended, and everything was passed on.
    pub(super) fn is_over(&self) -> bool {
        self.end == End::Passed && self.theirs == End::Passed
    }

    /// What the other end says of what was sent.
    pub(super) fn told(&mut self, taken: ForwardTaken) -> Result<Told, CarryError> {
        let former = self.told;
        let rises = taken.arrived >= former.arrived && taken.taken >= former.taken;
        if !rises || taken.arrived > self.sent || taken.taken > taken.arrived {
            return Err(CarryError::Breach("it claims to have what was not sent"));
        }
        self.told = taken;
        let mut mark = None;
        while let Some((_, timed)) = self.timed.pop_front_if(|(byte, _)| *byte <= taken.arrived) {
            mark = Some(timed);
        }
        Ok(Told { arrived: usize_of(taken.arrived - former.arrived), mark })
    }

    /// The other end lets so many be on their way. Less than before is a question: it is answered, and kept to unless
    /// more is on its way by now.
    pub(super) fn may_send(&mut self, bytes: u64) -> Result<(), CarryError> {
        let (first, most) = (limits::FORWARD_WINDOW, limits::FORWARD_WINDOW_MOST);
        let window = usize_of(bytes).clamp(first, most);
        if window > self.window {
            self.window = window;
            self.more = More::No;
        } else {
            if self.keeps_due >= QUESTIONS {
                return Err(CarryError::Breach("it asks and does not wait for an answer"));
            }
            self.keeps_due += 1;
            if self.not_taken() <= window {
                self.window = window;
                self.more = More::No;
            }
        }
        Ok(())
    }

    /// The other end has more than its window.
    pub(super) const fn wants(&mut self) {
        self.wanted = true;
    }

    /// How much more may well wait here: twice as much in all, for whoever asked for it and takes what comes. Room
    /// for one that takes nothing would only fill.
    pub(super) fn could_hold(&self) -> usize {
        let all_taken = self.written == self.came;
        let more = self.holds.min(limits::FORWARD_WINDOW_MOST - self.holds);
        if self.wanted && all_taken { more } else { 0 }
    }

    /// So much more may wait here.
    pub(super) const fn hold(&mut self, more: usize) {
        self.holds += more;
        self.wanted = false;
        // An answer to what was asked before this is none any more.
        self.back = Back::No;
    }

    /// Whether more than at first may wait here, though nothing does, and it was not asked back yet.
    pub(super) fn could_ask_back(&self) -> bool {
        let idle = self.written == self.came && self.holds == self.told_holds;
        idle && self.borrowed() > 0 && self.back == Back::No && self.asked_back < QUESTIONS
    }

    /// It is asked back.
    pub(super) const fn ask_back(&mut self) {
        self.back = Back::Due;
    }

    /// How much the other end keeps to from here on; by how much less may wait here now.
    pub(super) fn they_keep(&mut self, bytes: u64) -> usize {
        self.asked_back = self.asked_back.saturating_sub(1);
        let all_kept = self.back == Back::Asked && self.asked_back == 0;
        if !all_kept || bytes > limits::FORWARD_WINDOW as u64 {
            return 0;
        }
        let less = self.borrowed();
        (self.holds, self.told_holds) = (limits::FORWARD_WINDOW, limits::FORWARD_WINDOW);
        // It asks anew.
        (self.back, self.wanted) = (Back::No, false);
        less
    }

    /// By how much more than at first may wait here.
    pub(super) const fn borrowed(&self) -> usize {
        self.holds - limits::FORWARD_WINDOW
    }

    /// So many bytes came from the other end. What waits to be written stays within the window.
    pub(super) fn came(&mut self, count: usize) -> Result<(), CarryError> {
        if self.theirs != End::No {
            return Err(CarryError::Breach("bytes came behind their end"));
        }
        // What it was told is what it may count on.
        if usize_of(self.came - self.said.taken) + count > self.told_holds {
            return Err(CarryError::Breach("more was sent than its window"));
        }
        self.came += count as u64;
        // It may be asked again.
        if self.back == Back::Asked && self.asked_back == 0 || self.back == Back::Due {
            self.back = Back::No;
        }
        Ok(())
    }

    /// So many of them were written.
    pub(super) fn wrote(&mut self, count: usize) {
        self.written += count as u64;
    }

    /// The other end's direction has ended.
    pub(super) fn their_end(&mut self) {
        if self.theirs == End::No {
            self.theirs = End::Due;
        }
    }

    /// The other end's direction has ended, and its bytes are written: that has to be passed on.
    pub(super) fn may_shut(&self) -> bool {
        self.theirs == End::Due && self.written == self.came
    }

    /// It was.
    pub(super) fn shut(&mut self) {
        self.theirs = End::Passed;
    }

    /// The other end has nothing more to say: both directions have ended there.
    pub(super) fn may_finish(&self) -> bool {
        self.end == End::Passed && self.theirs != End::No
    }

    pub(super) fn carried(&self) -> Carried {
        Carried { sent: self.sent, received: self.written }
    }
}

fn usize_of(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
