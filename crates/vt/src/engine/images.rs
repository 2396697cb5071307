//! The images of a screen and where they stand: what comes in, what has to go for it. How programs ask for
//! it is in `graphics` (kitty) and `sixel`.

use std::sync::Arc;

use super::Engine;
use super::graphics::Command;
use crate::cell::Content;
use crate::grid::Grid;
use crate::image::placeholder::PLACEHOLDER;
use crate::image::{IMAGE_BYTES, IMAGES, Image, ImageFormat, PLACEMENTS, Placement, placeholder};
use crate::{RowId, Seq};

/// All that a screen keeps of images.
#[derive(Debug, Default)]
pub(crate) struct Images {
    /// Oldest first, at most `IMAGES`.
    pub(crate) list: Vec<Arc<Image>>,
    /// Oldest first, at most `PLACEMENTS`.
    pub(crate) placements: Vec<Placement>,
    /// A transmission of which a part has come.
    pub(crate) pending: Option<Pending>,
    /// How many images got an id from us.
    pub(crate) named: u32,
    /// DECSDM `?80`: sixels are drawn at the top left corner, and nothing scrolls.
    pub(crate) sixel_display: bool,
    /// The screen's seq when images or placements last changed.
    pub(crate) seq: Seq,
}

/// A transmission that is not complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pending {
    pub(crate) command: Command,
    /// Decoded from base64; empty once there was too much.
    pub(crate) data: Vec<u8>,
    pub(crate) overflow: bool,
}

impl Images {
    /// Whether there never was one, nor anything else to remember.
    pub(crate) fn is_empty(&self) -> bool {
        self.seq == Seq(0) && self.pending.is_none() && !self.sixel_display && self.named == 0
    }

    pub(crate) fn find(&self, serial: u64) -> Option<&Arc<Image>> {
        self.list.iter().find(|image| image.serial == serial)
    }

    /// The newest image with this id.
    pub(crate) fn by_id(&self, id: u32) -> Option<&Arc<Image>> {
        self.list.iter().rev().find(|image| id != 0 && image.id == id)
    }

    /// The newest image with this number.
    pub(crate) fn by_number(&self, number: u32) -> Option<&Arc<Image>> {
        self.list.iter().rev().find(|image| number != 0 && image.number == number)
    }

    pub(crate) fn bytes(&self) -> usize {
        let pending = self.pending.as_ref().map_or(0, |pending| pending.data.len());
        self.list.iter().map(|image| image.data.len()).sum::<usize>() + pending
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.bytes()
            + self.list.capacity() * size_of::<Arc<Image>>()
            + self.list.len() * size_of::<Image>()
            + self.placements.capacity() * size_of::<Placement>()
    }
}

/// An image without a name yet.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) format: ImageFormat,
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) data: Vec<u8>,
}

impl Engine {
    /// Images or placements changed.
    pub(super) fn touch_images(&mut self) {
        self.images.seq = self.now();
        self.touch();
    }

    /// An id that no image has, and that programs are unlikely to choose.
    pub(super) fn free_image_id(&mut self) -> u32 {
        loop {
            self.images.named = self.images.named.wrapping_add(1) & 0x00ff_ffff;
            let id = 0xfe00_0000 | self.images.named;
            // There are fewer images than ids.
            if self.images.by_id(id).is_none() {
                return id;
            }
        }
    }

    /// Takes an image in; what had its id is gone with all its placements.
    pub(super) fn add_image(&mut self, id: u32, number: u32, picture: Picture) -> u64 {
        let serial = self.end;
        self.remove_images(|image| image.serial == serial || id != 0 && image.id == id);
        self.make_room(picture.data.len());
        let Picture { format, width, height, data } = picture;
        let image = Image { serial, id, number, format, width, height, data: data.into() };
        self.images.list.push(Arc::new(image));
        self.touch_images();
        serial
    }

    pub(super) fn remove_images(&mut self, mut which: impl FnMut(&Image) -> bool) {
        let before = self.images.list.len();
        self.images.list.retain(|image| !which(image));
        if self.images.list.len() != before {
            let list = &self.images.list;
            let kept = |placement: &Placement| list.iter().any(|i| i.serial == placement.image);
            self.images.placements.retain(kept);
            self.touch_images();
        }
    }

    /// Lets images go until one more of this length fits: those that are shown nowhere first, the oldest of
    /// them first.
    pub(super) fn make_room(&mut self, bytes: usize) {
        let mut total = self.images.bytes();
        let mut count = self.images.list.len();
        if total + bytes <= IMAGE_BYTES && count < IMAGES {
            return;
        }
        self.prune_placements();
        let shown = self.shown_images();
        let (first, last): (Vec<_>, Vec<_>) =
            self.images.list.iter().map(Arc::clone).partition(|i| !shown.contains(&i.serial));
        let mut gone = Vec::new();
        for image in first.into_iter().chain(last) {
            if total + bytes <= IMAGE_BYTES && count < IMAGES {
                break;
            }
            total -= image.data.len();
            count -= 1;
            gone.push(image.serial);
        }
        self.remove_images(|image| gone.contains(&image.serial));
    }

    /// The serials of the images that stand on a screen, by themselves or in cells.
    fn shown_images(&self) -> Vec<u64> {
        let placed = self.images.placements.iter().filter(|p| !p.is_virtual).map(|p| p.image);
        let mut shown: Vec<u64> = placed.collect();
        let mut ids = Vec::new();
        for row in self.grids().flat_map(Grid::iter) {
            let mut left = None;
            for cell in &row.cells {
                let mut bytes = [0; 4];
                let text = match cell.glyph.content() {
                    Content::Cluster(cluster) => self.tables.cluster(cluster),
                    Content::Char(PLACEHOLDER) => PLACEHOLDER.encode_utf8(&mut bytes),
                    _ => {
                        left = None;
                        continue;
                    }
                };
                let style = self.tables.style(cell.style);
                left = placeholder::piece(text, style.fg, style.underline_color, left);
                if let Some(piece) = left
                    && ids.last() != Some(&piece.image)
                {
                    ids.push(piece.image);
                }
            }
        }
        ids.sort_unstable();
        ids.dedup();
        shown.extend(ids.iter().filter_map(|id| Some(self.images.by_id(*id)?.serial)));
        shown
    }

    fn grids(&self) -> impl Iterator<Item = &Grid> {
        std::iter::once(&self.grid).chain(&self.other)
    }

    /// Forgets placements whose row is gone.
    fn prune_placements(&mut self) {
        let mut rows: Vec<RowId> = self.grids().flat_map(Grid::iter).map(|row| row.id).collect();
        rows.sort_unstable_by_key(|row| row.0);
        let before = self.images.placements.len();
        self.images.placements.retain(|placement| {
            placement.is_virtual || rows.binary_search_by_key(&placement.row.0, |row| row.0).is_ok()
        });
        if self.images.placements.len() != before {
            self.touch_images();
        }
    }

    /// Adds a placement; one of the same image with the same id moves.
    pub(super) fn add_placement(&mut self, placement: Placement) {
        self.images.placements.retain(|old| {
            old.image != placement.image
                || old.is_virtual != placement.is_virtual
                || old.id != placement.id
                || old.id == 0 && !old.is_virtual
        });
        if self.images.placements.len() >= PLACEMENTS {
            self.prune_placements();
        }
        if self.images.placements.len() >= PLACEMENTS {
            self.images.placements.remove(0);
        }
        self.images.placements.push(placement);
        self.touch_images();
    }

    /// Removes placements, and with `free` also the images that have none any more.
    pub(super) fn remove_placements(
        &mut self,
        free: bool,
        mut which: impl FnMut(&Placement) -> bool,
    ) {
        let mut touched = Vec::new();
        self.images.placements.retain(|placement| {
            let gone = which(placement);
            if gone {
                touched.push(placement.image);
            }
            !gone
        });
        if touched.is_empty() {
            return;
        }
        if free {
            let used: Vec<u64> = self.images.placements.iter().map(|p| p.image).collect();
            self.remove_images(|i| touched.contains(&i.serial) && !used.contains(&i.serial));
        }
        self.touch_images();
    }

    /// The whole screen is cleared: what stands on it goes, what stands on the other one stays.
    pub(super) fn clear_placements(&mut self) {
        if self.images.placements.iter().all(|placement| placement.is_virtual) {
            return;
        }
        let mut rows: Vec<RowId> = self.grid.iter().map(|row| row.id).collect();
        rows.sort_unstable_by_key(|row| row.0);
        self.remove_placements(false, |placement| {
            let here = rows.binary_search_by_key(&placement.row.0, |row| row.0).is_ok();
            !placement.is_virtual && here
        });
    }

    /// RIS.
    pub(super) fn forget_images(&mut self) {
        let had = !self.images.list.is_empty();
        self.images = Images { seq: self.images.seq, ..Images::default() };
        if had {
            self.touch_images();
        }
    }
}
