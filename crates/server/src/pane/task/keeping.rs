//! What a pane's task writes beside what its keeper does: checkpoints, the budget, commands. Owns when that is done;
//! the files are others'.

use std::sync::Arc;

use ccc_journal::{Budget, Offset};
use ccc_proto::WireExit;
use tokio::task::{JoinHandle, yield_now};
use tracing::warn;

use super::super::Pane;
use super::super::keep::Worked;
use super::Task;
use crate::blocking::blocking;
use crate::clock::unix_ms;
use crate::context::Context;
use crate::core::commands::Ran;
use crate::history;
use crate::pausing;

/// Commands that wait to be remembered: more than a turn can tell.
const NOTED: usize = 4096;

impl Task {
    /// Has what the shell said remembered. What finds no room waits for the next turn, up to a bound.
    pub(super) fn remember(&mut self) {
        if self.noted.is_empty() {
            return;
        }
        let noted = std::mem::take(&mut self.noted);
        self.noted = self.ctx.history.note(self.pane.id, self.pane.ulid, noted);
        self.noted.truncate(NOTED);
    }

    /// Has checkpoints written, and the disk tidied, by a thread that may wait for it.
    pub(super) fn begin_work(&mut self) {
        // What was taken apart, to forget something in it, is within the budget again when it is sealed.
        let trims =
            self.trim_due && !(self.pane.recorded() && self.ctx.sealer.is_apart(self.pane.ulid));
        if self.work.is_some() || !(trims || self.keep.has_work()) {
            return;
        }
        let allow = trims.then(|| {
            self.trim_due = false;
            let (ctx, ulid) = (Arc::clone(&self.ctx), self.pane.ulid);
            let recorded = self.pane.recorded();
            move |bytes| {
                let budgets = &ctx.config.recording;
                if !recorded {
                    return Budget::bytes(budgets.memory_budget);
                }
                let (own, whole) = (budgets.pane_budget, budgets.server_budget);
                budgets.budget(ctx.disk.allow(ulid, bytes, own, whole))
            }
        });
        let work = self.keep.work(allow);
        self.work = Some(self.ctx.pool.spawn_blocking(work));
    }

    /// Makes the checkpoint that is due, when what was folded last is on its way to whoever looks.
    pub(super) async fn keep_up(&mut self) {
        let due = self.keep.is_due(self.fold.offset(), false);
        if self.looks || !due || self.pane.wants_refold() {
            return;
        }
        yield_now().await;
        let checkpoint = self.fold.checkpoint(&self.pane.screen());
        self.keep.add(checkpoint);
        self.begin_work();
    }

    pub(super) fn worked(&mut self, worked: Option<Worked>) {
        self.work = None;
        if let Some(first) = self.keep.done(worked) {
            self.trimmed(first);
        }
        self.begin_work();
    }

    /// Older bytes are gone: the keeper records it, and makes room for as many new ones.
    pub(super) fn trimmed(&mut self, first: Offset) {
        if let Err(error) = self.fold.refresh() {
            warn!(pane = %self.pane.id, %error, "a trimmed journal cannot be listed");
        }
        self.pane.update_facts(|facts| facts.first_kept = first.0);
        tell_trimmed(&self.ctx, &self.pane, first);
    }

    /// Writes the last of what is kept of a program that has ended.
    pub(super) async fn keep_end(&mut self, exit: WireExit) {
        let checkpoint = self.fold.checkpoint(&self.pane.screen());
        self.keep.add(checkpoint);
        let last = self.commands.end(self.fold.offset().0, self.live.then(unix_ms));
        if self.pane.recorded() {
            self.noted.extend(last);
            self.remember();
        }
        self.begin_work();
        while self.work.is_some() {
            let worked = finished(&mut self.work).await;
            self.worked(worked);
        }
        if self.pane.facts().paused {
            let (root, ulid) = (self.ctx.state.root().to_owned(), self.pane.ulid);
            let to = self.fold.offset();
            let noted = blocking(move || pausing::ended(&root, ulid, to, exit)).await;
            if let Err(fault) = noted {
                let why = fault.why;
                warn!(pane = %self.pane.id, why, "an end that was not recorded is not noted on the disk");
            }
        }
    }
}

/// What is remembered of a pane's commands; nothing of one that is not recorded.
pub(super) fn remembered(pane: &Pane) -> (Option<u64>, Option<Ran>) {
    if pane.recorded() { history::remembered_of(&pane.dir()) } else { (None, None) }
}

/// Tells the keeper from where on a recording is kept: what it did not know goes on record.
pub(super) fn tell_trimmed(ctx: &Arc<Context>, pane: &Pane, first: Offset) {
    let (keeper, ulid) = (ctx.keeper.clone(), pane.ulid);
    ctx.tracker.spawn_on(
        async move {
            if let Err(error) = keeper.trimmed(ulid, first).await {
                warn!(%ulid, %error, "the keeper was not told of a trimmed journal");
            }
        },
        &ctx.pool,
    );
}

/// Waits for the work on a blocking thread; `None` when it failed.
pub(super) async fn finished(work: &mut Option<JoinHandle<Worked>>) -> Option<Worked> {
    match work {
        Some(work) => work.await.ok(),
        None => std::future::pending().await,
    }
}
