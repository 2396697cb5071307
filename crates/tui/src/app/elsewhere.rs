//! Other machines: what is known of their sessions, and going there. Owns whose server is looked at and what
//! is forgotten of the one before; who is reached how is the loop's.

use std::time::Instant;

use ccc_client::proto::{Detached, SessionId, SessionInfo, Spawn, TabId, Watched, watched_tag};

use super::tree::session_name;
use super::{App, Effect, Link, ListKind, PaneId, Previews, images};
use crate::app::Layer;
use crate::predict::Predictor;

/// A machine by the name of its host; `None` is this one.
pub(crate) type Machine = Option<String>;

/// A session of some machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) machine: Machine,
    pub(super) session: SessionId,
}

/// What is known of a machine's sessions.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Found {
    /// They are asked for.
    Asked,
    /// It is reached by a command, which nobody runs but a person.
    NotAsked,
    Sessions(Vec<SessionInfo>),
    /// It does not answer, and why.
    Silent(String),
}

/// Another machine's server is looked at from now on.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) machine: Machine,
    /// What the server calls its machine.
    pub(crate) host: String,
    /// What new panes there are told of this client's world.
    pub(crate) spawn: Spawn,
}

impl App {
    /// Asks all machines for their sessions; each answers when it can.
    pub(super) fn ask_sessions(&mut self, effects: &mut Vec<Effect>) {
        self.found = vec![(self.machine.clone(), Found::Asked)];
        self.show_sessions(effects);
        let message = ccc_client::proto::ListSessions::default();
        effects.push(super::actions::request(message, super::Purpose::ListSessions));
        effects.push(Effect::AskElsewhere);
    }

    /// What is known of the machine that is looked at.
    pub(super) fn found_here(&mut self, found: Found, effects: &mut Vec<Effect>) {
        self.found_at(self.machine.clone(), found, effects);
    }

    pub(super) fn found_at(&mut self, machine: Machine, found: Found, effects: &mut Vec<Effect>) {
        match self.found.iter_mut().find(|(known, _)| *known == machine) {
            Some((_, known)) => *known = found,
            None => self.found.push((machine, found)),
        }
        if matches!(self.layers.last(), Some(Layer::List(list)) if list.kind == ListKind::Sessions)
        {
            self.renew_sessions(effects);
        }
    }

    /// Goes to a session, on whichever machine it is. What is typed meanwhile is meant for it.
    pub(super) fn go_to(
        &mut self,
        machine: Machine,
        target: String,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        if machine == self.machine {
            // Its sessions are not known yet: there is nowhere to go.
            if target.is_empty() {
                return;
            }
            self.forget_going();
            effects.push(Effect::Switch(target));
            return;
        }
        self.forget_going();
        let name = self.machine_name(&machine);
        let words = self.words.with("going-to", &[("name", &name)]);
        self.note(words.clone());
        self.on_the_way = Some(words);
        self.going(now);
        effects.push(Effect::Visit { machine, target });
    }

    /// Nobody is on the way any more, and the bar does not say so.
    fn forget_going(&mut self) {
        if let Some(words) = self.on_the_way.take() {
            self.take_back(&words);
            self.gone();
        }
    }

    /// Something was typed into this session because the other one took too long: whoever types here is not
    /// led away in the middle of a word.
    pub(super) fn stay(&mut self, effects: &mut Vec<Effect>) {
        if self.on_the_way.is_some() {
            self.forget_going();
            effects.push(Effect::Stay);
        }
    }

    /// The words for a machine: its host's name, or that it is this one.
    pub(super) fn machine_name(&self, machine: &Machine) -> String {
        machine.clone().unwrap_or_else(|| self.words.say("this-machine").to_owned())
    }

    /// The other server's word is awaited; nothing of the one before is true there.
    pub(super) fn arrive_at(&mut self, arrival: Arrival) {
        self.forget_going();
        if let Some(attached) = self.attached.take() {
            let machine = self.machine.clone();
            self.last_session = Some(Place { machine, session: attached.session });
        }
        self.machine = arrival.machine;
        self.host = arrival.host;
        self.spawn = Spawn { argv: Vec::new(), cwd: None, set_env: Vec::new(), ..arrival.spawn };
        self.leave_session();
        (self.tab, self.pane) = (TabId(0), PaneId(0));
        self.link = Link::default();
        self.moves += 1;
        self.editors.clear();
        self.uploads = super::upload::Uploads::default();
        self.going_to = None;
        self.previews = Previews::default();
        self.images = images::Images::default();
        // It counts the inputs of one attachment.
        self.predictor = Predictor::new(self.prediction());
    }

    pub(super) fn not_arrived(&mut self, machine: &Machine, why: &str, effects: &mut Vec<Effect>) {
        // There is no session any more to stay with.
        if let Some(ended) = self.ended.take() {
            effects.push(Effect::Quit(ended));
            return;
        }
        self.forget_going();
        let name = self.machine_name(machine);
        self.note_with("not-arrived", &[("name", &name), ("why", &why)]);
    }

    /// Goes back to the session before, if there is one: the one that was gone to is not there.
    pub(super) fn go_back(&mut self, detached: &Detached, effects: &mut Vec<Effect>) -> bool {
        let Some(last) = self.last_session.take() else { return false };
        self.note(detached.why.clone());
        self.attach_to(last, effects);
        true
    }

    /// A program said something on a machine that was left. What comes late from the one that is looked at by
    /// now is told by its attachment.
    pub(super) fn on_said_elsewhere(
        &mut self,
        machine: Machine,
        watched: &Watched,
        effects: &mut Vec<Effect>,
    ) {
        let (Some(session), Some(pane)) = (watched.session, watched.pane) else { return };
        if machine == self.machine {
            return;
        }
        // An older server does not tell the name.
        let name = watched.ext.find_text(watched_tag::SESSION_NAME).map(str::to_owned);
        let name = name.unwrap_or_else(|| session.to_string());
        let place = session_name(&machine, &name);
        self.keep_said_at(machine, session, &name, pane, &watched.text);
        if !watched.text.is_empty() {
            self.note(format!("[{place}] {}", watched.text));
            let (title, body) = (format!("[{place}]"), watched.text.clone());
            effects.push(Effect::Notify { title, body });
        }
    }

    /// Looks at a session when nothing is looked at.
    pub(super) fn attach_to(&self, place: Place, effects: &mut Vec<Effect>) {
        let target = place.session.to_string();
        effects.push(if place.machine == self.machine {
            Effect::Attach(target)
        } else {
            Effect::Visit { machine: place.machine, target }
        });
    }

    /// Forgets what is true of one session only.
    pub(super) fn leave_session(&mut self) {
        self.layers.clear();
        self.layout = None;
        self.awaited = 0;
        self.last_tab = None;
        self.panes_seen.clear();
        self.wants_you.clear();
        self.active.clear();
        self.failed.clear();
        self.offered = None;
    }
}
