//! A key event: which key, with what held down, pressed or released. Owns the types, the numbers of
//! the kitty keyboard protocol for keys, and the normal form that bindings are compared in.

#[cfg(test)]
mod tests;

/// The highest function key there is, as in the kitty keyboard protocol.
pub const MAX_FUNCTION_KEY: u8 = 35;

/// First number of the private-use range in which the kitty protocol numbers keys without a
/// character of their own; the table "Functional key definitions" there is the source of all
/// numbers in this file.
const PRIVATE_FIRST: u32 = 57344;
const PRIVATE_LAST: u32 = 63743;
const F13: u32 = 57376;
const KEYPAD_FIRST: u32 = 57399;
const KEYPAD_LAST: u32 = 57427;

/// A key. `Char` holds the character that the key produced, or, from a terminal that tells more,
/// the character of the key without Shift (see [`KeyEvent::shifted`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    Char(char),
    Enter,
    Tab,
    Backspace,
    Escape,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    Insert,
    Delete,
    /// A function key, from 1 to [`MAX_FUNCTION_KEY`]; any other number encodes to nothing.
    F(u8),
    Menu,
    CapsLock,
    ScrollLock,
    NumLock,
    PrintScreen,
    Pause,
    /// A key of the number pad, where the terminal tells it from the main keys.
    Keypad(KeypadKey),
    /// Another key of the kitty protocol (media keys, the modifiers themselves), by its number
    /// there, 57428 to 63743. Only programs that ask for the kitty protocol hear of it.
    Private(u16),
}

/// A key of the number pad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeypadKey {
    /// 0 to 9; any other number encodes to nothing.
    Digit(u8),
    Decimal,
    Divide,
    Multiply,
    Subtract,
    Add,
    Enter,
    Equal,
    Separator,
    Left,
    Right,
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
    Insert,
    Delete,
    /// The middle key, without Num Lock.
    Begin,
}

bitflags::bitflags! {
    /// What is held down. The bits are those of the kitty protocol, section "Modifiers".
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub struct Modifiers: u8 {
        const SHIFT = 1;
        const ALT = 1 << 1;
        const CTRL = 1 << 2;
        const SUPER = 1 << 3;
        const HYPER = 1 << 4;
        const META = 1 << 5;
        const CAPS_LOCK = 1 << 6;
        const NUM_LOCK = 1 << 7;
    }
}

impl Modifiers {
    /// The two that are switched, not held.
    pub const LOCKS: Self = Self::CAPS_LOCK.union(Self::NUM_LOCK);

    /// Only what is held down.
    pub fn held(self) -> Self {
        self.difference(Self::LOCKS)
    }
}

/// What happened to the key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyKind {
    #[default]
    Press,
    Repeat,
    Release,
}

/// One event of one key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyEvent {
    pub key: Key,
    pub modifiers: Modifiers,
    pub kind: KeyKind,
    /// The character of a `Char` key with Shift, where the terminal told it.
    pub shifted: Option<char>,
    /// The character of a `Char` key in the standard (US) layout, where the terminal told it.
    pub base: Option<char>,
    /// The text that the key produced, only where it is not what the other fields say.
    pub text: Option<Box<str>>,
}

impl KeyEvent {
    /// A press with modifiers.
    pub fn new(key: Key, modifiers: Modifiers) -> Self {
        Self { key, modifiers, kind: KeyKind::Press, shifted: None, base: None, text: None }
    }

    /// A press of a character key alone.
    pub fn char(char: char) -> Self {
        Self::new(Key::Char(char), Modifiers::empty())
    }

    /// The same event of another kind.
    pub fn with_kind(self, kind: KeyKind) -> Self {
        Self { kind, ..self }
    }

    /// The character that the key stands for with the modifiers it has: `A` for Shift and `a`.
    /// None for keys without a character. Ctrl and Alt do not change it.
    pub fn character(&self) -> Option<char> {
        let Key::Char(plain) = self.key else { return None };
        if let Some(text) = self.text.as_deref() {
            let mut chars = text.chars();
            if let (Some(only), None) = (chars.next(), chars.next()) {
                return Some(only);
            }
        }
        let shift = self.modifiers.contains(Modifiers::SHIFT);
        // Caps Lock turns letters only, Shift turns them back, and it must not make another
        // binding of C-b.
        let caps = self.modifiers.contains(Modifiers::CAPS_LOCK)
            && self.types_text()
            && lower(upper(plain)) == Some(plain);
        let character =
            if shift != caps { self.shifted.unwrap_or_else(|| upper(plain)) } else { plain };
        Some(character)
    }

    /// The text that the key types into a program; empty when it types none, because it is no
    /// character key, or because Ctrl, Alt or their like are held.
    pub fn typed(&self) -> String {
        let text: String = match (self.text.as_deref(), self.key) {
            (Some(text), _) => text.into(),
            (None, Key::Char(_)) if self.types_text() => self.character().into_iter().collect(),
            (None, Key::Keypad(key)) if self.types_text() => key.character().into_iter().collect(),
            _ => String::new(),
        };
        if text.starts_with(char::is_control) { String::new() } else { text }
    }

    /// The form in which bindings are compared: a press, without locks, text and the terminal's
    /// further knowledge; Shift is folded into the character, and the number pad into the main
    /// keys. `S-a` with or without what Shift makes of it, and `A`, are the same binding.
    pub fn chord(&self) -> Self {
        let mut modifiers = self.modifiers.held();
        let key = match self.key {
            Key::Char(plain) => {
                let character = self.character().unwrap_or(plain);
                let has_case = upper(plain) != plain || lower(plain).is_some();
                if has_case || character != plain || self.shifted == Some(plain) {
                    modifiers -= Modifiers::SHIFT;
                }
                Key::Char(character)
            }
            Key::Keypad(key) => key.main_key(),
            other => other,
        };
        Self::new(key, modifiers)
    }

    /// The same press on the standard layout, for a character that is not ASCII and whose terminal
    /// told where on the keyboard it is: bindings work while Korean is being typed.
    pub fn in_base_layout(&self) -> Option<Self> {
        let Key::Char(char) = self.key else { return None };
        let base = self.base.filter(|_| !char.is_ascii())?;
        Some(Self::new(Key::Char(base), self.modifiers.held()).with_kind(self.kind))
    }

    fn types_text(&self) -> bool {
        (self.modifiers.held() - Modifiers::SHIFT).is_empty()
    }
}

impl From<Key> for KeyEvent {
    fn from(key: Key) -> Self {
        Self::new(key, Modifiers::empty())
    }
}

impl Key {
    /// The number of the key in the kitty protocol's `CSI u` form. `Char` is its character; keys
    /// that the protocol writes as legacy sequences have the numbers of its private range.
    pub fn kitty_code(self) -> u32 {
        match self {
            Self::Char(char) => char.into(),
            Self::Escape => 27,
            Self::Enter => 13,
            Self::Tab => 9,
            Self::Backspace => 127,
            Self::Insert => 57348,
            Self::Delete => 57349,
            Self::Left => 57350,
            Self::Right => 57351,
            Self::Up => 57352,
            Self::Down => 57353,
            Self::PageUp => 57354,
            Self::PageDown => 57355,
            Self::Home => 57356,
            Self::End => 57357,
            Self::CapsLock => 57358,
            Self::ScrollLock => 57359,
            Self::NumLock => 57360,
            Self::PrintScreen => 57361,
            Self::Pause => 57362,
            Self::Menu => 57363,
            Self::F(number) => F13 - 13 + u32::from(number),
            Self::Keypad(key) => key.kitty_code(),
            Self::Private(code) => code.into(),
        }
    }

    /// The key with this number; None for numbers that are no key.
    pub fn from_kitty_code(code: u32) -> Option<Self> {
        Some(match code {
            13 | 57345 => Self::Enter,
            9 | 57346 => Self::Tab,
            127 | 8 | 57347 => Self::Backspace,
            27 | 57344 => Self::Escape,
            57348 => Self::Insert,
            57349 => Self::Delete,
            57350 => Self::Left,
            57351 => Self::Right,
            57352 => Self::Up,
            57353 => Self::Down,
            57354 => Self::PageUp,
            57355 => Self::PageDown,
            57356 => Self::Home,
            57357 => Self::End,
            57358 => Self::CapsLock,
            57359 => Self::ScrollLock,
            57360 => Self::NumLock,
            57361 => Self::PrintScreen,
            57362 => Self::Pause,
            57363 => Self::Menu,
            57364..KEYPAD_FIRST => Self::F(u8::try_from(code - (F13 - 13)).ok()?),
            KEYPAD_FIRST..=KEYPAD_LAST => Self::Keypad(KeypadKey::from_kitty_code(code)?),
            PRIVATE_FIRST..=PRIVATE_LAST => Self::Private(u16::try_from(code).ok()?),
            _ => Self::Char(char::from_u32(code).filter(|char| !char.is_control())?),
        })
    }

    /// Whether the key is a modifier or a lock itself: such keys are told only to programs that
    /// ask for every key.
    pub fn is_modifier(self) -> bool {
        match self {
            Self::CapsLock | Self::ScrollLock | Self::NumLock => true,
            Self::Private(code) => (57441..=57454).contains(&code),
            _ => false,
        }
    }
}

/// The keypad keys after the ten digits, in the order of their numbers.
const KEYPAD_AFTER_DIGITS: [KeypadKey; 19] = [
    KeypadKey::Decimal,
    KeypadKey::Divide,
    KeypadKey::Multiply,
    KeypadKey::Subtract,
    KeypadKey::Add,
    KeypadKey::Enter,
    KeypadKey::Equal,
    KeypadKey::Separator,
    KeypadKey::Left,
    KeypadKey::Right,
    KeypadKey::Up,
    KeypadKey::Down,
    KeypadKey::PageUp,
    KeypadKey::PageDown,
    KeypadKey::Home,
    KeypadKey::End,
    KeypadKey::Insert,
    KeypadKey::Delete,
    KeypadKey::Begin,
];

impl KeypadKey {
    /// All keys of the pad.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..=9).map(Self::Digit).chain(KEYPAD_AFTER_DIGITS)
    }

    fn kitty_code(self) -> u32 {
        let place = match self {
            Self::Digit(digit) => u32::from(digit.min(9)),
            other => KEYPAD_AFTER_DIGITS
                .iter()
                .zip(10..)
                .find_map(|(key, place)| (*key == other).then_some(place))
                .unwrap_or_default(),
        };
        KEYPAD_FIRST + place
    }

    fn from_kitty_code(code: u32) -> Option<Self> {
        let place = u8::try_from(code.checked_sub(KEYPAD_FIRST)?).ok()?;
        match place {
            0..=9 => Some(Self::Digit(place)),
            _ => KEYPAD_AFTER_DIGITS.get(usize::from(place - 10)).copied(),
        }
    }

    /// The character on the key, None for Enter and the keys that move.
    pub fn character(self) -> Option<char> {
        Some(match self {
            Self::Digit(digit) => char::from_digit(digit.into(), 10)?,
            Self::Decimal => '.',
            Self::Divide => '/',
            Self::Multiply => '*',
            Self::Subtract => '-',
            Self::Add => '+',
            Self::Equal => '=',
            Self::Separator => ',',
            _ => return None,
        })
    }

    /// The key of the main block that does the same. `Begin` has none and stays.
    pub fn main_key(self) -> Key {
        match self {
            Self::Enter => Key::Enter,
            Self::Left => Key::Left,
            Self::Right => Key::Right,
            Self::Up => Key::Up,
            Self::Down => Key::Down,
            Self::PageUp => Key::PageUp,
            Self::PageDown => Key::PageDown,
            Self::Home => Key::Home,
            Self::End => Key::End,
            Self::Insert => Key::Insert,
            Self::Delete => Key::Delete,
            other => other.character().map_or(Key::Keypad(other), Key::Char),
        }
    }
}

/// The upper-case form where it is one character, else the character itself.
pub(super) fn upper(char: char) -> char {
    let mut upper = char.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(only), None) => only,
        _ => char,
    }
}

/// The lower-case form where it is one other character that goes back.
pub(super) fn lower(char: char) -> Option<char> {
    let mut forms = char.to_lowercase();
    match (forms.next(), forms.next()) {
        (Some(only), None) if only != char && upper(only) == char => Some(only),
        _ => None,
    }
}
