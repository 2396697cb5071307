//! `run/server.json`: where clients of the same machine and user find the server. Written when the
//! endpoint is up, left behind by a crash, so that a reader checks by connecting.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::ServeError;
use crate::state_dir::{StateDir, write_whole};

const NAME: &str = "server.json";

/// A server on this machine, as it described itself when it came up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalServer {
    pub pid: u32,
    pub address: SocketAddr,
    /// Its id: 52 base32 characters over its public key.
    pub server: String,
    pub version: String,
}

/// Why no server was found in a state directory.
#[derive(Debug, thiserror::Error)]
pub enum ServerFileError {
    /// None was ever started, or it left.
    #[error("no server has been started")]
    Missing,
    /// The file cannot be read or means nothing.
    #[error("could not read {path}: {why}")]
    Unreadable { path: String, why: String },
}

/// The server of a state directory. It may have died since.
///
/// # Errors
/// There is no file, or it is not one.
pub fn local_server(state_dir: &Path) -> Result<LocalServer, ServerFileError> {
    let path = state_dir.join("run").join(NAME);
    let unreadable =
        |why: String| ServerFileError::Unreadable { path: path.display().to_string(), why };
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(ServerFileError::Missing);
        }
        Err(error) => return Err(unreadable(error.to_string())),
    };
    serde_json::from_slice(&text).map_err(|error| unreadable(error.to_string()))
}

pub(crate) fn write(state: &StateDir, server: &LocalServer) -> Result<(), ServeError> {
    let text = serde_json::to_vec(server)
        .map_err(ServeError::part("describe the server for local clients"))?;
    write_whole(&state.run().join(NAME), &text)
}

/// Takes the file away when the server leaves on purpose.
pub(crate) fn remove(state: &StateDir) {
    let _ = fs::remove_file(state.run().join(NAME));
}
