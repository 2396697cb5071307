//! The reading end of a pane's journal, across files, also while the keeper appends and rotates.
//!
//! It opens files itself, one at a time, and never holds more than one descriptor: a server has
//! thousands of these. It learns of a rotation by the next file's name, which it can compute, so
//! directories are listed only at the start and when a file has gone.

use std::fs::File;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use crate::dir;
use crate::error::{Error, Result};
use crate::event::{Gap, GapReason};
use crate::files::{journal_file_name, journal_files};
use crate::units::Offset;

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

/// A reader of one pane's journal.
#[derive(Debug)]
pub struct JournalReader {
    dir: PathBuf,
    /// First offsets of the files seen, ascending. Older ones may have been deleted since, newer
    /// ones may have been added.
    firsts: Vec<Offset>,
    open: Option<OpenFile>,
    /// Gaps that `events` told of; only reasons are taken from them.
    gaps: Vec<Gap>,
}

#[derive(Debug)]
struct OpenFile {
    first: Offset,
    file: File,
}

impl JournalReader {
    /// Lists the journal of a pane's directory. No file yet is an empty journal.
    pub fn open(dir: &Path) -> Result<Self> {
        let mut reader =
            Self { dir: dir.to_owned(), firsts: Vec::new(), open: None, gaps: Vec::new() };
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
            let Some(open) = self.open_file(first)? else {
                looks += 1;
                if looks > MOST_LOOKS {
                    return Ok(ReadAt::End);
                }
                self.refresh()?;
                continue;
            };
            // Where two files claim the same bytes, the later one has them.
            let room = next.unwrap_or(Offset(u64::MAX)).since(offset);
            if room == 0 {
                return Ok(ReadAt::End);
            }
            let room = usize::try_from(room).unwrap_or(usize::MAX).min(buf.len());
            let read = read(&open.file, &mut buf[..room], offset.since(first));
            let deleted = matches!(read, Ok(0)) && is_deleted(&open.file);
            let count = match read {
                Ok(count) => count,
                Err(e) => {
                    return Err(Error::io("read", &self.dir.join(journal_file_name(first)))(e));
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
            } else if offset == first || !self.adopt(offset)? {
                return Ok(ReadAt::End);
            }
        }
    }

    /// The offset behind the last byte there is now.
    ///
    /// Costs one `fstat` and one look-up of the next file's name.
    pub fn end(&mut self) -> Result<Offset> {
        if self.firsts.is_empty() {
            self.refresh()?;
        }
        let mut refreshed = false;
        loop {
            let Some(newest) = self.firsts.last().copied() else { return Ok(Offset::ZERO) };
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
            if end == newest || !self.adopt(end)? {
                return Ok(end);
            }
        }
    }

    /// The first offset the journal still holds (or will hold, if it is empty).
    #[must_use]
    pub fn first(&self) -> Offset {
        self.firsts.first().copied().unwrap_or(Offset::ZERO)
    }

    /// Whether a journal file begins at this offset, as far as was seen.
    #[must_use]
    pub fn begins_file(&self, offset: Offset) -> bool {
        self.firsts.binary_search(&offset).is_ok()
    }

    /// First offsets of the files, ascending, as far as was seen.
    #[must_use]
    pub fn firsts(&self) -> &[Offset] {
        &self.firsts
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
        self.firsts = journal_files(&self.dir)?.iter().map(|file| file.first).collect();
        Ok(())
    }

    fn gap(&self, offset: Offset, to: Offset) -> ReadAt {
        let known = self.gaps.iter().rev().find(|gap| gap.from <= offset && offset < gap.to);
        ReadAt::Gap { to, reason: known.map_or(GapReason::Unknown, |gap| gap.reason) }
    }

    /// The file that begins at `first`, or `None` if it is gone.
    fn open_file(&mut self, first: Offset) -> Result<Option<&OpenFile>> {
        if self.open.as_ref().is_none_or(|open| open.first != first) {
            let path = self.dir.join(journal_file_name(first));
            self.open = match dir::open_file(&path, OFlags::RDONLY) {
                Ok(file) => Some(OpenFile { first, file }),
                Err(rustix::io::Errno::NOENT) => None,
                Err(errno) => return Err(Error::errno("open", &path)(errno)),
            };
        }
        Ok(self.open.as_ref())
    }

    /// The length of the newest file; `None` if it has been deleted.
    fn len(&self, newest: Offset) -> Result<Option<u64>> {
        let path = self.dir.join(journal_file_name(newest));
        let meta = match &self.open {
            Some(open) if open.first == newest => open.file.metadata(),
            _ => std::fs::symlink_metadata(&path),
        };
        match meta {
            Ok(meta) => Ok((meta.nlink() > 0).then_some(meta.len())),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(Error::io("examine", &path)(e)),
        }
    }

    /// Takes the file that begins at `first` into the list if there is one.
    fn adopt(&mut self, first: Offset) -> Result<bool> {
        let path = self.dir.join(journal_file_name(first));
        match std::fs::symlink_metadata(&path) {
            Ok(meta) if meta.is_file() => {
                self.firsts.push(first);
                Ok(true)
            }
            Ok(_) => Ok(false),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(e) => Err(Error::io("examine", &path)(e)),
        }
    }
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
