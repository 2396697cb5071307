//! One server for each state directory: the lock that a server holds while it lives. A POSIX record
//! lock, because death releases it and no descriptor handed to a child keeps it.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;

use rustix::fs::FlockOperation;

use crate::ServeError;
use crate::state_dir::StateDir;

/// Held until dropped. The file is opened nowhere else in this process: closing any of its
/// descriptors would release the lock.
#[derive(Debug)]
pub(crate) struct ServerLock {
    _file: File,
}

impl ServerLock {
    /// Takes the lock and writes who has it.
    pub(crate) fn take(state: &StateDir) -> Result<Self, ServeError> {
        let path = state.run().join("server.lock");
        let attempt = || format!("lock {}", path.display());
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(ServeError::io(attempt()))?;
        match rustix::fs::fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::AGAIN | rustix::io::Errno::ACCESS) => {
                let mut text = String::new();
                // Whoever has the lock may not have written its name yet; 0 says so.
                let _ = (&mut file).take(32).read_to_string(&mut text);
                let pid = text.trim().parse().unwrap_or(0);
                return Err(ServeError::AlreadyRunning { state_dir: state.root().to_owned(), pid });
            }
            Err(errno) => return Err(ServeError::Io { attempt: attempt(), source: errno.into() }),
        }
        file.seek(SeekFrom::Start(0))
            .and_then(|_| file.set_len(0))
            .and_then(|()| file.write_all(format!("{}\n", std::process::id()).as_bytes()))
            .map_err(ServeError::io(attempt()))?;
        Ok(Self { _file: file })
    }
}
