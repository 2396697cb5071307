//! The house as records: what a compacted log begins with. Owns their order, which the fold relies
//! on: ids rise, counters come last.

use ccc_proto::{Ext, PaneId, WireExit, WireSize};
use ulid::Ulid;

use super::record::{
    ClosedPaneKept, CountersKept, EarlierKept, FocusSet, LayoutChanged, PaneCreated, PaneExited,
    PaneStarted, Record, SessionCreated, SessionEnded, SessionKept, SessionRemoved, StoredUlid,
    TabClosed, TabCreated, TabMoved, TabPolicySet,
};
use super::{ClosedPane, House, Life, Pane, Session, Tab, UNKNOWN_EXIT};
use crate::core::layout::Preset;
use crate::core::record::Author;
use crate::core::size_policy::Policy;

/// How many ULIDs one record takes: 19 bytes each at most.
const EARLIER_AT_ONCE: usize = 1024;

impl House {
    /// Records whose fold is this house. They name no author: the audit is in the log before.
    #[must_use]
    pub fn snapshot(&self) -> Vec<Record> {
        let mut out = Records(Vec::new());
        for session in self.sessions.values() {
            out.session(session);
        }
        for tab in self.tabs.values() {
            out.tab(tab);
        }
        for pane in self.panes.values() {
            out.pane(pane);
        }
        for tab in self.tabs.values() {
            out.view(tab);
        }
        for pane in self.closed.values() {
            out.closed(pane);
        }
        for session in self.sessions.values() {
            out.standing(session);
        }
        out.0.extend(self.later.iter().cloned());
        out.add(CountersKept {
            session: self.ids.session,
            tab: self.ids.tab,
            pane: self.ids.pane,
            uses: self.uses,
            ignored: self.ignored,
            ext: Ext::none(),
        });
        out.0
    }

    /// Records that close what a crash between two records of one plan left without a pane. To be
    /// logged and applied after the log was read.
    #[must_use]
    pub fn loose_ends(&self, author: &Author) -> Vec<Record> {
        let empty =
            |session: &&Session| session.tabs.iter().all(|tab| self.panes_in(*tab).is_empty());
        let sessions = self.sessions.values().filter(empty);
        let sessions = sessions
            .map(|session| author.writes(SessionRemoved { session: session.id, ext: Ext::none() }));
        let tabs = self.tabs.values().filter(|tab| {
            tab.view.is_none() && !self.sessions.get(&tab.session).is_some_and(|it| empty(&it))
        });
        let tabs = tabs.map(|tab| author.writes(TabClosed { tab: tab.id, ext: Ext::none() }));
        sessions.chain(tabs).collect()
    }
}

struct Records(Vec<Record>);

impl Records {
    fn add(&mut self, change: impl Into<super::Change>) {
        self.0.push(Author::default().writes(change));
    }

    fn session(&mut self, session: &Session) {
        self.add(SessionCreated {
            session: session.id,
            ulid: session.ulid.into(),
            name: session.name.clone(),
            created_unix_ms: session.created_unix_ms,
            ttl_ms: session.ttl_ms,
            ext: Ext::none(),
        });
        if let Some(exit) = session.ended {
            self.add(SessionEnded { session: session.id, exit, ext: Ext::none() });
        }
    }

    fn tab(&mut self, tab: &Tab) {
        self.add(TabCreated {
            session: tab.session,
            tab: tab.id,
            number: tab.number,
            name: tab.name.clone(),
            size: WireSize { cols: tab.size.cols, rows: tab.size.rows },
            ext: Ext::none(),
        });
        if tab.policy != Policy::Latest {
            let policy = policy_number(tab.policy);
            self.add(TabPolicySet { tab: tab.id, policy, ext: Ext::none() });
        }
    }

    fn pane(&mut self, pane: &Pane) {
        self.add(PaneCreated {
            tab: pane.tab,
            pane: pane.id,
            ulid: pane.ulid.into(),
            number: pane.number,
            spec: pane.spec.clone(),
            ext: Ext::none(),
        });
        match pane.life {
            Life::Starting => {}
            Life::Running { pid, start_time } => {
                self.add(PaneStarted { pane: pane.id, pid, start_time, ext: Ext::none() });
            }
            Life::Exited(exit) => self.exited(pane.id, exit, false),
            Life::Lost => self.exited(pane.id, UNKNOWN_EXIT, true),
        }
        self.earlier(pane.id, &pane.earlier);
    }

    fn exited(&mut self, pane: PaneId, exit: WireExit, lost: bool) {
        self.add(PaneExited { pane, exit, lost, ext: Ext::none() });
    }

    fn earlier(&mut self, pane: PaneId, earlier: &[Ulid]) {
        for some in earlier.chunks(EARLIER_AT_ONCE) {
            let earlier = some.iter().copied().map(StoredUlid::from).collect();
            self.add(EarlierKept { pane, earlier, ext: Ext::none() });
        }
    }

    fn view(&mut self, tab: &Tab) {
        if let Some(view) = &tab.view {
            self.add(layout_changed(tab, &view.layout));
            self.add(FocusSet { tab: tab.id, pane: view.focus, ext: Ext::none() });
        }
    }

    fn closed(&mut self, pane: &ClosedPane) {
        self.add(ClosedPaneKept {
            session: pane.session,
            pane: pane.id,
            ulid: pane.ulid.into(),
            spec: pane.spec.clone(),
            exit: pane.exit,
            lost: pane.lost,
            closed_unix_ms: pane.closed_unix_ms,
            ext: Ext::none(),
        });
        self.earlier(pane.id, &pane.earlier);
    }

    fn standing(&mut self, session: &Session) {
        if !session.tabs.is_sorted() {
            for (to, tab) in (0..).zip(&session.tabs) {
                self.add(TabMoved { tab: *tab, to, ext: Ext::none() });
            }
        }
        self.add(SessionKept {
            session: session.id,
            revision: session.revision,
            used: session.used,
            current: session.current,
            ext: Ext::none(),
        });
    }
}

/// The record of a tab's tree.
pub(super) fn layout_changed(tab: &Tab, layout: &crate::core::layout::Layout) -> LayoutChanged {
    LayoutChanged {
        tab: tab.id,
        nodes: layout.to_flat(tab.size),
        zoomed: layout.zoomed(),
        preset: layout.preset().map_or(0, Preset::number),
        ext: super::floating::to_ext(layout.floating()),
    }
}

/// The number of a policy in a record.
pub(super) fn policy_number(policy: Policy) -> u16 {
    match policy {
        Policy::Latest => 0,
        Policy::Largest => 1,
        Policy::Fixed(_) => 2,
    }
}
