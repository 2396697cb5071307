//! Bounds of what one screen holds, and the facts about the outer terminal that queries are
//! answered from.

/// How much one screen may hold. Everything that a program can make grow has a bound here or
/// beside its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// Bytes of the scrollback window. The lines that a resize can pull back (at most 256 lines or
    /// 32 KiB) are kept even if this is smaller.
    pub scrollback_bytes: usize,
    /// Bytes of one OSC string; a longer one is dropped whole. OSC 52 of 100 KB needs 134 KiB.
    pub osc_bytes: usize,
    /// Bytes of one DCS string; a longer one is dropped whole. A sixel image is one string.
    pub dcs_bytes: usize,
    /// Bytes of one APC string; a longer one is dropped whole. Images of the kitty protocol come in
    /// strings of 4096 bytes, but some programs send one whole.
    pub apc_bytes: usize,
    /// Bytes of replies waiting to be taken; a reply that does not fit is dropped.
    pub reply_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            scrollback_bytes: 1 << 20,
            osc_bytes: 160 << 10,
            dcs_bytes: 1 << 20,
            apc_bytes: 1 << 20,
            reply_bytes: 16 << 10,
        }
    }
}

/// What is known about the terminal of the client that last had the focus. Only replies depend on
/// it, never the screen; it is not part of a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Facts {
    /// Default foreground: red, green, blue.
    pub foreground: (u8, u8, u8),
    /// Default background.
    pub background: (u8, u8, u8),
    /// Cursor colour.
    pub cursor: (u8, u8, u8),
    /// The first 16 palette entries; the others are the standard cube and greys.
    pub palette: [(u8, u8, u8); 16],
}

impl Default for Facts {
    fn default() -> Self {
        Self::STANDARD
    }
}

impl Facts {
    /// What is assumed of a terminal that says nothing: xterm's colours.
    pub const STANDARD: Self = Self {
        foreground: (0xd0, 0xd0, 0xd0),
        background: (0, 0, 0),
        cursor: (0xd0, 0xd0, 0xd0),
        palette: [
            (0x00, 0x00, 0x00),
            (0xcd, 0x00, 0x00),
            (0x00, 0xcd, 0x00),
            (0xcd, 0xcd, 0x00),
            (0x00, 0x00, 0xee),
            (0xcd, 0x00, 0xcd),
            (0x00, 0xcd, 0xcd),
            (0xe5, 0xe5, 0xe5),
            (0x7f, 0x7f, 0x7f),
            (0xff, 0x00, 0x00),
            (0x00, 0xff, 0x00),
            (0xff, 0xff, 0x00),
            (0x5c, 0x5c, 0xff),
            (0xff, 0x00, 0xff),
            (0x00, 0xff, 0xff),
            (0xff, 0xff, 0xff),
        ],
    };

    /// The colour of a palette entry.
    #[must_use]
    pub fn indexed(&self, index: u8) -> (u8, u8, u8) {
        match index {
            0..=15 => self.palette.get(usize::from(index)).copied().unwrap_or_default(),
            16..=231 => {
                let cube = index - 16;
                let level = |step: u8| if step == 0 { 0 } else { 55 + step * 40 };
                (level(cube / 36), level(cube / 6 % 6), level(cube % 6))
            }
            232.. => {
                let grey = 8 + (index - 232) * 10;
                (grey, grey, grey)
            }
        }
    }

    /// Whether the background is darker than the middle (Rec. 601 luma).
    #[must_use]
    pub fn dark(&self) -> bool {
        let (red, green, blue) = self.background;
        299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue) < 127_500
    }
}
