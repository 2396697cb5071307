//! What the bar says for a while. Owns the messages, one after the other, and how long each is shown.

use std::collections::VecDeque;
use std::fmt::Display;
use std::time::{Duration, Instant};

use super::App;

/// How long a message stays in the bar.
pub(super) const NOTE_TIME: Duration = Duration::from_secs(4);
/// Messages that wait for the one that is shown.
const NOTES: usize = 16;

/// The messages, the one that is shown first.
#[derive(Debug, Default)]
pub(super) struct Notes(VecDeque<Note>);

#[derive(Debug)]
struct Note {
    text: String,
    /// `None` until it is its turn.
    until: Option<Instant>,
}

impl Notes {
    fn say(&mut self, text: String) {
        // Said again, it is what it was: its time begins anew.
        if let Some(last) = self.0.back_mut().filter(|last| last.text == text) {
            last.until = None;
        } else if self.0.len() < NOTES {
            self.0.push_back(Note { text, until: None });
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Until when the first is shown, once it is.
    pub(super) fn until(&self) -> Option<Instant> {
        self.0.front()?.until
    }

    /// The first goes when its time is over; the time of the next begins.
    pub(super) fn expire(&mut self, now: Instant) {
        if self.until().is_some_and(|until| until <= now) {
            self.0.pop_front();
        }
        if let Some(note) = self.0.front_mut() {
            note.until.get_or_insert(now + NOTE_TIME);
        }
    }

    #[cfg(test)]
    pub(super) fn last(&self) -> Option<&str> {
        self.0.back().map(|note| note.text.as_str())
    }
}

impl App {
    /// Says something in the bar for a while.
    pub(crate) fn note(&mut self, text: impl Into<String>) {
        self.notes.say(text.into());
    }

    /// Says something of the catalogue in the bar for a while.
    pub(crate) fn note_key(&mut self, key: &str) {
        self.note(self.words.say(key));
    }

    /// The same with values in the place of its names.
    pub(crate) fn note_with(&mut self, key: &str, values: &[(&str, &dyn Display)]) {
        self.note(self.words.with(key, values));
    }

    /// Takes a message back that has been answered.
    pub(super) fn take_back(&mut self, text: &str) {
        self.notes.0.retain(|note| note.text != text);
    }

    /// What the bar says now.
    pub(crate) fn shown_note(&self) -> Option<&str> {
        self.notes.0.front().map(|note| note.text.as_str())
    }
}

#[cfg(test)]
mod tests;
