//! `log/server.log`: what the server did and what went wrong. Never the contents of a pane, a key
//! or an environment.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Arc;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::ServeError;
use crate::state_dir::StateDir;

/// Size from which the log is set aside at a start.
const ROTATE_BYTES: u64 = 4 * 1024 * 1024;

/// Begins to log. When another subscriber is there already (a test with two servers), that one
/// keeps the whole process's lines.
pub(crate) fn start(state: &StateDir) -> Result<(), ServeError> {
    let path = state.log().join("server.log");
    if fs::metadata(&path).is_ok_and(|meta| meta.len() >= ROTATE_BYTES) {
        fs::rename(&path, state.log().join("server.log.1"))
            .map_err(ServeError::io("set the old log aside"))?;
    }
    let file = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(&path)
        .map_err(ServeError::io(format!("open {}", path.display())))?;
    let filter = EnvFilter::try_from_env("CCC_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(Writer { file: Arc::new(file) })
        .finish();
    let _ = tracing::subscriber::set_global_default(subscriber);
    Ok(())
}

#[derive(Clone)]
struct Writer {
    file: Arc<File>,
}

impl Write for Writer {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        (&*self.file).write_all(line)?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Writer {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
