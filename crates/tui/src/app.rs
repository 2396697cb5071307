//! What the full-screen client knows and decides: `update(event) → effects`. Owns the state and the order in
//! which an event is taken in; what each part decides stands beside it. Does no I/O, draws nothing and asks for
//! no time: they come as arguments.

mod actions;
mod client;
mod editor;
mod effect;
mod elsewhere;
mod event;
mod find;
mod focus;
mod forward;
mod hints;
mod history;
mod images;
mod inbox;
mod input;
mod keys;
mod layer;
mod line;
mod list;
mod mouse;
mod notes;
mod older;
mod palette;
mod pointing;
mod raw;
mod replay;
mod scroll;
mod settings;
mod start;
#[cfg(test)]
mod tests;
mod tree;
mod typing;
mod upload;

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::{Duration, Instant};

use ccc_client::proto::{
    Attached, Layout, PaneId, PaneState, Spawn, TabId, WirePane, WireSize, WireTab,
};
use ccc_client::{Attachment, Carrier, Mirror};
use ccc_vt::Size;
use ccc_vt::input::KeyEvent;

pub use self::effect::Outcome;
pub(crate) use self::effect::{Answer, Effect, Purpose};
pub(crate) use self::elsewhere::{Arrival, Found, Machine};
pub(crate) use self::event::Event;
pub(crate) use self::find::{FindEntry, FindState, Finding};
pub(crate) use self::focus::leaves;
pub(crate) use self::forward::Forwarded;
pub(crate) use self::hints::Hints;
pub(crate) use self::history::{Which, short};
pub(crate) use self::images::Images;
pub(crate) use self::layer::{Choice, Confirm, Entry, Layer, Prompt, PromptFor};
pub(crate) use self::line::Line;
pub(crate) use self::list::{List, ListKind, Matching, first_shown};
use self::notes::Notes;
pub(crate) use self::older::{Older, OlderState};
pub(crate) use self::palette::Command;
pub(crate) use self::pointing::Pointed;
pub(crate) use self::replay::Watching;
pub(crate) use self::scroll::{Scroll, SelectionKind, Spot};
pub(crate) use self::tree::{Preview, Previews};
use self::typing::Typing;
pub(crate) use self::upload::{LocalFile, NoImage, Upload, UploadNews};
use crate::config::Settings;
use crate::image::Graphics;
use crate::keymap::{Action, KeyMode, Keymap};
use crate::predict::{Prediction, Predictor};
use crate::stdin::StdinEvent;
use crate::theme::Theme;
use crate::words::Words;

/// Where the pictures of panes come from.
pub(crate) trait Mirrors {
    fn mirror(&self, pane: PaneId) -> Option<&Mirror>;
}

impl Mirrors for Attachment {
    fn mirror(&self, pane: PaneId) -> Option<&Mirror> {
        Self::mirror(self, pane)
    }
}

/// How the link looks in the bar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Link {
    /// Since when it is lost, and why.
    pub(crate) lost: Option<(Instant, String)>,
    pub(crate) round_trip: Option<Duration>,
    /// Whole seconds for which nothing came, when something should have.
    pub(crate) silent: Option<u64>,
    /// What carries it.
    pub(crate) carrier: Option<Carrier>,
    /// Inputs that were on their way when a link was lost.
    pub(crate) unsure: u64,
}

#[derive(Debug)]
pub(crate) struct App {
    pub(crate) size: Size,
    pub(crate) bar: bool,
    pub(crate) keymap: Keymap,
    pub(crate) settings: Settings,
    pub(crate) theme: Theme,
    pub(crate) words: &'static Words,
    /// Whether the outer terminal has a dark background, once it said so.
    dark: Option<bool>,
    /// The user wants no colour in the chrome.
    no_color: bool,
    /// The command line asked for no bar, whatever the file says, when this is false.
    bar_allowed: bool,
    pub(crate) attached: Option<Attached>,
    pub(crate) layout: Option<Layout>,
    pub(crate) tab: TabId,
    pub(crate) pane: PaneId,
    /// Counts the moves of the focus.
    moves: u64,
    last_tab: Option<TabId>,
    /// The pane that had the focus in each tab, and the one before it.
    panes_seen: HashMap<TabId, (PaneId, Option<PaneId>)>,
    last_session: Option<elsewhere::Place>,
    /// Whose server is looked at.
    pub(crate) machine: Machine,
    /// Somebody is on the way to another one; what the bar says of it.
    on_the_way: Option<String>,
    /// What is known of sessions, machine by machine, since somebody asked.
    found: Vec<(Machine, Found)>,
    /// How to leave when the session looked at has ended and the last one cannot be looked at either.
    ended: Option<Outcome>,
    pub(crate) layers: Vec<Layer>,
    /// Keys of a binding that is not complete yet, the prefix among them.
    pub(crate) open_keys: Vec<KeyEvent>,
    /// When the first of the open keys came.
    opened: Option<Instant>,
    /// The keys that can follow are shown.
    pub(crate) keys_shown: bool,
    /// Until when the prefix stays open after an action that repeats.
    repeat_until: Option<Instant>,
    pub(crate) link: Link,
    pub(crate) host: String,
    uploads: upload::Uploads,
    notes: Notes,
    /// Panes out of sight whose bell rang.
    pub(crate) wants_you: HashSet<PaneId>,
    /// Panes out of sight that printed something.
    pub(crate) active: HashSet<PaneId>,
    /// A command failed in them since they were seen.
    pub(crate) failed: HashSet<PaneId>,
    /// What was said out of sight, newest first.
    pub(crate) inbox: VecDeque<inbox::Item>,
    /// The time of day when the last event came.
    pub(crate) clock: String,
    /// The time since 1970, as of the last event.
    pub(crate) wall: Duration,
    going_to: Option<history::Going>,
    /// The port on which a program of the session listens, as the server told last.
    offered: Option<u16>,
    /// What the bar says of it.
    offer: String,
    /// Questions so far that are answered bit by bit.
    asked_finds: u64,
    /// Recordings that were looked at so far.
    watched: u64,
    pub(crate) previews: Previews,
    /// What the outer terminal shows of images.
    pub(crate) graphics: Graphics,
    pub(crate) images: Images,
    /// What was copied last, inside this client.
    copied: String,
    pointer: mouse::Pointer,
    /// One pane is shown in the outer terminal's own screen.
    pub(crate) raw: Option<raw::Raw>,
    /// One pane at a time and text alone.
    pub(crate) plain: bool,
    /// The outer terminal takes nothing at this moment.
    pub(crate) behind: bool,
    /// The outer terminal has the focus; one that does not tell has it always.
    has_focus: bool,
    clicks: mouse::Clicks,
    /// What a new pane is told of this client's world.
    spawn: Spawn,
    shows_hint: bool,
    /// How to select without this client was said.
    told_native: bool,
    pub(crate) predictor: Predictor,
    /// What was asked for at the start; the settings decide otherwise.
    asked_prediction: Option<Prediction>,
    /// Panes that hold an editor of ours.
    editors: HashSet<PaneId>,
    typing: Typing,
    /// The layout that an answer told of: older ones do not know the pane that has the focus.
    awaited: u64,
}

impl App {
    /// Whether the time of day is to be seen.
    pub(crate) const fn shows_clock(&self) -> bool {
        self.bar && !self.plain
    }

    /// Takes one event in and says what is to be done.
    pub(crate) fn update(
        &mut self,
        event: Event,
        mirrors: &impl Mirrors,
        now: Instant,
    ) -> Vec<Effect> {
        self.expire(now);
        self.judge(mirrors, now);
        let mut effects = Vec::new();
        let before = self.pane;
        let looked = self.looks_for_older();
        match event {
            Event::Stdin(event) => self.hold(event),
            Event::Client(event) => self.on_client(event, now, &mut effects),
            Event::Answer(answer) => self.on_answer(answer, mirrors, now, &mut effects),
            Event::Resized(size) => {
                self.size = size;
                effects.push(Effect::Size(self.layout_area()));
            }
            Event::Config(Ok(settings)) => self.take_settings(*settings, &mut effects),
            Event::Config(Err(why)) => self.note_with("config-kept", &[("why", &why)]),
            Event::Elsewhere { machine, found } => self.found_at(machine, found, &mut effects),
            Event::SaidElsewhere { machine, watched } => {
                self.on_said_elsewhere(machine, &watched, &mut effects);
            }
            Event::Arrived(arrival) => self.arrive_at(arrival),
            Event::NotArrived { machine, why } => self.not_arrived(&machine, &why, &mut effects),
            Event::Looked { pane, text, files } => {
                self.on_looked(pane, text, files, &mut effects);
            }
            Event::Image { pane, image } => self.on_image(pane, image, &mut effects),
            Event::Upload(news) => self.on_upload(news, &mut effects),
            Event::Kept(path) => self.edit_kept(&path, now, &mut effects),
            Event::Forwarded(forwarded) => self.on_forwarded(&forwarded),
            Event::Tick => {}
        }
        while let Some(event) = self.next_typed() {
            let typed = matches!(event, StdinEvent::Key(_) | StdinEvent::Paste(_));
            let before = effects.len();
            self.on_stdin(event, mirrors, now, &mut effects);
            let is_input = |effect: &Effect| matches!(effect, Effect::Input { .. });
            if typed && effects[before..].iter().any(is_input) {
                self.stay(&mut effects);
            }
        }
        self.arrive(mirrors, &mut effects);
        if looked && !self.lists_history() {
            effects.push(Effect::StopFinding);
        }
        self.tell_focus(before, &mut effects);
        self.scroll_raw(mirrors, &mut effects);
        self.replay_on(now, &mut effects);
        // A message that came in now is shown from now on.
        self.expire(now);
        effects
    }

    /// Holds what was guessed against what is true by now.
    fn judge(&mut self, mirrors: &impl Mirrors, now: Instant) {
        match mirrors.mirror(self.pane) {
            Some(mirror) => {
                self.predictor.judge(mirror, self.link.round_trip.unwrap_or_default(), now);
            }
            // Guesses are about a pane that is not looked at now.
            None => self.predictor.forget(),
        }
    }

    /// The area for panes: all but the bar.
    pub(crate) fn layout_area(&self) -> WireSize {
        let rows = if self.bar && self.size.rows > 1 { self.size.rows - 1 } else { self.size.rows };
        WireSize { cols: self.size.cols, rows }
    }

    pub(crate) fn current_tab(&self) -> Option<&WireTab> {
        self.layout.as_ref()?.tabs.iter().find(|tab| tab.tab == self.tab)
    }

    pub(crate) fn wire_pane(&self, pane: PaneId) -> Option<&WirePane> {
        self.layout.as_ref()?.panes.iter().find(|known| known.pane == pane)
    }

    fn pane_ended(&self, pane: PaneId) -> bool {
        self.wire_pane(pane)
            .is_some_and(|pane| matches!(pane.state, PaneState::EXITED | PaneState::ENDED))
    }

    /// In which table keys are looked up.
    pub(crate) fn key_mode(&self) -> KeyMode {
        match self.layers.last() {
            Some(Layer::Scroll(_)) => KeyMode::Scroll,
            Some(Layer::Numbers) => KeyMode::Numbers,
            Some(Layer::Hints(_)) => KeyMode::Hints,
            Some(Layer::Confirm(_)) => KeyMode::Confirm,
            Some(Layer::List(_) | Layer::Find(_)) => KeyMode::List,
            Some(Layer::Prompt(_)) => KeyMode::Prompt,
            Some(Layer::Replay(watching)) if watching.player.is_typed() => KeyMode::Prompt,
            Some(Layer::Replay(_)) => KeyMode::Replay,
            None if self.pane_ended(self.pane) => KeyMode::Ended,
            None => KeyMode::Root,
        }
    }

    /// Whether the hint of the first minute is shown: until the prefix was used.
    pub(crate) const fn shows_hint(&self) -> bool {
        self.shows_hint
    }

    /// When something changes by itself next.
    pub(crate) fn next_deadline(&self, now: Instant) -> Option<Instant> {
        let note = self.notes.until();
        // While the link is lost the bar counts seconds.
        let counting = self.link.lost.as_ref().map(|(since, _)| {
            let passed = now.saturating_duration_since(*since).as_secs() + 1;
            *since + Duration::from_secs(passed)
        });
        let going = self.typing.until();
        let keys = self.opened.filter(|_| !self.keys_shown).map(|at| at + self.settings.hint_delay);
        let replay = self.layers.iter().find_map(|layer| match layer {
            Layer::Replay(watching) => watching.player.next_deadline(),
            _ => None,
        });
        let guess = self.predictor.next_deadline(self.link.round_trip.unwrap_or_default());
        [note, counting, self.repeat_until, going, keys, replay, guess].into_iter().flatten().min()
    }

    fn expire(&mut self, now: Instant) {
        self.typing.expire(now);
        if self.repeat_until.is_some_and(|until| until <= now) {
            self.repeat_until = None;
            self.open_keys.clear();
        }
        self.keys_shown |= self.opened.is_some_and(|at| at + self.settings.hint_delay <= now);
        self.notes.expire(now);
    }

    fn act(
        &mut self,
        action: Action,
        mirrors: &impl Mirrors,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        if self.raw.is_some() && !Self::is_for_raw(action) {
            effects.push(Effect::Bell);
        } else if action.is_available() {
            self.on_action(action, mirrors, now, effects);
        } else {
            self.note_with("not-yet", &[("name", &action.name())]);
        }
    }
}
