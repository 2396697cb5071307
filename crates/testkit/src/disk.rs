//! A small filesystem in memory, to be filled up. Owns its mount.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{KitError, Result};

/// Mounted until it is dropped.
#[derive(Debug)]
pub struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    /// `None` where nothing may be mounted, which is said.
    ///
    /// # Errors
    /// There is no place for it.
    #[expect(clippy::print_stdout, reason = "what was not tested is said")]
    pub fn mount(mebibytes: u32) -> Result<Option<Self>> {
        let folder = tempfile::tempdir().map_err(KitError::io("prepare a disk"))?;
        let size = format!("size={mebibytes}m,mode=0700");
        let words = ["-t", "tmpfs", "-o", &size, "ccc-test"];
        let mounted = Command::new("mount").args(words).arg(folder.path()).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Ok(Some(Self { folder }));
        }
        println!("SKIPPED: no right to mount a filesystem");
        Ok(None)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Takes all the room there is, with the file that comes back.
    ///
    /// # Errors
    /// It cannot be written to.
    pub fn fill(&self) -> Result<PathBuf> {
        let path = self.path().join("filler");
        let io = KitError::io::<std::io::Error>;
        let mut file = File::create(&path).map_err(io("fill a disk"))?;
        loop {
            match file.write(&[b'x'; 4096]) {
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::StorageFull => return Ok(path),
                Err(error) => return Err(io("fill a disk")(error)),
            }
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily, because what was just ended may still have files open there.
        let _unmounted = Command::new("umount").arg("-l").arg(self.folder.path()).status();
    }
}
