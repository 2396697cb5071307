//! What can go wrong here: only restoring, and only because of the bytes.

/// Why bytes could not be restored to a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// They do not begin as a checkpoint does.
    #[error("not a checkpoint")]
    NotACheckpoint,
    /// A later version wrote them in a form that this one cannot read.
    #[error("checkpoint of version {found}; this version reads up to {known}")]
    Newer {
        /// The version they name.
        found: u16,
        /// The newest version known here.
        known: u16,
    },
    /// They end in the middle.
    #[error("checkpoint is cut short")]
    Short,
    /// A field is missing.
    #[error("checkpoint lacks field {tag}")]
    Missing {
        /// Its tag.
        tag: u16,
    },
    /// A field holds what no screen can.
    #[error("checkpoint field {tag} is damaged")]
    Damaged {
        /// Its tag.
        tag: u16,
    },
}
