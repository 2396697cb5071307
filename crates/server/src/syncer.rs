//! Making recordings durable: once a second, those that grew, on a blocking thread. Never on the way
//! of a key, and no timer while nothing grows.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ccc_journal::{Error, JournalSync, PaneUlid};
use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::context::Context;
use crate::pane::Pane;

/// How much output a power cut may take.
const PACE: Duration = Duration::from_secs(1);

/// How far each recording is on the disk.
type Synced = BTreeMap<PaneUlid, JournalSync>;

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
        let mut synced = Synced::new();
        loop {
            tokio::select! {
                () = token.cancelled() => break,
                () = ctx.syncer.began.notified() => {}
            }
            tokio::select! {
                () = token.cancelled() => break,
                () = sleep(PACE) => {}
            }
            synced = ctx.syncer.sync(synced).await;
            ctx.book.tell(crate::book::Book::sync);
            synced.retain(|pane, _| ctx.panes.by_ulid(*pane).is_some());
        }
        ctx.syncer.sync(synced).await;
    }

    /// Syncs what grew. Files that became complete since the last time are among it, however many.
    async fn sync(&self, mut synced: Synced) -> Synced {
        let grown = self.take();
        let work = tokio::task::spawn_blocking(move || {
            for (pane, dir) in grown {
                let sync = synced.entry(pane).or_insert_with(|| JournalSync::new(&dir));
                match sync.sync() {
                    // It was removed meanwhile.
                    Err(error) if error.is_not_found() => {}
                    // Told once: what the disk did not take then is in doubt for good.
                    Err(Error::Poisoned { .. }) | Ok(_) => {}
                    Err(error) => warn!(%pane, %error, "a recording was not synced"),
                }
            }
            synced
        });
        work.await.unwrap_or_else(|error| {
            warn!(%error, "recordings were not synced");
            Synced::new()
        })
    }
}
