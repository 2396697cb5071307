//! One key event to bytes: chooses among the kitty protocol, modifyOtherKeys and the legacy form.

use super::{KeyEvent, KeyKind, kitty, legacy, other_keys};
use crate::Modes;

/// Writes what a program in these modes expects of the key. Writes nothing for a release that it
/// did not ask for, and for keys that its protocol has no form for.
pub fn encode_key(event: &KeyEvent, modes: &Modes, out: &mut Vec<u8>) {
    if !modes.kitty.is_empty() {
        kitty::encode(event, modes, out);
    } else if event.kind != KeyKind::Release && !other_keys::encode(event, modes, out) {
        legacy::encode(event, modes, out);
    }
}
