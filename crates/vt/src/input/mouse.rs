//! Mouse events in cells of a pane, and their encodings.

use super::sequence::{push_char, push_number};
use super::{Key, Modifiers, encode_key};
use crate::{CellPixels, Modes, MouseEncoding, MouseProtocol};

#[cfg(test)]
mod tests;

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
    pub modifiers: Modifiers,
}

/// Writes what the program asked to hear of a mouse event (ctlseqs, "Mouse Tracking"). Returns
/// false, and writes nothing, when its modes do not want the event or cannot express its place.
///
/// For `?1016` the event is in the middle of its cell, which has the pixels that the program is told
/// (`CSI 16 t`).
pub fn encode_mouse(
    event: &MouseEvent,
    modes: &Modes,
    cell: CellPixels,
    out: &mut Vec<u8>,
) -> bool {
    if !is_wanted(event.kind, modes.mouse) {
        return false;
    }
    let mut code = match event.kind {
        MouseKind::Press(button) | MouseKind::Release(button) => button_code(button),
        MouseKind::Drag(button) => button_code(button) + MOTION,
        MouseKind::Move => NO_BUTTON + MOTION,
        MouseKind::Wheel(direction) => WHEEL + direction as u32,
    };
    let released = matches!(event.kind, MouseKind::Release(_));
    let sgr = matches!(modes.mouse_encoding, MouseEncoding::Sgr | MouseEncoding::SgrPixels);
    if released && !sgr {
        // The older encodings do not tell which button was released.
        code = NO_BUTTON;
    }
    if modes.mouse != MouseProtocol::X10 {
        code += modifier_code(event.modifiers);
    }
    let (col, row) = (u32::from(event.col) + 1, u32::from(event.row) + 1);
    match modes.mouse_encoding {
        MouseEncoding::Legacy => write_bytes(code, col, row, out),
        MouseEncoding::Utf8 => write_utf8(code, col, row, out),
        MouseEncoding::Sgr | MouseEncoding::SgrPixels => {
            let (col, row) = match modes.mouse_encoding {
                MouseEncoding::SgrPixels => {
                    (middle(event.col, cell.width), middle(event.row, cell.height))
                }
                _ => (col, row),
            };
            out.extend_from_slice(b"\x1b[<");
            write_numbers(code, col, row, if released { b'm' } else { b'M' }, out);
            true
        }
        MouseEncoding::Urxvt => {
            out.extend_from_slice(b"\x1b[");
            write_numbers(code + OFFSET, col, row, b'M', out);
            true
        }
    }
}

/// Turns a step of the wheel into arrow keys for a full-screen program that has no mouse (ctlseqs,
/// "Alternate Scroll Mode", `?1007`). Returns false, and writes nothing, when that is not the case.
pub fn encode_alternate_scroll(event: &MouseEvent, modes: &Modes, out: &mut Vec<u8>) -> bool {
    let key = match event.kind {
        MouseKind::Wheel(WheelDirection::Up) => Key::Up,
        MouseKind::Wheel(WheelDirection::Down) => Key::Down,
        _ => return false,
    };
    if !modes.alternate_scroll || !modes.alternate_screen || modes.mouse != MouseProtocol::None {
        return false;
    }
    for _ in 0..WHEEL_LINES {
        encode_key(&key.into(), modes, out);
    }
    true
}

/// What the older encodings add to every value, to keep clear of the control bytes.
const OFFSET: u32 = 32;
const NO_BUTTON: u32 = 3;
const MOTION: u32 = 32;
const WHEEL: u32 = 64;

fn is_wanted(kind: MouseKind, protocol: MouseProtocol) -> bool {
    match protocol {
        MouseProtocol::None => false,
        MouseProtocol::X10 => matches!(
            kind,
            MouseKind::Press(MouseButton::Left | MouseButton::Middle | MouseButton::Right)
        ),
        MouseProtocol::Normal => !matches!(kind, MouseKind::Drag(_) | MouseKind::Move),
        MouseProtocol::Button => kind != MouseKind::Move,
        MouseProtocol::Any => true,
    }
}

/// The middle of a cell in pixels, counted from 1.
fn middle(cell: u16, pixels: u16) -> u32 {
    let pixels = u32::from(pixels.max(1));
    u32::from(cell) * pixels + pixels.div_ceil(2)
}

fn button_code(button: MouseButton) -> u32 {
    match button {
        MouseButton::Left => 0,
        MouseButton::Middle => 1,
        MouseButton::Right => 2,
        MouseButton::Back => 128,
        MouseButton::Forward => 129,
        MouseButton::Button10 => 130,
        MouseButton::Button11 => 131,
    }
}

fn modifier_code(modifiers: Modifiers) -> u32 {
    let bit = |modifier, value| if modifiers.intersects(modifier) { value } else { 0 };
    bit(Modifiers::SHIFT, 4) + bit(Modifiers::ALT | Modifiers::META, 8) + bit(Modifiers::CTRL, 16)
}

/// One byte each, so that nothing beyond column or row 223 can be told.
fn write_bytes(code: u32, col: u32, row: u32, out: &mut Vec<u8>) -> bool {
    let bytes = [code, col, row].map(|value| u8::try_from(value + OFFSET));
    let [Ok(code), Ok(col), Ok(row)] = bytes else { return false };
    out.extend_from_slice(&[0x1b, b'[', b'M', code, col, row]);
    true
}

/// One character of at most two bytes each, so that nothing beyond 2015 can be told.
fn write_utf8(code: u32, col: u32, row: u32, out: &mut Vec<u8>) -> bool {
    const TWO_BYTES_LAST: u32 = 0x7ff;
    let values = [code, col, row].map(|value| value + OFFSET);
    if values.iter().any(|value| *value > TWO_BYTES_LAST) {
        return false;
    }
    out.extend_from_slice(b"\x1b[M");
    for char in values.into_iter().filter_map(char::from_u32) {
        push_char(char, out);
    }
    true
}

fn write_numbers(code: u32, col: u32, row: u32, last: u8, out: &mut Vec<u8>) {
    push_number(code, out);
    out.push(b';');
    push_number(col, out);
    out.push(b';');
    push_number(row, out);
    out.push(last);
}
