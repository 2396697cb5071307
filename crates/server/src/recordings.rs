//! Recordings on the disk, as they are told of: to clients by a server, and by the command line where
//! no server runs. Owns the figures and the words; who asks and what they may is not known here.

use std::path::Path;

use ccc_journal::{Error, ExitStatus, PaneUlid, last_exit, summary, verify_telling};
use ccc_proto::{Ext, PaneId, RecordingChecked, RecordingFault, RecordingInfo, RecordingState};

/// Faults that are told of one recording; more only say that it is lost.
const MOST_FAULTS: usize = 10_000;

/// What is known of a recording beside its files.
#[derive(Clone, Debug)]
pub struct Known {
    pub pane: Option<PaneId>,
    pub session: String,
    pub state: RecordingState,
    /// It is of a former life of its pane.
    pub earlier: bool,
    /// There is a recording; else nothing of the pane is on the disk.
    pub recorded: bool,
}

/// The recordings in a folder of panes, the oldest first.
#[must_use]
pub fn names(panes: &Path) -> Vec<PaneUlid> {
    let entries = std::fs::read_dir(panes).into_iter().flatten().flatten();
    let mut names: Vec<PaneUlid> = entries
        .filter_map(|entry| entry.file_name().to_str().and_then(|name| name.parse().ok()))
        .collect();
    names.sort_unstable();
    names
}

/// The figures of a recording. Without anybody who knows, its own events tell what became of it.
///
/// # Errors
/// If its files cannot be listed.
pub fn info(dir: &Path, ulid: PaneUlid, known: Option<&Known>) -> Result<RecordingInfo, Error> {
    let summary = summary(dir)?;
    let state = match known {
        Some(known) => known.state,
        // No program of a pane of ours could be lost.
        None if summary.header.as_ref().is_some_and(|header| header.imported().is_some()) => {
            RecordingState::KEPT
        }
        None => match last_exit(dir)? {
            Some(ExitStatus::Code(_) | ExitStatus::Signal(_)) => RecordingState::KEPT,
            Some(ExitStatus::Unknown) | None => RecordingState::LOST,
        },
    };
    let born = summary.header.as_ref().map(|header| header.session.clone());
    Ok(RecordingInfo {
        ulid: ulid.to_string(),
        pane: known.and_then(|known| known.pane),
        state,
        session: known.map(|known| known.session.clone()).or(born).unwrap_or_default(),
        command: summary.command(),
        began_unix_ms: summary.began_ns() / 1_000_000,
        last_unix_ms: summary.last_ns / 1_000_000,
        first: summary.first.0,
        end: summary.end.0,
        disk: summary.disk,
        segments: summary.segments,
        journals: summary.journals,
        sealed: summary.sealed,
        sealed_disk: summary.sealed_disk,
        unusable: summary.unusable,
        ext: Ext::none(),
    })
}

/// Looks a recording over and tells how far it is, at last what was found. `false` when nobody
/// listens any more.
pub fn checked(
    dir: &Path,
    ulid: &str,
    pane: Option<PaneId>,
    tell: &mut dyn FnMut(RecordingChecked) -> bool,
) -> bool {
    let word = |done, total| RecordingChecked {
        ulid: ulid.to_owned(),
        pane,
        done,
        total,
        more: true,
        ..RecordingChecked::default()
    };
    let mut heard = true;
    let mut seen = (0, 0);
    let verified = verify_telling(dir, &mut |done, total| {
        seen = (done, total);
        heard = tell(word(done, total));
        heard
    });
    let faults = match verified {
        Ok(verified) => {
            let faults = verified.faults.iter().take(MOST_FAULTS).map(|fault| {
                let (file, offset) = fault.place();
                RecordingFault { file, offset, what: fault.to_string() }
            });
            faults.collect()
        }
        Err(error) => {
            vec![RecordingFault { file: String::new(), offset: 0, what: error.to_string() }]
        }
    };
    heard && tell(RecordingChecked { whole: true, faults, ..word(seen.0, seen.1) })
}

/// Deletes the files of a recording; its directory and the record of what it was made as stay when
/// `keep_name` is set.
///
/// # Errors
/// If the operating system refuses; what was deleted before is gone.
pub fn remove_files(dir: &Path, keep_name: bool) -> Result<(), Error> {
    let io = |attempt, path: &Path| {
        let path = path.to_owned();
        move |source| Error::Io { attempt, path, source }
    };
    if !keep_name {
        return std::fs::remove_dir_all(dir).map_err(io("delete", dir));
    }
    for entry in std::fs::read_dir(dir).map_err(io("list", dir))? {
        let path = entry.map_err(io("list", dir))?.path();
        if path.file_name() != Some(ccc_journal::PANE_FILE.as_ref()) && path.is_file() {
            std::fs::remove_file(&path).map_err(io("delete", &path))?;
        }
    }
    Ok(ccc_journal::dir::sync(dir)?)
}
