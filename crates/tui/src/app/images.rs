//! The data of images: asked for when a picture first shows them, kept while there is room. Owns what is
//! here and what is on its way.

use std::collections::HashMap;
use std::sync::Arc;

use ccc_client::ImageInfo;
use ccc_client::proto::{Ext, ImagePage, ImageRequest};
use ccc_vt::ImageFormat;

use super::{App, Effect, Purpose};
use crate::image::{ImageData, ImageKey, Placed};

/// Bytes of images that are kept; those that the last picture shows are kept in any case.
const KEPT_BYTES: usize = 64 << 20;
/// Images that are fetched at the same time; the others wait for a later picture.
const COMING: usize = 4;

#[derive(Debug, Default)]
pub(crate) struct Images {
    known: HashMap<ImageKey, Known>,
    /// Counts the pictures.
    turn: u64,
}

#[derive(Debug)]
enum Known {
    /// So much has come.
    Coming {
        info: ImageInfo,
        bytes: Vec<u8>,
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
    pub(super) fn forget_failures(&mut self) {
        self.known.retain(|_, known| !matches!(known, Known::Failed));
    }

    pub(super) fn fail(&mut self, key: ImageKey) {
        self.known.insert(key, Known::Failed);
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
        if shown.is_empty() {
            return Vec::new();
        }
        let mut effects = Vec::new();
        self.images.turn += 1;
        let now = self.images.turn;
        let coming = |known: &&Known| matches!(known, Known::Coming { .. });
        let mut room = COMING.saturating_sub(self.images.known.values().filter(coming).count());
        for placed in
            shown.iter().filter(|placed| self.graphics.draws(placed.info.format, placed.z))
        {
            match self.images.known.get_mut(&placed.key) {
                Some(Known::Here { turn, .. }) => *turn = now,
                Some(_) => {}
                None if room == 0 => {}
                None => {
                    room -= 1;
                    let known = Known::Coming { info: placed.info, bytes: Vec::new() };
                    self.images.known.insert(placed.key, known);
                    effects.push(ask(placed.key, 0));
                }
            }
        }
        self.images.make_room();
        effects
    }

    pub(super) fn on_image_page(
        &mut self,
        key: ImageKey,
        page: &ImagePage,
        effects: &mut Vec<Effect>,
    ) {
        let Some(Known::Coming { info, mut bytes }) = self.images.known.remove(&key) else {
            return;
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
            return self.images.fail(key);
        }
        if bytes.len() < all {
            let from = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            self.images.known.insert(key, Known::Coming { info, bytes });
            effects.push(ask(key, from));
            return;
        }
        // It goes to the terminal soon: now is when it is looked at.
        let Some(format) = format.filter(|f| f.fits(info.width, info.height, &bytes)) else {
            return self.images.fail(key);
        };
        let data = ImageData { format, width: info.width, height: info.height, bytes };
        let turn = self.images.turn;
        self.images.known.insert(key, Known::Here { data: Arc::new(data), turn });
    }
}

fn ask(key: ImageKey, from: u32) -> Effect {
    let message = ImageRequest { pane: key.pane, image: key.serial, from, ext: Ext::none() };
    Effect::Request { message: Box::new(message.into()), purpose: Purpose::Image(key) }
}

#[cfg(test)]
mod tests;
