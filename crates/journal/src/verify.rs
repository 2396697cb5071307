//! Looking a whole recording over: what is missing, doubled or damaged, by file and place.
//!
//! It reads everything and changes nothing. What it cannot see is a change to the raw bytes of a
//! journal file that keeps its length: these files carry no checksum until they are sealed.

use std::path::Path;

use crate::checkpoint::CheckpointReader;
use crate::error::{Damage, Error, Result};
use crate::event::{Event, EventReader, Gap};
use crate::files::{Finding, JournalFile, findings, journal_files};
use crate::mark::MarkReader;
use crate::trim::unrecorded_gap;
use crate::units::Offset;

/// What was found in a recording.
#[derive(Debug, Default)]
pub struct Verified {
    pub files: Vec<JournalFile>,
    /// How many events, marks and checkpoints could be read.
    pub events: u64,
    pub marks: u64,
    pub checkpoints: u64,
    /// Gaps that `events` tells of. They are no fault.
    pub gaps: Vec<Gap>,
    pub faults: Vec<Fault>,
}

/// One thing that is not as it was written.
#[derive(Debug)]
pub enum Fault {
    /// The journal files do not fit together, and no recorded gap says why.
    Journal(Finding),
    /// The oldest bytes are gone and `events` does not say so.
    Unrecorded(Gap),
    /// A stretch of a record file cannot be read.
    Damaged(Damage),
    /// A record file ends in bytes that are no record: normal while it is written, else a torn tail.
    Torn { file: &'static str, bytes: u64 },
    /// A file cannot be read at all.
    Unreadable(Error),
    /// An event or checkpoint tells of bytes behind the end of the journal.
    Beyond { file: &'static str, offset: Offset },
}

/// Reads the recording of a pane's directory and tells what is wrong with it.
///
/// # Errors
/// Only if the directory cannot be listed; what is wrong inside is a fault.
pub fn verify(dir: &Path) -> Result<Verified> {
    let files = journal_files(dir)?;
    let mut verified = Verified::default();
    let end = files.last().map_or(Offset::ZERO, JournalFile::end);
    verified.events(dir, end);
    verified.marks(dir);
    verified.checkpoints(dir, end);
    for finding in findings(&files) {
        let told = |from: Offset, to: Offset| {
            verified.gaps.iter().any(|gap| gap.from <= from && to <= gap.to)
        };
        if !matches!(finding, Finding::Hole { from, to } if told(from, to)) {
            verified.faults.push(Fault::Journal(finding));
        }
    }
    verified.faults.extend(unrecorded_gap(&files, &verified.gaps).map(Fault::Unrecorded));
    verified.files = files;
    Ok(verified)
}

impl Verified {
    fn events(&mut self, dir: &Path, end: Offset) {
        let mut events = match EventReader::open(dir) {
            Ok(events) => events,
            Err(error) => return self.faults.push(Fault::Unreadable(error)),
        };
        let mut beyond = None;
        loop {
            match events.next_event() {
                Ok(Some(event)) => {
                    self.events += 1;
                    if event.offset() > end {
                        beyond.get_or_insert_with(|| event.offset());
                    }
                    if let Event::Gap(gap) = event {
                        self.gaps.push(gap);
                    }
                }
                Ok(None) => {
                    self.torn("events", events.pending());
                    break;
                }
                Err(error) => {
                    if !self.step_over(error, events.skip_damage()) {
                        break;
                    }
                }
            }
        }
        self.faults.extend(beyond.map(|offset| Fault::Beyond { file: "events", offset }));
    }

    fn marks(&mut self, dir: &Path) {
        let mut marks = match MarkReader::open(dir) {
            Ok(marks) => marks,
            // A fold that has not been made yet.
            Err(error) if error.is_not_found() => return,
            Err(error) => return self.faults.push(Fault::Unreadable(error)),
        };
        loop {
            match marks.next_mark() {
                Ok(Some(_)) => self.marks += 1,
                Ok(None) => return self.torn("marks", marks.pending()),
                Err(error) => {
                    if !self.step_over(error, marks.skip_damage()) {
                        return;
                    }
                }
            }
        }
    }

    fn checkpoints(&mut self, dir: &Path, end: Offset) {
        let checkpoints = match CheckpointReader::open(dir) {
            Ok(checkpoints) => checkpoints,
            Err(error) if error.is_not_found() => return,
            Err(error) => return self.faults.push(Fault::Unreadable(error)),
        };
        for entry in checkpoints.entries() {
            match checkpoints.load(entry) {
                Ok(checkpoint) if checkpoint.offset > end => {
                    let offset = checkpoint.offset;
                    self.faults.push(Fault::Beyond { file: "checkpoints", offset });
                }
                Ok(_) => self.checkpoints += 1,
                Err(Error::Damaged(damage)) => self.faults.push(Fault::Damaged(damage)),
                Err(error) => self.faults.push(Fault::Unreadable(error)),
            }
        }
        self.faults.extend(checkpoints.damage().iter().cloned().map(Fault::Damaged));
    }

    fn torn(&mut self, file: &'static str, pending: Result<u64>) {
        match pending {
            Ok(0) => {}
            Ok(bytes) => self.faults.push(Fault::Torn { file, bytes }),
            Err(error) => self.faults.push(Fault::Unreadable(error)),
        }
    }

    /// Notes an error; whether reading can go on behind it.
    fn step_over(&mut self, error: Error, skipped: Result<bool>) -> bool {
        match error {
            Error::Damaged(damage) => {
                self.faults.push(Fault::Damaged(damage));
                skipped.unwrap_or(false)
            }
            other => {
                self.faults.push(Fault::Unreadable(other));
                false
            }
        }
    }
}

#[cfg(test)]
mod tests;
