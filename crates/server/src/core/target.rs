//! From the text that people type to a session, tab and pane. Owns the grammar
//! `session[:tab[.pane]]` and the order in which names, ids and grammar are tried; the `host/` before
//! it is the client's affair.

use ccc_proto::{PaneId, SessionId, TabId};

use super::house::House;

/// Where a target points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub session: SessionId,
    pub tab: TabId,
    pub pane: PaneId,
    /// How much of it the text named; the rest is where focus is.
    pub depth: Depth,
}

/// What a target names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    Session,
    Tab,
    Pane,
}

/// Why a target points nowhere.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    #[error("no session is here")]
    NothingHere,
    #[error("no session, tab or pane is called {name:?}{}", but(.nearest.as_deref()))]
    NotFound { name: String, nearest: Option<String> },
    #[error("session {session:?} has no tab {name:?}{}", but(.nearest.as_deref()))]
    NoTab { session: String, name: String, nearest: Option<String> },
    #[error("tab {tab} of session {session:?} has no pane {name:?}{}", but(.nearest.as_deref()))]
    NoPane { session: String, tab: u16, name: String, nearest: Option<String> },
    #[error("a target of {length} bytes is longer than {cap}")]
    TooLong { length: usize, cap: usize },
}

fn but(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!("; the nearest is {name:?}"))
}

/// A target, parsed by the grammar alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Where the asker stands.
    Here,
    Session(SessionId),
    Tab(TabId),
    Pane(PaneId),
    /// `session[:tab[.pane]]`; an empty session is the asker's.
    Path {
        session: String,
        tab: Option<String>,
        pane: Option<String>,
    },
}

impl Target {
    #[must_use]
    pub fn parse(_text: &str) -> Self {
        todo!()
    }
}

impl House {
    /// The place that `text` names for somebody who stands in the pane `asker`, or in none.
    ///
    /// # Errors
    /// Nothing has that name; the error says what is nearest.
    pub fn resolve(&self, _text: &str, _asker: Option<PaneId>) -> Result<Place, TargetError> {
        todo!()
    }
}
