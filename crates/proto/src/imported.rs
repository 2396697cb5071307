//! Commands that ran elsewhere and are brought from the history of a shell. Owns how they come, a bounded
//! number at a time, and how they go.

use bincode::{Decode, Encode};

use crate::Ext;
use crate::number::numbers;

/// Takes commands into the history. Answered by one [`CommandsImported`], when they are on the disk. A long
/// history comes in several of these, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ImportCommands {
    /// Where they come from.
    pub source: HistorySource,
    /// At most 4096, in the order of their history.
    pub commands: Vec<ImportedCommand>,
    pub ext: Ext,
}

numbers! {
    /// Whose history a command comes from.
    HistorySource {
        BASH = 1,
        ZSH = 2,
        FISH = 3,
        ATUIN = 4,
    }
}

/// One command of another history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ImportedCommand {
    /// The command; it may have several lines.
    pub text: String,
    /// The directory; empty when the history does not tell.
    pub cwd: String,
    /// When it began, milliseconds since 1970; 0 when the history does not tell.
    pub started_unix_ms: u64,
    /// How long it ran; `None` when the history does not tell.
    pub duration_ms: Option<u64>,
    /// How it ended; `None` when the history does not tell.
    pub status: Option<i32>,
}

/// What became of them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct CommandsImported {
    /// Commands that were taken.
    pub added: u64,
    /// Commands that were there already: same source, same time, same text.
    pub known: u64,
    pub ext: Ext,
}

/// Forgets the imported commands that the asker sees. Answered by one [`ImportedForgotten`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ForgetImported {
    pub ext: Ext,
}

/// They are forgotten.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ImportedForgotten {
    /// How many they were.
    pub commands: u64,
    pub ext: Ext,
}
