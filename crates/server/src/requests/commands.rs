//! Commands of all panes: pages of them, and the building of the index that they come from. Owns who sees which, and
//! how one is told of; looking for what somebody types is `search`'s.

mod search;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ccc_index::{Command, CommandFilter, CommandKey, ExitFilter};
use ccc_journal::PaneUlid;
use ccc_proto::{
    CommandEnded, CommandState, CommandsPage, CommandsRequest, Ext, IndexProgress, PaneId,
    RebuildIndex, WireCommand,
};
use tokio::sync::mpsc;

use super::Asked;
use crate::core::authorize::Principal;
use crate::core::house::House;
use crate::fault::Fault;
use crate::history::imported;
pub(super) use search::search;

/// The most commands of one page, and the most bytes of their texts: a page stays far below its cap.
const PAGE: usize = 10_000;
const PAGE_BYTES: usize = 3 * 1024 * 1024;
/// What a command takes of a message beside its text and directory, about, in bytes.
const WEIGHT: usize = 128;
/// Words about progress that wait for a slow reader; those that find no room are left out.
const PROGRESS: usize = 4;

/// Where the panes are that commands ran in.
pub(super) type Places = BTreeMap<String, (PaneId, String)>;

/// Which commands somebody sees, and where the panes are.
struct Sight {
    principal: Arc<Principal>,
    panes: BTreeSet<PaneUlid>,
    places: Places,
}

impl Sight {
    async fn of(asked: &Asked<'_>) -> Result<Self, Fault> {
        let principal = asked.principal();
        asked
            .ctx
            .book
            .run(move |book| {
                let house = book.house_for(&principal);
                let panes = super::recordings::known(&house).into_keys().collect();
                let places = places(&house);
                drop(house);
                Self { principal, panes, places }
            })
            .await
    }

    fn sees(&self, command: &Command<'_>) -> bool {
        match imported::origin(command.pane) {
            Some((_, importer)) => self.principal.sees_imported(importer),
            None if self.principal.sees_all() => true,
            None => command.pane.parse().is_ok_and(|ulid| self.panes.contains(&ulid)),
        }
    }
}

pub(super) async fn page(asked: &mut Asked<'_>, request: CommandsRequest) -> Result<(), Fault> {
    let mut filter = CommandFilter {
        text: request.text,
        cwd: request.cwd,
        exit: match request.ended {
            CommandEnded::OK => ExitFilter::Ok,
            CommandEnded::FAILED => ExitFilter::Failed,
            CommandEnded::STATUS => ExitFilter::Code(request.status),
            _ => ExitFilter::Any,
        },
        since_unix_ms: request.since_unix_ms,
        ..CommandFilter::default()
    };
    let session = request.session;
    let principal = asked.principal();
    let name = asked
        .ctx
        .book
        .run(move |book| {
            let house = book.house_for(&principal);
            let known = house
                .sessions()
                .find(|known| known.name == session || known.id.to_string() == session);
            let name = known.map_or_else(|| session.clone(), |known| known.name.clone());
            (!name.is_empty()).then_some(name)
        })
        .await?;
    filter.sessions.extend(name);
    let sight = Sight::of(asked).await?;
    let before = (!request.after.is_empty()).then(|| CommandKey::from_bytes(&request.after));
    let count = usize::try_from(request.count).unwrap_or(PAGE).clamp(1, PAGE);
    let index = asked.ctx.history.index().await?;
    let found = tokio::task::spawn_blocking(move || {
        let (mut commands, mut next, mut bytes) = (Vec::new(), Vec::new(), 0);
        index.commands(&filter, before.as_ref(), |command, key| {
            if commands.len() >= count || bytes > PAGE_BYTES {
                return false;
            }
            if !sight.sees(command) {
                return true;
            }
            bytes += weight(command);
            commands.push(wire(command, &sight.places));
            next = key.as_bytes().to_vec();
            true
        })?;
        let more = commands.len() >= count || bytes > PAGE_BYTES;
        Ok::<_, ccc_index::IndexError>((commands, if more { next } else { Vec::new() }))
    });
    let (commands, next) = found
        .await
        .map_err(|error| Fault::internal(format!("the index failed: {error}")))?
        .map_err(|error| Fault::internal(error.to_string()))?;
    asked.reply(CommandsPage { commands, next, ext: Ext::none() }).await
}

pub(super) async fn rebuild(asked: &mut Asked<'_>, _request: RebuildIndex) -> Result<(), Fault> {
    let (tx, mut rx) = mpsc::channel(PROGRESS);
    let history = asked.ctx.history.clone();
    let building = tokio::spawn(async move { history.rebuild(tx).await });
    let mut last = None;
    while let Some(progress) = rx.recv().await {
        last = Some(progress);
        let told = IndexProgress {
            panes: progress.panes,
            of: progress.of,
            commands: progress.commands,
            done: false,
            ext: Ext::none(),
        };
        asked.reply(told).await?;
    }
    building.await.map_err(|error| Fault::internal(error.to_string()))??;
    let last = last.unwrap_or_default();
    let (panes, of, commands) = (last.panes, last.of, last.commands);
    asked.reply(IndexProgress { panes, of, commands, done: true, ext: Ext::none() }).await
}

/// All panes that can be looked at, by their names on the disk.
pub(super) fn places(house: &House) -> Places {
    let shown = house.panes().filter_map(|pane| {
        let tab = house.tab(pane.tab)?;
        let session = house.session(tab.session)?;
        let place = format!("{}:{}.{}", session.name, tab.number, pane.number);
        Some((pane.ulid.to_string(), (pane.id, place)))
    });
    shown.collect()
}

/// About how many bytes of a message a command takes.
fn weight(command: &Command<'_>) -> usize {
    command.text.len() + command.cwd.len() + WEIGHT
}

fn wire(command: &Command<'_>, places: &Places) -> WireCommand {
    let place = places.get(command.pane);
    let state = match (command.to, command.exit) {
        (None, _) => CommandState::RUNNING,
        (Some(_), Some(_)) => CommandState::ENDED,
        (Some(_), None) => CommandState::UNKNOWN,
    };
    let (ulid, place) = match (imported::origin(command.pane), place) {
        (Some((source, _)), _) => ("", source.to_owned()),
        (None, Some((_, place))) => (command.pane, place.clone()),
        (None, None) => (command.pane, command.session.to_owned()),
    };
    WireCommand {
        pane: places.get(command.pane).map(|(pane, _)| *pane),
        ulid: ulid.to_owned(),
        place,
        text: command.text.to_owned(),
        cwd: command.cwd.to_owned(),
        started_unix_ms: command.started_unix_ms,
        duration_ms: command.duration_ms,
        state,
        status: command.exit.unwrap_or(0),
        mark: command.mark,
        from: command.from,
        to: command.to,
    }
}
