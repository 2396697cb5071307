//! Looking a segment over: every byte of it is checked, and what is wrong is named.

use std::path::Path;

use super::sealing::hash_of;
use super::{CHUNK, INDEX, KEYFRAME, SEAL, SegmentReader, blob};
use crate::error::{Error, Result};
use crate::record::source::fill;
use crate::record::{MAX_RECORD, Parsed, RECORD_HEAD_BYTES, Source, parse};
use crate::units::Position;

/// One thing about a segment that is not as it was written.
#[derive(Debug)]
pub enum SegmentFault {
    /// Bytes at a place are not what was written.
    Damaged(Position),
    /// The file ends before it should.
    Short { size: u64, wanted: u64 },
    /// Bytes stand behind the seal.
    Longer { size: u64, wanted: u64 },
    /// Every record passes, and all together they are not what was sealed.
    Seal,
    /// The header cannot be read, or it is of another recording or place.
    Unusable(Error),
}

/// Reads a whole segment and tells what is wrong with it, by itself.
///
/// # Errors
/// Only if the operating system refuses to read.
pub fn check_segment(path: &Path) -> Result<Vec<SegmentFault>> {
    match SegmentReader::open(path) {
        Ok(reader) => check(&reader),
        Err(error @ (Error::Damaged(_) | Error::Newer { .. })) => {
            Ok(vec![SegmentFault::Unusable(error)])
        }
        Err(error) => Err(error),
    }
}

pub(super) fn check<S: Source>(reader: &SegmentReader<S>) -> Result<Vec<SegmentFault>> {
    let mut faults = Vec::new();
    let header = reader.header();
    let (size, wanted) = (reader.size()?, header.file_len());
    match size.cmp(&wanted) {
        std::cmp::Ordering::Less => faults.push(SegmentFault::Short { size, wanted }),
        std::cmp::Ordering::Equal => {}
        std::cmp::Ordering::Greater => faults.push(SegmentFault::Longer { size, wanted }),
    }
    for chunk in 0..header.chunks.len() {
        note(&mut faults, reader.chunk(chunk).map(drop))?;
    }
    match reader.index() {
        Ok(index) => {
            for entry in &index.keyframes {
                note(&mut faults, reader.keyframe(entry).map(drop))?;
            }
        }
        Err(error) => note(&mut faults, Err(error))?,
    }
    if faults.is_empty() {
        tiles(reader, &mut faults)?;
        let stored = blob::read(reader.source(), reader.path(), header.seal, SEAL, 32);
        let path = reader.path();
        let sealed = hash_of(reader.source(), header.seal).map_err(Error::io("read", path))?;
        match stored {
            Ok(stored) if stored == sealed => {}
            Ok(_) => faults.push(SegmentFault::Seal),
            Err(error) => note(&mut faults, Err(error))?,
        }
    }
    Ok(faults)
}

/// Whether records fill the file from the first chunk to its end, so that no byte is outside one.
fn tiles<S: Source>(reader: &SegmentReader<S>, faults: &mut Vec<SegmentFault>) -> Result<()> {
    let header = reader.header();
    let mut at = header.chunk_at(0);
    let mut record = vec![0; MAX_RECORD];
    while at < header.file_len() {
        let path = reader.path();
        let filled = fill(reader.source(), at, &mut record).map_err(Error::io("read", path))?;
        match parse(at, &record[..filled]) {
            Parsed::Record { kind: CHUNK | KEYFRAME | INDEX | SEAL, body } => {
                at = at.saturating_add((RECORD_HEAD_BYTES + body.len()) as u64);
            }
            Parsed::Record { .. } | Parsed::NeedMore | Parsed::Bad => {
                faults.push(SegmentFault::Damaged(Position(at)));
                return Ok(());
            }
        }
    }
    Ok(())
}

fn note(faults: &mut Vec<SegmentFault>, read: Result<()>) -> Result<()> {
    match read {
        Ok(()) => Ok(()),
        Err(Error::Damaged(damage)) => {
            faults.push(SegmentFault::Damaged(damage.from));
            Ok(())
        }
        Err(error) => Err(error),
    }
}
