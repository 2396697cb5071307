//! Keeping a recording within its budget by deleting whole files, journal or segment, from the old end.
//!
//! Before a file goes, a checkpoint at the next file's first offset is on the disk: from then on it
//! is the truth about everything before. A crash at any point leaves a recording whose missing
//! bytes show in the names of its files; [`unrecorded_gap`] finds what `events` does not tell yet.

use std::path::Path;

use crate::checkpoint::{Checkpoint, CheckpointLog};
use crate::die;
use crate::dir;
use crate::error::{Error, Result};
use crate::event::{Gap, GapReason};
use crate::files::{Piece, pieces};
use crate::lines::lines_file_name;
use crate::segment::SegmentReader;
use crate::units::Offset;

/// What a recording may keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Bytes on the disk.
    pub bytes: u64,
    /// Segments whose last byte came before this time, in nanoseconds since 1970, go as well.
    pub since_ns: Option<u64>,
}

impl Budget {
    /// Only so many bytes, of whatever age.
    #[must_use]
    pub const fn bytes(bytes: u64) -> Self {
        Self { bytes, since_ns: None }
    }
}

/// What a trim did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trimmed {
    /// What the keeper is to record in `events`; `None` if no file went.
    pub gap: Option<Gap>,
    /// Bytes that were deleted.
    pub bytes: u64,
    /// The recording is still over its budget, because no checkpoint stands at this offset.
    pub blocked: Option<Offset>,
}

/// How many of the oldest pieces must go so that the rest fits the budget. The newest always stays.
#[must_use]
pub fn plan(pieces: &[Piece], budget: Budget) -> usize {
    let mut total = pieces.iter().fold(0_u64, |total, piece| total.saturating_add(piece.bytes));
    let mut going = 0;
    for piece in pieces.iter().take(pieces.len().saturating_sub(1)) {
        let old = budget.since_ns.is_some_and(|since| {
            let segment = piece.segment.as_ref().filter(|_| piece.journal.is_none());
            segment.is_some_and(|file| (1..since).contains(&file.header.wall_last_ns))
        });
        if total <= budget.bytes && !old {
            break;
        }
        total = total.saturating_sub(piece.bytes);
        going += 1;
    }
    going
}

/// Deletes the oldest files of `dir` until the recording fits `budget`, each only after a readable
/// checkpoint at its successor's first offset is known to be on the disk.
///
/// # Errors
/// If the checkpoints cannot be synced, nothing was deleted. If a deletion fails, files before it
/// may be gone, as after a crash: [`unrecorded_gap`] tells what is then to be recorded.
pub fn trim(dir: &Path, checkpoints: &mut CheckpointLog, budget: Budget) -> Result<Trimmed> {
    let mut trimmed = Trimmed::default();
    let found = pieces(dir)?.pieces;
    let going = plan(&found, budget);
    for pair in found.windows(2).take(going) {
        let (piece, next) = (&pair[0], &pair[1]);
        if checkpoints.at(next.first)?.is_none() {
            let Some(keyframe) = first_keyframe(next) else {
                trimmed.blocked = Some(next.first);
                break;
            };
            checkpoints.append(&keyframe, true)?;
        }
        if trimmed.gap.is_none() {
            // Whoever appended it may have died before its sync. Syncing once covers them all.
            checkpoints.sync_with_name()?;
        }
        die::here();
        for path in piece.paths() {
            match std::fs::remove_file(path) {
                Ok(()) => {}
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                Err(e) => return Err(Error::io("delete", path)(e)),
            }
        }
        if let Some(segment) = &piece.segment {
            // A cache: one that stays is swept later.
            let _ = std::fs::remove_file(dir.join(lines_file_name(segment.header.number)));
        }
        die::here();
        trimmed.bytes = trimmed.bytes.saturating_add(piece.bytes);
        let from = trimmed.gap.map_or(piece.first, |gap| gap.from);
        trimmed.gap = Some(Gap { from, to: next.first, reason: GapReason::Budget });
    }
    if trimmed.gap.is_some() {
        dir::sync(dir)?;
    }
    Ok(trimmed)
}

/// The keyframe that stands at the first byte of a segment.
fn first_keyframe(piece: &Piece) -> Option<Checkpoint> {
    let reader = SegmentReader::open(&piece.segment.as_ref()?.path).ok()?;
    let index = reader.index().ok()?;
    let entry = index.keyframes.iter().find(|entry| entry.offset == piece.first)?;
    reader.keyframe(entry).ok()
}

/// The bytes before the first file that no recorded gap accounts for: files were deleted and whoever
/// did it died before the keeper recorded it. The reason is the budget if budgets were at work here
/// before, and otherwise unknown.
#[must_use]
pub fn unrecorded_gap(pieces: &[Piece], recorded: &[Gap]) -> Option<Gap> {
    let first = pieces.first()?.first;
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
