//! The kitty keyboard protocol: keys for a program that asked for at least one of its progressive
//! enhancements. The section names in comments are those of the protocol's document.

use super::key::{lower, upper};
use super::sequence::{Sequence, push_number};
use super::{Key, KeyEvent, KeyKind, Modifiers, legacy};
use crate::{KittyFlags, Modes};

#[cfg(test)]
mod tests;

/// Writes the key as the flags ask for it.
pub(super) fn encode(event: &KeyEvent, modes: &Modes, out: &mut Vec<u8>) {
    let flags = modes.kitty;
    let all = flags.contains(KittyFlags::ALL_KEYS);
    if event.kind == KeyKind::Release && !flags.contains(KittyFlags::EVENT_TYPES) {
        return;
    }
    if event.key.is_modifier() && !all {
        return;
    }
    let typed = event.typed();
    if !all {
        if !typed.is_empty() && event.kind != KeyKind::Release {
            out.extend_from_slice(typed.as_bytes());
            return;
        }
        // "Disambiguate escape codes": so that `reset` can be typed after a crash.
        if matches!(event.key, Key::Enter | Key::Tab | Key::Backspace) {
            if event.kind == KeyKind::Release {
                return;
            }
            if event.modifiers.held().is_empty() {
                return legacy::encode(event, modes, out);
            }
        }
        if keeps_legacy_form(event, flags) {
            return legacy::encode(event, modes, out);
        }
    }
    let mut modifiers = event.modifiers;
    if !all && !typed.is_empty() {
        // "Modifiers": locks are not told for keys that produce text.
        modifiers = modifiers.held();
    }
    let text = if flags.contains(KittyFlags::ASSOCIATED_TEXT) && event.kind != KeyKind::Release {
        typed
    } else {
        String::new()
    };
    Report { event, modifiers, flags, text }.write(out);
}

/// Whether the enhancements asked for leave the key as it was.
fn keeps_legacy_form(event: &KeyEvent, flags: KittyFlags) -> bool {
    let types = flags.contains(KittyFlags::EVENT_TYPES);
    if flags.contains(KittyFlags::DISAMBIGUATE)
        || (types && event.kind != KeyKind::Press)
        || event.modifiers.intersects(Modifiers::SUPER | Modifiers::HYPER | Modifiers::META)
    {
        return false;
    }
    match event.key {
        Key::Char(_) | Key::Escape | Key::Enter | Key::Tab | Key::Backspace => true,
        Key::Private(_) => false,
        _ => !types,
    }
}

/// What goes into one escape code.
struct Report<'a> {
    event: &'a KeyEvent,
    modifiers: Modifiers,
    flags: KittyFlags,
    /// Empty when none is told.
    text: String,
}

impl Report<'_> {
    /// `CSI code:shifted:base ; modifiers:event ; text last`, all but the last byte optional.
    fn write(mut self, out: &mut Vec<u8>) {
        let Some(Sequence { number, last }) = self.sequence() else { return };
        let alternates = self.alternates(number);
        let types = self.flags.contains(KittyFlags::EVENT_TYPES);
        let kind = match self.event.kind {
            KeyKind::Repeat if types => Some(2),
            KeyKind::Release if types => Some(3),
            _ => None,
        };
        let has_modifiers = !self.modifiers.is_empty() || kind.is_some();
        out.extend_from_slice(b"\x1b[");
        if number != 1 || has_modifiers || last == b'u' {
            push_number(number, out);
        }
        if let Some((shifted, base)) = alternates {
            out.push(b':');
            if let Some(shifted) = shifted {
                push_number(shifted.into(), out);
            }
            if let Some(base) = base {
                out.push(b':');
                push_number(base.into(), out);
            }
        }
        if has_modifiers || !self.text.is_empty() {
            out.push(b';');
        }
        if has_modifiers {
            push_number(1 + u32::from(self.modifiers.bits()), out);
            if let Some(kind) = kind {
                out.push(b':');
                push_number(kind, out);
            }
        }
        let mut separator = b';';
        for char in self.text.chars() {
            out.push(separator);
            push_number(char.into(), out);
            separator = b':';
        }
        out.push(last);
    }

    /// Number and last byte of the key; makes the modifiers say Shift where only the character
    /// did ("Key codes": the code is always that of the key without Shift).
    fn sequence(&mut self) -> Option<Sequence> {
        let number = match self.event.key {
            Key::Char(char) => match lower(char) {
                Some(lower) => {
                    self.modifiers |= Modifiers::SHIFT;
                    lower.into()
                }
                None => char.into(),
            },
            // `CSI R` is what answers a request for the cursor's position.
            Key::F(3) => return Some(Sequence { number: 13, last: b'~' }),
            Key::F(0) | Key::F(36..) => return None,
            key => {
                if let Some(sequence) = Sequence::of(key) {
                    return Some(sequence);
                }
                key.kitty_code()
            }
        };
        Some(Sequence { number, last: b'u' })
    }

    /// The shifted and the base character, where asked for and known to differ from the key's.
    fn alternates(&self, code: u32) -> Option<(Option<char>, Option<char>)> {
        let Key::Char(char) = self.event.key else { return None };
        if !self.flags.contains(KittyFlags::ALTERNATE_KEYS) {
            return None;
        }
        let differs = |char: &char| u32::from(*char) != code;
        let shifted = self
            .modifiers
            .contains(Modifiers::SHIFT)
            .then(|| self.event.shifted.unwrap_or_else(|| upper(char)))
            .filter(differs);
        let base = self.event.base.filter(differs);
        (shifted.is_some() || base.is_some()).then_some((shifted, base))
    }
}
