//! What a command answers with: records, and why it may refuse.

use ccc_proto::{Failure, PaneId, SessionId, TabId};
use ulid::Ulid;

use super::record::{Change, Record};
use crate::core::label::NameError;
use crate::core::layout::LayoutError;
use crate::core::record::Author;

/// Records to log durably and then to apply, in this order; and what they make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub records: Vec<Record>,
    /// The session, tab and pane that were made or changed.
    pub session: Option<SessionId>,
    pub tab: Option<TabId>,
    pub pane: Option<PaneId>,
    /// The session that ends by it.
    pub ends: Option<SessionId>,
    /// The tab that closes by it.
    pub closes: Option<TabId>,
    /// Recordings to delete once the records are durable.
    pub forget: Vec<Ulid>,
}

/// Why a command was refused, always the asker's doing or out of date. Each maps to a failure of
/// the wire by [`Refusal::failure`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("session {0} does not exist")]
    NoSession(SessionId),
    #[error("tab {0} does not exist")]
    NoTab(TabId),
    #[error("pane {0} does not exist")]
    NoPane(PaneId),
    #[error("{0}")]
    Name(#[from] NameError),
    #[error("a session called {name:?} exists already: {session}")]
    SessionNameTaken { name: String, session: SessionId },
    #[error("a tab called {name:?} exists already in this session: {tab}")]
    TabNameTaken { name: String, tab: TabId },
    #[error("the layout changed meanwhile: you saw revision {seen}, it is {now}")]
    Stale { seen: u64, now: u64 },
    #[error("{0}")]
    Layout(#[from] LayoutError),
    #[error("session {0} has ended")]
    Ended(SessionId),
    #[error("session {0} still runs")]
    StillRuns(SessionId),
    #[error("pane {0} still runs")]
    PaneRuns(PaneId),
    #[error("a command line of {length} bytes is longer than {cap}")]
    CommandTooLong { length: usize, cap: usize },
    #[error("all numbers are taken")]
    NoNumber,
    #[error("the two panes are one")]
    SamePane,
    #[error("{0} is the only pane of its session")]
    OnlyPane(PaneId),
    #[error("the layout has {panes} panes and {given} were given")]
    Panes { panes: usize, given: usize },
    #[error("the command of pane {0} is no UTF-8 text, which a saved layout is")]
    NotText(PaneId),
}

impl Plan {
    /// Adds a record.
    pub(super) fn log(&mut self, author: &Author, change: impl Into<Change>) {
        self.records.push(author.writes(change));
    }
}

impl Refusal {
    /// What it is on the wire.
    #[must_use]
    pub fn failure(&self) -> Failure {
        match self {
            Self::NoSession(_) | Self::NoTab(_) | Self::NoPane(_) => Failure::NOT_FOUND,
            Self::SessionNameTaken { .. }
            | Self::TabNameTaken { .. }
            | Self::Stale { .. }
            | Self::Ended(_)
            | Self::StillRuns(_)
            | Self::PaneRuns(_) => Failure::CONFLICT,
            Self::NoNumber => Failure::EXHAUSTED,
            Self::Name(_)
            | Self::Layout(_)
            | Self::CommandTooLong { .. }
            | Self::SamePane
            | Self::OnlyPane(_)
            | Self::Panes { .. }
            | Self::NotText(_) => Failure::INVALID,
        }
    }

    /// One next step that loses nothing, or empty.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::SessionNameTaken { session, .. } => format!("ccc attach {session}"),
            Self::Ended(session) => format!("ccc restart {session}"),
            Self::StillRuns(session) => format!("ccc kill {session}"),
            Self::PaneRuns(pane) => format!("ccc kill {pane}"),
            Self::Stale { .. } => "look at the layout again and repeat".into(),
            Self::CommandTooLong { .. } => "put the command into a file and run that".into(),
            Self::OnlyPane(_) => "name the session instead of its pane".into(),
            _ => String::new(),
        }
    }
}
