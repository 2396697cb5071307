//! Tabs and splits as they travel: flat lists, computed by the server, drawn by the client. Owns no
//! arithmetic: every leaf comes with its place.

use bincode::{Decode, Encode};

use crate::number::numbers;
use crate::{Ext, PaneId, PaneState, SessionId, TabId, WireExit, WireSize};

/// All tabs of a session. Sent whole at each change; the revision only rises.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Layout {
    pub session: SessionId,
    /// The session's name, a label.
    pub name: String,
    pub revision: u64,
    /// In the order of the tab bar.
    pub tabs: Vec<WireTab>,
    pub panes: Vec<WirePane>,
    /// See [`layout_tag`].
    pub ext: Ext,
}

/// Tags of [`Layout::ext`].
pub mod layout_tag {
    /// UTF-8, a line for each attachment, while there are several: its number, `looks` or `works`, and what
    /// its principal is called, a label.
    pub const WATCHERS: u16 = 1;
}

/// One tab.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct WireTab {
    pub tab: TabId,
    /// The number people select it by; it keeps it for life.
    pub number: u16,
    pub name: String,
    /// The area that the tab's panes share, without any bar.
    pub size: WireSize,
    /// The pane that has the whole area for now.
    pub zoomed: Option<PaneId>,
    /// Where focus goes when nobody said otherwise.
    pub focus: PaneId,
    /// Parents before children; the first is the root.
    pub nodes: Vec<WireNode>,
    /// Panes that float above the others, bottom to top. Their places leave room for a frame.
    pub floating: Vec<WireNode>,
    pub ext: Ext,
}

numbers! {
    /// What a node of a split tree is.
    NodeKind {
        /// Its children stand side by side.
        ROW = 1,
        /// Its children stand one above the other.
        COLUMN = 2,
        /// A pane.
        LEAF = 3,
    }
}

/// A node of the split tree with the place it has in the tab's area. Between siblings lies one
/// cell of border, which belongs to neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct WireNode {
    pub kind: NodeKind,
    /// Index of the parent in the list; the root names itself.
    pub parent: u16,
    /// Share of the parent's length, in 1/65536.
    pub ratio: u32,
    /// Whose pane it is: 0 for this server. Others are reserved.
    pub server: u64,
    /// The pane of a leaf.
    pub pane: PaneId,
    pub col: u16,
    pub row: u16,
    pub size: WireSize,
}

/// What the bars and frames around a pane show of it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct WirePane {
    pub pane: PaneId,
    /// Its number within the tab; it keeps it for life.
    pub number: u16,
    /// The title that its program set, or the name of what runs in it.
    pub title: String,
    pub state: PaneState,
    pub exit: WireExit,
    /// Whether its output is kept on disk.
    pub recorded: bool,
    pub ext: Ext,
}
