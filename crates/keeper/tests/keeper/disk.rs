//! Keepers that are killed, stopped, doubled and replaced.

use crate::Case;

pub const CASES: &[Case] = &[];
