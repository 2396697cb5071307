//! What the server says: layouts, events, answers, the end. Owns their effect on the state.

use std::time::Instant;

use ccc_client::proto::{
    Clients, DetachReason, Detached, Done, EventKind, Message, PaneEvent, PaneState, PaneStatus,
    SessionInfo, SessionState, Sessions, event_tag,
};
use ccc_client::{ClientEvent, LinkState};

use super::{Answer, App, Choice, Effect, Entry, Layer, List, Outcome, Purpose};

/// The largest text that a program may put on the outer clipboard, in bytes.
const CLIPBOARD: usize = 100 * 1000;

impl App {
    pub(super) fn on_client(
        &mut self,
        event: ClientEvent,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        match event {
            ClientEvent::Link(LinkState::Live) => self.link.lost = None,
            ClientEvent::Link(LinkState::Reconnecting { since, why }) => {
                self.link.lost = Some((since, why));
            }
            ClientEvent::Attached(attached) => {
                let before = self.attached.as_ref().map(|before| before.session);
                if before != Some(attached.session) {
                    self.last_session = before.or(self.last_session);
                    self.layers.clear();
                    self.layout = None;
                    self.awaited = 0;
                    self.last_tab = None;
                    self.panes_seen.clear();
                    self.wants_you.clear();
                }
                self.attached = Some(attached);
                self.ended = None;
            }
            ClientEvent::Layout(layout) => {
                self.layout = Some(layout);
                self.mend_focus(effects);
            }
            ClientEvent::Viewed(viewed) => self.on_viewed(&viewed),
            ClientEvent::Frame(_) => {}
            ClientEvent::Pane(event) => self.on_pane_event(event, effects),
            ClientEvent::Status(status) => self.on_status(status),
            ClientEvent::Notice(notice) => self.note(notice.text),
            ClientEvent::Unsure(count) => {
                self.link.unsure += count;
                let keys = if count == 1 { "input" } else { "inputs" };
                self.note(format!("{count} {keys} of unknown fate; nothing is sent twice"));
            }
            ClientEvent::Detached(detached) => self.on_detached(&detached, effects),
            ClientEvent::Gone(error) => {
                let words = format!("the link is lost for good: {error}");
                effects.push(Effect::Quit(Outcome::Ended { status: 125, words }));
            }
        }
        let _ = now;
    }

    fn on_pane_event(&mut self, event: PaneEvent, effects: &mut Vec<Effect>) {
        // Another session's events name it.
        let elsewhere = event.ext.find_text(event_tag::SESSION_NAME).map(str::to_owned);
        match event.kind {
            EventKind::BELL if elsewhere.is_some() => {}
            EventKind::BELL => {
                let seen = self.current_tab().is_some_and(|tab| {
                    super::focus::leaves(tab).any(|leaf| leaf.pane == event.pane)
                });
                if !seen {
                    self.wants_you.insert(event.pane);
                }
                effects.push(Effect::Bell);
            }
            EventKind::CLIPBOARD if event.data.len() <= CLIPBOARD => {
                let text = String::from_utf8_lossy(&event.data).into_owned();
                self.copied.clone_from(&text);
                effects.push(Effect::Copy(text));
            }
            EventKind::NOTIFICATION => {
                let body = String::from_utf8_lossy(&event.data).into_owned();
                let session = elsewhere
                    .as_deref()
                    .or_else(|| self.attached.as_ref().map(|attached| attached.name.as_str()));
                let title = match (session.unwrap_or_default(), event.title) {
                    ("", title) => title,
                    (session, title) if title.is_empty() => format!("[{session}]"),
                    (session, title) => format!("[{session}] {title}"),
                };
                self.note(format!("{title}: {body}"));
                self.wants_you.insert(event.pane);
                effects.push(Effect::Notify { title, body });
            }
            _ => {}
        }
    }

    fn on_status(&mut self, status: PaneStatus) {
        let waits = status.state == PaneState::WAITING_FOR_DISK;
        if let Some(pane) = self
            .layout
            .as_mut()
            .and_then(|layout| layout.panes.iter_mut().find(|pane| pane.pane == status.pane))
        {
            pane.state = status.state;
            pane.exit = status.exit;
        }
        if !status.why.is_empty() {
            self.note(status.why);
        } else if waits {
            self.note("the disk is full: the pane waits and goes on by itself");
        }
    }

    fn on_detached(&mut self, detached: &Detached, effects: &mut Vec<Effect>) {
        let name = self.attached.as_ref().map_or("", |attached| attached.name.as_str());
        match detached.reason {
            DetachReason::SESSION_ENDED => {
                let outcome = Outcome::Ended {
                    status: detached.exit.status().unwrap_or(0),
                    words: format!("[session {name} ended]"),
                };
                match self.last_session.take() {
                    Some(session) => {
                        self.attached = None;
                        self.ended = Some(outcome);
                        effects.push(Effect::Attach(session.to_string()));
                    }
                    None => effects.push(Effect::Quit(outcome)),
                }
            }
            // The last session is gone as well.
            DetachReason::FAILED if self.ended.is_some() => {
                effects.extend(self.ended.take().map(Effect::Quit));
            }
            DetachReason::FAILED => {
                let words = match detached.hint.as_str() {
                    "" => format!("error: {}", detached.why),
                    hint => format!("error: {}\nhint: {hint}", detached.why),
                };
                // A look at another session that failed leaves this one as it is.
                if self.attached.is_some() && self.layout.is_some() {
                    self.note(detached.why.clone());
                } else {
                    effects.push(Effect::Quit(Outcome::Ended { status: 125, words }));
                }
            }
            _ => {
                let words = match detached.why.as_str() {
                    "" => format!("[detached from session {name}]"),
                    why => format!("[detached from session {name}: {why}]"),
                };
                effects.push(Effect::Quit(Outcome::Detached(words)));
            }
        }
    }

    /// The link took nothing: no answer will come.
    pub(crate) fn not_asked(&mut self, purpose: &Purpose) {
        if let Purpose::GoThere { .. } = purpose {
            self.gone();
        }
        self.note("the link is lost: that was not sent");
    }

    pub(super) fn on_answer(&mut self, answer: Answer, now: Instant, effects: &mut Vec<Effect>) {
        if let Purpose::GoThere { .. } = answer.purpose {
            self.gone();
        }
        let message = match answer.result {
            Ok(message) => message,
            Err(error) => {
                if let Purpose::History(pane) = answer.purpose {
                    self.history_failed(pane);
                }
                self.note(error.to_string());
                return;
            }
        };
        match (answer.purpose, message) {
            (
                Purpose::GoThere { moves },
                Message::Done(Done { tab: Some(tab), pane: Some(pane), revision, .. }),
            ) if moves == self.moves => {
                // The layout with it may come a moment later; the server's view follows as well.
                self.awaited = revision;
                self.focus(tab, pane, effects);
            }
            (Purpose::ListSessions, Message::Sessions(Sessions { sessions, .. })) => {
                self.show_sessions(&sessions);
            }
            (Purpose::StepSession { forward }, Message::Sessions(Sessions { sessions, .. })) => {
                self.step_session(&sessions, forward, effects);
            }
            (Purpose::ListClients, Message::Clients(clients)) => self.show_clients(&clients),
            (Purpose::History(pane), Message::HistoryPage(page)) => {
                self.on_history(pane, &page, now, effects);
            }
            _ => {}
        }
    }

    fn show_sessions(&mut self, sessions: &[SessionInfo]) {
        let current = self.attached.as_ref().map(|attached| attached.session);
        let entry = |info: &SessionInfo| {
            let state = match (info.state, info.attached) {
                (SessionState::ENDED, _) => "ended".into(),
                (_, 0) => "detached".into(),
                (_, n) => format!("{n} attached"),
            };
            let tabs: Vec<String> =
                info.tabs.iter().map(|tab| format!("{}:{}", tab.number, tab.name)).collect();
            Entry {
                columns: vec![info.name.clone(), state, tabs.join(" ")],
                choice: Choice::Session(info.session),
            }
        };
        let entries = sessions.iter().map(entry).collect();
        let selected = sessions.iter().position(|info| Some(info.session) == current).unwrap_or(0);
        self.layers.push(Layer::List(List::new("sessions", entries, selected)));
    }

    fn step_session(&mut self, sessions: &[SessionInfo], forward: bool, effects: &mut Vec<Effect>) {
        let Some(current) = self.attached.as_ref().map(|attached| attached.session) else { return };
        let running: Vec<_> = sessions
            .iter()
            .filter(|info| info.state == SessionState::RUNNING || info.session == current)
            .map(|info| info.session)
            .collect();
        let Some(at) = running.iter().position(|session| *session == current) else { return };
        let step = if forward { 1 } else { running.len() - 1 };
        let next = running[(at + step) % running.len()];
        if next == current {
            self.note("there is no other session");
        } else {
            effects.push(Effect::Switch(next.to_string()));
        }
    }

    fn show_clients(&mut self, clients: &Clients) {
        let session = self.attached.as_ref().map(|attached| attached.session);
        let entry = |info: &ccc_client::proto::ClientInfo| Entry {
            columns: vec![
                info.client.to_string(),
                info.host.clone(),
                format!("{}x{}", info.size.cols, info.size.rows),
            ],
            choice: Choice::Client(info.client),
        };
        let entries = clients.clients.iter().filter(|info| info.session == session).map(entry);
        let entries = entries.collect();
        self.layers.push(Layer::List(List::new("detach a client", entries, 0)));
    }
}
