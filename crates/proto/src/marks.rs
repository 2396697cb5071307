//! Where the commands of a shell begin and end. Owns the request and the page.

use bincode::{Decode, Encode};

use crate::number::numbers;
use crate::{Ext, PaneId};

/// Asks for the marks that a shell left in what a pane printed. On a stream of its own, answered by one
/// [`MarksPage`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct MarksRequest {
    pub pane: PaneId,
    /// Only marks on this line or later ones.
    pub from: u64,
    pub ext: Ext,
}

/// Marks in the order in which they were printed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct MarksPage {
    pub pane: PaneId,
    /// Whether marks before the first one here are not known any more.
    pub cut: bool,
    pub marks: Vec<WireMark>,
    pub ext: Ext,
}

numbers! {
    /// What a mark stands for.
    WireMarkKind {
        /// The prompt begins.
        PROMPT = 1,
        /// The prompt ends; what is typed begins.
        COMMAND = 2,
        /// The command runs; its output begins.
        OUTPUT = 3,
        /// The command has ended.
        END = 4,
    }
}

/// One mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct WireMark {
    pub kind: WireMarkKind,
    /// The logical line that it stands on.
    pub line: u64,
    /// The column of that line.
    pub column: u32,
    /// The byte of the recording that it ends with.
    pub offset: u64,
    /// The exit status, if the shell told one.
    pub exit: Option<i32>,
}
