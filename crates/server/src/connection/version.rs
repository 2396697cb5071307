//! Versions of a pane as one attachment sees them. A frame goes out also when only something beside
//! the screen changed (input that was written), and the client takes only rising versions: so a
//! version on the wire is the screen's own, and behind it a count of such frames.

use ccc_vt::Seq;

/// Bits of the count. After so many frames without a change of the screen, further ones wait for
/// one; whoever holds a key down over a silent program learns no more in that second.
const COUNT_BITS: u32 = 16;

/// A version on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FrameSeq(u64);

impl FrameSeq {
    pub(crate) const fn from_wire(seq: u64) -> Self {
        Self(seq)
    }

    pub(crate) const fn to_wire(self) -> u64 {
        self.0
    }

    /// The first version with this screen.
    pub(crate) const fn of(screen: Seq) -> Self {
        Self(screen.0 << COUNT_BITS)
    }

    /// The screen that a client with this version shows.
    pub(crate) const fn screen(self) -> Seq {
        Seq(self.0 >> COUNT_BITS)
    }

    /// The version after `last` with this screen; `None` when there is none left.
    pub(crate) fn after(last: Option<Self>, screen: Seq) -> Option<Self> {
        let first = Self::of(screen);
        match last {
            Some(last) if last >= first => {
                let next = Self(last.0 + 1);
                (next.screen() == screen).then_some(next)
            }
            _ => Some(first),
        }
    }
}
