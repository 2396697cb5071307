//! Text between sequences: runs of printable ASCII, runs of characters above it, controls, and where a
//! sequence begins. Nearly all bytes of nearly all programs pass here.

use super::utf8::{self, Decoded};
use super::{Parser, Perform, State};

/// The most characters above ASCII that are told at once.
const CHARS: usize = 32;

impl Parser {
    pub(super) fn ground(&mut self, bytes: &[u8], start: u64, to: &mut impl Perform) -> usize {
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
            let (c, len) = match (utf8::decode_three(next), next) {
                (Some(c), _) => (c, 3),
                // A space between words is not worth two turns.
                (None, [letter @ 0x20..=0x7e, 0x80..=0xff, ..]) => (char::from(*letter), 1),
                (None, [] | [0x00..=0x7f, ..]) => break None,
                (None, _) => match utf8::decode(next) {
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

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn printable_runs_of_any_length_end_where_they_should() {
        for len in 0..100 {
            for other in [0x00, 0x1b, 0x1f, 0x7f, 0x80, 0xff] {
                let mut bytes: Vec<u8> = (0..100).map(|n| 0x20 + (n * 37 % 0x5f) as u8).collect();
                bytes[len] = other;
                assert_eq!(printable(&bytes), len, "{other:x} at {len}");
                assert_eq!(printable(&bytes[..len]), len);
            }
        }
        for byte in 0..=u8::MAX {
            let expected = usize::from((0x20..0x7f).contains(&byte));
            assert_eq!(printable(&[byte, 0, 0xff, 0xff, 0, 0, 0, 0, 0]), expected, "{byte:x}");
        }
    }
}
