//! The states that a segment is given on its way: one at its first byte, and others within. Owns
//! where they stand; `ccc-journal` keeps them.

use std::path::Path;

use ccc_journal::{Checkpoint, Offset, Result};
use ccc_vt::{Limits, Size};

use crate::fold::{Fold, TURN_BYTES};
use crate::start::Opened;

/// Output between two keyframes: what a look at any place of a segment folds at most.
pub const KEYFRAME_BYTES: u64 = 256 * 1024;

/// Folds the recording in `dir` from `from` up to `to` and gives a state at `from`, and one after
/// each [`KEYFRAME_BYTES`], to `take`, which says whether it wants more. `size` is that of a screen
/// nothing is known of, as for [`Fold::open`].
///
/// # Errors
/// If the recording cannot be read, or by `take`.
pub fn keyframes(
    dir: &Path,
    from: Offset,
    to: Offset,
    size: Size,
    limits: Limits,
    take: &mut dyn FnMut(Checkpoint) -> Result<bool>,
) -> Result<()> {
    keyframes_every(KEYFRAME_BYTES, dir, from, to, size, limits, take)
}

pub(crate) fn keyframes_every(
    spacing: u64,
    dir: &Path,
    from: Offset,
    to: Offset,
    size: Size,
    limits: Limits,
    take: &mut dyn FnMut(Checkpoint) -> Result<bool>,
) -> Result<()> {
    let Opened { mut fold, mut screen, .. } = Fold::open(dir, from, size, limits)?;
    let mut buffer = vec![0; TURN_BYTES];
    let mut at = from;
    while at < to {
        fold.fold_until(at, &mut screen, &mut buffer, |_| {})?;
        // Behind a gap a place may have been stepped over.
        if fold.offset() == at && !take(fold.checkpoint(&screen))? {
            return Ok(());
        }
        if fold.offset() < at {
            return Ok(());
        }
        at = at.plus(spacing);
    }
    Ok(())
}
