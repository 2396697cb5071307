//! A frame: what changed on a pane's screen between two versions, as typed rows. Owns the bodies;
//! how a frame is made of a screen and put on one is `ccc-sync`'s job. No escape byte travels here.

use bincode::{Decode, Encode};

use crate::number::numbers;
use crate::{Ext, PaneId};

/// A size in cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Encode, Decode)]
pub struct WireSize {
    pub cols: u16,
    pub rows: u16,
}

/// A size in pixels, 0x0 when unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct PixelSize {
    pub width: u16,
    pub height: u16,
}

/// The change of one pane's screen from version `base` to version `seq`.
///
/// It is applied iff the epoch is the shown one and `base` ≤ shown < `seq`. A frame of another
/// epoch, or with base 0, is whole: it holds every row and needs nothing before it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Frame {
    pub pane: PaneId,
    /// One life of the version counter; another one makes all former versions void.
    pub epoch: u64,
    /// The version that this frame builds upon; 0 for none.
    pub base: u64,
    /// The version that it leads to.
    pub seq: u64,
    /// The size of the screen, which may differ from the layout's for a moment.
    pub size: WireSize,
    /// The ids of all rows, top to bottom, as runs of rising ids.
    pub row_ids: Vec<RowIds>,
    /// The rows that changed since `base`.
    pub rows: Vec<WireRow>,
    /// Styles that the runs name by index; index 0 is the first entry.
    pub styles: Vec<WireStyle>,
    /// Links that the styles name by index plus one.
    pub links: Vec<WireLink>,
    pub cursor: WireCursor,
    pub modes: WireModes,
    /// The number of logical lines that scrolled off so far: history ends here.
    pub history_lines: u64,
    /// The last input number of this attachment that was written to the program.
    pub input_done: u64,
    pub tty: TtyFlags,
    /// State that is no cell: see [`state_tag`].
    pub state: Ext,
    pub ext: Ext,
}

/// A run of rows whose ids rise by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RowIds {
    pub first: u64,
    pub count: u16,
}

/// The whole content of one row.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct WireRow {
    pub id: u64,
    /// Whether the text goes on in the next row without a line break.
    pub wrapped: bool,
    /// From the left; cells after the last run are blank in the default style.
    pub runs: Vec<RowRun>,
}

/// Neighbouring cells of one style and one width.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RowRun {
    /// Index into the frame's styles.
    pub style: u16,
    /// Columns of each cell: 1 or 2.
    pub width: u8,
    /// The text of all cells; a blank cell is a space.
    pub text: String,
    /// How many characters (Unicode scalar values) each cell takes of `text`; empty when every
    /// cell takes one.
    pub clusters: Vec<u8>,
}

/// A colour in one number: `0` the default, `0x0100_00ii` palette entry `ii`, `0x02rr_ggbb` direct.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Encode, Decode)]
pub struct WireColor(pub u32);

/// A style that cells share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Encode, Decode)]
pub struct WireStyle {
    pub fg: WireColor,
    pub bg: WireColor,
    pub underline_color: WireColor,
    /// Bits: 1 bold, 2 dim, 4 italic, 8 blink, 16 inverse, 32 conceal, 64 strike, 128 overline,
    /// 256 rapid blink. Others are reserved.
    pub attrs: u16,
    /// 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed; others draw as single.
    pub underline: u16,
    /// Index plus one into the frame's links; 0 for none.
    pub link: u16,
}

/// A hyperlink.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct WireLink {
    /// The id by which cells of one link belong together.
    pub id: String,
    pub uri: String,
}

numbers! {
    /// How the cursor is drawn; 0 as the outer terminal likes.
    CursorShape {
        BLOCK = 1,
        UNDERLINE = 2,
        BAR = 3,
    }
}

/// Where the cursor is, in cells from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct WireCursor {
    pub col: u16,
    pub row: u16,
    pub visible: bool,
    pub shape: CursorShape,
    pub blink: bool,
}

/// The modes of a pane that matter outside it, as bits; unknown bits are ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct WireModes(pub u64);

impl WireModes {
    pub const ALTERNATE_SCREEN: u64 = 1;
    pub const BRACKETED_PASTE: u64 = 1 << 1;
    pub const FOCUS_EVENTS: u64 = 1 << 2;
    /// The program wants mouse presses.
    pub const MOUSE_PRESS: u64 = 1 << 3;
    /// It wants movement with a button held.
    pub const MOUSE_DRAG: u64 = 1 << 4;
    /// It wants all movement.
    pub const MOUSE_MOVE: u64 = 1 << 5;
    pub const APPLICATION_CURSOR: u64 = 1 << 6;
    pub const ALTERNATE_SCROLL: u64 = 1 << 7;
    pub const REVERSE_SCREEN: u64 = 1 << 8;
    /// The program uses the kitty keyboard protocol.
    pub const KITTY_KEYBOARD: u64 = 1 << 9;
    /// It wants key releases.
    pub const KEY_RELEASES: u64 = 1 << 10;
    /// The program is in the middle of a synchronized update.
    pub const SYNCHRONIZED: u64 = 1 << 11;
    /// It wants to know what a key is on other layouts.
    pub const ALTERNATE_KEYS: u64 = 1 << 12;
    /// It wants every key as a sequence, modifiers alone too.
    pub const ALL_KEYS: u64 = 1 << 13;
    /// It wants the text that a key made with it.
    pub const KEY_TEXT: u64 = 1 << 14;

    /// Whether all of these bits are set.
    pub const fn has(self, bits: u64) -> bool {
        self.0 & bits == bits
    }
}

/// What the PTY's line discipline does, for prediction and honesty: bit 1 ECHO, bit 2 ICANON,
/// bit 4 ISIG.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct TtyFlags(pub u16);

impl TtyFlags {
    pub const ECHO: u16 = 1;
    pub const ICANON: u16 = 2;
    pub const ISIG: u16 = 4;
}

/// Tags of [`Frame::state`]. Each is sent when it changed since `base`, and always in a whole frame;
/// all are UTF-8 text, but for the images.
pub mod state_tag {
    /// The title that the program set.
    pub const TITLE: u16 = 1;
    /// The working directory that the shell told.
    pub const CWD: u16 = 2;
    /// Progress in percent, or `error`, `paused`, `busy`; empty for none.
    pub const PROGRESS: u16 = 3;
    /// The images and where they stand, as [`crate::WireImages::to_bytes`] writes them; absent from a whole
    /// frame for none.
    pub const IMAGES: u16 = 4;
}

/// The client has put a frame on its screen. On one long-lived stream, at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct FrameApplied {
    pub pane: PaneId,
    pub epoch: u64,
    pub seq: u64,
}

/// The client cannot use what comes: it wants the pane whole. On the same stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct FrameWanted {
    pub pane: PaneId,
}
