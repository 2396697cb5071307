//! Making recordings durable: once a second, those that grew, on a blocking thread. Never on the way
//! of a key, and no timer while nothing grows.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ccc_journal::{EVENTS_FILE, PaneUlid, journal_files};
use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::context::Context;
use crate::pane::Pane;

/// How much output a power cut may take.
const PACE: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(crate) struct Syncer {
    /// Directories of recordings that grew since they were synced.
    grown: Mutex<BTreeMap<PaneUlid, PathBuf>>,
    began: Notify,
}

impl Syncer {
    /// Notes that a pane's recording grew.
    pub(crate) fn grew(&self, pane: &Pane) {
        let mut grown = self.grown.lock().unwrap_or_else(PoisonError::into_inner);
        if grown.contains_key(&pane.ulid) {
            return;
        }
        let first = grown.is_empty();
        grown.insert(pane.ulid, pane.dir());
        drop(grown);
        if first {
            self.began.notify_one();
        }
    }

    fn take(&self) -> BTreeMap<PaneUlid, PathBuf> {
        std::mem::take(&mut *self.grown.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Syncs until the token is cancelled, and once more then.
    pub(crate) async fn run(ctx: Arc<Context>, token: CancellationToken) {
        loop {
            tokio::select! {
                () = token.cancelled() => break,
                () = ctx.syncer.began.notified() => {}
            }
            tokio::select! {
                () = token.cancelled() => break,
                () = sleep(PACE) => {}
            }
            ctx.syncer.sync().await;
            ctx.book.tell(crate::book::Book::sync);
        }
        ctx.syncer.sync().await;
    }

    async fn sync(&self) {
        let grown = self.take();
        let synced = tokio::task::spawn_blocking(move || {
            for dir in grown.values() {
                if let Err(error) = sync_recording(dir) {
                    warn!(dir = %dir.display(), %error, "a recording was not synced");
                }
            }
        });
        if let Err(error) = synced.await {
            warn!(%error, "recordings were not synced");
        }
    }
}

/// Syncs the newest two journal files, which is all that a second can have written to, and the
/// events.
fn sync_recording(dir: &Path) -> std::io::Result<()> {
    let files = journal_files(dir).map_err(std::io::Error::other)?;
    for file in files.iter().rev().take(2) {
        match File::open(&file.path) {
            Ok(file) => file.sync_data()?,
            // Sealed since, and its segment is on the disk.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    match File::open(dir.join(EVENTS_FILE)) {
        Ok(events) => events.sync_data(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}
