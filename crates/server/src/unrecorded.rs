//! Panes that are not recorded. Owns what one may keep in memory, and when that is given up; where it lies is
//! `ccc-journal`'s affair. Their tasks are those of any pane, but for what would be remembered.

use std::collections::BTreeSet;
use std::sync::Arc;

use ccc_journal::{PaneUlid, drop_memory, drop_unrecorded, left_in_memory, unrecorded};
use ccc_keeper::Terms;
use ccc_proto::{Failure, PaneId, WireExit};
use tracing::warn;

use crate::context::Context;
use crate::fault::Fault;

/// Bytes of a journal file of a pane that is not recorded: an eighth of its budget, so that what goes at once
/// is little of what can be scrolled to.
const PARTS: u64 = 8;
/// Bytes of the smallest file that is made.
const LEAST_FILE: u64 = 64 * 1024;

/// What the keeper holds to. With the server away the program goes on until it has printed another budget's
/// worth, and then waits for it as others do.
pub(crate) fn terms(budget: u64) -> Terms {
    Terms {
        hard_cap: budget.saturating_mul(2).max(LEAST_FILE * 2),
        rotate_bytes: (budget / PARTS).max(LEAST_FILE),
    }
}

/// Why nothing is told of what such a pane printed before.
pub(crate) fn refused(pane: PaneId) -> Fault {
    let why = format!("pane {pane} is not recorded, so that there is nothing of it but its screen");
    Fault::new(Failure::CONFLICT, why).hint(format!("ccc capture {pane}"))
}

/// Gives up the memory of panes that are in no layout any more and have ended.
pub(crate) fn sweep(ctx: &Arc<Context>) {
    let of = Arc::clone(ctx);
    ctx.tracker.spawn_on(async move { sweep_now(&of).await }, &ctx.pool);
}

/// Gives up the memory of all of them, when their programs are ended with the server.
pub(crate) async fn drop_all(ctx: &Arc<Context>) {
    let root = ctx.state.root().to_owned();
    let dropped = tokio::task::spawn_blocking(move || {
        for pane in unrecorded(&root) {
            said(pane, drop_unrecorded(&root, pane));
        }
        for pane in left_in_memory(&root) {
            said(pane, drop_memory(&root, pane));
        }
    });
    // What is left goes with the next server's start.
    let _ = dropped.await;
}

fn said(pane: PaneUlid, dropped: Result<(), ccc_journal::Error>) {
    if let Err(error) = dropped {
        warn!(%pane, %error, "the memory of a pane that was not recorded is not given up");
    }
}

/// Deletes what nobody will bring back: of panes that are recorded again, and whose programs have ended.
async fn sweep_left(ctx: &Arc<Context>) {
    // Nobody is on the way out of memory meanwhile.
    let _hand = ctx.sealer.hand().await;
    let of = Arc::clone(ctx);
    let dropped = tokio::task::spawn_blocking(move || {
        let root = of.state.root();
        let runs = |pane| of.panes.by_ulid(pane).is_some_and(|pane| pane.fds().is_some());
        for pane in left_in_memory(root).into_iter().filter(|pane| !runs(*pane)) {
            said(pane, drop_memory(root, pane));
        }
    });
    // One that failed is tried again at the next end.
    let _ = dropped.await;
}

async fn sweep_now(ctx: &Arc<Context>) {
    let root = ctx.state.root().to_owned();
    let listed = root.clone();
    // Listed before the house is asked: what it does not know by then is nobody's.
    let listed =
        tokio::task::spawn_blocking(move || (unrecorded(&listed), left_in_memory(&listed)));
    let Ok((marked, left)) = listed.await else { return };
    if !left.is_empty() {
        sweep_left(ctx).await;
    }
    if marked.is_empty() {
        return;
    }
    let used = ctx.book.run(|book| {
        let here = book.house.panes().map(|pane| pane.ulid);
        let ending = book.house.closed_panes().filter(|closed| {
            // It was closed while its program ran, and its end is not noted yet.
            closed.exit == WireExit::default() && !closed.lost
        });
        here.chain(ending.map(|pane| pane.ulid))
            .filter_map(|ulid| ulid.to_string().parse().ok())
            .collect::<BTreeSet<PaneUlid>>()
    });
    let Ok(used) = used.await else { return };
    let dropped = tokio::task::spawn_blocking(move || {
        for pane in marked.into_iter().filter(|pane| !used.contains(pane)) {
            said(pane, drop_unrecorded(&root, pane));
        }
    });
    // One that failed is tried again at the next end.
    let _ = dropped.await;
}
