//! The four character sets and which of them is shown: ASCII, British, DEC line drawing.

/// A character set that G0–G3 can hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Charset {
    #[default]
    Ascii,
    /// `ESC ( A`: `#` is the pound sign.
    British,
    /// `ESC ( 0`: line drawing.
    Drawing,
}

impl Charset {
    /// The set that a designating sequence's final byte names; others show as ASCII.
    pub(crate) fn from_final(last: u8) -> Self {
        match last {
            b'A' => Self::British,
            b'0' => Self::Drawing,
            _ => Self::Ascii,
        }
    }

    fn map(self, byte: u8) -> char {
        match (self, byte) {
            (Self::British, b'#') => '£',
            (Self::Drawing, b'_'..=b'~') => {
                DRAWING.get(usize::from(byte - b'_')).copied().unwrap_or(' ')
            }
            _ => char::from(byte),
        }
    }
}

/// DEC special graphics, from `_` to `~`.
const DRAWING: [char; 32] = [
    ' ', '◆', '▒', '␉', '␌', '␍', '␊', '°', '±', '␤', '␋', '┘', '┐', '┌', '└', '┼', '⎺', '⎻', '─',
    '⎼', '⎽', '├', '┤', '┴', '┬', '│', '≤', '≥', 'π', '≠', '£', '·',
];

/// G0–G3 and what is invoked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Charsets {
    pub(crate) sets: [Charset; 4],
    /// Which of them is shown (SI, SO, LS2, LS3).
    pub(crate) shown: u8,
    /// Which of them is shown for one character (SS2, SS3).
    pub(crate) single: Option<u8>,
}

impl Charsets {
    /// Whether ASCII is shown as it is.
    #[inline]
    pub(crate) fn plain(&self) -> bool {
        self.single.is_none() && self.sets.get(usize::from(self.shown)) == Some(&Charset::Ascii)
    }

    /// What a byte of printable ASCII shows as in the set that is shown, whatever comes once.
    pub(crate) fn shown_as(&self, byte: u8) -> char {
        self.sets.get(usize::from(self.shown)).copied().unwrap_or_default().map(byte)
    }

    /// What a byte of printable ASCII shows as.
    pub(crate) fn map(&mut self, byte: u8) -> char {
        let index = self.single.take().unwrap_or(self.shown);
        self.sets.get(usize::from(index)).copied().unwrap_or_default().map(byte)
    }
}
