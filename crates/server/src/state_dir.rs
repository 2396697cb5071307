//! The state directory: its rooms, made or checked, and the machine it belongs to. What stands in
//! the files is for their owners to know.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use ccc_journal::dir::{self, DirError};

use crate::ServeError;

/// A state directory that was checked: ours, private, of this machine.
#[derive(Clone, Debug)]
pub(crate) struct StateDir {
    root: PathBuf,
}

impl StateDir {
    /// Makes what is missing and refuses what is not safely ours.
    pub(crate) fn open(root: &Path) -> Result<Self, ServeError> {
        dir::create_private(root)?;
        let state = Self { root: root.to_owned() };
        for room in ["identity", "panes", "sessions", "run", "log", "client"] {
            dir::create_private(&state.root.join(room))?;
        }
        state.check_machine()?;
        Ok(state)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn identity(&self) -> PathBuf {
        self.root.join("identity")
    }

    pub(crate) fn run(&self) -> PathBuf {
        self.root.join("run")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.root.join("log")
    }

    pub(crate) fn client(&self) -> PathBuf {
        self.root.join("client")
    }

    pub(crate) fn audit(&self) -> PathBuf {
        self.root.join("audit")
    }

    pub(crate) fn control_log(&self) -> PathBuf {
        self.root.join("control.log")
    }

    /// A directory shared by two machines (a home on the network) would be written by both: the
    /// first one that used it keeps it.
    fn check_machine(&self) -> Result<(), ServeError> {
        let Some(machine) = ccc_journal::machine_id() else { return Ok(()) };
        let path = self.identity().join("machine");
        match fs::read_to_string(&path) {
            Ok(found) if found.trim() == machine => Ok(()),
            Ok(found) => {
                let found = found.trim().chars().take(64).collect();
                Err(DirError::OtherMachine { path: self.root.clone(), found }.into())
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                write_whole(&path, format!("{machine}\n").as_bytes())
            }
            Err(error) => {
                Err(ServeError::Io { attempt: format!("read {}", path.display()), source: error })
            }
        }
    }
}

/// Writes a small private file so that a reader finds the old or the new whole, also after a power
/// cut: another name, sync, rename, sync of the directory.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), ServeError> {
    use std::os::unix::fs::OpenOptionsExt;

    let attempt = || format!("write {}", path.display());
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let new = path.with_file_name(name);
    let written = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&new)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&new, path));
    if let Err(source) = written {
        // The leftover has a name of its own and is overwritten by the next attempt.
        let _ = fs::remove_file(&new);
        return Err(ServeError::Io { attempt: attempt(), source });
    }
    if let Some(parent) = path.parent() {
        dir::sync(parent)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
