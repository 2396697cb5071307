//! Typed input as it travels, to what a pane's encoder takes, and back. Owns the mapping only:
//! what bytes a key becomes is decided by `ccc_vt::input`, at the moment of writing.

use ccc_proto::{InputEvent, InputKind, WireKey, WireKeyCode, WireMouse, WireMouseKind};
use ccc_vt::input::{
    Key, KeyEvent, KeyKind, MAX_FUNCTION_KEY, Modifiers, MouseButton, MouseEvent, MouseKind,
    WheelDirection,
};

#[cfg(test)]
mod tests;

/// The longest text of one key, in bytes. An input method hands over words, never pages.
const KEY_TEXT: usize = 256;

/// One event of a pane's input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    Key(KeyEvent),
    /// Text typed as it stands.
    Text(String),
    /// Text to be bracketed when the program asks for it.
    Paste(String),
    /// The same in several pieces, which the program gets as one.
    PastePiece {
        text: String,
        first: bool,
        last: bool,
    },
    Mouse(MouseEvent),
    /// Focus gained (true) or lost.
    Focus(bool),
    /// Bytes for the program, untouched.
    Literal(Vec<u8>),
}

impl Typed {
    /// The event as it travels.
    #[must_use]
    pub fn to_wire(&self) -> InputEvent {
        match self {
            Self::Key(key) => InputEvent::key(&wire_key(key)),
            Self::Text(text) => InputEvent::text(text),
            Self::Paste(text) => InputEvent::paste(text),
            Self::PastePiece { text, first, last } => InputEvent::paste_piece(text, *first, *last),
            Self::Mouse(mouse) => InputEvent::mouse(&wire_mouse(mouse)),
            Self::Focus(gained) => InputEvent::focus(*gained),
            Self::Literal(bytes) => InputEvent::literal(bytes),
        }
    }

    /// The event that a peer sent; `None` for one that is to be skipped: a kind, key or button that
    /// came after this version, or a body that does not read as its kind.
    #[must_use]
    pub fn from_wire(event: &InputEvent) -> Option<Self> {
        let text = || std::str::from_utf8(&event.body).ok().map(str::to_owned);
        Some(match event.kind {
            InputKind::KEY => Self::Key(key_event(&event.as_key()?)?),
            InputKind::TEXT => Self::Text(text()?),
            InputKind::PASTE => Self::Paste(text()?),
            InputKind::PASTE_PIECE => {
                let (bits, text) = event.body.split_first()?;
                Self::PastePiece {
                    text: std::str::from_utf8(text).ok()?.to_owned(),
                    first: bits & 1 != 0,
                    last: bits & 2 != 0,
                }
            }
            InputKind::MOUSE => Self::Mouse(mouse_event(&event.as_mouse()?)?),
            InputKind::FOCUS => match event.body.as_slice() {
                [0] => Self::Focus(false),
                [1] => Self::Focus(true),
                _ => return None,
            },
            InputKind::LITERAL => Self::Literal(event.body.clone()),
            _ => return None,
        })
    }
}

/// A key as it travels.
#[must_use]
pub fn wire_key(event: &KeyEvent) -> WireKey {
    let (code, char) = match event.key {
        Key::Char(char) => (WireKeyCode::CHAR, char.into()),
        Key::F(number) => (WireKeyCode::FUNCTION, number.into()),
        Key::Keypad(_) => (WireKeyCode::KEYPAD, event.key.kitty_code()),
        Key::Private(code) => (WireKeyCode::PRIVATE, code.into()),
        other => (NAMED.iter().find(|(key, _)| *key == other).map_or(WireKeyCode(0), |n| n.1), 0),
    };
    WireKey {
        code,
        char,
        modifiers: event.modifiers.bits().into(),
        kind: match event.kind {
            KeyKind::Press => 1,
            KeyKind::Repeat => 2,
            KeyKind::Release => 3,
        },
        shifted: event.shifted.map_or(0, u32::from),
        base: event.base.map_or(0, u32::from),
        text: event.text.as_deref().unwrap_or_default().to_owned(),
    }
}

/// A key that a peer sent; `None` when it is no key of this version.
#[must_use]
pub fn key_event(wire: &WireKey) -> Option<KeyEvent> {
    let key = match wire.code {
        // A control character is another key with Ctrl, never a character of its own.
        WireKeyCode::CHAR => Key::Char(printable(wire.char)?),
        WireKeyCode::FUNCTION => {
            Key::F(u8::try_from(wire.char).ok().filter(|n| (1..=MAX_FUNCTION_KEY).contains(n))?)
        }
        WireKeyCode::KEYPAD => {
            Key::from_kitty_code(wire.char).filter(|key| matches!(key, Key::Keypad(_)))?
        }
        WireKeyCode::PRIVATE => {
            Key::from_kitty_code(wire.char).filter(|key| matches!(key, Key::Private(_)))?
        }
        code => NAMED.iter().find(|(_, wire_code)| *wire_code == code)?.0,
    };
    if wire.text.len() > KEY_TEXT {
        return None;
    }
    Some(KeyEvent {
        key,
        // Modifiers that come later are not held by anyone here.
        modifiers: Modifiers::from_bits_truncate(u8::try_from(wire.modifiers & 0xff).ok()?),
        kind: match wire.kind {
            1 => KeyKind::Press,
            2 => KeyKind::Repeat,
            3 => KeyKind::Release,
            _ => return None,
        },
        shifted: printable(wire.shifted),
        base: printable(wire.base),
        text: (!wire.text.is_empty()).then(|| wire.text.as_str().into()),
    })
}

/// A mouse event as it travels.
#[must_use]
pub fn wire_mouse(event: &MouseEvent) -> WireMouse {
    let (kind, button) = match event.kind {
        MouseKind::Press(button) => (WireMouseKind::PRESS, wire_button(button)),
        MouseKind::Release(button) => (WireMouseKind::RELEASE, wire_button(button)),
        MouseKind::Drag(button) => (WireMouseKind::DRAG, wire_button(button)),
        MouseKind::Move => (WireMouseKind::MOVE, 0),
        MouseKind::Wheel(WheelDirection::Up) => (WireMouseKind::WHEEL_UP, 0),
        MouseKind::Wheel(WheelDirection::Down) => (WireMouseKind::WHEEL_DOWN, 0),
        MouseKind::Wheel(WheelDirection::Left) => (WireMouseKind::WHEEL_LEFT, 0),
        MouseKind::Wheel(WheelDirection::Right) => (WireMouseKind::WHEEL_RIGHT, 0),
    };
    WireMouse {
        kind,
        button,
        col: event.col,
        row: event.row,
        modifiers: event.modifiers.bits().into(),
    }
}

/// A mouse event that a peer sent; `None` when it is none of this version.
#[must_use]
pub fn mouse_event(wire: &WireMouse) -> Option<MouseEvent> {
    let kind = match wire.kind {
        WireMouseKind::PRESS => MouseKind::Press(button(wire.button)?),
        WireMouseKind::RELEASE => MouseKind::Release(button(wire.button)?),
        WireMouseKind::DRAG => MouseKind::Drag(button(wire.button)?),
        WireMouseKind::MOVE => MouseKind::Move,
        WireMouseKind::WHEEL_UP => MouseKind::Wheel(WheelDirection::Up),
        WireMouseKind::WHEEL_DOWN => MouseKind::Wheel(WheelDirection::Down),
        WireMouseKind::WHEEL_LEFT => MouseKind::Wheel(WheelDirection::Left),
        WireMouseKind::WHEEL_RIGHT => MouseKind::Wheel(WheelDirection::Right),
        _ => return None,
    };
    let modifiers = Modifiers::from_bits_truncate(u8::try_from(wire.modifiers & 0xff).ok()?);
    Some(MouseEvent { kind, col: wire.col, row: wire.row, modifiers })
}

/// The keys that are one number each, in both directions.
const NAMED: [(Key, WireKeyCode); 20] = [
    (Key::Enter, WireKeyCode::ENTER),
    (Key::Tab, WireKeyCode::TAB),
    (Key::Backspace, WireKeyCode::BACKSPACE),
    (Key::Escape, WireKeyCode::ESCAPE),
    (Key::Up, WireKeyCode::UP),
    (Key::Down, WireKeyCode::DOWN),
    (Key::Left, WireKeyCode::LEFT),
    (Key::Right, WireKeyCode::RIGHT),
    (Key::Home, WireKeyCode::HOME),
    (Key::End, WireKeyCode::END),
    (Key::PageUp, WireKeyCode::PAGE_UP),
    (Key::PageDown, WireKeyCode::PAGE_DOWN),
    (Key::Insert, WireKeyCode::INSERT),
    (Key::Delete, WireKeyCode::DELETE),
    (Key::Menu, WireKeyCode::MENU),
    (Key::CapsLock, WireKeyCode::CAPS_LOCK),
    (Key::ScrollLock, WireKeyCode::SCROLL_LOCK),
    (Key::NumLock, WireKeyCode::NUM_LOCK),
    (Key::PrintScreen, WireKeyCode::PRINT_SCREEN),
    (Key::Pause, WireKeyCode::PAUSE),
];

/// Buttons with their numbers on the wire.
const BUTTONS: [(MouseButton, u16); 7] = [
    (MouseButton::Left, 1),
    (MouseButton::Middle, 2),
    (MouseButton::Right, 3),
    (MouseButton::Back, 8),
    (MouseButton::Forward, 9),
    (MouseButton::Button10, 10),
    (MouseButton::Button11, 11),
];

fn wire_button(button: MouseButton) -> u16 {
    BUTTONS.iter().find(|(known, _)| *known == button).map_or(0, |(_, number)| *number)
}

fn button(number: u16) -> Option<MouseButton> {
    BUTTONS.iter().find(|(_, known)| *known == number).map(|(button, _)| *button)
}

fn printable(code: u32) -> Option<char> {
    char::from_u32(code).filter(|char| !char.is_control())
}
