//! Where the files of a pane lie: on the disk, or in memory for one that is not recorded. Owns the marker that
//! says so and the directory in memory; that both look the same to whoever reads and writes is the point.
//!
//! A pane that is not recorded has an empty file `unrecorded/<ulid>` in the state directory and its files on
//! a filesystem that the kernel keeps in memory. The marker outlives the memory, so that whoever comes later
//! makes the directory there again and never one on the disk.

use std::fs::OpenOptions;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::dir;
use crate::error::{Error, Result};
use crate::files::{end_offset, journal_files};
use crate::pane::PANE_FILE;
use crate::units::{Offset, PaneUlid};
use crate::writer::JournalWriter;

/// The directory of the markers, below the state directory.
const MARKERS: &str = "unrecorded";
/// What Linux mounts for memory that is shared by name: a filesystem that is in memory alone.
#[cfg(target_os = "linux")]
const MEMORY: &str = "/dev/shm";
#[cfg(target_os = "linux")]
const TMPFS_MAGIC: u64 = 0x0102_1994;

impl PaneUlid {
    /// Where the pane's files lie: [`PaneUlid::dir`], or in memory if it is not recorded.
    #[must_use]
    pub fn place(&self, state: &Path) -> PathBuf {
        if self.is_unrecorded(state) { memory(state).join(self.as_str()) } else { self.dir(state) }
    }

    /// Whether nothing that the pane prints may reach the disk. When that cannot be told it may not.
    #[must_use]
    pub fn is_unrecorded(&self, state: &Path) -> bool {
        let marker = state.join(MARKERS).join(self.as_str());
        !matches!(marker.symlink_metadata(), Err(e) if e.kind() == std::io::ErrorKind::NotFound)
    }
}

/// Makes a place in memory for a pane that is not recorded, and gives it. The marker comes first.
///
/// # Errors
/// Where the system has no such memory, or something else stands in its place.
pub fn make_unrecorded(state: &Path, pane: PaneUlid) -> Result<PathBuf> {
    check_memory()?;
    let markers = state.join(MARKERS);
    dir::create_private(&markers)?;
    let marker = markers.join(pane.as_str());
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&marker)
        .map_err(Error::io("create", &marker))?;
    create_place(state, pane)
}

/// Makes the directory of a pane's files where they belong, if it is not there, and gives it. In memory what is
/// above it is looked at as well: anybody may make a name there.
///
/// # Errors
/// It cannot be made, or something else stands in its place.
pub fn create_place(state: &Path, pane: PaneUlid) -> Result<PathBuf> {
    let place = pane.place(state);
    if pane.is_unrecorded(state) {
        dir::create_private(&memory(state))?;
    }
    dir::create_private(&place)?;
    Ok(place)
}

/// From now on nothing of the pane reaches the disk: it has its place in memory, where its journal goes on at the
/// offset. The files on the disk stay.
///
/// # Errors
/// As [`make_unrecorded`]; the pane is recorded as before then.
pub fn enter_memory(state: &Path, pane: PaneUlid, at: Offset) -> Result<PathBuf> {
    // What a former stay left begins elsewhere, with another state.
    drop_memory(state, pane)?;
    let entered = make_unrecorded(state, pane).and_then(|dir| {
        JournalWriter::begin_at(&dir, at, u64::MAX)?;
        Ok(dir)
    });
    if entered.is_err() {
        stay_recorded(state, pane);
    }
    entered
}

/// Takes back [`enter_memory`] before anything is written there. The mark goes in any case, as bytes go to the disk.
pub fn stay_recorded(state: &Path, pane: PaneUlid) {
    // What is left of a place without a mark is in nobody's way.
    let _ = drop_memory(state, pane);
    let _ = leave_memory(state, pane);
}

/// The place in memory of a pane that is not recorded now and was before: made again, and its journal with it, where
/// whoever was at it died in between. `None` for any other pane.
///
/// # Errors
/// Its files cannot be listed or made.
pub fn paused_place(state: &Path, pane: PaneUlid) -> Result<Option<PathBuf>> {
    let disk = pane.dir(state);
    if !pane.is_unrecorded(state) || !disk.join(PANE_FILE).exists() {
        return Ok(None);
    }
    let place = create_place(state, pane)?;
    if journal_files(&place)?.is_empty() {
        JournalWriter::begin_at(&place, end_offset(&disk)?, u64::MAX)?;
    }
    Ok(Some(place))
}

/// The place in memory of a pane that is recorded again, if something is left there.
#[must_use]
pub fn left_memory(state: &Path, pane: PaneUlid) -> Option<PathBuf> {
    let place = memory(state).join(pane.as_str());
    (!pane.is_unrecorded(state) && place.is_dir()).then_some(place)
}

/// The panes that have something left in memory and are recorded, whoever died before it was deleted.
#[must_use]
pub fn left_in_memory(state: &Path) -> Vec<PaneUlid> {
    let entries = std::fs::read_dir(memory(state)).into_iter().flatten().flatten();
    let panes = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    panes.filter(|pane: &PaneUlid| left_memory(state, *pane).is_some()).collect()
}

/// What the pane prints reaches the disk again. Its files in memory stay until [`drop_memory`].
///
/// # Errors
/// The mark cannot be deleted.
pub fn leave_memory(state: &Path, pane: PaneUlid) -> Result<()> {
    let marker = state.join(MARKERS).join(pane.as_str());
    match std::fs::remove_file(&marker) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(Error::io("delete", &marker)(e)),
    }
}

/// Deletes what is in memory of a pane, marked or not.
///
/// # Errors
/// If the operating system refuses.
pub fn drop_memory(state: &Path, pane: PaneUlid) -> Result<()> {
    let root = memory(state);
    let place = root.join(pane.as_str());
    match std::fs::remove_dir_all(&place) {
        Ok(()) => {}
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
        Err(e) => return Err(Error::io("delete", &place)(e)),
    }
    // The last one leaves nothing behind; one that is left by others keeps it.
    let _ = std::fs::remove_dir(&root);
    Ok(())
}

/// Forgets a pane that was not recorded: its files, then its marker. Nothing happens to one that was.
///
/// # Errors
/// If the operating system refuses; the marker is there as long as the files are.
pub fn drop_unrecorded(state: &Path, pane: PaneUlid) -> Result<()> {
    if !pane.is_unrecorded(state) {
        return Ok(());
    }
    drop_memory(state, pane)?;
    leave_memory(state, pane)
}

/// All panes that are not recorded, also those whose memory is gone.
#[must_use]
pub fn unrecorded(state: &Path) -> Vec<PaneUlid> {
    let entries = std::fs::read_dir(state.join(MARKERS)).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// Where unrecorded panes of a state directory lie. Named by the user and the directory itself, however its
/// path is written; who else makes one of that name is refused when it is opened.
fn memory(state: &Path) -> PathBuf {
    let user = rustix::process::geteuid().as_raw();
    let (dev, ino) = std::fs::metadata(state).map_or((0, 0), |meta| (meta.dev(), meta.ino()));
    base().join(format!("ccc-{user}-{dev:x}-{ino:x}"))
}

#[cfg(target_os = "linux")]
fn base() -> PathBuf {
    PathBuf::from(MEMORY)
}

#[cfg(not(target_os = "linux"))]
fn base() -> PathBuf {
    // Never used: nothing is made where there is no such memory.
    PathBuf::from("/nonexistent")
}

#[cfg(target_os = "linux")]
fn check_memory() -> Result<()> {
    let path = Path::new(MEMORY);
    let stat = rustix::fs::statfs(path).map_err(Error::errno("examine", path))?;
    // The type of the field differs from one machine to the next; its low 32 bits do not.
    if (stat.f_type as u64) & 0xffff_ffff == TMPFS_MAGIC {
        return Ok(());
    }
    Err(Error::NoMemory { why: format!("{MEMORY} is not in memory") })
}

#[cfg(not(target_os = "linux"))]
fn check_memory() -> Result<()> {
    Err(Error::NoMemory { why: "this system has no filesystem in memory".to_owned() })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn pane() -> PaneUlid {
        PaneUlid::NOBODY
    }

    #[test]
    fn a_pane_lies_on_the_disk_unless_a_marker_says_otherwise() {
        let state = tempfile::tempdir().unwrap();
        let pane = pane();
        assert_eq!(pane.place(state.path()), pane.dir(state.path()));
        let place = make_unrecorded(state.path(), pane).unwrap();
        assert_eq!(pane.place(state.path()), place);
        assert!(place.starts_with(MEMORY) && place.is_dir());
        assert!(!pane.dir(state.path()).exists());
        assert_eq!(unrecorded(state.path()), [pane]);
        // A boot later the memory is gone and the disk is still no place for it.
        std::fs::remove_dir_all(place.parent().unwrap()).unwrap();
        assert_eq!(pane.place(state.path()), place);
        drop_unrecorded(state.path(), pane).unwrap();
        assert_eq!(pane.place(state.path()), pane.dir(state.path()));
        assert_eq!(unrecorded(state.path()), []);
    }

    #[test]
    fn what_a_former_stay_in_memory_left_is_not_taken_for_the_next() {
        let state = tempfile::tempdir().unwrap();
        let pane = pane();
        let place = enter_memory(state.path(), pane, Offset(7)).unwrap();
        std::fs::write(place.join("checkpoints"), "of then").unwrap();
        assert_eq!(left_in_memory(state.path()), []);
        leave_memory(state.path(), pane).unwrap();
        assert_eq!(left_in_memory(state.path()), [pane]);
        enter_memory(state.path(), pane, Offset(9)).unwrap();
        assert!(!place.join("checkpoints").exists());
        let files = journal_files(&place).unwrap();
        assert_eq!(files.iter().map(|file| file.first).collect::<Vec<_>>(), [Offset(9)]);
        stay_recorded(state.path(), pane);
        assert!(!pane.is_unrecorded(state.path()) && !place.exists());
    }

    #[test]
    fn two_names_of_a_state_directory_have_one_place_and_others_another() {
        let one = tempfile::tempdir().unwrap();
        let two = tempfile::tempdir().unwrap();
        let link = two.path().join("link");
        std::os::unix::fs::symlink(one.path(), &link).unwrap();
        assert_eq!(memory(one.path()), memory(&link));
        assert_ne!(memory(one.path()), memory(two.path()));
    }

    #[test]
    fn what_somebody_else_put_there_is_refused() {
        let state = tempfile::tempdir().unwrap();
        let root = memory(state.path());
        std::os::unix::fs::symlink(state.path(), &root).unwrap();
        let refused = make_unrecorded(state.path(), pane());
        std::fs::remove_file(&root).unwrap();
        assert!(matches!(refused, Err(Error::Dir(_))), "{refused:?}");
    }
}
