//! What the outer terminal sends, read from raw standard input: keys in every form that terminals
//! use, mouse, pastes, focus, and answers to our questions. Owns the state between reads and its
//! deadlines; does no reading, asks for no time, and does not decide what a key means.

mod csi;
mod event;
mod keys;
mod mouse;
mod paste;
mod reply;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use ccc_vt::input::{Key, KeyEvent, Modifiers, MouseButton};

use csi::{Csi, Meaning};
pub use event::{
    ColorSlot, ModeState, PasteChunk, PixelSize, Rgb, StdinEvent, TerminalReply, Theme,
};
use paste::PasteReader;

/// How long a lone Escape is held back, because it may be the beginning of a sequence. The promise
/// is under 20 ms; terminals on the same machine write a sequence at once.
pub const ESCAPE_TIME: Duration = Duration::from_millis(15);

/// How long the rest of a sequence, a string or a character may take, counted from its last byte.
/// Nobody types these, so a slow line gets its time; it must end, so that later keys are keys.
pub const SEQUENCE_TIME: Duration = Duration::from_millis(500);

/// Longest control sequence that is read; the longest known is an in-band size of some 30 bytes, or
/// a key with the text that it made.
const CSI_MAX: usize = 256;

/// Longest answer that is read, such as a terminal's name or a capability.
const STRING_MAX: usize = 4096;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;

/// The parser. Feed it what was read; call [`Self::expire`] when [`Self::next_deadline`] has come.
#[derive(Debug)]
pub struct StdinParser {
    state: State,
    /// The bytes of what is being read, from its first ESC. Never longer than `STRING_MAX`.
    pending: Vec<u8>,
    deadline: Option<Instant>,
    escape_time: Duration,
    kitty_keys: bool,
    /// How many answers to a cursor position request are still to come.
    positions_expected: u32,
    /// The button that was pressed last, for encodings that do not tell which one was released.
    pressed: Option<MouseButton>,
}

#[derive(Debug)]
enum State {
    Ground,
    /// One ESC, or two, is all there is.
    Escape,
    Csi,
    /// A control sequence that was too long: its last byte is still to come.
    CsiRest,
    /// `CSI M`: three more bytes are the old form of a mouse event.
    MouseBytes,
    /// `CSI [`: one more byte is a function key of the Linux console.
    LinuxFunction,
    Ss3,
    String,
    /// ESC inside a string: with a backslash it ends the string.
    StringEscape,
    /// A string that was too long: its end is still to come.
    StringRest,
    /// The first bytes of a UTF-8 character.
    Char,
    Paste(PasteReader),
}

impl Default for StdinParser {
    fn default() -> Self {
        Self::new(ESCAPE_TIME)
    }
}

impl StdinParser {
    /// A parser that holds a lone Escape back for that long.
    pub fn new(escape_time: Duration) -> Self {
        Self {
            state: State::Ground,
            pending: Vec::new(),
            deadline: None,
            escape_time,
            kitty_keys: false,
            positions_expected: 0,
            pressed: None,
        }
    }

    /// Says whether the outer terminal has agreed to the kitty keyboard protocol. Then Escape comes
    /// as a sequence of its own and is told at once, and a lone ESC byte can only be the beginning
    /// of a sequence on a slow line.
    pub fn set_kitty_keys(&mut self, active: bool) {
        self.kitty_keys = active;
    }

    /// Says that the terminal was asked for the cursor's position (`CSI 6 n`), so that the next
    /// `CSI 1 ; 2 R` is the answer and not Shift-F3.
    pub fn expect_cursor_position(&mut self) {
        self.positions_expected = self.positions_expected.saturating_add(1);
    }

    /// Reads bytes that came in at `now`. What was held back and whose time has passed is told
    /// first.
    pub fn feed(&mut self, bytes: &[u8], now: Instant, out: &mut Vec<StdinEvent>) {
        self.expire(now, out);
        if bytes.is_empty() {
            return;
        }
        for byte in bytes {
            self.byte(*byte, out);
        }
        self.deadline = self.patience().map(|patience| now + patience);
    }

    /// When to call [`Self::expire`], if nothing is read before; None when nothing is held back.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Tells what was held back if its time has passed.
    pub fn expire(&mut self, now: Instant, out: &mut Vec<StdinEvent>) {
        if self.deadline.is_none_or(|deadline| now < deadline) {
            return;
        }
        if let State::Paste(paste) = &mut self.state {
            if paste.is_stalled() {
                paste.finish(out);
                self.state = State::Ground;
            } else {
                paste.flush(out);
            }
        } else {
            self.give_up(out);
        }
        self.deadline = self.patience().map(|patience| now + patience);
    }

    /// How long the present state may last without another byte.
    fn patience(&self) -> Option<Duration> {
        match &self.state {
            State::Ground => None,
            State::Paste(paste) => Some(paste.patience()),
            _ if self.may_be_typed() && !self.kitty_keys => Some(self.escape_time),
            _ => Some(SEQUENCE_TIME),
        }
    }

    /// Whether what is pending is what Escape, or Alt with a key, sends too.
    fn may_be_typed(&self) -> bool {
        match self.state {
            State::Escape => true,
            State::Csi | State::Ss3 | State::String => self.pending.len() == self.escapes() + 1,
            _ => false,
        }
    }

    /// How many ESC the pending bytes begin with: two when Alt is told by one more.
    fn escapes(&self) -> usize {
        self.pending.iter().take_while(|byte| **byte == ESC).count()
    }

    fn byte(&mut self, byte: u8, out: &mut Vec<StdinEvent>) {
        // A byte that cannot go on with what is pending ends that, and is then read anew from
        // `Ground`, or from `Escape` with a single ESC; both take every byte in one more turn.
        while !self.step(byte, out) {}
    }

    /// Takes the byte, or returns false with a state nearer to `Ground`.
    fn step(&mut self, byte: u8, out: &mut Vec<StdinEvent>) -> bool {
        match self.state {
            State::Ground => self.ground(byte, out),
            State::Escape => return self.escape(byte, out),
            State::Csi => return self.csi(byte, out),
            State::CsiRest => match byte {
                0x20..=0x3f => {}
                0x40..=0x7e => self.state = State::Ground,
                _ => {
                    self.state = State::Ground;
                    return false;
                }
            },
            State::MouseBytes => return self.mouse_bytes(byte, out),
            State::LinuxFunction => {
                if !byte.is_ascii_graphic() {
                    self.drop_pending(out);
                    return false;
                }
                self.pending.push(byte);
                self.tell(keys::linux_function(byte), out);
            }
            State::Ss3 => return self.ss3(byte, out),
            State::String => return self.string(byte, out),
            State::StringEscape => {
                if byte == b'\\' {
                    self.pending.pop();
                    self.end_string(out);
                } else {
                    self.pending.pop();
                    self.drop_pending(out);
                    self.begin(State::Escape, ESC);
                    return false;
                }
            }
            State::StringRest => match byte {
                BEL => self.state = State::Ground,
                ESC => self.begin(State::StringEscape, ESC),
                0x20.. => {}
                _ => {
                    self.state = State::Ground;
                    return false;
                }
            },
            State::Char => return self.char(byte, out),
            State::Paste(ref mut paste) => {
                if paste.byte(byte, out) {
                    self.state = State::Ground;
                }
            }
        }
        true
    }

    fn begin(&mut self, state: State, byte: u8) {
        self.pending.clear();
        self.pending.push(byte);
        self.state = state;
    }

    fn ground(&mut self, byte: u8, out: &mut Vec<StdinEvent>) {
        match byte {
            ESC => self.begin(State::Escape, byte),
            0x80.. => {
                self.begin(State::Char, byte);
                self.check_char(out);
            }
            _ => out.push(StdinEvent::Key(keys::byte_key(byte))),
        }
    }

    fn escape(&mut self, byte: u8, out: &mut Vec<StdinEvent>) -> bool {
        let second = self.pending.len() == 2;
        let next = match byte {
            b'[' => State::Csi,
            b'O' => State::Ss3,
            ESC if !second => State::Escape,
            ESC => {
                self.tell_key(Key::Escape, Modifiers::ALT, out);
                return false;
            }
            _ if second => {
                // Two ESC say Alt only before a sequence; else the first was a key of its own.
                self.tell_key(Key::Escape, Modifiers::empty(), out);
                self.begin(State::Escape, ESC);
                return false;
            }
            b']' | b'P' | b'_' => State::String,
            0x80.. => {
                self.pending.push(byte);
                self.state = State::Char;
                self.check_char(out);
                return true;
            }
            _ => {
                let mut key = keys::byte_key(byte);
                key.modifiers |= Modifiers::ALT;
                self.state = State::Ground;
                out.push(StdinEvent::Key(key));
                return true;
            }
        };
        self.pending.push(byte);
        self.state = next;
        true
    }

    fn csi(&mut self, byte: u8, out: &mut Vec<StdinEvent>) -> bool {
        let first = self.may_be_typed();
        match byte {
            b'[' if first => {
                self.pending.push(byte);
                self.state = State::LinuxFunction;
            }
            b'M' if first => {
                self.pending.push(byte);
                self.state = State::MouseBytes;
            }
            0x20..=0x3f => {
                self.pending.push(byte);
                if self.pending.len() >= CSI_MAX {
                    self.drop_pending(out);
                    self.state = State::CsiRest;
                }
            }
            0x40..=0x7e => {
                self.pending.push(byte);
                self.end_csi(out);
            }
            _ => {
                self.give_up(out);
                return false;
            }
        }
        true
    }

    fn ss3(&mut self, byte: u8, out: &mut Vec<StdinEvent>) -> bool {
        match byte {
            // Some terminals put the modifiers before the last byte.
            b'0'..=b'9' | b';' if self.pending.len() < CSI_MAX => self.pending.push(byte),
            b'@'..=b'~' | b' ' => {
                let start = self.escapes() + 1;
                let modifiers = self.pending.get(start..).unwrap_or_default();
                let meaning = keys::ss3(modifiers, byte, self.kitty_keys);
                self.pending.push(byte);
                self.tell(meaning, out);
            }
            _ => {
                self.give_up(out);
                return false;
            }
        }
        true
    }

    fn mouse_bytes(&mut self, byte: u8, out: &mut Vec<StdinEvent>) -> bool {
        if byte < 0x20 {
            self.drop_pending(out);
            return false;
        }
        self.pending.push(byte);
        if let [.., b'M', code, col, row] = *self.pending.as_slice()
            && self.pending.len() == self.escapes() + 5
        {
            let meaning = mouse::from_bytes(code, col, row, &mut self.pressed);
            self.tell(meaning, out);
        }
        true
    }

    fn string(&mut self, byte: u8, out: &mut Vec<StdinEvent>) -> bool {
        if self.may_be_typed() && !reply::may_begin(self.pending.last().copied(), byte) {
            self.give_up(out);
            return false;
        }
        match byte {
            BEL => self.end_string(out),
            ESC => {
                self.pending.push(byte);
                self.state = State::StringEscape;
            }
            0x20.. => {
                self.pending.push(byte);
                if self.pending.len() >= STRING_MAX {
                    self.drop_pending(out);
                    self.state = State::StringRest;
                }
            }
            _ => {
                self.drop_pending(out);
                return false;
            }
        }
        true
    }

    fn char(&mut self, byte: u8, out: &mut Vec<StdinEvent>) -> bool {
        if (0x80..0xc0).contains(&byte) {
            self.pending.push(byte);
            self.check_char(out);
            true
        } else {
            self.drop_pending(out);
            false
        }
    }

    /// Tells the pending character if it is whole, or drops it if it is none.
    fn check_char(&mut self, out: &mut Vec<StdinEvent>) {
        let escapes = self.escapes();
        let modifiers = if escapes > 0 { Modifiers::ALT } else { Modifiers::empty() };
        match std::str::from_utf8(self.pending.get(escapes..).unwrap_or_default()) {
            Ok(text) => match text.chars().next() {
                Some(char) if !char.is_control() => {
                    self.tell_key(Key::Char(char), modifiers, out);
                }
                _ => self.drop_pending(out),
            },
            Err(error) if error.error_len().is_none() => {}
            Err(_) => self.drop_pending(out),
        }
    }

    fn end_csi(&mut self, out: &mut Vec<StdinEvent>) {
        let start = self.escapes() + 1;
        let csi = Csi::parse(self.pending.get(start..).unwrap_or_default());
        let meaning = csi.map_or(Meaning::Unknown, |csi| {
            csi.meaning(self.kitty_keys, &mut self.positions_expected, &mut self.pressed)
        });
        self.tell(meaning, out);
    }

    fn end_string(&mut self, out: &mut Vec<StdinEvent>) {
        match reply::from_string(self.pending.get(1..).unwrap_or_default()) {
            Some(reply) => {
                out.push(StdinEvent::Reply(reply));
                self.state = State::Ground;
            }
            None => self.drop_pending(out),
        }
    }

    /// Tells what the pending bytes meant, and is done with them.
    fn tell(&mut self, meaning: Meaning, out: &mut Vec<StdinEvent>) {
        let alt = self.escapes() == 2;
        self.state = State::Ground;
        match meaning {
            Meaning::LegacyKey(mut key) => {
                if alt {
                    key.modifiers |= Modifiers::ALT;
                }
                out.push(StdinEvent::Key(key));
                return;
            }
            Meaning::Unknown => return self.drop_pending(out),
            Meaning::Events(_) | Meaning::PasteStart if alt => {
                // What no key has sent cannot have Alt: the first ESC was a key of its own.
                out.push(StdinEvent::Key(Key::Escape.into()));
            }
            Meaning::Events(_) | Meaning::PasteStart => {}
        }
        match meaning {
            Meaning::Events(events) => out.extend(events),
            _ => self.state = State::Paste(PasteReader::default()),
        }
    }

    fn tell_key(&mut self, key: Key, modifiers: Modifiers, out: &mut Vec<StdinEvent>) {
        self.state = State::Ground;
        out.push(StdinEvent::Key(KeyEvent::new(key, modifiers)));
    }

    /// Ends what is pending without another byte: as the keys that it may have been, else as
    /// nothing known.
    fn give_up(&mut self, out: &mut Vec<StdinEvent>) {
        if matches!(self.state, State::StringEscape) {
            self.pending.pop();
            self.drop_pending(out);
            return self.tell_key(Key::Escape, Modifiers::empty(), out);
        }
        if !self.may_be_typed() {
            return self.drop_pending(out);
        }
        let two = self.escapes() == 2;
        match (self.pending.last().copied(), two) {
            (Some(ESC), true) => self.tell_key(Key::Escape, Modifiers::ALT, out),
            (Some(ESC), false) => self.tell_key(Key::Escape, Modifiers::empty(), out),
            (Some(introducer), two) => {
                if two {
                    self.tell_key(Key::Escape, Modifiers::empty(), out);
                }
                self.tell_key(Key::Char(introducer.into()), Modifiers::ALT, out);
            }
            (None, _) => self.state = State::Ground,
        }
    }

    fn drop_pending(&mut self, out: &mut Vec<StdinEvent>) {
        self.state = State::Ground;
        if !self.pending.is_empty() {
            out.push(StdinEvent::Unknown(std::mem::take(&mut self.pending)));
        }
    }
}
