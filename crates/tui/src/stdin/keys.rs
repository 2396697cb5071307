//! Which key a byte or a sequence is: the tables of xterm, the kitty protocol, and what rxvt, PuTTY
//! and the Linux console send differently.

use ccc_vt::input::{Key, KeyEvent, KeyKind, KeypadKey, Modifiers};

use super::csi::{Csi, Meaning};

/// The key that sends this ASCII byte.
pub(super) fn byte_key(byte: u8) -> KeyEvent {
    match byte {
        b'\t' => Key::Tab.into(),
        b'\r' => Key::Enter.into(),
        0x1b => Key::Escape.into(),
        0x7f => Key::Backspace.into(),
        0 => KeyEvent::new(Key::Char(' '), Modifiers::CTRL),
        0x01..=0x1a => KeyEvent::new(Key::Char((byte + b'a' - 1).into()), Modifiers::CTRL),
        0x1c..=0x1f => KeyEvent::new(Key::Char((byte + b'@').into()), Modifiers::CTRL),
        _ => KeyEvent::char(byte.into()),
    }
}

/// `CSI [ A` to `CSI [ E`: F1 to F5 of the Linux console.
pub(super) fn linux_function(last: u8) -> Meaning {
    match last {
        b'A'..=b'E' => Meaning::LegacyKey(Key::F(last - b'A' + 1).into()),
        _ => Meaning::Unknown,
    }
}

/// `SS3 last`; some terminals put the modifiers' number in between.
pub(super) fn ss3(modifiers: &[u8], last: u8, kitty: bool) -> Meaning {
    let number = match Csi::numbers(modifiers) {
        Some(numbers) => numbers.last().copied().unwrap_or(1),
        None => return Meaning::Unknown,
    };
    let Some(modifiers) = modifiers_of(number, kitty) else { return Meaning::Unknown };
    let key = match last {
        b'a'..=b'd' => {
            // rxvt's arrows with Ctrl.
            return legacy(cursor_key(last.to_ascii_uppercase()), modifiers | Modifiers::CTRL);
        }
        b'p'..=b'y' => Some(Key::Keypad(KeypadKey::Digit(last - b'p'))),
        b'j' => Some(Key::Keypad(KeypadKey::Multiply)),
        b'k' => Some(Key::Keypad(KeypadKey::Add)),
        b'l' => Some(Key::Keypad(KeypadKey::Separator)),
        b'm' => Some(Key::Keypad(KeypadKey::Subtract)),
        b'n' => Some(Key::Keypad(KeypadKey::Decimal)),
        b'o' => Some(Key::Keypad(KeypadKey::Divide)),
        b'M' => Some(Key::Keypad(KeypadKey::Enter)),
        b'X' => Some(Key::Keypad(KeypadKey::Equal)),
        b'R' => Some(Key::F(3)),
        _ => cursor_key(last),
    };
    legacy(key, modifiers)
}

/// `CSI 1 ; modifiers : kind last`, the keys that have a letter. None for other letters.
pub(super) fn letter(csi: &Csi<'_>, kitty: bool) -> Option<Meaning> {
    let (modifiers, kind) = held(csi, kitty)?;
    let key = match csi.last {
        b'Z' => {
            let key = KeyEvent::new(Key::Tab, modifiers | Modifiers::SHIFT);
            return Some(Meaning::LegacyKey(key.with_kind(kind)));
        }
        // rxvt's arrows with Shift; with parameters these letters are other things.
        b'a'..=b'd' if csi.is_bare() => {
            return Some(legacy(cursor_key(csi.last.to_ascii_uppercase()), Modifiers::SHIFT));
        }
        b'R' => Key::F(3),
        last => cursor_key(last)?,
    };
    (csi.number(0).unwrap_or(1) == 1)
        .then(|| Meaning::LegacyKey(KeyEvent::new(key, modifiers).with_kind(kind)))
}

/// `CSI number ; modifiers : kind ~`, the keys that have a number; `^` and `@` are rxvt's Ctrl and
/// Ctrl-Shift.
pub(super) fn tilde(csi: &Csi<'_>, kitty: bool) -> Option<Meaning> {
    let number = csi.number(0)?;
    if number == 27 {
        return Some(modify_other_keys(csi));
    }
    let (mut modifiers, kind) = held(csi, kitty)?;
    match csi.last {
        b'^' => modifiers |= Modifiers::CTRL,
        b'@' => modifiers |= Modifiers::CTRL | Modifiers::SHIFT,
        _ => {}
    }
    let function = |first: u32, key: u8| u8::try_from(number - first).map(|n| Key::F(n + key));
    let key = match number {
        1 | 7 => Key::Home,
        2 => Key::Insert,
        3 => Key::Delete,
        4 | 8 => Key::End,
        5 => Key::PageUp,
        6 => Key::PageDown,
        // The gaps are those of the VT220's keyboard.
        11..=15 => function(11, 1).ok()?,
        17..=21 => function(17, 6).ok()?,
        23..=26 => function(23, 11).ok()?,
        28 => Key::F(15),
        29 => Key::Menu,
        31..=34 => function(31, 17).ok()?,
        57427 => Key::Keypad(KeypadKey::Begin),
        _ => return None,
    };
    Some(Meaning::LegacyKey(KeyEvent::new(key, modifiers).with_kind(kind)))
}

/// `CSI code:shifted:base ; modifiers:kind ; text u`, the kitty protocol.
pub(super) fn kitty(csi: &Csi<'_>) -> Option<Meaning> {
    let (modifiers, kind) = held(csi, true)?;
    let text: String = csi.subs(2).map(|code| char::from_u32(code?)).collect::<Option<_>>()?;
    let code = csi.number(0)?;
    if code == 0 {
        // Text that no key is known for, such as what an input method made.
        let keys = text.chars().filter(|char| !char.is_control()).map(KeyEvent::char);
        return Some(Meaning::keys(keys.map(|key| key.with_kind(kind))));
    }
    let key = Key::from_kitty_code(code)?;
    let alternate = |place| csi.sub(0, place).and_then(char::from_u32).filter(|_| is_char(key));
    let mut event = with_case(key, modifiers).with_kind(kind);
    event.shifted = alternate(1).or(event.shifted);
    event.base = alternate(2);
    // What the rest of the event says anyway is not said twice.
    if !text.is_empty() && event.typed() != text {
        event.text = Some(text.into_boxed_str());
    }
    Some(Meaning::keys(std::iter::once(event)))
}

/// `CSI 27 ; modifiers ; code ~`: the code is of the character that Shift made.
fn modify_other_keys(csi: &Csi<'_>) -> Meaning {
    let (Some(number), Some(code)) = (csi.number(1), csi.number(2)) else {
        return Meaning::Unknown;
    };
    let (Some(modifiers), Some(key)) = (modifiers_of(number, false), Key::from_kitty_code(code))
    else {
        return Meaning::Unknown;
    };
    let mut event = with_case(key, modifiers);
    if let (Key::Char(char), true) = (event.key, modifiers.contains(Modifiers::SHIFT))
        && event.shifted.is_none()
        && char != ' '
    {
        event.shifted = Some(char);
    }
    Meaning::keys(std::iter::once(event))
}

/// A letter in upper case with Shift is the key of the letter in lower case.
fn with_case(key: Key, modifiers: Modifiers) -> KeyEvent {
    let mut event = KeyEvent::new(key, modifiers);
    if let (Key::Char(upper), true) = (key, modifiers.contains(Modifiers::SHIFT)) {
        let mut lower = upper.to_lowercase();
        if let (Some(lower), None) = (lower.next(), lower.next())
            && lower != upper
        {
            event.key = Key::Char(lower);
            event.shifted = Some(upper);
        }
    }
    event
}

fn is_char(key: Key) -> bool {
    matches!(key, Key::Char(_))
}

fn legacy(key: Option<Key>, modifiers: Modifiers) -> Meaning {
    key.map_or(Meaning::Unknown, |key| Meaning::LegacyKey(KeyEvent::new(key, modifiers)))
}

fn cursor_key(last: u8) -> Option<Key> {
    Some(match last {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' => Key::Right,
        b'D' => Key::Left,
        b'E' => Key::Keypad(KeypadKey::Begin),
        b'F' => Key::End,
        b'H' => Key::Home,
        b'P' => Key::F(1),
        b'Q' => Key::F(2),
        b'S' => Key::F(4),
        _ => return None,
    })
}

/// The second parameter: modifiers and kind. None when it is out of range.
fn held(csi: &Csi<'_>, kitty: bool) -> Option<(Modifiers, KeyKind)> {
    let kind = match csi.sub(1, 1) {
        None | Some(1) => KeyKind::Press,
        Some(2) => KeyKind::Repeat,
        Some(3) => KeyKind::Release,
        Some(_) => return None,
    };
    Some((modifiers_of(csi.number(1).unwrap_or(1), kitty)?, kind))
}

/// The modifiers of a parameter, which is one more than their bits. Where the kitty protocol says
/// Super, xterm says Meta.
fn modifiers_of(number: u32, kitty: bool) -> Option<Modifiers> {
    let bits = u8::try_from(number.saturating_sub(1)).ok()?;
    let mut modifiers = Modifiers::from_bits_truncate(bits);
    if !kitty && number <= 16 && modifiers.contains(Modifiers::SUPER) {
        modifiers -= Modifiers::SUPER;
        modifiers |= Modifiers::META;
    }
    Some(modifiers)
}
