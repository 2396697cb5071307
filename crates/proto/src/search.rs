//! Searching everything that panes printed. Owns the question, the finds, and how far it is.

use bincode::{Decode, Encode};

use crate::number::numbers;
use crate::{Ext, PaneId};

/// Looks for a pattern in the lines of all recordings, the newest first. Answered by [`SearchFound`] and
/// [`SearchProgress`] as often as there is something to say, and at last by a progress that is done. Whoever
/// asked and goes away ends it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct SearchRequest {
    /// A text as it is, or a regular expression; never empty.
    pub pattern: String,
    pub regex: bool,
    pub case: SearchCase,
    /// Only what was printed in this session, by name or id, or in this pane, by id or name on the disk;
    /// empty for all.
    pub target: String,
    /// Only what was printed then or later, milliseconds since 1970; 0 for all.
    pub since_unix_ms: u64,
    /// Only what commands printed in whose text this is; empty for all.
    pub command: String,
    /// Lines that are wanted before and after each find.
    pub context: u32,
    /// The most finds that are wanted; 0 stands for the most that a server tells.
    pub count: u32,
    /// Milliseconds after which it is to end with what was found; 0 for no limit.
    pub within_ms: u32,
    pub ext: Ext,
}

numbers! {
    /// Whether capitals count.
    SearchCase {
        /// Only if the pattern has some.
        SMART = 0,
        SENSITIVE = 1,
        INSENSITIVE = 2,
    }
}

/// Some of the finds, the newest first: those before them were newer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct SearchFound {
    pub finds: Vec<SearchFind>,
    pub ext: Ext,
}

/// A line that matches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct SearchFind {
    /// The name of the recording's directory.
    pub ulid: String,
    /// The pane, if it is known of.
    pub pane: Option<PaneId>,
    /// Where the pane is, `session:tab.pane`; only the session's name when it is in no place.
    pub place: String,
    /// Whether the pane can be looked at as it is now, with what is above its screen.
    pub lives: bool,
    /// The line is to be seen when the bytes before this place have been printed.
    pub offset: u64,
    /// Its number among the lines of the pane; `None` for what a program showed that had the whole screen.
    pub line: Option<u64>,
    /// When it came, milliseconds since 1970; 0 when nothing tells.
    pub at_unix_ms: u64,
    /// The line, without what is too far from the first match.
    pub text: String,
    /// Which bytes of `text` match, ascending.
    pub matches: Vec<SearchMatch>,
    pub before: Vec<String>,
    pub after: Vec<String>,
}

/// Bytes of a text, from the first to one past the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct SearchMatch {
    pub from: u32,
    pub to: u32,
}

numbers! {
    /// Why a search is done.
    SearchEnd {
        /// It is not.
        NONE = 0,
        /// All was looked through.
        ALL = 1,
        /// There are as many finds as were wanted, and perhaps more.
        COUNT = 2,
        /// The time was up.
        TIME = 3,
    }
}

/// How far a search is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct SearchProgress {
    /// Pieces of recordings that were looked through.
    pub pieces: u64,
    /// How many there are.
    pub of: u64,
    /// Finds that were told.
    pub finds: u64,
    /// Pieces that could not be read.
    pub unreadable: u64,
    pub done: bool,
    pub end: SearchEnd,
    pub ext: Ext,
}
