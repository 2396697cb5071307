//! What each action does. Owns the mapping from actions to effects; keys lead here, and so does the
//! palette.

use std::time::Instant;

use ccc_client::input::wire_key;
use ccc_client::proto::{
    DetachClient, Direction, Ext, ForgetStretch, Forgetting, InputEvent, Kill, ListClients,
    ListSessions, Message, PaneBreak, PaneClose, PaneFloat, PaneId, PaneResize, PaneState,
    PaneSwap, PaneZoom, PresetLayout, Rename, Restart, Spawn, Split, SwapWith, TabClose, TabNew,
    Toggle,
};

use super::{
    App, Choice, Confirm, Effect, Entry, Layer, Line, List, Mirrors, Outcome, Prompt, PromptFor,
    Purpose, Scroll, Which,
};
use crate::keymap::{Action, Group, KeyMode};
use crate::replay::Start;

/// Bytes of a paste in one message.
const PASTE_PIECE: usize = 32 * 1024;
/// Cells that a border moves by a far step.
const FAR: u16 = 5;

impl App {
    pub(super) fn on_action(
        &mut self,
        action: Action,
        mirrors: &impl Mirrors,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        if self.act_on_layer(action, mirrors, now, effects) {
            return;
        }
        match action {
            Action::SplitRight => self.split(Direction::RIGHT, now, effects),
            Action::SplitDown => self.split(Direction::DOWN, now, effects),
            Action::FocusLeft => self.focus_side(Direction::LEFT, effects),
            Action::FocusRight => self.focus_side(Direction::RIGHT, effects),
            Action::FocusUp => self.focus_side(Direction::UP, effects),
            Action::FocusDown => self.focus_side(Direction::DOWN, effects),
            Action::FocusNext => self.focus_next(effects),
            Action::FocusLast => self.focus_last(effects),
            Action::FocusPane(digit) => {
                self.layers.pop();
                self.focus_pane_number(digit, effects);
            }
            Action::ShowNumbers => self.layers.push(Layer::Numbers),
            Action::ResizeLeft => self.resize(Direction::LEFT, 1, effects),
            Action::ResizeRight => self.resize(Direction::RIGHT, 1, effects),
            Action::ResizeUp => self.resize(Direction::UP, 1, effects),
            Action::ResizeDown => self.resize(Direction::DOWN, 1, effects),
            Action::ResizeLeftFar => self.resize(Direction::LEFT, FAR, effects),
            Action::ResizeRightFar => self.resize(Direction::RIGHT, FAR, effects),
            Action::ResizeUpFar => self.resize(Direction::UP, FAR, effects),
            Action::ResizeDownFar => self.resize(Direction::DOWN, FAR, effects),
            Action::Zoom => {
                let target = self.pane.to_string();
                ask(PaneZoom { target, zoom: Toggle::TOGGLE, ext: Ext::none() }, effects);
            }
            Action::SwapPrevious => self.swap(SwapWith::PREVIOUS, effects),
            Action::SwapNext => self.swap(SwapWith::NEXT, effects),
            Action::BreakPane => {
                let target = self.pane.to_string();
                let name = String::new();
                let message = PaneBreak { target, name, background: false, ext: Ext::none() };
                self.ask_and_go(message, now, effects);
            }
            Action::Float => {
                let target = self.pane.to_string();
                ask(PaneFloat { target, float: Toggle::TOGGLE, ext: Ext::none() }, effects);
            }
            Action::NextLayout => {
                let target = self.tab.to_string();
                ask(PresetLayout { target, preset: String::new(), ext: Ext::none() }, effects);
            }
            Action::ClosePane => self.close_pane(effects),
            Action::RestartPane => {
                let target = self.pane.to_string();
                let spawn = self.spawn.clone();
                ask(Restart { target, spawn, ext: Ext::none() }, effects);
            }
            Action::NewTab => self.new_tab(now, effects),
            Action::NextTab => self.step_tab(1, effects),
            Action::PreviousTab => self.step_tab(-1, effects),
            Action::LastTab => self.focus_last_tab(effects),
            Action::SelectTab(digit) => self.focus_tab_number(digit, effects),
            Action::RenameTab => {
                let name = self.current_tab().map(|tab| tab.name.clone()).unwrap_or_default();
                self.ask_line("prompt-rename-tab", &name, PromptFor::RenameTab(self.tab));
            }
            Action::CloseTab => self.layers.push(Layer::Confirm(Confirm::CloseTab(self.tab))),
            Action::ListTabs => self.list_tabs(effects),
            Action::Inbox => self.show_inbox(),
            Action::ListSessions => self.ask_sessions(effects),
            Action::LastSession => match self.last_session.clone() {
                Some(last) => self.go_to(last.machine, last.session.to_string(), now, effects),
                None => self.note_key("no-last-session"),
            },
            Action::RenameSession => {
                if let Some(attached) = &self.attached {
                    let session = attached.session;
                    let name = self.layout.as_ref().map(|l| l.name.clone()).unwrap_or_default();
                    self.ask_line(
                        "prompt-rename-session",
                        &name,
                        PromptFor::RenameSession(session),
                    );
                }
            }
            Action::PreviousSession | Action::NextSession => {
                let forward = action == Action::NextSession;
                let message = ListSessions::default();
                effects.push(request(message, Purpose::StepSession { forward }));
            }
            Action::Detach => {
                let name = self.layout.as_ref().map_or("", |layout| layout.name.as_str());
                let words = self.words.with("detached", &[("name", &name)]);
                effects.push(Effect::Quit(Outcome::Detached(words)));
            }
            Action::DetachOthers => {
                effects.push(request(ListClients::default(), Purpose::ListClients));
            }
            Action::ScrollMode => self.enter_scroll(self.pane, mirrors, effects),
            Action::ScrollModeUp => {
                self.enter_scroll(self.pane, mirrors, effects);
                self.act_on_layer(Action::PageUp, mirrors, now, effects);
            }
            Action::Search => {
                self.enter_scroll(self.pane, mirrors, effects);
                self.ask_search(false);
            }
            Action::Paste => match self.copied.as_str() {
                "" => self.note_key("nothing-copied"),
                text => {
                    for event in paste_pieces(text) {
                        self.type_in(vec![event], effects);
                    }
                }
            },
            Action::PasteImage => self.paste_image(effects),
            Action::History => self.ask_history(Which::All, effects),
            Action::Forget => {
                self.ask_line("prompt-forget", "", PromptFor::Forget(self.pane));
            }
            Action::Find => self.show_find(),
            Action::Replay => self.ask_replay(self.pane.to_string(), Start::End, effects),
            Action::Help => self.show_help(),
            Action::Palette => self.show_palette(effects),
            Action::Hints => self.show_hints(mirrors),
            Action::ReloadConfig => effects.push(Effect::ReadConfig),
            Action::Suspend => effects.push(Effect::Suspend),
            Action::SendPrefix => {
                let prefix = self.keymap.prefix().clone();
                self.type_in(vec![InputEvent::key(&wire_key(&prefix))], effects);
            }
            // What is left belongs to layers, and does nothing without one.
            _ => {}
        }
    }

    /// Gives the action to the layer on top. Whether it took it.
    fn act_on_layer(
        &mut self,
        action: Action,
        mirrors: &impl Mirrors,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) -> bool {
        match (self.layers.last_mut(), action) {
            (None, _) => false,
            (Some(Layer::Scroll(_)), Action::Hints) => false,
            (Some(Layer::Scroll(_)), _) => self.act_in_scroll(action, mirrors, now, effects),
            (Some(Layer::Replay(_)), _) => self.act_in_replay(action, now),
            (Some(Layer::Find(_)), _) => self.act_in_find(action, effects),
            (Some(_), Action::Cancel) => {
                let below = self.layers.pop();
                if let Some(Layer::Prompt(Prompt { what_for: PromptFor::Search { .. }, .. })) =
                    below
                {
                    self.search_cancelled();
                }
                true
            }
            (Some(Layer::Confirm(Confirm::Upload)), Action::Accept | Action::PasteAsText) => {
                self.layers.pop();
                self.answer_upload(action == Action::PasteAsText, effects);
                true
            }
            (Some(Layer::Confirm(confirm)), Action::Accept) => {
                let confirm = confirm.clone();
                self.layers.pop();
                confirmed(confirm, effects);
                true
            }
            (Some(Layer::List(_)), Action::Accept) => {
                if let Some(Layer::List(list)) = self.layers.pop()
                    && let Some(choice) = list.chosen()
                {
                    self.choose(choice, mirrors, now, effects);
                }
                true
            }
            (
                Some(Layer::List(_)),
                Action::MatchMode
                | Action::OnlyFailed
                | Action::RunAgain
                | Action::GoToCommand
                | Action::ForgetCommand,
            ) => {
                self.act_in_history(action, now, effects);
                true
            }
            (Some(Layer::List(list)), action) => {
                list.act(action);
                self.list_changed(effects);
                true
            }
            (Some(Layer::Prompt(_)), Action::Accept) => {
                if let Some(Layer::Prompt(prompt)) = self.layers.pop() {
                    self.entered(prompt, effects);
                }
                true
            }
            (Some(Layer::Prompt(prompt)), action) => {
                if prompt.line.edit(action) {
                    self.search_as_typed(mirrors, now, effects);
                }
                true
            }
            (Some(_), _) => false,
        }
    }

    /// Another entry is chosen, or the filter changed.
    pub(super) fn list_changed(&mut self, effects: &mut Vec<Effect>) {
        self.palette_typed();
        self.want_older(effects);
        self.want_preview(effects);
    }

    fn choose(
        &mut self,
        choice: Choice,
        mirrors: &impl Mirrors,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        match choice {
            Choice::Session(session) => effects.push(Effect::Switch(session.to_string())),
            Choice::There { machine, target } => self.go_to(machine, target, now, effects),
            Choice::Tab(tab) => self.focus_tab(tab, effects),
            Choice::Pane { tab, pane } => self.focus(tab, pane, effects),
            Choice::Said { machine, session, pane } => {
                self.go_to_said(machine, session, pane, now, effects);
            }
            Choice::Client(client) => {
                let target = String::new();
                let ext = Ext::none();
                ask(DetachClient { client: Some(client), target, but: None, ext }, effects);
            }
            Choice::Ran(command) => self.paste_command(&command, mirrors, effects),
            Choice::Action(action) => self.act(action, mirrors, now, effects),
            Choice::Command(command) => match *command {
                Ok(command) => self.run_command(command, mirrors, now, effects),
                Err(usage) => self.note_with("palette-usage", &[("usage", &usage)]),
            },
        }
    }

    fn entered(&mut self, prompt: Prompt, effects: &mut Vec<Effect>) {
        let name = prompt.line.text().to_owned();
        let target = match prompt.what_for {
            PromptFor::RenameTab(tab) => tab.to_string(),
            PromptFor::RenameSession(session) => session.to_string(),
            // It was searched while it was typed.
            PromptFor::Search { .. } => return self.search_done(),
            PromptFor::Forget(pane) => return self.forget_typed(pane, &name),
        };
        ask(Rename { target, name, ext: Ext::none() }, effects);
    }

    fn ask_line(&mut self, key: &str, text: &str, what_for: PromptFor) {
        let label = self.words.say(key).to_owned();
        self.layers.push(Layer::Prompt(Prompt { label, line: Line::new(text), what_for }));
    }

    pub(super) fn ask_search(&mut self, forward: bool) {
        let key = if forward { "prompt-search-forward" } else { "prompt-search-backward" };
        self.ask_line(key, "", PromptFor::Search { forward });
    }

    pub(super) fn ask_and_go(
        &mut self,
        message: impl Into<Message>,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        self.going(now);
        effects.push(request(message, Purpose::GoThere { moves: self.moves }));
    }

    /// What a new pane is told; its size is the place it gets.
    pub(super) fn spawn_here(&self) -> Spawn {
        Spawn { size: self.layout_area(), ..self.spawn.clone() }
    }

    fn split(&mut self, direction: Direction, now: Instant, effects: &mut Vec<Effect>) {
        let message = Split {
            target: self.pane.to_string(),
            direction,
            cells: 0,
            percent: 0,
            background: false,
            // Hands that type ahead mean the pane they see, whatever the layout became meanwhile.
            revision: 0,
            spawn: self.spawn_here(),
            ext: Ext::none(),
        };
        self.ask_and_go(message, now, effects);
    }

    fn new_tab(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        let message = TabNew {
            target: self.pane.to_string(),
            name: String::new(),
            background: false,
            spawn: self.spawn_here(),
            ext: Ext::none(),
        };
        self.ask_and_go(message, now, effects);
    }

    pub(super) fn resize(&self, direction: Direction, cells: u16, effects: &mut Vec<Effect>) {
        self.resize_pane(self.pane, direction, cells, effects);
    }

    pub(super) fn resize_pane(
        &self,
        pane: PaneId,
        direction: Direction,
        cells: u16,
        effects: &mut Vec<Effect>,
    ) {
        let target = pane.to_string();
        ask(PaneResize { target, direction, cells, ext: Ext::none() }, effects);
    }

    fn swap(&self, with: SwapWith, effects: &mut Vec<Effect>) {
        let target = self.pane.to_string();
        ask(PaneSwap { target, with, other: String::new(), ext: Ext::none() }, effects);
    }

    /// A running program is asked about; one that has ended has nothing to lose.
    fn close_pane(&mut self, effects: &mut Vec<Effect>) {
        let runs = self.wire_pane(self.pane).is_some_and(|pane| pane.state == PaneState::RUNNING);
        if runs {
            self.layers.push(Layer::Confirm(Confirm::ClosePane(self.pane)));
        } else {
            confirmed(Confirm::ClosePane(self.pane), effects);
        }
    }

    fn enter_scroll(&mut self, pane: PaneId, mirrors: &impl Mirrors, effects: &mut Vec<Effect>) {
        if let Some(mirror) = mirrors.mirror(pane) {
            let scroll = Scroll::new(pane, mirror);
            effects.extend(scroll.older());
            effects.push(scroll.ask_marks());
            self.layers.push(Layer::Scroll(Box::new(scroll)));
        }
    }

    pub(super) fn enter_scroll_at(
        &mut self,
        pane: PaneId,
        mirrors: &impl Mirrors,
        effects: &mut Vec<Effect>,
    ) {
        if !matches!(self.layers.last(), Some(Layer::Scroll(scroll)) if scroll.pane() == pane) {
            self.enter_scroll(pane, mirrors, effects);
        }
    }

    fn show_help(&mut self) {
        let mut entries = Vec::new();
        // What the keys do here is asked first.
        let here = match self.key_mode() {
            KeyMode::Replay => Some(Group::Replay),
            KeyMode::Scroll => Some(Group::Scroll),
            _ => None,
        };
        let others = Group::ALL.into_iter().filter(|group| Some(*group) != here);
        for group in here.into_iter().chain(others) {
            for mode in KeyMode::ALL {
                for (keys, action) in self.keymap.bindings(mode) {
                    if action.group() != group {
                        continue;
                    }
                    let keys = match mode {
                        KeyMode::Prefix => format!("{} {keys}", self.keymap.prefix()),
                        _ => keys,
                    };
                    let about = self.words.doc(action);
                    let doc = match (mode, action.is_available()) {
                        (_, false) => self.words.with("help-later", &[("doc", &about)]),
                        (KeyMode::Root | KeyMode::Prefix, true) => about.to_owned(),
                        (mode, true) => format!("{about} ({})", mode.name()),
                    };
                    let columns = vec![keys, doc, action.name().to_owned()];
                    let choice = Choice::Action(action);
                    entries.push(Entry { columns, choice, preview: None });
                }
            }
        }
        self.layers
            .push(Layer::List(List::new(self.words.say("title-help"), entries, 0).named_by(2)));
    }
}

/// A paste of any length, in pieces that fit into a message each; it is one for the program.
pub(super) fn paste_pieces(text: &str) -> Vec<InputEvent> {
    if text.len() <= PASTE_PIECE {
        return vec![InputEvent::paste(text)];
    }
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(rest.floor_char_boundary(PASTE_PIECE));
        pieces.push(InputEvent::paste_piece(piece, rest.len() == text.len(), behind.is_empty()));
        rest = behind;
    }
    pieces
}

fn confirmed(confirm: Confirm, effects: &mut Vec<Effect>) {
    match confirm {
        Confirm::ClosePane(pane) => {
            ask(PaneClose { target: pane.to_string(), ext: Ext::none() }, effects);
        }
        Confirm::CloseTab(tab) => {
            ask(TabClose { target: tab.to_string(), ext: Ext::none() }, effects);
        }
        Confirm::KillSession(session) => {
            ask(Kill { target: session.to_string(), signal: 0, ext: Ext::none() }, effects);
        }
        Confirm::Forget { pane, last } => {
            let (what, from) = match last {
                Some(ms) => (Forgetting::LAST, ms),
                None => (Forgetting::COMMAND, 0),
            };
            let forget =
                ForgetStretch { target: pane.to_string(), what, from, to: 0, ext: Ext::none() };
            effects.push(request(forget, Purpose::Forgotten));
        }
        Confirm::ForgetRun(command) => {
            let forget = ForgetStretch {
                target: command.ulid,
                what: Forgetting::COMMAND,
                from: command.mark,
                to: 0,
                ext: Ext::none(),
            };
            effects.push(request(forget, Purpose::Forgotten));
        }
        // It is answered where it was asked.
        Confirm::Upload => {}
    }
}

pub(super) fn request(message: impl Into<Message>, purpose: Purpose) -> Effect {
    Effect::Request { message: Box::new(message.into()), purpose }
}

pub(super) fn ask(message: impl Into<Message>, effects: &mut Vec<Effect>) {
    effects.push(request(message, Purpose::Tell));
}
