//! What the actions of scroll mode do, and what comes in for it. Owns what is copied.

use std::time::Instant;

use ccc_client::proto::{HistoryPage, PaneId, WireMark};

use super::Scroll;
use crate::app::{App, Effect, Layer, Mirrors, Prompt, PromptFor};
use crate::keymap::Action;

/// The largest text that is put on the outer clipboard, in bytes: terminals drop what is larger, or hang.
const CLIPBOARD: usize = 1024 * 1024;

impl App {
    /// The state of looking back in a pane, whatever lies above it.
    pub(in crate::app) fn scroll_of(&mut self, pane: PaneId) -> Option<&mut Scroll> {
        self.layers.iter_mut().find_map(|layer| match layer {
            Layer::Scroll(scroll) if scroll.pane() == pane => Some(scroll.as_mut()),
            _ => None,
        })
    }

    fn any_scroll(&mut self) -> Option<&mut Scroll> {
        self.layers.iter_mut().find_map(|layer| match layer {
            Layer::Scroll(scroll) => Some(scroll.as_mut()),
            _ => None,
        })
    }

    /// Does an action of scroll mode. Whether it was one.
    pub(in crate::app) fn act_in_scroll(
        &mut self,
        action: Action,
        _mirrors: &impl Mirrors,
        _now: Instant,
        effects: &mut Vec<Effect>,
    ) -> bool {
        let Some(Layer::Scroll(scroll)) = self.layers.last_mut() else { return false };
        match action {
            Action::Cancel if scroll.selection().is_some() => scroll.clear_selection(),
            Action::Cancel => drop(self.layers.pop()),
            Action::SearchForward => self.ask_search(true),
            Action::SearchBackward => self.ask_search(false),
            Action::Copy => match scroll.selected_text() {
                Some(text) => {
                    self.layers.pop();
                    self.copy(text, effects);
                }
                None => self.note_key("nothing-selected"),
            },
            Action::CopyOutput
            | Action::EditOutput
            | Action::PreviousPrompt
            | Action::NextPrompt
                if !scroll.knows_marks(action) => {}
            Action::CopyOutput | Action::EditOutput => {
                let result = scroll.want_output(action == Action::EditOutput);
                effects.extend(scroll.ask_if_needed());
                if let Err(key) = result {
                    self.note_key(key);
                }
                self.take_output(effects);
            }
            Action::PreviousPrompt | Action::NextPrompt => {
                let result = scroll.go_prompt(action == Action::NextPrompt);
                effects.extend(scroll.ask_if_needed());
                if let Err(key) = result {
                    self.note_key(key);
                }
            }
            action => {
                if !scroll.go_by(action) {
                    return false;
                }
                let trouble = scroll.search().trouble();
                effects.extend(scroll.ask_if_needed());
                if let Some(trouble) = trouble {
                    self.note_key(trouble);
                }
            }
        }
        true
    }

    pub(in crate::app) fn copy(&mut self, text: String, effects: &mut Vec<Effect>) {
        if text.is_empty() {
            return;
        }
        let text = if self.settings.redact_copies {
            self.settings.redactor.text(&text).into_owned()
        } else {
            text
        };
        let count = text.chars().count();
        self.copied.clone_from(&text);
        if self.settings.clipboard && text.len() <= CLIPBOARD {
            self.note_with("copied", &[("count", &count)]);
            effects.push(Effect::Copy(text));
        } else {
            self.note_with("copied-inside", &[("count", &count)]);
        }
    }

    pub(in crate::app) fn search_as_typed(
        &mut self,
        _mirrors: &impl Mirrors,
        _now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        let Some(Layer::Prompt(Prompt { line, what_for: PromptFor::Search { forward }, .. })) =
            self.layers.last()
        else {
            return;
        };
        let (pattern, forward) = (line.text().to_owned(), *forward);
        if let Some(scroll) = self.any_scroll() {
            scroll.search_typed(&pattern, forward);
            effects.extend(scroll.ask_if_needed());
        }
    }

    pub(in crate::app) fn search_done(&mut self) {
        if let Some(scroll) = self.any_scroll() {
            scroll.search_done();
        }
    }

    pub(in crate::app) fn search_cancelled(&mut self) {
        if let Some(scroll) = self.any_scroll() {
            scroll.search_cancelled();
        }
    }

    pub(in crate::app) fn on_history(
        &mut self,
        pane: PaneId,
        page: &HistoryPage,
        _now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(scroll) = self.scroll_of(pane) {
            effects.extend(scroll.on_page(page));
        }
        self.take_output(effects);
    }

    /// The marks of a pane came, or none when the server knows none.
    pub(in crate::app) fn on_marks(
        &mut self,
        pane: PaneId,
        marks: Vec<WireMark>,
        mirrors: &impl Mirrors,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        let waits = self.scroll_of(pane).and_then(|scroll| scroll.on_marks(marks));
        if let Some(action) = waits {
            self.act_in_scroll(action, mirrors, now, effects);
        }
    }

    /// Copies or opens the output that was wanted, if it is here.
    fn take_output(&mut self, effects: &mut Vec<Effect>) {
        let Some(taken) = self.any_scroll().and_then(Scroll::take_text) else { return };
        self.layers.retain(|layer| !matches!(layer, Layer::Scroll(_)));
        if taken.text.is_empty() {
            self.note_key("no-output");
        } else if taken.edit {
            effects.push(Effect::Keep(taken.text));
        } else {
            self.copy(taken.text, effects);
        }
    }

    pub(in crate::app) fn history_failed(&mut self, pane: PaneId) {
        if let Some(scroll) = self.scroll_of(pane) {
            scroll.on_failure();
        }
    }
}
