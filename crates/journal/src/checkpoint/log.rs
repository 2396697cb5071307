//! The writing end of the checkpoints, and the choice of the one to start from.

use std::path::Path;

use super::{CHECKPOINTS_FILE, Checkpoint, CheckpointEntry, FILE_KIND, candidates, index};
use crate::atomic::sweep;
use crate::error::{Error, Result};
use crate::files::Piece;
use crate::record::Recovered;
use crate::record::writer::{Cut, RecordWriter, Scan};
use crate::units::{Offset, Position};

/// The one writer of a pane's checkpoints.
#[derive(Debug)]
pub struct CheckpointLog {
    records: RecordWriter,
    entries: Vec<CheckpointEntry>,
    /// Checkpoints that turned out not to be what was written.
    dropped: u64,
}

impl CheckpointLog {
    /// Opens or creates the file. What is torn is cut; a foreign file is set aside; a half-written
    /// replacement goes.
    pub fn open(dir: &Path) -> Result<(Self, Recovered)> {
        let path = dir.join(CHECKPOINTS_FILE);
        // There is one writer: what another one left was never put in its place.
        sweep(dir, ".checkpoints.fresh-")?;
        let (mut records, mut recovered) =
            RecordWriter::open_or_set_aside(&path, FILE_KIND, Scan::Tail)?;
        let scanned = index::scan(records.file(), &path).map_err(Error::io("read", &path))?;
        let (end, size) = (scanned.end, records.end().0);
        if end < size {
            // The last checkpoint's begin is whole and its chunks are not.
            records.cut(Position(end))?;
            let already = recovered.cut.map_or(0, |cut| cut.bytes);
            recovered.cut = Some(Cut { at: Position(end), bytes: size - end + already });
        }
        Ok((Self { records, entries: scanned.entries, dropped: 0 }, recovered))
    }

    /// Appends a checkpoint with one write. `durable`: it is on the disk, and its file's name too,
    /// before the call returns.
    pub fn append(&mut self, checkpoint: &Checkpoint, durable: bool) -> Result<CheckpointEntry> {
        let (bytes, entry) = index::records(self.records.end(), checkpoint)?;
        self.records.append_encoded(&bytes)?;
        self.entries.push(entry);
        if durable {
            self.sync()?;
        }
        Ok(entry)
    }

    /// Makes everything appended durable. After a failure the log takes nothing more.
    pub fn sync(&mut self) -> Result<()> {
        self.records.sync()
    }

    /// The same, and the file's name too, also for what an earlier process appended.
    pub(crate) fn sync_with_name(&mut self) -> Result<()> {
        self.records.sync_with_name()
    }

    /// The checkpoints there are, in the order they were written.
    #[must_use]
    pub fn entries(&self) -> &[CheckpointEntry] {
        &self.entries
    }

    /// The entries at or before `offset`, best first: the order in which to try them.
    #[must_use]
    pub fn candidates(&self, offset: Offset) -> Vec<CheckpointEntry> {
        candidates(&self.entries, offset)
    }

    /// Reads a checkpoint's bytes; [`Error::Damaged`] if they are not what was written.
    pub fn load(&self, entry: &CheckpointEntry) -> Result<Checkpoint> {
        index::load(self.records.file(), self.records.path(), entry)
    }

    /// The readable checkpoint with the greatest offset.
    pub fn latest(&mut self) -> Result<Option<Checkpoint>> {
        self.latest_at_or_before(Offset(u64::MAX))
    }

    /// The readable checkpoint with the greatest offset that is not behind `offset`. Unreadable
    /// ones on the way are dropped and counted.
    pub fn latest_at_or_before(&mut self, offset: Offset) -> Result<Option<Checkpoint>> {
        self.first_readable(self.candidates(offset))
    }

    /// The readable checkpoint at exactly this offset.
    pub fn at(&mut self, offset: Offset) -> Result<Option<Checkpoint>> {
        let mut entries = self.candidates(offset);
        entries.retain(|entry| entry.offset == offset);
        self.first_readable(entries)
    }

    /// Takes a checkpoint out of the choice: it is damaged, or its engine is not ours any more.
    pub fn forget(&mut self, entry: &CheckpointEntry) {
        self.entries.retain(|kept| kept != entry);
        self.dropped += 1;
    }

    /// How many checkpoints had to be left out since the log was opened.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The file's size in bytes, for deciding when to compact.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.records.end().0
    }

    /// Rewrites the file with what is still of use: the newest checkpoint, the one at the first offset
    /// that is held, and the one at the first offset of each journal file; a segment has its own. In one
    /// step that a crash cannot halve.
    pub fn compact(&mut self, pieces: &[Piece]) -> Result<()> {
        self.records.refuse_if_poisoned()?;
        let newest = self.latest()?.map(|checkpoint| checkpoint.offset);
        let mut wanted: Vec<Offset> = pieces
            .iter()
            .enumerate()
            .filter(|(at, piece)| *at == 0 || !piece.has_keyframes())
            .map(|(_, piece)| piece.first)
            .chain(newest)
            .collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut kept = Vec::new();
        let path = self.records.path().to_owned();
        let records = RecordWriter::replace(&path, FILE_KIND, |fresh| {
            for offset in wanted {
                let Some(checkpoint) = self.at(offset)? else { continue };
                let (bytes, entry) = index::records(fresh.end(), &checkpoint)?;
                fresh.append_encoded(&bytes)?;
                kept.push(entry);
            }
            Ok(())
        })?;
        self.records = records;
        self.entries = kept;
        Ok(())
    }

    /// Rewrites the file without the checkpoints behind an offset, and without what is not read: their
    /// screens hold what was printed before them. These take their place. In one step that a crash cannot halve.
    pub fn keep_until(&mut self, offset: Offset, without_text: &[Checkpoint]) -> Result<()> {
        self.records.refuse_if_poisoned()?;
        let mut kept = Vec::new();
        let path = self.records.path().to_owned();
        let records = RecordWriter::replace(&path, FILE_KIND, |fresh| {
            for entry in self.entries.iter().filter(|entry| entry.offset <= offset) {
                let checkpoint = match self.load(entry) {
                    Ok(checkpoint) => checkpoint,
                    Err(Error::Damaged(_)) => continue,
                    Err(error) => return Err(error),
                };
                let (bytes, entry) = index::records(fresh.end(), &checkpoint)?;
                fresh.append_encoded(&bytes)?;
                kept.push(entry);
            }
            for checkpoint in without_text.iter().filter(|later| later.offset > offset) {
                let (bytes, entry) = index::records(fresh.end(), checkpoint)?;
                fresh.append_encoded(&bytes)?;
                kept.push(entry);
            }
            Ok(())
        })?;
        self.records = records;
        self.entries = kept;
        Ok(())
    }

    fn first_readable(&mut self, entries: Vec<CheckpointEntry>) -> Result<Option<Checkpoint>> {
        for entry in entries {
            match self.load(&entry) {
                Ok(checkpoint) => return Ok(Some(checkpoint)),
                Err(Error::Damaged(_)) => self.forget(&entry),
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }
}
