//! The house: all sessions, tabs and panes of a server, as a fold over records. Owns the fold, the
//! commands that validate a wish and answer with records to log and then apply, and the listings.
//! Knows no screen, no client and no process: what only lives at run time is asked of a closure.
//!
//! Ids are never reused. Numbers of tabs (in a session) and panes (in a tab) are the lowest free
//! ones, from 1, and stay until the tab or pane is closed; whoever wants a name that never means
//! anything else uses the id. A pane that moves to another tab takes a number of that tab.
//!
//! A session that lost its last pane is ended: its last tab and pane stay, to be read, started again
//! or forgotten. An ended session does not hold its name against a new one.

mod apply;
mod floating;
mod listing;
mod pane;
mod plan;
mod record;
mod seen;
mod session;
mod snapshot;
mod tab;

use std::collections::BTreeMap;

use ccc_proto::{PaneId, SessionId, TabId, WireExit, WireExitKind};
use ccc_vt::Size;
use ulid::Ulid;

pub use listing::{PaneFacts, SessionFacts};
pub use pane::{NewPane, SplitPane, SwapTarget};
pub use plan::{Plan, Refusal};
pub use record::{
    Change, ClosedPaneKept, CountersKept, EarlierKept, FocusSet, LayoutChanged, PaneClosed,
    PaneCreated, PaneExited, PaneMoved, PaneRemoved, PaneRestarted, PaneSpec, PaneStarted,
    PanesSwapped, Record, Remembered, SessionCreated, SessionEnded, SessionKept, SessionRemoved,
    SessionRenamed, SessionRevived, StoredUlid, TabClosed, TabCreated, TabMoved, TabPolicySet,
    TabRenamed, TabSized,
};
pub use session::NewSession;
pub use tab::NewTab;

use super::layout::Layout;
use super::size_policy::Policy;
use super::target::{Depth, Place};

/// The end of a program that nobody could learn: never 0.
pub const UNKNOWN_EXIT: WireExit = WireExit { kind: WireExitKind::UNKNOWN, value: 0 };

/// All sessions, tabs and panes. Changed by [`House::apply`] only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct House {
    sessions: BTreeMap<SessionId, Session>,
    tabs: BTreeMap<TabId, Tab>,
    panes: BTreeMap<PaneId, Pane>,
    /// Panes that left their tab and still have a recording.
    closed: BTreeMap<PaneId, ClosedPane>,
    /// The highest ids so far.
    ids: Ids,
    /// Rises with each remembered place, so that the last used session is known.
    uses: u64,
    /// Records that made no sense when they were applied.
    ignored: u64,
    /// Records of a later version, in their order.
    later: Vec<Record>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Ids {
    session: u64,
    tab: u64,
    pane: u64,
}

/// A named set of tabs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub ulid: Ulid,
    pub name: String,
    pub created_unix_ms: u64,
    /// Ends so long after its last client left; 0 for never.
    pub ttl_ms: u64,
    /// How its last pane ended, when it has ended.
    pub ended: Option<WireExit>,
    /// In the order of the bar. Empty only between two records.
    pub tabs: Vec<TabId>,
    /// Where the next attach starts: one of `tabs`.
    pub current: Option<TabId>,
    /// Rises with every change of its layout.
    pub revision: u64,
    /// When it was used last, in uses of the whole house; 0 for never.
    pub used: u64,
}

/// One layout of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    pub id: TabId,
    pub session: SessionId,
    pub number: u16,
    pub name: String,
    pub size: Size,
    pub policy: Policy,
    /// `None` only between two records.
    pub view: Option<TabView>,
}

/// What a tab shows once it has a pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TabView {
    /// Its panes, in the tree and above it, are exactly those of the tab.
    pub layout: Layout,
    /// One of its panes.
    pub focus: PaneId,
}

/// One program with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pane {
    pub id: PaneId,
    pub tab: TabId,
    pub number: u16,
    pub ulid: Ulid,
    /// The recordings of its earlier lives, oldest first.
    pub earlier: Vec<Ulid>,
    pub spec: PaneSpec,
    pub life: Life,
}

/// What a pane's program does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// It was asked for; whether it runs is not known yet.
    Starting,
    Running {
        pid: u32,
        start_time: u64,
    },
    Exited(WireExit),
    /// Gone with the machine or with all custodians.
    Lost,
}

/// A pane that is no longer in any tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedPane {
    pub id: PaneId,
    pub session: SessionId,
    pub ulid: Ulid,
    pub earlier: Vec<Ulid>,
    pub spec: PaneSpec,
    pub exit: WireExit,
    pub lost: bool,
    pub closed_unix_ms: u64,
}

impl Life {
    /// Whether a program runs, or may.
    #[must_use]
    pub fn is_alive(self) -> bool {
        matches!(self, Self::Starting | Self::Running { .. })
    }
}

impl House {
    /// Folds records into a house.
    #[must_use]
    pub fn fold<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut house = Self::default();
        for record in records {
            house.apply(record);
        }
        house
    }

    /// All sessions by id, also ended ones.
    pub fn sessions(&self) -> impl Iterator<Item = &Session> {
        self.sessions.values()
    }

    /// All panes in tabs, by id.
    pub fn panes(&self) -> impl Iterator<Item = &Pane> {
        self.panes.values()
    }

    /// All panes that left their tab and still have a recording.
    pub fn closed_panes(&self) -> impl Iterator<Item = &ClosedPane> {
        self.closed.values()
    }

    #[must_use]
    pub fn session(&self, id: SessionId) -> Option<&Session> {
        self.sessions.get(&id)
    }

    #[must_use]
    pub fn tab(&self, id: TabId) -> Option<&Tab> {
        self.tabs.get(&id)
    }

    #[must_use]
    pub fn pane(&self, id: PaneId) -> Option<&Pane> {
        self.panes.get(&id)
    }

    #[must_use]
    pub fn closed_pane(&self, id: PaneId) -> Option<&ClosedPane> {
        self.closed.get(&id)
    }

    /// The session that a pane stands in, or stood in when it was closed.
    #[must_use]
    pub fn session_of(&self, pane: PaneId) -> Option<SessionId> {
        match self.panes.get(&pane) {
            Some(pane) => self.tabs.get(&pane.tab).map(|tab| tab.session),
            None => self.closed.get(&pane).map(|pane| pane.session),
        }
    }

    /// The panes of a session, tab by tab in their order.
    #[must_use]
    pub fn panes_of(&self, session: SessionId) -> Vec<PaneId> {
        let tabs = self.sessions.get(&session).map_or(&[][..], |session| &session.tabs);
        tabs.iter().flat_map(|tab| self.panes_in(*tab)).collect()
    }

    /// The panes of a tab in the order of its tree.
    #[must_use]
    pub fn panes_in(&self, tab: TabId) -> Vec<PaneId> {
        let view = self.tabs.get(&tab).and_then(|tab| tab.view.as_ref());
        view.map_or_else(Vec::new, |view| view.layout.panes())
    }

    /// The panes of a place, as deep as it was named, whose program runs or may: those to end when
    /// it is killed.
    #[must_use]
    pub fn alive(&self, place: &Place) -> Vec<PaneId> {
        let panes = match place.depth {
            Depth::Session => self.panes_of(place.session),
            Depth::Tab => self.panes_in(place.tab),
            Depth::Pane => vec![place.pane],
        };
        let alive = |pane: &PaneId| self.panes.get(pane).is_some_and(|pane| pane.life.is_alive());
        panes.into_iter().filter(alive).collect()
    }

    /// The live session that was used last, else the newest live one.
    #[must_use]
    pub fn last_used(&self) -> Option<SessionId> {
        let live = self.sessions.values().filter(|session| session.ended.is_none());
        live.max_by_key(|session| (session.used, session.id)).map(|session| session.id)
    }

    /// The pane of this ULID: also by the ULID of an earlier life, and when it is closed.
    #[must_use]
    pub fn pane_of_ulid(&self, ulid: Ulid) -> Option<PaneId> {
        let here =
            self.panes.values().find(|pane| pane.ulid == ulid || pane.earlier.contains(&ulid));
        here.map(|pane| pane.id).or_else(|| {
            let closed = self.closed.values();
            closed
                .filter(|pane| pane.ulid == ulid || pane.earlier.contains(&ulid))
                .map(|pane| pane.id)
                .next()
        })
    }

    /// How many records made no sense when they were applied.
    #[must_use]
    pub fn ignored(&self) -> u64 {
        self.ignored
    }
}

#[cfg(test)]
mod tests;
