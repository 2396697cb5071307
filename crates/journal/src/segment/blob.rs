//! Bytes that are longer than a record may be, as records of one kind behind each other.

use std::path::Path;

use crate::error::{Damage, Error, Result};
use crate::record::source::fill;
use crate::record::{MAX_BODY, Parsed, RECORD_HEAD_BYTES, Source, encode, parse};
use crate::units::Position;

/// How many bytes of file so many bytes take.
pub(crate) fn span(len: u32) -> u64 {
    let records = u64::from(len).div_ceil(MAX_BODY as u64);
    u64::from(len) + records * RECORD_HEAD_BYTES as u64
}

/// The records of `bytes`, to stand at `position`.
pub(crate) fn records(position: u64, kind: u16, bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len() + RECORD_HEAD_BYTES);
    for piece in bytes.chunks(MAX_BODY) {
        encode(position.saturating_add(out.len() as u64), kind, piece, &mut out)?;
    }
    Ok(out)
}

/// Reads `len` bytes back; [`Error::Damaged`] names the record that is not what was written.
pub(crate) fn read<S: Source>(
    source: &S,
    path: &Path,
    position: u64,
    kind: u16,
    len: u32,
) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    read_into(source, path, position, kind, len, &mut bytes)?;
    Ok(bytes)
}

/// Reads `len` bytes back in place of what is in `bytes`, which has others in it after an error.
pub(crate) fn read_into<S: Source>(
    source: &S,
    path: &Path,
    position: u64,
    kind: u16,
    len: u32,
    bytes: &mut Vec<u8>,
) -> Result<()> {
    let len = len as usize;
    bytes.clear();
    // What stands in the records moves down over their heads, so that one record's room behind it is enough.
    let mut at = position;
    while bytes.len() < len {
        let begin = bytes.len();
        let want = RECORD_HEAD_BYTES + (len - begin).min(MAX_BODY);
        bytes.resize(begin + want, 0);
        let record = &mut bytes[begin..];
        let filled = fill(source, at, record).map_err(Error::io("read", path))?;
        match parse(at, &record[..filled]) {
            Parsed::Record { kind: found, body }
                if found == kind && body.len() + RECORD_HEAD_BYTES == want => {}
            Parsed::Record { .. } | Parsed::NeedMore | Parsed::Bad => {
                return Err(damaged(path, at));
            }
        }
        record.copy_within(RECORD_HEAD_BYTES.., 0);
        bytes.truncate(begin + want - RECORD_HEAD_BYTES);
        at = at.saturating_add(want as u64);
    }
    Ok(())
}

pub(crate) fn damaged(path: &Path, at: u64) -> Error {
    Error::Damaged(Damage { path: path.to_owned(), from: Position(at), resume: None })
}
