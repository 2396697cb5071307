//! The control sequences of keys that have no character: which number and which last byte. Shared
//! by the legacy and the kitty form, which differ in what stands around them.

use super::{Key, KeypadKey};

/// `CSI number ; … last`. The number 1 is left out when nothing follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sequence {
    pub(super) number: u32,
    pub(super) last: u8,
}

impl Sequence {
    /// The sequence of a cursor, editing or function key. F13 and above have none of their own.
    pub(super) fn of(key: Key) -> Option<Self> {
        let letter = |last| Self { number: 1, last };
        let tilde = |number| Self { number, last: b'~' };
        Some(match key {
            Key::Up => letter(b'A'),
            Key::Down => letter(b'B'),
            Key::Right => letter(b'C'),
            Key::Left => letter(b'D'),
            Key::Keypad(KeypadKey::Begin) => letter(b'E'),
            Key::End => letter(b'F'),
            Key::Home => letter(b'H'),
            Key::F(number @ 1..=4) => letter(b'O' + number),
            Key::Insert => tilde(2),
            Key::Delete => tilde(3),
            Key::PageUp => tilde(5),
            Key::PageDown => tilde(6),
            // The gaps are those of the VT220's keyboard.
            Key::F(5) => tilde(15),
            Key::F(number @ 6..=10) => tilde(u32::from(number) + 11),
            Key::F(number @ 11..=12) => tilde(u32::from(number) + 12),
            _ => return None,
        })
    }

    /// Whether DECCKM turns the unmodified form into SS3.
    pub(super) fn is_cursor_key(self) -> bool {
        matches!(self.last, b'A'..=b'H')
    }

    /// Whether the unmodified legacy form is always SS3.
    pub(super) fn is_keypad_function(self) -> bool {
        matches!(self.last, b'P'..=b'S')
    }
}

/// Appends a decimal number.
pub(super) fn push_number(number: u32, out: &mut Vec<u8>) {
    out.extend_from_slice(number.to_string().as_bytes());
}

/// Appends a character as UTF-8.
pub(super) fn push_char(char: char, out: &mut Vec<u8>) {
    out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
}
