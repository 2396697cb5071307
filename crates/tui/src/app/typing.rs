//! What is typed ahead: behind a split or a new tab, which is meant for what they make, and before there
//! is anything to type into. Owns what waits, and for how long.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::App;
use crate::stdin::StdinEvent;

/// A server that has not answered by then is not waited for: hands must always be able to leave.
const PATIENCE: Duration = Duration::from_secs(2);
/// Events that may wait. A hand types a few in the time of a round trip; more come from a paste, in
/// pieces, or from a program that types.
const HELD: usize = 4096;

#[derive(Debug, Default)]
pub(super) struct Typing {
    held: VecDeque<StdinEvent>,
    /// Requests under way whose answer moves the focus.
    going: usize,
    /// When they are no longer waited for.
    until: Option<Instant>,
}

impl Typing {
    pub(super) fn until(&self) -> Option<Instant> {
        self.until
    }

    pub(super) fn expire(&mut self, now: Instant) {
        if self.until.is_some_and(|until| until <= now) {
            self.going = 0;
            self.until = None;
        }
    }
}

impl App {
    /// Something was asked for that the focus goes to.
    pub(super) fn going(&mut self, now: Instant) {
        self.typing.going += 1;
        self.typing.until = Some(now + PATIENCE);
    }

    /// It is there, or will not be.
    pub(super) fn gone(&mut self) {
        self.typing.going = self.typing.going.saturating_sub(1);
        if self.typing.going == 0 {
            self.typing.until = None;
        }
    }

    pub(super) fn hold(&mut self, event: StdinEvent) {
        if self.typing.held.len() < HELD {
            self.typing.held.push_back(event);
        } else {
            self.note_key("typed-ahead");
        }
    }

    /// The next of what was typed, once it has somewhere to go. While the link is lost everything does:
    /// what is typed then is told to be lost.
    pub(super) fn next_typed(&mut self) -> Option<StdinEvent> {
        let there = self.layout.is_some() && self.typing.going == 0;
        if there || self.link.lost.is_some() { self.typing.held.pop_front() } else { None }
    }
}
