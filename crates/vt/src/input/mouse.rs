//! Mouse events in cells of a pane, and their encodings.

/// How many lines one step of the wheel moves in a program that has no mouse of its own.
pub const WHEEL_LINES: u16 = 3;

/// A button. The further ones are those that xterm numbers 8 to 11.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MouseButton {
    Left,
    Middle,
    Right,
    Back,
    Forward,
    Button10,
    Button11,
}

/// Which way the wheel turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WheelDirection {
    Up,
    Down,
    Left,
    Right,
}

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MouseKind {
    Press(MouseButton),
    Release(MouseButton),
    /// Moved with a button held.
    Drag(MouseButton),
    /// Moved with none held.
    Move,
    Wheel(WheelDirection),
}

/// A mouse event. `col` and `row` are cells from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MouseEvent {
    pub kind: MouseKind,
    pub col: u16,
    pub row: u16,
    pub modifiers: super::Modifiers,
}

/// Writes what the program asked to hear of a mouse event. Returns false, and writes nothing, when
/// its modes do not want the event.
pub fn encode_mouse(event: &MouseEvent, modes: &crate::Modes, out: &mut Vec<u8>) -> bool {
    let _ = (event, modes, out);
    false
}

/// Turns a step of the wheel into arrow keys for a full-screen program that has no mouse
/// (`?1007`). Returns false, and writes nothing, when that is not the case.
pub fn encode_alternate_scroll(
    event: &MouseEvent,
    modes: &crate::Modes,
    out: &mut Vec<u8>,
) -> bool {
    let _ = (event, modes, out);
    false
}
