//! Why a file was not copied. Owns the words; who says them to whom is decided elsewhere.

use std::io;
use std::path::{Path, PathBuf};

use ccc_net::{RecvError, SendError};
use ccc_proto::Failed;

/// A file that was not copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The system refused something.
    #[error("{what} {}", path.display())]
    Io { what: &'static str, path: PathBuf, source: io::Error },
    /// There is no room for more.
    #[error("the disk is full; {kept} bytes are kept in {}", part.display())]
    Full { part: PathBuf, kept: u64, source: io::Error },
    /// What is there is no regular file.
    #[error("{} is {kind}, and only regular files are copied", path.display())]
    NotRegular { path: PathBuf, kind: &'static str },
    /// What is there only names another file.
    #[error("{} is a symbolic link, which is not followed; name {}", path.display(), to.display())]
    Link { path: PathBuf, to: PathBuf },
    /// The part file is being written.
    #[error("another copy to {} is under way", path.display())]
    Busy { path: PathBuf },
    /// What arrived is not what was sent. Nothing of it is kept.
    #[error("what arrived of {} is not what was sent", path.display())]
    Differs { path: PathBuf },
    /// The other end breaks the rules of the stream.
    #[error("the other end sent {what}")]
    Breach { what: &'static str },
    /// The other end could not go on, and said why.
    #[error("{}", .0.why)]
    Failed(Box<Failed>),
    /// The stream ended in the middle.
    #[error("the copy was cut off: {why}")]
    Lost { why: String },
}

impl CopyError {
    pub(crate) fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { what, path, source }
    }

    /// Whether nothing is at a path that was named.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

impl From<SendError> for CopyError {
    fn from(error: SendError) -> Self {
        Self::Lost { why: error.to_string() }
    }
}

impl From<RecvError> for CopyError {
    fn from(error: RecvError) -> Self {
        Self::Lost { why: error.to_string() }
    }
}
