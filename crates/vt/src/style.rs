//! How a cell looks: colours, attributes, underline, link. Data only; SGR is in `screen::sgr`.

use crate::LinkId;

/// A colour as the program named it; the client decides what it looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Color {
    /// The terminal's own foreground or background.
    #[default]
    Default,
    /// One of the 256 palette entries.
    Indexed(u8),
    /// 24-bit red, green, blue.
    Rgb(u8, u8, u8),
}

bitflags::bitflags! {
    /// Attributes that are on or off. Underline is apart, because it has styles.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Attrs: u16 {
        /// SGR 1.
        const BOLD = 1;
        /// SGR 2.
        const DIM = 1 << 1;
        /// SGR 3.
        const ITALIC = 1 << 2;
        /// SGR 5 and 6.
        const BLINK = 1 << 3;
        /// SGR 7.
        const INVERSE = 1 << 4;
        /// SGR 8.
        const CONCEAL = 1 << 5;
        /// SGR 9.
        const STRIKE = 1 << 6;
        /// SGR 53.
        const OVERLINE = 1 << 7;
        /// DECSCA 1: selective erase leaves the cell alone. Not visible.
        const PROTECTED = 1 << 8;
    }
}

/// Kind of underline (SGR 4, 21 and 4:n).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Underline {
    /// None.
    #[default]
    None,
    /// SGR 4.
    Single,
    /// SGR 21 or 4:2.
    Double,
    /// SGR 4:3.
    Curly,
    /// SGR 4:4.
    Dotted,
    /// SGR 4:5.
    Dashed,
}

impl Underline {
    /// The number that `4:n` uses.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Single => 1,
            Self::Double => 2,
            Self::Curly => 3,
            Self::Dotted => 4,
            Self::Dashed => 5,
        }
    }

    /// The underline of `4:n`.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            0 => Self::None,
            1 => Self::Single,
            2 => Self::Double,
            3 => Self::Curly,
            4 => Self::Dotted,
            5 => Self::Dashed,
            _ => return None,
        })
    }
}

/// Everything about a cell but its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Style {
    /// Foreground.
    pub fg: Color,
    /// Background.
    pub bg: Color,
    /// Colour of the underline; `Default` follows the foreground.
    pub underline_color: Color,
    /// Attributes.
    pub attrs: Attrs,
    /// Underline.
    pub underline: Underline,
    /// Hyperlink, to be resolved with [`Screen::link`](crate::Screen::link). Always `None` in an
    /// owned [`Cell`](crate::Cell), which carries the link itself.
    pub link: Option<LinkId>,
}

// They share a word with two colours.
const _: () = assert!(Attrs::all().bits() < 1 << 9);

impl Style {
    /// All of it in two words: a style is looked up for every change of colour in a stream. The default
    /// style is 0.
    #[inline]
    pub(crate) fn key(&self) -> [u64; 2] {
        // 26 bits each.
        let color = |color: Color| {
            let (kind, red, green, blue) = match color {
                Color::Default => (0, 0, 0, 0),
                Color::Indexed(index) => (1, 0, 0, index),
                Color::Rgb(red, green, blue) => (2, red, green, blue),
            };
            u64::from(u32::from_be_bytes([kind, red, green, blue]))
        };
        // Nine attributes and five underlines: 12 bits.
        let look = u64::from(self.attrs.bits()) << 3 | u64::from(self.underline.number());
        let link = self.link.map_or(0, |id| u64::from(id.0.get()));
        [
            color(self.fg) << 38 | color(self.bg) << 12 | look,
            color(self.underline_color) << 32 | link,
        ]
    }
}

/// A hyperlink (OSC 8).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    /// The `id=` parameter, empty if there was none: cells with the same id and address are one
    /// link although they do not touch.
    pub id: String,
    /// The address, as the program sent it.
    pub uri: String,
}
