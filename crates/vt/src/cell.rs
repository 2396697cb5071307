//! The engine's packed cell: eight bytes, plain numbers, meaningful only with its [`Tables`].
//!
//! [`Tables`]: crate::intern::Tables

/// What stands in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Glyph(u32);

const CLUSTER: u32 = 1 << 31;
const WIDE: u32 = 1 << 30;
const SPACER: u32 = 1 << 29;
const PAD: u32 = 1 << 28;
const INDEX: u32 = PAD - 1;

/// [`Glyph`] taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Blank,
    Char(char),
    Cluster(ClusterId),
}

/// Number of an interned cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClusterId(pub(crate) u32);

/// Number of an interned style; 0 is the default style.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct StyleId(pub(crate) u32);

impl Glyph {
    /// Never written, or erased.
    pub(crate) const BLANK: Self = Self(0);
    /// Second half of a wide cell.
    pub(crate) const SPACER: Self = Self(SPACER);
    /// Last column of a row whose next character was too wide for it; no text.
    pub(crate) const PAD: Self = Self(PAD);

    #[inline]
    pub(crate) const fn ascii(byte: u8) -> Self {
        Self(byte as u32)
    }

    pub(crate) const fn char(c: char, wide: bool) -> Self {
        Self(c as u32 | if wide { WIDE } else { 0 })
    }

    pub(crate) const fn cluster(id: ClusterId, wide: bool) -> Self {
        Self((id.0 & INDEX) | CLUSTER | if wide { WIDE } else { 0 })
    }

    #[inline]
    pub(crate) const fn is_wide(self) -> bool {
        self.0 & WIDE != 0
    }

    #[inline]
    pub(crate) const fn is_spacer(self) -> bool {
        self.0 == SPACER
    }

    pub(crate) const fn is_pad(self) -> bool {
        self.0 == PAD
    }

    /// Whether it is a narrow, printable ASCII character.
    #[inline]
    pub(crate) const fn is_ascii(self) -> bool {
        self.0.wrapping_sub(0x20) < 0x5f
    }

    /// The code of a single character above ASCII, and whether it is wide.
    #[inline]
    pub(crate) const fn char_above_ascii(self) -> Option<(u32, bool)> {
        let code = self.0 & !WIDE;
        if code > 0x7f && code <= char::MAX as u32 { Some((code, self.is_wide())) } else { None }
    }

    /// The byte of an ASCII character.
    #[inline]
    pub(crate) const fn low_byte(self) -> u8 {
        (self.0 & 0xff) as u8
    }

    pub(crate) fn content(self) -> Content {
        if self.0 & CLUSTER != 0 {
            return Content::Cluster(ClusterId(self.0 & INDEX));
        }
        match char::from_u32(self.0 & INDEX) {
            None | Some('\0') => Content::Blank,
            Some(c) => Content::Char(c),
        }
    }

    /// The same as the first half of a wide cell, or as a narrow one.
    pub(crate) const fn with_width(self, wide: bool) -> Self {
        Self(if wide { self.0 | WIDE } else { self.0 & !WIDE })
    }

    /// The same with another cluster number, for compaction of the table.
    pub(crate) const fn with_cluster(self, id: ClusterId) -> Self {
        Self((self.0 & !INDEX) | (id.0 & INDEX))
    }
}

/// One column of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PackedCell {
    pub(crate) glyph: Glyph,
    pub(crate) style: StyleId,
}

impl PackedCell {
    /// Blank in the default style: what every column beyond a row's stored cells is.
    pub(crate) const BLANK: Self = Self { glyph: Glyph::BLANK, style: StyleId(0) };

    /// Blank in a style (background colour erase).
    pub(crate) const fn blank(style: StyleId) -> Self {
        Self { glyph: Glyph::BLANK, style }
    }
}
