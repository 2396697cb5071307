//! Finding checkpoints in their file without reading their bytes, and reading one.

use std::io;
use std::path::Path;

use super::{Checkpoint, CheckpointEntry, FILE_KIND, MAX_CHECKPOINT};
use crate::error::{Damage, Error, Result};
use crate::record::source::fill;
use crate::record::{
    HEADER_BYTES, HeaderState, MAX_BODY, MAX_RECORD, Parsed, RECORD_HEAD_BYTES, Source, VERSION,
    encode, find_record, inspect_header, parse,
};
use crate::units::{Offset, Position};

const BEGIN: u16 = 1;
const CHUNK: u16 = 2;

/// Bytes of a begin record's body: offset, events position, size, checksum, engine.
const BEGIN_BODY: usize = 8 + 8 + 4 + 4 + 2;

/// What a walk over the file found.
pub(super) struct Scanned {
    pub(super) entries: Vec<CheckpointEntry>,
    /// Where the last whole checkpoint ends; what stands behind it is torn.
    pub(super) end: u64,
    /// Stretches in which no checkpoint begins although one should.
    pub(super) damage: Vec<Damage>,
}

/// Refuses a file that a newer release wrote. A damaged header is only reported: each record is
/// checked anyway.
pub(super) fn check_header<S: Source>(source: &S, path: &Path) -> Result<Option<Damage>> {
    let mut header = [0; HEADER_BYTES];
    let filled = fill(source, 0, &mut header).map_err(Error::io("read", path))?;
    match inspect_header(FILE_KIND, &header[..filled]) {
        HeaderState::Newer(found) => {
            Err(Error::Newer { path: path.to_owned(), found, known: VERSION })
        }
        HeaderState::Bad => {
            let resume = Some(Position(HEADER_BYTES as u64));
            Ok(Some(Damage { path: path.to_owned(), from: Position(0), resume }))
        }
        HeaderState::Good | HeaderState::Partial => Ok(None),
    }
}

/// Walks from begin record to begin record.
pub(super) fn scan<S: Source>(source: &S, path: &Path) -> io::Result<Scanned> {
    let size = source.size()?;
    let end = HEADER_BYTES as u64;
    let mut scanned = Scanned { entries: Vec::new(), end, damage: Vec::new() };
    let mut head = vec![0; RECORD_HEAD_BYTES + BEGIN_BODY];
    let mut whole = Vec::new();
    let mut at = scanned.end;
    while at < size {
        let filled = fill(source, at, &mut head)?;
        let mut record = &head[..filled];
        // A begin record of this release fits; a chunk behind damage, or what a newer release
        // wrote, is read whole.
        if filled == head.len() && parse(at, record) == Parsed::NeedMore {
            whole.resize(MAX_RECORD, 0);
            let filled = fill(source, at, &mut whole)?;
            record = &whole[..filled];
        }
        let next = match parse(at, record) {
            Parsed::Record { kind, body } => {
                let behind = at.saturating_add((RECORD_HEAD_BYTES + body.len()) as u64);
                let entry = (kind == BEGIN).then(|| decode_begin(at, behind, body)).flatten();
                match entry {
                    Some(entry) => {
                        let end = behind.saturating_add(chunks_span(entry.size));
                        if end > size {
                            let (path, from) = (path.to_owned(), Position(at));
                            scanned.damage.push(Damage { path, from, resume: None });
                            break;
                        }
                        scanned.entries.push(entry);
                        scanned.end = end;
                        end
                    }
                    None => {
                        scanned.end = behind;
                        behind
                    }
                }
            }
            Parsed::NeedMore | Parsed::Bad => {
                let found = find_record(source, at.saturating_add(1), size)?;
                scanned.damage.push(Damage {
                    path: path.to_owned(),
                    from: Position(at),
                    resume: found.map(Position),
                });
                let Some(found) = found else { break };
                found
            }
        };
        at = next;
    }
    Ok(scanned)
}

/// Reads and checks the bytes of a checkpoint.
pub(super) fn load<S: Source>(
    source: &S,
    path: &Path,
    entry: &CheckpointEntry,
) -> Result<Checkpoint> {
    let damaged = |at: u64| {
        Error::Damaged(Damage { path: path.to_owned(), from: Position(at), resume: None })
    };
    // The size was checked against the file's when the entry was found, and against the limit.
    let size = entry.size as usize;
    let mut bytes = Vec::with_capacity(size);
    let mut record = vec![0; MAX_RECORD];
    let mut at = entry.chunks.0;
    while bytes.len() < size {
        let want = RECORD_HEAD_BYTES + (size - bytes.len()).min(MAX_BODY);
        let filled = fill(source, at, &mut record[..want]).map_err(Error::io("read", path))?;
        match parse(at, &record[..filled]) {
            Parsed::Record { kind: CHUNK, body } if body.len() + RECORD_HEAD_BYTES == want => {
                bytes.extend_from_slice(body);
            }
            Parsed::Record { .. } | Parsed::NeedMore | Parsed::Bad => return Err(damaged(at)),
        }
        at = at.saturating_add(want as u64);
    }
    if crc32fast::hash(&bytes) != entry.checksum {
        return Err(damaged(entry.begin.0));
    }
    Ok(Checkpoint {
        offset: entry.offset,
        events_position: entry.events_position,
        engine: entry.engine,
        bytes,
    })
}

/// The records of a checkpoint, to be appended at `at`, and the entry they will have.
pub(super) fn records(at: Position, checkpoint: &Checkpoint) -> Result<(Vec<u8>, CheckpointEntry)> {
    let bytes = &checkpoint.bytes;
    let size = u32::try_from(bytes.len()).ok().filter(|_| bytes.len() <= MAX_CHECKPOINT).ok_or(
        Error::TooLarge {
            what: "checkpoint",
            size: bytes.len() as u64,
            limit: MAX_CHECKPOINT as u64,
        },
    )?;
    let checksum = crc32fast::hash(bytes);
    let mut begin = Vec::with_capacity(BEGIN_BODY);
    begin.extend_from_slice(&checkpoint.offset.0.to_le_bytes());
    begin.extend_from_slice(&checkpoint.events_position.0.to_le_bytes());
    begin.extend_from_slice(&size.to_le_bytes());
    begin.extend_from_slice(&checksum.to_le_bytes());
    begin.extend_from_slice(&checkpoint.engine.to_le_bytes());

    let mut out = Vec::new();
    encode(at.0, BEGIN, &begin, &mut out)?;
    let chunks = at.0.saturating_add(out.len() as u64);
    for chunk in bytes.chunks(MAX_BODY) {
        encode(at.0.saturating_add(out.len() as u64), CHUNK, chunk, &mut out)?;
    }
    let entry = CheckpointEntry {
        offset: checkpoint.offset,
        events_position: checkpoint.events_position,
        engine: checkpoint.engine,
        size,
        checksum,
        begin: at,
        chunks: Position(chunks),
    };
    Ok((out, entry))
}

fn decode_begin(begin: u64, behind: u64, body: &[u8]) -> Option<CheckpointEntry> {
    let (offset, rest) = body.split_first_chunk()?;
    let (events_position, rest) = rest.split_first_chunk()?;
    let (size, rest) = rest.split_first_chunk()?;
    let (checksum, rest) = rest.split_first_chunk()?;
    let (engine, _) = rest.split_first_chunk()?;
    let size = u32::from_le_bytes(*size);
    if size as usize > MAX_CHECKPOINT {
        return None;
    }
    Some(CheckpointEntry {
        offset: Offset(u64::from_le_bytes(*offset)),
        events_position: Position(u64::from_le_bytes(*events_position)),
        engine: u16::from_le_bytes(*engine),
        size,
        checksum: u32::from_le_bytes(*checksum),
        begin: Position(begin),
        chunks: Position(behind),
    })
}

/// How many bytes the chunk records of a state take.
fn chunks_span(size: u32) -> u64 {
    let chunks = u64::from(size).div_ceil(MAX_BODY as u64);
    u64::from(size) + chunks * RECORD_HEAD_BYTES as u64
}
