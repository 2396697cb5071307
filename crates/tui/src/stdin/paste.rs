//! A bracketed paste on its way in: finds the end marker however the bytes are cut, and hands the
//! text on in bounded pieces of whole characters.

use std::time::Duration;

use super::{PasteChunk, StdinEvent};

/// Bytes after which a piece is handed on.
pub(super) const PASTE_CHUNK: usize = 16 * 1024;

/// How long a piece may wait for more.
const FLUSH_TIME: Duration = Duration::from_millis(25);

/// How long a paste may say nothing before it is taken to have ended without its marker. Until then
/// every key is part of it; after that the rest of a stalled one would be typed.
const STALL_TIME: Duration = Duration::from_secs(5);

const END: &[u8] = b"\x1b[201~";

/// The paste that is being read.
#[derive(Debug, Default)]
pub(super) struct PasteReader {
    /// Never longer than `PASTE_CHUNK`.
    text: Vec<u8>,
    /// How many bytes of the end marker were just read; they are not in `text`.
    matched: usize,
    /// A piece was handed on.
    begun: bool,
    /// Nothing has come since the last flush.
    stalled: bool,
}

impl PasteReader {
    /// Takes a byte; true when the paste has ended with it.
    pub(super) fn byte(&mut self, byte: u8, out: &mut Vec<StdinEvent>) -> bool {
        self.stalled = false;
        if END.get(self.matched) == Some(&byte) {
            self.matched += 1;
            if self.matched == END.len() {
                self.finish(out);
                return true;
            }
            return false;
        }
        // The marker's first byte does not occur in it again, so a failed match can only begin anew
        // with the present byte.
        let failed = END.get(..self.matched).unwrap_or_default();
        self.matched = 0;
        for byte in failed {
            self.push(*byte, out);
        }
        if END.first() == Some(&byte) {
            self.matched = 1;
        } else {
            self.push(byte, out);
        }
        false
    }

    /// Hands on what there is, but for a character that is not whole.
    pub(super) fn flush(&mut self, out: &mut Vec<StdinEvent>) {
        self.stalled = true;
        let whole = whole_characters(&self.text);
        if whole > 0 {
            self.hand_on(whole, false, out);
        }
    }

    /// Hands on the last piece.
    pub(super) fn finish(&mut self, out: &mut Vec<StdinEvent>) {
        self.hand_on(self.text.len(), true, out);
    }

    /// Whether the paste was flushed and nothing came since.
    pub(super) fn is_stalled(&self) -> bool {
        self.stalled
    }

    /// How long to wait for the next byte.
    pub(super) fn patience(&self) -> Duration {
        if self.stalled { STALL_TIME } else { FLUSH_TIME }
    }

    fn push(&mut self, byte: u8, out: &mut Vec<StdinEvent>) {
        self.text.push(byte);
        if self.text.len() >= PASTE_CHUNK {
            self.hand_on(whole_characters(&self.text), false, out);
        }
    }

    fn hand_on(&mut self, length: usize, last: bool, out: &mut Vec<StdinEvent>) {
        let rest = self.text.split_off(length);
        let bytes = std::mem::replace(&mut self.text, rest);
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        };
        let first = !std::mem::replace(&mut self.begun, true);
        out.push(StdinEvent::Paste(PasteChunk { text, first, last }));
    }
}

/// The length without a character at the end that is not whole yet.
fn whole_characters(bytes: &[u8]) -> usize {
    const LONGEST: usize = 4;
    let start = bytes.len().saturating_sub(LONGEST);
    for (place, byte) in bytes.iter().enumerate().skip(start).rev() {
        if *byte < 0x80 {
            break;
        }
        if *byte >= 0xc0 {
            let tail = bytes.get(place..).unwrap_or_default();
            let waiting = std::str::from_utf8(tail).is_err_and(|error| error.error_len().is_none());
            return if waiting { place } else { bytes.len() };
        }
    }
    bytes.len()
}
