//! Focus reports.

use crate::Modes;

/// Tells the program that its pane gained or lost focus (ctlseqs, "FocusIn/FocusOut": `CSI I`,
/// `CSI O`). Returns false, and writes nothing, when it did not ask (`?1004`).
pub fn encode_focus(gained: bool, modes: &Modes, out: &mut Vec<u8>) -> bool {
    if modes.focus_events {
        out.extend_from_slice(if gained { b"\x1b[I" } else { b"\x1b[O" });
    }
    modes.focus_events
}
