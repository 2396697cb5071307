//! The folder of files that clients paste into panes. Owns where it is, the names in it, and for how long and how
//! much is kept there. The copying is that of any file.
//!
//! Whoever pasted a file wanted its path in a program, for a moment; nobody remembers to delete it. What is
//! cleaned is in the folder itself: no link is followed, and nothing but a regular file is touched.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ccc_copy::{CopyError, look};
use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, openat, statat, unlinkat};
use tracing::{debug, info};

use crate::surroundings::Surroundings;

/// The longest name of what was pasted, with room for a number and the end of a part.
const LONGEST_NAME: usize = 200;
/// A file that has lain there longer is deleted.
const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// Bytes of all of them that are kept; the oldest go first.
const BUDGET: u64 = 1024 * 1024 * 1024;
/// A younger one is kept in any case: a program may be about to read it, or a copy to finish it.
const FRESH: Duration = Duration::from_secs(60 * 60);

/// Where they are put: below the cache directory of the server's user.
pub(crate) fn folder(surroundings: &Surroundings) -> PathBuf {
    let cache = surroundings.variable(b"XDG_CACHE_HOME");
    cache.unwrap_or_else(|| surroundings.home().join(".cache")).join("ccc/pasted")
}

/// A name that may be had by a file: without a way, and of a length that leaves room.
pub(crate) fn name(wished: &[u8]) -> Vec<u8> {
    let name = wished.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let printable = |byte: &u8| if byte.is_ascii_control() { b'_' } else { *byte };
    let name: Vec<u8> = name.iter().take(LONGEST_NAME).map(printable).collect();
    match name.as_slice() {
        b"" | b"." | b".." => b"file".to_vec(),
        _ => name,
    }
}

/// A name in the folder that nothing has, like the one that is wished for. Blocks.
///
/// # Errors
/// The folder cannot be made, or looked into.
pub(crate) fn free_name(folder: &Path, name: &[u8]) -> Result<PathBuf, CopyError> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|source| CopyError::Io { what: "make", path: folder.to_owned(), source })?;
    let first = folder.join(OsStr::from_bytes(name));
    let numbered = (2_u64..).map(|number| {
        folder.join(OsStr::from_bytes(&[format!("{number}-").as_bytes(), name].concat()))
    });
    for path in std::iter::once(first).chain(numbered) {
        let mut part = path.clone().into_os_string();
        part.push(ccc_copy::PART);
        if look(&path)?.is_none() && look(Path::new(&part))?.is_none() {
            return Ok(path);
        }
    }
    Err(CopyError::Busy { path: folder.to_owned() })
}

/// Deletes what is too old or too much. What cannot be deleted stays: it is in nobody's way. Blocks.
pub(crate) fn clean(folder: &Path, now: SystemTime) {
    match clean_within(folder, now, BUDGET) {
        Ok(0) => {}
        Ok(deleted) => info!(deleted, folder = %folder.display(), "pasted files were deleted"),
        Err(rustix::io::Errno::NOENT) => {}
        Err(error) => debug!(%error, folder = %folder.display(), "pasted files are not cleaned"),
    }
}

/// How many were deleted.
fn clean_within(folder: &Path, now: SystemTime, budget: u64) -> rustix::io::Result<usize> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = openat(CWD, folder, flags, Mode::empty())?;
    let mut files = Vec::new();
    for entry in Dir::read_from(&folder)? {
        let name = entry?.file_name().to_owned();
        let Ok(stat) = statat(&folder, &name, AtFlags::SYMLINK_NOFOLLOW) else { continue };
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            continue;
        }
        let since = u64::try_from(stat.st_mtime).unwrap_or_default();
        let age = now.duration_since(UNIX_EPOCH + Duration::from_secs(since)).unwrap_or_default();
        files.push((age, u64::try_from(stat.st_size).unwrap_or_default(), name));
    }
    files.sort_unstable();
    let (mut kept, mut deleted) = (0_u64, 0);
    // The youngest first.
    for (age, size, name) in files {
        kept = kept.saturating_add(size);
        if age > KEPT || (kept > budget && age > FRESH) {
            kept -= size;
            deleted += usize::from(unlinkat(&folder, &name, AtFlags::empty()).is_ok());
        }
    }
    Ok(deleted)
}

#[cfg(test)]
mod tests;
