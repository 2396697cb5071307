//! Forgetting a stretch of a recording: in its files, in what is remembered of commands, and in what is in memory.
//! Owns the order, which makes it whole whenever a process dies: the intent is on the disk first and goes last,
//! and each step in between can be done again. How files change is `ccc-journal`'s affair.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ccc_journal::{
    Error, EventReader, Forgotten, Gap, GapReason, Offset, PaneUlid, Stretch, begin_forgetting,
    end_forgetting, forget, forgetting, pieces, sweep_lines, tell_gap,
};
use ccc_keeper::protocol::Reason;
use ccc_play::states_without_text;
use ccc_proto::Failure;
use tokio::sync::mpsc;
use tracing::{info, warn};

use crate::blocking::blocking;
use crate::context::Context;
use crate::fault::Fault;
use crate::keeper_link::KeeperFailure;
use crate::pane::{Pane, limits};
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
        let fault = Fault::new(Failure::CONFLICT, why);
        return Err(fault.hint(format!("ccc rec resume {}", pane.id)));
    }
    let still = match &pane {
        Some(pane) => pane.stand_still().await,
        None => None,
    };
    // It lies uncompressed from here until it is sealed again.
    ctx.sealer.take_apart(ulid);
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
    let runs = pane.is_some_and(|pane| pane.fds().is_some());
    let look = dir.clone();
    let former = blocking(move || Ok::<_, Error>(forgetting(&look))).await?;
    if let Some(former) = former.filter(|former| *former != stretch) {
        // One that could not be ended then is not given up for this one.
        let (unheard, _) = mpsc::channel(1);
        finish_one(ctx, ulid, dir.clone(), former, runs, unheard).await?;
    }
    let intent = dir.clone();
    // Printed bytes may have gone since somebody said which were meant.
    let stretch = blocking(move || {
        let stretch = within(&intent, stretch.from, stretch.to)?;
        if stretch.from < stretch.to {
            begin_forgetting(&intent, stretch)?;
        }
        Ok::<_, Error>(stretch)
    })
    .await?;
    if stretch.from >= stretch.to {
        return Err(nothing());
    }
    finish_one(ctx, ulid, dir, stretch, runs, told).await
}

/// Why there is nothing to forget.
pub(crate) fn nothing() -> Fault {
    Fault::new(Failure::CONFLICT, "nothing was printed there, or it is gone already")
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
            let asked = ctx.keeper.forget(ulid, stretch.from, stretch.to).await;
            if let Err(KeeperFailure::Refused { refusal, .. }) = &asked
                && refusal.reason == Reason::UnknownRequest
            {
                // One of an earlier release never will, and nothing was done yet.
                let given_up = dir.clone();
                blocking(move || end_forgetting(&given_up)).await?;
            }
            asked?;
        } else {
            let write = dir.clone();
            blocking(move || tell_gap(&write, gap(stretch))).await?;
        }
    } else if runs {
        // The one who told may have died before the next file began.
        ctx.keeper.forget(ulid, stretch.to, stretch.to).await?;
    }
    let work = dir.clone();
    let files = blocking(move || {
        sync_events(&work)?;
        let without_text = states_without_text(&work, stretch.from, limits())?;
        forget(&work, stretch, &without_text, &mut |done, of| {
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
        // What a search that was on its way stored beside segments that are gone.
        sweep_lines(&ended)?;
        end_forgetting(&ended)?;
        Ok::<_, Error>(pieces(&ended)?.bytes())
    });
    // What it is when it is sealed again is told then.
    ctx.disk.holds_at_most(ulid, bytes.await?);
    info!(%ulid, from = %stretch.from, to = %stretch.to, "a stretch of a recording was forgotten");
    Ok(Gone { files, commands })
}

/// Ends what a former life began. Before anything is opened.
pub(crate) async fn finish(ctx: &Arc<Context>, runs: &dyn Fn(PaneUlid) -> bool) {
    let _hand = ctx.sealer.hand().await;
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
    match EventReader::open(dir) {
        Ok(mut events) => Ok(events.remaining_gaps()?.contains(&gap(stretch))),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) => Err(error),
    }
}

fn gap(Stretch { from, to }: Stretch) -> Gap {
    Gap { from, to, reason: GapReason::Forget }
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
