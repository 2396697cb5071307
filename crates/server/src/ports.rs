//! On which ports programs of panes listen. Owns when that is looked for: when a pane has printed something
//! that somebody on another machine looks at, and never more often than people can read.

mod listeners;

use std::sync::Arc;
use std::time::Duration;

use ccc_proto::PaneId;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::context::Context;
pub(crate) use listeners::{OpenPort, Root};

/// Panes that wait to be looked into. One that finds no room may print again.
const WAITING: usize = 256;
/// From one look to the next: each goes through all processes of the machine.
const BETWEEN: Duration = Duration::from_secs(2);
/// From what is printed to the look. Programs say where they listen about when they begin to.
const AFTER: Duration = Duration::from_millis(300);

/// The way to whoever looks.
#[derive(Debug)]
pub(crate) struct Ports {
    due: mpsc::Sender<PaneId>,
}

impl Ports {
    pub(crate) fn new() -> (Self, mpsc::Receiver<PaneId>) {
        let (due, waiting) = mpsc::channel(WAITING);
        (Self { due }, waiting)
    }

    /// This pane is to be looked into.
    pub(crate) fn due(&self, pane: PaneId) {
        let _full = self.due.try_send(pane);
    }
}

/// Looks when panes are due, until the server stops.
pub(crate) async fn run(ctx: Arc<Context>, mut due: mpsc::Receiver<PaneId>) {
    let looking = async {
        let mut last: Option<Instant> = None;
        let mut panes = Vec::new();
        while due.recv_many(&mut panes, WAITING).await > 0 {
            let soon = Instant::now() + AFTER;
            sleep_until(last.map_or(soon, |last| soon.max(last + BETWEEN))).await;
            while let Ok(pane) = due.try_recv() {
                panes.push(pane);
            }
            panes.sort_unstable();
            panes.dedup();
            last = Some(Instant::now());
            look(&ctx, std::mem::take(&mut panes)).await;
        }
    };
    ctx.token.clone().run_until_cancelled(looking).await;
}

async fn look(ctx: &Context, panes: Vec<PaneId>) {
    // A server that stops has nobody to tell.
    let Ok(roots) = ctx.book.run(move |book| book.roots(&panes)).await else { return };
    if roots.is_empty() {
        return;
    }
    let found = ctx.pool.spawn_blocking(move || listeners::of(&roots)).await;
    for (pane, open) in found.unwrap_or_default() {
        ctx.book.tell(move |book| book.pane_listens(pane, &open));
    }
}
