//! Facts that the server tells unasked, on the control stream or on a stream of [`crate::Events`].
//! Events are told at most once: one that nobody saw is gone.

use bincode::{Decode, Encode};

use crate::number::numbers;
use crate::{Ext, PaneId, PaneState, SessionId, TabId, WireExit};

numbers! {
    /// What happened in a pane.
    EventKind {
        BELL = 1,
        /// `data` is the text to copy.
        CLIPBOARD = 2,
        /// `title` and `data` are what to show.
        NOTIFICATION = 3,
        /// Something was printed in a tab that is not looked at; told once until it is.
        ACTIVITY = 4,
        /// A command failed: `title` is its text, `data` its status and how long it ran, as for `COMMAND_LONG`.
        COMMAND_FAILED = 5,
        /// A command that ran long has ended: `data` is its status or `?`, a blank, and milliseconds.
        COMMAND_LONG = 6,
        /// A program of the pane began to listen: `title` is its name, `data` the TCP port as decimal digits.
        LISTENS = 7,
    }
}

/// Something that happened once, for the attached client to show.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PaneEvent {
    /// Rises by one per attachment; a number seen before is dropped.
    pub id: u64,
    pub session: SessionId,
    pub pane: PaneId,
    pub kind: EventKind,
    pub title: String,
    pub data: Vec<u8>,
    /// See [`event_tag`].
    pub ext: Ext,
}

/// Tags of [`PaneEvent::ext`].
pub mod event_tag {
    /// UTF-8: the name of the session, a label. Sent when it is another one than the client looks at.
    pub const SESSION_NAME: u16 = 1;
}

/// A pane's state changed outside its screen: it ended, or waits for room on the disk.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PaneStatus {
    pub pane: PaneId,
    pub state: PaneState,
    pub exit: WireExit,
    /// A sentence for a person, or empty.
    pub why: String,
    pub ext: Ext,
}

numbers! {
    /// What a [`ServerNotice`] is about.
    ServerNoticeKind {
        /// A request on the control stream failed.
        FAILED = 1,
        /// The server is stopping.
        STOPPING = 2,
        /// Something that a person should know.
        WARNING = 3,
        /// Your size is not the one used: somebody else typed last.
        SIZE_OF_ANOTHER = 4,
    }
}

/// A sentence for the person at the client.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ServerNotice {
    pub kind: ServerNoticeKind,
    pub text: String,
    pub ext: Ext,
}

/// One line of [`crate::Events`]: what changed on the server.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Watched {
    /// Rises by one; a hole means that the reader was too slow and should list anew.
    pub id: u64,
    /// Milliseconds since 1970.
    pub unix_ms: u64,
    /// A stable word such as `pane-exited`.
    pub what: String,
    pub session: Option<SessionId>,
    pub tab: Option<TabId>,
    pub pane: Option<PaneId>,
    pub exit: WireExit,
    /// A label, such as a new name.
    pub text: String,
    /// See [`watched_tag`].
    pub ext: Ext,
}

/// Tags of [`Watched::ext`].
pub mod watched_tag {
    /// UTF-8: the name of the session, a label. Sent with what a program said.
    pub const SESSION_NAME: u16 = 1;
}
