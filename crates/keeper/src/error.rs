//! Why the keeper process could not start or had to end.
//!
//! What a request may be refused for is part of the protocol, not here.

use std::io;
use std::path::PathBuf;

use ccc_journal::dir::DirError;

#[derive(Debug, thiserror::Error)]
pub enum KeeperError {
    /// The environment: the state directory is not safely ours.
    #[error(transparent)]
    StateDir(#[from] DirError),

    /// Another keeper of this state directory is alive; there must be only one.
    #[error("another keeper of {}, process {pid}, is running", state_dir.display())]
    Held { state_dir: PathBuf, pid: u32 },

    /// The environment: the operating system refused.
    #[error("could not {attempt}")]
    Io {
        attempt: &'static str,
        #[source]
        source: io::Error,
    },

    /// A spare found a keeper that does not speak with it.
    #[error("could not become the spare of the running keeper")]
    Spare {
        #[source]
        source: Box<crate::client::ClientError>,
    },

    /// Us: the state handed over by the previous image of this process cannot be read.
    #[error("could not take over the state of the previous image: {what}")]
    Handover { what: &'static str },
}

impl KeeperError {
    /// For `map_err`: the attempt around an operating-system error of either kind.
    pub(crate) fn io<E: Into<io::Error>>(attempt: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Io { attempt, source: source.into() }
    }
}
