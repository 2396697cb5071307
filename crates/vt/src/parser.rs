//! Bytes to events: text, controls, escape sequences, strings. A state machine in plain data, so
//! that it can be stopped and stored at any byte; every buffer has a cap. What an event means is
//! not decided here.
//!
//! The states are those of Paul Williams' description of DEC terminals, with ECMA-48's colon
//! sub-parameters and UTF-8. C1 controls are recognised in their UTF-8 form only (U+0080–U+009F, as
//! xterm does in UTF-8 mode); a lone byte 80–9F is bad UTF-8 like any other.

mod ground;
mod params;
mod string;
#[cfg(test)]
pub(crate) mod tests;
mod utf8;

pub(crate) use params::{Groups, Params, RawParams};

use crate::Limits;
use utf8::Decoded;

/// What a parser tells. `end` is the offset one past the event's last byte.
pub(crate) trait Perform {
    /// Printable ASCII (20–7E), never empty. `end` is one past the last of them.
    fn print_ascii(&mut self, bytes: &[u8], end: u64);
    /// Characters from U+00A0 on, and printable ASCII between them; never empty. `start` is the
    /// offset of the first byte of the first.
    fn print_chars(&mut self, chars: &[char], start: u64);
    /// A character above ASCII, or U+FFFD for bytes that are no UTF-8.
    fn print(&mut self, c: char, end: u64);
    /// A C0 control (not ESC), or one of the C1 controls that stand alone.
    fn control(&mut self, byte: u8, end: u64);
    /// `ESC` intermediates final.
    fn escape(&mut self, intermediates: &[u8], last: u8, end: u64);
    /// `CSI`; a private marker (`<=>?`) comes first in `intermediates`.
    fn csi(&mut self, params: &Params, intermediates: &[u8], last: u8, end: u64);
    /// An OSC string that ended and fits its cap; `bell` if BEL ended it.
    fn osc(&mut self, data: &[u8], bell: bool, end: u64);
    /// A DCS string that ended and fits its cap.
    fn dcs(&mut self, params: &Params, intermediates: &[u8], last: u8, data: &[u8], end: u64);
    /// An APC string that ended and fits its cap.
    fn apc(&mut self, data: &[u8], end: u64);
}

/// State between two bytes. The numbers are those of `proto/checkpoint.md`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum State {
    #[default]
    Ground = 0,
    Escape = 1,
    EscapeIntermediate = 2,
    CsiEntry = 3,
    CsiParam = 4,
    CsiIntermediate = 5,
    CsiIgnore = 6,
    DcsEntry = 7,
    DcsParam = 8,
    DcsIntermediate = 9,
    DcsIgnore = 10,
    Dcs = 11,
    Osc = 12,
    Apc = 13,
    /// SOS and PM: skipped.
    Skip = 14,
}

impl State {
    pub(crate) fn from_number(number: u8) -> Option<Self> {
        const ALL: [State; 15] = [
            State::Ground,
            State::Escape,
            State::EscapeIntermediate,
            State::CsiEntry,
            State::CsiParam,
            State::CsiIntermediate,
            State::CsiIgnore,
            State::DcsEntry,
            State::DcsParam,
            State::DcsIntermediate,
            State::DcsIgnore,
            State::Dcs,
            State::Osc,
            State::Apc,
            State::Skip,
        ];
        ALL.get(usize::from(number)).copied()
    }

    const fn is_string(self) -> bool {
        matches!(self, Self::Dcs | Self::DcsIgnore | Self::Osc | Self::Apc | Self::Skip)
    }
}

/// The most intermediates (with the private marker) of a sequence; more make it ignored.
pub(crate) const INTERMEDIATES: usize = 2;

/// A parser between two bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parser {
    pub(crate) state: State,
    pub(crate) params: Params,
    pub(crate) intermediates: [u8; INTERMEDIATES],
    pub(crate) intermediate_count: u8,
    /// Too many intermediates: the sequence is read to its end and dropped.
    pub(crate) ignored: bool,
    /// The final byte of the DCS being read.
    pub(crate) dcs_final: u8,
    /// The string being read.
    pub(crate) string: Vec<u8>,
    /// The string outgrew its cap: it is read to its end and dropped.
    pub(crate) overflow: bool,
    /// ESC was read inside a string.
    pub(crate) string_escape: bool,
    /// The string's last byte was C2, the first half of a C1 control.
    pub(crate) string_lead: bool,
    /// The beginning of a character.
    pub(crate) partial: [u8; 3],
    pub(crate) partial_len: u8,
}

impl Parser {
    /// Reads `bytes`, the first of which has the offset `base`.
    pub(crate) fn advance(
        &mut self,
        bytes: &[u8],
        base: u64,
        limits: &Limits,
        to: &mut impl Perform,
    ) {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..)
            && let Some(byte) = rest.first()
        {
            let start = base + at as u64;
            at += match self.state {
                State::Ground => self.ground(rest, start, to),
                state if state.is_string() => self.string(rest, start, limits, to),
                State::CsiEntry | State::CsiParam => self.csi(rest, start, to),
                _ => {
                    self.step(*byte, start + 1, to);
                    1
                }
            };
        }
    }

    /// Parameters of a CSI, as many bytes as there are.
    fn csi(&mut self, bytes: &[u8], start: u64, to: &mut impl Perform) -> usize {
        let mut at = 0;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let digits = self.params.digits(rest);
            if digits > 0 {
                self.state = State::CsiParam;
                at += digits;
            }
            let Some(byte) = bytes.get(at) else { return bytes.len() };
            at += 1;
            match byte {
                b';' => self.params.next(false),
                b':' => self.params.next(true),
                0x40..=0x7e => {
                    self.dispatch_csi(*byte, start + at as u64, to);
                    return at;
                }
                _ => {
                    self.step(*byte, start + at as u64, to);
                    return at;
                }
            }
            self.state = State::CsiParam;
        }
    }

    /// One byte inside an escape sequence.
    fn step(&mut self, byte: u8, end: u64, to: &mut impl Perform) {
        match (self.state, byte) {
            (_, 0x18 | 0x1a) => {
                self.state = State::Ground;
                to.control(byte, end);
            }
            (_, 0x1b) => self.enter_escape(),
            (State::DcsEntry | State::DcsParam | State::DcsIntermediate, 0x00..=0x1f) => {}
            (_, 0x00..=0x1f) => to.control(byte, end),
            (_, 0x7f..) => {}
            (State::Escape, b'[') => self.enter_sequence(State::CsiEntry),
            (State::Escape, b'P') => self.enter_sequence(State::DcsEntry),
            (State::Escape, b']') => self.enter_string(State::Osc),
            (State::Escape, b'_') => self.enter_string(State::Apc),
            (State::Escape, b'X' | b'^') => self.enter_string(State::Skip),
            (State::Escape | State::EscapeIntermediate, 0x20..=0x2f) => {
                self.collect(byte);
                self.state = State::EscapeIntermediate;
            }
            (State::Escape | State::EscapeIntermediate, _) => {
                self.state = State::Ground;
                if !self.ignored {
                    to.escape(self.collected(), byte, end);
                }
            }
            (State::CsiIgnore, 0x20..=0x3f) => {}
            (State::CsiIgnore, _) => self.state = State::Ground,
            (State::CsiIntermediate, 0x30..=0x3f) => self.state = State::CsiIgnore,
            (State::DcsIntermediate, 0x30..=0x3f) => self.enter_string(State::DcsIgnore),
            (State::CsiParam, 0x3c..=0x3f) => self.state = State::CsiIgnore,
            (State::DcsParam, 0x3c..=0x3f) => self.enter_string(State::DcsIgnore),
            (State::CsiEntry, 0x3c..=0x3f) => {
                self.collect(byte);
                self.state = State::CsiParam;
            }
            (State::DcsEntry, 0x3c..=0x3f) => {
                self.collect(byte);
                self.state = State::DcsParam;
            }
            (State::CsiEntry | State::CsiParam | State::CsiIntermediate, 0x20..=0x2f) => {
                self.collect(byte);
                self.state = State::CsiIntermediate;
            }
            (State::DcsEntry | State::DcsParam | State::DcsIntermediate, 0x20..=0x2f) => {
                self.collect(byte);
                self.state = State::DcsIntermediate;
            }
            (State::DcsEntry | State::DcsParam, 0x30..=0x3b) => {
                match byte {
                    b';' => self.params.next(false),
                    b':' => self.params.next(true),
                    _ => self.params.digit(byte - b'0'),
                }
                self.state = State::DcsParam;
            }
            (State::DcsEntry | State::DcsParam | State::DcsIntermediate, _) => {
                self.dcs_final = byte;
                self.params.finish();
                let ignored = self.ignored;
                self.enter_string(if ignored { State::DcsIgnore } else { State::Dcs });
            }
            _ => self.dispatch_csi(byte, end, to),
        }
    }

    #[inline]
    fn dispatch_csi(&mut self, last: u8, end: u64, to: &mut impl Perform) {
        self.state = State::Ground;
        self.params.finish();
        if !self.ignored {
            to.csi(&self.params, self.collected(), last, end);
        }
    }

    #[inline]
    fn enter_escape(&mut self) {
        self.enter_sequence(State::Escape);
    }

    #[inline]
    fn enter_sequence(&mut self, state: State) {
        self.state = state;
        self.params.clear();
        self.intermediate_count = 0;
        self.ignored = false;
    }

    fn enter_string(&mut self, state: State) {
        self.state = state;
        self.drop_string();
    }

    fn collect(&mut self, byte: u8) {
        match self.intermediates.get_mut(usize::from(self.intermediate_count)) {
            Some(slot) => {
                *slot = byte;
                self.intermediate_count += 1;
            }
            None => self.ignored = true,
        }
    }

    fn collected(&self) -> &[u8] {
        self.intermediates.get(..usize::from(self.intermediate_count)).unwrap_or_default()
    }
}

/// Whether bytes begin a character that needs more of them.
pub(crate) fn is_partial_char(bytes: &[u8]) -> bool {
    utf8::decode(bytes) == Decoded::Incomplete
}
