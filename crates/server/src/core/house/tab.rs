//! Commands upon tabs: make, rename, move, close, arrange, size.

use ccc_proto::{SessionId, TabId};
use ccc_vt::Size;

use super::pane::NewPane;
use super::record::Author;
use super::{House, Plan, Refusal};
use crate::core::layout::Preset;
use crate::core::size_policy::Policy;

/// A tab to make, with its first pane.
#[derive(Clone, Debug)]
pub struct NewTab {
    pub session: SessionId,
    /// Empty for one that is shown by what runs in it.
    pub name: String,
    pub pane: NewPane,
    /// `None` for the size of the session's current tab.
    pub size: Option<Size>,
    /// Start the next attach there.
    pub remember: bool,
}

impl House {
    /// # Errors
    /// The session does not exist or has ended; the name is none, or taken in the session.
    pub fn new_tab(&self, _author: &Author, _new: NewTab) -> Result<Plan, Refusal> {
        todo!()
    }
    /// # Errors
    /// The tab does not exist; the name is none, or taken in the session. An empty one is allowed.
    pub fn rename_tab(&self, _author: &Author, _tab: TabId, _name: &str) -> Result<Plan, Refusal> {
        todo!()
    }
    /// Moves a tab to a place of the bar, from 0; beyond the end is the end.
    ///
    /// # Errors
    /// The tab does not exist.
    pub fn move_tab(&self, _author: &Author, _tab: TabId, _to: u16) -> Result<Plan, Refusal> {
        todo!()
    }
    /// Closes a tab with its panes; the last one ends its session instead.
    ///
    /// # Errors
    /// The tab does not exist.
    pub fn close_tab(&self, _author: &Author, _tab: TabId) -> Result<Plan, Refusal> {
        todo!()
    }
    /// Arranges the panes by a preset, or by the next one.
    ///
    /// # Errors
    /// The tab does not exist.
    pub fn arrange_tab(
        &self,
        _author: &Author,
        _tab: TabId,
        _preset: Option<Preset>,
    ) -> Result<Plan, Refusal> {
        todo!()
    }
    /// Writes down the size that the policy decided; no record when it has it already.
    ///
    /// # Errors
    /// The tab does not exist.
    pub fn size_tab(&self, _author: &Author, _tab: TabId, _size: Size) -> Result<Plan, Refusal> {
        todo!()
    }
    /// Decides how the tab's size is decided. A fixed one is its size at once.
    ///
    /// # Errors
    /// The tab does not exist.
    pub fn set_policy(
        &self,
        _author: &Author,
        _tab: TabId,
        _policy: Policy,
    ) -> Result<Plan, Refusal> {
        todo!()
    }
}
