//! The commands that shells ran in panes. Owns the questions, the answers and the building of the index that
//! answers come from.

use bincode::{Decode, Encode};

use crate::number::numbers;
use crate::{Ext, PaneId, SearchEnd};

/// Asks for commands of all panes, also of those that are gone, newest first. Answered by one
/// [`CommandsPage`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct CommandsRequest {
    /// The command contains it; empty for any. Letters of ASCII count as the same in both cases unless one
    /// of these is upper case.
    pub text: String,
    /// The session that it ran in, by name or id; empty for any.
    pub session: String,
    /// It ran in this directory or below; empty for any.
    pub cwd: String,
    /// How it ended.
    pub ended: CommandEnded,
    /// The status that `ended` may ask for.
    pub status: i32,
    /// It began then or later, milliseconds since 1970.
    pub since_unix_ms: u64,
    /// Where the page before ended, as that page said; empty for the newest.
    pub after: Vec<u8>,
    /// The most commands that are wanted.
    pub count: u32,
    pub ext: Ext,
}

numbers! {
    /// How a command that is asked for ended.
    CommandEnded {
        /// However it ended, if it did.
        ANY = 0,
        /// With status 0.
        OK = 1,
        /// With another status.
        FAILED = 2,
        /// With the status that is named.
        STATUS = 3,
    }
}

/// Commands, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct CommandsPage {
    pub commands: Vec<WireCommand>,
    /// Where to go on; empty when there are no more.
    pub next: Vec<u8>,
    pub ext: Ext,
}

/// Looks through the commands of all panes and those that were imported, the newest first, for what somebody types.
/// Each text of a directory is told once, where it ran last. Answered by [`CommandsFound`] as often as there is
/// something to say, and at last by one with its reason. Whoever asked and goes away ends it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct CommandsSearch {
    /// What was typed; never blank.
    pub pattern: String,
    /// How it is held against commands.
    pub matching: CommandMatching,
    /// Only commands behind this place, as a [`CommandsPage`] said; empty for all. What stands before it counts
    /// as told.
    pub after: Vec<u8>,
    /// The most commands that are wanted; 0 stands for the most that a server tells.
    pub count: u32,
    pub ext: Ext,
}

numbers! {
    /// How what is typed is held against commands.
    CommandMatching {
        /// The letters of each word stand in the command in this order, or each word stands in what a listing shows
        /// of it: its text, place and directory. Capitals do not count. Those that have the words as they are come
        /// first, then those with the letters, the closer the better.
        LOOSE = 0,
        /// The command begins with it.
        START = 1,
        /// It is a regular expression. A point stands for any character, also a line feed.
        REGEX = 2,
    }
}

/// Some of the commands that match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct CommandsFound {
    pub commands: Vec<WireCommand>,
    /// Why no more will come; `NONE` while more may.
    pub end: SearchEnd,
    pub ext: Ext,
}

numbers! {
    /// What is known of a command's end.
    CommandState {
        /// It runs.
        RUNNING = 1,
        /// It ended with a status that the shell told.
        ENDED = 2,
        /// It ended, and nobody told how.
        UNKNOWN = 3,
    }
}

/// One command.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct WireCommand {
    /// The pane, while it can be looked at.
    pub pane: Option<PaneId>,
    /// The pane's name on the server's disk; empty of a command that was imported and ran in no pane.
    pub ulid: String,
    /// Where the pane is, `session:tab.pane`; only the session's name at the time when it is gone.
    /// Of an imported command the name of its [`HistorySource`](crate::HistorySource).
    pub place: String,
    /// The command as its shell told it; it may have several lines.
    pub text: String,
    /// The directory; empty when the shell did not tell.
    pub cwd: String,
    /// When it began, milliseconds since 1970; 0 when that is unknown, as it is of some imported commands.
    pub started_unix_ms: u64,
    /// How long it ran; `None` while it runs or when that is unknown.
    pub duration_ms: Option<u64>,
    pub state: CommandState,
    /// The status; 0 where there is none.
    pub status: i32,
    /// The byte of the recording where the mark before its output ends: with the pane it names the command.
    pub mark: u64,
    /// The first byte of its output.
    pub from: u64,
    /// One past the last byte of its output; `None` while it runs.
    pub to: Option<u64>,
}

impl WireCommand {
    /// Whether it was imported: it ran in no pane of the server, and nothing that it printed is recorded.
    pub fn is_imported(&self) -> bool {
        self.ulid.is_empty()
    }
}

/// Builds the index of commands anew from what is on the disk. Answered by [`IndexProgress`] as often as
/// there is some, and at last by one that is done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct RebuildIndex {
    pub ext: Ext,
}

/// How far the building is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct IndexProgress {
    /// Panes whose commands were read, and how many there are.
    pub panes: u64,
    pub of: u64,
    /// Commands that were found.
    pub commands: u64,
    pub done: bool,
    pub ext: Ext,
}
