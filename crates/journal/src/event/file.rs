//! The `events` file: its writer, and a reader that tails it.

use std::fs::File;
use std::path::Path;

use super::body::{Decoded, decode, encode};
use super::{Event, Gap};
use crate::error::Result;
use crate::record::writer::{RecordWriter, Scan};
use crate::record::{FileKind, RecordReader, Recovered, Source};
use crate::units::Position;

/// The name of the file in a pane's directory.
pub const EVENTS_FILE: &str = "events";

/// The writing end of a pane's events. One process at a time has one.
#[derive(Debug)]
pub struct EventWriter {
    records: RecordWriter,
    body: Vec<u8>,
}

impl EventWriter {
    /// Opens or creates the file. A torn tail is cut and reported; a file that is not one of ours
    /// is set aside, because a pane must go on.
    pub fn open(dir: &Path) -> Result<(Self, Recovered)> {
        let path = dir.join(EVENTS_FILE);
        let (records, recovered) =
            RecordWriter::open_or_set_aside(&path, FileKind::EVENTS, Scan::Tail)?;
        Ok((Self { records, body: Vec::new() }, recovered))
    }

    /// Appends the event with one write; returns where it stands.
    ///
    /// After an error nothing of it is in the file, and a later append may succeed.
    pub fn append(&mut self, event: &Event) -> Result<Position> {
        self.body.clear();
        let kind = encode(event, &mut self.body);
        self.records.append(kind, &self.body)
    }

    /// Where the next event will stand.
    #[must_use]
    pub fn position(&self) -> Position {
        self.records.end()
    }

    /// The open file, for a thread that syncs it.
    #[must_use]
    pub fn file(&self) -> &File {
        self.records.file()
    }

    /// Makes what was appended durable. After a failure the writer takes nothing more.
    pub fn sync(&mut self) -> Result<()> {
        self.records.sync()
    }
}

/// Tells of a gap in a recording that no keeper writes any more, durably.
///
/// # Errors
/// The disk's.
pub fn tell_gap(dir: &Path, gap: Gap) -> Result<()> {
    let (mut events, _cut) = EventWriter::open(dir)?;
    events.append(&Event::Gap(gap))?;
    events.sync()
}

/// Reads a pane's events, also while the keeper appends to them.
#[derive(Debug)]
pub struct EventReader<S: Source = File> {
    records: RecordReader<S>,
}

impl EventReader<File> {
    /// Opens the events of a pane's directory at the first one.
    pub fn open(dir: &Path) -> Result<Self> {
        let records = RecordReader::open(&dir.join(EVENTS_FILE), FileKind::EVENTS)?;
        Ok(Self { records })
    }
}

impl<S: Source> EventReader<S> {
    /// Reads events from `source`; `path` is what messages call it.
    pub fn new(source: S, path: &Path) -> Self {
        Self { records: RecordReader::new(source, FileKind::EVENTS, path) }
    }

    /// The next event; `None` if it is not there yet. Kinds of newer releases are stepped over.
    ///
    /// A bad record gives [`crate::Error::Damaged`] until [`EventReader::skip_damage`] moves on.
    pub fn next_event(&mut self) -> Result<Option<Event>> {
        loop {
            let position = self.records.position();
            let Some((kind, body)) = self.records.next_parts()? else { return Ok(None) };
            match decode(kind, self.records.body(body)) {
                Decoded::Event(event) => return Ok(Some(event)),
                Decoded::Unknown => {}
                Decoded::Short => {
                    self.records.seek(position);
                    return Err(self.records.damaged());
                }
            }
        }
    }

    /// Where the next event stands; a checkpoint keeps this.
    #[must_use]
    pub fn position(&self) -> Position {
        self.records.position()
    }

    /// Where the file ends now. A position behind it is of a file that was lost.
    pub fn end(&self) -> Result<Position> {
        self.records.end()
    }

    /// How many bytes stand behind the last whole event.
    pub fn pending(&self) -> Result<u64> {
        self.records.pending()
    }

    /// Goes on at a position that was given earlier.
    pub fn seek(&mut self, position: Position) {
        self.records.seek(position);
    }

    /// Moves to the next valid record behind damage. `false` if none is there yet.
    pub fn skip_damage(&mut self) -> Result<bool> {
        self.records.skip_damage()
    }

    /// Reads the rest, stepping over damage, and keeps the gaps.
    pub fn remaining_gaps(&mut self) -> Result<Vec<Gap>> {
        let mut gaps = Vec::new();
        loop {
            match self.next_event() {
                Ok(Some(Event::Gap(gap))) => gaps.push(gap),
                Ok(Some(_)) => {}
                Ok(None) => return Ok(gaps),
                Err(crate::Error::Damaged(_)) if self.skip_damage()? => {}
                Err(crate::Error::Damaged(_)) => return Ok(gaps),
                Err(error) => return Err(error),
            }
        }
    }
}
