//! Waiting for what a pane needs next: that its recording grows, that its terminal takes what was typed, that a moment
//! comes. Owns which of them goes first, and when the pane is to be followed from another thread.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use ccc_keeper::PaneFds;
use tokio::io::Interest;
use tokio::time::{Instant, sleep, sleep_until};
use tracing::error;

use super::folding::{Folded, Hold};
use super::keeping::finished;
use super::pace::BREATH;
use super::{Next, Place, Task};
use crate::readiness::{self, Watched};

impl Task {
    /// Folds what comes until the program has ended, or the pane belongs elsewhere.
    pub(super) async fn follow(
        &mut self,
        place: Place,
        fds: &PaneFds,
    ) -> Result<Next, ccc_journal::Error> {
        let grew = match readiness::watch(Arc::clone(&fds.eventfd), Interest::READABLE) {
            Ok(grew) => grew,
            Err(error) => {
                error!(pane = %self.pane.id, %error, "a pane cannot be watched");
                return Ok(Next::Over);
            }
        };
        let pane = Arc::clone(&self.pane);
        let mut room: Option<Watched> = None;
        loop {
            if let Some(refold) = pane.take_refold() {
                self.fold_anew(refold).await?;
            }
            match self.fold_all(place).await? {
                Folded::All => self.keep_up().await,
                Folded::Exited(exit) => return Ok(Next::Exited(exit)),
                Folded::Much => return Ok(Next::Move(Place::Pool)),
                Folded::Cancelled => return Ok(Next::Over),
            }
            let hold = match self.hold {
                Hold::Until(at) => Some(at),
                Hold::None | Hold::Expired => None,
            };
            tokio::select! {
                biased;
                () = pane.token.cancelled() => return Ok(Next::Over),
                () = pane.refold_wanted.notified() => {}
                // Every bump of the counter is an edge of its own, so that it need not be read.
                grown = grew.readable() => match grown {
                    Ok(mut ready) => {
                        ready.clear_ready();
                        if self.lately.is_flood() && !pane.fresh.load(Ordering::Relaxed) {
                            sleep(BREATH).await;
                        } else if place == Place::Pool && self.second.was_calm() {
                            return Ok(Next::Move(Place::Beside));
                        }
                    }
                    Err(error) => {
                        error!(pane = %pane.id, %error, "a pane is no longer watched");
                        return Ok(Next::Over);
                    }
                },
                () = pane.input.began_waiting(), if room.is_none() => {
                    room = readiness::watch(Arc::clone(&fds.master), Interest::WRITABLE).ok();
                }
                written = writable(room.as_ref()), if room.is_some() => {
                    if written {
                        match pane.input.drain() {
                            Ok(()) => room = None,
                            // Another dup of the terminal may have filled it first.
                            Err(_full) => {}
                        }
                        pane.publish(|published| published.input += 1);
                    } else {
                        room = None;
                    }
                }
                () = sleep_until(self.rename_due().unwrap_or_else(Instant::now)),
                    if self.rename_due().is_some() => self.tell_rename(),
                () = sleep_until(hold.unwrap_or_else(Instant::now)), if hold.is_some() => {
                    self.hold = Hold::Expired;
                    pane.publish(|published| published.held = false);
                }
                worked = finished(&mut self.work), if self.work.is_some() => self.worked(worked),
            }
        }
    }
}

/// Waits until the terminal takes input; false when it cannot be told.
async fn writable(room: Option<&Watched>) -> bool {
    match room {
        Some(room) => match room.writable().await {
            Ok(mut ready) => {
                ready.clear_ready();
                true
            }
            Err(_) => false,
        },
        None => std::future::pending().await,
    }
}
