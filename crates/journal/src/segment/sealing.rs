//! Making a segment of a complete journal file, and then doing without the file.
//!
//! Nothing of the old is touched before the new is durable: the segment is written under another
//! name, synced, renamed, its directory synced, and only then the journal file is deleted. A crash
//! leaves a `.…fresh-…` file, or both, and the next run goes on from there.

use std::fs::File;
use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::OFlags;

use super::header::{ChunkEntry, IndexPlace};
use super::list::{self, SegmentFile, segment_file_name};
use super::{
    CHUNK, FILE_KIND, HEADER, INDEX, KEYFRAME, KeyframeEntry, LEVEL, MAX_CHUNK_BYTES, MAX_CHUNKS,
    MODE, SEAL, SegmentHeader, SegmentIndex, blob, check_segment, reader, times,
};
use crate::atomic::{FreshFile, sweep};
use crate::checkpoint::{Checkpoint, MAX_CHECKPOINT};
use crate::die;
use crate::dir;
use crate::error::{Error, Result};
use crate::files::{JournalFile, journal_files};
use crate::record::source::fill;
use crate::record::{HEADER_BYTES, encode};
use crate::units::{PaneUlid, Position};

/// All keyframes but the first take at most this part of what the chunks take.
const KEYFRAME_SHARE: u64 = 12;
/// Bytes that they may always take.
const KEYFRAME_ROOM: u64 = 32 * 1024;

/// One journal file on its way to be a segment. Dropped before [`Sealing::finish`], it has done
/// nothing.
#[derive(Debug)]
pub struct Sealing {
    dir: PathBuf,
    journal: JournalFile,
    source: File,
    fresh: FreshFile,
    header: SegmentHeader,
    index: SegmentIndex,
    /// How many chunks there will be.
    count: usize,
    /// Where the next record goes.
    at: u64,
}

/// The journal files that can be sealed, oldest first: all but the newest, with the lengths that
/// count. One that has a segment already is not among them.
pub fn sealable(dir: &Path) -> Result<Vec<JournalFile>> {
    let mut files = complete(dir)?;
    if !files.is_empty() {
        let (segments, _unusable) = list::segments(dir)?;
        files.retain(|file| segments.iter().all(|segment| segment.header.first != file.first));
    }
    Ok(files)
}

fn complete(dir: &Path) -> Result<Vec<JournalFile>> {
    let mut files = journal_files(dir)?;
    for at in 1..files.len() {
        // Where two files claim the same bytes, the later one has them.
        files[at - 1].len = files[at - 1].len.min(files[at].first.since(files[at - 1].first));
    }
    files.pop();
    files.retain(|file| file.len > 0);
    Ok(files)
}

/// Ends what a crash left half done: what was not in its place yet is deleted, and so is a journal file
/// whose segment is whole. One whose segment is damaged stays, and both are kept. Gives how many files
/// went.
///
/// Only for whoever seals here, because nobody else may be at it.
pub fn finish_sealings(dir: &Path) -> Result<usize> {
    sweep(dir, ".seg.fresh-")?;
    let files = complete(dir)?;
    if files.is_empty() {
        return Ok(0);
    }
    let (segments, _unusable) = list::segments(dir)?;
    let mut gone = 0;
    for file in files {
        let whole = segments
            .iter()
            .find(|segment| segment.header.first == file.first && segment.header.len == file.len);
        if let Some(segment) = whole
            && check_segment(&segment.path)?.is_empty()
        {
            delete_sealed(dir, &file)?;
            gone += 1;
        }
    }
    Ok(gone)
}

/// Deletes a journal file whose segment is in its place; the name of that is on the disk first.
fn delete_sealed(dir: &Path, file: &JournalFile) -> Result<()> {
    dir::sync(dir)?;
    die::here();
    match std::fs::remove_file(&file.path) {
        Ok(()) => {}
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
        Err(e) => return Err(Error::io("delete", &file.path)(e)),
    }
    die::here();
    dir::sync(dir)?;
    Ok(())
}

impl Sealing {
    /// Begins the segment of a complete journal file, in chunks of so many raw bytes, usually
    /// [`super::CHUNK_BYTES`].
    pub fn begin(
        dir: &Path,
        pane: PaneUlid,
        journal: &JournalFile,
        chunk_bytes: u32,
    ) -> Result<Self> {
        let source = dir::open_file(&journal.path, OFlags::RDONLY)
            .map_err(Error::errno("open", &journal.path))?;
        let chunk_bytes = fitting(journal.len, chunk_bytes)?;
        let count =
            usize::try_from(journal.len.div_ceil(u64::from(chunk_bytes))).unwrap_or(MAX_CHUNKS);
        let numbers = list::numbers(dir)?;
        let (segments, _unusable) = list::segments(dir)?;
        let number = numbers.last().map_or(0, |last| last.saturating_add(1));
        let previous = segments.last();
        let (events_from, clock) = match previous {
            Some(previous) => {
                let clock = list::open(dir, previous.header.number)
                    .and_then(|(_, reader)| reader.index())
                    .map(|index| index.clock);
                // Without it the clock is found by reading the events from their beginning.
                match clock {
                    Ok(Some(clock)) => (previous.header.events_to, Some(clock)),
                    Ok(None) | Err(_) => (Position::default(), None),
                }
            }
            None => (Position::default(), None),
        };
        let told = times::told(dir, events_from, clock, journal.first, journal.end())?;
        let fresh = FreshFile::create(&dir.join(segment_file_name(number)))?;
        die::here();
        let header = SegmentHeader {
            pane,
            number,
            first: journal.first,
            len: journal.len,
            chunk_bytes,
            previous: previous.map_or([0; 32], |previous| previous.header.hash()),
            wall_first_ns: told.wall_first_ns,
            wall_last_ns: told.wall_last_ns,
            events_from,
            events_to: told.to,
            events: told.events,
            keyframes: 0,
            index: IndexPlace::default(),
            seal: 0,
            chunks: Vec::new(),
        };
        let index = SegmentIndex { clock: told.clock, times: told.times, keyframes: Vec::new() };
        Ok(Self {
            dir: dir.to_owned(),
            journal: journal.clone(),
            source,
            fresh,
            header,
            index,
            count,
            at: SegmentHeader::chunks_at(count),
        })
    }

    /// Compresses and writes the next chunk. `false` when all are written. The cost of one call is
    /// bounded, so that whoever seals can stop in between.
    pub fn next_chunk(&mut self) -> Result<bool> {
        let number = self.header.chunks.len();
        if number >= self.count {
            return Ok(false);
        }
        let len = self.header.chunk_len(number);
        let mut raw = vec![0; len as usize];
        let position = (number as u64).saturating_mul(u64::from(self.header.chunk_bytes));
        let filled = fill(&self.source, position, &mut raw)
            .map_err(Error::io("read", &self.journal.path))?;
        if filled < raw.len() {
            // Only a fault shortens a complete file.
            return Err(Error::Malformed { what: "length of a journal file" });
        }
        let stored = pack(&raw)?;
        // What cannot be read back must not take the place of what can.
        if reader::unpack(&stored, len).as_deref() != Some(&raw[..]) {
            return Err(Error::Malformed { what: "compressed chunk" });
        }
        let leaf = *blake3::hash(&stored).as_bytes();
        let entry = ChunkEntry { stored: length(stored.len())?, leaf };
        self.write(CHUNK, &stored)?;
        self.header.chunks.push(entry);
        die::here();
        Ok(self.header.chunks.len() < self.count)
    }

    /// Adds a keyframe: the state at a place within the file or at its beginning. In ascending order,
    /// after the chunks. `false`: it was left out, because the keyframes so far have taken their share
    /// of the segment. The one at the first byte never is.
    pub fn add_keyframe(&mut self, state: &Checkpoint) -> Result<bool> {
        let size =
            u32::try_from(state.bytes.len()).ok().filter(|_| state.bytes.len() <= MAX_CHECKPOINT);
        let size = size.ok_or(Error::TooLarge {
            what: "keyframe",
            size: state.bytes.len() as u64,
            limit: MAX_CHECKPOINT as u64,
        })?;
        let stored = pack(&state.bytes)?;
        if state.offset > self.header.first {
            let behind = state.offset.since(self.header.first).min(self.header.len);
            let chunks: u64 = self.header.chunks.iter().map(|entry| u64::from(entry.stored)).sum();
            let whole = (chunks / KEYFRAME_SHARE).max(KEYFRAME_ROOM);
            // As much of the share as of the segment, so that they lie evenly in it.
            let allowed = u128::from(whole) * u128::from(behind) / u128::from(self.header.len);
            let taken = self.index.keyframes.iter().map(|entry| u128::from(entry.stored));
            if taken.skip(1).sum::<u128>() + stored.len() as u128 > allowed {
                return Ok(false);
            }
        }
        let entry = KeyframeEntry {
            offset: state.offset,
            events_position: state.events_position,
            engine: state.engine,
            size,
            stored: length(stored.len())?,
            checksum: crc32fast::hash(&state.bytes),
            at: self.at,
        };
        self.write(KEYFRAME, &stored)?;
        self.index.keyframes.push(entry);
        self.header.keyframes = self.header.keyframes.saturating_add(1);
        die::here();
        Ok(true)
    }

    /// Seals: when this returns the segment is durable in its place and the journal file is gone.
    pub fn finish(mut self) -> Result<SegmentFile> {
        while self.next_chunk()? {}
        let index = self.index.encode();
        let stored = pack(&index)?;
        self.header.index = IndexPlace {
            at: self.at,
            stored: length(stored.len())?,
            raw: length(index.len())?,
            hash: *blake3::hash(&stored).as_bytes(),
        };
        self.write(INDEX, &stored)?;
        self.header.seal = self.at;
        let path = self.dir.join(segment_file_name(self.header.number));
        let mut head = FILE_KIND.header().to_vec();
        encode(HEADER_BYTES as u64, HEADER, &self.header.encode(), &mut head)?;
        let file = &self.fresh.file;
        file.write_all_at(&head, 0).map_err(Error::io("write", &path))?;
        let seal = hash_of(file, self.at).map_err(Error::io("read back", &path))?;
        self.write(SEAL, &seal)?;
        die::here();
        let file = &self.fresh.file;
        file.set_permissions(std::fs::Permissions::from_mode(MODE))
            .map_err(Error::io("set the mode of", &path))?;
        if path.try_exists().map_err(Error::io("examine", &path))? {
            return Err(Error::Malformed { what: "number of a segment" });
        }
        // Somebody who deletes the oldest bytes may have come first; then there is nothing to seal.
        if !self.journal.path.try_exists().map_err(Error::io("examine", &self.journal.path))? {
            return Err(Error::io("seal", &self.journal.path)(std::io::ErrorKind::NotFound.into()));
        }
        self.fresh.replace(&path)?;
        die::here();
        delete_sealed(&self.dir, &self.journal)?;
        let size = self.header.file_len();
        Ok(SegmentFile { path, size, header: Arc::new(self.header) })
    }

    fn write(&mut self, kind: u16, bytes: &[u8]) -> Result<()> {
        let records = blob::records(self.at, kind, bytes)?;
        let path = self.dir.join(segment_file_name(self.header.number));
        self.fresh.file.write_all_at(&records, self.at).map_err(Error::io("write", &path))?;
        self.at = self.at.saturating_add(records.len() as u64);
        Ok(())
    }
}

/// Raw bytes of a chunk in a file of this length: more only for one that would not fit the header.
fn fitting(len: u64, chunk_bytes: u32) -> Result<u32> {
    let most = MAX_CHUNKS as u64;
    let least = u32::try_from(len.div_ceil(most)).unwrap_or(u32::MAX).max(chunk_bytes);
    if least > MAX_CHUNK_BYTES {
        let limit = most * u64::from(MAX_CHUNK_BYTES);
        return Err(Error::TooLarge { what: "journal file", size: len, limit });
    }
    Ok(least)
}

fn pack(bytes: &[u8]) -> Result<Vec<u8>> {
    zstd::bulk::compress(bytes, LEVEL).map_err(Error::io("compress", Path::new("a chunk")))
}

fn length(len: usize) -> Result<u32> {
    u32::try_from(len).map_err(|_too_large| Error::TooLarge {
        what: "chunk",
        size: len as u64,
        limit: u64::from(u32::MAX),
    })
}

/// The hash of the first bytes of a file.
pub(super) fn hash_of<S: crate::record::Source + ?Sized>(
    source: &S,
    end: u64,
) -> std::io::Result<[u8; 32]> {
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 256 * 1024];
    let mut at = 0;
    while at < end {
        let room = usize::try_from(end - at).unwrap_or(usize::MAX).min(buffer.len());
        let filled = fill(source, at, &mut buffer[..room])?;
        if filled == 0 {
            break;
        }
        hasher.update(&buffer[..filled]);
        at += filled as u64;
    }
    Ok(*hasher.finalize().as_bytes())
}
