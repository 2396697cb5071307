//! The files of the audit: record logs, each named by the number of its first entry. Owns their bound: when
//! a file is full another begins, and the oldest are deleted.

use std::path::{Path, PathBuf};

use ccc_journal::{Durability, Error, FileKind, RecordLog, RecordReader, dir};
use ccc_net::PeerKey;
use ccc_proto::AuditRecord;
use tracing::{error, warn};

use super::hash;
use crate::ServeError;
use crate::state_dir::StateDir;

pub(super) const KIND: FileKind = FileKind::new(*b"audt", "audit log");
/// Bytes after which another file begins.
const FULL: u64 = 4 * 1024 * 1024;
/// Files that are kept: about a hundred thousand entries.
const KEPT: usize = 4;

pub(super) struct Files {
    folder: PathBuf,
    log: RecordLog,
}

/// Files that are open, and how they were found.
pub(super) struct Opened {
    pub(super) files: Files,
    /// The number and the hash of the last entry.
    pub(super) last: Option<(u64, Vec<u8>)>,
    /// Entries since the last signature that is good.
    pub(super) unsigned: u64,
    /// The newest file was damaged, and is kept whole under this name.
    pub(super) set_aside: Option<PathBuf>,
}

impl Files {
    pub(super) fn open(state: &StateDir, keys: &[PeerKey]) -> Result<Opened, ServeError> {
        let attempt = "open the audit";
        let folder = state.audit();
        dir::create_private(&folder)?;
        let path = names(&folder).pop().unwrap_or_else(|| named(&folder, 1));
        // What is bad at its end is gone first, so that the chain goes on behind what stays.
        let (log, recovered) = RecordLog::open(&path, KIND).map_err(ServeError::part(attempt))?;
        if let Some(kept) = &recovered.set_aside {
            error!(kept = %kept.display(), "the audit was damaged; its good part goes on");
        }
        let mut end = End::default();
        // The newest file may hold nothing, and a former one the last signature.
        for path in names(&folder).iter().rev() {
            let of_file = end_of(path, keys).map_err(ServeError::part(attempt))?;
            end = End {
                last: end.last.or(of_file.last),
                signed: end.signed.or(of_file.signed),
                first: of_file.first.or(end.first),
            };
            if end.last.is_some() && end.signed.is_some() {
                break;
            }
        }
        let seq = end.last.as_ref().map_or(0, |(seq, _)| *seq);
        let before = end.signed.or_else(|| end.first.map(|first| first.saturating_sub(1)));
        let unsigned = seq.saturating_sub(before.unwrap_or(0));
        let (last, set_aside) = (end.last, recovered.set_aside);
        Ok(Opened { files: Self { folder, log }, last, unsigned, set_aside })
    }

    pub(super) fn append(&mut self, seq: u64, kind: u16, body: &[u8]) -> Result<(), Error> {
        if self.log.size() >= FULL && kind == AuditRecord::ENTRY {
            self.log.sync()?;
            (self.log, _) = RecordLog::open(&named(&self.folder, seq), KIND)?;
            let names = names(&self.folder);
            for old in names.iter().take(names.len().saturating_sub(KEPT)) {
                if let Err(error) = std::fs::remove_file(old) {
                    warn!(path = %old.display(), %error, "an old part of the audit stays");
                }
            }
        }
        self.log.append(kind, body, Durability::Later).map(drop)
    }

    pub(super) fn sync(&mut self) -> Result<(), Error> {
        self.log.sync()
    }
}

/// All records after an entry, oldest first, to `tell` until it wants no more. Each stretch that does not read
/// is told as an entry without bytes. Blocks.
pub(crate) fn read(
    folder: &Path,
    after: u64,
    mut tell: impl FnMut(AuditRecord) -> bool,
) -> Result<(), Error> {
    let mut behind = after == 0;
    for path in names(folder) {
        let wants_more = read_file(&path, &mut |record| {
            if !behind {
                // A checkpoint after it belongs to what was asked for.
                behind = matches!(record.entry(), Ok(Some(entry)) if entry.seq > after)
                    || matches!(record.checkpoint(), Ok(Some(point)) if point.seq > after);
            }
            !behind || tell(record)
        })?;
        if !wants_more {
            break;
        }
    }
    Ok(())
}

/// The records of one file. Whether more are wanted.
fn read_file(path: &Path, tell: &mut impl FnMut(AuditRecord) -> bool) -> Result<bool, Error> {
    let mut records = match RecordReader::open(path, KIND) {
        // It was the oldest, and another was begun meanwhile.
        Err(error) if error.is_not_found() => return Ok(true),
        opened => opened?,
    };
    loop {
        let told = match records.next_record() {
            Ok(Some(record)) => tell(AuditRecord { kind: record.kind, body: record.body }),
            Ok(None) => return Ok(true),
            Err(Error::Damaged(_)) => {
                let more = tell(AuditRecord { kind: AuditRecord::ENTRY, body: Vec::new() });
                if more && !records.skip_damage()? {
                    return Ok(true);
                }
                more
            }
            Err(error) => return Err(error),
        };
        if !told {
            return Ok(false);
        }
    }
}

/// What one file says of the chain.
#[derive(Default)]
struct End {
    first: Option<u64>,
    last: Option<(u64, Vec<u8>)>,
    signed: Option<u64>,
}

fn end_of(path: &Path, keys: &[PeerKey]) -> Result<End, Error> {
    let mut end = End::default();
    // What is damaged is found by whoever verifies; the chain goes on behind the last that reads.
    read_file(path, &mut |record| {
        if let Ok(Some(entry)) = record.entry() {
            end.first = end.first.or(Some(entry.seq));
            end.last = Some((entry.seq, hash(&record)));
        }
        if let (Ok(Some(point)), Some((seq, head))) = (record.checkpoint(), &end.last) {
            let ours = PeerKey::from_spki(&point.key).filter(|key| keys.contains(key));
            let good = ours.is_some_and(|key| key.verify(&point.signed(), &point.signature));
            if good && point.seq == *seq && point.head == *head {
                end.signed = Some(*seq);
            }
        }
        true
    })?;
    Ok(end)
}

/// The files, oldest first: their names sort as their numbers do.
fn names(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            path.extension().is_some_and(|extension| extension == "log")
                && stem.len() == 16
                && stem.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
        .collect();
    names.sort();
    names
}

fn named(folder: &Path, first: u64) -> PathBuf {
    folder.join(format!("{first:016x}.log"))
}

#[cfg(test)]
mod tests;
