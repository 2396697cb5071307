//! A record log: the truth of a control plane, replayed at start and compacted now and then.
//!
//! What the records mean is the owner's. A log is short enough to be checked whole when it is
//! opened. Its good prefix is what counts: records behind a bad one may build on the lost one, so a
//! damaged log is kept aside for a person to look at and the prefix goes on alone.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::atomic::FreshFile;
use crate::error::{Error, Result};
use crate::record::writer::{RecordWriter, Scan, keep_copy};
use crate::record::{FileKind, HEADER_BYTES, MAX_RECORD, Record, RecordReader, Recovered};
use crate::units::Position;

/// When an append must have reached the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Before the call returns.
    Now,
    /// With the next sync; a power cut may take it, a kill does not.
    Later,
}

/// The one writer of a record log.
#[derive(Debug)]
pub struct RecordLog {
    records: RecordWriter,
    kind: FileKind,
}

impl RecordLog {
    /// Opens or creates the log. A torn tail is cut. A log with a bad record in the middle is kept
    /// under another name, and the good prefix goes on under this one. Both are reported.
    pub fn open(path: &Path, kind: FileKind) -> Result<(Self, Recovered)> {
        let (records, mut recovered) = RecordWriter::open(path, kind, Scan::Whole)?;
        let mut log = Self { records, kind };
        // A damaged header was mended in place and cost no record.
        let first = recovered.damage.iter().find(|damage| damage.from.0 > 0).map(|d| d.from);
        if let Some(from) = first {
            recovered.set_aside = Some(log.keep_prefix(from)?);
        }
        Ok((log, recovered))
    }

    /// All records, oldest first.
    pub fn replay(&self) -> Result<Replay> {
        let file = self.records.file().try_clone();
        let file = file.map_err(Error::io("open", self.records.path()))?;
        Ok(Replay {
            records: RecordReader::new(file, self.kind, self.records.path()),
            end: self.records.end(),
            failed: false,
        })
    }

    /// Appends a record with one write. After [`Error::Poisoned`], and after a sync that failed,
    /// the log takes nothing more: open it again and see what it holds.
    pub fn append(&mut self, kind: u16, body: &[u8], durability: Durability) -> Result<Position> {
        let position = self.records.append(kind, body)?;
        if durability == Durability::Now {
            self.records.sync()?;
        }
        Ok(position)
    }

    /// Makes all records durable.
    pub fn sync(&mut self) -> Result<()> {
        self.records.sync()
    }

    /// Puts these records in the place of all there are, in one step that a crash cannot halve.
    pub fn compact<'a>(
        &mut self,
        records: impl IntoIterator<Item = (u16, &'a [u8])>,
    ) -> Result<()> {
        self.records.refuse_if_poisoned()?;
        self.records = RecordWriter::replace(self.records.path(), self.kind, |fresh| {
            records.into_iter().try_for_each(|(kind, body)| fresh.append(kind, body).map(drop))
        })?;
        Ok(())
    }

    /// The log's size in bytes, for deciding when to compact.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.records.end().0
    }

    /// Puts the records before `end` under the log's name and the whole file under another.
    fn keep_prefix(&mut self, end: Position) -> Result<std::path::PathBuf> {
        let path = self.records.path().to_owned();
        let fresh = FreshFile::create(&path)?;
        copy(self.records.file(), &fresh.file, end.0).map_err(Error::io("copy", &path))?;
        let aside = keep_copy(&path)?;
        fresh.replace(&path)?;
        (self.records, _) = RecordWriter::open(&path, self.kind, Scan::Whole)?;
        Ok(aside)
    }
}

/// The records of a log, oldest first; ends after the first error.
#[derive(Debug)]
pub struct Replay {
    records: RecordReader<File>,
    end: Position,
    failed: bool,
}

impl Iterator for Replay {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || self.records.position() >= self.end {
            return None;
        }
        let record = self.records.next_record().transpose();
        self.failed = !matches!(record, Some(Ok(_)));
        record
    }
}

/// Copies the first `len` bytes.
fn copy(from: &File, to: &File, len: u64) -> std::io::Result<()> {
    let mut buf = vec![0; MAX_RECORD];
    let mut at = 0;
    while at < len {
        let want = usize::try_from(len - at).unwrap_or(usize::MAX).min(buf.len());
        let count = from.read_at(&mut buf[..want], at)?;
        if count == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        to.write_all_at(&buf[..count], at)?;
        at += count as u64;
    }
    debug_assert!(len >= HEADER_BYTES as u64, "a prefix holds at least the header");
    Ok(())
}

#[cfg(test)]
mod tests;
