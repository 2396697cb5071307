//! Whole small files that are either the old one or the new one, also after a power cut.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::OFlags;

use crate::die;
use crate::dir;
use crate::error::{Error, Result};

/// Puts `bytes` into the file at `path`, with the permissions `mode`, in one step: a new file,
/// synced, renamed over the old one, and the directory synced. After an error the old file stands.
pub fn atomic_write(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let fresh = FreshFile::create(path)?;
    let mut file = &fresh.file;
    file.set_permissions(std::fs::Permissions::from_mode(mode))
        .map_err(Error::io("set the mode of", &fresh.path))?;
    file.write_all(bytes).map_err(Error::io("write", &fresh.path))?;
    fresh.replace(path)?;
    Ok(())
}

/// Deletes what writers left behind that died before their rename. Only for a directory whose
/// writers are all known to be gone. Returns how many files went.
pub fn sweep_leftovers(dir: &Path) -> Result<usize> {
    sweep(dir, MARKER)
}

/// Deletes those whose names hold `part`.
pub(crate) fn sweep(dir: &Path, part: &str) -> Result<usize> {
    let mut swept = 0;
    for entry in std::fs::read_dir(dir).map_err(Error::io("list", dir))? {
        let entry = entry.map_err(Error::io("list", dir))?;
        let name = entry.file_name();
        if name.to_str().is_some_and(|name| name.starts_with('.') && name.contains(part)) {
            std::fs::remove_file(entry.path()).map_err(Error::io("delete", &entry.path()))?;
            swept += 1;
        }
    }
    Ok(swept)
}

/// Part of the name of every file that is not in its place yet.
const MARKER: &str = ".fresh-";

/// A file under another name, to take the place of `path` once it is whole.
#[derive(Debug)]
pub(crate) struct FreshFile {
    pub(crate) file: File,
    path: PathBuf,
    in_place: bool,
}

impl FreshFile {
    /// Makes an empty file, 0600, beside `path`.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let name = path.file_name().unwrap_or_default();
        loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let mut fresh = std::ffi::OsString::from(".");
            fresh.push(name);
            fresh.push(format!("{MARKER}{}-{number}", std::process::id()));
            let fresh = path.with_file_name(fresh);
            let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL;
            match dir::open_file(&fresh, flags) {
                Ok(file) => return Ok(Self { file, path: fresh, in_place: false }),
                // Left by a dead process that had our number; the next name is free.
                Err(rustix::io::Errno::EXIST) => {}
                Err(errno) => return Err(Error::errno("create", &fresh)(errno)),
            }
        }
    }

    /// Syncs it, renames it to `path` and syncs the directory; returns the file.
    pub(crate) fn replace(mut self, path: &Path) -> Result<File> {
        self.file.sync_all().map_err(Error::io("sync", &self.path))?;
        die::here();
        std::fs::rename(&self.path, path).map_err(Error::io("replace", path))?;
        self.in_place = true;
        die::here();
        dir::sync(dir::of(path))?;
        self.file.try_clone().map_err(Error::io("open", path))
    }
}

impl Drop for FreshFile {
    fn drop(&mut self) {
        if !self.in_place {
            // Best effort: what stays is swept at the next start.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests;
