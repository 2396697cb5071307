//! A style as bytes. Each is worked out once and copied for every run of cells that has it.

use super::STYLED;
use crate::{Color, Style};

/// The most bytes: the tag, what is there, three colours, attributes, underline.
const MOST: usize = 2 + 3 * 4 + 2 + 1;

/// The tag of a run, still without its kind, and the style but its link.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(super) bytes: [u8; MOST],
    pub(super) len: u8,
    /// The style has a link, whose number differs from table to table.
    pub(super) linked: bool,
}

impl Look {
    pub(crate) fn new(style: Style) -> Self {
        let mut look = Self { bytes: [0; MOST], len: 2, linked: style.link.is_some() };
        let mut parts = 0;
        for (bit, color) in [(1, style.fg), (2, style.bg), (4, style.underline_color)] {
            match color {
                Color::Default => continue,
                Color::Indexed(index) => look.put(&[1, index]),
                Color::Rgb(red, green, blue) => look.put(&[2, red, green, blue]),
            }
            parts |= bit;
        }
        if !style.attrs.is_empty() {
            parts |= 8;
            look.put(&style.attrs.bits().to_le_bytes());
        }
        if style.underline != crate::Underline::None {
            parts |= 16;
            look.put(&[style.underline.number()]);
        }
        if look.linked {
            parts |= 32;
        }
        let [tag, all, ..] = &mut look.bytes;
        (*tag, *all) = (STYLED, parts);
        look
    }

    fn put(&mut self, part: &[u8]) {
        let start = usize::from(self.len);
        if let Some(slot) = self.bytes.get_mut(start..start + part.len()) {
            slot.copy_from_slice(part);
            // All parts together fit.
            self.len += u8::try_from(part.len()).unwrap_or(0);
        }
    }

    /// The style alone.
    pub(super) fn style(&self) -> &[u8] {
        self.bytes.get(1..usize::from(self.len)).unwrap_or_default()
    }
}
