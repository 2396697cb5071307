//! What a pane's task keeps on the disk beside the keeper's bytes: checkpoints, and the budget. Owns
//! when each is due. The disk itself is touched by [`Keep::work`] alone, which runs where waiting for
//! it holds up nobody.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ccc_journal::{Budget, Checkpoint, CheckpointLog, Error, Offset, Trimmed, pieces, trim};
use ccc_play::CHECKPOINT_BYTES;
use tracing::warn;

/// Time between two checkpoints while there is output.
const PACE: Duration = Duration::from_secs(5);
/// Bytes of a checkpoint that are written at that pace; a larger one is due as much later.
const PACED_BYTES: usize = 512 * 1024;
/// Size from which the file of checkpoints is rewritten with those still of use.
const COMPACT_BYTES: u64 = 16 * 1024 * 1024;
/// The same where the file is in memory.
const COMPACT_MEMORY: u64 = 2 * 1024 * 1024;

/// The checkpoints of one pane.
#[derive(Debug)]
pub(crate) struct Keep {
    dir: PathBuf,
    /// Opened with the first checkpoint: a pane that prints little needs no descriptor for it.
    log: Option<CheckpointLog>,
    /// A thread works with the log.
    away: bool,
    /// Where the last checkpoint stands, and when it was made.
    offset: Offset,
    at: Instant,
    /// How large it was: images make it large, and writing it as often as a small one would keep the disk
    /// busy with the same pixels.
    size: usize,
    /// Size of the file after it was last rewritten.
    compacted: u64,
    /// Size from which it is rewritten first.
    compact_from: u64,
    /// Made and not written: one, and one more for each file that began while the log was away.
    waiting: Vec<Checkpoint>,
}

impl Keep {
    pub(crate) fn new(dir: PathBuf, recorded: bool, offset: Offset) -> Self {
        Self {
            dir,
            log: None,
            away: false,
            offset,
            at: Instant::now(),
            size: 0,
            compacted: 0,
            compact_from: if recorded { COMPACT_BYTES } else { COMPACT_MEMORY },
            waiting: Vec::new(),
        }
    }

    /// Whether a checkpoint is to be made at this place. One at the beginning of a file always is.
    pub(crate) fn is_due(&self, offset: Offset, begins_file: bool) -> bool {
        let behind = offset.since(self.offset);
        let pace = PACE * u32::try_from(self.size / PACED_BYTES).unwrap_or(u32::MAX).clamp(1, 60);
        let late = behind >= CHECKPOINT_BYTES.max(self.size as u64)
            || (behind > 0 && self.at.elapsed() >= pace);
        begins_file || (late && !self.away)
    }

    /// Takes a checkpoint to be written.
    pub(crate) fn add(&mut self, checkpoint: Checkpoint) {
        self.offset = checkpoint.offset;
        self.at = Instant::now();
        self.size = checkpoint.bytes.len();
        self.waiting.push(checkpoint);
    }

    pub(crate) fn has_work(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// The work that is due: writing what waits, deleting what is over the budget, and rewriting a file
    /// of checkpoints that has grown. Nothing is deleted without `allow`, which is told how many bytes
    /// lie on the disk, far more than are folded perhaps, and answers with the budget. To be run where
    /// blocking is allowed, and given to [`Keep::done`] before there is more.
    pub(crate) fn work<A>(&mut self, allow: Option<A>) -> impl FnOnce() -> Worked + Send + use<A>
    where
        A: FnOnce(u64) -> Budget + Send,
    {
        self.away = true;
        let (dir, log) = (self.dir.clone(), self.log.take());
        let (waiting, compacted) = (std::mem::take(&mut self.waiting), self.compacted);
        let from = self.compact_from;
        move || match log.map_or_else(|| open(&dir), Ok) {
            Ok(log) => write(&dir, log, &waiting, allow, (compacted, from)),
            Err(error) => {
                warn!(dir = %dir.display(), %error, "the checkpoints cannot be opened");
                Worked { log: None, compacted, trimmed: None }
            }
        }
    }

    /// Takes the log back. Answers with the first byte still kept, when bytes were deleted.
    pub(crate) fn done(&mut self, worked: Option<Worked>) -> Option<Offset> {
        self.away = false;
        let Worked { log, compacted, trimmed } = worked?;
        self.log = log;
        self.compacted = compacted;
        trimmed
    }
}

fn open(dir: &Path) -> Result<CheckpointLog, Error> {
    let (log, recovered) = CheckpointLog::open(dir)?;
    if recovered.cut.is_some() || recovered.set_aside.is_some() {
        warn!(dir = %dir.display(), "the pane's checkpoints were mended");
    }
    Ok(log)
}

fn write(
    dir: &Path,
    mut log: CheckpointLog,
    waiting: &[Checkpoint],
    allow: Option<impl FnOnce(u64) -> Budget>,
    (mut compacted, from): (u64, u64),
) -> Worked {
    for checkpoint in waiting {
        // Without it a recovery folds more; before bytes are deleted it is asked for again.
        if let Err(error) = log.append(checkpoint, false) {
            warn!(dir = %dir.display(), %error, "a checkpoint was not written");
        }
    }
    let trimmed = allow.and_then(|allow| {
        let trimmed = pieces(dir).and_then(|found| trim(dir, &mut log, allow(found.bytes())));
        told(dir, trimmed)
    });
    if trimmed.is_some() || log.size() >= compacted.saturating_mul(2).max(from) {
        if let Err(error) = pieces(dir).and_then(|found| log.compact(&found.pieces)) {
            warn!(dir = %dir.display(), %error, "the checkpoints were not rewritten");
        }
        compacted = log.size();
    }
    Worked { log: Some(log), compacted, trimmed }
}

/// The first byte still kept, when bytes were deleted; what went wrong is said.
fn told(dir: &Path, trimmed: Result<Trimmed, Error>) -> Option<Offset> {
    match trimmed {
        Ok(done) => {
            if let Some(at) = done.blocked {
                warn!(dir = %dir.display(), %at, "over budget: no checkpoint to trim by");
            }
            done.gap.map(|gap| gap.to)
        }
        Err(error) => {
            warn!(dir = %dir.display(), %error, "over budget and not trimmed");
            None
        }
    }
}

/// What came of [`Keep::work`].
pub(crate) struct Worked {
    log: Option<CheckpointLog>,
    compacted: u64,
    trimmed: Option<Offset>,
}

#[cfg(test)]
mod tests;
