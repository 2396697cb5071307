//! Reading a record file from any position, also while another process appends to it.
//!
//! "Need more" is not "bad": a record that is not whole yet is simply not there yet. The reader
//! never changes a file.

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use super::source::fill;
use super::{
    FileKind, HEADER_BYTES, HeaderState, MAX_RECORD, Parsed, RECORD_HEAD_BYTES, Record, Source,
    VERSION, find_record, inspect_header, parse,
};
use crate::dir;
use crate::error::{Damage, Error, Result};
use crate::units::Position;

/// How much is read at once.
const CHUNK: usize = MAX_RECORD;

/// A reader of one record file.
#[derive(Debug)]
pub struct RecordReader<S: Source = File> {
    source: S,
    kind: FileKind,
    /// For messages only.
    path: PathBuf,
    /// Where the next record starts. Never moves over bytes that were not a valid record, except by
    /// [`RecordReader::skip_damage`] and [`RecordReader::seek`].
    next: u64,
    header_seen: bool,
    /// So many bytes from `buffer_at` on are held in it. They may be out of date behind the last whole record,
    /// so nothing is called missing or bad before it was read afresh. What is behind them is never looked at,
    /// nor cleared: whoever follows a recording reads a few bytes at a time.
    buffer: Vec<u8>,
    held: usize,
    buffer_at: u64,
}

impl RecordReader<File> {
    /// Opens the file at its first record.
    pub fn open(path: &Path, kind: FileKind) -> Result<Self> {
        let file = dir::open_file(path, OFlags::RDONLY).map_err(Error::errno("open", path))?;
        Ok(Self::new(file, kind, path))
    }
}

impl<S: Source> RecordReader<S> {
    /// Reads records from `source`; `path` is what messages call it.
    pub fn new(source: S, kind: FileKind, path: &Path) -> Self {
        Self {
            source,
            kind,
            path: path.to_owned(),
            next: HEADER_BYTES as u64,
            header_seen: false,
            buffer: Vec::new(),
            held: 0,
            buffer_at: 0,
        }
    }

    /// Where the next record starts.
    #[must_use]
    pub fn position(&self) -> Position {
        Position(self.next)
    }

    /// Goes on reading at a position that this file's reader or writer gave earlier.
    pub fn seek(&mut self, position: Position) {
        self.next = position.0.max(HEADER_BYTES as u64);
    }

    /// The next record; `None` if it is not there yet.
    ///
    /// A bad record gives [`Error::Damaged`] again and again until [`RecordReader::skip_damage`] or
    /// [`RecordReader::seek`] moves on.
    pub fn next_record(&mut self) -> Result<Option<Record>> {
        let position = self.position();
        let Some((kind, body)) = self.next_parts()? else { return Ok(None) };
        Ok(Some(Record { position, kind, body: self.body(body).to_vec() }))
    }

    /// Looks for the next valid record behind damage and moves there. `false` if none is there yet.
    pub fn skip_damage(&mut self) -> Result<bool> {
        let size = self.size()?;
        let from = if self.header_seen { self.next.saturating_add(1) } else { HEADER_BYTES as u64 };
        let found = find_record(&self.source, from, size).map_err(self.read_failed())?;
        if let Some(found) = found {
            self.header_seen = true;
            self.next = found;
        }
        Ok(found.is_some())
    }

    /// How many bytes stand behind the last whole record; a torn tail if nobody is writing.
    pub fn pending(&self) -> Result<u64> {
        Ok(self.size()?.saturating_sub(self.next))
    }

    /// Where the file ends now, whole records or not.
    pub(crate) fn end(&self) -> Result<Position> {
        Ok(Position(self.size()?))
    }

    /// The next record's kind and where in the buffer its body is.
    pub(crate) fn next_parts(&mut self) -> Result<Option<(u16, Range<usize>)>> {
        if !self.header_seen && !self.check_header()? {
            return Ok(None);
        }
        let mut fresh = false;
        loop {
            let skip = self.next.checked_sub(self.buffer_at).and_then(|n| usize::try_from(n).ok());
            let start = skip.filter(|skip| *skip <= self.held);
            if let Some(start) = start {
                match parse(self.next, &self.buffer[start..self.held]) {
                    Parsed::Record { kind, body } => {
                        let from = start + RECORD_HEAD_BYTES;
                        let range = from..from + body.len();
                        self.next = self.next.saturating_add((range.end - start) as u64);
                        return Ok(Some((kind, range)));
                    }
                    Parsed::NeedMore if fresh => {
                        return if self.is_overrun()? { Err(self.damaged()) } else { Ok(None) };
                    }
                    Parsed::Bad if fresh => return Err(self.damaged()),
                    Parsed::NeedMore | Parsed::Bad => {}
                }
            }
            self.refill()?;
            fresh = true;
        }
    }

    /// The body that [`RecordReader::next_parts`] just pointed at.
    pub(crate) fn body(&self, range: Range<usize>) -> &[u8] {
        self.buffer.get(range).unwrap_or_default()
    }

    pub(crate) fn damaged(&self) -> Error {
        let from = if self.header_seen { self.position() } else { Position(0) };
        Error::Damaged(Damage { path: self.path.clone(), from, resume: None })
    }

    fn size(&self) -> Result<u64> {
        self.source.size().map_err(self.read_failed())
    }

    /// Reads the header. `false` if it is not there yet.
    fn check_header(&mut self) -> Result<bool> {
        // One whole record behind the header tells a damaged header from a foreign file.
        let mut bytes = vec![0; HEADER_BYTES + MAX_RECORD];
        let filled = fill(&self.source, 0, &mut bytes).map_err(self.read_failed())?;
        let bytes = &bytes[..filled];
        match inspect_header(self.kind, bytes) {
            HeaderState::Good => {
                self.header_seen = true;
                Ok(true)
            }
            HeaderState::Partial => Ok(false),
            HeaderState::Newer(found) => {
                Err(Error::Newer { path: self.path.clone(), found, known: VERSION })
            }
            HeaderState::Bad => {
                let behind = bytes.get(HEADER_BYTES..).unwrap_or_default();
                match parse(HEADER_BYTES as u64, behind) {
                    Parsed::Record { .. } => Err(self.damaged()),
                    Parsed::NeedMore | Parsed::Bad => {
                        Err(Error::Foreign { path: self.path.clone(), expected: self.kind.name() })
                    }
                }
            }
        }
    }

    /// Whether the record that seems to be still coming has others behind its beginning already:
    /// then it is its length that is bad. What a writer is in the middle of has none.
    fn is_overrun(&self) -> Result<bool> {
        let pending = self.next.saturating_add(self.held as u64);
        if self.held == 0 {
            return Ok(false);
        }
        let behind = find_record(&self.source, self.next.saturating_add(1), pending);
        Ok(behind.map_err(self.read_failed())?.is_some())
    }

    fn refill(&mut self) -> Result<()> {
        if self.buffer.is_empty() {
            self.buffer = vec![0; CHUNK];
        }
        self.buffer_at = self.next;
        self.held = 0;
        let held = fill(&self.source, self.next, &mut self.buffer);
        self.held = held.map_err(self.read_failed())?;
        Ok(())
    }

    fn read_failed(&self) -> impl FnOnce(std::io::Error) -> Error + use<S> {
        let path = self.path.clone();
        move |source| Error::Io { attempt: "read", path, source }
    }
}
