//! Ends: of a program, a pane, a session that nobody looks at, a server that nobody needs. Owns what
//! follows from each; how a program is ended is the request's affair.

use std::sync::Arc;
use std::time::Duration;

use ccc_proto::{
    EventKind, Ext, PaneEvent, PaneId, PaneState, PaneStatus, SessionId, WireExit, WireExitKind,
};
use ccc_vt::Notice;
use tokio::time::Instant;
use tracing::{info, warn};

use super::Book;
use crate::ExitKind;
use crate::core::house::Plan;
use crate::fault::Fault;
use crate::pane::Pane;
use crate::programs;
use crate::unrecorded;
use crate::watch_events::About;

/// How long a server that a client started stays without a session and a client.
const DESERTED: Duration = Duration::from_secs(600);
/// The most text to copy that one event carries: what OSC 52 allows here.
const CLIPBOARD_BYTES: usize = 100 * 1024;

/// Panes that left the house, whose programs are to be ended by whoever asked.
#[derive(Debug, Default)]
pub(crate) struct Ended {
    pub(crate) panes: Vec<Arc<Pane>>,
}

/// A command that failed, or ran long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CommandEnd {
    pub(crate) text: String,
    /// `None` when nobody told.
    pub(crate) exit: Option<i32>,
    pub(crate) ms: u64,
    pub(crate) long: bool,
}

impl Book {
    /// A program has ended and all that it printed is on its screen.
    pub(crate) fn pane_exited(&mut self, pane: &Arc<Pane>, exit: WireExit) {
        self.give_up_descriptors(pane);
        if !self.is_awaited(pane) {
            return;
        }
        let session = self.house.session_of(pane.id);
        let about = About { session, pane: Some(pane.id), exit, ..About::default() };
        self.ctx.events.tell("pane-exited", about, "");
        match self.house.pane_exited(&Self::own_author(), pane.id, exit) {
            Ok(plan) => self.end_by(plan, session, pane.id, exit),
            Err(error) => warn!(pane = %pane.id, %error, "an exit was not noted"),
        }
    }

    /// A pane cannot be shown any more; its program may still run in the keeper's custody.
    pub(crate) fn pane_failed(&mut self, pane: &Arc<Pane>) {
        pane.set_state(PaneState::ENDED);
        if let Some(session) = self.house.session_of(pane.id) {
            self.status(session, pane.id, PaneState::ENDED, WireExit::default(), "the pane failed");
            self.touch(session);
        }
    }

    /// A program that the records call alive is not in custody any more.
    pub(crate) fn pane_lost(&mut self, pane: PaneId) {
        let session = self.house.session_of(pane);
        match self.house.pane_lost(&Self::own_author(), pane) {
            Ok(plan) => {
                let exit = WireExit { kind: WireExitKind::UNKNOWN, value: 0 };
                self.end_by(plan, session, pane, exit);
            }
            Err(error) => warn!(%pane, %error, "a loss was not noted"),
        }
    }

    fn end_by(&mut self, plan: Plan, session: Option<SessionId>, pane: PaneId, exit: WireExit) {
        let before = self.panes_in_house(session);
        if let Err(fault) = self.commit(plan) {
            warn!(%pane, why = fault.why, "an end was not noted");
            return;
        }
        if let Some(session) = session {
            self.status(session, pane, PaneState::EXITED, exit, "");
            self.touch(session);
        }
        for pane in before {
            if self.house.pane(pane).is_none() {
                self.ctx.panes.remove(pane);
            }
        }
        unrecorded::sweep(&self.ctx);
        self.note_desertion();
    }

    /// Commits a plan that may take panes out of the house, and says which had a task here.
    pub(crate) fn commit_ending(&mut self, plan: Plan) -> Result<(Plan, Ended), Fault> {
        let before = self.panes_in_house(plan.session);
        let plan = self.commit(plan)?;
        let gone = before.into_iter().filter(|pane| self.house.pane(*pane).is_none());
        let panes: Vec<_> = gone.filter_map(|pane| self.ctx.panes.remove(pane)).collect();
        unrecorded::sweep(&self.ctx);
        self.note_desertion();
        Ok((plan, Ended { panes }))
    }

    fn panes_in_house(&self, session: Option<SessionId>) -> Vec<PaneId> {
        session.map_or_else(Vec::new, |session| self.house.panes_of(session))
    }

    /// Whether the end of this life of the pane is not noted yet: it runs, or it was closed while it
    /// ran.
    fn is_awaited(&self, pane: &Arc<Pane>) -> bool {
        let same = |ulid: ulid::Ulid| ulid.to_string() == pane.ulid.as_str();
        match self.house.pane(pane.id) {
            Some(known) => same(known.ulid) && known.life.is_alive(),
            None => self.house.closed_pane(pane.id).is_some_and(|closed| {
                same(closed.ulid) && closed.exit == WireExit::default() && !closed.lost
            }),
        }
    }

    fn give_up_descriptors(&self, pane: &Arc<Pane>) {
        pane.drop_fds();
        let (keeper, ulid) = (self.ctx.keeper.clone(), pane.ulid);
        self.ctx.tracker.spawn_on(
            async move {
                if let Err(error) = keeper.close(ulid).await {
                    info!(%ulid, %error, "an ended pane was not closed");
                }
            },
            &self.ctx.pool,
        );
    }

    fn status(
        &mut self,
        session: SessionId,
        pane: PaneId,
        state: PaneState,
        exit: WireExit,
        why: &str,
    ) {
        let status = PaneStatus { pane, state, exit, why: why.to_owned(), ext: Ext::none() };
        self.tell_session(session, &status);
    }

    /// A pane's disk is full, or has room again.
    pub(crate) fn pane_waits(&mut self, pane: PaneId, why: Option<&'static str>) {
        if let Some(known) = self.ctx.panes.find(pane) {
            known.set_waiting_for_disk(why.is_some());
        }
        if let Some(session) = self.house.session_of(pane) {
            let state =
                if why.is_some() { PaneState::WAITING_FOR_DISK } else { PaneState::RUNNING };
            self.status(session, pane, state, WireExit::default(), why.unwrap_or_default());
            self.touch(session);
        }
    }

    /// The program said something beside its picture.
    pub(crate) fn pane_says(&mut self, pane: PaneId, notice: &Notice) {
        let Some(session) = self.house.session_of(pane) else { return };
        let (kind, title, data) = match notice {
            Notice::Bell { .. } => (EventKind::BELL, String::new(), Vec::new()),
            Notice::Clipboard { data, .. } if data.len() <= CLIPBOARD_BYTES => {
                (EventKind::CLIPBOARD, String::new(), data.clone())
            }
            Notice::Notification { title, body, .. } => {
                (EventKind::NOTIFICATION, title.clone(), body.clone().into_bytes())
            }
            _ => return,
        };
        let about = About { session: Some(session), pane: Some(pane), ..About::default() };
        let name = self.house.session(session).map_or("", |session| session.name.as_str());
        if kind == EventKind::BELL {
            self.ctx.events.tell_said("bell", about, name, "");
        } else if let Notice::Notification { title, body, .. } = notice {
            let text = if title.is_empty() { body.clone() } else { format!("{title}: {body}") };
            self.ctx.events.tell_said("notification", about, name, &text);
        }
        let event = PaneEvent { id: 0, session, pane, kind, title, data, ext: Ext::none() };
        if kind == EventKind::CLIPBOARD {
            self.tell_typist(event);
        } else {
            self.tell_everybody(&event);
        }
    }

    /// A command ended that somebody may want to hear of who does not look.
    pub(crate) fn command_ended(&mut self, pane: PaneId, ended: &CommandEnd) {
        let Some(session) = self.house.session_of(pane) else { return };
        let kind = if ended.long { EventKind::COMMAND_LONG } else { EventKind::COMMAND_FAILED };
        let status = ended.exit.map_or_else(|| "?".to_owned(), |exit| exit.to_string());
        let data = format!("{status} {}", ended.ms).into_bytes();
        let title = ended.text.clone();
        let about = About { session: Some(session), pane: Some(pane), ..About::default() };
        self.ctx.events.tell("command-ended", about, &format!("{status} {title}"));
        let event = PaneEvent { id: 0, session, pane, kind, title, data, ext: Ext::none() };
        self.tell_everybody(&event);
    }

    /// The program gave its pane another title, or it is recovered.
    pub(crate) fn pane_renamed(&mut self, pane: PaneId) {
        if let Some(session) = self.house.session_of(pane) {
            self.touch(session);
        }
    }

    /// When the next thing ends because nobody is there.
    pub(super) fn desertion_deadline(&self) -> Option<Instant> {
        let sessions = self.left.iter().filter_map(|(session, left)| {
            let ttl = self.house.session(*session)?.ttl_ms;
            (ttl > 0).then(|| *left + Duration::from_millis(ttl))
        });
        let server = self.deserted.filter(|_| self.ctx.auto).map(|since| since + DESERTED);
        sessions.chain(server).min()
    }

    /// Ends what nobody has looked at for its time.
    pub(super) fn end_deserted(&mut self) {
        let now = Instant::now();
        let due: Vec<_> = self
            .left
            .iter()
            .filter_map(|(session, left)| {
                let ttl = self.house.session(*session).map_or(0, |session| session.ttl_ms);
                (ttl > 0 && *left + Duration::from_millis(ttl) <= now).then_some(*session)
            })
            .collect();
        for session in due {
            self.left.remove(&session);
            info!(%session, "a session's time without clients is over");
            let ctx = Arc::clone(&self.ctx);
            self.ctx.tracker.spawn_on(
                async move {
                    let ended = programs::kill_session(&ctx, session, Self::own_author()).await;
                    if let Err(fault) = ended {
                        warn!(%session, why = fault.why, "a session was not ended");
                    }
                },
                &self.ctx.pool,
            );
        }
        let deserted = self.deserted.filter(|_| self.ctx.auto);
        if deserted.is_some_and(|since| since + DESERTED <= now) {
            self.deserted = None;
            // It may be leaving already.
            let _ = self.ctx.leave.try_send(ExitKind::Idle);
        }
    }
}
