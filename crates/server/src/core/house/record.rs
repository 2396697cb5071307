//! The records that the house is a fold over. Owns their kinds and bodies, and what these are made of; their form
//! is that of all records (`core::record`).

use bincode::{Decode, Encode};
use ccc_proto::{Ext, PaneId, SessionId, TabId, WireExit, WireNode, WireSize};
use ulid::Ulid;

use crate::core::record::{self, Author, changes};

/// One change of the house, and who caused it.
pub type Record = record::Record<Change>;

impl Author {
    /// A record that it caused.
    pub(super) fn writes(&self, change: impl Into<Change>) -> Record {
        Record { author: self.clone(), change: change.into() }
    }
}

/// What a pane runs, as it was decided when it was made: enough to start it again. The environment
/// is not here: it is kept in a file of the session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct PaneSpec {
    /// Empty for a login shell.
    pub argv: Vec<Vec<u8>>,
    /// The directory that it started in.
    pub cwd: Vec<u8>,
    pub umask: Option<u32>,
    pub open_files: Option<u64>,
    /// Whether its output is kept on disk.
    pub recorded: bool,
    pub ext: Ext,
}

impl PaneSpec {
    /// The longest command line with its directory, in bytes: what fits into a record with room to
    /// spare.
    pub const CAP: usize = 32 * 1024;

    /// The command line, lossily as text; empty for a login shell.
    #[must_use]
    pub fn command(&self) -> String {
        let words: Vec<_> = self.argv.iter().map(|word| String::from_utf8_lossy(word)).collect();
        words.join(" ")
    }

    /// The name of the program without its directory, lossily as text; `shell` for a login shell.
    #[must_use]
    pub fn program(&self) -> String {
        let Some(program) = self.argv.first() else {
            return "shell".into();
        };
        let name = program.rsplit(|byte| *byte == b'/').next().unwrap_or(program);
        String::from_utf8_lossy(name).into_owned()
    }

    /// About how many bytes it takes in a record.
    pub(super) fn bytes(&self) -> usize {
        self.cwd.len() + self.argv.iter().map(|word| word.len() + 8).sum::<usize>()
    }
}

changes! {
    /// A session exists, without a tab yet.
    1 => SessionCreated {
        session: SessionId,
        /// Name of its directory.
        ulid: StoredUlid,
        name: String,
        created_unix_ms: u64,
        /// Ends so long after its last client left; 0 for never.
        ttl_ms: u64,
    }
    2 => SessionRenamed {
        session: SessionId,
        name: String,
    }
    /// Its last pane is gone, or it was killed. Its tabs stay as they were.
    3 => SessionEnded {
        session: SessionId,
        /// How its last pane ended.
        exit: WireExit,
    }
    /// It was started again.
    4 => SessionRevived {
        session: SessionId,
    }
    /// Forgotten with all its recordings.
    5 => SessionRemoved {
        session: SessionId,
    }
    /// A tab exists at the end of the bar, without a pane yet.
    10 => TabCreated {
        session: SessionId,
        tab: TabId,
        number: u16,
        name: String,
        size: WireSize,
    }
    11 => TabRenamed {
        tab: TabId,
        name: String,
    }
    /// It stands at this place of the bar, from 0.
    12 => TabMoved {
        tab: TabId,
        to: u16,
    }
    /// It is gone with all panes that were still in it.
    13 => TabClosed {
        tab: TabId,
    }
    /// Its area changed.
    14 => TabSized {
        tab: TabId,
        size: WireSize,
    }
    /// How its size is decided: see the size policies.
    15 => TabPolicySet {
        tab: TabId,
        /// 0 latest, 1 largest, 2 fixed at the tab's size.
        policy: u16,
    }
    /// Its split tree, which must hold exactly its panes but for those that float above it: tag 1 of
    /// `ext`, see `floating`.
    16 => LayoutChanged {
        tab: TabId,
        nodes: Vec<WireNode>,
        zoomed: Option<PaneId>,
        /// The preset applied last, counted from 1; 0 for none.
        preset: u16,
    }
    /// A pane exists at the right end of its tab's tree; its program has not started.
    20 => PaneCreated {
        tab: TabId,
        pane: PaneId,
        /// Name of its directory and of its descriptors in custody.
        ulid: StoredUlid,
        number: u16,
        spec: PaneSpec,
    }
    /// Its program runs.
    21 => PaneStarted {
        pane: PaneId,
        pid: u32,
        /// In clock ticks since boot.
        start_time: u64,
    }
    /// Its program is gone.
    22 => PaneExited {
        pane: PaneId,
        exit: WireExit,
        /// Lost with the machine or with all custodians, not ended by itself.
        lost: bool,
    }
    /// It is about to start again in the same place.
    23 => PaneRestarted {
        pane: PaneId,
        ulid: StoredUlid,
        spec: PaneSpec,
    }
    /// It left its tab; its recording stays.
    24 => PaneClosed {
        pane: PaneId,
    }
    /// It stands at the right end of another tab's tree.
    25 => PaneMoved {
        pane: PaneId,
        tab: TabId,
        number: u16,
    }
    /// Two panes exchanged their tabs, places and numbers.
    26 => PanesSwapped {
        a: PaneId,
        b: PaneId,
    }
    /// A closed pane is forgotten with its recording.
    27 => PaneRemoved {
        pane: PaneId,
    }
    /// Where the next attach of a session starts.
    30 => Remembered {
        session: SessionId,
        tab: TabId,
        pane: PaneId,
    }
    /// Where the focus of a tab is, when nobody says otherwise.
    31 => FocusSet {
        tab: TabId,
        pane: PaneId,
    }
    /// The counters of the house, for a snapshot.
    40 => CountersKept {
        /// The next ids of sessions, tabs and panes.
        session: u64,
        tab: u64,
        pane: u64,
        /// How often a session was remembered.
        uses: u64,
        /// Records that made no sense.
        ignored: u64,
    }
    /// What a session's other records do not say, for a snapshot.
    41 => SessionKept {
        session: SessionId,
        revision: u64,
        used: u64,
        current: Option<TabId>,
    }
    /// A closed pane, for a snapshot.
    42 => ClosedPaneKept {
        session: SessionId,
        pane: PaneId,
        ulid: StoredUlid,
        spec: PaneSpec,
        exit: WireExit,
        lost: bool,
        closed_unix_ms: u64,
    }
    /// More recordings of a pane's earlier lives, oldest first, for a snapshot.
    43 => EarlierKept {
        pane: PaneId,
        earlier: Vec<StoredUlid>,
    }
}

/// A ULID as it is kept in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct StoredUlid(pub u128);

impl From<Ulid> for StoredUlid {
    fn from(ulid: Ulid) -> Self {
        Self(ulid.0)
    }
}

impl From<StoredUlid> for Ulid {
    fn from(stored: StoredUlid) -> Self {
        Self(stored.0)
    }
}
