//! The reading end of a recording, across journal files and segments, also while the keeper appends
//! and rotates and while somebody seals.
//!
//! It opens files itself, one at a time, and never holds more than that descriptor and one of the directory, once
//! it follows: a server has thousands of these. It learns of a rotation by the next file's name, which it can
//! compute, so directories are listed only at the start and when a file has gone. What a byte is read from makes
//! no difference to whoever asks for it.

mod place;

use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{OFlags, fstat, lstat};
use rustix::io::Errno;

use self::place::{Changed, Place};
use crate::checkpoint::Checkpoint;
use crate::dir;
use crate::error::{Damage, Error, Result};
use crate::event::{Gap, GapReason};
use crate::files::{journal_file_name, journal_files};
use crate::segment::{
    SegmentHeader, SegmentReader, open_segment, segment_file_name, segment_numbers,
};
use crate::units::Offset;

/// Places told of that could not be read; more only repeat what is known.
const MOST_DAMAGE: usize = 64;

/// What stands at an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadAt {
    /// So many bytes were read; all of them from one file.
    Bytes(usize),
    /// Nothing yet: the offset is at or behind the end.
    End,
    /// The recording does not hold these bytes; it goes on at `to`.
    Gap { to: Offset, reason: GapReason },
}

/// A reader of one pane's recording.
#[derive(Debug)]
pub struct JournalReader {
    dir: PathBuf,
    /// First offsets of the files seen, ascending. Older ones may have been deleted since, newer
    /// ones may have been added.
    firsts: Vec<Offset>,
    /// The segments among them. What was read of one holds for ever.
    sealed: BTreeMap<Offset, Arc<SegmentHeader>>,
    /// Numbers of segments that cannot be used: what they held is a gap.
    unusable: Vec<u32>,
    open: Option<Open>,
    /// Where the next file is looked for.
    place: Place,
    /// Gaps that `events` told of; only reasons are taken from them.
    gaps: Vec<Gap>,
    damage: Vec<Damage>,
}

#[derive(Debug)]
struct Open {
    first: Offset,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Journal(File),
    Segment(Box<SegmentReader>),
}

impl JournalReader {
    /// Lists what a pane's directory holds. No file yet is an empty recording.
    pub fn open(dir: &Path) -> Result<Self> {
        let mut reader = Self {
            dir: dir.to_owned(),
            firsts: Vec::new(),
            sealed: BTreeMap::new(),
            unusable: Vec::new(),
            open: None,
            place: Place::default(),
            gaps: Vec::new(),
            damage: Vec::new(),
        };
        reader.refresh()?;
        Ok(reader)
    }

    /// Reads up to `buf.len()` bytes from `offset`, never across the end of a file.
    pub fn read_at(&mut self, offset: Offset, buf: &mut [u8]) -> Result<ReadAt> {
        // A file that vanishes makes for another look at the directory; a trim deletes each file
        // once, so a handful of looks is plenty.
        const MOST_LOOKS: u32 = 8;
        let mut looks = 0;
        loop {
            if self.firsts.is_empty() {
                self.refresh()?;
            }
            let behind = self.firsts.partition_point(|first| *first <= offset);
            let next = self.firsts.get(behind).copied();
            let Some(first) = behind.checked_sub(1).and_then(|i| self.firsts.get(i)).copied()
            else {
                return Ok(next.map_or(ReadAt::End, |to| self.gap(offset, to)));
            };
            if !self.open_file(first)? {
                looks += 1;
                if looks > MOST_LOOKS {
                    return Ok(ReadAt::End);
                }
                self.refresh()?;
                continue;
            }
            // Where two files claim the same bytes, the later one has them.
            let room = next.unwrap_or(Offset(u64::MAX)).since(offset);
            if room == 0 {
                return Ok(ReadAt::End);
            }
            let room = usize::try_from(room).unwrap_or(usize::MAX).min(buf.len());
            let (count, deleted) = match self.read_open(offset, &mut buf[..room])? {
                ReadOpen::Bytes { count, deleted } => (count, deleted),
                ReadOpen::Damaged { to } => {
                    let to = next.map_or(to, |next| to.min(next));
                    return Ok(ReadAt::Gap { to, reason: GapReason::Damaged });
                }
            };
            if count > 0 || buf.is_empty() {
                return Ok(ReadAt::Bytes(count));
            }
            // The next file was known before this one was found to end here, so it is complete.
            if let Some(to) = next {
                return Ok(self.gap(offset, to));
            }
            if deleted && looks < MOST_LOOKS {
                // Its successors may be gone as well, so their names lead nowhere.
                looks += 1;
                self.refresh()?;
                self.open = None;
            } else if offset == first || !self.adopt(offset, None)? {
                return Ok(ReadAt::End);
            }
        }
    }

    /// The offset behind the last byte there is now.
    ///
    /// Costs two `fstat`, and one look-up of the next file's name unless nothing was put into the directory since the
    /// last.
    pub fn end(&mut self) -> Result<Offset> {
        if self.firsts.is_empty() {
            self.refresh()?;
        }
        let mut refreshed = false;
        loop {
            let Some(newest) = self.firsts.last().copied() else { return Ok(Offset::ZERO) };
            let settled = self.place.settled(&self.dir);
            let Some(len) = self.len(newest)? else {
                // Rotated and trimmed away since it was seen. A directory that keeps losing its
                // newest file is being deleted.
                if std::mem::replace(&mut refreshed, true) {
                    return Ok(newest);
                }
                self.refresh()?;
                self.open = None;
                continue;
            };
            let end = newest.plus(len);
            if end == newest || !self.adopt(end, settled)? {
                return Ok(end);
            }
        }
    }

    /// The first offset the recording still holds (or will hold, if it is empty).
    #[must_use]
    pub fn first(&self) -> Offset {
        self.firsts.first().copied().unwrap_or(Offset::ZERO)
    }

    /// Whether a file begins at this offset, as far as was seen.
    #[must_use]
    pub fn begins_file(&self, offset: Offset) -> bool {
        self.firsts.binary_search(&offset).is_ok()
    }

    /// First offsets of the files, ascending, as far as was seen.
    #[must_use]
    pub fn firsts(&self) -> &[Offset] {
        &self.firsts
    }

    /// The keyframe with the greatest offset from `floor` to `at`, of an engine that `takes` it. Damaged
    /// ones are passed over: they are a cache.
    pub fn keyframe(
        &self,
        floor: Offset,
        at: Offset,
        takes: impl Fn(u16) -> bool,
    ) -> Option<Checkpoint> {
        let behind = self.sealed.range(..=at).rev().take_while(|(_, header)| header.end() >= floor);
        for header in behind.map(|(_, header)| header).filter(|header| header.keyframes > 0) {
            let opened = open_segment(&self.dir, header.number);
            let Ok((reader, index)) =
                opened.and_then(|(_, reader)| reader.index().map(|index| (reader, index)))
            else {
                continue;
            };
            let usable = index
                .keyframes
                .iter()
                .rev()
                .filter(|entry| (floor..=at).contains(&entry.offset) && takes(entry.engine));
            if let Some(keyframe) = usable.map(|entry| reader.keyframe(entry)).find_map(Result::ok)
            {
                return Some(keyframe);
            }
        }
        None
    }

    /// The headers of the segments, in the order of their bytes, as far as was seen.
    pub fn segments(&self) -> impl Iterator<Item = &SegmentHeader> {
        self.sealed.values().map(|header| &**header)
    }

    /// Where the keyframes of the segment stand that begins at an offset.
    #[must_use]
    pub fn keyframe_places(&self, first: Offset) -> Vec<Offset> {
        let index = self
            .sealed
            .get(&first)
            .and_then(|header| open_segment(&self.dir, header.number).ok())
            .and_then(|(_, reader)| reader.index().ok());
        index.map_or_else(Vec::new, |index| index.keyframes.iter().map(|at| at.offset).collect())
    }

    /// Places in files that could not be read since this was asked last.
    pub fn take_damage(&mut self) -> Vec<Damage> {
        std::mem::take(&mut self.damage)
    }

    /// Takes note of a gap that `events` recorded: it gives the reason when that gap is met, and it
    /// tells of a file that begins behind lost bytes.
    pub fn learn_gap(&mut self, gap: Gap) -> Result<()> {
        let news = self.firsts.last().is_none_or(|newest| gap.to > *newest);
        if !self.gaps.contains(&gap) {
            self.gaps.push(gap);
        }
        if news { self.refresh() } else { Ok(()) }
    }

    /// Lists the directory again.
    pub fn refresh(&mut self) -> Result<()> {
        // Another may have taken its place.
        self.place = Place::default();
        // The journal first: a file that is sealed in between is then found as a segment.
        let journal = journal_files(&self.dir)?;
        let numbers = segment_numbers(&self.dir)?;
        self.sealed.retain(|_, header| numbers.binary_search(&header.number).is_ok());
        self.unusable.retain(|number| numbers.binary_search(number).is_ok());
        let known: Vec<u32> = self.sealed.values().map(|header| header.number).collect();
        for number in numbers {
            if known.contains(&number) || self.unusable.contains(&number) {
                continue;
            }
            match open_segment(&self.dir, number) {
                Ok((file, _)) => {
                    self.sealed.insert(file.header.first, file.header);
                }
                Err(error) if error.is_not_found() => {}
                Err(Error::Damaged(damage)) => {
                    self.unusable.push(number);
                    self.note(damage);
                }
                Err(Error::ForeignSegment { path, .. } | Error::Newer { path, .. }) => {
                    self.unusable.push(number);
                    self.note(Damage { path, from: crate::Position(0), resume: None });
                }
                Err(error) => return Err(error),
            }
        }
        self.firsts = journal.iter().map(|file| file.first).collect();
        self.firsts.extend(self.sealed.keys());
        self.firsts.sort_unstable();
        self.firsts.dedup();
        Ok(())
    }

    fn note(&mut self, damage: Damage) {
        if self.damage.len() < MOST_DAMAGE && !self.damage.contains(&damage) {
            self.damage.push(damage);
        }
    }

    fn gap(&self, offset: Offset, to: Offset) -> ReadAt {
        let known = self.gaps.iter().rev().find(|gap| gap.from <= offset && offset < gap.to);
        let otherwise =
            if self.unusable.is_empty() { GapReason::Unknown } else { GapReason::Damaged };
        ReadAt::Gap { to, reason: known.map_or(otherwise, |gap| gap.reason) }
    }

    /// Opens what begins at `first`, if it is still there.
    fn open_file(&mut self, first: Offset) -> Result<bool> {
        if self.open.as_ref().is_none_or(|open| open.first != first) {
            let path = self.dir.join(journal_file_name(first));
            let source = match dir::open_file(&path, OFlags::RDONLY) {
                Ok(file) => Some(Source::Journal(file)),
                Err(Errno::NOENT) => self.open_segment(first)?,
                Err(errno) => return Err(Error::errno("open", &path)(errno)),
            };
            self.open = source.map(|source| Open { first, source });
        }
        Ok(self.open.is_some())
    }

    fn open_segment(&mut self, first: Offset) -> Result<Option<Source>> {
        let Some(header) = self.sealed.get(&first) else { return Ok(None) };
        match open_segment(&self.dir, header.number) {
            Ok((_, reader)) if reader.header() == header => {
                Ok(Some(Source::Segment(Box::new(reader))))
            }
            // Another one now, or damaged since: the next look at the directory finds out.
            Ok(_) | Err(Error::Damaged(_) | Error::ForeignSegment { .. } | Error::Newer { .. }) => {
                self.sealed.remove(&first);
                Ok(None)
            }
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn read_open(&mut self, offset: Offset, buf: &mut [u8]) -> Result<ReadOpen> {
        let Some(Open { first, source }) = &mut self.open else {
            return Ok(ReadOpen::Bytes { count: 0, deleted: true });
        };
        match source {
            Source::Journal(file) => {
                let read = read(file, buf, offset.since(*first));
                let deleted = matches!(read, Ok(0)) && is_deleted(file);
                let path = || self.dir.join(journal_file_name(*first));
                let count = read.map_err(|error| Error::io("read", &path())(error))?;
                Ok(ReadOpen::Bytes { count, deleted })
            }
            Source::Segment(reader) => match reader.read_at(offset, buf) {
                Ok(count) => {
                    Ok(ReadOpen::Bytes { count, deleted: count == 0 && reader.is_deleted() })
                }
                Err(Error::Damaged(damage)) => {
                    let to = reader.chunk_end(offset);
                    self.note(damage);
                    Ok(ReadOpen::Damaged { to })
                }
                Err(error) => Err(error),
            },
        }
    }

    /// The length of the newest file; `None` if it has been deleted.
    fn len(&self, newest: Offset) -> Result<Option<u64>> {
        let path = || self.dir.join(journal_file_name(newest));
        let stat = match &self.open {
            Some(Open { first, source: Source::Journal(file) }) if *first == newest => fstat(file),
            _ => lstat(path()),
        };
        match stat {
            Ok(stat) if stat.st_nlink > 0 => Ok(Some(u64::try_from(stat.st_size).unwrap_or(0))),
            Ok(_) | Err(Errno::NOENT) => Ok(self.sealed_len(newest)),
            Err(errno) => Err(Error::errno("examine", &path())(errno)),
        }
    }

    fn sealed_len(&self, newest: Offset) -> Option<u64> {
        let header = self.sealed.get(&newest)?;
        self.dir.join(segment_file_name(header.number)).exists().then_some(header.len)
    }

    /// Takes the file that begins at `first` into the list if there is one. It need not be looked for again while the
    /// directory is as it was found settled before `first` was measured.
    fn adopt(&mut self, first: Offset, settled: Option<Changed>) -> Result<bool> {
        let name = journal_file_name(first);
        match self.place.holds(&self.dir, &name, settled) {
            Ok(true) => {
                self.firsts.push(first);
                Ok(true)
            }
            Ok(false) | Err(Errno::NOENT) => Ok(false),
            Err(errno) => Err(Error::errno("examine", &self.dir.join(name))(errno)),
        }
    }
}

/// What came of reading the open file.
enum ReadOpen {
    Bytes {
        count: usize,
        deleted: bool,
    },
    /// The bytes up to there cannot be read.
    Damaged {
        to: Offset,
    },
}

fn is_deleted(file: &File) -> bool {
    file.metadata().is_ok_and(|meta| meta.nlink() == 0)
}

fn read(file: &File, buf: &mut [u8], position: u64) -> std::io::Result<usize> {
    loop {
        match file.read_at(buf, position) {
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

#[cfg(test)]
mod tests;
