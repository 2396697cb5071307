//! Commands upon panes: split, close, swap, resize, zoom, break out, remember, and their lives.

use ccc_proto::{PaneId, WireExit};
use ulid::Ulid;

use super::record::{Author, PaneSpec};
use super::{House, Plan, Refusal};
use crate::core::layout::{Side, SplitSize};

/// A pane to make.
#[derive(Clone, Debug)]
pub struct NewPane {
    /// Name of its directory and of its descriptors in custody.
    pub ulid: Ulid,
    pub spec: PaneSpec,
}

/// A pane to make beside another one.
#[derive(Clone, Debug)]
pub struct SplitPane {
    pub pane: PaneId,
    pub side: Side,
    pub size: SplitSize,
    /// The revision that the asker saw; 0 for any.
    pub revision: u64,
    pub new: NewPane,
    /// Move the remembered focus there.
    pub remember: bool,
}

/// With which pane to swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SwapTarget {
    Next,
    Previous,
    Pane(PaneId),
}

impl House {
    /// # Errors
    /// The pane does not exist, has no room, or the layout is another one than the asker saw.
    pub fn split(&self, _author: &Author, _split: SplitPane) -> Result<Plan, Refusal> {
        todo!()
    }
    /// Takes a pane out of its tab. The last one of a tab closes the tab; the last one of a session
    /// stays where it is, and the session ends.
    ///
    /// # Errors
    /// The pane does not exist.
    pub fn close_pane(&self, _author: &Author, _pane: PaneId) -> Result<Plan, Refusal> {
        todo!()
    }
    /// The program runs.
    ///
    /// # Errors
    /// The pane does not exist.
    pub fn pane_started(
        &self,
        _author: &Author,
        _pane: PaneId,
        _pid: u32,
        _start_time: u64,
    ) -> Result<Plan, Refusal> {
        todo!()
    }
    /// The program is gone. A login shell that exits with 0 closes its pane by the same plan; a
    /// command, and any failure, stays.
    ///
    /// # Errors
    /// The pane does not exist.
    pub fn pane_exited(
        &self,
        _author: &Author,
        _pane: PaneId,
        _exit: WireExit,
    ) -> Result<Plan, Refusal> {
        todo!()
    }
    /// The program was lost with the machine or with all custodians.
    ///
    /// # Errors
    /// The pane does not exist.
    pub fn pane_lost(&self, _author: &Author, _pane: PaneId) -> Result<Plan, Refusal> {
        todo!()
    }
    /// Exchanges two panes, also across tabs; each keeps its program and takes the other's place.
    ///
    /// # Errors
    /// One does not exist, or both are one.
    pub fn swap_panes(
        &self,
        _author: &Author,
        _pane: PaneId,
        _with: SwapTarget,
    ) -> Result<Plan, Refusal> {
        todo!()
    }
    /// Moves a border of a pane.
    ///
    /// # Errors
    /// The pane does not exist or no border there can move.
    pub fn resize_pane(
        &self,
        _author: &Author,
        _pane: PaneId,
        _side: Side,
        _cells: u16,
    ) -> Result<Plan, Refusal> {
        todo!()
    }
    /// Gives a pane its whole tab, or its place back; `None` for the other of the two.
    ///
    /// # Errors
    /// The pane does not exist.
    pub fn zoom_pane(
        &self,
        _author: &Author,
        _pane: PaneId,
        _on: Option<bool>,
    ) -> Result<Plan, Refusal> {
        todo!()
    }
    /// Moves a pane to a tab of its own.
    ///
    /// # Errors
    /// The pane does not exist or is alone in its tab; the name is none, or taken.
    pub fn break_pane(
        &self,
        _author: &Author,
        _pane: PaneId,
        _name: &str,
        _remember: bool,
    ) -> Result<Plan, Refusal> {
        todo!()
    }
    /// Makes this pane and its tab the place where the next attach of the session starts, and the
    /// session the last used one. No record when nothing changes.
    ///
    /// # Errors
    /// The pane does not exist.
    pub fn remember(&self, _author: &Author, _pane: PaneId) -> Result<Plan, Refusal> {
        todo!()
    }
    /// Forgets a pane that no longer runs, with its recording; if it is still in a tab it is closed
    /// first. The last pane of a session is forgotten with the session.
    ///
    /// # Errors
    /// The pane does not exist, still runs, or is the last of its session.
    pub fn remove_pane(&self, _author: &Author, _pane: PaneId) -> Result<Plan, Refusal> {
        todo!()
    }
}
