//! What changes about the looks while the client runs: a configuration that was read again, and what
//! the outer terminal says of its background. Owns which of them decides.

use super::{App, Effect};
use crate::config::Settings;
use crate::predict::Prediction;
use crate::stdin::{ColorSlot, TerminalReply, Theme as Preferred};

impl App {
    pub(super) fn prediction(&self) -> Prediction {
        self.asked_prediction.unwrap_or(self.settings.prediction)
    }

    pub(super) fn take_settings(&mut self, settings: Settings, effects: &mut Vec<Effect>) {
        let area = self.layout_area();
        self.keymap = settings.keymap.clone();
        self.words = settings.words();
        self.bar = self.bar_allowed && settings.bar;
        self.settings = settings;
        self.predictor.when = self.prediction();
        self.choose_theme();
        // Keys that were open may mean something else now.
        self.close_keys();
        if self.layout_area() != area {
            effects.push(Effect::Size(self.layout_area()));
        }
        self.note_key("config-read");
    }

    /// What the outer terminal says by itself or when it is asked.
    pub(super) fn on_reply(&mut self, reply: &TerminalReply) {
        match reply {
            TerminalReply::Color { slot: ColorSlot::Background, rgb } => {
                self.dark = Some(rgb.is_dark());
            }
            TerminalReply::Theme(preferred) => self.dark = Some(*preferred == Preferred::Dark),
            _ => return,
        }
        self.choose_theme();
    }

    pub(super) fn choose_theme(&mut self) {
        self.theme = self.settings.theme_on(self.dark, self.no_color);
    }
}
