//! What the terminal is told to send and to do while it is drawn on. Owns the modes, which screen is shown, and
//! that only differences are written.

use std::io::Write as _;

use ccc_vt::{KittyFlags, Progress};

use super::Writer;
use crate::outer::Abilities;
use crate::surface::Wants;

/// What follows from what the terminal can and what the picture wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Modes {
    pub(super) abilities: Abilities,
    pub(super) wants: Wants,
}

/// Private modes, and when they are to be on.
const MODES: &[(u16, Asks)] = &[
    // Presses, drags and the wheel, by cells in decimal.
    (1000, |modes| modes.wants.pointer),
    (1002, |modes| modes.wants.pointer),
    (1006, |modes| modes.wants.pointer),
    (1003, |modes| modes.wants.pointer && modes.wants.pointer_moves),
    (2027, |modes| modes.abilities.clusters),
    (2031, |modes| modes.abilities.theme_reports),
];

type Asks = fn(&Modes) -> bool;

impl Writer {
    /// Switches on what the picture needs, as far as the terminal knows it, and off what it needs no more.
    pub(super) fn draw_modes(&mut self, wants: Wants, out: &mut Vec<u8>) {
        let next = Modes { abilities: self.abilities, wants };
        if self.modes == Some(next) {
            return;
        }
        let before = self.modes.replace(next);
        if before.is_some_and(|modes| modes.wants.alternate) != wants.alternate {
            self.shown = None;
            // Each screen has images of its own.
            self.images.clear(out);
            self.change_screen(wants, out);
        }
        let had = |ask: Asks| before.as_ref().is_some_and(ask);
        for (mode, ask) in MODES {
            if had(*ask) != ask(&next) {
                let last = if ask(&next) { 'h' } else { 'l' };
                let _written = write!(out, "\x1b[?{mode}{last}");
            }
        }
        if next.abilities.other_keys && !had(|modes| modes.abilities.other_keys) {
            out.extend_from_slice(b"\x1b[>4;2m");
            // A terminal that takes it for a look gets its pen back.
            self.pen = None;
        }
        let keys = before.map_or(KittyFlags::DISAMBIGUATE, |modes| modes.wants.keys);
        if next.abilities.kitty_keys && keys != wants.keys {
            let _written = write!(out, "\x1b[={};1u", wants.keys.bits());
        }
        let progress = before.map_or(Progress::None, |modes| modes.wants.progress);
        if next.abilities.progress && progress != wants.progress {
            write_progress(wants.progress, out);
        }
    }

    /// Goes to the terminal's other screen, or back to its own. Each has its own way to tell keys, and the
    /// other one is left as it was found.
    pub(super) fn change_screen(&self, wants: Wants, out: &mut Vec<u8>) {
        let keys = self.abilities.kitty_keys;
        let _written = match (wants.alternate, keys) {
            (true, true) => write!(out, "\x1b[?1049h\x1b[={};1u", wants.keys.bits()),
            (true, false) => write!(out, "\x1b[?1049h"),
            (false, true) => write!(out, "\x1b[=0;1u\x1b[?1049l\x1b[={};1u", wants.keys.bits()),
            (false, false) => write!(out, "\x1b[?1049l"),
        };
    }
}

/// OSC 9;4.
pub(super) fn write_progress(progress: Progress, out: &mut Vec<u8>) {
    let (state, percent) = match progress {
        Progress::None => (0, 0),
        Progress::Running(percent) => (1, percent),
        Progress::Failed(percent) => (2, percent),
        Progress::Indeterminate => (3, 0),
        Progress::Paused(percent) => (4, percent),
    };
    let _written = write!(out, "\x1b]9;4;{state};{percent}\x1b\\");
}
