//! Looking a whole recording over: what is missing, doubled, damaged or foreign, by file and place.
//!
//! It reads everything and changes nothing. What it cannot see is a change to the raw bytes of a
//! journal file that keeps its length: these files carry no checksum until they are sealed.

use std::path::{Path, PathBuf};

use crate::checkpoint::{CHECKPOINTS_FILE, CheckpointReader};
use crate::error::{Damage, Error, Result};
use crate::event::{EVENTS_FILE, Event, EventReader, Gap};
use crate::files::{Finding, Piece, end_offset, findings, pieces};
use crate::mark::{MARKS_FILE, MarkReader};
use crate::pane::PaneHeader;
use crate::segment::{
    SegmentFault, SegmentFile, UnusableSegment, check_segment, segment_file_name,
};
use crate::trim::unrecorded_gap;
use crate::units::{Offset, Position};

/// What was found in a recording.
#[derive(Debug, Default)]
pub struct Verified {
    pub pieces: Vec<Piece>,
    /// How many segments are whole, and how many events, marks and checkpoints could be read.
    pub segments: u64,
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
    /// The files do not fit together, and no recorded gap says why.
    Journal(Finding),
    /// The oldest bytes are gone and `events` does not say so.
    Unrecorded(Gap),
    /// A stretch of a record file cannot be read.
    Damaged(Damage),
    /// A record file ends in bytes that are no record: normal while it is written, else a torn tail.
    Torn { file: &'static str, at: Position, bytes: u64 },
    /// A file cannot be read at all.
    Unreadable(Error),
    /// An event or checkpoint tells of bytes behind the end of the journal.
    Beyond { file: &'static str, offset: Offset },
    /// A segment is not what was sealed.
    Segment { path: PathBuf, fault: SegmentFault },
    /// A file has the name of a segment and is none of this recording.
    Unusable(UnusableSegment),
    /// A segment between others is not there.
    Missing { path: PathBuf },
    /// A segment does not follow the one before it: one of the two is not the one that was sealed.
    Chain { path: PathBuf },
}

impl Fault {
    /// The file and the place in it that the fault is at; the place may be one of the recording.
    #[must_use]
    pub fn place(&self) -> (String, u64) {
        let name = |path: &Path| {
            path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
        };
        match self {
            Self::Journal(Finding::Hole { from, .. } | Finding::Overlap { from, .. })
            | Self::Unrecorded(Gap { from, .. }) => (crate::journal_file_name(*from), from.0),
            Self::Damaged(damage) => (name(&damage.path), damage.from.0),
            Self::Torn { file, at, .. } => ((*file).to_owned(), at.0),
            Self::Beyond { file, offset } => ((*file).to_owned(), offset.0),
            Self::Unreadable(error) => (error.path().map(name).unwrap_or_default(), 0),
            Self::Segment { path, fault } => {
                let at = match fault {
                    SegmentFault::Damaged(at) => at.0,
                    SegmentFault::Short { size, .. } => *size,
                    SegmentFault::Longer { wanted, .. } => *wanted,
                    SegmentFault::Seal => 0,
                    SegmentFault::Unusable(error) => error.position(),
                };
                (name(path), at)
            }
            Self::Unusable(segment) => (name(&segment.path), segment.why.position()),
            Self::Missing { path } | Self::Chain { path } => (name(path), 0),
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Journal(Finding::Hole { from, to }) => {
                write!(f, "the bytes from {from} to {to} are missing")
            }
            Self::Journal(Finding::Overlap { from, to }) => {
                write!(f, "two files hold the bytes from {from} to {to}")
            }
            Self::Unrecorded(gap) => {
                write!(f, "the bytes before {} are gone and nothing says why", gap.to)
            }
            Self::Damaged(_) | Self::Segment { fault: SegmentFault::Damaged(_), .. } => {
                f.write_str("damaged")
            }
            Self::Torn { bytes, .. } => write!(f, "torn: its last {bytes} bytes are no record"),
            Self::Beyond { offset, .. } => {
                write!(f, "tells of byte {offset}, behind the end of the recording")
            }
            Self::Unreadable(error) => error.fmt(f),
            Self::Segment { fault, .. } => match fault {
                SegmentFault::Short { size, wanted } => {
                    write!(f, "truncated: {size} of {wanted} bytes")
                }
                SegmentFault::Longer { size, wanted } => {
                    write!(f, "{} bytes stand behind its seal", size - wanted)
                }
                SegmentFault::Seal | SegmentFault::Damaged(_) => {
                    f.write_str("its seal does not fit its bytes")
                }
                SegmentFault::Unusable(error) => error.fmt(f),
            },
            Self::Unusable(segment) => match &segment.why {
                Error::ForeignSegment { pane, number, .. } => {
                    write!(f, "is segment {number} of pane {pane}, which does not belong here")
                }
                Error::Damaged(_) => f.write_str("its header is damaged"),
                other => other.fmt(f),
            },
            Self::Missing { .. } => f.write_str("missing"),
            Self::Chain { .. } => {
                f.write_str("does not follow the segment before it: one of them was exchanged")
            }
        }
    }
}

/// Reads the recording of a pane's directory and tells what is wrong with it.
///
/// # Errors
/// Only if the directory cannot be listed; what is wrong inside is a fault.
pub fn verify(dir: &Path) -> Result<Verified> {
    verify_telling(dir, &mut |_, _| true)
}

/// The same, telling now and then how many bytes on the disk were looked at, and of how many. When
/// `tell` answers with `false` the look ends with what it has.
///
/// # Errors
/// As [`verify`].
pub fn verify_telling(dir: &Path, tell: &mut dyn FnMut(u64, u64) -> bool) -> Result<Verified> {
    let found = pieces(dir)?;
    let total = found.bytes();
    let pieces = found.pieces;
    let mut verified = Verified::default();
    let furthest =
        [(EVENTS_FILE, verified.events(dir)), (CHECKPOINTS_FILE, verified.checkpoints(dir))];
    verified.marks(dir);
    // Measured last: of one that grows, what tells of a byte was written behind it.
    let end = end_offset(dir)?;
    for (file, offset) in furthest {
        if offset > end && !covers(&verified.gaps, end, offset) {
            verified.faults.push(Fault::Beyond { file, offset });
        }
    }
    for finding in findings(&pieces) {
        let is_told =
            matches!(finding, Finding::Hole { from, to } if covers(&verified.gaps, from, to));
        if !is_told {
            verified.faults.push(Fault::Journal(finding));
        }
    }
    verified.faults.extend(unrecorded_gap(&pieces, &verified.gaps).map(Fault::Unrecorded));
    let mut done = 0;
    for piece in &pieces {
        if let Some(segment) = &piece.segment {
            verified.segment(segment);
        }
        done += piece.bytes;
        if !tell(done, total) {
            break;
        }
    }
    let unusable: Vec<u32> = found.unusable.iter().map(|segment| segment.number).collect();
    verified.faults.extend(found.unusable.into_iter().map(Fault::Unusable));
    verified.chain(dir, &pieces, &unusable);
    verified.pieces = pieces;
    Ok(verified)
}

/// The gaps that events tell of, and the furthest place that they or checkpoints stand at.
pub(crate) fn told(dir: &Path) -> (Vec<Gap>, Offset) {
    let mut verified = Verified::default();
    let furthest = verified.events(dir).max(verified.checkpoints(dir));
    (verified.gaps, furthest)
}

/// Whether one of the gaps is at least that large.
pub(crate) fn covers(gaps: &[Gap], from: Offset, to: Offset) -> bool {
    gaps.iter().any(|gap| gap.from <= from && to <= gap.to)
}

impl Verified {
    fn segment(&mut self, segment: &SegmentFile) {
        match check_segment(&segment.path) {
            Ok(faults) if faults.is_empty() => self.segments += 1,
            Ok(faults) => self.faults.extend(faults.into_iter().map(|fault| {
                let path = segment.path.clone();
                Fault::Segment { path, fault }
            })),
            // Deleted since it was listed.
            Err(error) if error.is_not_found() => {}
            Err(error) => self.faults.push(Fault::Unreadable(error)),
        }
    }

    /// Whether each segment follows the one before it.
    fn chain(&mut self, dir: &Path, pieces: &[Piece], unusable: &[u32]) {
        let pane = PaneHeader::read(dir).ok().map(|header| header.pane);
        let mut segments: Vec<&SegmentFile> =
            pieces.iter().filter_map(|piece| piece.segment.as_ref()).collect();
        segments.sort_by_key(|segment| segment.header.number);
        for segment in &segments {
            let header = &segment.header;
            if pane.is_some_and(|pane| pane != header.pane) {
                let (path, number) = (segment.path.clone(), header.number);
                let why = Error::ForeignSegment { path: path.clone(), pane: header.pane, number };
                let size = segment.size;
                self.faults.push(Fault::Unusable(UnusableSegment { number, path, size, why }));
            }
        }
        for pair in segments.windows(2) {
            let (before, after) = (&pair[0].header, &pair[1].header);
            let between = before.number.saturating_add(1)..after.number;
            let mut whole = true;
            for number in between {
                whole = false;
                if !unusable.contains(&number) {
                    let path = dir.join(segment_file_name(number));
                    self.faults.push(Fault::Missing { path });
                }
            }
            if (whole && after.previous != before.hash()) || after.first < before.end() {
                self.faults.push(Fault::Chain { path: pair[1].path.clone() });
            }
        }
    }

    /// Gives the furthest place that an event stands at.
    fn events(&mut self, dir: &Path) -> Offset {
        let mut furthest = Offset::ZERO;
        let mut events = match EventReader::open(dir) {
            Ok(events) => events,
            Err(error) => {
                self.faults.push(Fault::Unreadable(error));
                return furthest;
            }
        };
        loop {
            match events.next_event() {
                Ok(Some(event)) => {
                    self.events += 1;
                    furthest = furthest.max(event.offset());
                    if let Event::Gap(gap) = event {
                        self.gaps.push(gap);
                    }
                }
                Ok(None) => {
                    self.torn(EVENTS_FILE, events.position(), events.pending());
                    break;
                }
                Err(error) => {
                    let (skipped, pending) = (events.skip_damage(), events.pending());
                    if !self.step_over(EVENTS_FILE, error, skipped, pending) {
                        break;
                    }
                }
            }
        }
        furthest
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
                Ok(None) => return self.torn(MARKS_FILE, marks.position(), marks.pending()),
                Err(error) => {
                    let (skipped, pending) = (marks.skip_damage(), marks.pending());
                    if !self.step_over(MARKS_FILE, error, skipped, pending) {
                        return;
                    }
                }
            }
        }
    }

    /// Gives the furthest place that a checkpoint stands at.
    fn checkpoints(&mut self, dir: &Path) -> Offset {
        let mut furthest = Offset::ZERO;
        let checkpoints = match CheckpointReader::open(dir) {
            Ok(checkpoints) => checkpoints,
            Err(error) if error.is_not_found() => return furthest,
            Err(error) => {
                self.faults.push(Fault::Unreadable(error));
                return furthest;
            }
        };
        for entry in checkpoints.entries() {
            match checkpoints.load(entry) {
                Ok(checkpoint) => {
                    furthest = furthest.max(checkpoint.offset);
                    self.checkpoints += 1;
                }
                Err(Error::Damaged(damage)) => self.faults.push(Fault::Damaged(damage)),
                Err(error) => self.faults.push(Fault::Unreadable(error)),
            }
        }
        self.faults.extend(checkpoints.damage().iter().cloned().map(Fault::Damaged));
        furthest
    }

    fn torn(&mut self, file: &'static str, at: Position, pending: Result<u64>) {
        match pending {
            Ok(0) => {}
            Ok(bytes) => self.faults.push(Fault::Torn { file, at, bytes }),
            Err(error) => self.faults.push(Fault::Unreadable(error)),
        }
    }

    /// Notes an error; whether reading can go on behind it. Damage with no record behind it is what a cut
    /// of the power makes of a file's end.
    fn step_over(
        &mut self,
        file: &'static str,
        error: Error,
        skipped: Result<bool>,
        pending: Result<u64>,
    ) -> bool {
        match (error, skipped) {
            (Error::Damaged(damage), Ok(false)) => self.torn(file, damage.from, pending),
            (Error::Damaged(damage), Ok(true)) => {
                self.faults.push(Fault::Damaged(damage));
                return true;
            }
            (error, Ok(_)) | (_, Err(error)) => self.faults.push(Fault::Unreadable(error)),
        }
        false
    }
}

#[cfg(test)]
mod tests;
