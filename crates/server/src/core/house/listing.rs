//! What listings and clients are shown of the house. Owns which record becomes which field; facts of
//! run time come from the caller.

use ccc_proto::{Layout, PaneId, PaneState, SessionId, SessionInfo, WirePane};

use super::House;

/// What only the running server knows of a pane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaneFacts {
    /// The title that its program set; empty for the command's name.
    pub title: String,
    /// Where its shell says it is; empty for where it was started.
    pub cwd: String,
    /// Bytes recorded so far.
    pub offset: u64,
    /// The first byte still kept.
    pub first_kept: u64,
    /// Milliseconds since 1970 of the last output; 0 for none.
    pub output_unix_ms: u64,
    /// Waiting for the disk or recovering; `None` for what the records say.
    pub state: Option<PaneState>,
}

/// What only the running server knows of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionFacts {
    /// How many clients look at it.
    pub attached: u16,
}

impl House {
    /// One session as listings show it. `None` when it does not exist or has no pane yet.
    #[must_use]
    pub fn session_info(
        &self,
        _session: SessionId,
        _facts: SessionFacts,
        _pane_facts: impl Fn(PaneId) -> PaneFacts,
    ) -> Option<SessionInfo> {
        todo!()
    }
    /// All tabs of a session with the places of their panes. `None` when it does not exist or has no
    /// pane yet.
    #[must_use]
    pub fn layout(
        &self,
        _session: SessionId,
        _pane_facts: impl Fn(PaneId) -> PaneFacts,
    ) -> Option<Layout> {
        todo!()
    }
    /// One pane as a layout shows it.
    #[must_use]
    pub fn wire_pane(&self, _pane: PaneId, _facts: &PaneFacts) -> Option<WirePane> {
        todo!()
    }
}
