//! Deleting a stretch out of the middle of a recording. Owns that of the stretch nothing is left in any file,
//! that everything else stays at its offset, and that a process that dies within leaves what can be done again.
//!
//! A segment that holds bytes of the stretch, or any behind it, is taken apart into journal files without it: its
//! keyframes and lines hold what was printed before. Sealed again, the chain of headers is whole. Whoever calls
//! has written down what is to go ([`begin_forgetting`]), nobody else writes here meanwhile but the keeper into
//! the newest file, and that one begins at the end of the stretch or behind it.

use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use rustix::fs::OFlags;

use crate::atomic::{FreshFile, atomic_write, sweep_leftovers};
use crate::checkpoint::{Checkpoint, CheckpointLog};
use crate::die;
use crate::dir;
use crate::error::{Error, Result};
use crate::files::{JournalFile, journal_file_name, journal_files};
use crate::lines::lines_file_name;
use crate::segment::{SegmentFile, SegmentReader, UnusableSegment, segments};
use crate::units::Offset;

/// Names what is being forgotten: two offsets in decimal. Gone when it is done.
const FORGET_FILE: &str = "forget";
/// Bytes that are copied at a time.
const COPY_BYTES: usize = 256 * 1024;

/// A stretch of a recording: from a byte up to, not including, another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub from: Offset,
    pub to: Offset,
}

/// What went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Bytes of the recording that are no longer held.
    pub bytes: u64,
    /// Segments that were taken apart.
    pub segments: u64,
}

/// Writes down what is to be forgotten, durably, so that a crash does not stop it.
///
/// # Errors
/// The disk's, or a segment cannot be looked into; nothing is to be forgotten then.
pub fn begin_forgetting(dir: &Path, stretch: Stretch) -> Result<()> {
    affected(dir, stretch)?;
    let text = format!("{} {}\n", stretch.from, stretch.to);
    atomic_write(&dir.join(FORGET_FILE), text.as_bytes(), 0o600)
}

/// What was to be forgotten and may not be yet.
#[must_use]
pub fn forgetting(dir: &Path) -> Option<Stretch> {
    let text = std::fs::read_to_string(dir.join(FORGET_FILE)).ok()?;
    let (from, to) = text.trim_end().split_once(' ')?;
    let offset = |text: &str| text.parse().ok().map(Offset);
    Some(Stretch { from: offset(from)?, to: offset(to)? })
}

/// It is done, everywhere.
///
/// # Errors
/// The disk's; it will be done once more then.
pub fn end_forgetting(dir: &Path) -> Result<()> {
    let path = dir.join(FORGET_FILE);
    match std::fs::remove_file(&path) {
        Ok(()) => Ok(dir::sync(dir)?),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(Error::io("delete", &path)(e)),
    }
}

/// Takes the stretch out of all files but `events` and `marks`. Later checkpoints go, as their screens hold what
/// it printed; those that are given, which hold no text, take their place. Says how many bytes of how many are
/// gone through. Done again, it changes nothing more.
///
/// # Errors
/// The disk's. What is in its place by then is whole. If a segment cannot be looked into, or a newer release made
/// it, nothing was touched.
pub fn forget(
    dir: &Path,
    stretch: Stretch,
    without_text: &[Checkpoint],
    tell: &mut dyn FnMut(u64, u64),
) -> Result<Forgotten> {
    let Stretch { from, to } = stretch;
    let mut done = Forgotten::default();
    let Affected { later, lost } = affected(dir, stretch)?;
    sweep_leftovers(dir)?;
    let (mut checkpoints, _) = CheckpointLog::open(dir)?;
    checkpoints.keep_until(from, without_text)?;
    drop(checkpoints);
    remove_set_aside(dir)?;
    for file in lost {
        remove(&dir.join(lines_file_name(file.number)))?;
        remove(&file.path)?;
    }
    let total = later.iter().map(|file| file.header.len).sum();
    let mut behind = 0;
    // The newest first, so that numbers go on counting in the order of the bytes wherever this ends.
    for file in later.iter().rev() {
        done.bytes += take_apart(dir, file, stretch)?;
        done.segments += 1;
        behind += file.header.len;
        tell(behind, total);
    }
    let files = journal_files(dir)?;
    let end = files.last().map_or(to, JournalFile::end);
    for (at, file) in files.iter().enumerate() {
        // Where two files claim the same bytes, the later one has them.
        let next = files.get(at + 1).map_or(Offset(u64::MAX), |next| next.first);
        let file_end = file.end().min(next);
        if file.first < to && file.end() > from {
            let first = file.first;
            done.bytes += file_end.min(to).since(first.max(from));
            cut(dir, file, file_end, stretch)?;
        }
    }
    // The recording does not become shorter: what comes next stands where it would have.
    if end <= to && !dir.join(journal_file_name(to)).exists() {
        FreshFile::create(&dir.join(journal_file_name(to)))?
            .replace(&dir.join(journal_file_name(to)))?;
    }
    dir::sync(dir)?;
    Ok(done)
}

/// Segments that a stretch changes.
struct Affected {
    /// Those that hold bytes of it, and all behind.
    later: Vec<SegmentFile>,
    /// Files among them and behind them that nobody can read: nobody can say what is in them.
    lost: Vec<UnusableSegment>,
}

/// Finds them in one look, so that what is taken apart and what is deleted are not of two different listings.
fn affected(dir: &Path, stretch: Stretch) -> Result<Affected> {
    let (files, unusable) = segments(dir)?;
    let behind = files.partition_point(|file| file.header.end() <= stretch.from);
    let first = match files.get(behind) {
        // Whatever stands before it ends before the stretch.
        Some(file) if file.header.first <= stretch.from => file.header.number,
        _ => files[..behind].last().map_or(0, |file| file.header.number.saturating_add(1)),
    };
    let mut lost = Vec::new();
    for file in unusable.into_iter().filter(|file| file.number >= first) {
        match file.why {
            Error::Damaged(_) | Error::ForeignSegment { .. } => lost.push(file),
            // What is refused, or could not be read this time, is no reason to delete it.
            why => return Err(why),
        }
    }
    let later = files.into_iter().skip(behind).collect();
    Ok(Affected { later, lost })
}

/// Makes journal files of a segment, without the stretch, and deletes it. Gives how many bytes are left out.
/// What is damaged is left out too, and not counted.
fn take_apart(dir: &Path, file: &SegmentFile, stretch: Stretch) -> Result<u64> {
    let (first, end) = (file.header.first, file.header.end());
    let parts = [(first.max(stretch.to), end), (first, end.min(stretch.from))];
    for (from, to) in parts.into_iter().filter(|(from, to)| from < to) {
        unseal(dir, file, from, to)?;
        die::here();
    }
    let lines = dir.join(lines_file_name(file.header.number));
    for path in [lines, file.path.clone()] {
        remove(&path)?;
        die::here();
    }
    dir::sync(dir)?;
    Ok(end.min(stretch.to).since(first.max(stretch.from)))
}

/// Writes bytes of a segment as journal files: one, and another one behind each damage.
fn unseal(dir: &Path, file: &SegmentFile, from: Offset, to: Offset) -> Result<()> {
    let mut reader = SegmentReader::open(&file.path)?;
    let mut buffer = vec![0; COPY_BYTES];
    let mut at = from;
    while at < to {
        let path = dir.join(journal_file_name(at));
        let mut fresh = FreshFile::create(&path)?;
        let began = at;
        while at < to {
            let room = usize::try_from(to.since(at)).unwrap_or(usize::MAX).min(COPY_BYTES);
            match reader.read_at(at, &mut buffer[..room]) {
                Ok(0) => {
                    return Err(Error::Malformed { what: "segment that is shorter than it says" });
                }
                Ok(count) => {
                    fresh.file.write_all(&buffer[..count]).map_err(Error::io("write", &path))?;
                    at = at.plus(count as u64);
                }
                Err(Error::Damaged(_)) if at == began => {
                    at = reader.chunk_end(at).min(to);
                    break;
                }
                Err(Error::Damaged(_)) => break,
                Err(error) => return Err(error),
            }
        }
        if fresh.file.metadata().map_err(Error::io("examine", &path))?.len() > 0 {
            fresh.replace(&path)?;
        }
    }
    Ok(())
}

/// Takes the stretch out of a journal file that is complete: what is behind it becomes a file of its own first.
fn cut(dir: &Path, file: &JournalFile, end: Offset, stretch: Stretch) -> Result<()> {
    let Stretch { from, to } = stretch;
    let source =
        dir::open_file(&file.path, OFlags::RDWR).map_err(Error::errno("open", &file.path))?;
    if end > to {
        let path = dir.join(journal_file_name(to));
        let mut fresh = FreshFile::create(&path)?;
        let mut buffer = vec![0; COPY_BYTES];
        let mut at = to;
        while at < end {
            let room = usize::try_from(end.since(at)).unwrap_or(usize::MAX).min(COPY_BYTES);
            let count = source
                .read_at(&mut buffer[..room], at.since(file.first))
                .map_err(Error::io("read", &file.path))?;
            if count == 0 {
                break;
            }
            fresh.file.write_all(&buffer[..count]).map_err(Error::io("write", &path))?;
            at = at.plus(count as u64);
        }
        fresh.replace(&path)?;
        die::here();
    }
    if file.first < from {
        source.set_len(from.since(file.first)).map_err(Error::io("cut", &file.path))?;
        source.sync_all().map_err(Error::io("sync", &file.path))?;
    } else {
        // Whoever has it open reads nothing of it any more.
        source.set_len(0).map_err(Error::io("cut", &file.path))?;
        die::here();
        remove(&file.path)?;
    }
    die::here();
    Ok(())
}

/// Deletes copies of record files that were set aside as damaged.
fn remove_set_aside(dir: &Path) -> Result<()> {
    for entry in std::fs::read_dir(dir).map_err(Error::io("list", dir))? {
        let entry = entry.map_err(Error::io("list", dir))?;
        if entry.file_name().to_str().is_some_and(|name| name.contains(".damaged-")) {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(Error::io("delete", path)(e)),
    }
}

#[cfg(test)]
mod tests;
