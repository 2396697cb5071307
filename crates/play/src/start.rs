//! Where a fold starts: the best checkpoint that can still be used, or the first byte there is.

use std::collections::BTreeSet;
use std::path::Path;

use ccc_journal::{
    Checkpoint, CheckpointReader, Error, EventReader, GapReason, JournalReader, Offset, Result,
};
use ccc_vt::{Limits, Screen, Size};

use crate::fold::{ENGINE, Fold, TURN_BYTES};

/// A fold and the screen it starts with.
#[derive(Debug)]
pub struct Opened {
    pub fold: Fold,
    pub screen: Screen,
    /// Checkpoints that were passed over because they are damaged, of another engine, or of bytes
    /// that the journal has lost. They cost time and nothing else.
    pub passed_over: usize,
}

impl Fold {
    /// Opens a pane's directory at the last usable checkpoint that is not behind `at`; turns fold
    /// the rest. `Offset(u64::MAX)` stands for the end. Without a checkpoint it starts at the first
    /// byte with an empty screen of `size`, which the first resize event corrects.
    ///
    /// # Errors
    /// If the journal cannot be listed. Missing and damaged checkpoints are no error.
    pub fn open(dir: &Path, at: Offset, size: Size, limits: Limits) -> Result<Opened> {
        let mut fold = Self::from_start(dir, limits)?;
        // A checkpoint behind the end is of bytes that a power cut took.
        let end = fold.measure()?;
        let at = at.min(end);
        let mut passed_over = 0;
        let mut best = None;
        if let Some(checkpoints) = readable(dir)? {
            passed_over = checkpoints.entries().iter().filter(|entry| entry.offset > end).count();
            for entry in checkpoints.candidates(at) {
                let loaded = (entry.engine == ENGINE).then(|| checkpoints.load(&entry));
                if let Some(Ok(checkpoint)) = loaded
                    && let Some(screen) = restored(&checkpoint, limits)
                {
                    best = Some((checkpoint, screen));
                    break;
                }
                passed_over += 1;
            }
        }
        // A keyframe of a segment may be nearer.
        let floor = best.as_ref().map_or(Offset::ZERO, |(found, _)| found.offset.plus(1));
        if let Some(keyframe) = fold.keyframe(floor, at) {
            match restored(&keyframe, limits) {
                Some(screen) => best = Some((keyframe, screen)),
                None => passed_over += 1,
            }
        }
        if let Some((checkpoint, screen)) = best {
            fold.resume(&checkpoint);
            return Ok(Opened { fold, screen, passed_over });
        }
        Ok(Opened { fold, screen: Screen::new(size, limits), passed_over })
    }
}

/// The screen as it was when exactly the bytes before `at` had been printed, or as it is at the end
/// if the recording is shorter. Also gives the offset it stands at.
pub fn screen_at(dir: &Path, at: Offset, size: Size, limits: Limits) -> Result<(Screen, Offset)> {
    let Opened { mut fold, mut screen, .. } = Fold::open(dir, at, size, limits)?;
    fold.fold_until(at, &mut screen, &mut vec![0; TURN_BYTES], |_| {})?;
    Ok((screen, fold.offset()))
}

/// The states with which a recording goes on behind stretches that were not recorded, without any text: all that is
/// known of how its programs had set the terminal up there. Those behind `from`, in their order.
///
/// # Errors
/// If the recording or its events cannot be read. States that cannot be are left out.
pub fn states_without_text(dir: &Path, from: Offset, limits: Limits) -> Result<Vec<Checkpoint>> {
    let gaps = match EventReader::open(dir) {
        Ok(mut events) => events.remaining_gaps()?,
        Err(error) if error.is_not_found() => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let journal = JournalReader::open(dir)?;
    let ends = gaps.iter().filter(|gap| gap.reason == GapReason::NotRecorded && gap.to > from);
    let mut states = Vec::new();
    for end in ends.map(|gap| gap.to).collect::<BTreeSet<_>>() {
        let Some((state, mut screen)) = checkpoint_at(dir, &journal, end, limits)? else {
            continue;
        };
        // It was written without; whoever finds it here need not believe that.
        screen.forget_text();
        states.push(Checkpoint { bytes: screen.checkpoint(), ..state });
    }
    Ok(states)
}

/// Where to begin so as to meet what comes behind all screens that `is_before`: the last place that has a
/// state and whose screen is one of them, else the first byte that is kept. Screens are taken to go over
/// from those that are to those that are not once.
///
/// # Errors
/// If the recording cannot be listed. States that cannot be read count as before.
pub fn place_before(dir: &Path, is_before: impl Fn(&Screen) -> bool) -> Result<Offset> {
    let journal = JournalReader::open(dir)?;
    let checkpoints = readable(dir)?;
    let first = journal.first();
    let mut places: Vec<Offset> = journal.segments().map(|header| header.first).collect();
    if let Some(checkpoints) = &checkpoints {
        let usable = checkpoints.entries().iter().filter(|entry| entry.engine == ENGINE);
        places.extend(usable.map(|entry| entry.offset));
    }
    let limits = Limits::default();
    let before = |at: Offset| {
        let state = checkpoint_at(dir, &journal, at, limits);
        // One that cannot be used is passed over by the fold, which then starts earlier.
        state.ok().flatten().is_none_or(|(_, screen)| is_before(&screen))
    };
    let last = |places: &mut Vec<Offset>| {
        places.retain(|at| *at >= first);
        places.sort_unstable();
        places.dedup();
        let found = places.partition_point(|at| before(*at));
        found.checked_sub(1).and_then(|last| places.get(last)).copied()
    };
    let Some(near) = last(&mut places) else { return Ok(first) };
    // All that a segment has within was left out so far.
    let mut within = journal.keyframe_places(near);
    Ok(last(&mut within).map_or(near, |within| within.max(near)))
}

/// The screen of the checkpoint at exactly `offset`, if it can be used.
pub(crate) fn checkpoint_at(
    dir: &Path,
    journal: &JournalReader,
    offset: Offset,
    limits: Limits,
) -> Result<Option<(Checkpoint, Screen)>> {
    let sealed = journal.keyframe(offset, offset, |engine| engine == ENGINE);
    let sealed = sealed.and_then(|checkpoint| {
        let screen = restored(&checkpoint, limits)?;
        Some((checkpoint, screen))
    });
    if sealed.is_some() {
        return Ok(sealed);
    }
    let Some(checkpoints) = readable(dir)? else { return Ok(None) };
    let usable = checkpoints.candidates(offset).into_iter().find_map(|entry| {
        if entry.offset != offset || entry.engine != ENGINE {
            return None;
        }
        let checkpoint = checkpoints.load(&entry).ok()?;
        let screen = restored(&checkpoint, limits)?;
        Some((checkpoint, screen))
    });
    Ok(usable)
}

/// The screen of a checkpoint, at the place where that stands.
fn restored(checkpoint: &Checkpoint, limits: Limits) -> Option<Screen> {
    let mut screen = Screen::restore(&checkpoint.bytes, limits).ok()?;
    // One made by a release that did not count what it stepped over stands behind itself.
    screen.skip(checkpoint.offset.0.saturating_sub(screen.offset()));
    Some(screen)
}

/// The pane's checkpoints; `None` if there are none or if they are of a later release.
fn readable(dir: &Path) -> Result<Option<CheckpointReader>> {
    match CheckpointReader::open(dir) {
        Ok(checkpoints) => Ok(Some(checkpoints)),
        Err(Error::Newer { .. } | Error::Foreign { .. }) => Ok(None),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
