//! Sizes and the numbers that name things: rows, lines, links, versions. No behaviour beyond
//! clamping.

use std::num::NonZeroU32;
use std::ops::RangeInclusive;

/// The most columns or rows a screen takes; larger requests are clamped.
pub const MAX_SIDE: u16 = 4096;
/// The most cells a screen takes (32 MiB of cells); rows are clamped to it after columns.
pub const MAX_CELLS: u32 = 4 << 20;

/// A grid's size in character cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Size {
    /// Columns.
    pub cols: u16,
    /// Rows.
    pub rows: u16,
}

impl Size {
    /// A size of `cols` columns and `rows` rows.
    #[must_use]
    pub const fn new(cols: u16, rows: u16) -> Self {
        Self { cols, rows }
    }

    /// The nearest size that a screen can have: at least 1x1, at most [`MAX_SIDE`] a side and
    /// [`MAX_CELLS`] in all.
    #[must_use]
    pub fn clamped(self) -> Self {
        let cols = self.cols.clamp(1, MAX_SIDE);
        let most = u16::try_from(MAX_CELLS / u32::from(cols)).unwrap_or(MAX_SIDE);
        Self { cols, rows: self.rows.clamp(1, most.min(MAX_SIDE)) }
    }

    /// Columns times rows.
    #[must_use]
    pub fn cells(self) -> usize {
        usize::from(self.cols) * usize::from(self.rows)
    }
}

impl Default for Size {
    fn default() -> Self {
        Self::new(80, 24)
    }
}

/// How large a cell is in pixels, as far as a screen counts: images without a size in cells are measured with
/// it, and programs that ask are told it. It is no fact about the outer terminal, because a screen must come
/// out the same wherever its bytes are folded: it changes where the recording says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CellPixels {
    /// Width, at least 4 and at most 200.
    pub width: u16,
    /// Height, at least 4 and at most 200.
    pub height: u16,
}

impl CellPixels {
    /// That of a pane of which nothing else is on record.
    pub const STANDARD: Self = Self::new(10, 20);
    /// What a side may be. Less could be read by nobody and more is no font; in between, an image of the most
    /// pixels covers at most 1024 cells a side.
    pub const SIDES: RangeInclusive<u16> = 4..=200;

    /// A cell of `width` by `height` pixels.
    #[must_use]
    pub const fn new(width: u16, height: u16) -> Self {
        Self { width, height }
    }

    /// Whether a screen takes it.
    #[must_use]
    pub fn is_sound(self) -> bool {
        Self::SIDES.contains(&self.width) && Self::SIDES.contains(&self.height)
    }
}

impl Default for CellPixels {
    fn default() -> Self {
        Self::STANDARD
    }
}

/// Version of a screen or of a row. Grows with every visible change; a pure function of the bytes
/// and resizes fed so far, however they were cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(pub u64);

/// Name of a row of a screen. A row keeps it while it scrolls; never reused within a recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub u64);

/// Number of a logical line of a recording, from 0, never renumbered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineNumber(pub u64);

/// Name of a hyperlink inside one [`Screen`](crate::Screen); meaningless elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub(crate) NonZeroU32);
