//! The styles of a screen by number, and their numbers by style. A stream of colours asks for a number
//! at every change, so this is a table of our own: open addressing over keys of two words, with
//! what each style is written as beside it.

use crate::Style;
use crate::cell::StyleId;
use crate::codec::Look;

/// Slots of a new table; a power of two.
const SLOTS: usize = 16;

/// Three tables instead of one of three columns: who looks up a number reads no style, and who writes a
/// line reads only how styles are written. Together they stay near the processor.
#[derive(Debug)]
pub(super) struct Styles {
    /// By number; the first is the default style.
    styles: Vec<Style>,
    keys: Vec<Key>,
    looks: Vec<Look>,
    /// By key; never more than half of them are taken, and their count is a power of two.
    slots: Vec<Slot>,
}

type Key = [u64; 2];

/// A part of a mixed key, and the number of its style. A slot of number 0 is free: that is the default
/// style, which nobody looks up here.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    part: u32,
    id: u32,
}

impl Styles {
    pub(super) fn new() -> Self {
        let default = Style::default();
        Self {
            styles: vec![default],
            keys: vec![default.key()],
            looks: vec![Look::new(default)],
            slots: vec![Slot::default(); SLOTS],
        }
    }

    pub(super) fn len(&self) -> usize {
        self.styles.len()
    }

    #[inline]
    pub(super) fn style(&self, id: StyleId) -> Style {
        self.styles.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// What a style is written as; the default one has no need of it.
    #[inline]
    pub(super) fn look(&self, id: StyleId) -> Option<&Look> {
        self.looks.get(id.0 as usize)
    }

    #[inline]
    pub(super) fn id(&mut self, style: &Style) -> StyleId {
        let key @ [one, two] = style.key();
        if one | two == 0 {
            // Half of all changes are resets.
            return StyleId(0);
        }
        let (mut at, part) = self.first_slot(key);
        while let Some(slot) = self.slots.get(at)
            && slot.id != 0
        {
            if slot.part == part
                && let Some([known_one, known_two]) = self.keys.get(slot.id as usize)
                // Not as arrays: what was just written word by word is slow to read back whole.
                && (known_one ^ one) | (known_two ^ two) == 0
            {
                return StyleId(slot.id);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.add(*style, key)
    }

    /// Where the search for a key begins, and the part of it that the slot has.
    #[inline]
    fn first_slot(&self, [one, two]: Key) -> (usize, u32) {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let mixed = (one ^ two.rotate_left(29)).wrapping_mul(ODD);
        // The upper bits are those that all of a key has a part in; the part is what is below.
        let at = mixed >> (u64::BITS - self.slots.len().trailing_zeros());
        (at as usize, (mixed >> 16) as u32)
    }

    #[cold]
    fn add(&mut self, style: Style, key: Key) -> StyleId {
        let id = super::number(self.styles.len());
        self.styles.push(style);
        self.keys.push(key);
        self.looks.push(Look::new(style));
        if self.styles.len() * 2 > self.slots.len() {
            self.slots = vec![Slot::default(); self.slots.len() * 2];
            (1..id).for_each(|id| self.place(id));
        }
        self.place(id);
        StyleId(id)
    }

    /// Enters a number that is not in the slots yet.
    fn place(&mut self, id: u32) {
        let Some(key) = self.keys.get(id as usize) else { return };
        let (mut at, part) = self.first_slot(*key);
        while self.slots.get(at).is_some_and(|slot| slot.id != 0) {
            at = (at + 1) & (self.slots.len() - 1);
        }
        if let Some(free) = self.slots.get_mut(at) {
            *free = Slot { part, id };
        }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.styles.capacity() * size_of::<Style>()
            + self.keys.capacity() * size_of::<Key>()
            + self.looks.capacity() * size_of::<Look>()
            + self.slots.capacity() * size_of::<Slot>()
    }
}

#[cfg(test)]
mod tests {
    use super::Styles;
    use crate::cell::StyleId;
    use crate::{Attrs, Color, Style, Underline};

    #[test]
    fn each_style_has_one_number_and_each_number_its_style() {
        let mut styles = Styles::new();
        let style = |n: u32| {
            let [_, red, green, blue] = n.to_be_bytes();
            let fg = if n.is_multiple_of(2) {
                Color::Rgb(red, green, blue)
            } else {
                Color::Indexed(blue)
            };
            let attrs = Attrs::from_bits_truncate(green.into());
            let underline = Underline::from_number(blue % 6).unwrap();
            Style { fg, attrs, underline, ..Style::default() }
        };
        let ids: Vec<StyleId> = (0..5000).map(|n| styles.id(&style(n))).collect();
        assert!(styles.len() > 2000);
        for (n, id) in (0..).zip(&ids) {
            assert_eq!(styles.style(*id), style(n));
            assert_eq!(styles.id(&style(n)), *id);
        }
        assert_eq!(styles.id(&Style::default()), StyleId(0));
        assert_eq!(styles.style(StyleId(u32::MAX)), Style::default());
    }
}
