//! What hands do: keys, text, pastes, mouse, focus, and the interrupt. Owns the bodies of the input
//! stream. The server encodes them for the pane's modes at the moment of writing.

use bincode::{Decode, Encode};

use crate::number::numbers;
use crate::{AttachmentId, Ext, PaneId};

/// Input for one pane. Never resent on another connection: after a crash its fate may be unknown, and is told
/// as such.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Input {
    pub pane: PaneId,
    /// Rises by one with each input or interrupt of the client, over all panes and sessions.
    pub number: u64,
    pub events: Vec<InputEvent>,
    pub ext: Ext,
}

/// Interrupts what runs in the pane, in order with the input around it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Interrupt {
    pub pane: PaneId,
    pub number: u64,
    pub ext: Ext,
}

/// Inputs that were sent before and may have been lost, on a stream of its own that waits for nothing. A
/// server takes those whose turn it is and that it does not have, and passes over the others: the input
/// stream brings them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct InputAgain {
    /// That they are of; those of another are passed over.
    pub attachment: AttachmentId,
    /// By rising number.
    pub inputs: Vec<Input>,
    /// By rising number; each has its place among the inputs.
    pub interrupts: Vec<Interrupt>,
    pub ext: Ext,
}

numbers! {
    /// What an [`InputEvent`] carries.
    InputKind {
        /// A [`WireKey`].
        KEY = 1,
        /// UTF-8 text typed as it stands.
        TEXT = 2,
        /// UTF-8 text that is pasted: bracketed when the program asks for it.
        PASTE = 3,
        /// A [`WireMouse`].
        MOUSE = 4,
        /// One byte: 1 when the pane gained focus, 0 when it lost it.
        FOCUS = 5,
        /// Bytes for the program, untouched.
        LITERAL = 6,
        /// A piece of a paste that comes in several: one byte of bits, 1 the first and 2 the last, then
        /// UTF-8. The program gets them as one paste.
        PASTE_PIECE = 7,
    }
}

/// One tagged event. A kind that a server does not know is skipped.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct InputEvent {
    pub kind: InputKind,
    /// For KEY and MOUSE the bincode of the named struct, else the bytes themselves.
    pub body: Vec<u8>,
}

impl InputEvent {
    /// A key.
    pub fn key(key: &WireKey) -> Self {
        Self { kind: InputKind::KEY, body: crate::codec::to_bytes(key) }
    }

    /// A mouse event.
    pub fn mouse(mouse: &WireMouse) -> Self {
        Self { kind: InputKind::MOUSE, body: crate::codec::to_bytes(mouse) }
    }

    /// Typed text.
    pub fn text(text: &str) -> Self {
        Self { kind: InputKind::TEXT, body: text.into() }
    }

    /// Pasted text.
    pub fn paste(text: &str) -> Self {
        Self { kind: InputKind::PASTE, body: text.into() }
    }

    /// A piece of a paste.
    pub fn paste_piece(text: &str, first: bool, last: bool) -> Self {
        let bits = u8::from(first) | u8::from(last) << 1;
        let body = std::iter::once(bits).chain(text.bytes()).collect();
        Self { kind: InputKind::PASTE_PIECE, body }
    }

    /// Bytes for the program, untouched.
    pub fn literal(bytes: &[u8]) -> Self {
        Self { kind: InputKind::LITERAL, body: bytes.into() }
    }

    /// Focus gained or lost.
    pub fn focus(gained: bool) -> Self {
        Self { kind: InputKind::FOCUS, body: vec![u8::from(gained)] }
    }

    /// The key inside, when this is one and reads as one.
    pub fn as_key(&self) -> Option<WireKey> {
        (self.kind == InputKind::KEY).then(|| crate::codec::from_bytes(&self.body))?
    }

    /// The mouse event inside, when this is one and reads as one.
    pub fn as_mouse(&self) -> Option<WireMouse> {
        (self.kind == InputKind::MOUSE).then(|| crate::codec::from_bytes(&self.body))?
    }
}

numbers! {
    /// Which key.
    WireKeyCode {
        /// The character in `char`.
        CHAR = 1,
        ENTER = 2,
        TAB = 3,
        BACKSPACE = 4,
        ESCAPE = 5,
        UP = 6,
        DOWN = 7,
        LEFT = 8,
        RIGHT = 9,
        HOME = 10,
        END = 11,
        PAGE_UP = 12,
        PAGE_DOWN = 13,
        INSERT = 14,
        DELETE = 15,
        /// A function key; its number, from 1, stands in `char`.
        FUNCTION = 16,
        MENU = 17,
        CAPS_LOCK = 18,
        SCROLL_LOCK = 19,
        NUM_LOCK = 20,
        PRINT_SCREEN = 21,
        PAUSE = 22,
        /// Another key of the kitty protocol's private range; its code stands in `char`.
        PRIVATE = 23,
        /// A key of the number pad; the key's own kitty code stands in `char`.
        KEYPAD = 24,
    }
}

/// A key press, repeat or release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct WireKey {
    pub code: WireKeyCode,
    /// The character or number that `code` asks for, else 0.
    pub char: u32,
    /// Bits: 1 shift, 2 alt, 4 ctrl, 8 super, 16 hyper, 32 meta, 64 caps lock, 128 num lock.
    pub modifiers: u16,
    /// 1 press, 2 repeat, 3 release.
    pub kind: u16,
    /// The shifted character, 0 when unknown.
    pub shifted: u32,
    /// The character of the same key in the standard layout, 0 when unknown.
    pub base: u32,
    /// The text that the key produces, empty when unknown or none.
    pub text: String,
}

numbers! {
    /// What the mouse did.
    WireMouseKind {
        PRESS = 1,
        RELEASE = 2,
        /// Moved with no button held.
        MOVE = 3,
        /// Moved with `button` held.
        DRAG = 4,
        WHEEL_UP = 5,
        WHEEL_DOWN = 6,
        WHEEL_LEFT = 7,
        WHEEL_RIGHT = 8,
    }
}

/// A mouse event in cells of the pane, from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct WireMouse {
    pub kind: WireMouseKind,
    /// 1 left, 2 middle, 3 right, 8 to 11 the further ones; 0 for none.
    pub button: u16,
    pub col: u16,
    pub row: u16,
    pub modifiers: u16,
}
