//! Keeping a pane's journal within its budget by deleting whole files from the old end.
//!
//! Before a file goes, a checkpoint at the next file's first offset is on the disk: from then on it
//! is the truth about everything before. A crash at any point leaves a recording whose missing
//! bytes show in the names of its files; [`unrecorded_gap`] finds what `events` does not tell yet.

use std::path::Path;

use crate::checkpoint::CheckpointLog;
use crate::dir;
use crate::error::{Error, Result};
use crate::event::{Gap, GapReason};
use crate::files::{JournalFile, journal_files};
use crate::units::Offset;

/// What is to be deleted so that a journal fits its budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrimPlan {
    /// The files to delete, oldest first.
    pub files: Vec<JournalFile>,
    /// The offsets at which a durable checkpoint must exist, in step with `files`.
    pub checkpoints: Vec<Offset>,
}

/// What a trim did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trimmed {
    /// What the keeper is to record in `events`; `None` if no file went.
    pub gap: Option<Gap>,
    /// Bytes that were deleted.
    pub bytes: u64,
    /// The journal is still over its budget, because no checkpoint stands at this offset.
    pub blocked: Option<Offset>,
}

/// Plans what must go so that the files hold at most `budget` bytes. The newest file always stays.
/// `None` if they do already.
#[must_use]
pub fn plan(files: &[JournalFile], budget: u64) -> Option<TrimPlan> {
    let mut total = files.iter().fold(0_u64, |total, file| total.saturating_add(file.len));
    let mut plan = TrimPlan { files: Vec::new(), checkpoints: Vec::new() };
    for pair in files.windows(2) {
        if total <= budget {
            break;
        }
        total = total.saturating_sub(pair[0].len);
        plan.files.push(pair[0].clone());
        plan.checkpoints.push(pair[1].first);
    }
    (!plan.files.is_empty()).then_some(plan)
}

/// Deletes the oldest files of `dir` until the journal fits `budget`, each only after a readable
/// checkpoint at its successor's first offset is known to be on the disk.
///
/// # Errors
/// If the checkpoints cannot be synced, nothing was deleted. If a deletion fails, files before it
/// may be gone, as after a crash: [`unrecorded_gap`] tells what is then to be recorded.
pub fn trim(dir: &Path, checkpoints: &mut CheckpointLog, budget: u64) -> Result<Trimmed> {
    let mut trimmed = Trimmed::default();
    let Some(plan) = plan(&journal_files(dir)?, budget) else { return Ok(trimmed) };
    for (file, next) in plan.files.iter().zip(&plan.checkpoints) {
        if checkpoints.at(*next)?.is_none() {
            trimmed.blocked = Some(*next);
            break;
        }
        if trimmed.gap.is_none() {
            // Whoever appended it may have died before its sync. Syncing once covers them all.
            checkpoints.sync_with_name()?;
        }
        match std::fs::remove_file(&file.path) {
            Ok(()) => {}
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => return Err(Error::io("delete", &file.path)(e)),
        }
        trimmed.bytes = trimmed.bytes.saturating_add(file.len);
        let from = trimmed.gap.map_or(file.first, |gap| gap.from);
        trimmed.gap = Some(Gap { from, to: *next, reason: GapReason::Budget });
    }
    if trimmed.gap.is_some() {
        dir::sync(dir)?;
    }
    Ok(trimmed)
}

/// The bytes before the first file that no recorded gap accounts for: files were deleted and whoever
/// did it died before the keeper recorded it. The reason is the budget if budgets were at work here
/// before, and otherwise unknown.
#[must_use]
pub fn unrecorded_gap(files: &[JournalFile], recorded: &[Gap]) -> Option<Gap> {
    let first = files.first()?.first;
    let mut gaps = recorded.to_vec();
    gaps.sort_by_key(|gap| gap.from);
    let mut from = Offset::ZERO;
    for gap in &gaps {
        if gap.from > from {
            break;
        }
        from = from.max(gap.to);
    }
    let budget = recorded.iter().any(|gap| gap.reason == GapReason::Budget);
    let reason = if budget { GapReason::Budget } else { GapReason::Unknown };
    (from < first).then_some(Gap { from, to: first, reason })
}

#[cfg(test)]
mod tests;
