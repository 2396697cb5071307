//! Reading a segment: any byte, any keyframe, the index. Each is checked before it is believed.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::OFlags;

use super::header::HeaderFault;
use super::{
    CHUNK, FILE_KIND, HEADER, INDEX, KEYFRAME, KeyframeEntry, MAX_CHUNK_BYTES, SegmentHeader,
    SegmentIndex, blob,
};
use crate::checkpoint::{Checkpoint, MAX_CHECKPOINT};
use crate::dir;
use crate::error::{Error, Result};
use crate::record::source::fill;
use crate::record::{
    HEADER_BYTES, HeaderState, MAX_RECORD, Parsed, Source, VERSION, inspect_header, parse,
};
use crate::units::Offset;

/// Largest index that is read.
const MAX_INDEX: u32 = 8 * 1024 * 1024;

/// A reader of one segment. It holds one chunk at a time.
#[derive(Debug)]
pub struct SegmentReader<S: Source = File> {
    source: S,
    path: PathBuf,
    header: Arc<SegmentHeader>,
    /// The chunk that was read last.
    chunk: Option<(usize, Vec<u8>)>,
}

impl SegmentReader<File> {
    /// Opens a segment and reads its header.
    pub fn open(path: &Path) -> Result<Self> {
        let file = dir::open_file(path, OFlags::RDONLY).map_err(Error::errno("open", path))?;
        Self::new(file, path)
    }

    /// Whether its name is gone.
    pub(crate) fn is_deleted(&self) -> bool {
        use std::os::unix::fs::MetadataExt as _;
        self.source.metadata().is_ok_and(|meta| meta.nlink() == 0)
    }
}

impl<S: Source> SegmentReader<S> {
    /// Reads a segment from `source`; `path` is what messages call it.
    pub fn new(source: S, path: &Path) -> Result<Self> {
        let mut bytes = vec![0; HEADER_BYTES + MAX_RECORD];
        let filled = fill(&source, 0, &mut bytes).map_err(Error::io("read", path))?;
        let bytes = &bytes[..filled];
        match inspect_header(FILE_KIND, bytes) {
            HeaderState::Good => {}
            HeaderState::Newer(found) => {
                return Err(Error::Newer { path: path.to_owned(), found, known: VERSION });
            }
            HeaderState::Partial | HeaderState::Bad => return Err(blob::damaged(path, 0)),
        }
        let at = HEADER_BYTES as u64;
        let behind = bytes.get(HEADER_BYTES..).unwrap_or_default();
        let Parsed::Record { kind: HEADER, body } = parse(at, behind) else {
            return Err(blob::damaged(path, at));
        };
        let header = SegmentHeader::decode(body).map_err(|fault| match fault {
            HeaderFault::Malformed => blob::damaged(path, at),
            HeaderFault::Unknown => {
                Error::Newer { path: path.to_owned(), found: VERSION + 1, known: VERSION }
            }
        })?;
        Ok(Self { source, path: path.to_owned(), header: Arc::new(header), chunk: None })
    }

    #[must_use]
    pub fn header(&self) -> &Arc<SegmentHeader> {
        &self.header
    }

    /// Reads at `offset`, never across the end of a chunk; 0 at the end of the segment.
    ///
    /// # Errors
    /// [`Error::Damaged`] names the place of a chunk that is not what was written. What lies behind
    /// it is read at [`SegmentReader::chunk_end`].
    pub fn read_at(&mut self, offset: Offset, buf: &mut [u8]) -> Result<usize> {
        if offset < self.header.first || offset >= self.header.end() || buf.is_empty() {
            return Ok(0);
        }
        let within = offset.since(self.header.first);
        let chunk_bytes = u64::from(self.header.chunk_bytes);
        let number = usize::try_from(within / chunk_bytes).unwrap_or(usize::MAX);
        let skip = usize::try_from(within % chunk_bytes).unwrap_or(usize::MAX);
        if self.chunk.as_ref().is_none_or(|(held, _)| *held != number) {
            self.chunk = None;
            self.chunk = Some((number, self.chunk(number)?));
        }
        let bytes = self.chunk.as_ref().map_or(&[][..], |(_, bytes)| bytes.as_slice());
        let rest = bytes.get(skip..).unwrap_or_default();
        let count = rest.len().min(buf.len());
        buf[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    /// The offset behind the chunk that holds `offset`.
    #[must_use]
    pub fn chunk_end(&self, offset: Offset) -> Offset {
        let chunk_bytes = u64::from(self.header.chunk_bytes);
        let chunk = offset.since(self.header.first) / chunk_bytes;
        let end = chunk.saturating_add(1).saturating_mul(chunk_bytes).min(self.header.len);
        self.header.first.plus(end)
    }

    /// Reads the index.
    pub fn index(&self) -> Result<SegmentIndex> {
        let place = self.header.index;
        let damaged = || blob::damaged(&self.path, place.at);
        if place.raw > MAX_INDEX || place.stored > place.raw.saturating_add(1024) {
            return Err(damaged());
        }
        let stored = blob::read(&self.source, &self.path, place.at, INDEX, place.stored)?;
        if blake3::hash(&stored).as_bytes() != &place.hash {
            return Err(damaged());
        }
        let bytes = unpack(&stored, place.raw).ok_or_else(damaged)?;
        SegmentIndex::decode(&bytes).map_err(|_fault| damaged())
    }

    /// Reads a keyframe.
    pub fn keyframe(&self, entry: &KeyframeEntry) -> Result<Checkpoint> {
        let damaged = || blob::damaged(&self.path, entry.at);
        let fits = entry.size as usize <= MAX_CHECKPOINT
            && entry.stored <= entry.size.saturating_add(entry.size / 128).saturating_add(1024);
        if !fits {
            return Err(damaged());
        }
        let stored = blob::read(&self.source, &self.path, entry.at, KEYFRAME, entry.stored)?;
        let bytes = unpack(&stored, entry.size).ok_or_else(damaged)?;
        if crc32fast::hash(&bytes) != entry.checksum {
            return Err(damaged());
        }
        Ok(Checkpoint {
            offset: entry.offset,
            events_position: entry.events_position,
            engine: entry.engine,
            bytes,
        })
    }

    /// Bytes of the file.
    pub(super) fn size(&self) -> Result<u64> {
        self.source.size().map_err(Error::io("examine", &self.path))
    }

    pub(super) fn source(&self) -> &S {
        &self.source
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The raw bytes of a chunk.
    pub(super) fn chunk(&self, number: usize) -> Result<Vec<u8>> {
        let at = self.header.chunk_at(number);
        let damaged = || blob::damaged(&self.path, at);
        let entry = self.header.chunks.get(number).ok_or_else(damaged)?;
        if entry.stored > MAX_CHUNK_BYTES + MAX_CHUNK_BYTES / 128 {
            return Err(damaged());
        }
        let stored = blob::read(&self.source, &self.path, at, CHUNK, entry.stored)?;
        if blake3::hash(&stored).as_bytes() != &entry.leaf {
            return Err(damaged());
        }
        unpack(&stored, self.header.chunk_len(number)).ok_or_else(damaged)
    }
}

/// Decompresses what is said to be so long, and not a byte more. `None` if it is anything else.
pub(super) fn unpack(stored: &[u8], len: u32) -> Option<Vec<u8>> {
    let bytes = zstd::bulk::decompress(stored, len as usize).ok()?;
    (bytes.len() == len as usize).then_some(bytes)
}
