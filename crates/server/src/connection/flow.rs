//! When which pane's next frame goes out, for one attachment. Owns the bookkeeping of what the client
//! has applied and what is on its way; sends nothing, reads no clock.
//!
//! The rules: at most two frames of a pane in flight, one congestion window of bytes over all panes
//! (and at least one frame), the pane that was typed in first. What must wait is made later, of the
//! newest screen. A frame is given up only when the client has been silent about it for longer than
//! the path explains; giving up earlier starves a thin link.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use ccc_proto::{FrameApplied, PaneId};
use ccc_vt::Seq;

use super::version::FrameSeq;

/// Frames of one pane that may be on their way.
const IN_FLIGHT: usize = 2;
/// How long a change that shows in no cell (input that was written, the terminal's echo) waits for a
/// frame that has to go anyway.
const STATE_WAIT: Duration = Duration::from_millis(10);
/// The longest that a silent client is waited for before a frame is given up. The wait doubles with
/// each one given up, so that a stopped client costs next to nothing.
const LONGEST_WAIT: Duration = Duration::from_secs(4);

/// Names a frame that is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Flight(u64);

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Make and send a frame of this pane.
    Send(PaneId),
    /// Give this frame up, then ask again.
    GiveUp(Flight),
    /// Nothing until something changes, or this moment.
    Wait(Option<Instant>),
}

#[derive(Debug, Default)]
pub(crate) struct Flow {
    panes: BTreeMap<PaneId, PaneFlow>,
    bytes: u64,
    flights: u64,
    sends: u64,
    /// Frames given up since the client last said anything.
    given_up: u32,
}

#[derive(Debug, Default)]
struct PaneFlow {
    visible: bool,
    epoch: u64,
    /// What the client shows; `None` asks for a whole frame.
    applied: Option<FrameSeq>,
    newest_sent: Option<FrameSeq>,
    in_flight: VecDeque<InFlight>,
    due: Due,
    /// When it was sent last, counted in sends: the one that waited longest goes first.
    turn: u64,
}

#[derive(Debug)]
struct InFlight {
    flight: Flight,
    seq: FrameSeq,
    bytes: u64,
    sent: Instant,
}

/// Whether a pane has something to tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Due {
    #[default]
    Nothing,
    /// Only state beside the screen; worth a frame of its own from then on.
    State(Instant),
    Screen,
}

impl Flow {
    /// A pane is looked at from now on, in this life of its screen. `known` is what a returning
    /// client shows of it. Answers with the frames of a former life, which nobody wants any more.
    pub(crate) fn show(
        &mut self,
        pane: PaneId,
        epoch: u64,
        known: Option<FrameSeq>,
    ) -> Vec<Flight> {
        let flow = self.panes.entry(pane).or_default();
        flow.visible = true;
        flow.due = Due::Screen;
        let mut void = Vec::new();
        if flow.epoch != epoch {
            let in_flight = std::mem::take(&mut flow.in_flight);
            *flow = PaneFlow { visible: true, epoch, due: Due::Screen, ..PaneFlow::default() };
            self.bytes -= in_flight.iter().map(|frame| frame.bytes).sum::<u64>();
            void.extend(in_flight.iter().map(|frame| frame.flight));
        }
        if let Some(known) = known.filter(|_| flow.newest_sent.is_none()) {
            flow.applied = Some(known);
            flow.newest_sent = Some(known);
        }
        void
    }

    /// A pane is not looked at any more. What is on its way still counts until it arrives.
    pub(crate) fn hide(&mut self, pane: PaneId) {
        if let Some(flow) = self.panes.get_mut(&pane) {
            flow.visible = false;
        }
    }

    /// The pane's screen has a newer version.
    pub(crate) fn screen_changed(&mut self, pane: PaneId) {
        if let Some(flow) = self.panes.get_mut(&pane) {
            flow.due = Due::Screen;
        }
    }

    /// Something beside the pane's screen changed.
    pub(crate) fn state_changed(&mut self, pane: PaneId, now: Instant) {
        if let Some(flow) = self.panes.get_mut(&pane).filter(|flow| flow.due == Due::Nothing) {
            flow.due = Due::State(now + STATE_WAIT);
        }
    }

    /// What to do now. `window` is what the path carries at once, `late` after how long a frame that
    /// was not answered is late, `first` the pane that was typed in.
    pub(crate) fn next(
        &self,
        now: Instant,
        window: u64,
        late: Duration,
        first: Option<PaneId>,
    ) -> Next {
        let mut wake: Option<Instant> = None;
        let mut wake_at = |at: Instant| wake = Some(wake.map_or(at, |wake| wake.min(at)));
        let mut best: Option<(bool, u64, PaneId)> = None;
        let mut blocked = false;
        for (&pane, flow) in self.panes.iter().filter(|(_, flow)| flow.visible) {
            match flow.due {
                Due::Nothing => continue,
                Due::State(due) if due > now => {
                    wake_at(due);
                    continue;
                }
                Due::State(_) | Due::Screen => {}
            }
            if flow.in_flight.len() >= IN_FLIGHT {
                blocked = true;
                continue;
            }
            let rank = (first != Some(pane), flow.turn, pane);
            if best.is_none_or(|best| rank < best) {
                best = Some(rank);
            }
        }
        if let Some((_, _, pane)) = best {
            if self.bytes == 0 || self.bytes < window {
                return Next::Send(pane);
            }
            blocked = true;
        }
        if blocked && let Some(oldest) = self.oldest() {
            let patience =
                late.saturating_mul(1 << self.given_up.min(10)).min(LONGEST_WAIT.max(late));
            let at = oldest.sent + patience;
            if at <= now {
                return Next::GiveUp(oldest.flight);
            }
            wake_at(at);
        }
        Next::Wait(wake)
    }

    /// The version that the next frame of this pane builds upon, and the one sent last.
    pub(crate) fn versions(&self, pane: PaneId) -> (Option<FrameSeq>, Option<FrameSeq>) {
        self.panes.get(&pane).map_or((None, None), |flow| (flow.applied, flow.newest_sent))
    }

    /// Whether the client has this screen or it is on its way, so that only other things may be new.
    pub(crate) fn covers(&self, pane: PaneId, screen: Seq) -> bool {
        self.panes.get(&pane).is_some_and(|flow| {
            let on_the_way = flow.in_flight.iter().map(|frame| frame.seq);
            on_the_way.chain(flow.applied).any(|seq| seq.screen() == screen)
        })
    }

    /// There was nothing to send after all.
    pub(crate) fn nothing(&mut self, pane: PaneId) {
        if let Some(flow) = self.panes.get_mut(&pane) {
            flow.due = Due::Nothing;
        }
    }

    /// A frame was sent.
    pub(crate) fn sent(&mut self, pane: PaneId, seq: FrameSeq, bytes: u64, now: Instant) -> Flight {
        let flight = Flight(self.flights);
        self.flights += 1;
        self.sends += 1;
        self.bytes += bytes;
        if let Some(flow) = self.panes.get_mut(&pane) {
            flow.due = Due::Nothing;
            flow.newest_sent = Some(seq);
            flow.turn = self.sends;
            flow.in_flight.push_back(InFlight { flight, seq, bytes, sent: now });
        }
        flight
    }

    /// The client has put a frame on its screen. Answers with the frames that need no more care: that
    /// one and every older one of its pane.
    pub(crate) fn applied(&mut self, applied: FrameApplied) -> Vec<Flight> {
        self.given_up = 0;
        let seq = FrameSeq::from_wire(applied.seq);
        let Some(flow) = self.panes.get_mut(&applied.pane) else { return Vec::new() };
        // What was never sent cannot have been applied.
        if flow.epoch != applied.epoch || flow.newest_sent.is_none_or(|sent| seq > sent) {
            return Vec::new();
        }
        flow.applied = flow.applied.max(Some(seq));
        let mut done = Vec::new();
        flow.in_flight.retain(|frame| {
            let kept = frame.seq > seq;
            if !kept {
                self.bytes -= frame.bytes;
                done.push(frame.flight);
            }
            kept
        });
        done
    }

    /// The client cannot use what comes: it wants the pane whole.
    pub(crate) fn wanted(&mut self, pane: PaneId) -> Vec<Flight> {
        let Some(flow) = self.panes.get_mut(&pane) else { return Vec::new() };
        flow.applied = None;
        flow.due = Due::Screen;
        let in_flight = std::mem::take(&mut flow.in_flight);
        self.bytes -= in_flight.iter().map(|frame| frame.bytes).sum::<u64>();
        in_flight.iter().map(|frame| frame.flight).collect()
    }

    /// A frame was given up, by [`Next::GiveUp`] or because its stream failed.
    pub(crate) fn gave_up(&mut self, flight: Flight) {
        self.given_up = self.given_up.saturating_add(1);
        for flow in self.panes.values_mut() {
            if let Some(place) = flow.in_flight.iter().position(|frame| frame.flight == flight) {
                let frame = flow.in_flight.remove(place);
                self.bytes -= frame.map_or(0, |frame| frame.bytes);
                // What it would have shown is still to be told.
                flow.due = Due::Screen;
                return;
            }
        }
    }

    fn oldest(&self) -> Option<&InFlight> {
        let fronts = self.panes.values().filter_map(|flow| flow.in_flight.front());
        fronts.min_by_key(|frame| frame.flight)
    }
}

#[cfg(test)]
mod tests;
