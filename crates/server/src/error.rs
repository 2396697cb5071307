//! Why a server could not start or had to end, by whose fault it is.

use std::io;
use std::path::PathBuf;

use ccc_journal::dir::DirError;

/// A server that did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The environment: the state directory is not safely ours.
    #[error("the state directory is refused: {0}")]
    StateDir(#[from] DirError),

    /// The caller: this state directory has its server already.
    #[error("a server of {} runs already as process {pid}", state_dir.display())]
    AlreadyRunning { state_dir: PathBuf, pid: u32 },

    /// The environment: somebody else has the port that clients know.
    #[error("port {port} is taken by {owner}")]
    PortTaken { port: u16, owner: String },

    /// The environment: the operating system refused.
    #[error("could not {attempt}")]
    Io {
        attempt: String,
        #[source]
        source: io::Error,
    },

    /// The environment: a file of ours is not what it should be.
    #[error("{} cannot be read: {why}", path.display())]
    BadFile { path: PathBuf, why: String },

    /// The environment or us: a part of the server did not come up.
    #[error("could not {attempt}")]
    Part {
        attempt: &'static str,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl ServeError {
    /// One next step that loses nothing, where there is one.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::StateDir(error) => error.mend(),
            Self::AlreadyRunning { .. } => Some("ccc ls".to_owned()),
            Self::PortTaken { port, .. } => {
                Some(format!("end the program that has port {port}, or set another in config.toml"))
            }
            Self::Io { .. } | Self::BadFile { .. } | Self::Part { .. } => None,
        }
    }

    pub(crate) fn io(attempt: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let attempt = attempt.into();
        move |source| Self::Io { attempt, source }
    }

    pub(crate) fn part<E>(attempt: &'static str) -> impl FnOnce(E) -> Self
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        move |source| Self::Part { attempt, source: source.into() }
    }
}
