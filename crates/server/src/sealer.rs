//! Making segments of journal files that are complete: one pane at a time, one file after the other, on
//! a thread that yields to everything else. Owns when that is done; how is `ccc-journal`'s affair, and
//! deleting for a budget is the pane's.

mod lines;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ccc_journal::{
    Budget, CHUNK_BYTES, CheckpointLog, Error, JournalFile, Offset, PaneHeader, PaneUlid, Sealing,
    SegmentFile, finish_sealings, forgetting, journal_files, pieces, plan, sealable, tell_gap,
    trim, wall_at,
};
use ccc_play::keyframes;
use tokio::sync::{Notify, oneshot};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::context::Context;
use crate::pane::limits;
use crate::recordings::{names, remove_files};
use crate::recovery::header_size;
use crate::watch_events::About;

/// How long a file rests before it is sealed, so that what made it complete is folded and shown first.
const PACE: Duration = Duration::from_millis(100);
/// How often output is looked for that is too old, where age is limited.
const EXPIRY: Duration = Duration::from_secs(6 * 60 * 60);
/// The least of all priorities.
const NICE: i32 = 19;

/// The panes that have something to seal.
#[derive(Debug, Default)]
pub(crate) struct Sealer {
    due: Mutex<BTreeMap<PaneUlid, PathBuf>>,
    apart: Mutex<Apart>,
    began: Notify,
    /// Held by whoever changes files of recordings: one at a time.
    hand: tokio::sync::Mutex<()>,
}

/// Panes whose segments were taken apart and are not sealed again. What lies there uncompressed for a while is no
/// reason to delete the oldest of it.
#[derive(Debug, Default)]
struct Apart {
    panes: BTreeSet<PaneUlid>,
    /// Those of the life before are among them.
    looked: bool,
}

impl Sealer {
    /// Notes that a pane has a complete journal file.
    pub(crate) fn due(&self, pane: PaneUlid, dir: &Path) {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        due.insert(pane, dir.to_owned());
        drop(due);
        self.began.notify_one();
    }

    /// Notes that more of a pane lies uncompressed than it printed of late, until it is sealed.
    pub(crate) fn take_apart(&self, pane: PaneUlid) {
        self.apart().panes.insert(pane);
    }

    /// Whether a budget waits until the pane is sealed.
    pub(crate) fn is_apart(&self, pane: PaneUlid) -> bool {
        let apart = self.apart();
        !apart.looked || apart.panes.contains(&pane)
    }

    fn apart(&self) -> MutexGuard<'_, Apart> {
        // A set is whole after every statement.
        self.apart.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the sealer from files until it is dropped.
    pub(crate) async fn hand(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.hand.lock().await
    }

    /// The next one behind the last, in a circle: one that floods is due again and again.
    fn take(&self, last: Option<PaneUlid>) -> Option<(PaneUlid, PathBuf)> {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let behind = last.and_then(|last| {
            let mut behind = due.range((Bound::Excluded(last), Bound::Unbounded));
            behind.next().map(|(pane, _)| *pane)
        });
        let next = behind.or_else(|| due.keys().next().copied())?;
        due.remove_entry(&next)
    }

    /// Seals until the token is cancelled: first what a former life left, then what comes.
    pub(crate) async fn run(ctx: Arc<Context>, token: CancellationToken) {
        let looking = Arc::clone(&ctx);
        // What was not found now is when its pane prints.
        let _ = tokio::task::spawn_blocking(move || looking.sealer.look(&looking)).await;
        ctx.sealer.apart().looked = true;
        let mut expiry = None;
        let mut last = None;
        let ages = ctx.config.recording.retention_days.is_some();
        loop {
            if ages && expiry.is_none_or(|due| due <= Instant::now()) {
                expiry = Some(Instant::now() + EXPIRY);
                let looking = Arc::clone(&ctx);
                let _hand = ctx.sealer.hand().await;
                let _ = tokio::task::spawn_blocking(move || Self::expire(&looking)).await;
            }
            tokio::select! {
                () = token.cancelled() => return,
                () = sleep_until(expiry.unwrap_or_else(Instant::now)), if ages => continue,
                () = ctx.sealer.began.notified() => {}
            }
            tokio::select! {
                () = token.cancelled() => return,
                () = sleep(PACE) => {}
            }
            while let Some((pane, dir)) = ctx.sealer.take(last) {
                last = Some(pane);
                if token.is_cancelled() {
                    return;
                }
                let _hand = ctx.sealer.hand().await;
                seal_pane(&ctx, pane, dir, &token).await;
                // Whatever came of it: a budget that never holds would fill the disk.
                ctx.sealer.apart().panes.remove(&pane);
            }
        }
    }

    /// Deletes what is older than it may be, of recordings whose programs have ended: those that run
    /// are trimmed by their panes.
    fn expire(ctx: &Context) {
        let Some(since_ns) = ctx.config.recording.budget(0).since_ns else { return };
        let panes = ctx.state.root().join("panes");
        for ulid in names(&panes) {
            let used = ctx.panes.by_ulid(ulid).is_some_and(|pane| !pane.published().over);
            let dir = panes.join(ulid.as_str());
            if used {
                continue;
            }
            match expire(&dir, since_ns) {
                Ok(0) => {}
                Ok(bytes) => {
                    debug!(%ulid, bytes, "output too old to keep");
                    ctx.disk.holds(ulid, pieces(&dir).map_or(0, |found| found.bytes()));
                }
                Err(error) => warn!(%ulid, %error, "output too old to keep is kept"),
            }
        }
    }

    /// Finds the recordings that have complete files from before this life.
    fn look(&self, ctx: &Context) {
        let panes = ctx.state.root().join("panes");
        for ulid in names(&panes) {
            let dir = panes.join(ulid.as_str());
            let unsealed = journal_files(&dir).is_ok_and(|files| files.len() > 1);
            if unsealed {
                // The life before may have ended while it was taken apart.
                self.take_apart(ulid);
            }
            if unsealed || lines::lacks(&dir) {
                self.due(ulid, &dir);
            }
        }
    }
}

/// Seals what a pane has complete, and tells whoever counts its bytes. With the hand.
async fn seal_pane(ctx: &Arc<Context>, pane: PaneUlid, dir: PathBuf, token: &CancellationToken) {
    if forgetting(&dir).is_some() {
        // It is not what it is to be; the next life ends that first.
        return;
    }
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
        stand_back(NICE);
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

/// Deletes what came before a time; all of it, but for the name, if nothing came later. Gives how many
/// bytes went. For a recording that nobody else writes.
fn expire(dir: &Path, since_ns: u64) -> Result<u64, Error> {
    let found = pieces(dir)?;
    // What somebody imported is as old as it was elsewhere, and stays until somebody deletes it.
    let imported = || PaneHeader::read(dir).is_ok_and(|header| header.imported().is_some());
    if found.pieces.is_empty() || imported() {
        return Ok(0);
    }
    if (1..since_ns).contains(&wall_at(dir, found.end())?.unwrap_or(0)) {
        remove_files(dir, true)?;
        return Ok(found.bytes());
    }
    let budget = Budget { bytes: u64::MAX, since_ns: Some(since_ns) };
    if plan(&found.pieces, budget) == 0 {
        return Ok(0);
    }
    let trimmed = trim(dir, &mut CheckpointLog::open(dir)?.0, budget)?;
    if let Some(gap) = trimmed.gap {
        // No keeper holds the pane any more, so that this is nobody else's to say.
        tell_gap(dir, gap)?;
    }
    Ok(trimmed.bytes)
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
    // What is asked for meanwhile is folded by whoever asks.
    if let Err(error) = lines::make(dir, stop) {
        warn!(%pane, %error, "lines of a recording were not stored");
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

/// Gives way to others on the machine, by so much.
pub(crate) fn stand_back(nice: i32) {
    #[cfg(target_os = "linux")]
    {
        let thread = rustix::thread::gettid();
        // Without it sealing is only less polite.
        let _ = rustix::process::setpriority_process(Some(thread), nice);
    }
}

#[cfg(test)]
mod tests;
