//! What the server says: layouts, events, answers, the end. Owns their effect on the state.

use std::time::Instant;

use ccc_client::proto::{
    Clients, DetachReason, Detached, Done, EventKind, Message, PaneEvent, PaneId, PaneState,
    PaneStatus, SessionInfo, SessionState, Sessions, StretchForgotten, event_tag,
};
use ccc_client::{ClientEvent, LinkState};

use super::elsewhere::Place;
use super::{Answer, App, Choice, Effect, Entry, Found, Layer, List, Mirrors, Outcome, Purpose};

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
            ClientEvent::Link(LinkState::Live) => {
                self.link.lost = None;
                self.images.begin_link();
            }
            ClientEvent::Link(LinkState::Reconnecting { since, why }) => {
                self.link.lost = Some((since, why));
                // What was typed into it may never come true.
                self.predictor.forget();
            }
            ClientEvent::Attached(attached) => {
                let before = self.attached.as_ref().map(|before| before.session);
                if before != Some(attached.session) {
                    if let Some(session) = before {
                        self.last_session = Some(Place { machine: self.machine.clone(), session });
                    }
                    self.leave_session();
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
            ClientEvent::Status(status) => {
                self.close_editor(&status, effects);
                self.on_status(status);
            }
            ClientEvent::Notice(notice) => self.note(notice.text),
            ClientEvent::Unsure(count) => {
                self.link.unsure += count;
                self.note_with("unsure", &[("count", &count)]);
            }
            ClientEvent::Detached(detached) => self.on_detached(&detached, effects),
            ClientEvent::Gone(error) => {
                let words = self.words.with("lost-for-good", &[("why", &error)]);
                effects.push(Effect::Quit(Outcome::Ended { status: 125, words }));
            }
        }
        let _ = now;
    }

    fn on_pane_event(&mut self, event: PaneEvent, effects: &mut Vec<Effect>) {
        // Events of another session than the one looked at name it.
        let elsewhere = event.ext.find_text(event_tag::SESSION_NAME);
        let ours = || self.attached.as_ref().map_or("", |attached| attached.name.as_str());
        let name = elsewhere.unwrap_or_else(ours).to_owned();
        match event.kind {
            EventKind::BELL => {
                if !self.sees(event.pane) {
                    self.wants_you.insert(event.pane);
                    self.keep_said(event.session, &name, event.pane, "");
                }
                if elsewhere.is_none() {
                    effects.push(Effect::Bell);
                }
            }
            EventKind::ACTIVITY if !self.sees(event.pane) => {
                self.active.insert(event.pane);
            }
            EventKind::COMMAND_FAILED | EventKind::COMMAND_LONG if !self.sees(event.pane) => {
                self.command_ended(&event, &name);
            }
            EventKind::LISTENS => self.on_listens(&event),
            EventKind::CLIPBOARD if event.data.len() <= CLIPBOARD => {
                let text = String::from_utf8_lossy(&event.data).into_owned();
                self.copied.clone_from(&text);
                if self.settings.clipboard {
                    effects.push(Effect::Copy(text));
                }
            }
            EventKind::NOTIFICATION => {
                let body = String::from_utf8_lossy(&event.data).into_owned();
                let text = match event.title.as_str() {
                    "" => body.clone(),
                    title => format!("{title}: {body}"),
                };
                self.keep_said(event.session, &name, event.pane, &text);
                if self.sees(event.pane) {
                    self.read_seen(&[event.pane]);
                } else {
                    self.wants_you.insert(event.pane);
                }
                let title = format!("[{name}] {}", event.title).trim_end().to_owned();
                self.note(match elsewhere {
                    Some(name) => format!("[{name}] {text}"),
                    None => text,
                });
                effects.push(Effect::Notify { title, body });
            }
            _ => {}
        }
    }

    /// Whether a pane stands in the tab that is looked at.
    fn sees(&self, pane: PaneId) -> bool {
        self.current_tab()
            .is_some_and(|tab| super::focus::leaves(tab).any(|leaf| leaf.pane == pane))
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
            self.note_key("disk-full-waits");
        }
    }

    fn on_detached(&mut self, detached: &Detached, effects: &mut Vec<Effect>) {
        let name = self.attached.as_ref().map_or("", |attached| attached.name.as_str());
        match detached.reason {
            DetachReason::SESSION_ENDED => {
                let outcome = Outcome::Ended {
                    status: detached.exit.status().unwrap_or(0),
                    words: self.words.with("session-ended", &[("name", &name)]),
                };
                match self.last_session.take() {
                    Some(last) => {
                        self.attached = None;
                        self.ended = Some(outcome);
                        self.attach_to(last, effects);
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
                } else if !self.go_back(detached, effects) {
                    effects.push(Effect::Quit(Outcome::Ended { status: 125, words }));
                }
            }
            _ => {
                let words = match detached.why.as_str() {
                    "" => self.words.with("detached", &[("name", &name)]),
                    why => self.words.with("detached-why", &[("name", &name), ("why", &why)]),
                };
                effects.push(Effect::Quit(Outcome::Detached(words)));
            }
        }
    }

    /// The link took nothing: no answer will come.
    pub(crate) fn not_asked(&mut self, purpose: &Purpose) {
        match purpose {
            Purpose::GoThere { .. } | Purpose::Editor { .. } => self.gone(),
            Purpose::ListSessions => {
                let why = self.words.say("not-sent-lost").to_owned();
                return self.found_here(Found::Silent(why), &mut Vec::new());
            }
            // Nobody asked for these by hand.
            Purpose::Scroll(_) => return self.not_scrolled(),
            Purpose::Image(key) => return self.images.fail(*key),
            Purpose::Find(asked) => {
                let why = self.words.say("not-sent-lost").to_owned();
                return self.find_failed(*asked, why);
            }
            Purpose::Older(asked) => {
                let why = self.words.say("not-sent-lost").to_owned();
                return self.older_failed(*asked, why);
            }
            Purpose::Watch(ulid) => {
                let why = self.words.say("not-sent-lost").to_owned();
                return self.replay_failed(&ulid.clone(), why);
            }
            _ => {}
        }
        self.note_key("not-sent-lost");
    }

    pub(super) fn on_answer(
        &mut self,
        answer: Answer,
        mirrors: &impl Mirrors,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        if let Purpose::GoThere { .. } | Purpose::Editor { .. } = answer.purpose {
            self.gone();
        }
        let message = match answer.result {
            Ok(message) => message,
            Err(error) => {
                match answer.purpose {
                    Purpose::History(pane) => self.history_failed(pane),
                    // A server of before tells no marks, which is said when one is asked for.
                    Purpose::Marks(pane) => {
                        return self.on_marks(pane, Vec::new(), mirrors, now, effects);
                    }
                    Purpose::Watch(ulid) => return self.replay_failed(&ulid, error.to_string()),
                    Purpose::Find(asked) => return self.find_failed(asked, error.to_string()),
                    Purpose::Older(asked) => return self.older_failed(asked, error.to_string()),
                    Purpose::ListSessions => {
                        return self.found_here(Found::Silent(error.to_string()), effects);
                    }
                    Purpose::Preview(_) => return,
                    Purpose::Scroll(_) => return self.not_scrolled(),
                    // A server of before has none, and one that went on may have let it go.
                    Purpose::Image(key) => return self.images.fail(key),
                    _ => {}
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
            (
                Purpose::Editor { moves },
                Message::Done(Done { tab: Some(tab), pane: Some(pane), revision, .. }),
            ) => {
                self.editors.insert(pane);
                if moves == self.moves {
                    self.awaited = revision;
                    self.focus(tab, pane, effects);
                }
            }
            (Purpose::Preview(preview), Message::TextPage(page)) => {
                self.on_preview(&preview, &page);
            }
            (Purpose::Image(key), Message::ImagePage(page)) => {
                self.on_image_page(key, &page, effects);
            }
            (Purpose::Marks(pane), Message::MarksPage(page)) => {
                self.on_marks(pane, page.marks, mirrors, now, effects);
            }
            (Purpose::ListSessions, Message::Sessions(Sessions { sessions, .. })) => {
                self.found_here(Found::Sessions(sessions), effects);
            }
            (Purpose::StepSession { forward }, Message::Sessions(Sessions { sessions, .. })) => {
                self.step_session(&sessions, forward, effects);
            }
            (Purpose::PaletteSessions, Message::Sessions(Sessions { sessions, .. })) => {
                self.add_to_palette(&sessions);
            }
            (Purpose::SwitchThere, Message::Done(Done { session: Some(session), .. })) => {
                effects.push(Effect::Switch(session.to_string()));
            }
            (Purpose::Commands(which), Message::CommandsPage(page)) => {
                self.show_history(which, page);
            }
            (Purpose::Find(asked), message) => self.on_find(asked, message),
            (Purpose::Older(asked), message) => self.on_older(asked, message),
            (Purpose::Forgotten, Message::StretchForgotten(gone)) => self.tell_forgotten(&gone),
            (Purpose::ListClients, Message::Clients(clients)) => self.show_clients(&clients),
            (Purpose::Replay(start), Message::ReplayInfo(info)) => {
                self.begin_replay(info, start, now);
            }
            (Purpose::Watch(ulid), message) => self.on_replay_answer(&ulid, message),
            (Purpose::Scroll(pane), Message::HistoryPage(page)) => {
                self.on_scrolled(pane, &page, mirrors, effects);
            }
            (Purpose::History(pane), Message::HistoryPage(page)) => {
                self.on_history(pane, &page, now, effects);
            }
            _ => {}
        }
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
            self.note_key("no-other-session");
        } else {
            effects.push(Effect::Switch(next.to_string()));
        }
    }

    /// The first word of the server: it is done, or goes on whether anybody listens or not.
    fn tell_forgotten(&mut self, gone: &StretchForgotten) {
        self.drop_forgotten(gone);
        if !gone.done {
            self.note_key("forgetting");
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "it is shown in two digits or so")]
        let bytes = crate::top::size(gone.bytes as f64);
        self.note_with("forgotten", &[("bytes", &bytes), ("commands", &gone.commands)]);
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
            preview: None,
        };
        let entries = clients.clients.iter().filter(|info| info.session == session).map(entry);
        let entries = entries.collect();
        self.layers.push(Layer::List(List::new(self.words.say("title-detach"), entries, 0)));
    }
}
