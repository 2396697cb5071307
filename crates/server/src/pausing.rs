//! Recording that stops for a while. Owns how a pane goes from the disk into memory and back: what its screen is
//! made of in either place, and that of what was printed meanwhile no word gets to the disk.
//!
//! Into memory goes the state in which the disk's part ends. Back to the disk goes the state in memory without its
//! text: how the program has set its terminal up, on an empty screen. So live and replay are the same screen.

use std::path::Path;
use std::sync::Arc;

use ccc_journal::{
    CheckpointLog, Error, Event, EventReader, EventWriter, ExitStatus, Gap, GapReason, Offset,
    PANE_FILE, PaneHeader, PaneUlid, Position, drop_memory, drop_unrecorded, end_offset,
    first_offset, journal_files, left_memory, paused_place,
};
use ccc_keeper::protocol::SignalTarget;
use ccc_play::{Fold, Opened, TURN_BYTES};
use ccc_proto::{Failure, WireExit, WireExitKind};
use ccc_vt::Screen;
use tracing::{debug, info, warn};

use crate::blocking::blocking;
use crate::context::Context;
use crate::fault::Fault;
use crate::pane::{Pane, Place, limits};
use crate::recovery::header_size;
use crate::unrecorded;

/// Tells a program that its window changed: most draw anew then.
const WINDOW_CHANGED: u8 = 28;

/// Stops recording a pane, or goes on. `false` when that holds already.
///
/// # Errors
/// It was made not to be recorded, its program has ended, or there is no memory for it.
pub(crate) async fn record(ctx: &Arc<Context>, pane: &Arc<Pane>, on: bool) -> Result<bool, Fault> {
    if pane.unrecorded() {
        return Err(unrecorded::refused(pane.id));
    }
    // Nobody else changes its files meanwhile.
    let _hand = ctx.sealer.hand().await;
    if pane.recorded() == on {
        return Ok(false);
    }
    let Some(still) = pane.stand_still().await else {
        let why = format!("the program of {} has ended", pane.id);
        return Err(Fault::new(Failure::CONFLICT, why));
    };
    let changed = change(ctx, pane, on).await;
    pane.go_on(still).await;
    let at = changed?;
    info!(pane = %pane.id, %at, on, "recording was changed");
    if on
        && let Err(error) =
            ctx.keeper.signal(pane.ulid, WINDOW_CHANGED, SignalTarget::Foreground).await
    {
        debug!(pane = %pane.id, %error, "a program was not told to draw anew");
    }
    let id = pane.id;
    ctx.book.tell(move |book| book.pane_renamed(id));
    Ok(true)
}

/// Leaves the pane at the place where it is written, whatever came of it.
async fn change(ctx: &Arc<Context>, pane: &Arc<Pane>, on: bool) -> Result<Offset, Fault> {
    let changed = move_over(ctx, pane.ulid, on).await;
    if changed.is_err()
        // The keeper may be through with it all the same.
        && let Err(fault) = finish(ctx, pane.ulid, true).await
    {
        warn!(pane = %pane.id, why = fault.why, "a pane is neither recorded nor paused as it should be");
    }
    let (root, ulid) = (ctx.state.root().to_owned(), pane.ulid);
    pane.set_place(blocking(move || Ok::<_, Error>(Place::of(&root, ulid))).await?);
    changed
}

async fn move_over(ctx: &Arc<Context>, ulid: PaneUlid, on: bool) -> Result<Offset, Fault> {
    let at = ctx.keeper.record(ulid, on).await?;
    let root = ctx.state.root().to_owned();
    blocking(
        move || {
            if on { bring_back(&root, ulid) } else { seed(&ulid.dir(&root), &ulid.place(&root)) }
        },
    )
    .await?;
    Ok(at)
}

/// Ends what a former life began with a pane: into memory, or back. Before it is opened. A keeper has it move only
/// while its program runs.
pub(crate) async fn finish(ctx: &Arc<Context>, ulid: PaneUlid, runs: bool) -> Result<(), Fault> {
    let root = ctx.state.root().to_owned();
    let paused = blocking({
        let root = root.clone();
        move || paused_place(&root, ulid)
    });
    if let Some(memory) = paused.await? {
        if runs {
            // One that was marked and is not there yet.
            ctx.keeper.record(ulid, false).await?;
        }
        return blocking(move || seed(&ulid.dir(&root), &memory)).await;
    }
    blocking(move || match left_memory(&root, ulid) {
        Some(_) if ulid.dir(&root).is_dir() => bring_back(&root, ulid),
        Some(_) | None => Ok(()),
    })
    .await
}

/// What is on the disk of a pane whose program is gone is all that there is of it.
pub(crate) async fn give_up(ctx: &Arc<Context>, ulid: PaneUlid) {
    let root = ctx.state.root().to_owned();
    let given_up = blocking(move || {
        let is_on_disk = ulid.dir(&root).join(PANE_FILE).exists();
        if is_on_disk && left_memory(&root, ulid).is_some() {
            // It was being recorded again when all who knew of it died.
            return bring_back(&root, ulid);
        }
        if is_on_disk { drop_unrecorded(&root, ulid) } else { Ok(()) }
    });
    if let Err(fault) = given_up.await {
        debug!(%ulid, why = fault.why, "the memory of a pane is not given up");
    }
}

/// Notes on the disk how a program ended whose end was not recorded. No keeper moves its bytes any more.
pub(crate) fn ended(root: &Path, ulid: PaneUlid, to: Offset, exit: WireExit) -> Result<(), Error> {
    let dir = ulid.dir(root);
    let from = end_offset(&dir)?;
    let (mut events, _) = EventWriter::open(&dir)?;
    if from < to {
        events.append(&Event::Gap(Gap { from, to, reason: GapReason::NotRecorded }))?;
    }
    let status = match exit.kind {
        WireExitKind::CODE => ExitStatus::Code(exit.value),
        WireExitKind::SIGNAL => ExitStatus::Signal(exit.value),
        _ => ExitStatus::Unknown,
    };
    events.append(&Event::Exit { offset: from, status, mono_ns: 0 })?;
    events.sync()
}

/// Gives the place in memory what it begins with: the state at its first byte. Done again it changes nothing.
fn seed(disk: &Path, memory: &Path) -> Result<(), Error> {
    PaneHeader::read(disk)?.write(memory)?;
    let first = first_offset(memory)?;
    let (mut log, _) = CheckpointLog::open(memory)?;
    if log.latest()?.is_some() {
        return Ok(());
    }
    let (mut fold, screen) = folded(disk, first)?;
    let mut checkpoint = fold.checkpoint(&screen);
    // Its events begin anew there.
    (checkpoint.offset, checkpoint.events_position) = (first, Position::default());
    log.append(&checkpoint, false)?;
    Ok(())
}

/// Gives the disk the state without its text where it goes on, and deletes what is in memory.
fn bring_back(root: &Path, ulid: PaneUlid) -> Result<(), Error> {
    let disk = ulid.dir(root);
    if let Some(memory) = left_memory(root, ulid)
        && let Some((at, events_position)) = went_on(&disk)?
        // Else nothing was printed this time, and the disk went on there after an earlier pause.
        && journal_files(&memory)?.first().is_some_and(|begins| begins.first <= at)
    {
        let (mut log, _) = CheckpointLog::open(&disk)?;
        if log.at(at)?.is_none() {
            let (mut fold, mut screen) = folded(&memory, at)?;
            screen.forget_text();
            let mut checkpoint = fold.checkpoint(&screen);
            (checkpoint.offset, checkpoint.events_position) = (at, events_position);
            log.append(&checkpoint, true)?;
        }
    }
    drop_memory(root, ulid)
}

/// Where the disk's part went on last, and the place in its events that says so.
fn went_on(disk: &Path) -> Result<Option<(Offset, Position)>, Error> {
    let mut events = EventReader::open(disk)?;
    let mut found = None;
    loop {
        match events.next_event() {
            Ok(Some(Event::Gap(Gap { to, reason: GapReason::NotRecorded, .. }))) => {
                found = Some((to, events.position()));
            }
            Ok(Some(_)) => {}
            Ok(None) => return Ok(found),
            Err(Error::Damaged(_)) if events.skip_damage()? => {}
            Err(Error::Damaged(_)) => return Ok(found),
            Err(error) => return Err(error),
        }
    }
}

/// A recording up to an offset as a screen.
fn folded(dir: &Path, until: Offset) -> Result<(Fold, Screen), Error> {
    let Opened { mut fold, mut screen, .. } = Fold::open(dir, until, header_size(dir), limits())?;
    fold.fold_until(until, &mut screen, &mut vec![0; TURN_BYTES], |_| {})?;
    Ok((fold, screen))
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
