//! Requests that end: programs, panes, recordings, the server.

use std::sync::Arc;

use ccc_keeper::protocol::SignalTarget;
use ccc_proto::{Kill, PaneClose, PaneId, Remove, StopServer, TabClose};

use super::Asked;
use crate::ExitKind;
use crate::book::Book;
use crate::core::house::{Plan, Refusal};
use crate::core::target::{Depth, Place};
use crate::fault::Fault;
use crate::pane::Pane;
use crate::{principals, programs};

/// Ends the programs of a session, tab or pane, or sends them a signal. A session that is killed
/// ends with its programs, whatever they were.
pub(super) async fn kill(asked: &mut Asked<'_>, kill: Kill) -> Result<(), Fault> {
    let place = asked.place(&kill.target).await?;
    let panes = panes_of(asked, place).await?;
    if kill.signal != 0 {
        let signal = u8::try_from(kill.signal)
            .ok()
            .filter(|signal| (1..=64).contains(signal))
            .ok_or_else(|| Fault::invalid(format!("{} is not a signal", kill.signal)))?;
        for pane in panes {
            asked.ctx.keeper.signal(pane.ulid, signal, SignalTarget::Foreground).await?;
        }
        return asked.done(&at(place)).await;
    }
    let plan = match place.depth {
        Depth::Session => {
            programs::kill_session(asked.ctx, place.session, asked.client.author()).await?
        }
        Depth::Tab | Depth::Pane => {
            programs::kill_all(asked.ctx, panes).await;
            None
        }
    };
    asked.done(&plan.unwrap_or_else(|| at(place))).await
}

/// Forgets an ended session or pane, with its recording.
pub(super) async fn remove(asked: &mut Asked<'_>, remove: Remove) -> Result<(), Fault> {
    let closed: Option<PaneId> = remove.target.parse().ok();
    let place = match asked.place(&remove.target).await {
        Ok(place) => Some(place),
        // A closed pane is in no place any more; its recording is.
        Err(fault) => {
            let closed = closed.ok_or(fault)?;
            asked.may_in(closed).await?;
            None
        }
    };
    let author = asked.client.author();
    let (plan, ended, session_ulid) = asked
        .ctx
        .book
        .run(move |book| {
            let mut ulid = None;
            let plan = match (place, closed) {
                (Some(place), _) if place.depth == Depth::Session => {
                    ulid = book.house.session(place.session).map(|session| session.ulid);
                    book.house.remove_session(&author, place.session)?
                }
                (Some(Place { pane, .. }), _) | (None, Some(pane)) => {
                    book.house.remove_pane(&author, pane)?
                }
                (None, None) => return Err(Fault::internal("a target names nothing")),
            };
            let (plan, ended) = book.commit_ending(plan)?;
            Ok((plan, ended, ulid))
        })
        .await??;
    programs::end_all(asked.ctx, ended.panes);
    if let Some(ulid) = session_ulid {
        crate::session_files::remove(asked.ctx.state.root(), &ulid.to_string());
        principals::session_gone(asked.ctx, ulid).await;
    }
    asked.done(&plan).await
}

/// Takes a pane from the layout and ends its program.
pub(super) async fn close_pane(asked: &mut Asked<'_>, close: PaneClose) -> Result<(), Fault> {
    let pane = asked.place(&close.target).await?.pane;
    let author = asked.client.author();
    take_away(asked, "pane-closed", move |book| book.house.close_pane(&author, pane)).await
}

/// Takes a tab from the bar and ends its programs.
pub(super) async fn close_tab(asked: &mut Asked<'_>, close: TabClose) -> Result<(), Fault> {
    let tab = asked.place(&close.target).await?.tab;
    let author = asked.client.author();
    take_away(asked, "tab-closed", move |book| book.house.close_tab(&author, tab)).await
}

/// Carries out a plan after which panes are gone, and ends their programs.
async fn take_away(
    asked: &mut Asked<'_>,
    event: &'static str,
    plan: impl FnOnce(&Book) -> Result<Plan, Refusal> + Send + 'static,
) -> Result<(), Fault> {
    let (plan, ended, last) = asked
        .ctx
        .book
        .run(move |book| {
            let plan = plan(book)?;
            // The last pane of a session stays in it to be read; its program ends all the same.
            let stays = plan.ends.map(|session| book.house.panes_of(session)).unwrap_or_default();
            let (plan, ended) = book.commit_ending(plan)?;
            book.came_to_be(event, &plan);
            Ok::<_, Fault>((plan, ended, stays))
        })
        .await??;
    programs::end_all(asked.ctx, ended.panes);
    let staying: Vec<_> = last.into_iter().filter_map(|pane| asked.ctx.panes.find(pane)).collect();
    for pane in staying {
        let ctx = Arc::clone(asked.ctx);
        asked
            .ctx
            .tracker
            .spawn_on(async move { programs::kill(&ctx, &pane).await }, &asked.ctx.pool);
    }
    asked.done(&plan).await
}

/// Stops the server. Programs go on in custody, unless they are to end as well.
pub(super) async fn stop(asked: &mut Asked<'_>, stop: StopServer) -> Result<(), Fault> {
    asked.ctx.audit.note(asked.client.note("stop"));
    let kind = if stop.kill { ExitKind::StoppedWithPrograms } else { ExitKind::Stopped };
    asked.done(&Plan::default()).await?;
    // The answer leaves before the endpoint closes.
    if asked.send.finish().await.is_ok() {
        let arrived = asked.send.stopped();
        let _ = tokio::time::timeout(std::time::Duration::from_secs(1), arrived).await;
    }
    // It may be leaving already.
    let _ = asked.ctx.leave.try_send(kind);
    Ok(())
}

async fn panes_of(asked: &Asked<'_>, place: Place) -> Result<Vec<Arc<Pane>>, Fault> {
    let panes = match place.depth {
        Depth::Pane => vec![place.pane],
        Depth::Tab => asked.ctx.book.run(move |book| book.house.panes_in(place.tab)).await?,
        Depth::Session => {
            asked.ctx.book.run(move |book| book.house.panes_of(place.session)).await?
        }
    };
    let running = panes.into_iter().filter_map(|pane| asked.ctx.panes.find(pane));
    Ok(running.filter(|pane| pane.fds().is_some()).collect())
}

fn at(place: Place) -> Plan {
    Plan {
        session: Some(place.session),
        tab: Some(place.tab),
        pane: Some(place.pane),
        ..Plan::default()
    }
}
