//! Images as a screen holds them: data that was checked and not decoded, and where it stands. How they come
//! and go is the engine's job; turning them into pixels is that of whoever draws.

use std::sync::Arc;

use crate::{MAX_SIDE, RowId};

pub mod placeholder;
pub mod png;
pub mod sixel;

/// The most pixels in a row or a column of an image.
pub const IMAGE_SIDE: u16 = 4096;
/// The most bytes of image data that one screen holds, unfinished ones included.
pub const IMAGE_BYTES: usize = 8 << 20;
/// The most images that one screen holds.
pub const IMAGES: usize = 256;
/// The most placements that one screen holds.
pub const PLACEMENTS: usize = 512;

/// What the data of an image is. The numbers are those of checkpoints and of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ImageFormat {
    /// A PNG file of which only the parts that make pixels are left.
    Png = 1,
    /// Red, green, blue of each pixel.
    Rgb = 2,
    /// Red, green, blue, opacity of each pixel.
    Rgba = 3,
    /// As `Rgb`, compressed by zlib.
    RgbDeflated = 4,
    /// As `Rgba`, compressed by zlib.
    RgbaDeflated = 5,
    /// The data of a sixel string.
    Sixel = 6,
}

impl ImageFormat {
    /// The format of this number.
    #[must_use]
    pub const fn from_number(number: u16) -> Option<Self> {
        Some(match number {
            1 => Self::Png,
            2 => Self::Rgb,
            3 => Self::Rgba,
            4 => Self::RgbDeflated,
            5 => Self::RgbaDeflated,
            6 => Self::Sixel,
            _ => return None,
        })
    }

    /// Whether these bytes can be an image of this format and size, as far as it shows without decoding
    /// them. Whoever got them from elsewhere asks this before they are passed on.
    #[must_use]
    pub fn fits(self, width: u16, height: u16, data: &[u8]) -> bool {
        let pixels = usize::from(width) * usize::from(height);
        let sides = 1..=IMAGE_SIDE;
        if !sides.contains(&width) || !sides.contains(&height) || data.len() > IMAGE_BYTES {
            return false;
        }
        match self {
            Self::Png => {
                png::checked(data).is_some_and(|png| (png.width, png.height) == (width, height))
            }
            Self::Rgb => data.len() == pixels * 3,
            Self::Rgba => data.len() == pixels * 4,
            Self::RgbDeflated | Self::RgbaDeflated => is_zlib(data),
            Self::Sixel => sixel::measure(data) == Some((width, height)),
        }
    }
}

/// Whether bytes begin as zlib's do.
pub(crate) fn is_zlib(data: &[u8]) -> bool {
    matches!(data, [first, second, _, ..] if first & 0x0f == 8
        && (u16::from(*first) << 8 | u16::from(*second)).is_multiple_of(31))
}

/// An image.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Image {
    /// Its name for ever: the offset, in the recording, one past the last byte of it.
    pub serial: u64,
    /// What the program calls it; 0 if it does not.
    pub id: u32,
    /// The number that the program gave it instead of an id, or 0.
    pub number: u32,
    /// What `data` is.
    pub format: ImageFormat,
    /// In pixels, at most [`IMAGE_SIDE`].
    pub width: u16,
    /// In pixels.
    pub height: u16,
    /// At most [`IMAGE_BYTES`].
    pub data: Arc<[u8]>,
}

/// A rectangle of pixels in an image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Source {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

/// Where an image stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Placement {
    /// The image's serial.
    pub image: u64,
    /// What the program calls the placement, or 0.
    pub id: u32,
    /// It stands nowhere by itself: cells with placeholders show its pieces.
    pub is_virtual: bool,
    /// The row that it hangs on. The placement is gone when that row is.
    pub row: RowId,
    /// How many of its rows stand above that one.
    pub above: u16,
    /// The column of its left edge.
    pub col: u16,
    /// Width in cells, at least 1.
    pub cols: u16,
    /// Height in cells, at least 1.
    pub rows: u16,
    /// What is shown of the image.
    pub source: Source,
    /// Order: below 0 is under the text.
    pub z: i32,
}

impl Placement {
    /// Whether a reader may believe it: that it covers something, and is not larger than any screen.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let sides = 1..=MAX_SIDE;
        sides.contains(&self.cols)
            && sides.contains(&self.rows)
            && self.above < self.rows
            && self.source.width > 0
            && self.source.height > 0
    }
}

#[cfg(test)]
pub(crate) mod tests;
