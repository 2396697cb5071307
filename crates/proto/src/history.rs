//! Lines above the screen, asked for by page. Owns the request and the page.

use bincode::{Decode, Encode};

use crate::{Ext, PaneId, RowRun, WireLink, WireStyle};

/// Asks for logical lines by number. On a stream of its own, answered by one page.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct HistoryRequest {
    pub pane: PaneId,
    /// The first line wanted; lines are numbered from 0 for ever.
    pub from: u64,
    /// How many at most; a page may hold fewer.
    pub count: u32,
    pub ext: Ext,
}

/// Lines with rising numbers.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct HistoryPage {
    pub pane: PaneId,
    /// The oldest line that can be asked for.
    pub first_kept: u64,
    /// One past the newest line above the screen.
    pub end: u64,
    pub lines: Vec<WireLine>,
    pub styles: Vec<WireStyle>,
    pub links: Vec<WireLink>,
    pub ext: Ext,
}

/// Tags of [`HistoryPage::ext`].
pub mod history_tag {
    /// Present, with no bytes, when the page's last line is open: its end is still on the screen.
    pub const OPEN: u16 = 1;
}

/// One logical line: soft wraps are joined, it wraps anew to the width of whoever looks.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct WireLine {
    pub number: u64,
    /// Rises when a line that was pulled back by a resize came back changed.
    pub version: u32,
    pub runs: Vec<RowRun>,
}
