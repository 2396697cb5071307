//! What a pane's task keeps on the disk beside the keeper's bytes: checkpoints, and the budget. Owns
//! when each is due; all of it is off the echo path.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use ccc_journal::{Checkpoint, CheckpointLog, Error, Offset, Trimmed, journal_files, trim};
use ccc_play::CHECKPOINT_BYTES;
use tracing::warn;

/// Time between two checkpoints while there is output.
const PACE: Duration = Duration::from_secs(5);
/// Size from which the file of checkpoints is rewritten with those still of use.
const COMPACT_BYTES: u64 = 16 * 1024 * 1024;

/// The checkpoints of one pane.
#[derive(Debug)]
pub(crate) struct Keep {
    dir: PathBuf,
    log: Log,
    /// Where the last checkpoint stands, and when it was made.
    offset: Offset,
    at: Instant,
    compacted: u64,
    /// Made while the log was away: a few, because a file holds megabytes.
    waiting: Vec<Checkpoint>,
}

#[derive(Debug)]
enum Log {
    /// Opened with the first checkpoint: a pane that prints little needs no descriptor for it.
    Closed,
    Open(CheckpointLog),
    /// A blocking thread works with it.
    Away,
}

impl Keep {
    pub(crate) fn new(dir: PathBuf, offset: Offset) -> Self {
        let (at, waiting) = (Instant::now(), Vec::new());
        Self { dir, log: Log::Closed, offset, at, compacted: 0, waiting }
    }

    /// Whether a checkpoint is to be made at this place.
    pub(crate) fn is_due(&self, offset: Offset, begins_file: bool) -> bool {
        let behind = offset.since(self.offset);
        let late = behind >= CHECKPOINT_BYTES || (behind > 0 && self.at.elapsed() >= PACE);
        begins_file || (late && !matches!(self.log, Log::Away))
    }

    /// Writes a checkpoint. One at the beginning of a file is never skipped.
    pub(crate) fn write(&mut self, checkpoint: Checkpoint) {
        self.offset = checkpoint.offset;
        self.at = Instant::now();
        if matches!(self.log, Log::Away) {
            self.waiting.push(checkpoint);
            return;
        }
        // Without it a recovery folds more; before bytes are deleted it is asked for again.
        if let Err(error) = self.open().and_then(|log| log.append(&checkpoint, false)) {
            warn!(dir = %self.dir.display(), %error, "a checkpoint was not written");
        }
    }

    /// The work that a new file makes due: deleting what is over the budget, and rewriting a file of
    /// checkpoints that has grown. To be run where blocking is allowed, and given to
    /// [`Keep::done`].
    pub(crate) fn work(&mut self, budget: u64) -> Option<impl FnOnce() -> Worked + Send + use<>> {
        if let Err(error) = self.open() {
            warn!(dir = %self.dir.display(), %error, "the checkpoints cannot be opened");
            return None;
        }
        let Log::Open(mut log) = std::mem::replace(&mut self.log, Log::Away) else { return None };
        let dir = self.dir.clone();
        let compact = log.size() >= self.compacted.saturating_mul(2).max(COMPACT_BYTES);
        Some(move || {
            let trimmed = trim(&dir, &mut log, budget);
            let gone = trimmed.as_ref().is_ok_and(|done| done.gap.is_some());
            let compacted = if compact || gone {
                journal_files(&dir).and_then(|files| log.compact(&files))
            } else {
                Ok(())
            };
            Worked { log, trimmed, compacted }
        })
    }

    /// Takes the log back. Answers with the first byte still kept, when bytes were deleted.
    pub(crate) fn done(&mut self, worked: Option<Worked>) -> Option<Offset> {
        let Some(Worked { log, trimmed, compacted }) = worked else {
            self.log = Log::Closed;
            return None;
        };
        self.compacted = log.size();
        self.log = Log::Open(log);
        for checkpoint in std::mem::take(&mut self.waiting) {
            self.write(checkpoint);
        }
        if let Err(error) = compacted {
            warn!(dir = %self.dir.display(), %error, "the checkpoints were not rewritten");
        }
        match trimmed {
            Ok(done) => {
                if let Some(at) = done.blocked {
                    warn!(dir = %self.dir.display(), %at, "over budget: no checkpoint to trim by");
                }
                done.gap.map(|gap| gap.to)
            }
            Err(error) => {
                warn!(dir = %self.dir.display(), %error, "over budget and not trimmed");
                None
            }
        }
    }

    fn open(&mut self) -> Result<&mut CheckpointLog, Error> {
        if matches!(self.log, Log::Closed) {
            let (log, recovered) = CheckpointLog::open(&self.dir)?;
            if recovered.cut.is_some() || recovered.set_aside.is_some() {
                warn!(dir = %self.dir.display(), "the pane's checkpoints were mended");
            }
            self.log = Log::Open(log);
        }
        match &mut self.log {
            Log::Open(log) => Ok(log),
            Log::Closed | Log::Away => Err(Error::Malformed { what: "state of the checkpoints" }),
        }
    }
}

/// What came of [`Keep::work`].
pub(crate) struct Worked {
    log: CheckpointLog,
    trimmed: Result<Trimmed, Error>,
    compacted: Result<(), Error>,
}
