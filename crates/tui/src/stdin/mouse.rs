//! Mouse events in the forms that terminals send (xterm's control sequences, "Mouse Tracking").

use ccc_vt::input::{Modifiers, MouseButton, MouseEvent, MouseKind, WheelDirection};

use super::StdinEvent;
use super::csi::Meaning;

const SHIFT: u32 = 4;
const ALT: u32 = 8;
const CTRL: u32 = 16;
const MOTION: u32 = 32;
const NO_BUTTON: u32 = 3;
/// What the older forms add to each value.
const OFFSET: u8 = 32;

/// `CSI < code ; col ; row M`, or `m` for a release.
pub(super) fn from_sgr(
    code: u32,
    col: u32,
    row: u32,
    released: bool,
    pressed: &mut Option<MouseButton>,
) -> Meaning {
    let Some(kind) = kind(code, released, pressed) else { return Meaning::Unknown };
    // A terminal counts from 1; 0 is what some send for a place left of the first cell.
    let place = |value: u32| u16::try_from(value.saturating_sub(1));
    let (Ok(col), Ok(row)) = (place(col), place(row)) else { return Meaning::Unknown };
    let event = MouseEvent { kind, col, row, modifiers: modifiers(code) };
    Meaning::one(StdinEvent::Mouse(event))
}

/// `CSI code ; col ; row M`, of rxvt: the code as in the bytes, the places as numbers.
pub(super) fn from_urxvt(
    code: u32,
    col: u32,
    row: u32,
    pressed: &mut Option<MouseButton>,
) -> Meaning {
    match code.checked_sub(OFFSET.into()) {
        Some(code) => from_sgr(code, col, row, false, pressed),
        None => Meaning::Unknown,
    }
}

/// `CSI M` and three bytes.
pub(super) fn from_bytes(code: u8, col: u8, row: u8, pressed: &mut Option<MouseButton>) -> Meaning {
    let [code, col, row] = [code, col, row].map(|byte| u32::from(byte.saturating_sub(OFFSET)));
    from_sgr(code, col, row, false, pressed)
}

fn kind(code: u32, released: bool, pressed: &mut Option<MouseButton>) -> Option<MouseKind> {
    let moved = code & MOTION != 0;
    let number = code & !(SHIFT | ALT | CTRL | MOTION);
    let button = match number {
        0 => MouseButton::Left,
        1 => MouseButton::Middle,
        2 => MouseButton::Right,
        NO_BUTTON if moved => return Some(MouseKind::Move),
        // The older forms do not say which button was released.
        NO_BUTTON => return Some(MouseKind::Release(pressed.take().unwrap_or(MouseButton::Left))),
        64..=67 if released => return None,
        64 => return Some(MouseKind::Wheel(WheelDirection::Up)),
        65 => return Some(MouseKind::Wheel(WheelDirection::Down)),
        66 => return Some(MouseKind::Wheel(WheelDirection::Left)),
        67 => return Some(MouseKind::Wheel(WheelDirection::Right)),
        128 => MouseButton::Back,
        129 => MouseButton::Forward,
        130 => MouseButton::Button10,
        131 => MouseButton::Button11,
        _ => return None,
    };
    Some(if released {
        *pressed = None;
        MouseKind::Release(button)
    } else if moved {
        MouseKind::Drag(button)
    } else {
        *pressed = Some(button);
        MouseKind::Press(button)
    })
}

fn modifiers(code: u32) -> Modifiers {
    let mut modifiers = Modifiers::empty();
    modifiers.set(Modifiers::SHIFT, code & SHIFT != 0);
    modifiers.set(Modifiers::ALT, code & ALT != 0);
    modifiers.set(Modifiers::CTRL, code & CTRL != 0);
    modifiers
}
