//! What a client knows of what it looks at: mirrors, numbers, and what to ask for after a lost link.
//! Owns that state and its rules. Touches no connection.

use std::collections::{HashMap, VecDeque};

use ccc_proto::{
    Attach, Attached, ClientFacts, ClientSize, Ext, Frame, FrameWanted, KnownPane, Layout, Message,
    PaneId, PixelSize, WireSize, attach_tag,
};
use ccc_sync::{Applied, Mirror};

use super::ClientEvent;

/// The most panes that a server may have this client mirror.
const MIRRORS: usize = 1024;

#[derive(Debug)]
pub(super) struct Book {
    /// What to attach with; follows the size and the session.
    attach: Attach,
    /// The size that a new link was asked for with: the terminal may get another one before it is there.
    asked: (WireSize, PixelSize),
    /// What the terminal is like, once that is known.
    facts: Option<ClientFacts>,
    mirrors: HashMap<PaneId, Mirror>,
    selects: u64,
    /// The last input number that went out, over all panes, sessions and links: begun anew, numbers would be
    /// taken for those that a server, or a frame, has had.
    inputs: u64,
    /// The highest input number that a frame said was written.
    inputs_done: u64,
    /// The last event told; an event is told at most once.
    events_seen: u64,
    queued: VecDeque<ClientEvent>,
}

/// What a frame led to.
#[derive(Debug, PartialEq)]
pub(super) struct FrameOutcome {
    /// The pane whose mirror is new.
    pub(super) pane: Option<PaneId>,
    /// What to tell the server.
    pub(super) reply: Option<Message>,
}

impl Book {
    pub(super) fn new(attach: Attach) -> Self {
        Self {
            asked: (attach.size, attach.pixels),
            attach,
            facts: None,
            mirrors: HashMap::new(),
            selects: 0,
            inputs: 0,
            inputs_done: 0,
            events_seen: 0,
            queued: VecDeque::new(),
        }
    }

    pub(super) fn mirror(&self, pane: PaneId) -> Option<&Mirror> {
        self.mirrors.get(&pane)
    }

    pub(super) fn queue(&mut self, event: ClientEvent) {
        self.queued.push_back(event);
    }

    pub(super) fn take_queued(&mut self) -> Option<ClientEvent> {
        self.queued.pop_front()
    }

    pub(super) const fn next_input(&self) -> u64 {
        self.inputs + 1
    }

    pub(super) const fn input_sent(&mut self, number: u64) {
        self.inputs = number;
    }

    /// The highest input number that a frame said was written.
    pub(super) const fn inputs_done(&self) -> u64 {
        self.inputs_done
    }

    /// Whether programs have all that was typed.
    pub(super) const fn all_done(&self) -> bool {
        self.inputs_done >= self.inputs
    }

    pub(super) const fn next_select(&mut self) -> u64 {
        self.selects += 1;
        self.selects
    }

    pub(super) const fn client_size(&mut self, size: WireSize, pixels: PixelSize) {
        self.attach.size = size;
        self.attach.pixels = pixels;
    }

    /// The size to tell a new link, if it is not the one that it was asked for with.
    pub(super) fn untold_size(&self) -> Option<ClientSize> {
        let (size, pixels) = (self.attach.size, self.attach.pixels);
        (self.asked != (size, pixels)).then(|| ClientSize { size, pixels, ext: Ext::none() })
    }

    /// Keeps what the terminal is like; whether that is news.
    pub(super) fn client_facts(&mut self, facts: ClientFacts) -> bool {
        let before = self.facts.replace(facts);
        before != self.facts
    }

    /// What to tell a new link of the terminal.
    pub(super) const fn facts(&self) -> Option<&ClientFacts> {
        self.facts.as_ref()
    }

    pub(super) fn on_control(&mut self, message: Message) -> Option<ClientEvent> {
        match message {
            Message::Attached(attached) => {
                self.on_attached(&attached);
                Some(ClientEvent::Attached(attached))
            }
            Message::Layout(layout) => {
                self.forget_closed(&layout);
                Some(ClientEvent::Layout(layout))
            }
            // A view from before this side's last choice would move the focus back under the hands.
            Message::Viewed(viewed) if viewed.number >= self.selects => {
                Some(ClientEvent::Viewed(viewed))
            }
            Message::PaneEvent(event) if event.id > self.events_seen => {
                self.events_seen = event.id;
                Some(ClientEvent::Pane(event))
            }
            Message::PaneStatus(status) => Some(ClientEvent::Status(status)),
            Message::ServerNotice(notice) => Some(ClientEvent::Notice(notice)),
            Message::Detached(detached) => Some(ClientEvent::Detached(detached)),
            _ => None,
        }
    }

    fn on_attached(&mut self, attached: &Attached) {
        // From now on it is this session, whatever its name becomes, and none is made anew.
        self.attach.target = attached.session.to_string();
        self.attach.create = false;
        self.attach.steal = false;
        self.selects = 0;
        self.events_seen = 0;
    }

    fn forget_closed(&mut self, layout: &Layout) {
        self.mirrors.retain(|pane, _| layout.panes.iter().any(|known| known.pane == *pane));
    }

    pub(super) fn on_frame(&mut self, frame: &Frame) -> FrameOutcome {
        let pane = frame.pane;
        if self.mirrors.len() >= MIRRORS && !self.mirrors.contains_key(&pane) {
            return FrameOutcome { pane: None, reply: None };
        }
        let mirror = self.mirrors.entry(pane).or_insert_with(|| Mirror::new(pane));
        match mirror.apply(frame) {
            Ok(Applied::Done) => {
                self.inputs_done = self.inputs_done.max(frame.input_done);
                let reply = mirror.frame_applied().map(Message::from);
                FrameOutcome { pane: Some(pane), reply }
            }
            Ok(Applied::Stale) => FrameOutcome { pane: None, reply: None },
            // A frame that cannot be used is like one that is missing: the whole heals it.
            Ok(Applied::NeedsWhole) | Err(_) => {
                FrameOutcome { pane: None, reply: Some(FrameWanted { pane }.into()) }
            }
        }
    }

    /// The link is lost. How many inputs nobody can tell the fate of.
    pub(super) const fn on_lost(&mut self) -> u64 {
        let unsure = self.inputs.saturating_sub(self.inputs_done);
        self.inputs_done = self.inputs;
        unsure
    }

    /// What to ask for to look at another session, now and on a new link.
    pub(super) fn attach_to(&mut self, target: &str) -> Attach {
        target.clone_into(&mut self.attach.target);
        self.mirrors.clear();
        self.attach.clone()
    }

    /// What to ask a new link for.
    pub(super) fn attach_again(&mut self) -> Attach {
        self.asked = (self.attach.size, self.attach.pixels);
        let known: Vec<KnownPane> = self.mirrors.values().filter_map(Mirror::known).collect();
        let mut ext = self.attach.ext.clone();
        ext.push(attach_tag::INPUTS, self.inputs.to_le_bytes());
        Attach { known, ext, ..self.attach.clone() }
    }
}

#[cfg(test)]
mod tests;
