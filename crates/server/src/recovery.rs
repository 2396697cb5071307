//! Coming back: what the records say ran, held against what is in custody. Owns which panes are
//! brought back, in which order, and what becomes of those on one side only.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use ccc_journal::{Gap, PaneHeader, PaneUlid, pieces, settle};
use ccc_keeper::CustodySet;
use ccc_proto::{PaneId, SessionId};
use ccc_vt::Size;
use tokio::task::spawn_blocking;
use tracing::warn;
use ulid::Ulid;

use crate::book::Book;
use crate::context::Context;
use crate::core::house::{Life, NewPane, NewSession, NewTab, PaneSpec};
use crate::fault::Fault;
use crate::forgetting;
use crate::pane::task::{Origin, spawn};
use crate::pane::{Pane, Place};
use crate::pausing;
use crate::programs::start_time;

/// The session of programs that are in custody and in no record.
const RECOVERED: &str = "recovered";
/// The size of a pane whose recording does not tell: its first resize event corrects it.
const SIZE: Size = Size::new(80, 24);

/// Brings back every pane that runs; those that are shown first go first. Their screens come when
/// they are folded, clients may attach before.
pub(crate) async fn recover(ctx: &Arc<Context>, sets: Vec<CustodySet>) -> Result<(), Fault> {
    let mut sets: BTreeMap<PaneUlid, CustodySet> =
        sets.into_iter().map(|set| (set.ulid, set)).collect();
    forgetting::finish(ctx, &|ulid| sets.get(&ulid).is_some_and(|set| set.exit.is_none())).await;
    let known = ctx.book.run(|book| book.panes_by_sight()).await?;
    let mut lost = Vec::new();
    for (pane, ulid, life) in known {
        match sets.remove(&ulid) {
            Some(set) => bring_back(ctx, pane, set).await?,
            None if life.is_alive() => {
                pausing::give_up(ctx, ulid).await;
                let from_disk = open(ctx, pane, ulid);
                // What it printed last, and its end, may be in the recording.
                if has_recording(&from_disk) {
                    settled(&from_disk.dir()).await;
                    ctx.panes.insert(&from_disk);
                    spawn(ctx, &from_disk, size_on_disk(&from_disk), Origin::Lost);
                } else {
                    lost.push(pane);
                }
            }
            None => pausing::give_up(ctx, ulid).await,
        }
    }
    for set in sets.into_values() {
        if let Err(fault) = adopt(ctx, set).await {
            warn!(why = fault.why, "a program in custody could not be adopted");
        }
    }
    for pane in lost {
        ctx.book.run(move |book| book.pane_lost(pane)).await?;
    }
    crate::unrecorded::sweep(ctx);
    Ok(())
}

/// The machine may have gone down with the program, and what it said last not have reached the disk.
async fn settled(dir: &Path) {
    let work = dir.to_owned();
    match spawn_blocking(move || settle(&work)).await {
        Ok(Ok(gaps)) => {
            for Gap { from, to, .. } in gaps {
                warn!(dir = %dir.display(), %from, %to, "output that never reached the disk");
            }
        }
        Ok(Err(error)) => warn!(dir = %dir.display(), %error, "a recording was not settled"),
        Err(error) => warn!(dir = %dir.display(), %error, "a recording was not settled"),
    }
}

async fn bring_back(ctx: &Arc<Context>, pane: PaneId, set: CustodySet) -> Result<(), Fault> {
    let (pid, ulid) = (set.pid, set.ulid);
    if let Err(fault) = pausing::finish(ctx, ulid, set.exit.is_none()).await {
        // It is shown as far as its files tell, and the others are not kept waiting.
        warn!(%pane, why = fault.why, "a pane whose recording was paused is not as it was left");
    }
    let dir = ulid.place(ctx.state.root());
    let size = header_size(&dir);
    let token = ctx.token.child_token();
    let place = Place::of(ctx.state.root(), ulid);
    let value = Arc::new(Pane::new(pane, ulid, place, size, Some(set.fds), token));
    ctx.panes.insert(&value);
    // Noted before its task begins, because its end may be the first thing that the task finds.
    ctx.book
        .run(move |book| {
            let starting = book.house.pane(pane).is_some_and(|known| known.life == Life::Starting);
            if starting {
                let plan =
                    book.house.pane_started(&Book::own_author(), pane, pid, start_time(pid))?;
                book.commit(plan)?;
            }
            Ok::<_, Fault>(())
        })
        .await??;
    spawn(ctx, &value, size, Origin::Recovered);
    Ok(())
}

/// A program that runs in custody and that no record knows: it is shown in a session of its own.
async fn adopt(ctx: &Arc<Context>, set: CustodySet) -> Result<(), Fault> {
    if set.exit.is_some() {
        // It ended while nobody looked; its recording stays on the disk.
        return Ok(ctx.keeper.close(set.ulid).await?);
    }
    warn!(ulid = %set.ulid, pid = set.pid, "a program in custody is in no record");
    let header = PaneHeader::read(&set.ulid.place(ctx.state.root())).ok();
    let ulid =
        Ulid::from_string(set.ulid.as_str()).map_err(|error| Fault::internal(error.to_string()))?;
    let spec = PaneSpec {
        argv: header
            .iter()
            .flat_map(|header| &header.command)
            .map(|word| std::os::unix::ffi::OsStringExt::into_vec(word.0.clone()))
            .collect(),
        cwd: header.as_ref().map_or_else(Vec::new, |header| {
            std::os::unix::ffi::OsStringExt::into_vec(header.cwd.0.clone())
        }),
        recorded: !set.ulid.is_unrecorded(ctx.state.root()),
        ..PaneSpec::default()
    };
    let pane = ctx
        .book
        .run(move |book| {
            let author = Book::own_author();
            let new = NewPane { ulid, spec };
            let existing = book
                .house
                .sessions()
                .find(|session| session.ended.is_none() && session.name == RECOVERED)
                .map(|session| session.id);
            let plan = match existing {
                Some(session) => book.house.new_tab(
                    &author,
                    NewTab { session, name: String::new(), pane: new, size: None, remember: false },
                )?,
                None => book.house.new_session(
                    &author,
                    NewSession {
                        name: RECOVERED.to_owned(),
                        ulid: Ulid::new(),
                        ttl_ms: 0,
                        pane: new,
                        size: SIZE,
                        remember: false,
                    },
                )?,
            };
            let plan = book.commit(plan)?;
            plan.pane.ok_or_else(|| Fault::internal("a plan made no pane"))
        })
        .await??;
    bring_back(ctx, pane, set).await
}

/// Makes every pane of a session that is looked at have a screen, also those that ended long ago.
pub(crate) async fn open_session(ctx: &Arc<Context>, session: SessionId) -> Result<(), Fault> {
    let panes = ctx
        .book
        .run(move |book| {
            let panes = book.house.panes_of(session).into_iter();
            let known = panes.filter_map(|pane| book.house.pane(pane));
            known.map(|pane| (pane.id, pane.ulid, pane.life)).collect::<Vec<_>>()
        })
        .await?;
    for (pane, ulid, life) in panes {
        // One that is being started comes by itself.
        if life.is_alive() || ctx.panes.find(pane).is_some() {
            continue;
        }
        let Ok(ulid) = ulid.to_string().parse() else { continue };
        let value = open(ctx, pane, ulid);
        ctx.panes.insert(&value);
        spawn(ctx, &value, size_on_disk(&value), Origin::Recovered);
    }
    Ok(())
}

/// A pane with its screen: one that has no task is opened from the disk, also a closed one.
pub(crate) async fn pane(ctx: &Arc<Context>, pane: PaneId) -> Result<Arc<Pane>, Fault> {
    if let Some(pane) = ctx.panes.find(pane) {
        return Ok(pane);
    }
    let ulid = ctx
        .book
        .run(move |book| {
            let here = book.house.pane(pane).map(|pane| pane.ulid);
            here.or_else(|| book.house.closed_pane(pane).map(|pane| pane.ulid))
        })
        .await?
        .and_then(|ulid| ulid.to_string().parse().ok())
        .ok_or_else(|| {
            Fault::new(ccc_proto::Failure::NOT_FOUND, format!("pane {pane} does not exist"))
        })?;
    let value = open(ctx, pane, ulid);
    spawn(ctx, &value, size_on_disk(&value), Origin::Recovered);
    let mut watch = value.watch();
    // The task always comes to an end of the recording, or gives the pane up.
    let _ = watch.wait_for(|published| published.ready).await;
    Ok(value)
}

fn open(ctx: &Context, pane: PaneId, ulid: PaneUlid) -> Arc<Pane> {
    let place = Place::of(ctx.state.root(), ulid);
    let size = header_size(&place.dir);
    Arc::new(Pane::new(pane, ulid, place, size, None, ctx.token.child_token()))
}

/// Another life of a pane whose program has ended, with the screen that its recording makes now.
pub(crate) async fn open_again(ctx: &Arc<Context>, pane: &Arc<Pane>) {
    let value = open(ctx, pane.id, pane.ulid);
    let id = pane.id;
    let alive =
        ctx.book.run(move |book| book.house.pane(id).is_some_and(|pane| pane.life.is_alive()));
    // One that was lost may not have been folded to the end that tells what became of it.
    let origin = if alive.await.unwrap_or(false) { Origin::Lost } else { Origin::Recovered };
    ctx.panes.insert(&value);
    spawn(ctx, &value, size_on_disk(&value), origin);
    let mut watch = value.watch();
    // The task always comes to an end of the recording, or gives the pane up.
    let _ = watch.wait_for(|published| published.ready).await;
}

fn has_recording(pane: &Pane) -> bool {
    pieces(&pane.dir()).is_ok_and(|found| !found.pieces.is_empty())
}

fn size_on_disk(pane: &Pane) -> Size {
    header_size(&pane.dir())
}

/// The size that a pane was made with.
pub(crate) fn header_size(dir: &Path) -> Size {
    PaneHeader::read(dir).map_or(SIZE, |header| Size::new(header.size.cols, header.size.rows))
}
