//! The part of `config.toml` that the server heeds. Keys of others are passed over here: whether a
//! key is known at all is for the command line to say.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ccc_journal::Budget;
use serde::Deserialize;

use crate::ServeError;

/// Bytes of one pane's recording on disk, unless set otherwise.
const PANE_BUDGET: u64 = 64 * 1024 * 1024;
/// The same for all panes together.
const SERVER_BUDGET: u64 = 4 * 1024 * 1024 * 1024;

/// Bytes of a pane that is not recorded, in memory.
const MEMORY_BUDGET: u64 = 16 * 1024 * 1024;

/// How long commands are remembered, in days, unless set otherwise.
const HISTORY_DAYS: u32 = 30;
/// A command that takes so many seconds is worth a mark when nobody looks, unless set otherwise.
const LONG_SECONDS: u32 = 10;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Config {
    /// The login shell of new panes.
    pub(crate) shell: Option<PathBuf>,
    /// TERM of new panes.
    pub(crate) term: Option<String>,
    /// Whether login shells are led to mark their commands.
    pub(crate) shell_integration: bool,
    pub(crate) server: Listening,
    pub(crate) recording: Recording,
    pub(crate) history: History,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            shell: None,
            term: None,
            shell_integration: true,
            server: Listening::default(),
            recording: Recording::default(),
            history: History::default(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct History {
    /// Days for which commands are remembered.
    pub(crate) days: u32,
    /// Seconds from which on the end of a command is worth a mark.
    pub(crate) long_seconds: u32,
}

impl Default for History {
    fn default() -> Self {
        Self { days: HISTORY_DAYS, long_seconds: LONG_SECONDS }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Listening {
    /// The address to listen on; the one used before when unset, which is loopback at first.
    pub(crate) listen: Option<IpAddr>,
    /// The port; the one used before when unset, chosen freely at first.
    pub(crate) port: Option<u16>,
    /// Whether clients are taken by TCP as well.
    pub(crate) tcp: bool,
    /// Whether connections are forwarded for those who may.
    pub(crate) forward: bool,
}

impl Default for Listening {
    fn default() -> Self {
        Self { listen: None, port: None, tcp: true, forward: true }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Recording {
    /// Bytes of one pane's recording that stay on disk, sealed or not.
    pub(crate) pane_budget: u64,
    /// Bytes of all recordings that stay on disk.
    pub(crate) server_budget: u64,
    /// Bytes that are kept in memory of a pane that is not recorded.
    pub(crate) memory_budget: u64,
    /// Bytes of output after which a recording begins another file, and the one before is sealed.
    pub(crate) segment_bytes: u64,
    /// Days after which output is deleted; never when unset.
    pub(crate) retention_days: Option<u32>,
}

impl Default for Recording {
    fn default() -> Self {
        Self {
            pane_budget: PANE_BUDGET,
            server_budget: SERVER_BUDGET,
            memory_budget: MEMORY_BUDGET,
            segment_bytes: ccc_journal::ROTATE_BYTES,
            retention_days: None,
        }
    }
}

impl Recording {
    /// What a pane may keep, given how many bytes.
    pub(crate) fn budget(&self, bytes: u64) -> Budget {
        let day = Duration::from_secs(24 * 60 * 60);
        let since_ns = self.retention_days.and_then(|days| {
            let kept = day.saturating_mul(days);
            let since = SystemTime::now().checked_sub(kept)?.duration_since(UNIX_EPOCH).ok()?;
            u64::try_from(since.as_nanos()).ok()
        });
        Budget { bytes, since_ns }
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
