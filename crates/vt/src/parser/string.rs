//! The inside of control strings (OSC, DCS, APC, SOS, PM): kept up to a cap, told when they end.

use super::{Parser, Perform, State};
use crate::Limits;

/// A string buffer larger than this is given back after its string.
const KEEP_BYTES: usize = 4 << 10;

impl Parser {
    /// The inside of a string, as many bytes as there are.
    pub(super) fn string(
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

    pub(super) fn drop_string(&mut self) {
        self.string.clear();
        self.overflow = false;
        self.string_escape = false;
        self.string_lead = false;
        if self.string.capacity() > KEEP_BYTES {
            self.string = Vec::new();
        }
    }
}
