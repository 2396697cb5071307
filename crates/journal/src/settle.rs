//! What a cut of the power leaves of a recording: torn ends are cut, and what had not reached the disk is
//! on record as a gap.

use std::path::Path;

use rustix::fs::OFlags;

use crate::dir;
use crate::error::{Error, Result};
use crate::event::{Event, EventReader, EventWriter, Gap, GapReason};
use crate::files::{Finding, findings, journal_files, pieces};
use crate::record::source::fill;
use crate::units::BootId;
use crate::verify::{covers, told};

/// The largest block of a filesystem that has files of a recording.
const BLOCK: usize = 64 * 1024;

/// Settles a recording whose program is gone and that nobody writes. Gives the gaps that nothing told of;
/// they are told of from now on, and a second call finds none.
///
/// # Errors
/// If the directory cannot be read or the events cannot be written.
pub fn settle(dir: &Path) -> Result<Vec<Gap>> {
    // Opened first: what is torn is no event.
    let (mut events, _cut) = EventWriter::open(dir)?;
    let (known, furthest) = told(dir);
    if !wrote_in(dir, BootId::current())? {
        for file in journal_files(dir)? {
            cut_zeros(&file.path)?;
        }
    }
    let pieces = pieces(dir)?;
    let holes = findings(&pieces.pieces).into_iter().filter_map(|finding| match finding {
        Finding::Hole { from, to } => Some((from, to)),
        Finding::Overlap { .. } => None,
    });
    // What events and checkpoints say of bytes that did not come to the disk themselves.
    let end = pieces.end();
    let gaps: Vec<Gap> = holes
        .chain((furthest > end).then_some((end, furthest)))
        .filter(|(from, to)| !covers(&known, *from, *to))
        .map(|(from, to)| Gap { from, to, reason: GapReason::Crash })
        .collect();
    for gap in &gaps {
        events.append(&Event::Gap(*gap))?;
    }
    if !gaps.is_empty() {
        events.sync()?;
    }
    Ok(gaps)
}

/// Whether who wrote last did so in this boot: then the power was not cut since, and zeros are a program's.
fn wrote_in(dir: &Path, boot: BootId) -> Result<bool> {
    let mut events = EventReader::open(dir)?;
    let mut last = BootId::UNKNOWN;
    loop {
        match events.next_event() {
            Ok(Some(Event::Started { boot_id, .. } | Event::Adopted { boot_id, .. })) => {
                last = boot_id;
            }
            Ok(Some(_)) => {}
            Err(Error::Damaged(_)) if events.skip_damage()? => {}
            Ok(None) | Err(Error::Damaged(_)) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(boot != BootId::UNKNOWN && last == boot)
}

/// A filesystem that has noted a file's new length, and not its last block, gives zeros there. Programs
/// print them seldom, and terminals show nothing for them.
fn cut_zeros(path: &Path) -> Result<()> {
    let file = dir::open_file(path, OFlags::RDWR).map_err(Error::errno("open", path))?;
    let len = file.metadata().map_err(Error::io("examine", path))?.len();
    let mut block = vec![0; BLOCK];
    let from = len.saturating_sub(BLOCK as u64);
    let filled = fill(&file, from, &mut block).map_err(Error::io("read", path))?;
    let zeros = block[..filled].iter().rev().take_while(|byte| **byte == 0).count();
    if zeros > 0 {
        file.set_len(from + (filled - zeros) as u64).map_err(Error::io("cut", path))?;
        file.sync_all().map_err(Error::io("sync", path))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
