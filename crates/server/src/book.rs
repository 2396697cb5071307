//! The owner of the house: one task that plans, logs, applies, and tells everybody whom a change
//! concerns. Owns the control log, who looks where, and the sizes that follow from it. It starts no
//! program and waits for none: whoever asked does that between two errands.

mod clients;
mod commit;
mod ends;
mod looking;
mod mailbox;
mod ports;
mod sizes;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ccc_journal::{PaneUlid, RecordLog};
use ccc_proto::{AttachmentId, ClientId, Layout, PaneId, SessionId, TabId, layout_tag};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};
use tracing::error;

use crate::context::Context;
use crate::core::house::{House, Life, PaneFacts, Plan, SessionFacts};
use crate::core::size_policy::TabSize;
use crate::programs::Birthplace;
use crate::watch_events::About;

pub(crate) use clients::{ClientEntry, author};
pub(crate) use commit::{ended, open_log};
pub(crate) use ends::CommandEnd;
pub(crate) use looking::{Looker, Looking, Wish};
pub(crate) use mailbox::{BookHandle, Errand, mailbox};

pub(crate) struct Book {
    pub(crate) ctx: Arc<Context>,
    pub(crate) house: House,
    log: RecordLog,
    /// Something was appended since the last sync.
    unsynced: bool,
    clients: BTreeMap<ClientId, ClientEntry>,
    lookers: BTreeMap<AttachmentId, Looker>,
    next_client: u64,
    next_attachment: u64,
    sizes: BTreeMap<TabId, TabSize>,
    layouts: BTreeMap<SessionId, watch::Sender<Arc<Layout>>>,
    /// Sessions whose layout is to be told again after this errand.
    changed: BTreeSet<SessionId>,
    /// When a session lost its last client, for its time to live and for the server's own.
    left: BTreeMap<SessionId, Instant>,
    deserted: Option<Instant>,
}

impl Book {
    pub(crate) fn new(ctx: Arc<Context>, house: House, log: RecordLog) -> Self {
        Self {
            ctx,
            house,
            log,
            unsynced: false,
            clients: BTreeMap::new(),
            lookers: BTreeMap::new(),
            next_client: 1,
            next_attachment: 1,
            sizes: BTreeMap::new(),
            layouts: BTreeMap::new(),
            changed: BTreeSet::new(),
            left: BTreeMap::new(),
            deserted: Some(Instant::now()),
        }
    }

    /// Does errands until nobody can send any more.
    pub(crate) async fn run(mut self, mut errands: mpsc::Receiver<Errand>) {
        let token = self.ctx.token.clone();
        self.note_desertion();
        loop {
            let deadline = self.next_deadline();
            tokio::select! {
                biased;
                () = token.cancelled() => break,
                errand = errands.recv() => match errand {
                    Some(errand) => errand(&mut self),
                    None => break,
                },
                () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {}
            }
            self.after_errand();
        }
        // What was asked before the end is still done, so that nobody waits for an answer.
        errands.close();
        while let Ok(errand) = errands.try_recv() {
            errand(&mut self);
        }
        self.sync();
    }

    fn after_errand(&mut self) {
        self.decide_sizes();
        self.end_deserted();
        for session in std::mem::take(&mut self.changed) {
            self.tell_layout(session);
        }
    }

    fn next_deadline(&self) -> Option<Instant> {
        let sizes = self.sizes.values().filter_map(TabSize::next_deadline).map(Instant::from_std);
        sizes.chain(self.desertion_deadline()).min()
    }

    /// What the running server knows of a pane.
    pub(crate) fn pane_facts(&self, pane: PaneId) -> PaneFacts {
        self.ctx.panes.find(pane).map_or_else(PaneFacts::default, |pane| pane.facts())
    }

    pub(crate) fn session_facts(&self, session: SessionId) -> SessionFacts {
        let attached = self.lookers.values().filter(|looker| looker.place.session == session);
        SessionFacts { attached: u16::try_from(attached.count()).unwrap_or(u16::MAX) }
    }

    /// Where a pane of the house is to get its program.
    pub(crate) fn place_of(&self, pane: PaneId) -> Option<Birthplace> {
        let known = self.house.pane(pane)?;
        let tab = self.house.tab(known.tab)?;
        let session = self.house.session(tab.session)?;
        let sizes = tab.view.as_ref().map(|view| view.layout.sizes(tab.size)).unwrap_or_default();
        let size = sizes.iter().find(|(id, _)| *id == pane).map_or(tab.size, |(_, size)| *size);
        Some(Birthplace {
            session: session.id,
            session_ulid: session.ulid.to_string(),
            session_name: session.name.clone(),
            tab: tab.id,
            tab_label: if tab.name.is_empty() { tab.number.to_string() } else { tab.name.clone() },
            pane,
            ulid: known.ulid.to_string().parse().ok()?,
            recorded: known.spec.recorded,
            size,
            cell: self.cell_of(tab),
        })
    }

    /// All panes in tabs; those that the next attach shows come first.
    pub(crate) fn panes_by_sight(&self) -> Vec<(PaneId, PaneUlid, Life)> {
        let shown = |pane: PaneId| {
            let tab = self.house.pane(pane).map(|pane| pane.tab);
            let session = tab.and_then(|tab| self.house.tab(tab)).map(|tab| tab.session);
            session.and_then(|session| self.house.session(session)?.current) == tab
        };
        let mut panes: Vec<_> = self
            .house
            .panes()
            .filter_map(|pane| Some((pane.id, pane.ulid.to_string().parse().ok()?, pane.life)))
            .collect();
        panes.sort_by_key(|(pane, ..)| !shown(*pane));
        panes
    }

    /// Tells those who watch that a plan made something.
    pub(crate) fn came_to_be(&self, what: &'static str, plan: &Plan) {
        let (session, tab, pane) = (plan.session, plan.tab, plan.pane);
        let name = session.and_then(|session| self.house.session(session)).map(|s| s.name.as_str());
        let about = About { session, tab, pane, ..About::default() };
        self.ctx.events.tell(what, about, name.unwrap_or_default());
    }

    /// The layout of a session as it is now.
    pub(crate) fn layout(&self, session: SessionId) -> Option<Layout> {
        let mut layout = self.house.layout(session, |pane| self.pane_facts(pane))?;
        if let Some(watchers) = self.watchers(session) {
            layout.ext.push(layout_tag::WATCHERS, watchers);
        }
        Some(layout)
    }

    /// The layout now and whenever it changes.
    pub(crate) fn watch_layout(
        &mut self,
        session: SessionId,
    ) -> Option<watch::Receiver<Arc<Layout>>> {
        let layout = Arc::new(self.layout(session)?);
        let sender = self.layouts.entry(session).or_insert_with(|| watch::Sender::new(layout));
        Some(sender.subscribe())
    }

    /// The session's layout is to be told again.
    pub(crate) fn touch(&mut self, session: SessionId) {
        self.changed.insert(session);
    }

    fn tell_layout(&mut self, session: SessionId) {
        let layout = self.layout(session);
        let Some(sender) = self.layouts.get(&session) else { return };
        match layout {
            Some(_) if sender.receiver_count() == 0 => drop(self.layouts.remove(&session)),
            Some(layout) => {
                sender.send_if_modified(|shown| {
                    let changed = **shown != layout;
                    if changed {
                        *shown = Arc::new(layout);
                    }
                    changed
                });
            }
            None => drop(self.layouts.remove(&session)),
        }
    }

    /// Makes the control log durable.
    pub(crate) fn sync(&mut self) {
        if !std::mem::take(&mut self.unsynced) {
            return;
        }
        // Other tasks of this worker go elsewhere meanwhile.
        let synced = tokio::task::block_in_place(|| self.log.sync());
        if let Err(error) = synced {
            error!(%error, "the control log was not synced");
        }
    }
}
