//! The roster's log. Owns how it is opened, mended and compacted, and that no change which was acknowledged is
//! its last record: a bad last record is cut as a torn end, and may be no revocation. Nor may an end be missing
//! that was acknowledged.

mod acknowledged;

use std::collections::BTreeSet;

use ccc_journal::{Durability, FileKind, RecordLog};
use ccc_proto::Ext;
use tracing::{error, info, warn};
use ulid::Ulid;

use crate::ServeError;
use crate::core::record::{Author, RecordError};
use crate::core::roster::{Entry, Roster, Settled};
use crate::state_dir::StateDir;

use acknowledged::Acknowledged;

/// The roster's file.
const KIND: FileKind = FileKind::new(*b"prin", "principals");
/// Size from which the log is compacted when it is opened.
const COMPACT_BYTES: u64 = 256 * 1024;

#[derive(Debug)]
pub(super) struct RosterLog {
    records: RecordLog,
    acknowledged: Acknowledged,
}

/// A record's kind and its bytes.
pub(super) type Encoded = (u16, Vec<u8>);

impl RosterLog {
    /// Writes records, and behind them that they are whole. They are durable when this returns. Blocks.
    pub(super) fn append(&mut self, records: &[Encoded]) -> Result<(), ccc_journal::Error> {
        for (kind, body) in records {
            self.records.append(*kind, body, Durability::Later)?;
        }
        let (kind, body) = settled().unwrap_or_default();
        self.records.append(kind, &body, Durability::Now)?;
        self.acknowledged.note(self.records.size());
        Ok(())
    }

    /// Puts the records that make a roster again in the place of all.
    fn compact(&mut self, roster: &Roster) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let mut encoded = Vec::new();
        for entry in roster.snapshot() {
            encoded.push(entry.encode()?);
        }
        encoded.push(settled()?);
        self.records.compact(encoded.iter().map(|(kind, body)| (*kind, body.as_slice())))?;
        self.acknowledged.note(self.records.size());
        info!(entries = encoded.len(), "the roster was compacted");
        Ok(())
    }
}

fn settled() -> Result<Encoded, RecordError> {
    Entry { author: Author::default(), change: Settled { ext: Ext::none() }.into() }.encode()
}

/// Opens the roster's log and folds it, without rights for sessions that are gone. A log that was damaged may
/// have lost a revocation: then nobody but the owner is known any more.
pub(super) fn open(
    state: &StateDir,
    sessions: &BTreeSet<Ulid>,
) -> Result<(RosterLog, Roster), ServeError> {
    let attempt = "read the roster";
    let path = state.identity().join("principals.log");
    let acknowledged = Acknowledged::of(&path);
    // Before anything is mended: what is mended may be another file.
    let had = acknowledged.bytes();
    let (records, recovered) = RecordLog::open(&path, KIND).map_err(ServeError::part(attempt))?;
    let mut roster = Roster::default();
    let whole = had.is_none_or(|had| had <= records.size());
    let mut sound = recovered.set_aside.is_none() && whole;
    for record in records.replay().map_err(ServeError::part(attempt))? {
        let record = record.map_err(ServeError::part(attempt))?;
        match Entry::decode(record.kind, &record.body) {
            Ok(entry) => drop(roster.apply(&entry)),
            Err(error) => {
                error!(%error, "an entry of the roster makes no sense");
                sound = false;
            }
        }
    }
    let mut log = RosterLog { records, acknowledged };
    if !sound {
        let kept = recovered.set_aside.as_deref().unwrap_or(&path);
        error!(
            kept = %kept.display(),
            "the roster was damaged and may have lost a revocation: everybody but the owner has to be invited again"
        );
        roster = Roster::default();
        // What is on the disk would let them in the next time.
        log.compact(&roster).map_err(ServeError::part(attempt))?;
        return Ok((log, roster));
    }
    if recovered.cut.is_some() {
        warn!("the roster had a torn end, which was cut");
    }
    roster.retain_sessions(sessions);
    if log.records.size() >= COMPACT_BYTES
        && let Err(error) = log.compact(&roster)
    {
        // It is as good as before, only longer.
        error!(error = %error, "the roster was not compacted");
    }
    Ok((log, roster))
}

#[cfg(test)]
mod tests;
