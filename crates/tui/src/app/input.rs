//! What hands and the outer terminal tell, on its way: to keys, to the mouse, to the layer on top, or to the
//! program in focus. Owns where a paste goes, and that programs hear of the focus.

use std::time::Instant;

use ccc_client::input::Typed;
use ccc_client::proto::{InputEvent, PaneId};

use super::{App, Effect, Layer, Mirrors, mouse};
use crate::stdin::StdinEvent;

impl App {
    /// Input went out: what it will lead to is guessed. Whether the picture is another one now.
    pub(crate) fn guess(
        &mut self,
        pane: PaneId,
        number: u64,
        typed: &[Typed],
        mirrors: &impl Mirrors,
        now: Instant,
    ) -> bool {
        // A screen reader would read each guess and each truth; what is drawn on the terminal's own screen
        // goes to its scrollback.
        let guesses = pane == self.pane && !self.plain && self.raw.is_none();
        if let Some(mirror) = mirrors.mirror(pane).filter(|_| guesses) {
            let round_trip = self.link.round_trip.unwrap_or_default();
            self.predictor.typed(mirror, number, typed, round_trip, now);
        }
        self.predictor.is_shown()
    }

    /// Programs that ask for it hear that the focus left or came, whether it was the terminal's or moved
    /// between panes.
    pub(super) fn tell_focus(&self, before: PaneId, effects: &mut Vec<Effect>) {
        if before == self.pane || !self.has_focus || !self.writable() {
            return;
        }
        // Between the move and whatever was typed behind it.
        let moved = |effect: &Effect| matches!(effect, Effect::Select { .. });
        let place = effects.iter().position(moved).map_or(0, |place| place + 1);
        let told = |pane, gained| Effect::Input { pane, events: vec![InputEvent::focus(gained)] };
        let left = self.wire_pane(before).map(|_| told(before, false));
        effects.splice(place..place, left.into_iter().chain([told(self.pane, true)]));
    }

    pub(super) fn on_stdin(
        &mut self,
        event: StdinEvent,
        mirrors: &impl Mirrors,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        match event {
            StdinEvent::Key(key) => self.on_key(&key, mirrors, now, effects),
            StdinEvent::Mouse(event) => self.on_mouse(event, mirrors, now, effects),
            StdinEvent::Paste(chunk) => match self.layers.last_mut() {
                Some(Layer::Prompt(prompt)) => prompt.line.insert(&chunk.text),
                Some(Layer::Replay(watching)) => {
                    if let Some(line) = watching.player.typed() {
                        line.insert(&chunk.text);
                    }
                }
                Some(Layer::Find(_)) => self.find_typed(&chunk.text, effects),
                Some(Layer::List(list)) => {
                    list.filter(&chunk.text);
                    self.list_changed(effects);
                }
                Some(_) => {}
                None => {
                    if self.look_at_paste(&chunk, effects) {
                        // What is typed behind it waits until it is known what it is.
                        return self.going(now);
                    }
                    let event = match (chunk.first, chunk.last) {
                        (true, true) => InputEvent::paste(&chunk.text),
                        (first, last) => InputEvent::paste_piece(&chunk.text, first, last),
                    };
                    self.type_in(vec![event], effects);
                }
            },
            StdinEvent::Focus(gained) => {
                self.has_focus = gained;
                self.type_in(vec![InputEvent::focus(gained)], effects);
            }
            StdinEvent::Reply(reply) => self.on_reply(&reply),
            StdinEvent::Unknown(_) => {}
        }
    }

    /// Sends input to the pane in focus.
    pub(super) fn type_in(&self, events: Vec<InputEvent>, effects: &mut Vec<Effect>) {
        if self.writable() && self.layout.is_some() {
            effects.push(Effect::Input { pane: self.pane, events });
        }
    }

    pub(crate) fn writable(&self) -> bool {
        self.attached.as_ref().is_some_and(|attached| attached.writable)
    }

    /// Whether what is typed now goes to a program and changes nothing here.
    pub(crate) fn passes_on(&self) -> bool {
        self.layers.is_empty()
            && self.open_keys.is_empty()
            && self.notes.is_empty()
            && matches!(self.pointer, mouse::Pointer::Nothing | mouse::Pointer::Program(_))
    }
}
