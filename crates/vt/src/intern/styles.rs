//! The styles of a screen by number, and their numbers by style. A stream of colours asks for a number
//! at every change, so this is a table of our own: open addressing over keys of three words, with
//! what each style is written as beside it.

use crate::Style;
use crate::cell::StyleId;
use crate::codec::Look;

/// Slots of a new table; a power of two.
const SLOTS: usize = 16;

#[derive(Debug)]
pub(super) struct Styles {
    /// By number; the first is the default style.
    entries: Vec<Entry>,
    /// A number and one, or 0; never more than half of them are taken. Their count is a power of two.
    slots: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    key: [u64; 3],
    style: Style,
    look: Look,
}

impl Styles {
    pub(super) fn new() -> Self {
        let mut styles = Self { entries: Vec::with_capacity(1), slots: vec![0; SLOTS] };
        styles.add(Style::default(), Style::default().key());
        styles
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    #[inline]
    pub(super) fn style(&self, id: StyleId) -> Style {
        self.entries.get(id.0 as usize).map_or_else(Style::default, |entry| entry.style)
    }

    /// What a style is written as; the default one for a number that nobody has.
    #[inline]
    pub(super) fn look(&self, id: StyleId) -> Look {
        let entry = self.entries.get(id.0 as usize);
        entry.map_or_else(|| Look::new(Style::default()), |entry| entry.look)
    }

    #[inline]
    pub(super) fn id(&mut self, style: Style) -> StyleId {
        let key = style.key();
        if key == [0; 3] {
            // Half of all changes are resets.
            return StyleId(0);
        }
        let mut slot = self.first_slot(key);
        while let Some(id) = self.slots.get(slot).and_then(|number| number.checked_sub(1)) {
            if self.entries.get(id as usize).is_some_and(|entry| entry.key == key) {
                return StyleId(id);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        self.add(style, key)
    }

    /// Where the search for a key begins.
    #[inline]
    fn first_slot(&self, [one, two, three]: [u64; 3]) -> usize {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let mixed = (one ^ two.rotate_left(23) ^ three.rotate_left(41)).wrapping_mul(ODD);
        // The upper half is the well mixed one; there are far fewer slots than it can count.
        (mixed >> 32) as usize & (self.slots.len() - 1)
    }

    fn add(&mut self, style: Style, key: [u64; 3]) -> StyleId {
        let id = super::number(self.entries.len());
        self.entries.push(Entry { key, style, look: Look::new(style) });
        if self.entries.len() * 2 > self.slots.len() {
            self.slots = vec![0; self.slots.len() * 2];
            for id in 0..self.entries.len() {
                self.place(super::number(id));
            }
        } else {
            self.place(id);
        }
        StyleId(id)
    }

    /// Enters a number that is not in the slots yet.
    fn place(&mut self, id: u32) {
        let Some(entry) = self.entries.get(id as usize) else { return };
        let mut slot = self.first_slot(entry.key);
        while self.slots.get(slot).is_some_and(|number| *number != 0) {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        if let Some(free) = self.slots.get_mut(slot) {
            *free = id + 1;
        }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>() + self.slots.capacity() * 4
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
        let ids: Vec<StyleId> = (0..5000).map(|n| styles.id(style(n))).collect();
        assert!(styles.len() > 2000);
        for (n, id) in (0..).zip(&ids) {
            assert_eq!(styles.style(*id), style(n));
            assert_eq!(styles.id(style(n)), *id);
        }
        assert_eq!(styles.id(Style::default()), StyleId(0));
        assert_eq!(styles.style(StyleId(u32::MAX)), Style::default());
    }
}
