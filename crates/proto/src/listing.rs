//! What listings show: sessions, tabs, panes, clients, and the server's health. Owns the bodies;
//! the JSON that people script against is made of these by the command line.

use bincode::{Decode, Encode};

use crate::number::numbers;
use crate::{ClientId, Ext, PaneId, SessionId, TabId, WireSize};

numbers! {
    /// How a child ended. 0: it has not, or nobody can know.
    WireExitKind {
        /// `value` is the exit code.
        CODE = 1,
        /// `value` is the signal.
        SIGNAL = 2,
        /// It ended, and no kernel tells how.
        UNKNOWN = 3,
    }
}

/// The end of a child.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct WireExit {
    pub kind: WireExitKind,
    pub value: i32,
}

impl WireExit {
    /// The status that a shell would report: 128 + n for a signal, 125 when unknown, `None` while
    /// it runs.
    pub fn status(self) -> Option<i32> {
        match self.kind {
            WireExitKind::CODE => Some(self.value),
            WireExitKind::SIGNAL => Some(128 + self.value),
            WireExitKind(0) => None,
            _ => Some(125),
        }
    }
}

numbers! {
    /// What a pane does.
    PaneState {
        RUNNING = 1,
        /// The program ended; screen and recording stay.
        EXITED = 2,
        /// Its output waits until the disk has room.
        WAITING_FOR_DISK = 3,
        /// Its program was lost with the machine or with all custodians.
        ENDED = 4,
        /// It is being recovered.
        RECOVERING = 5,
    }
}

numbers! {
    /// What a session is.
    SessionState {
        /// At least one pane runs.
        RUNNING = 1,
        /// No pane runs; it can be read and restarted.
        ENDED = 2,
    }
}

/// Answer to [`crate::ListSessions`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Sessions {
    pub sessions: Vec<SessionInfo>,
    pub ext: Ext,
}

/// One session with all that is in it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SessionInfo {
    pub session: SessionId,
    pub name: String,
    pub state: SessionState,
    /// Milliseconds since 1970.
    pub created_unix_ms: u64,
    /// How many clients look at it.
    pub attached: u16,
    /// Where the next attach starts.
    pub current_tab: TabId,
    pub tabs: Vec<TabInfo>,
    pub panes: Vec<PaneInfo>,
    pub ext: Ext,
}

/// One tab of a listing.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct TabInfo {
    pub tab: TabId,
    pub number: u16,
    pub name: String,
    pub focus: PaneId,
    pub zoomed: Option<PaneId>,
    pub size: WireSize,
    pub ext: Ext,
}

/// One pane of a listing.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PaneInfo {
    pub pane: PaneId,
    pub tab: TabId,
    pub number: u16,
    /// The name of the pane's directory and of its set of file descriptors.
    pub ulid: String,
    pub title: String,
    /// The command line, lossily as text.
    pub command: String,
    pub cwd: String,
    pub size: WireSize,
    /// Process id of the leader; 0 when there is none.
    pub pid: u32,
    /// Start time of the leader in clock ticks since boot, so that a pid is never mistaken.
    pub start_time: u64,
    pub state: PaneState,
    pub exit: WireExit,
    /// Bytes recorded so far.
    pub offset: u64,
    /// The first byte still kept.
    pub first_kept: u64,
    /// Milliseconds since 1970 of the last output; 0 for none.
    pub output_unix_ms: u64,
    pub recorded: bool,
    pub ext: Ext,
}

/// Answer to [`crate::ListClients`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Clients {
    pub clients: Vec<ClientInfo>,
    pub ext: Ext,
}

/// One connected client.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ClientInfo {
    pub client: ClientId,
    pub software: String,
    pub host: String,
    pub address: String,
    pub principal: String,
    pub session: Option<SessionId>,
    pub tab: Option<TabId>,
    pub pane: Option<PaneId>,
    pub size: WireSize,
    pub view: bool,
    /// Milliseconds since 1970 of the last input; 0 for none.
    pub typed_unix_ms: u64,
    /// See [`client_tag`].
    pub ext: Ext,
}

/// Tags of [`ClientInfo::ext`].
pub mod client_tag {
    /// UTF-8: what the principal is called, a label.
    pub const NAME: u16 = 1;
    /// UTF-8: its role.
    pub const ROLE: u16 = 2;
    /// UTF-8: what carries its connection, when that is not QUIC.
    pub const CARRIER: u16 = 3;
}

/// Answer to [`crate::ListUsage`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Usage {
    /// When it was measured: microseconds of a clock that only rises.
    pub at_us: u64,
    pub panes: Vec<PaneUsage>,
    pub ext: Ext,
}

/// What the programs of one pane take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct PaneUsage {
    pub pane: PaneId,
    /// Processor time of all that ever ran in it and was not lost sight of, in milliseconds.
    pub cpu_ms: u64,
    /// Memory that its processes hold now, in bytes.
    pub memory: u64,
    pub processes: u32,
}

numbers! {
    /// How a finding stands.
    Health {
        OK = 1,
        WARNING = 2,
        BROKEN = 3,
    }
}

/// Answer to [`crate::Doctor`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct DoctorReport {
    pub custody: Custody,
    pub findings: Vec<DoctorFinding>,
    pub ext: Ext,
}

/// Who holds the panes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Custody {
    /// Panes whose child runs.
    pub panes: u32,
    /// Of those, how many sets each custodian holds.
    pub server: u32,
    pub keeper: u32,
    pub spare: u32,
    pub server_pid: u32,
    /// 0 when there is none at this moment.
    pub keeper_pid: u32,
    pub spare_pid: u32,
}

impl Custody {
    /// Whether every pane is held by all three.
    pub const fn complete(&self) -> bool {
        self.keeper_pid != 0
            && self.spare_pid != 0
            && self.server == self.panes
            && self.keeper == self.panes
            && self.spare == self.panes
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct DoctorFinding {
    /// A stable word such as `splice`.
    pub name: String,
    pub health: Health,
    pub text: String,
    /// The mending command, or empty.
    pub hint: String,
}
