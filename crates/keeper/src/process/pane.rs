//! What the control thread knows of a pane. Its bytes are the movers'.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use ccc_journal::Offset;

use super::flow::Gauge;
use super::mover::Kind;
use crate::custody::CustodySet;
use crate::protocol::{PaneState, PaneStatus};

#[derive(Debug)]
pub(super) struct Pane {
    pub(super) set: CustodySet,
    /// Names the pane among watched descriptors; never given again.
    pub(super) token: u64,
    pub(super) gauge: Arc<Gauge>,
    pub(super) state: PaneState,
    pub(super) place: Place,
    /// The child has ended, and nobody can say how until its parent has looked at it. At this time
    /// it is recorded as unknown.
    pub(super) unknown_at: Option<Instant>,
}

/// Where a pane's flow is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Mover(Kind),
    /// Nowhere, because the pane's files could not be opened; to be tried again.
    Stranded,
    /// Nowhere, because the child has ended and everything is recorded.
    Gone,
}

impl Pane {
    pub(super) fn status(&self) -> PaneStatus {
        PaneStatus {
            ulid: self.set.ulid,
            pid: self.set.pid,
            state: self.state,
            flooding: self.is_flooding(),
            offset: Offset(self.gauge.offset.load(Ordering::Relaxed)),
        }
    }

    pub(super) fn is_flooding(&self) -> bool {
        self.place == Place::Mover(Kind::Bulk)
    }

    pub(super) fn is_waiting(&self) -> bool {
        matches!(self.state, PaneState::Waiting(_))
    }
}
