//! The part of `config.toml` that the server heeds. Keys of others are passed over here: whether a
//! key is known at all is for the command line to say.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::ServeError;

/// Journal bytes of one pane on disk, unless set otherwise.
const PANE_BUDGET: u64 = 64 * 1024 * 1024;
/// The same for all panes together.
const SERVER_BUDGET: u64 = 4 * 1024 * 1024 * 1024;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Config {
    /// The login shell of new panes.
    pub(crate) shell: Option<PathBuf>,
    /// TERM of new panes.
    pub(crate) term: Option<String>,
    pub(crate) server: Listening,
    pub(crate) recording: Recording,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Listening {
    /// The address to listen on; the one used before when unset, which is loopback at first.
    pub(crate) listen: Option<IpAddr>,
    /// The port; the one used before when unset, chosen freely at first.
    pub(crate) port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Recording {
    /// Bytes of one pane's journal that stay on disk.
    pub(crate) pane_budget: u64,
    /// Bytes of all journals that stay on disk.
    pub(crate) server_budget: u64,
}

impl Default for Recording {
    fn default() -> Self {
        Self { pane_budget: PANE_BUDGET, server_budget: SERVER_BUDGET }
    }
}

impl Config {
    /// Reads the file in `dir`; none is an empty one.
    pub(crate) fn read(dir: &Path) -> Result<Self, ServeError> {
        let path = dir.join("config.toml");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => return Err(ServeError::io(format!("read {}", path.display()))(error)),
        };
        toml::from_str(&text).map_err(|error| ServeError::BadFile { path, why: error.to_string() })
    }
}
