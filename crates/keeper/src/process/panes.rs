//! The keeper's panes: from the moment there is a set until everybody has given it up.
//!
//! Flows are sent to movers from here, what movers report is read here, and so is how children end.

use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ccc_journal::{ExitStatus, Offset, PaneUlid};
use rustix::event::epoll;

use super::control::{Control, Source};
use super::flow::{Flow, Gauge};
use super::mover::{Command, Kind, Post, Report};
use super::pane::{Pane, Place};
use super::say;
use crate::custody::CustodySet;
use crate::protocol::{Notice, PaneState, Reason, Refusal, Response, Wait};
use crate::system;

/// How long the parent of an ended child has to look at it before its exit is called unknown.
const UNREAPED: Duration = Duration::from_secs(1);
/// How often files that could not be opened are tried again.
const RETRY: Duration = Duration::from_millis(500);

impl Control {
    /// Puts a set that was opened here into the table, with its flow.
    pub(super) fn insert(&mut self, set: CustodySet, token: u64, gauge: Arc<Gauge>, flow: Flow) {
        self.watch(&set.fds.pidfd, Source::Child(token));
        self.tokens.insert(token, set.ulid);
        let (state, place) = (PaneState::Moving, Place::Mover(Kind::Quiet));
        let pane = Pane { set, token, gauge, state, place, unknown_at: None };
        self.panes.insert(pane.set.ulid, pane);
        self.quiet.push(Command::Take(Box::new(flow)));
    }

    /// Takes a set from another process, unless the pane is known; says whether it was new.
    pub(super) fn adopt(&mut self, set: CustodySet) -> bool {
        if self.panes.contains_key(&set.ulid) {
            return false;
        }
        let (ulid, token) = (set.ulid, self.next_id());
        self.tokens.insert(token, ulid);
        let (state, place) = match set.exit {
            Some(status) => (PaneState::Ended(status), Place::Gone),
            None => (PaneState::Moving, Place::Stranded),
        };
        let gauge = Arc::default();
        self.panes.insert(ulid, Pane { set, token, gauge, state, place, unknown_at: None });
        if place == Place::Stranded {
            self.begin(ulid);
        }
        true
    }

    /// Opens the files of an adopted pane and lets its bytes move. If that cannot be, the pane is
    /// kept all the same and tried again.
    pub(super) fn begin(&mut self, ulid: PaneUlid) {
        let timed = !ulid.is_unrecorded(&self.args.state_dir);
        let Some(pane) = self.panes.get_mut(&ulid) else { return };
        let state = &self.args.state_dir;
        // One that was being left unrecorded goes on where the disk's part ends.
        let place = match ccc_journal::paused_place(state, ulid) {
            Ok(Some(place)) => Ok(place),
            Ok(None) => ccc_journal::create_place(state, ulid),
            Err(error) => Err(error),
        };
        let opened = place.and_then(|dir| {
            Flow::adopt(&dir, pane.token, &pane.set, self.moves, Arc::clone(&pane.gauge))
        });
        match opened {
            Ok(mut flow) => {
                if !timed {
                    flow.leave_unrecorded();
                }
                pane.place = Place::Mover(Kind::Quiet);
                pane.state = PaneState::Moving;
                let token = pane.token;
                let pidfd = Arc::clone(&pane.set.fds.pidfd);
                self.quiet.push(Command::Take(Box::new(flow)));
                self.watch(&pidfd, Source::Child(token));
            }
            Err(error) => {
                say(format_args!("pane {ulid} waits: {error}"));
                let full = error.is_full();
                let wait = if full { Wait::DiskFull } else { Wait::DiskError { errno: 0 } };
                pane.state = PaneState::Waiting(wait);
                self.stranded_retry = Some(Instant::now() + RETRY);
            }
        }
    }

    pub(super) fn command(&self, kind: Kind, command: Command) {
        self.mover(kind).push(command);
    }

    /// The same for a client, which may have to wait if the mover does not get on.
    pub(super) fn command_for_client(
        &mut self,
        kind: Kind,
        command: Command,
    ) -> Result<(), Refusal> {
        if self.mover(kind).is_full() {
            return Err(Refusal::new(Reason::Busy, "the disk does not keep up"));
        }
        self.under_way += 1;
        self.command(kind, command);
        Ok(())
    }

    fn mover(&self, kind: Kind) -> &Post<Command> {
        match kind {
            Kind::Quiet => &self.quiet,
            Kind::Bulk => &self.bulk,
        }
    }

    fn pane_by_token(&mut self, token: u64) -> Option<&mut Pane> {
        self.panes.get_mut(self.tokens.get(&token)?)
    }

    pub(super) fn forget(&mut self, ulid: PaneUlid) {
        if let Some(pane) = self.panes.remove(&ulid) {
            // It will be hung up when everybody has closed its terminal, and must be reaped then.
            if pane.place == Place::Gone {
                self.ignore(&pane.set.fds.pidfd);
            } else {
                self.leaving.insert(pane.token, Arc::clone(&pane.set.fds.pidfd));
            }
            self.tokens.remove(&pane.token);
            self.tell(&Notice::Closed { ulid }, None);
        }
    }

    pub(super) fn read_reports(&mut self) {
        for report in self.reports.take_all() {
            self.read_report(report);
        }
    }

    fn read_report(&mut self, report: Report) {
        match report {
            Report::Handed(flow) => {
                let Some(pane) = self.pane_by_token(flow.token) else { return };
                let Place::Mover(kind) = pane.place else { return };
                pane.place = Place::Mover(kind.other());
                self.command(kind.other(), Command::Take(flow));
            }
            Report::Missed(command) => self.send_after(command),
            Report::Dropped { token, ask } => {
                let ulid = self.tokens.get(&token).copied();
                ulid.into_iter().for_each(|ulid| self.forget(ulid));
                if let Some(ask) = ask {
                    self.under_way -= 1;
                    self.respond(ask, &Response::Done);
                }
            }
            Report::Resized { ask, result } => {
                self.under_way -= 1;
                let response = match result {
                    Ok(offset) => Response::Resized { offset },
                    Err(error) => Response::Refused(error.into()),
                };
                self.respond(ask, &response);
            }
            Report::Waiting { token, wait } => {
                let state = wait.map_or(PaneState::Moving, PaneState::Waiting);
                let Some(pane) = self.pane_by_token(token) else { return };
                pane.state = state;
                let ulid = pane.set.ulid;
                self.tell(&Notice::State { ulid, state }, None);
            }
            Report::Finished { token, status, offset } => self.finished(token, status, offset),
        }
    }

    /// A command that came to a mover when the flow had left: by now its new place is known.
    fn send_after(&mut self, command: Command) {
        let (token, ask) = match &command {
            Command::Take(_) => return,
            Command::Drop { token, ask } => (*token, *ask),
            Command::Resize { token, ask, .. }
            | Command::ResizeCell { token, ask, .. }
            | Command::Forget { token, ask, .. }
            | Command::Record { token, ask, .. } => (*token, Some(*ask)),
            Command::Finish { token, .. }
            | Command::Trimmed { token, .. }
            | Command::Sealed { token, .. }
            | Command::Poke { token } => (*token, None),
        };
        let place = self.pane_by_token(token).map(|pane| pane.place);
        if let Some(Place::Mover(kind)) = place {
            return self.command(kind, command);
        }
        // The pane ended, or was closed, while the command was on its way.
        if let Command::Drop { .. } = command {
            return self.read_report(Report::Dropped { token, ask });
        }
        if let Some(ask) = ask {
            self.under_way -= 1;
            let refusal = Refusal::new(Reason::Ended, "the program has ended");
            self.respond(ask, &Response::Refused(refusal));
        }
    }

    /// Goes on waiting for a child whose pane was given up by the image before.
    pub(super) fn await_leaving(&mut self, pidfd: Arc<OwnedFd>) {
        let token = self.next_id();
        self.watch(&pidfd, Source::Child(token));
        self.leaving.insert(token, pidfd);
    }

    pub(super) fn child_ended(&mut self, token: u64) {
        if let Some(pidfd) = self.leaving.remove(&token) {
            // Asking reaps it, if it is this process's child; how it ended is nobody's business.
            let _ = system::exit_status(pidfd.as_fd());
            return self.ignore(&pidfd);
        }
        let epoll = self.epoll.try_clone();
        let Some(pane) = self.pane_by_token(token) else { return };
        let pidfd = Arc::clone(&pane.set.fds.pidfd);
        if let Some(status) = system::exit_status(pidfd.as_fd()) {
            return self.record_exit(token, status);
        }
        // Its parent has not looked at it. The pidfd says when it has, and once more now, because a
        // change of how it is watched makes it speak.
        if pane.unknown_at.is_some() {
            return;
        }
        pane.unknown_at = Some(Instant::now() + UNREAPED);
        let data = Source::Child(token).pack();
        let flags = epoll::EventFlags::IN | epoll::EventFlags::ET;
        if let Ok(epoll) = epoll {
            let _ = epoll::modify(&epoll, &pidfd, data, flags);
        }
    }

    pub(super) fn record_exit(&mut self, token: u64, status: ExitStatus) {
        let Some(pane) = self.pane_by_token(token) else { return };
        pane.unknown_at = None;
        let (place, pidfd) = (pane.place, Arc::clone(&pane.set.fds.pidfd));
        self.ignore(&pidfd);
        if let Place::Mover(kind) = place {
            self.command(kind, Command::Finish { token, status });
        }
    }

    fn finished(&mut self, token: u64, status: ExitStatus, offset: Offset) {
        let Some(pane) = self.pane_by_token(token) else { return };
        pane.state = PaneState::Ended(status);
        pane.place = Place::Gone;
        pane.set.exit = Some(status);
        let ulid = pane.set.ulid;
        self.tell(&Notice::Exited { ulid, status, offset }, None);
        if self.shutdown.is_some() {
            self.forget(ulid);
        }
    }
}
