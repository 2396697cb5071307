//! What a typed command does. Owns the way from commands to requests.

use std::time::Instant;

use ccc_client::input::wire_key;
use ccc_client::proto::{
    Ext, InputEvent, New, PaneBreak, PaneFloat, PaneSwap, PaneZoom, PresetLayout, Rename,
    ResizePane, SetRecording, Spawn, Split, TabMove, TabNew,
};
use ccc_vt::input::{Key, KeyEvent};

use super::Command;
use crate::app::actions::{ask, request};
use crate::app::{App, Confirm, Effect, Layer, Mirrors, Purpose};
use crate::keymap::Action;

impl App {
    pub(in crate::app) fn run_command(
        &mut self,
        command: Command,
        mirrors: &impl Mirrors,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        let ext = Ext::none();
        let (pane, tab) = (self.pane.to_string(), self.tab.to_string());
        match command {
            Command::Split { direction, cells, percent, argv } => {
                let split = Split {
                    target: pane,
                    direction,
                    cells,
                    percent,
                    background: false,
                    revision: 0,
                    spawn: self.spawn_of(argv),
                    ext,
                };
                self.ask_and_go(split, now, effects);
            }
            Command::TabNew { name, argv } => {
                let spawn = self.spawn_of(argv);
                let new = TabNew { target: pane, name, background: false, spawn, ext };
                self.ask_and_go(new, now, effects);
            }
            Command::TabSelect(which) => self.select_tab(&which, effects),
            Command::TabRename(name) => ask(Rename { target: tab, name, ext }, effects),
            Command::TabMove(to) => ask(TabMove { target: tab, to, ext }, effects),
            Command::TabClose => self.act(Action::CloseTab, mirrors, now, effects),
            Command::New { name, argv } => {
                let spawn = self.spawn_of(argv);
                let new = New { name, or_existing: false, ttl_ms: 0, spawn, ext };
                effects.push(request(new, Purpose::SwitchThere));
            }
            Command::Switch(name) => effects.push(Effect::Switch(name)),
            Command::Rename(name) => {
                if let Some(attached) = &self.attached {
                    ask(Rename { target: attached.session.to_string(), name, ext }, effects);
                }
            }
            Command::Detach => self.act(Action::Detach, mirrors, now, effects),
            Command::Kill => {
                if let Some(attached) = &self.attached {
                    self.layers.push(Layer::Confirm(Confirm::KillSession(attached.session)));
                }
            }
            Command::Restart => self.act(Action::RestartPane, mirrors, now, effects),
            Command::PaneSelect(number) => self.select_pane(number, effects),
            Command::PaneResize { side, cells } => self.resize(side, cells, effects),
            Command::PaneSwap(with) => {
                ask(PaneSwap { target: pane, with, other: String::new(), ext }, effects);
            }
            Command::PaneZoom(zoom) => ask(PaneZoom { target: pane, zoom, ext }, effects),
            Command::PaneFloat(float) => ask(PaneFloat { target: pane, float, ext }, effects),
            Command::PaneBreak(name) => {
                let out = PaneBreak { target: pane, name, background: false, ext };
                self.ask_and_go(out, now, effects);
            }
            Command::PaneClose => self.act(Action::ClosePane, mirrors, now, effects),
            Command::Layout(preset) => ask(PresetLayout { target: tab, preset, ext }, effects),
            Command::Resize(size) => ask(ResizePane { target: pane, size, ext }, effects),
            Command::Send { text, enter } => {
                let mut events = vec![InputEvent::text(&text)];
                if enter {
                    events.push(InputEvent::key(&wire_key(&KeyEvent::from(Key::Enter))));
                }
                self.type_in(events, effects);
            }
            Command::Forward(plan) => self.forward(plan, effects),
            Command::Record(set) => ask(SetRecording { target: pane, set, ext }, effects),
            Command::Forget(last) => {
                self.layers.push(Layer::Confirm(Confirm::Forget { pane: self.pane, last }));
            }
            Command::Interrupt => {
                if self.writable() {
                    effects.push(Effect::Interrupt(self.pane));
                }
            }
        }
    }

    fn spawn_of(&self, argv: Vec<String>) -> Spawn {
        let argv = argv.into_iter().map(String::into_bytes).collect();
        Spawn { argv, ..self.spawn_here() }
    }
}
