//! The files of the audit: record logs, each named by the number of its first entry. Owns their bound: when
//! a file is full another begins, and the oldest are deleted.

use std::path::{Path, PathBuf};

use ccc_journal::{Durability, Error, FileKind, RecordLog, RecordReader, dir};
use ccc_proto::AuditRecord;
use tracing::{error, warn};

use super::hash;
use crate::ServeError;
use crate::state_dir::StateDir;

const KIND: FileKind = FileKind::new(*b"audt", "audit log");
/// Bytes after which another file begins.
const FULL: u64 = 4 * 1024 * 1024;
/// Files that are kept: about a hundred thousand entries.
const KEPT: usize = 4;

pub(super) struct Files {
    folder: PathBuf,
    log: RecordLog,
}

/// Where a chain ends: the number and the hash of its last entry.
type Last = Option<(u64, Vec<u8>)>;

impl Files {
    pub(super) fn open(state: &StateDir) -> Result<(Self, Last), ServeError> {
        let attempt = "open the audit";
        let folder = state.audit();
        dir::create_private(&folder)?;
        let names = names(&folder);
        let mut last = None;
        // An empty newest file was begun and not used: the one before tells where the chain ends.
        for path in names.iter().rev() {
            last = last_of(path).map_err(ServeError::part(attempt))?;
            if last.is_some() {
                break;
            }
        }
        let path = names.last().cloned().unwrap_or_else(|| named(&folder, 1));
        let (log, recovered) = RecordLog::open(&path, KIND).map_err(ServeError::part(attempt))?;
        if let Some(kept) = recovered.set_aside {
            error!(kept = %kept.display(), "the audit was damaged; its good part goes on");
            last = last_of(&path).map_err(ServeError::part(attempt))?;
        }
        Ok((Self { folder, log }, last))
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

/// All records after an entry, oldest first, to `tell` until it wants no more. Blocks.
pub(crate) fn read(
    folder: &Path,
    after: u64,
    mut tell: impl FnMut(AuditRecord) -> bool,
) -> Result<(), Error> {
    let mut behind = after == 0;
    for path in names(folder) {
        let mut records = RecordReader::open(&path, KIND)?;
        while let Some(record) = records.next_record()? {
            let record = AuditRecord { kind: record.kind, body: record.body };
            if !behind {
                // A checkpoint after it belongs to what was asked for.
                behind = matches!(record.entry(), Ok(Some(entry)) if entry.seq > after)
                    || matches!(record.checkpoint(), Ok(Some(point)) if point.seq > after);
            }
            if behind && !tell(record) {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn last_of(path: &Path) -> Result<Last, Error> {
    let mut records = RecordReader::open(path, KIND)?;
    let mut last = None;
    // What is damaged is found by whoever verifies; the chain goes on behind its good part.
    while let Ok(Some(record)) = records.next_record() {
        let record = AuditRecord { kind: record.kind, body: record.body };
        if let Ok(Some(entry)) = record.entry() {
            last = Some((entry.seq, hash(&record)));
        }
    }
    Ok(last)
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
