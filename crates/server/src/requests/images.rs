//! The data of images: they are too large for frames, and asked for once by whoever draws them.

use std::sync::Arc;

use ccc_proto::{Ext, Failure, ImagePage, ImageRequest, PaneId, WireImageFormat, limits};
use ccc_vt::Image;

use super::Asked;
use crate::fault::Fault;

pub(super) async fn page(asked: &mut Asked<'_>, request: ImageRequest) -> Result<(), Fault> {
    let pane = asked.pane_of(request.pane).await?;
    let image = pane.screen().images().find(|image| image.serial == request.image).map(Arc::clone);
    let Some(image) = image else {
        return Err(Fault::new(Failure::NOT_FOUND, "the pane has no such image any more"));
    };
    tell(asked, request.pane, &image, request.from).await
}

/// Answers with what there is of an image from a byte on, as far as it fits.
pub(super) async fn tell(
    asked: &mut Asked<'_>,
    pane: PaneId,
    image: &Image,
    from: u32,
) -> Result<(), Fault> {
    // A screen's images are far below 4 GiB.
    let total = u32::try_from(image.data.len()).unwrap_or(u32::MAX);
    let from = from.min(total);
    let rest = image.data.get(from as usize..).unwrap_or_default();
    let page = ImagePage {
        pane,
        image: image.serial,
        format: WireImageFormat(image.format as u16),
        width: image.width,
        height: image.height,
        total,
        from,
        bytes: rest.iter().take(limits::IMAGE_PAGE).copied().collect(),
        ext: Ext::none(),
    };
    // Text goes first.
    asked.send.set_priority(-1);
    asked.reply(page).await
}
