//! What is known of images on their way from a pane to the outer terminal: their names, their data, their
//! places. Neither fetches nor draws.

use std::sync::Arc;

use ccc_client::ImageInfo;
use ccc_client::proto::PaneId;
use ccc_vt::ImageFormat;
use ccc_vt::image::Source;
use ratatui::layout::Rect;

/// How the outer terminal is told of images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Graphics {
    /// It has not said yet: nothing stands where they will be.
    #[default]
    Unknown,
    /// Not at all: a box stands where they would be.
    Boxes,
    /// Sixels, for a terminal whose cells are this large in pixels.
    Sixel { cell: (u16, u16) },
    /// The kitty graphics protocol.
    Kitty,
}

impl Graphics {
    /// Whether an image of this format can be shown, in this order.
    pub(crate) const fn draws(self, format: Option<ImageFormat>, z: i32) -> bool {
        match (self, format) {
            (Self::Unknown | Self::Boxes, _) | (_, None) => false,
            (Self::Kitty, Some(_)) => true,
            // What would have to be decompressed is not.
            (Self::Sixel { .. }, Some(format)) => {
                // And nothing is drawn under the text.
                z >= 0
                    && matches!(format, ImageFormat::Sixel | ImageFormat::Rgb | ImageFormat::Rgba)
            }
        }
    }
}

/// What an image is shown by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ImageFrom {
    Pane {
        pane: PaneId,
        epoch: u64,
    },
    /// A recording, by its number among those that this client has looked at.
    Recording(u64),
}

/// An image's name in this client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ImageKey {
    pub(crate) from: ImageFrom,
    /// Its name within its pane or recording.
    pub(crate) serial: u64,
}

/// An image as it came, held against what was said of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ImageData {
    pub(crate) format: ImageFormat,
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) bytes: Vec<u8>,
}

/// A piece of an image in a picture.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) key: ImageKey,
    pub(crate) info: ImageInfo,
    /// The piece, in pixels of the image.
    pub(crate) source: Source,
    /// Where it stands in the picture.
    pub(crate) area: Rect,
    /// Order; below 0 is under the text.
    pub(crate) z: i32,
    /// `None` while it has not come yet.
    pub(crate) data: Option<Arc<ImageData>>,
}
