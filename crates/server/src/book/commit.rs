//! A plan to the log and to the house, and what follows for those who look. Owns the order: logged
//! first, applied second, told third.

use std::path::Path;

use ccc_journal::{Durability, FileKind, PaneUlid, RecordLog};
use ccc_proto::{DetachReason, Detached, Ext, SessionId, WireExit};
use tracing::{error, info, warn};
use ulid::Ulid;

use super::Book;
use crate::ServeError;
use crate::clock::unix_ms;
use crate::core::house::{House, Plan, Record};
use crate::core::record::Author;
use crate::fault::Fault;
use crate::watch_events::About;

/// Size from which the log is compacted when it is opened.
const COMPACT_BYTES: u64 = 1024 * 1024;

/// Opens the control log and folds it.
pub(crate) fn open_log(path: &Path) -> Result<(RecordLog, House), ServeError> {
    let attempt = "read the control log";
    let (mut log, recovered) =
        RecordLog::open(path, FileKind::CONTROL).map_err(ServeError::part(attempt))?;
    if let Some(aside) = &recovered.set_aside {
        error!(kept = %aside.display(), "the control log was damaged; its good part goes on");
    } else if recovered.cut.is_some() {
        warn!("the control log had a torn end, which was cut");
    }
    let mut house = House::default();
    for record in log.replay().map_err(ServeError::part(attempt))? {
        let record = record.map_err(ServeError::part(attempt))?;
        match Record::decode(record.kind, &record.body) {
            Ok(record) => house.apply(&record),
            Err(error) => error!(%error, "a record of the control log makes no sense"),
        }
    }
    let loose = house.loose_ends(&Book::own_author());
    for record in &loose {
        house.apply(record);
    }
    if house.ignored() > 0 {
        warn!(records = house.ignored(), "records of the control log made no sense");
    }
    if log.size() >= COMPACT_BYTES {
        compact(&mut log, &house)?;
    } else {
        for record in &loose {
            append(&mut log, record).map_err(ServeError::part(attempt))?;
        }
    }
    Ok((log, house))
}

fn compact(log: &mut RecordLog, house: &House) -> Result<(), ServeError> {
    let attempt = "compact the control log";
    let before = log.size();
    let snapshot = house.snapshot();
    let encoded: Result<Vec<_>, _> = snapshot.iter().map(Record::encode).collect();
    let encoded = encoded.map_err(ServeError::part(attempt))?;
    log.compact(encoded.iter().map(|(kind, body)| (*kind, body.as_slice())))
        .map_err(ServeError::part(attempt))?;
    info!(before, after = log.size(), "the control log was compacted");
    Ok(())
}

fn append(
    log: &mut RecordLog,
    record: &Record,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (kind, body) = record.encode()?;
    log.append(kind, &body, Durability::Later)?;
    Ok(())
}

impl Book {
    /// Logs and applies a plan, and tells whom it concerns.
    pub(crate) fn commit(&mut self, plan: Plan) -> Result<Plan, Fault> {
        for record in &plan.records {
            if let Err(error) = append(&mut self.log, record) {
                error!(%error, "a record was not logged");
                return Err(Fault::internal(format!("the control log takes no record: {error}")));
            }
            self.unsynced = true;
            self.house.apply(record);
        }
        if let Some(session) = plan.session {
            self.touch(session);
            self.resize_panes(session);
        }
        self.move_lookers();
        if let Some(session) = plan.ends {
            self.end_looking(session);
        }
        if !plan.forget.is_empty() {
            self.forget(&plan.forget);
        }
        Ok(plan)
    }

    /// The author of what this server does by itself.
    pub(crate) fn own_author() -> Author {
        Author::server(unix_ms())
    }

    /// Everybody who looked at a session that ended is told.
    fn end_looking(&mut self, session: SessionId) {
        let exit =
            self.house.session(session).and_then(|session| session.ended).unwrap_or_default();
        let about = About { session: Some(session), exit, ..About::default() };
        self.ctx.events.tell("session-ended", about, "");
        let lookers: Vec<_> = self
            .lookers
            .iter()
            .filter(|(_, looker)| looker.place.session == session)
            .map(|(attachment, _)| *attachment)
            .collect();
        for attachment in lookers {
            self.detach(attachment, ended(DetachReason::SESSION_ENDED, exit));
        }
        self.left.remove(&session);
    }

    /// Deletes recordings that nobody may want back.
    fn forget(&self, ulids: &[Ulid]) {
        let root = self.ctx.state.root().to_owned();
        let ulids: Vec<PaneUlid> =
            ulids.iter().filter_map(|ulid| ulid.to_string().parse().ok()).collect();
        ulids.iter().for_each(|ulid| self.ctx.disk.forget(*ulid));
        self.ctx.history.forget(ulids.clone());
        let dirs: Vec<_> = ulids.into_iter().map(|ulid| ulid.dir(&root)).collect();
        self.ctx.tracker.spawn_blocking_on(
            move || {
                for dir in dirs {
                    match forget(&dir) {
                        Ok(()) => {}
                        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                        Err(error) => warn!(dir = %dir.display(), %error, "not forgotten"),
                    }
                }
            },
            &self.ctx.pool,
        );
    }
}

/// Deletes a recording. What is being sealed in it may put one more file there meanwhile, and finds out
/// then that it is too late.
fn forget(dir: &Path) -> std::io::Result<()> {
    const MOST: u32 = 4;
    for _ in 1..MOST {
        match std::fs::remove_dir_all(dir) {
            Err(error) if error.kind() == std::io::ErrorKind::DirectoryNotEmpty => {}
            other => return other,
        }
    }
    std::fs::remove_dir_all(dir)
}

/// The end of an attachment that is nobody's failure.
pub(crate) fn ended(reason: DetachReason, exit: WireExit) -> Detached {
    Detached { reason, exit, why: String::new(), hint: String::new(), failure: 0, ext: Ext::none() }
}
