//! Checkpoints (filled in next).

use crate::{Limits, RestoreError, Screen};

pub(crate) fn encode(_screen: &Screen) -> Vec<u8> {
    Vec::new()
}

pub(crate) fn decode(_bytes: &[u8], _limits: Limits) -> Result<Screen, RestoreError> {
    Err(RestoreError::NotACheckpoint)
}
