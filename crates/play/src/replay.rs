//! A recording that is looked at here and there: the screen at an offset, again and again. Owns the choice
//! between folding on and starting anew at a checkpoint; either way it is the same fold, so a moment looks
//! the same however it was reached.

use std::path::{Path, PathBuf};

use ccc_journal::{Offset, Result};
use ccc_vt::{Limits, Screen, Size};

use crate::fold::{CHECKPOINT_BYTES, Fold, TURN_BYTES};
use crate::start::Opened;

/// One recording, and the screen where it was looked at last.
#[derive(Debug)]
pub struct Replay {
    dir: PathBuf,
    size: Size,
    limits: Limits,
    opened: Option<Opened>,
    buffer: Vec<u8>,
}

impl Replay {
    /// The recording in a pane's directory. `size` is that of a screen nothing is known of, as for
    /// [`Fold::open`]. Nothing is read yet.
    #[must_use]
    pub fn new(dir: &Path, size: Size, limits: Limits) -> Self {
        Self { dir: dir.to_owned(), size, limits, opened: None, buffer: vec![0; TURN_BYTES] }
    }

    /// The screen when exactly the bytes before `at` had been printed, or at the end if the recording is
    /// shorter, and where it then stands.
    ///
    /// # Errors
    /// If the recording cannot be read; the next look starts anew.
    pub fn show(&mut self, at: Offset) -> Result<(&Screen, Offset)> {
        let mut opened = match self.opened.take().filter(|opened| is_near(&opened.fold, at)) {
            Some(opened) => opened,
            None => Fold::open(&self.dir, at, self.size, self.limits)?,
        };
        let Opened { fold, screen, .. } = &mut opened;
        fold.fold_until(at, screen, &mut self.buffer, |_| {})?;
        let opened = self.opened.insert(opened);
        Ok((&opened.screen, opened.fold.offset()))
    }
}

/// Whether folding on is no more work than a start from the checkpoint before.
fn is_near(fold: &Fold, at: Offset) -> bool {
    fold.offset() <= at && at.since(fold.offset()) <= CHECKPOINT_BYTES
}

#[cfg(test)]
mod tests;
