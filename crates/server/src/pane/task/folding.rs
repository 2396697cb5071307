//! Folding a pane's recording into its screen, turn by turn. Owns what a turn leads to, how turns share the workers,
//! how long a synchronized update is waited for, and beginning anew when somebody changes the recording.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ccc_journal::Offset;
use ccc_play::{Fold, TURN_BYTES, Turn};
use ccc_proto::WireExit;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tracing::warn;

use super::keeping::{finished, remembered};
use super::pace::{CALM, GAUGE, REST};
use super::telling::prompt_after;
use super::{Place, Task, wire_exit};
use crate::clock::unix_ms;
use crate::core::commands::CommandFold;
use crate::pane::echo::typed;
use crate::pane::keep::Keep;
use crate::pane::{Refold, limits};
use crate::recovery::header_size;

/// The longest that a synchronized update is waited for.
const HOLD: Duration = Duration::from_millis(150);

thread_local! {
    /// One for each worker and not for each pane: a thousand idle panes need none.
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; TURN_BYTES]);
}

/// How far a fold came.
pub(super) enum Folded {
    All,
    Exited(WireExit),
    /// There is more than this place is for.
    Much,
    Cancelled,
}

/// A synchronized update under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    None,
    /// Frames wait, until then at most.
    Until(Instant),
    /// It took too long; frames go on although it has not ended.
    Expired,
}

impl Task {
    /// Folds until the end of the journal, turn by turn, or one turn and what it leaves beside the
    /// frames.
    pub(super) async fn fold_all(&mut self, place: Place) -> Result<Folded, ccc_journal::Error> {
        let ctx = Arc::clone(&self.ctx);
        // The first turn of a quiet pane, and each of one that was just typed in, waits for nobody;
        // the others share what leaves a worker free for them.
        let mut first = true;
        loop {
            let fresh = self.pane.fresh.swap(false, Ordering::Relaxed);
            let at_once =
                place == Place::Beside || fresh || (first && self.live && !self.lately.is_flood());
            let permit = if at_once { None } else { ctx.turns.acquire().await.ok() };
            first = false;
            let turn = self.turn()?;
            let stands_back = permit.is_some()
                && self.live
                && ctx.hands.go_before(self.pane.id, std::time::Instant::now());
            if stands_back {
                // With the permit, so that all who stand back share one pace.
                sleep(REST).await;
            }
            drop(permit);
            self.lately.count(turn.bytes as u64, GAUGE);
            self.second.count(turn.bytes as u64, CALM * 2);
            self.exit = turn.exit.map(wire_exit).or(self.exit);
            if self.work.as_ref().is_some_and(JoinHandle::is_finished) {
                let worked = finished(&mut self.work).await;
                self.worked(worked);
            }
            if !turn.more && !self.live {
                self.caught_up();
            }
            if let (false, Some(exit)) = (turn.more, self.exit) {
                return Ok(Folded::Exited(exit));
            }
            if self.pane.token.is_cancelled() {
                return Ok(Folded::Cancelled);
            }
            if self.pane.wants_refold() {
                return Ok(Folded::All);
            }
            if place == Place::Beside && (turn.more || self.lately.is_flood()) {
                return Ok(Folded::Much);
            }
            if !turn.more {
                return Ok(Folded::All);
            }
            tokio::task::yield_now().await;
        }
    }

    /// Stands still while somebody changes the recording, and begins anew with what it is then.
    pub(super) async fn fold_anew(&mut self, refold: Refold) -> Result<(), ccc_journal::Error> {
        while self.work.is_some() {
            let worked = finished(&mut self.work).await;
            self.work = None;
            if let Some(first) = self.keep.done(worked) {
                self.trimmed(first);
            }
        }
        self.remember();
        let Refold { stands, go } = refold;
        if stands.send(()).is_ok() {
            // Whoever asked drops it when it is done, whatever came of it.
            let _done = go.await;
        }
        let pane = Arc::clone(&self.pane);
        let size = header_size(&pane.dir());
        let opened = Fold::open(&pane.dir(), Offset(u64::MAX), size, limits())?;
        self.fold = opened.fold;
        let first = self.fold.first_kept();
        pane.update_facts(|facts| facts.first_kept = first.0);
        self.keep = Keep::new(pane.dir(), pane.recorded(), self.fold.offset());
        let (known, running) = remembered(&pane);
        let cwd = opened.screen.cwd().unwrap_or_default().to_owned();
        self.commands = CommandFold::new(known, cwd, running);
        self.noted.clear();
        self.hold = Hold::None;
        self.live = false;
        pane.begin_anew(opened.screen);
        self.ctx.panes.changed();
        Ok(())
    }

    fn turn(&mut self) -> Result<Turn, ccc_journal::Error> {
        let pane = Arc::clone(&self.pane);
        let mut screen = pane.screen();
        let from = self.fold.offset();
        let fold = &mut self.fold;
        let turn = BUFFER.with_borrow_mut(|buffer| fold.turn(&mut screen, buffer))?;
        let (seq, modes, cell) = (screen.seq(), screen.modes(), screen.cell());
        let replies = screen.take_replies();
        let notices = screen.take_notices();
        let noted = self.commands.hear(&notices, self.live.then(unix_ms), &|line, column, to| {
            typed(&screen, line, column, to)
        });
        // One at the beginning of a file has its place; another waits for the end of what there is.
        let now = (turn.begins_file || turn.more) && !self.looks;
        let due = now && self.keep.is_due(fold.offset(), turn.begins_file);
        let checkpoint = due.then(|| fold.checkpoint(&screen));
        drop(screen);

        pane.input.set_modes(modes, cell);
        pane.marks().hear(from, &notices);
        let commands_changed = !noted.is_empty();
        self.tell_ends(&noted);
        if pane.recorded() && !self.looks {
            self.noted.extend(noted);
            self.remember();
        }
        self.hold = match (modes.synchronized_output && self.live, self.hold) {
            (false, _) => Hold::None,
            (true, Hold::None) => Hold::Until(Instant::now() + HOLD),
            (true, hold) => hold,
        };
        let held = matches!(self.hold, Hold::Until(_));
        let prompt = prompt_after(&notices);
        let offset = self.fold.offset();
        // Whoever is woken by what is published finds these as well.
        if self.live && turn.bytes > 0 {
            pane.update_facts(|facts| facts.output_unix_ms = unix_ms());
        }
        pane.publish(|published| {
            published.seq = seq;
            published.offset = offset;
            published.held = held;
            if let Some(prompt) = prompt {
                published.prompt = prompt;
                published.marks = true;
            }
        });
        if let Some(gap) = &turn.gap {
            warn!(pane = %pane.id, from = %gap.from, to = %gap.to, reason = ?gap.reason, "a gap");
        }
        if let Some(damage) = &turn.damage {
            warn!(pane = %pane.id, from = %damage.from, "damaged events");
        }
        if turn.bytes > 0 && pane.recorded() {
            self.ctx.syncer.grew(&self.pane);
        }
        if self.live {
            if !replies.is_empty() {
                pane.input.reply(replies);
            }
            self.tell(notices);
            if commands_changed {
                self.tell_running();
            }
            if turn.bytes > 0 {
                self.tell_activity();
            }
        }
        if let Some(checkpoint) = checkpoint {
            self.keep.add(checkpoint);
        }
        if turn.begins_file && !self.looks {
            self.trim_due = true;
            if pane.recorded() {
                self.ctx.sealer.due(self.pane.ulid, &self.pane.dir());
            }
        }
        self.begin_work();
        Ok(turn)
    }
}
