//! Where a key goes: to the prefix, to the layer on top, or to the program. Owns the open keys of an
//! incomplete binding.

use std::time::Instant;

use ccc_client::input::wire_key;
use ccc_client::proto::InputEvent;
use ccc_vt::input::{Key, KeyEvent, KeyKind, Modifiers};

use super::{App, Effect, Layer, Mirrors};
use crate::keymap::{KeyMode, Match, REPEAT_TIME};

impl App {
    pub(super) fn on_key(
        &mut self,
        key: &KeyEvent,
        mirrors: &impl Mirrors,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        let mode = self.key_mode();
        if key.kind == KeyKind::Release {
            // A release belongs to a program only, and never to the middle of a binding.
            if mode == KeyMode::Root && self.open_keys.is_empty() {
                self.send_key(key, effects);
            }
            return;
        }
        if std::mem::take(&mut self.clicks.shown)
            && matches!(self.layers.last(), Some(Layer::Scroll(scroll)) if scroll.at_bottom())
        {
            self.layers.pop();
            return self.on_key(key, mirrors, now, effects);
        }
        if let Some(Layer::Scroll(scroll)) = self.layers.last_mut()
            && scroll.awaits_char()
            && self.open_keys.is_empty()
        {
            scroll.char_typed(typed(key).as_deref());
            return;
        }
        self.open_keys.push(key.clone());
        let found = match self.keymap.lookup(mode, &self.open_keys) {
            // After a repeated action only such actions go without the prefix.
            Match::Action(action) if self.repeat_until.is_some() && !action.is_repeatable() => {
                Match::None
            }
            found => found,
        };
        match found {
            Match::Pending => {
                self.shows_hint = false;
                self.repeat_until = None;
                self.opened.get_or_insert(now);
            }
            Match::Action(action) => {
                let after_prefix =
                    self.open_keys.first().is_some_and(|first| self.is_prefix(first));
                self.close_keys();
                self.repeat_until = None;
                self.act(action, mirrors, now, effects);
                if after_prefix && action.is_repeatable() {
                    self.open_keys = vec![self.keymap.prefix().clone()];
                    self.repeat_until = Some(now + REPEAT_TIME);
                }
            }
            Match::None => {
                let open = std::mem::take(&mut self.open_keys);
                self.close_keys();
                let repeating = self.repeat_until.take().is_some();
                match open.as_slice() {
                    // What follows a repeated action and is no binding is an ordinary key again.
                    [_, key] if repeating => self.on_key(&key.clone(), mirrors, now, effects),
                    [key] => self.plain_key(mode, key, mirrors, now, effects),
                    _ => self.note_key("no-such-key"),
                }
            }
        }
    }

    /// No key is open any more.
    pub(super) fn close_keys(&mut self) {
        self.open_keys.clear();
        self.opened = None;
        self.keys_shown = false;
    }

    fn is_prefix(&self, key: &KeyEvent) -> bool {
        key.chord() == *self.keymap.prefix()
    }

    /// A key without a binding.
    fn plain_key(
        &mut self,
        mode: KeyMode,
        key: &KeyEvent,
        mirrors: &impl Mirrors,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        match mode {
            KeyMode::Root => self.send_key(key, effects),
            KeyMode::List => {
                if let (Some(text), Some(Layer::Find(_))) = (typed(key), self.layers.last()) {
                    self.find_typed(&text, effects);
                    return;
                }
                if let (Some(text), Some(Layer::List(list))) = (typed(key), self.layers.last_mut())
                {
                    list.filter(&text);
                    self.list_changed(effects);
                }
            }
            KeyMode::Prompt => {
                if let (Some(text), Some(Layer::Replay(watching))) =
                    (typed(key), self.layers.last_mut())
                    && let Some(line) = watching.player.typed()
                {
                    line.insert(&text);
                } else if let (Some(text), Some(Layer::Prompt(prompt))) =
                    (typed(key), self.layers.last_mut())
                {
                    prompt.line.insert(&text);
                    self.search_as_typed(mirrors, now, effects);
                }
            }
            KeyMode::Numbers => {
                self.layers.pop();
            }
            KeyMode::Hints => match typed(key) {
                Some(text) => self.hint_typed(&text, now, effects),
                None => drop(self.layers.pop()),
            },
            KeyMode::Ended => {
                self.note_key("program-ended");
            }
            KeyMode::Prefix | KeyMode::Scroll | KeyMode::Confirm | KeyMode::Replay => {}
        }
    }

    /// Sends a key to the program. Control-C goes as an interrupt: it must arrive also where the
    /// program reads nothing, and the server knows how.
    pub(super) fn send_key(&self, key: &KeyEvent, effects: &mut Vec<Effect>) {
        let interrupts = key.kind == KeyKind::Press
            && key.modifiers.held() == Modifiers::CTRL
            && (key.key == Key::Char('c') || key.base == Some('c'));
        if interrupts {
            if self.writable() {
                effects.push(Effect::Interrupt(self.pane));
            }
        } else {
            self.type_in(vec![InputEvent::key(&wire_key(key))], effects);
        }
    }
}

/// The text that a key stands for.
fn typed(key: &KeyEvent) -> Option<String> {
    let plain = (key.modifiers.held() - Modifiers::SHIFT).is_empty();
    match (&key.text, key.key) {
        (Some(text), _) => Some(text.to_string()),
        (None, Key::Char(c)) if plain => Some(key.shifted.unwrap_or(c).to_string()),
        _ => None,
    }
}
