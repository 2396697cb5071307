//! What a terminal shows. Owns the emulator that is looked at, which is known to panic, and that of a terminal that
//! answers, which replies to what the program asks.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ccc_vt::{Modes, Notice, Screen, Size};

use super::Ended;
use crate::eye::{self, Picture};

/// How much of what was drawn last is kept.
const TAIL: usize = 64 * 1024;

/// What is known of a terminal and its program.
pub(super) struct State {
    pub(super) parser: vt100::Parser,
    /// What answers the program's questions, in a terminal that does.
    pub(super) modern: Option<Screen>,
    /// What the program said to it beside its picture.
    pub(super) heard: Vec<Notice>,
    /// Bytes that the program has drawn.
    pub(super) drawn: u64,
    /// The last bytes drawn.
    pub(super) tail: Vec<u8>,
    /// The emulator behind the eye gave up; what it shows is not to be believed.
    pub(super) blind: Option<String>,
    /// Nothing is read: the terminal fills up, and whoever draws on it has to wait.
    pub(super) stuck: bool,
    /// Nobody has the terminal open any more.
    pub(super) closed: bool,
    pub(super) ended: Option<Ended>,
}

impl State {
    /// Feeds the emulator, which is known to panic on some input.
    pub(super) fn see(&mut self, look: impl FnOnce(&mut vt100::Parser)) {
        if self.blind.is_some() {
            return;
        }
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| look(&mut self.parser))) {
            self.blind = Some(words(&*panic));
        }
    }

    /// Takes in what was drawn, and gives what the terminal says to that.
    pub(super) fn draw(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.drawn += bytes.len() as u64;
        self.tail.extend_from_slice(bytes);
        let excess = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..excess);
        let Some(modern) = &mut self.modern else {
            self.see(|parser| parser.process(bytes));
            return Vec::new();
        };
        modern.advance(bytes);
        self.heard.append(&mut modern.take_notices());
        modern.take_replies()
    }

    /// What keys are encoded by.
    pub(super) fn modes(&self) -> Modes {
        match &self.modern {
            Some(modern) => modern.modes(),
            None => {
                let application_cursor = self.parser.screen().application_cursor();
                Modes { application_cursor, ..Modes::default() }
            }
        }
    }

    pub(super) fn text(&self) -> String {
        match &self.modern {
            Some(modern) => modern.text(),
            None => eye::text(self.parser.screen()),
        }
    }

    pub(super) fn picture(&self) -> Picture {
        match &self.modern {
            Some(modern) => Picture::exact(modern, modern.size()),
            None => Picture::of(self.parser.screen()),
        }
    }

    pub(super) fn corner(&self, size: Size) -> Picture {
        match &self.modern {
            Some(modern) => Picture::exact(modern, size),
            None => Picture::corner(self.parser.screen(), size),
        }
    }

    pub(super) fn describe(&self) -> String {
        let ended = match &self.ended {
            Some(Ended::Code(code)) => format!("\n(ended with code {code})"),
            Some(Ended::Signal(signal)) => format!("\n(ended by {signal})"),
            None => String::new(),
        };
        let text = self.text();
        let lines: Vec<String> = text.lines().map(|line| format!("  | {line}")).collect();
        format!("{}{ended}", lines.join("\n"))
    }
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("the emulator panicked: {}", text.unwrap_or_default())
}
