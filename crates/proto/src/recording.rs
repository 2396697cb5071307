//! Recordings as a whole: which there are, whether they are what was written, and forgetting one.
//! Their bytes travel elsewhere.

use bincode::{Decode, Encode};

use crate::ext::Ext;
use crate::id::PaneId;
use crate::number::numbers;
use crate::request::Toggle;

/// Lists recordings; that of one pane when there is a `target`. Answered by
/// [`crate::Recordings`], more than once when there are many.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ListRecordings {
    pub target: Option<String>,
    pub ext: Ext,
}

/// Answer to [`crate::ListRecordings`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Recordings {
    pub recordings: Vec<RecordingInfo>,
    /// Bytes that one recording, and all of them, may hold on the disk.
    pub pane_budget: u64,
    pub server_budget: u64,
    /// Days after which output goes; 0 for never.
    pub retention_days: u32,
    /// Another answer follows.
    pub more: bool,
    pub ext: Ext,
}

numbers! {
    /// What becomes of a recording.
    RecordingState {
        /// Its program runs.
        RUNNING = 1,
        /// Its program has ended.
        ENDED = 2,
        /// Nothing tells what became of its program.
        LOST = 3,
        /// No pane has it any more.
        KEPT = 4,
    }
}

/// One recording.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RecordingInfo {
    /// The name of its directory: 26 digits.
    pub ulid: String,
    pub pane: Option<PaneId>,
    pub state: RecordingState,
    /// Name of its session; the one at birth when it has none any more.
    pub session: String,
    /// Program and arguments.
    pub command: String,
    /// Milliseconds since 1970 of its beginning and of its last byte; 0 when nothing tells.
    pub began_unix_ms: u64,
    pub last_unix_ms: u64,
    /// Offset of the first byte that is kept, and of the end.
    pub first: u64,
    pub end: u64,
    /// Bytes on the disk, of segments and journal and all that lies beside them.
    pub disk: u64,
    pub segments: u32,
    /// Files of the journal that are not sealed.
    pub journals: u32,
    /// Bytes of the recording in segments, and of the segments.
    pub sealed: u64,
    pub sealed_disk: u64,
    /// Files that should be segments of it and are not.
    pub unusable: u32,
    pub ext: Ext,
}

/// Looks recordings over; that of one pane when there is a `target`. Answered by
/// [`crate::RecordingChecked`], again and again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct VerifyRecordings {
    pub target: Option<String>,
    pub ext: Ext,
}

/// How far a look at recordings is, and what it found in one that it has seen whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct RecordingChecked {
    /// The one that is or was looked at.
    pub ulid: String,
    pub pane: Option<PaneId>,
    /// Bytes looked at, and of how many.
    pub done: u64,
    pub total: u64,
    /// Nothing more comes of this one.
    pub whole: bool,
    pub faults: Vec<RecordingFault>,
    /// Another answer follows.
    pub more: bool,
    pub ext: Ext,
}

/// One thing about a recording that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RecordingFault {
    pub file: String,
    /// Place in the file; in the recording for what is missing.
    pub offset: u64,
    pub what: String,
}

/// Deletes the recording of a pane whose program has ended. Answered by [`crate::RecordingRemoved`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct RemoveRecording {
    pub target: String,
    pub ext: Ext,
}

/// Answer to [`crate::RemoveRecording`]: what went.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RecordingRemoved {
    pub recording: RecordingInfo,
    pub ext: Ext,
}

numbers! {
    /// What of a recording is to be forgotten.
    Forgetting {
        /// The bytes from one offset up to another.
        BYTES = 1,
        /// What was printed in the last so many milliseconds.
        LAST = 2,
        /// A command with its prompt, what was typed, and what it printed.
        COMMAND = 3,
    }
}

/// Deletes a stretch out of the middle of a recording. Answered by [`crate::StretchForgotten`], again and again
/// until one that is done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ForgetStretch {
    pub target: String,
    pub what: Forgetting,
    /// Of bytes the first one; of time how many milliseconds; of a command the mark that names it, 0 for the last.
    pub from: u64,
    /// Of bytes one past the last, 0 for the end.
    pub to: u64,
    pub ext: Ext,
}

/// How far forgetting is, and at last what went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct StretchForgotten {
    pub ulid: String,
    pub pane: Option<PaneId>,
    /// The stretch in bytes of the recording, and how many of them were held.
    pub from: u64,
    pub to: u64,
    pub bytes: u64,
    /// Commands that are no longer remembered.
    pub commands: u64,
    /// Segments that were taken apart.
    pub segments: u64,
    /// Bytes of segments that were gone through, and of how many.
    pub behind: u64,
    pub of: u64,
    pub done: bool,
    pub ext: Ext,
}

/// Stops recording what a pane prints, or goes on. Answered by [`crate::RecordingSet`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct SetRecording {
    pub target: String,
    pub set: Toggle,
    pub ext: Ext,
}

/// Answer to [`crate::SetRecording`]: what holds now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct RecordingSet {
    pub pane: Option<PaneId>,
    pub on: bool,
    /// It was otherwise before.
    pub changed: bool,
    pub ext: Ext,
}
