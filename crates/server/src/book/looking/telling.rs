//! What those who look are told of once: what a program says, that one out of sight printed something, who else is
//! there. Owns that nobody is waited for, and that who may not know hears nothing.

use std::sync::atomic::Ordering;

use ccc_proto::{EventKind, Ext, PaneEvent, PaneId, PaneStatus, SessionId, event_tag};

use super::Looker;
use crate::book::Book;
use crate::core::authorize::{Action, Resource, authorize};
use crate::core::label::escape;

/// Attachments that a layout names: more than a bar can show.
const WATCHERS: usize = 32;

impl Looker {
    /// Tells something once: a client that does not keep up misses it.
    pub(in crate::book) fn tell(&mut self, event: PaneEvent) {
        self.event_id += 1;
        let _ = self.events.try_send(PaneEvent { id: self.event_id, ..event }.into());
    }
}

impl Book {
    /// Who looks at a session, a line each; `None` while nobody has company.
    pub(in crate::book) fn watchers(&self, session: SessionId) -> Option<String> {
        let here = self.lookers.iter().filter(|(_, looker)| looker.place.session == session);
        let lines: Vec<String> = here
            .take(WATCHERS)
            .map(|(attachment, looker)| {
                let does = if looker.view { "looks" } else { "works" };
                let name = looker.seat.principal().name.clone();
                format!("{} {does} {}", attachment.0, escape(&name))
            })
            .collect();
        (lines.len() > 1).then(|| lines.join("\n"))
    }

    /// Tells something once to all who look at anything; those who look at another session hear the name of
    /// the one where it happened.
    pub(in crate::book) fn tell_everybody(&mut self, event: &PaneEvent) {
        let Some(session) = self.house.session(event.session) else { return };
        let (name, ulid) = (Some(session.name.clone()), session.ulid);
        for looker in self.lookers.values_mut() {
            let may = authorize(&looker.seat.principal(), Action::Watch, Resource::Session(ulid));
            if may.is_err() {
                continue;
            }
            let mut event = event.clone();
            if looker.place.session != event.session
                && let Some(name) = &name
            {
                event.ext.push(event_tag::SESSION_NAME, name.as_bytes());
            }
            looker.tell(event);
        }
    }

    /// Tells all who look at a session.
    pub(in crate::book) fn tell_session(&mut self, session: SessionId, status: &PaneStatus) {
        for looker in self.lookers.values_mut().filter(|l| l.place.session == session) {
            // At most once, as an event.
            let _ = looker.events.try_send(status.clone().into());
        }
    }

    /// Tells something once to the one who typed last in the session; of those who never typed, to the one
    /// who came last.
    pub(in crate::book) fn tell_typist(&mut self, event: PaneEvent) {
        let here = self
            .lookers
            .iter_mut()
            .filter(|(_, looker)| looker.place.session == event.session && !looker.view);
        let typist = here.max_by_key(|(id, looker)| (looker.typed.load(Ordering::Relaxed), **id));
        if let Some((_, looker)) = typist {
            looker.tell(event);
        }
    }

    /// A pane printed something. Who looks at another tab of its session is told once until it looks there.
    pub(crate) fn pane_prints(&mut self, pane: PaneId) {
        let Some((tab, session)) = self
            .house
            .pane(pane)
            .and_then(|known| Some((known.tab, self.house.tab(known.tab)?.session)))
        else {
            return;
        };
        for looker in self.lookers.values_mut().filter(|l| l.place.session == session) {
            if looker.place.tab == tab || !looker.active.insert(pane) {
                continue;
            }
            looker.event_id += 1;
            let (id, kind) = (looker.event_id, EventKind::ACTIVITY);
            let (title, data) = (String::new(), Vec::new());
            let event = PaneEvent { id, session, pane, kind, title, data, ext: Ext::none() };
            let _ = looker.events.try_send(event.into());
        }
    }
}
