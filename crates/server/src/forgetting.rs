//! Forgetting a stretch of a recording: in its files, in what is remembered of commands, and in what is in memory.
//! Owns the order, which makes it whole whenever a process dies: the intent is on the disk first and goes last,
//! and each step in between can be done again. How files change is `ccc-journal`'s affair.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ccc_journal::{
    Error, Event, EventReader, EventWriter, Forgotten, Gap, GapReason, Offset, PaneUlid, Stretch,
    begin_forgetting, end_forgetting, forget, forgetting, pieces,
};
use tokio::sync::mpsc;
use tracing::{info, warn};

use crate::context::Context;
use crate::fault::Fault;
use crate::pane::Pane;
use crate::recordings::names;
use crate::recovery;

/// What went, all in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Gone {
    pub(crate) files: Forgotten,
    pub(crate) commands: u64,
}

/// How many bytes of segments are gone through, and of how many.
pub(crate) type Told = (u64, u64);

/// Forgets a stretch, and shows the pane as if it had never been. `told` hears how far it is.
///
/// # Errors
/// What was not done is done at the server's next start, or by asking again.
pub(crate) async fn forget_stretch(
    ctx: &Arc<Context>,
    ulid: PaneUlid,
    stretch: Stretch,
    told: mpsc::Sender<Told>,
) -> Result<Gone, Fault> {
    let _hand = ctx.sealer.hand().await;
    let pane = ctx.panes.by_ulid(ulid);
    if let Some(pane) = pane.as_ref().filter(|pane| !pane.recorded() && pane.fds().is_some()) {
        let why = format!("{} is not recorded at the moment", pane.id);
        let fault = Fault::new(ccc_proto::Failure::CONFLICT, why);
        return Err(fault.hint(format!("ccc rec resume {}", pane.id)));
    }
    let still = match &pane {
        Some(pane) => pane.stand_still().await,
        None => None,
    };
    let gone = in_files(ctx, ulid, stretch, pane.as_deref(), told).await;
    match (pane, still) {
        (Some(pane), Some(still)) => pane.go_on(still).await,
        // Its program has ended: what is shown of it is opened again.
        (Some(pane), None) => recovery::open_again(ctx, &pane).await,
        (None, _) => {}
    }
    ctx.sealer.due(ulid, &ulid.dir(ctx.state.root()));
    gone
}

async fn in_files(
    ctx: &Arc<Context>,
    ulid: PaneUlid,
    stretch: Stretch,
    pane: Option<&Pane>,
    told: mpsc::Sender<Told>,
) -> Result<Gone, Fault> {
    let dir = ulid.dir(ctx.state.root());
    let intent = dir.clone();
    blocking(move || begin_forgetting(&intent, stretch)).await?;
    let runs = pane.is_some_and(|pane| pane.fds().is_some());
    finish_one(ctx, ulid, dir, stretch, runs, told).await
}

/// Everything that follows the intent.
async fn finish_one(
    ctx: &Arc<Context>,
    ulid: PaneUlid,
    dir: PathBuf,
    stretch: Stretch,
    runs: bool,
    told: mpsc::Sender<Told>,
) -> Result<Gone, Fault> {
    let look = dir.clone();
    if !blocking(move || is_told(&look, stretch)).await? {
        if runs {
            ctx.keeper.forget(ulid, stretch.from, stretch.to).await?;
        } else {
            let write = dir.clone();
            blocking(move || tell(&write, stretch)).await?;
        }
    } else if runs {
        // The one who told may have died before the next file began.
        ctx.keeper.forget(ulid, stretch.to, stretch.to).await?;
    }
    let work = dir.clone();
    let files = blocking(move || {
        sync_events(&work)?;
        forget(&work, stretch, &mut |done, of| {
            // One who is slow hears less often.
            let _missed = told.try_send((done, of));
        })
    });
    let files = files.await?;
    let commands = ctx.history.forget_stretch(ulid, stretch).await?;
    ctx.replays.forget(ulid);
    ctx.searches.forget(&dir);
    let ended = dir.clone();
    let bytes = blocking(move || {
        end_forgetting(&ended)?;
        Ok(pieces(&ended)?.bytes())
    });
    ctx.disk.holds(ulid, bytes.await?);
    info!(%ulid, from = %stretch.from, to = %stretch.to, "a stretch of a recording was forgotten");
    Ok(Gone { files, commands })
}

/// Ends what a former life began. Before anything is opened.
pub(crate) async fn finish(ctx: &Arc<Context>, runs: &dyn Fn(PaneUlid) -> bool) {
    let panes = ctx.state.root().join("panes");
    let root = ctx.state.root().to_owned();
    let begun = tokio::task::spawn_blocking(move || {
        let all = names(&panes).into_iter();
        let begun = all.filter_map(|ulid| Some((ulid, forgetting(&ulid.dir(&root))?)));
        begun.collect::<Vec<_>>()
    });
    for (ulid, stretch) in begun.await.unwrap_or_default() {
        let dir = ulid.dir(ctx.state.root());
        let (told, _heard) = mpsc::channel(1);
        if let Err(fault) = finish_one(ctx, ulid, dir, stretch, runs(ulid), told).await {
            warn!(%ulid, why = fault.why, "what was to be forgotten is not forgotten yet");
        }
    }
}

/// Whether `events` tells of the gap already.
fn is_told(dir: &Path, stretch: Stretch) -> Result<bool, Error> {
    let gap = Gap { from: stretch.from, to: stretch.to, reason: GapReason::Forget };
    match EventReader::open(dir) {
        Ok(mut events) => Ok(events.remaining_gaps()?.contains(&gap)),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) => Err(error),
    }
}

/// Tells of the gap where no keeper does.
fn tell(dir: &Path, stretch: Stretch) -> Result<(), Error> {
    let (mut events, _) = EventWriter::open(dir)?;
    events.append(&Event::Gap(Gap {
        from: stretch.from,
        to: stretch.to,
        reason: GapReason::Forget,
    }))?;
    events.sync()
}

/// The gap is on the disk before its bytes are not.
fn sync_events(dir: &Path) -> Result<(), Error> {
    let path = dir.join(ccc_journal::EVENTS_FILE);
    let synced = std::fs::File::open(&path).and_then(|file| file.sync_data());
    synced.map_err(|source| Error::Io { attempt: "sync", path, source })
}

/// The stretch that lies within what a recording holds.
pub(crate) fn within(dir: &Path, from: Offset, to: Offset) -> Result<Stretch, Error> {
    let held = pieces(dir)?;
    Ok(Stretch { from: from.max(held.first()), to: to.min(held.end()) })
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Fault> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|error| Fault::internal(error.to_string()))??)
}
