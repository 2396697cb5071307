//! The keys as xterm sends them to a program that asked for nothing: the tables of "PC-Style
//! Function Keys", "VT220-Style Function Keys" and "Alt and Meta Keys" of xterm's control sequences
//! document, with what terminfo promises for xterm-256color (kf13 and above are shifted keys).

use super::sequence::{Sequence, push_char, push_number};
use super::{Key, KeyEvent, KeypadKey, Modifiers};
use crate::Modes;

#[cfg(test)]
mod tests;

const ESC: u8 = 0x1b;

/// Writes the key. Keys with Super or Hyper have no legacy form: a shortcut of the desktop that
/// nobody took must not type its letter.
pub(super) fn encode(event: &KeyEvent, modes: &Modes, out: &mut Vec<u8>) {
    let held = event.modifiers.held();
    if held.intersects(Modifiers::SUPER | Modifiers::HYPER) {
        return;
    }
    let alt = held.intersects(Modifiers::ALT | Modifiers::META);
    let ctrl = held.contains(Modifiers::CTRL);
    let shift = held.contains(Modifiers::SHIFT);
    let key = match event.key {
        Key::Keypad(key) => {
            if modes.application_keypad
                && event.modifiers.is_empty()
                && let Some(last) = application_keypad(key)
            {
                out.extend_from_slice(&[ESC, b'O', last]);
                return;
            }
            key.main_key()
        }
        other => other,
    };
    if let Some((sequence, modifiers)) = function(key, held) {
        encode_function(sequence, modifiers, modes, out);
        return;
    }
    let prefix: &[u8] = if alt { &[ESC] } else { &[] };
    let bytes: &[u8] = match key {
        Key::Char(char) => return encode_text(event, char, prefix, out),
        Key::Enter if modes.newline => b"\r\n",
        Key::Enter => b"\r",
        Key::Tab if shift => b"\x1b[Z",
        Key::Tab => b"\t",
        Key::Escape => b"\x1b",
        Key::Backspace if ctrl != modes.backarrow_sends_bs => b"\x08",
        Key::Backspace => b"\x7f",
        _ => return,
    };
    out.extend_from_slice(prefix);
    out.extend_from_slice(bytes);
}

/// The control byte of a character with Ctrl, None when there is none and the character itself is
/// sent. The table is VT100's with what X11 and the kitty protocol ("Legacy ctrl mapping of ASCII
/// keys") add.
pub(super) fn control_byte(char: char) -> Option<u8> {
    let byte = u8::try_from(char).ok()?;
    match byte {
        b' ' | b'2' => Some(0),
        b'3'..=b'7' => Some(byte - b'3' + ESC),
        b'8' | b'?' => Some(0x7f),
        b'/' => Some(0x1f),
        b'@'..=b'~' => Some(byte & 0x1f),
        _ => None,
    }
}

/// The character that Ctrl works on: of the standard layout where the key's own is no ASCII, so
/// that Ctrl-C works while another script is being typed.
pub(super) fn control_character(event: &KeyEvent) -> Option<char> {
    let character = event.character()?;
    if character.is_ascii() { Some(character) } else { event.base.or(Some(character)) }
}

/// `char` is what the key says without the rest of the event.
fn encode_text(event: &KeyEvent, char: char, prefix: &[u8], out: &mut Vec<u8>) {
    if event.modifiers.contains(Modifiers::CTRL) {
        out.extend_from_slice(prefix);
        let char = control_character(event).unwrap_or(char);
        match control_byte(char) {
            Some(byte) => out.push(byte),
            None => push_char(char, out),
        }
        return;
    }
    let typed = event.typed();
    if event.text.is_some() && !typed.is_empty() {
        // The terminal told the text: then Alt was part of making it.
        out.extend_from_slice(typed.as_bytes());
        return;
    }
    out.extend_from_slice(prefix);
    push_char(event.character().unwrap_or(char), out);
}

/// A function key with the modifiers to write: F13 to F24 are Shift with F1 to F12, F25 to F35 Ctrl
/// with F1 to F11.
fn function(key: Key, held: Modifiers) -> Option<(Sequence, Modifiers)> {
    let (key, held) = match key {
        Key::F(number @ 13..=24) => (Key::F(number - 12), held | Modifiers::SHIFT),
        Key::F(number @ 25..=super::MAX_FUNCTION_KEY) => {
            (Key::F(number - 24), held | Modifiers::CTRL)
        }
        // VT220's key "Menu", as xterm sends it.
        Key::Menu => return Some((Sequence { number: 29, last: b'~' }, held)),
        other => (other, held),
    };
    Some((Sequence::of(key)?, held))
}

fn encode_function(sequence: Sequence, held: Modifiers, modes: &Modes, out: &mut Vec<u8>) {
    let Sequence { number, last } = sequence;
    let ss3 =
        sequence.is_keypad_function() || (sequence.is_cursor_key() && modes.application_cursor);
    let modifiers = modifier_parameter(held);
    if modifiers == 1 && last != b'~' {
        out.extend_from_slice(&[ESC, if ss3 { b'O' } else { b'[' }, last]);
        return;
    }
    out.extend_from_slice(&[ESC, b'[']);
    push_number(number, out);
    if modifiers != 1 {
        out.push(b';');
        push_number(modifiers, out);
    }
    out.push(last);
}

/// xterm's modifier parameter: 1 + shift 1, alt 2, ctrl 4, meta 8.
pub(super) fn modifier_parameter(held: Modifiers) -> u32 {
    let three = held & (Modifiers::SHIFT | Modifiers::ALT | Modifiers::CTRL);
    let meta = if held.contains(Modifiers::META) { 8 } else { 0 };
    1 + u32::from(three.bits()) + meta
}

/// The last byte of the keypad's SS3 form (DECKPAM).
fn application_keypad(key: KeypadKey) -> Option<u8> {
    Some(match key {
        KeypadKey::Digit(digit @ 0..=9) => b'p' + digit,
        KeypadKey::Decimal => b'n',
        KeypadKey::Divide => b'o',
        KeypadKey::Multiply => b'j',
        KeypadKey::Subtract => b'm',
        KeypadKey::Add => b'k',
        KeypadKey::Separator => b'l',
        KeypadKey::Enter => b'M',
        KeypadKey::Equal => b'X',
        _ => return None,
    })
}
