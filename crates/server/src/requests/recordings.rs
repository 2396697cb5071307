//! Requests about recordings as a whole: which there are, whether they are what was written, and
//! forgetting one. Files are looked at on threads that may wait for the disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ccc_journal::{PaneUlid, sweep_lines};
use ccc_proto::{
    Ext, Failure, ListRecordings, PaneId, RecordingChecked, RecordingInfo, RecordingRemoved,
    RecordingSet, RecordingState, Recordings, RemoveRecording, SetRecording, Toggle,
    VerifyRecordings,
};
use tokio::sync::mpsc;

use super::Asked;
use crate::blocking::aside;
use crate::context::Context;
use crate::core::house::Life;
use crate::fault::Fault;
use crate::recordings::{Known, checked, info, names, remove_files};
use crate::unrecorded;

/// Recordings in one answer: some hundred bytes each.
const AT_ONCE: usize = 1000;
/// Words of progress that may wait for a slow client; the look waits with them.
const WORDS: usize = 16;

pub(super) async fn list(asked: &mut Asked<'_>, list: ListRecordings) -> Result<(), Fault> {
    let chosen = Chosen::of(asked, list.target.as_deref()).await?;
    let infos = aside(move || {
        let known = &chosen.known;
        chosen
            .ulids
            .iter()
            .filter_map(|ulid| info(&ulid.dir(&chosen.root), *ulid, known.get(ulid)).ok())
            .collect::<Vec<_>>()
    })
    .await?;
    let mut rest = infos.as_slice();
    let settings = asked.ctx.config.recording.clone();
    loop {
        let (now, later) = rest.split_at(rest.len().min(AT_ONCE));
        rest = later;
        asked
            .reply(Recordings {
                recordings: now.to_vec(),
                pane_budget: settings.pane_budget,
                server_budget: settings.server_budget,
                retention_days: settings.retention_days.unwrap_or(0),
                more: !rest.is_empty(),
                ext: Ext::none(),
            })
            .await?;
        if rest.is_empty() {
            return Ok(());
        }
    }
}

pub(super) async fn verify(asked: &mut Asked<'_>, verify: VerifyRecordings) -> Result<(), Fault> {
    let chosen = Chosen::of(asked, verify.target.as_deref()).await?;
    asked.send.set_priority(-1);
    let (words, mut said) = mpsc::channel(WORDS);
    tokio::task::spawn_blocking(move || {
        for ulid in chosen.ulids {
            let pane = chosen.known.get(&ulid).and_then(|known| known.pane);
            // One who asked and is gone is told nothing more, and nothing more is looked at.
            let mut tell = |word| words.blocking_send(word).is_ok();
            if !checked(&ulid.dir(&chosen.root), ulid.as_str(), pane, &mut tell) {
                return;
            }
        }
    });
    while let Some(word) = said.recv().await {
        asked.reply(word).await?;
    }
    asked.reply(RecordingChecked { more: false, ..RecordingChecked::default() }).await
}

pub(super) async fn remove(asked: &mut Asked<'_>, remove: RemoveRecording) -> Result<(), Fault> {
    if remove.target.is_empty() {
        return Err(Fault::invalid("a recording to remove must be named"));
    }
    let chosen = Chosen::of(asked, Some(&remove.target)).await?;
    let (ulid, dir, known) = chosen.one(&remove.target)?;
    if known.as_ref().is_some_and(|known| known.state == RecordingState::RUNNING) {
        let pane = known.and_then(|known| known.pane).unwrap_or_default();
        let fault = Fault::new(Failure::CONFLICT, format!("the program of {pane} still runs"));
        return Err(fault.hint(format!("ccc kill {pane}")));
    }
    let ctx = Arc::clone(asked.ctx);
    // It goes on when whoever asked is gone.
    let work = asked.ctx.pool.spawn(async move { remove_now(&ctx, ulid, dir, known).await });
    let recording = work.await.map_err(|error| Fault::internal(error.to_string()))??;
    asked.reply(RecordingRemoved { recording, ext: Ext::none() }).await
}

/// Deletes a recording and what is in memory of it, its commands last.
async fn remove_now(
    ctx: &Arc<Context>,
    ulid: PaneUlid,
    dir: PathBuf,
    known: Option<Known>,
) -> Result<RecordingInfo, Fault> {
    // Nobody seals it meanwhile, or makes its lines.
    let _hand = ctx.sealer.hand().await;
    let gone = dir.clone();
    let recording = aside(move || {
        let recording = info(&dir, ulid, known.as_ref())?;
        // What a pane is named by stays with the pane.
        remove_files(&dir, known.is_some())?;
        Ok::<_, ccc_journal::Error>(recording)
    })
    .await??;
    ctx.disk.forget(ulid);
    ctx.replays.forget(ulid);
    ctx.searches.forget(&gone);
    // What a search that was on its way stored there.
    let _swept = aside(move || sweep_lines(&gone)).await?;
    ctx.history.forget_now(vec![ulid]).await?;
    Ok(recording)
}

/// Stops recording a pane, or goes on.
pub(super) async fn set(asked: &mut Asked<'_>, request: SetRecording) -> Result<(), Fault> {
    let (_, pane) = asked.pane(&request.target).await?;
    let on = match request.set {
        Toggle::ON => true,
        Toggle::OFF => false,
        _ => !pane.recorded(),
    };
    let (ctx, of) = (Arc::clone(asked.ctx), Arc::clone(&pane));
    // Left in the middle, the pane would be at one place and its files at another.
    let work = asked.ctx.pool.spawn(async move { crate::pausing::record(&ctx, &of, on).await });
    let changed = work.await.map_err(|error| Fault::internal(error.to_string()))??;
    asked.reply(RecordingSet { pane: Some(pane.id), on, changed, ext: Ext::none() }).await
}

/// Which recordings are meant, and what the house knows of all.
pub(super) struct Chosen {
    root: PathBuf,
    ulids: Vec<PaneUlid>,
    known: BTreeMap<PaneUlid, Known>,
}

impl Chosen {
    pub(super) async fn of(asked: &Asked<'_>, target: Option<&str>) -> Result<Self, Fault> {
        let root = asked.ctx.state.root().to_owned();
        let principal = asked.principal();
        let sees_all = principal.sees_all();
        let known = asked.ctx.book.run(move |book| known(&book.house_for(&principal))).await?;
        // A recording of which the house tells nothing may be anybody's.
        let seen = |ulid: &PaneUlid| sees_all || known.contains_key(ulid);
        let Some(target) = target else {
            let panes = root.join("panes");
            let mut ulids = aside(move || names(&panes)).await?;
            ulids.retain(seen);
            return Ok(Self { root, ulids, known });
        };
        let there = |ulid: &PaneUlid| seen(ulid) && is_there(&root, *ulid);
        let ulids = if let Some(ulid) = target.parse().ok().filter(there) {
            vec![ulid]
        } else {
            let pane = match asked.place(target).await {
                Ok(place) => place.pane,
                // One that was closed is in no place any more.
                Err(fault) => target.parse::<PaneId>().map_err(|_other| fault)?,
            };
            let found = known.iter().find(|(_, known)| known.pane == Some(pane) && !known.earlier);
            if found.is_some_and(|(_, known)| !known.recorded) {
                return Err(unrecorded::refused(pane));
            }
            let (ulid, _) = found.ok_or_else(|| {
                Fault::new(Failure::NOT_FOUND, format!("pane {pane} has no recording"))
            })?;
            vec![*ulid]
        };
        Ok(Self { root, ulids, known })
    }
}

impl Chosen {
    /// The only one that was named, where it lies, and what the house knows of it.
    pub(super) fn one(mut self, target: &str) -> Result<(PaneUlid, PathBuf, Option<Known>), Fault> {
        let [ulid] = self.ulids[..] else {
            return Err(Fault::invalid(format!("{target} names no single recording")));
        };
        Ok((ulid, ulid.dir(&self.root), self.known.remove(&ulid)))
    }
}

fn is_there(root: &Path, ulid: PaneUlid) -> bool {
    ulid.dir(root).is_dir()
}

pub(super) fn known(house: &crate::core::house::House) -> BTreeMap<PaneUlid, Known> {
    let mut all = BTreeMap::new();
    let mut note = |ulid: ulid::Ulid, known: Known| {
        if let Ok(ulid) = ulid.to_string().parse() {
            all.insert(ulid, known);
        }
    };
    let name = |pane| {
        let session = house.session_of(pane).and_then(|session| house.session(session));
        session.map(|session| session.name.clone()).unwrap_or_default()
    };
    let of = |pane, state, earlier, recorded| Known {
        pane: Some(pane),
        session: name(pane),
        state,
        earlier,
        recorded,
    };
    for pane in house.panes() {
        let state = match pane.life {
            Life::Starting | Life::Running { .. } => RecordingState::RUNNING,
            Life::Exited(_) => RecordingState::ENDED,
            Life::Lost => RecordingState::LOST,
        };
        note(pane.ulid, of(pane.id, state, false, pane.spec.recorded));
        for ulid in &pane.earlier {
            note(*ulid, of(pane.id, RecordingState::ENDED, true, true));
        }
    }
    for pane in house.closed_panes() {
        let state = if pane.lost { RecordingState::LOST } else { RecordingState::ENDED };
        note(pane.ulid, of(pane.id, state, false, pane.spec.recorded));
        for ulid in &pane.earlier {
            note(*ulid, of(pane.id, RecordingState::ENDED, true, true));
        }
    }
    all
}
