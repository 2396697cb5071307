//! Bytes to events: text, controls, escape sequences, strings. A state machine in plain data, so
//! that it can be stopped and stored at any byte; every buffer has a cap. What an event means is
//! not decided here.
//!
//! The states are those of Paul Williams' description of DEC terminals, with ECMA-48's colon
//! sub-parameters and UTF-8. C1 controls are recognised in their UTF-8 form only (U+0080–U+009F, as
//! xterm does in UTF-8 mode); a lone byte 80–9F is bad UTF-8 like any other.

mod params;
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
    /// Characters from U+00A0 on, never empty. `start` is the offset of the first byte of the first.
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
/// The most characters above ASCII that are told at once.
const CHARS: usize = 32;
/// A string buffer larger than this is given back after its string.
const KEEP_BYTES: usize = 4 << 10;

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

    fn ground(&mut self, bytes: &[u8], start: u64, to: &mut impl Perform) -> usize {
        if self.partial_len > 0 {
            return self.resume_char(bytes, start, to);
        }
        let mut at = 0;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let (text, rest) = rest.split_at(printable(rest));
            at += text.len();
            if !text.is_empty() {
                to.print_ascii(text, start + at as u64);
            }
            let Some(byte) = rest.first() else { return at };
            match byte {
                0x1b => {
                    self.enter_escape();
                    at += 1;
                    if let Some((b'[', rest)) = rest.get(1..).and_then(<[u8]>::split_first) {
                        at += 1;
                        self.state = State::CsiEntry;
                        if let Some((last, len)) = self.params.read_whole(rest) {
                            at += len;
                            self.state = State::Ground;
                            to.csi(&self.params, &[], last, start + at as u64);
                            continue;
                        }
                    }
                    return at;
                }
                0x00..=0x1f => {
                    at += 1;
                    to.control(*byte, start + at as u64);
                }
                0x7f => at += 1,
                _ => {
                    at += self.chars(rest, start + at as u64, to);
                    if self.state != State::Ground || self.partial_len > 0 {
                        return at;
                    }
                }
            }
        }
    }

    /// Reads characters above ASCII as long as they come.
    fn chars(&mut self, bytes: &[u8], start: u64, to: &mut impl Perform) -> usize {
        let mut run = ['\0'; CHARS];
        let mut count = 0;
        let mut at = 0;
        let mut next = bytes;
        let outcome = loop {
            let Some(slot) = run.get_mut(count) else { break None };
            let (c, len) = match utf8::decode_three(next) {
                Some(c) => (c, 3),
                None if next.first().is_none_or(u8::is_ascii) => break None,
                None => match utf8::decode(next) {
                    Decoded::Char(c @ '\u{a0}'.., len) => (c, len),
                    other => break Some(other),
                },
            };
            *slot = c;
            count += 1;
            at += len;
            next = next.get(len..).unwrap_or_default();
        };
        if let Some(run @ [_, ..]) = run.get(..count) {
            to.print_chars(run, start);
        }
        match outcome {
            None => at,
            Some(Decoded::Char(c, len)) => {
                at += len;
                self.char(c, start + at as u64, to);
                at
            }
            Some(Decoded::Invalid(len)) => {
                at += len;
                to.print(char::REPLACEMENT_CHARACTER, start + at as u64);
                at
            }
            Some(Decoded::Incomplete) => {
                for (slot, byte) in self.partial.iter_mut().zip(next) {
                    *slot = *byte;
                }
                // At most three bytes: four make a character.
                self.partial_len = u8::try_from(next.len()).unwrap_or(0);
                bytes.len()
            }
        }
    }

    /// Goes on with a character that began in earlier bytes.
    fn resume_char(&mut self, bytes: &[u8], start: u64, to: &mut impl Perform) -> usize {
        let had = usize::from(self.partial_len);
        let mut joined = [0; 4];
        let known = self.partial.iter().take(had);
        let mut len = 0;
        for (slot, byte) in joined.iter_mut().zip(known.chain(bytes)) {
            *slot = *byte;
            len += 1;
        }
        match utf8::decode(joined.get(..len).unwrap_or_default()) {
            Decoded::Char(c, len) => {
                self.partial_len = 0;
                let used = len - had;
                self.char(c, start + used as u64, to);
                used
            }
            Decoded::Invalid(len) => {
                self.partial_len = 0;
                let used = len - had;
                to.print(char::REPLACEMENT_CHARACTER, start + used as u64);
                used
            }
            Decoded::Incomplete => {
                let used = len - had;
                for (slot, byte) in self.partial.iter_mut().zip(joined) {
                    *slot = byte;
                }
                self.partial_len = u8::try_from(len).unwrap_or(0);
                used
            }
        }
    }

    fn char(&mut self, c: char, end: u64, to: &mut impl Perform) {
        match c {
            '\u{90}' => self.enter_sequence(State::DcsEntry),
            '\u{98}' | '\u{9e}' => self.enter_string(State::Skip),
            '\u{9b}' => self.enter_sequence(State::CsiEntry),
            '\u{9d}' => self.enter_string(State::Osc),
            '\u{9f}' => self.enter_string(State::Apc),
            // The code is the byte, exactly.
            '\u{80}'..='\u{9f}' => to.control(c as u8, end),
            _ => to.print(c, end),
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

    /// The inside of a string, as many bytes as there are.
    fn string(
        &mut self,
        bytes: &[u8],
        start: u64,
        limits: &Limits,
        to: &mut impl Perform,
    ) -> usize {
        if self.string_escape {
            self.string_escape = false;
            let terminated = bytes.first() == Some(&b'\\');
            // Anything but a backslash ends the string before that ESC, which begins a sequence.
            self.end_string(false, start + u64::from(terminated), to);
            if !terminated {
                self.enter_escape();
            }
            return usize::from(terminated);
        }
        let cap = match self.state {
            State::Osc => limits.osc_bytes,
            State::Dcs => limits.dcs_bytes,
            State::Apc => limits.apc_bytes,
            _ => 0,
        };
        let text = bytes.iter().position(|byte| *byte < 0x20 || *byte == 0x9c);
        let (text, rest) = bytes.split_at(text.unwrap_or(bytes.len()));
        if let Some(last) = text.last() {
            self.string_lead = *last == 0xc2;
            self.keep(text, cap);
        }
        let Some(byte) = rest.first() else { return bytes.len() };
        let end = start + text.len() as u64 + 1;
        match byte {
            0x07 if self.state == State::Osc => self.end_string(true, end, to),
            0x18 | 0x1a => {
                self.drop_string();
                self.state = State::Ground;
                to.control(*byte, end);
            }
            0x1b => self.string_escape = true,
            // C2 9C is ST in UTF-8; C2 never ends a character.
            0x9c if self.string_lead => {
                self.string.pop();
                self.end_string(false, end, to);
            }
            // Data of a DCS may hold any other control; the others skip them.
            _ if *byte == 0x9c || self.state == State::Dcs => {
                self.string_lead = false;
                self.keep(&[*byte], cap);
            }
            _ => {}
        }
        text.len() + 1
    }

    fn keep(&mut self, bytes: &[u8], cap: usize) {
        if self.overflow || bytes.is_empty() {
            return;
        }
        if self.string.len() + bytes.len() > cap {
            self.overflow = true;
            self.string = Vec::new();
            return;
        }
        self.string.extend_from_slice(bytes);
    }

    fn end_string(&mut self, bell: bool, end: u64, to: &mut impl Perform) {
        let state = std::mem::take(&mut self.state);
        if !self.overflow {
            match state {
                State::Osc => to.osc(&self.string, bell, end),
                State::Dcs => {
                    to.dcs(&self.params, self.collected(), self.dcs_final, &self.string, end);
                }
                State::Apc => to.apc(&self.string, end),
                _ => {}
            }
        }
        self.drop_string();
    }

    fn drop_string(&mut self) {
        self.string.clear();
        self.overflow = false;
        self.string_escape = false;
        self.string_lead = false;
        if self.string.capacity() > KEEP_BYTES {
            self.string = Vec::new();
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

/// Length of the run of printable ASCII at the start.
#[inline]
fn printable(bytes: &[u8]) -> usize {
    const STEP: usize = 32;
    let (words, tail) = bytes.as_chunks::<8>();
    // Most runs are short, and end in one of these.
    if let Some(word) = words.first()
        && let Some(at) = first_other(*word)
    {
        return at;
    }
    let plain = |byte: &u8| byte.wrapping_sub(0x20) < 0x5f;
    let (steps, _) = bytes.as_chunks::<STEP>();
    // Without an early exit the compiler compares all of them at once.
    let all = |step: &&[u8; STEP]| step.iter().fold(true, |all, byte| all & plain(byte));
    let long = steps.iter().take_while(all).count() * STEP;
    for (index, word) in words.iter().enumerate().skip(long / 8) {
        if let Some(at) = first_other(*word) {
            return index * 8 + at;
        }
    }
    let end = words.len() * 8;
    end + tail.iter().position(|byte| !plain(byte)).unwrap_or(tail.len())
}

/// Which of eight bytes is the first that is not printable ASCII.
#[inline]
fn first_other(bytes: [u8; 8]) -> Option<usize> {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let word = u64::from_le_bytes(bytes);
    // The top bit of a byte: it is below 20 hexadecimal, or above 7E. What is borrowed or carried
    // comes from a byte that is marked itself, and reaches only later ones.
    let below = word.wrapping_sub(0x2020_2020_2020_2020) & !word;
    let above = word.wrapping_add(0x0101_0101_0101_0101) | word;
    let marks = (below | above) & HIGH;
    // At most 64.
    (marks != 0).then(|| marks.trailing_zeros() as usize / 8)
}
