//! What can go wrong with the files, by whose fault it is.
//!
//! The wording here is for logs and for developers; what people read comes from the catalogue.

use std::io;
use std::path::{Path, PathBuf};

use crate::dir::DirError;
use crate::units::{PaneUlid, Position};

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The environment: the operating system refused.
    #[error("could not {attempt} {}", path.display())]
    Io {
        attempt: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },

    /// The environment: a directory or file is not safely ours.
    #[error(transparent)]
    Dir(#[from] DirError),

    /// The disk: a record is not what was written. What comes before it was served.
    #[error("damaged record in {} at byte {}", .0.path.display(), .0.from)]
    Damaged(Damage),

    /// The disk: the file is of another kind, or not ours at all.
    #[error("{} is not a {expected} file", path.display())]
    Foreign { path: PathBuf, expected: &'static str },

    /// The environment: a newer release wrote this file.
    #[error(
        "{} has format version {found}, newer than {known}, the newest this release knows",
        path.display()
    )]
    Newer { path: PathBuf, found: u16, known: u16 },

    /// The disk: a segment lies where another one belongs.
    #[error("{} is segment {number} of pane {pane}, which does not belong here", path.display())]
    ForeignSegment { path: PathBuf, pane: PaneUlid, number: u32 },

    /// The environment: an earlier write or sync failed in a way that leaves the file in doubt.
    /// Nothing more is written through this handle, because a sync that failed once may claim
    /// success the second time although the bytes are gone.
    #[error("{} had a failed sync and takes no more records", path.display())]
    Poisoned { path: PathBuf },

    /// The environment: nothing can be kept in memory alone.
    #[error("a pane cannot be left unrecorded: {why}")]
    NoMemory { why: String },

    /// The caller: more bytes than the format can hold.
    #[error("{what} of {size} bytes is larger than {limit}")]
    TooLarge { what: &'static str, size: u64, limit: u64 },

    /// The disk or the caller: text that does not have the form it should have.
    #[error("malformed {what}")]
    Malformed { what: &'static str },

    /// The disk: a text file that cannot be read as what it should be.
    #[error("could not read {} as {what}", path.display())]
    Text {
        what: &'static str,
        path: PathBuf,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// For `map_err`: the attempt and the path around an operating-system error.
    pub(crate) fn io(attempt: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { attempt, path: path.to_owned(), source }
    }

    /// The same for errors that come as an errno.
    pub(crate) fn errno(
        attempt: &'static str,
        path: &Path,
    ) -> impl FnOnce(rustix::io::Errno) -> Self {
        move |errno| Self::Io { attempt, path: path.to_owned(), source: errno.into() }
    }

    /// The file that it is about, where there is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Io { path, .. }
            | Self::Foreign { path, .. }
            | Self::Newer { path, .. }
            | Self::ForeignSegment { path, .. }
            | Self::Poisoned { path }
            | Self::Text { path, .. } => Some(path),
            Self::Damaged(damage) => Some(&damage.path),
            Self::Dir(_)
            | Self::NoMemory { .. }
            | Self::TooLarge { .. }
            | Self::Malformed { .. } => None,
        }
    }

    /// The place in the file that it is about; 0 if it is about all of it.
    #[must_use]
    pub fn position(&self) -> u64 {
        match self {
            Self::Damaged(damage) => damage.from.0,
            _ => 0,
        }
    }

    /// Whether the operating system said that the file is not there.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    /// Whether the disk or the quota is full, so that the same call may succeed later.
    #[must_use]
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Io { source, .. } if matches!(
            source.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
        ))
    }
}

/// A stretch of a record file that holds no valid record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    pub path: PathBuf,
    /// Where the first bad record starts.
    pub from: Position,
    /// Where the next valid record starts, if one was looked for and found.
    pub resume: Option<Position>,
}
