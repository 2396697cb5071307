//! Pages of the lines above a screen: from memory where they are in the window, else from the disk.

use ccc_proto::HistoryRequest;
use ccc_sync::{PAGE_LINES, page_of};
use ccc_vt::LineNumber;

use super::Asked;
use crate::fault::Fault;
use crate::pane::lines;

/// Bytes of cells that are brought together for a page; it then takes what fits.
const PAGE_BYTES: usize = 4 * 1024 * 1024;

pub(super) async fn page(asked: &mut Asked<'_>, request: HistoryRequest) -> Result<(), Fault> {
    let pane = asked.pane_of(request.pane).await?;
    let extent = lines::extent(&pane).await?;
    let from = request.from.clamp(extent.first, extent.end);
    let to = from.saturating_add(request.count.min(PAGE_LINES).into()).min(extent.end);
    let lines = lines::lines(&pane, from, to, PAGE_BYTES).await?;
    let page = page_of(&request, LineNumber(extent.first), LineNumber(extent.end), lines);
    // A page is read at leisure; frames go first.
    asked.send.set_priority(-1);
    asked.reply(page).await
}
