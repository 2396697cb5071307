//! What a recording is, in a few figures: for listings, without reading its bytes.

use std::path::Path;

use crate::error::{Error, Result};
use crate::event::{Event, EventReader, ExitStatus};
use crate::files::pieces;
use crate::pane::PaneHeader;
use crate::segment::wall_at;
use crate::units::Offset;

/// A recording in figures.
#[derive(Debug)]
pub struct Summary {
    /// What it was made as, if that can be read.
    pub header: Option<PaneHeader>,
    /// The first byte that is kept, and the end.
    pub first: Offset,
    pub end: Offset,
    /// Bytes of all files in its directory.
    pub disk: u64,
    pub segments: u32,
    /// Journal files that are not sealed.
    pub journals: u32,
    /// Bytes of the recording in segments, and of the segments.
    pub sealed: u64,
    pub sealed_disk: u64,
    /// Files that should be segments of it and are not.
    pub unusable: u32,
    /// When the last byte came, in nanoseconds since 1970; 0 if nothing tells.
    pub last_ns: u64,
}

impl Summary {
    /// When it began, in nanoseconds since 1970; 0 if nothing tells.
    #[must_use]
    pub fn began_ns(&self) -> u64 {
        self.header.as_ref().map_or(0, |header| header.created_ns)
    }

    /// Program and arguments, for people.
    #[must_use]
    pub fn command(&self) -> String {
        let words = self.header.iter().flat_map(|header| &header.command);
        words.map(|word| word.0.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }
}

/// Looks at the recording in a pane's directory.
pub fn summary(dir: &Path) -> Result<Summary> {
    let found = pieces(dir)?;
    let segments: Vec<_> = found.pieces.iter().filter_map(|piece| piece.segment.as_ref()).collect();
    let mut disk = 0_u64;
    for entry in std::fs::read_dir(dir).map_err(Error::io("list", dir))? {
        let entry = entry.map_err(Error::io("list", dir))?;
        disk = disk.saturating_add(entry.metadata().map_or(0, |meta| meta.len()));
    }
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(Summary {
        header: PaneHeader::read(dir).ok(),
        first: found.first(),
        end: found.end(),
        disk,
        segments: count(segments.len()),
        journals: count(found.pieces.iter().filter(|piece| piece.journal.is_some()).count()),
        sealed: segments.iter().map(|segment| segment.header.len).sum(),
        sealed_disk: segments.iter().map(|segment| segment.size).sum(),
        unusable: count(found.unusable.len()),
        last_ns: wall_at(dir, found.end())?.unwrap_or(0),
    })
}

/// How the last program of a recording ended, if `events` tells.
pub fn last_exit(dir: &Path) -> Result<Option<ExitStatus>> {
    let mut events = match EventReader::open(dir) {
        Ok(events) => events,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut exit = None;
    loop {
        match events.next_event() {
            Ok(Some(Event::Exit { status, .. })) => exit = Some(status),
            Ok(Some(Event::Started { .. })) => exit = None,
            Ok(Some(_)) => {}
            Ok(None) => return Ok(exit),
            Err(Error::Damaged(_)) if events.skip_damage()? => {}
            Err(Error::Damaged(_) | Error::Foreign { .. }) => return Ok(exit),
            Err(error) => return Err(error),
        }
    }
}
