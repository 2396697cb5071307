//! Commands upon sessions: make, rename, end, start again, forget, load.

use ccc_proto::{PaneId, SessionId, WireExit};
use ccc_vt::Size;
use ulid::Ulid;

use super::pane::NewPane;
use super::record::{Author, PaneSpec};
use super::{House, Plan, Refusal};
use crate::core::saved_layout::SavedSession;

/// A session to make, with its first tab and pane.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Empty for one that is made up: `main`, `main-2` and so on.
    pub name: String,
    /// Name of the session's directory.
    pub ulid: Ulid,
    /// Ends so long after its last client left; 0 for never.
    pub ttl_ms: u64,
    pub pane: NewPane,
    pub size: Size,
    /// Make it the last used one.
    pub remember: bool,
}

impl House {
    /// Makes a session with one tab and one pane.
    ///
    /// # Errors
    /// The name is none, or a live session has it.
    pub fn new_session(&self, _author: &Author, _new: NewSession) -> Result<Plan, Refusal> {
        todo!()
    }

    /// Makes a session by a saved layout. `panes` gives each pane its ULID and spec, in the order of
    /// the tabs and of their `panes`.
    ///
    /// # Errors
    /// As [`House::new_session`]; there must be as many `panes` as the layout has.
    pub fn load_session(
        &self,
        _author: &Author,
        _saved: &SavedSession,
        _name: &str,
        _ulid: Ulid,
        _size: Size,
        _panes: Vec<NewPane>,
    ) -> Result<Plan, Refusal> {
        todo!()
    }

    /// A session as it would be saved.
    ///
    /// # Errors
    /// It does not exist.
    pub fn save_session(&self, _session: SessionId) -> Result<SavedSession, Refusal> {
        todo!()
    }

    /// # Errors
    /// The name is none, or taken.
    pub fn rename_session(
        &self,
        _author: &Author,
        _session: SessionId,
        _name: &str,
    ) -> Result<Plan, Refusal> {
        todo!()
    }

    /// Ends a session whose programs are gone or being killed, with its tabs as they are.
    ///
    /// # Errors
    /// It does not exist or has ended.
    pub fn end_session(
        &self,
        _author: &Author,
        _session: SessionId,
        _exit: WireExit,
    ) -> Result<Plan, Refusal> {
        todo!()
    }

    /// Starts a pane's program again in the same place. The caller starts it, with the same ULID or
    /// a new one.
    ///
    /// # Errors
    /// It does not exist or still runs; its session's name was taken meanwhile.
    pub fn restart_pane(
        &self,
        _author: &Author,
        _pane: PaneId,
        _ulid: Ulid,
        _spec: PaneSpec,
    ) -> Result<Plan, Refusal> {
        todo!()
    }

    /// Forgets an ended session with all its recordings.
    ///
    /// # Errors
    /// It does not exist or something of it still runs.
    pub fn remove_session(&self, _author: &Author, _session: SessionId) -> Result<Plan, Refusal> {
        todo!()
    }
}
