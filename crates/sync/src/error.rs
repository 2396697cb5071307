//! What a peer sent that is not what it claims to be. Every variant is the peer's doing; whatever
//! it came in was left unused.

use ccc_proto::{PaneId, WireSize};

/// Cells that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CellsError {
    #[error("a run names style {index} of {known}")]
    Style { index: u16, known: usize },
    #[error("a style names link {index} of {known}")]
    Link { index: u16, known: usize },
    #[error("a run has cells {width} columns wide")]
    Width { width: u8 },
    #[error("a run counts {counted} characters and has {there}")]
    Clusters { counted: usize, there: usize },
    #[error("the cells take more than {cols} columns")]
    TooWide { cols: u32 },
    #[error("a text holds a control character")]
    Control,
}

/// A frame that cannot be applied. The mirror is as it was before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    #[error("the frame is of {found}, the mirror of {wanted}")]
    OtherPane { wanted: PaneId, found: PaneId },
    #[error("no screen is {} columns by {} rows", size.cols, size.rows)]
    Size { size: WireSize },
    #[error("{named} rows are named for a screen of {rows}")]
    RowCount { named: u64, rows: u16 },
    #[error("row {row} is named twice")]
    RowTwice { row: u64 },
    #[error("row {row} is sent and not named")]
    RowUnnamed { row: u64 },
    #[error("row {row} is missing from a whole frame")]
    RowMissing { row: u64 },
    #[error("row {row} does not read")]
    Row { row: u64, source: CellsError },
    #[error("the tables do not read")]
    Tables(#[from] CellsError),
    #[error("the cursor is outside the screen")]
    Cursor,
    #[error("the state with tag {tag} is no plain text")]
    State { tag: u16 },
    #[error("the images do not read")]
    Images,
}

/// A page of history that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    #[error("the page's line numbers do not rise within the history it names")]
    Numbers,
    #[error("line {line} does not read")]
    Line { line: u64, source: CellsError },
    #[error("the tables do not read")]
    Tables(#[from] CellsError),
}
