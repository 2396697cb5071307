//! The names of keys and modifiers: one table from which writing, reading and the nearest name of a
//! misspelt one come.

use super::{Key, KeypadKey, Modifiers, nearest_name};

/// Names without a number or a character in them. The first of a key is how it is written; names
/// are read in any case. The further ones are those of tmux, vim and helix.
const KEYS: &[(&str, Key)] = &[
    ("Enter", Key::Enter),
    ("Return", Key::Enter),
    ("Ret", Key::Enter),
    ("CR", Key::Enter),
    ("Tab", Key::Tab),
    ("Backspace", Key::Backspace),
    ("BSpace", Key::Backspace),
    ("BS", Key::Backspace),
    ("Escape", Key::Escape),
    ("Esc", Key::Escape),
    ("Space", Key::Char(' ')),
    ("Spc", Key::Char(' ')),
    ("lt", Key::Char('<')),
    ("gt", Key::Char('>')),
    ("Minus", Key::Char('-')),
    ("Plus", Key::Char('+')),
    ("Up", Key::Up),
    ("Down", Key::Down),
    ("Left", Key::Left),
    ("Right", Key::Right),
    ("Home", Key::Home),
    ("End", Key::End),
    ("PageUp", Key::PageUp),
    ("PgUp", Key::PageUp),
    ("PPage", Key::PageUp),
    ("PageDown", Key::PageDown),
    ("PgDn", Key::PageDown),
    ("NPage", Key::PageDown),
    ("Insert", Key::Insert),
    ("Ins", Key::Insert),
    ("IC", Key::Insert),
    ("Delete", Key::Delete),
    ("Del", Key::Delete),
    ("DC", Key::Delete),
    ("Menu", Key::Menu),
    ("CapsLock", Key::CapsLock),
    ("ScrollLock", Key::ScrollLock),
    ("NumLock", Key::NumLock),
    ("PrintScreen", Key::PrintScreen),
    ("Pause", Key::Pause),
    ("KPDecimal", Key::Keypad(KeypadKey::Decimal)),
    ("KP.", Key::Keypad(KeypadKey::Decimal)),
    ("KPDivide", Key::Keypad(KeypadKey::Divide)),
    ("KP/", Key::Keypad(KeypadKey::Divide)),
    ("KPMultiply", Key::Keypad(KeypadKey::Multiply)),
    ("KP*", Key::Keypad(KeypadKey::Multiply)),
    ("KPSubtract", Key::Keypad(KeypadKey::Subtract)),
    ("KP-", Key::Keypad(KeypadKey::Subtract)),
    ("KPAdd", Key::Keypad(KeypadKey::Add)),
    ("KP+", Key::Keypad(KeypadKey::Add)),
    ("KPEnter", Key::Keypad(KeypadKey::Enter)),
    ("KPEqual", Key::Keypad(KeypadKey::Equal)),
    ("KPSeparator", Key::Keypad(KeypadKey::Separator)),
    ("KPLeft", Key::Keypad(KeypadKey::Left)),
    ("KPRight", Key::Keypad(KeypadKey::Right)),
    ("KPUp", Key::Keypad(KeypadKey::Up)),
    ("KPDown", Key::Keypad(KeypadKey::Down)),
    ("KPPageUp", Key::Keypad(KeypadKey::PageUp)),
    ("KPPageDown", Key::Keypad(KeypadKey::PageDown)),
    ("KPHome", Key::Keypad(KeypadKey::Home)),
    ("KPEnd", Key::Keypad(KeypadKey::End)),
    ("KPInsert", Key::Keypad(KeypadKey::Insert)),
    ("KPDelete", Key::Keypad(KeypadKey::Delete)),
    ("KPBegin", Key::Keypad(KeypadKey::Begin)),
];

/// Modifiers as they are written, in the order in which they are written.
pub(super) const MODIFIERS: &[(&str, Modifiers)] = &[
    ("H-", Modifiers::HYPER),
    ("D-", Modifiers::SUPER),
    ("T-", Modifiers::META),
    ("C-", Modifiers::CTRL),
    ("M-", Modifiers::ALT),
    ("S-", Modifiers::SHIFT),
];

/// Further ways to write a modifier, read in any case, before `-` or `+`. Who writes Meta means the
/// key that terminals call Alt.
const LONG_MODIFIERS: &[(&str, Modifiers)] = &[
    ("Ctrl", Modifiers::CTRL),
    ("Control", Modifiers::CTRL),
    ("Alt", Modifiers::ALT),
    ("Meta", Modifiers::ALT),
    ("Shift", Modifiers::SHIFT),
    ("Super", Modifiers::SUPER),
    ("Cmd", Modifiers::SUPER),
    ("Hyper", Modifiers::HYPER),
];

/// The name of a key, None for characters and keys that are written by number.
pub(super) fn name_of(key: Key) -> Option<&'static str> {
    // `<` and its like have names only for where their character would be read otherwise.
    if matches!(key, Key::Char(char) if char != ' ') {
        return None;
    }
    KEYS.iter().find(|(_, named)| *named == key).map(|(name, _)| *name)
}

/// The key with this name.
pub(super) fn key_named(name: &str) -> Option<Key> {
    if let Some((_, key)) = KEYS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        return Some(*key);
    }
    if let Some(digits) = strip_prefix(name, "KP") {
        let digit = digits.parse().ok().filter(|digit| digits.len() == 1 && *digit <= 9)?;
        return Some(Key::Keypad(KeypadKey::Digit(digit)));
    }
    if let Some(digits) = strip_prefix(name, "U+") {
        let plain = (1..=6).contains(&digits.len()) && !digits.starts_with(['+', '-']);
        let code = u32::from_str_radix(digits, 16).ok().filter(|_| plain)?;
        return char::from_u32(code).map(Key::Char);
    }
    if let Some(digits) = strip_prefix(name, "F") {
        let number = digits.parse().ok()?;
        let known = (1..=super::MAX_FUNCTION_KEY).contains(&number);
        return (known && !digits.starts_with(['0', '+'])).then_some(Key::F(number));
    }
    let digits = strip_prefix(name, "K").filter(|digits| !digits.starts_with('+'))?;
    let key = Key::from_kitty_code(digits.parse().ok()?)?;
    matches!(key, Key::Private(_)).then_some(key)
}

/// The modifier at the start of a word, and the rest of the word.
pub(super) fn split_modifier(word: &str) -> Option<(Modifiers, &str)> {
    for (name, modifier) in MODIFIERS {
        if let Some(rest) = word.strip_prefix(name) {
            return Some((*modifier, rest));
        }
    }
    if let Some(rest) = word.strip_prefix("A-") {
        return Some((Modifiers::ALT, rest));
    }
    for (name, modifier) in LONG_MODIFIERS {
        let rest = strip_prefix(word, name).and_then(|rest| rest.strip_prefix(['-', '+']));
        if let Some(rest) = rest {
            return Some((*modifier, rest));
        }
    }
    None
}

/// The name that was probably meant.
pub(super) fn nearest_key(word: &str) -> Option<&'static str> {
    nearest_name(word, KEYS.iter().map(|(name, _)| *name))
}

/// The modifier that was probably meant.
pub(super) fn nearest_modifier(word: &str) -> Option<&'static str> {
    let short = MODIFIERS.iter().find(|(name, _)| name.eq_ignore_ascii_case(&format!("{word}-")));
    short
        .map(|(name, _)| *name)
        .or_else(|| nearest_name(word, LONG_MODIFIERS.iter().map(|(name, _)| *name)))
}

/// Strips an ASCII prefix in any case.
fn strip_prefix<'a>(word: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = word.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}
