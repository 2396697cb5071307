//! Reading the audit, as it stands on the disk once all that was decided before is there.

use ccc_proto::{AuditPage, AuditRecord, AuditRequest, Ext};
use tokio::sync::mpsc;

use super::Asked;
use crate::audit;
use crate::fault::Fault;

/// Bytes of one page, below its cap.
const PAGE: usize = 512 * 1024;
/// Pages that may wait for a slow client; the reading waits with them.
const WAITING: usize = 2;

pub(super) async fn pages(asked: &mut Asked<'_>, request: AuditRequest) -> Result<(), Fault> {
    asked.ctx.audit.written().await;
    let folder = asked.ctx.state.audit();
    let (pages, mut read) = mpsc::channel(WAITING);
    let reading = tokio::task::spawn_blocking(move || {
        let mut page: Vec<AuditRecord> = Vec::new();
        let mut bytes = 0;
        let done = audit::read(&folder, request.after, |record| {
            bytes += record.body.len() + 16;
            page.push(record);
            if bytes < PAGE {
                return true;
            }
            bytes = 0;
            pages.blocking_send(std::mem::take(&mut page)).is_ok()
        });
        // One who is gone is told nothing.
        let _ = pages.blocking_send(page);
        done
    });
    asked.send.set_priority(-1);
    while let Some(records) = read.recv().await {
        asked.reply(AuditPage { records, more: true, ext: Ext::none() }).await?;
    }
    reading.await.map_err(|error| Fault::internal(error.to_string()))??;
    asked.reply(AuditPage { records: Vec::new(), more: false, ext: Ext::none() }).await
}
