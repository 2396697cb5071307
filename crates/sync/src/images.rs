//! The images of a screen on the wire, and what a peer may say of them. Their data travels elsewhere.

use ccc_proto::{Ext, WireImage, WireImageFormat, WireImages, WirePlacement};
use ccc_vt::image::{IMAGE_BYTES, IMAGE_SIDE, IMAGES, PLACEMENTS, Source};
use ccc_vt::{ImageFormat, Placement, RowId, Screen};

/// An image of which the data is not here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageInfo {
    /// Its name for ever, within its pane.
    pub serial: u64,
    /// What the program calls it in cells, or 0.
    pub id: u32,
    /// `None`: one of a newer server, which nothing can be shown of.
    pub format: Option<ImageFormat>,
    pub width: u16,
    pub height: u16,
    /// Length of its data.
    pub bytes: u32,
}

/// The images of a pane, and where they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaneImages {
    pub images: Vec<ImageInfo>,
    /// Oldest first. Each is of one of the images, and within it.
    pub placements: Vec<Placement>,
}

impl PaneImages {
    /// The images of a screen.
    pub(crate) fn of(screen: &Screen) -> Self {
        let images = screen.images().map(|image| ImageInfo {
            serial: image.serial,
            id: image.id,
            format: Some(image.format),
            width: image.width,
            height: image.height,
            bytes: u32::try_from(image.data.len()).unwrap_or(u32::MAX),
        });
        Self { images: images.collect(), placements: screen.placements().to_vec() }
    }

    /// Reads what a peer says; `None` if it cannot be so.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let wire = WireImages::from_bytes(bytes)?;
        if wire.images.len() > IMAGES || wire.placements.len() > PLACEMENTS {
            return None;
        }
        let images: Vec<ImageInfo> = wire.images.iter().map(info).collect::<Option<_>>()?;
        let placement = |wire: &WirePlacement| {
            let image = images.iter().find(|image| image.serial == wire.image)?;
            let placement = placement(wire);
            let within =
                |from: u16, len: u16, all: u16| from.checked_add(len).is_some_and(|end| end <= all);
            let Source { x, y, width, height } = placement.source;
            let sound = within(x, width, image.width) && within(y, height, image.height);
            (sound && placement.is_sound()).then_some(placement)
        };
        let placements = wire.placements.iter().map(placement).collect::<Option<_>>()?;
        Some(Self { images, placements })
    }

    /// The image with this name.
    #[must_use]
    pub fn image(&self, serial: u64) -> Option<&ImageInfo> {
        self.images.iter().find(|image| image.serial == serial)
    }
}

fn info(wire: &WireImage) -> Option<ImageInfo> {
    let sides = 1..=IMAGE_SIDE;
    let sound = sides.contains(&wire.width)
        && sides.contains(&wire.height)
        && wire.bytes as usize <= IMAGE_BYTES;
    sound.then_some(ImageInfo {
        serial: wire.image,
        id: wire.id,
        format: ImageFormat::from_number(wire.format.0),
        width: wire.width,
        height: wire.height,
        bytes: wire.bytes,
    })
}

fn placement(wire: &WirePlacement) -> Placement {
    Placement {
        image: wire.image,
        id: wire.placement,
        is_virtual: wire.in_cells,
        row: RowId(wire.row),
        above: wire.above,
        col: wire.col,
        cols: wire.cols,
        rows: wire.rows,
        source: Source { x: wire.x, y: wire.y, width: wire.width, height: wire.height },
        z: wire.z,
    }
}

/// What a frame says of the images of a screen.
pub(crate) fn wire_images(screen: &Screen) -> WireImages {
    let PaneImages { images, placements } = PaneImages::of(screen);
    let images = images.iter().map(|image| WireImage {
        image: image.serial,
        id: image.id,
        format: image
            .format
            .map_or_else(WireImageFormat::default, |format| WireImageFormat(format as u16)),
        width: image.width,
        height: image.height,
        bytes: image.bytes,
    });
    let placements = placements.iter().map(|placement| WirePlacement {
        image: placement.image,
        placement: placement.id,
        in_cells: placement.is_virtual,
        row: placement.row.0,
        above: placement.above,
        col: placement.col,
        cols: placement.cols,
        rows: placement.rows,
        x: placement.source.x,
        y: placement.source.y,
        width: placement.source.width,
        height: placement.source.height,
        z: placement.z,
    });
    WireImages { images: images.collect(), placements: placements.collect(), ext: Ext::none() }
}
