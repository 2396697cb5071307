//! What scripts and hands ask of a server, and its answers. One request per stream, on a stream of
//! its own, so that none waits for another. Owns the bodies; rights and effects are the server's.
//!
//! A `target` is `session[:tab[.pane]]`, an id, or empty for the place the asker stands in.

use bincode::{Decode, Encode};

use crate::number::numbers;
use crate::{ClientId, Ext, InputEvent, PaneId, SessionId, Spawn, TabId, WireExit, WireSize};

/// It was done. What was made is named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Done {
    pub session: Option<SessionId>,
    pub tab: Option<TabId>,
    pub pane: Option<PaneId>,
    /// The layout's revision after it; 0 when no layout changed.
    pub revision: u64,
    pub ext: Ext,
}

numbers! {
    /// Why a request failed. Each maps to one exit code of the command line.
    Failure {
        /// The request makes no sense as given.
        INVALID = 1,
        /// No such session, tab, pane or client.
        NOT_FOUND = 2,
        /// The asker may not.
        DENIED = 3,
        /// A name is taken, or the layout changed meanwhile.
        CONFLICT = 4,
        /// The program was not found.
        COMMAND_NOT_FOUND = 5,
        /// The program is not executable.
        NOT_EXECUTABLE = 6,
        /// The working directory does not exist.
        NO_SUCH_DIRECTORY = 7,
        /// Descriptors, terminals, memory or disk ran out.
        EXHAUSTED = 8,
        /// The time given ran out.
        TIMEOUT = 9,
        /// This server does not do that.
        UNSUPPORTED = 10,
        /// The bytes asked for are gone.
        GONE = 11,
        /// A mistake of the server.
        INTERNAL = 12,
    }
}

/// It was not done.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Failed {
    pub failure: Failure,
    /// Why, in words.
    pub why: String,
    /// One next step that loses nothing, or empty.
    pub hint: String,
    pub ext: Ext,
}

/// Lists sessions; all when `target` is empty. Answered by [`crate::Sessions`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ListSessions {
    pub target: String,
    pub ext: Ext,
}

/// Lists connected clients. Answered by [`crate::Clients`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ListClients {
    pub ext: Ext,
}

/// Asks what the programs of all panes take of the machine; those of a session when `target` is not
/// empty. Answered by [`crate::Usage`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ListUsage {
    pub target: String,
    pub ext: Ext,
}

/// Makes a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct New {
    /// Empty for one that the server makes up.
    pub name: String,
    /// Take an existing session of that name instead of failing.
    pub or_existing: bool,
    /// Ends the session so long after its last client left; 0 for never.
    pub ttl_ms: u64,
    pub spawn: Spawn,
    pub ext: Ext,
}

/// Gives a session or tab another name.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Rename {
    pub target: String,
    pub name: String,
    pub ext: Ext,
}

/// Ends the programs of a session, tab or pane: hang-up, then after a time kill.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Kill {
    pub target: String,
    /// A signal to send instead, by number; 0 for the usual end.
    pub signal: u32,
    pub ext: Ext,
}

/// Forgets an ended session or pane, with its recording.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Remove {
    pub target: String,
    pub ext: Ext,
}

/// Starts again what ended, in the same place.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Restart {
    pub target: String,
    pub spawn: Spawn,
    pub ext: Ext,
}

/// Detaches one client, or all that look at a session.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct DetachClient {
    pub client: Option<ClientId>,
    /// Used when no client is named.
    pub target: String,
    /// A client that stays.
    pub but: Option<ClientId>,
    pub ext: Ext,
}

/// Makes a tab.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct TabNew {
    pub target: String,
    pub name: String,
    /// Leave everybody where they are.
    pub background: bool,
    pub spawn: Spawn,
    pub ext: Ext,
}

/// Moves a tab to another place in the bar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct TabMove {
    pub target: String,
    /// Place from 0.
    pub to: u16,
    pub ext: Ext,
}

/// Makes an attachment look at a tab or pane: the named client's, else that of whoever typed last
/// in the session, else the place where the next attach starts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SelectTarget {
    pub target: String,
    pub client: Option<ClientId>,
    pub ext: Ext,
}

numbers! {
    /// A side.
    Direction {
        RIGHT = 1,
        DOWN = 2,
        LEFT = 3,
        UP = 4,
    }
}

/// Makes a pane beside another one.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Split {
    pub target: String,
    pub direction: Direction,
    /// Cells for the new pane; 0 for half.
    pub cells: u16,
    /// Percent for the new pane, when `cells` is 0; 0 for half.
    pub percent: u16,
    pub background: bool,
    /// The revision that the asker saw; 0 for any.
    pub revision: u64,
    pub spawn: Spawn,
    pub ext: Ext,
}

/// Moves a border of a pane.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PaneResize {
    pub target: String,
    pub direction: Direction,
    pub cells: u16,
    pub ext: Ext,
}

numbers! {
    /// With which pane to swap.
    SwapWith {
        NEXT = 1,
        PREVIOUS = 2,
        /// The one in `other`.
        OTHER = 3,
    }
}

/// Swaps the places of two panes.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PaneSwap {
    pub target: String,
    pub with: SwapWith,
    pub other: String,
    pub ext: Ext,
}

numbers! {
    /// A switch.
    Toggle {
        TOGGLE = 1,
        ON = 2,
        OFF = 3,
    }
}

/// Gives a pane the whole tab, or its place back.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PaneZoom {
    pub target: String,
    pub zoom: Toggle,
    pub ext: Ext,
}

/// Moves a pane to a tab of its own.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PaneBreak {
    pub target: String,
    pub name: String,
    pub background: bool,
    pub ext: Ext,
}

/// Lets a pane float above its tab, or puts it back to where it stood.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PaneFloat {
    pub target: String,
    pub float: Toggle,
    pub ext: Ext,
}

/// Closes a pane: ends its program if it runs, and takes it from the layout.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PaneClose {
    pub target: String,
    pub ext: Ext,
}

/// Closes a tab with all its panes: ends their programs, and takes them from the layout.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct TabClose {
    pub target: String,
    pub ext: Ext,
}

/// Arranges a tab by the next, or a named, preset.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PresetLayout {
    pub target: String,
    /// Empty for the next one.
    pub preset: String,
    pub ext: Ext,
}

/// Asks for a session's tabs and splits as text. Answered by [`LayoutText`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct LayoutSave {
    pub target: String,
    pub ext: Ext,
}

/// A layout as TOML.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct LayoutText {
    pub text: String,
    pub ext: Ext,
}

/// Makes a session by a saved layout.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct LayoutLoad {
    /// Name of the new session; empty for the saved one's.
    pub name: String,
    pub text: String,
    pub spawn: Spawn,
    pub ext: Ext,
}

/// Types into a pane. Answered by [`Sent`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Send {
    pub target: String,
    pub events: Vec<InputEvent>,
    pub ext: Ext,
}

/// Pastes a text of any length that fits, as one paste. Answered by [`Sent`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Paste {
    pub target: String,
    pub text: String,
    pub ext: Ext,
}

/// It was written to the program.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Sent {
    pub pane: PaneId,
    /// Bytes recorded just before it was written: what comes after may be its answer.
    pub offset: u64,
    pub ext: Ext,
}

/// Interrupts what runs in a pane. Answered by [`Sent`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RequestInterrupt {
    pub target: String,
    pub ext: Ext,
}

/// Asks for rendered lines. Answered by [`crate::TextPage`]s.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Capture {
    pub target: String,
    /// First line: absolute from 0 when not negative, else so many above the screen's top;
    /// `None` for the screen's top.
    pub from: Option<i64>,
    /// Last line, counted the same; `None` for the screen's bottom.
    pub to: Option<i64>,
    /// Keep colours and attributes as escape sequences.
    pub ansi: bool,
    /// Join soft-wrapped rows.
    pub join: bool,
    pub ext: Ext,
}

/// Asks for recorded bytes. Answered by [`crate::Chunk`]s and a [`crate::ChunkEnd`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Tail {
    pub target: String,
    /// The first byte; `None` for now.
    pub from: Option<u64>,
    /// Go on until the program ends.
    pub follow: bool,
    pub ext: Ext,
}

/// Asks for every byte that a pane printed. Answered as [`Tail`] is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Export {
    pub target: String,
    pub ext: Ext,
}

numbers! {
    /// What to wait for.
    WaitFor {
        EXIT = 1,
        /// The pattern on the screen now or in lines to come.
        MATCH = 2,
        /// No output for `idle_ms`.
        IDLE = 3,
        /// A shell prompt.
        PROMPT = 4,
    }
}

/// Waits for something in a pane. Answered by [`Waited`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Wait {
    pub target: String,
    pub wait_for: WaitFor,
    pub pattern: String,
    pub idle_ms: u64,
    /// Look only at what was printed from this byte on.
    pub since: Option<u64>,
    /// 0 for no limit.
    pub timeout_ms: u64,
    pub ext: Ext,
}

/// It happened.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Waited {
    pub pane: PaneId,
    pub exit: WireExit,
    /// The line that matched.
    pub line: String,
    pub offset: u64,
    pub ext: Ext,
}

/// Fixes the size of a pane's tab, or with 0x0 lets its clients decide again.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ResizePane {
    pub target: String,
    pub size: WireSize,
    pub ext: Ext,
}

/// Subscribes to what changes. Answered by [`crate::Watched`]s until the stream closes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Events {
    pub target: String,
    pub ext: Ext,
}

/// Asks how the server is. Answered by [`crate::DoctorReport`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Doctor {
    pub ext: Ext,
}

/// Stops the server. Programs go on in the keeper's custody unless `kill` is set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct StopServer {
    pub kill: bool,
    pub ext: Ext,
}

/// Asks for a sign of life. Answered by [`Pong`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Ping {
    pub ext: Ext,
}

/// A sign of life.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Pong {
    pub ext: Ext,
}
