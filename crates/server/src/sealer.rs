//! Making segments of journal files that are complete: one pane at a time, one file after the other, on
//! a thread that yields to everything else. Owns when that is done; how is `ccc-journal`'s affair, and
//! deleting for a budget is the pane's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ccc_journal::{
    CHUNK_BYTES, Error, JournalFile, Offset, PaneUlid, Sealing, SegmentFile, finish_sealings,
    journal_files, pieces, sealable,
};
use ccc_play::keyframes;
use tokio::sync::{Notify, oneshot};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::context::Context;
use crate::pane::limits;
use crate::recovery::header_size;
use crate::watch_events::About;

/// How long a file rests before it is sealed, so that a flood is over, or at least folded.
const PACE: Duration = Duration::from_secs(1);
/// The least of all priorities.
const NICE: i32 = 19;

/// The panes that have something to seal.
#[derive(Debug, Default)]
pub(crate) struct Sealer {
    due: Mutex<BTreeMap<PaneUlid, PathBuf>>,
    began: Notify,
}

impl Sealer {
    /// Notes that a pane has a complete journal file.
    pub(crate) fn due(&self, pane: PaneUlid, dir: &Path) {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        due.insert(pane, dir.to_owned());
        drop(due);
        self.began.notify_one();
    }

    fn take(&self) -> Option<(PaneUlid, PathBuf)> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner).pop_first()
    }

    /// Seals until the token is cancelled: first what a former life left, then what comes.
    pub(crate) async fn run(ctx: Arc<Context>, token: CancellationToken) {
        let looking = Arc::clone(&ctx);
        // What was not found now is when its pane prints.
        let _ = tokio::task::spawn_blocking(move || looking.sealer.look(&looking)).await;
        loop {
            tokio::select! {
                () = token.cancelled() => return,
                () = ctx.sealer.began.notified() => {}
            }
            tokio::select! {
                () = token.cancelled() => return,
                () = sleep(PACE) => {}
            }
            while let Some((pane, dir)) = ctx.sealer.take() {
                if token.is_cancelled() {
                    return;
                }
                seal_pane(&ctx, pane, dir, &token).await;
            }
        }
    }

    /// Finds the recordings that have complete files from before this life.
    fn look(&self, ctx: &Context) {
        let Ok(entries) = std::fs::read_dir(ctx.state.root().join("panes")) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Some(ulid) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
            if journal_files(&entry.path()).is_ok_and(|files| files.len() > 1) {
                self.due(ulid, &entry.path());
            }
        }
    }
}

/// Seals what a pane has complete, and tells whoever counts its bytes.
async fn seal_pane(ctx: &Arc<Context>, pane: PaneUlid, dir: PathBuf, token: &CancellationToken) {
    let runs = ctx.panes.by_ulid(pane).is_some_and(|pane| pane.fds().is_some());
    // A keeper that cannot be told takes what is sealed for what is not, and stops the program.
    if runs && let Err(error) = ctx.keeper.sealed(pane, Offset::ZERO).await {
        debug!(%pane, %error, "not sealed");
        return;
    }
    let (answer, sealed) = oneshot::channel();
    let thread = std::thread::Builder::new().name("ccc-seal".into());
    let stop = token.clone();
    let work = dir.clone();
    let spawned = thread.spawn(move || {
        stand_back();
        // Nobody waits for it only when the server leaves.
        let _ = answer.send(seal_all(&work, pane, &stop));
    });
    if let Err(error) = spawned {
        warn!(%pane, %error, "no thread to seal on");
        return;
    }
    match sealed.await {
        Ok(Ok(done)) => {
            if done.files > 0 {
                ctx.disk.holds(pane, done.bytes);
                let about =
                    About { pane: ctx.panes.by_ulid(pane).map(|pane| pane.id), ..About::default() };
                ctx.events.tell("recording-sealed", about, pane.as_str());
            }
            if runs
                && done.files > 0
                && let Err(error) = ctx.keeper.sealed(pane, done.unsealed).await
            {
                warn!(%pane, %error, "the keeper was not told of what is sealed");
            }
        }
        // It was removed meanwhile.
        Ok(Err(error)) if error.is_not_found() => {}
        Ok(Err(error)) => warn!(%pane, %error, "a recording was not sealed"),
        Err(_panicked) => warn!(%pane, "sealing a recording failed"),
    }
}

/// What came of a pane's turn.
struct Sealed {
    files: usize,
    /// Bytes that its recording holds on the disk now.
    bytes: u64,
    /// Where its journal begins now.
    unsealed: Offset,
}

fn seal_all(dir: &Path, pane: PaneUlid, stop: &CancellationToken) -> Result<Sealed, Error> {
    let mut files = finish_sealings(dir)?;
    for file in sealable(dir)? {
        if stop.is_cancelled() {
            break;
        }
        if let Some(segment) = seal_file(dir, pane, &file, stop)? {
            files += 1;
            let (raw, stored) = (segment.header.len, segment.size);
            debug!(%pane, number = segment.header.number, raw, stored, "sealed");
        }
    }
    let unsealed = journal_files(dir)?.first().map_or(Offset::ZERO, |file| file.first);
    Ok(Sealed { files, bytes: pieces(dir)?.bytes(), unsealed })
}

/// `None` when the server leaves in the middle of it: nothing was done then.
fn seal_file(
    dir: &Path,
    pane: PaneUlid,
    file: &JournalFile,
    stop: &CancellationToken,
) -> Result<Option<SegmentFile>, Error> {
    let mut sealing = Sealing::begin(dir, pane, file, CHUNK_BYTES)?;
    while sealing.next_chunk()? {
        if stop.is_cancelled() {
            return Ok(None);
        }
    }
    let added = keyframes(dir, file.first, file.end(), header_size(dir), limits(), &mut |state| {
        // The next one may be smaller.
        sealing.add_keyframe(&state)?;
        Ok(!stop.is_cancelled())
    });
    if stop.is_cancelled() {
        return Ok(None);
    }
    if let Err(error) = added {
        // They make it faster to look at, and no more.
        warn!(%pane, %error, "a segment has no keyframes");
    }
    sealing.finish().map(Some)
}

/// Gives way to everything else on the machine.
fn stand_back() {
    #[cfg(target_os = "linux")]
    {
        let thread = rustix::thread::gettid();
        // Without it sealing is only less polite.
        let _ = rustix::process::setpriority_process(Some(thread), NICE);
    }
}
