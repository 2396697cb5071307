//! The data of images: asked for when a picture first shows them, kept while there is room. Owns what is
//! here and what is on its way.

use std::collections::HashMap;
use std::sync::Arc;

use ccc_client::ImageInfo;
use ccc_client::proto::{Ext, ImagePage, ImageRequest, Message, ReplayImage};
use ccc_vt::ImageFormat;

use super::{App, Effect, Purpose};
use crate::image::{Graphics, ImageData, ImageFrom, ImageKey, Placed};

/// Bytes of images that are kept; those that the last picture shows are kept in any case.
const KEPT_BYTES: usize = 64 << 20;
/// Images that are fetched at the same time; the others wait for a later picture.
const COMING: usize = 4;
/// Images from which on failures are forgotten, as a recording may have any number of them.
const KNOWN: usize = 4096;

#[derive(Debug, Default)]
pub(crate) struct Images {
    known: HashMap<ImageKey, Known>,
    /// Counts the pictures.
    turn: u64,
    /// Counts the links.
    link: u64,
}

#[derive(Debug)]
enum Known {
    /// So much has come.
    Coming {
        info: ImageInfo,
        bytes: Vec<u8>,
        /// What it was asked for over.
        link: u64,
    },
    Here {
        data: Arc<ImageData>,
        turn: u64,
    },
    /// It could not be had; it is asked for again over another link.
    Failed,
}

impl Images {
    pub(crate) fn data(&self, key: ImageKey) -> Option<Arc<ImageData>> {
        match self.known.get(&key)? {
            Known::Here { data, .. } => Some(Arc::clone(data)),
            Known::Coming { .. } | Known::Failed => None,
        }
    }

    /// There is another link: what did not come over the one before may come over this one.
    pub(super) fn begin_link(&mut self) {
        self.link += 1;
        self.forget_failures();
    }

    fn forget_failures(&mut self) {
        self.known.retain(|_, known| !matches!(known, Known::Failed));
    }

    pub(crate) fn fail(&mut self, key: ImageKey) {
        // That the link before is gone is told late, and says nothing about this one.
        if matches!(self.known.get(&key), Some(Known::Coming { link, .. }) if *link != self.link) {
            self.known.remove(&key);
            return;
        }
        if self.known.len() >= KNOWN {
            self.forget_failures();
        }
        self.known.insert(key, Known::Failed);
    }

    /// Whether it could not be had.
    pub(crate) fn has_failed(&self, key: ImageKey) -> bool {
        matches!(self.known.get(&key), Some(Known::Failed))
    }

    /// Takes note of what a picture shows on a terminal that can so much, and says what of it is to be asked for from
    /// its beginning.
    pub(crate) fn see(&mut self, graphics: Graphics, shown: &[Placed]) -> Vec<ImageKey> {
        if shown.is_empty() {
            return Vec::new();
        }
        let mut wanted = Vec::new();
        self.turn += 1;
        let now = self.turn;
        let coming = |known: &&Known| matches!(known, Known::Coming { .. });
        let mut room = COMING.saturating_sub(self.known.values().filter(coming).count());
        for placed in shown.iter().filter(|placed| graphics.draws(placed.info.format, placed.z)) {
            match self.known.get_mut(&placed.key) {
                Some(Known::Here { turn, .. }) => *turn = now,
                Some(_) => {}
                None if room == 0 => {}
                None => {
                    room -= 1;
                    let (info, link) = (placed.info, self.link);
                    let known = Known::Coming { info, bytes: Vec::new(), link };
                    self.known.insert(placed.key, known);
                    wanted.push(placed.key);
                }
            }
        }
        self.make_room();
        wanted
    }

    /// Takes a piece of one that was asked for, and says from where on the next one is wanted.
    pub(crate) fn took(&mut self, key: ImageKey, page: &ImagePage) -> Option<u32> {
        let Some(Known::Coming { info, mut bytes, .. }) = self.known.remove(&key) else {
            return None;
        };
        let format = ImageFormat::from_number(page.format.0);
        let announced = (format, page.width, page.height, page.total);
        let follows = page.from as usize == bytes.len() && !page.bytes.is_empty();
        bytes.extend_from_slice(&page.bytes);
        let all = info.bytes as usize;
        if announced != (info.format, info.width, info.height, info.bytes)
            || !follows
            || bytes.len() > all
        {
            self.fail(key);
            return None;
        }
        if bytes.len() < all {
            let from = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            self.known.insert(key, Known::Coming { info, bytes, link: self.link });
            return Some(from);
        }
        // It goes to the terminal soon: now is when it is looked at.
        let Some(format) = format.filter(|f| f.fits(info.width, info.height, &bytes)) else {
            self.fail(key);
            return None;
        };
        let data = ImageData { format, width: info.width, height: info.height, bytes };
        self.known.insert(key, Known::Here { data: Arc::new(data), turn: self.turn });
        None
    }

    fn make_room(&mut self) {
        let size = |known: &Known| match known {
            Known::Here { data, .. } => data.bytes.len(),
            Known::Coming { .. } | Known::Failed => 0,
        };
        let mut total: usize = self.known.values().map(size).sum();
        while total > KEPT_BYTES {
            let here = self.known.iter().filter_map(|(key, known)| match known {
                Known::Here { turn, .. } if *turn != self.turn => Some((*turn, *key)),
                _ => None,
            });
            let Some((_, oldest)) = here.min_by_key(|(turn, _)| *turn) else { return };
            total -= self.known.remove(&oldest).as_ref().map_or(0, size);
        }
    }
}

impl App {
    /// Takes note of what a picture shows, and asks for what of it is not here.
    pub(crate) fn see_images(&mut self, shown: &[Placed]) -> Vec<Effect> {
        let wanted = self.images.see(self.graphics, shown);
        wanted.into_iter().filter_map(|key| self.ask_image(key, 0)).collect()
    }

    pub(super) fn on_image_page(
        &mut self,
        key: ImageKey,
        page: &ImagePage,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(from) = self.images.took(key, page) {
            effects.extend(self.ask_image(key, from));
        }
    }

    fn ask_image(&mut self, key: ImageKey, from: u32) -> Option<Effect> {
        let (image, ext) = (key.serial, Ext::none());
        let message: Message = match key.from {
            ImageFrom::Pane { pane, .. } => ImageRequest { pane, image, from, ext }.into(),
            ImageFrom::Recording(number) => match self.place_in_replay(number) {
                Some((ulid, offset)) => {
                    ReplayImage { ulid, offset: offset.0, image, from, ext }.into()
                }
                None => {
                    // It is looked at no more.
                    self.images.fail(key);
                    return None;
                }
            },
        };
        Some(Effect::Request { message: Box::new(message), purpose: Purpose::Image(key) })
    }
}

#[cfg(test)]
mod tests;
