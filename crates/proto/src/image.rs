//! Images: which ones a screen has and where they stand, as one state of a frame; and their data, asked for
//! by page. Owns the bodies; nothing here looks into the data.

use bincode::{Decode, Encode};

use crate::number::numbers;
use crate::{Ext, PaneId};

numbers! {
    /// What the data of an image is.
    WireImageFormat {
        PNG = 1,
        RGB = 2,
        RGBA = 3,
        RGB_DEFLATED = 4,
        RGBA_DEFLATED = 5,
        SIXEL = 6,
    }
}

/// The images of a screen and where they stand: the bytes of a frame's state tag 4.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct WireImages {
    pub images: Vec<WireImage>,
    /// Oldest first.
    pub placements: Vec<WirePlacement>,
    pub ext: Ext,
}

impl WireImages {
    /// The bytes of the state.
    pub fn to_bytes(&self) -> Vec<u8> {
        crate::codec::to_bytes(self)
    }

    /// Reads the bytes of the state.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        crate::codec::from_bytes(bytes)
    }
}

/// An image, without its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct WireImage {
    /// Its name for ever: where in the recording of its pane it ended.
    pub image: u64,
    /// What the program calls it in cells; 0 if it does not.
    pub id: u32,
    pub format: WireImageFormat,
    /// In pixels, at most 4096.
    pub width: u16,
    /// In pixels, at most 4096.
    pub height: u16,
    /// Length of its data in bytes.
    pub bytes: u32,
}

/// Where an image stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct WirePlacement {
    pub image: u64,
    /// What the program calls the placement in cells; 0 if it does not.
    pub placement: u32,
    /// It stands nowhere by itself: cells with placeholders show its pieces.
    pub in_cells: bool,
    /// The id of the row that it hangs on.
    pub row: u64,
    /// How many of its rows are above that one.
    pub above: u16,
    /// The column of its left edge.
    pub col: u16,
    /// Its size in cells.
    pub cols: u16,
    pub rows: u16,
    /// What of the image is shown, in pixels.
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
    /// Order; below 0 is under the text.
    pub z: i32,
}

/// Asks for the data of an image. On a stream of its own, answered by one page.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ImageRequest {
    pub pane: PaneId,
    pub image: u64,
    /// The first byte wanted.
    pub from: u32,
    pub ext: Ext,
}

/// A piece of an image's data.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ImagePage {
    pub pane: PaneId,
    pub image: u64,
    pub format: WireImageFormat,
    pub width: u16,
    pub height: u16,
    /// Length of all data in bytes.
    pub total: u32,
    /// Where in it these bytes begin.
    pub from: u32,
    /// At most [`crate::limits::IMAGE_PAGE`].
    pub bytes: Vec<u8>,
    pub ext: Ext,
}
