//! Whose hands are at work. Owns when the keeper is to hear of it, so that floods of other panes stand
//! back, and whether what they have printed already is to be folded slowly.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ccc_proto::PaneId;

/// The keeper is told again after this time; it believes what it heard for three times as long.
const AGAIN: Duration = Duration::from_secs(1);
const AT_WORK: Duration = Duration::from_secs(3);

/// The pane that the keeper was told of last, and when.
#[derive(Debug, Default)]
pub(crate) struct Hands {
    told: Mutex<Option<(PaneId, Instant)>>,
}

impl Hands {
    /// Notes that something was typed in a pane; true when the keeper is to be told.
    pub(crate) fn typed(&self, pane: PaneId, now: Instant) -> bool {
        // It is whole after every statement.
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let known = told.is_some_and(|(of, at)| of == pane && now.duration_since(at) < AGAIN);
        if !known {
            *told = Some((pane, now));
        }
        !known
    }

    /// Whether somebody types in another pane than this one.
    pub(crate) fn go_before(&self, pane: PaneId, now: Instant) -> bool {
        let told = *self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.is_some_and(|(of, at)| of != pane && now.duration_since(at) < AT_WORK)
    }
}

#[cfg(test)]
mod tests;
