//! What programs out of sight had to say: notifications and bells of all sessions, kept until they are
//! read. Owns the list and its bound.

use std::time::Instant;

use ccc_client::proto::{PaneId, SessionId};

use super::tree::session_name;
use super::{App, Choice, Effect, Entry, Layer, List, Machine};

/// The most that are kept; older ones make room.
const KEPT: usize = 200;
/// The longest text that is kept of one, in characters: what a list shows of it.
const LONGEST: usize = 200;

/// One thing that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) machine: Machine,
    pub(crate) session: SessionId,
    /// The session's name when it was said.
    name: String,
    pub(crate) pane: PaneId,
    /// What it said; empty for a bell.
    text: String,
    /// The time of day.
    at: String,
    pub(crate) unread: bool,
}

impl App {
    /// Keeps what a pane said. The same once more only makes it new again.
    pub(super) fn keep_said(&mut self, session: SessionId, name: &str, pane: PaneId, text: &str) {
        self.keep_said_at(self.machine.clone(), session, name, pane, text);
    }

    pub(super) fn keep_said_at(
        &mut self,
        machine: Machine,
        session: SessionId,
        name: &str,
        pane: PaneId,
        text: &str,
    ) {
        let text: String = text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        let (name, at) = (name.to_owned(), self.clock.clone());
        self.inbox
            .retain(|item| (&item.machine, item.pane) != (&machine, pane) || item.text != text);
        self.inbox.push_front(Item { machine, session, name, pane, text, at, unread: true });
        self.inbox.truncate(KEPT);
    }

    /// How many were not read yet.
    pub(crate) fn unread(&self) -> usize {
        self.inbox.iter().filter(|item| item.unread).count()
    }

    /// What was said in panes that are seen now is read.
    pub(super) fn read_seen(&mut self, seen: &[PaneId]) {
        let machine = &self.machine;
        let seen = |item: &&mut Item| item.machine == *machine && seen.contains(&item.pane);
        self.inbox.iter_mut().filter(seen).for_each(|item| item.unread = false);
    }

    pub(super) fn show_inbox(&mut self) {
        if self.inbox.is_empty() {
            self.note_key("inbox-empty");
            return;
        }
        let entries = self.inbox.iter().map(|item| {
            let text = match item.text.as_str() {
                "" => self.words.say("inbox-bell").to_owned(),
                text => text.to_owned(),
            };
            let new = if item.unread { "!" } else { "" };
            Entry {
                columns: vec![
                    session_name(&item.machine, &item.name),
                    item.at.clone(),
                    new.to_owned(),
                    text,
                ],
                choice: Choice::Said {
                    machine: item.machine.clone(),
                    session: item.session,
                    pane: item.pane,
                },
                preview: None,
            }
        });
        let list = List::new(self.words.say("title-inbox"), entries.collect(), 0);
        self.layers.push(Layer::List(list));
        self.inbox.iter_mut().for_each(|item| item.unread = false);
    }

    /// Goes to the pane that said something.
    pub(super) fn go_to_said(
        &mut self,
        machine: Machine,
        session: SessionId,
        pane: PaneId,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        if machine != self.machine {
            return self.go_to(machine, pane.to_string(), now, effects);
        }
        if self.attached.as_ref().is_none_or(|attached| attached.session != session) {
            effects.push(Effect::Switch(pane.to_string()));
            return;
        }
        let tab = self.layout.as_ref().and_then(|layout| {
            let holds = |tab: &&ccc_client::proto::WireTab| {
                super::leaves(tab).any(|leaf| leaf.pane == pane)
            };
            layout.tabs.iter().find(holds).map(|tab| tab.tab)
        });
        match tab {
            Some(tab) => self.focus(tab, pane, effects),
            None => self.note_key("pane-gone"),
        }
    }
}
