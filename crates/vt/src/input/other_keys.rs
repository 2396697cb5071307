//! xterm's modifyOtherKeys (XTMODKEYS, resource 4): `CSI 27 ; modifiers ; code ~` for keys whose
//! legacy form loses their modifiers. Level 1 leaves alone what has a well-known form, level 2 does
//! not. The source is xterm's manual, "modifyOtherKeys", and its tables of modified keys.

use super::legacy::{control_byte, control_character, modifier_parameter};
use super::sequence::push_number;
use super::{Key, KeyEvent, Modifiers};
use crate::Modes;

#[cfg(test)]
mod tests;

/// Writes the key if it is one of those that the program's level changes; false, and nothing
/// written, when it has its legacy form.
pub(super) fn encode(event: &KeyEvent, modes: &Modes, out: &mut Vec<u8>) -> bool {
    let mut held = event.modifiers.held();
    if held.is_empty() || held.intersects(Modifiers::SUPER | Modifiers::HYPER) {
        return false;
    }
    let extended = match modes.modify_other_keys {
        0 => false,
        1 => lost_in_legacy(event, held),
        // Shift alone types text, also where it changes nothing, as on the space bar.
        _ => !matches!(event.key, Key::Char(_)) || held != Modifiers::SHIFT,
    };
    let code = match event.key {
        Key::Char(_) if event.text.is_some() && !held.contains(Modifiers::CTRL) => return false,
        Key::Char(plain) => {
            let character = event.character().unwrap_or(plain);
            if character.is_uppercase() {
                held |= Modifiers::SHIFT;
            }
            u32::from(character)
        }
        Key::Enter | Key::Tab | Key::Backspace | Key::Escape => event.key.kitty_code(),
        _ => return false,
    };
    if extended {
        out.extend_from_slice(b"\x1b[27;");
        push_number(modifier_parameter(held), out);
        out.push(b';');
        push_number(code, out);
        out.push(b'~');
    }
    extended
}

/// Level 1: only what no legacy form tells. ESC in front says Alt well enough.
fn lost_in_legacy(event: &KeyEvent, held: Modifiers) -> bool {
    let only_alt = (held - (Modifiers::ALT | Modifiers::META)).is_empty();
    match event.key {
        Key::Char(_) => {
            held.contains(Modifiers::CTRL)
                && control_character(event).and_then(control_byte).is_none()
        }
        Key::Tab => !only_alt && held != Modifiers::SHIFT,
        Key::Enter | Key::Escape => !only_alt,
        _ => false,
    }
}
