//! Pages of the lines above a screen.

use ccc_proto::HistoryRequest;
use ccc_sync::history_page;

use super::Asked;
use crate::fault::Fault;

pub(super) async fn page(asked: &mut Asked<'_>, request: HistoryRequest) -> Result<(), Fault> {
    let pane = crate::recovery::pane(asked.ctx, request.pane).await?;
    let page = history_page(pane.screen().scrollback(), &request);
    asked.reply(page).await
}
