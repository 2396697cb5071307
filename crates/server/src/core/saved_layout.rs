//! A session's tabs and splits as TOML text, to be kept, edited and loaded. Owns the format; what
//! is started by it is the house's and the task's affair.
//!
//! ```toml
//! version = 1
//! name = "work"
//!
//! [[tab]]
//! name = "edit"
//! focus = 2
//! layout = { row = [
//!     { share = 2, command = ["vim", "."], cwd = "/src" },
//!     { share = 1, column = [{}, { command = ["make", "watch"] }] },
//! ] }
//! ```
//!
//! A node is a `row`, a `column`, or a pane with its `command` (a login shell without one) and
//! `cwd` (that of whoever loads it without one). Shares are relative to those of the siblings; 1 is
//! meant where none is given. `focus` counts the panes of the tab from 1.

mod read;
mod write;

use super::layout::Layout;

pub use read::load;
pub use write::save;

/// The version of the format, raised when a text of before would be read wrongly.
const VERSION: u32 = 1;

/// What a text describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedSession {
    /// Empty when the text gives none.
    pub name: String,
    /// At least one.
    pub tabs: Vec<SavedTab>,
}

/// One tab of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedTab {
    /// Empty for a tab that is shown by what runs in it.
    pub name: String,
    /// Its leaves are `PaneId(0)`, `PaneId(1)` … : indexes into `panes`.
    pub layout: Layout,
    pub panes: Vec<SavedPane>,
    /// Index of the pane that has the focus.
    pub focus: usize,
}

/// One pane of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedPane {
    /// Empty for a login shell.
    pub command: Vec<String>,
    /// Empty for the directory of whoever loads it.
    pub cwd: String,
}

/// What cannot be loaded, always the text's author's doing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct SavedLayoutError {
    /// From 1.
    pub line: usize,
    pub why: String,
}

#[cfg(test)]
mod tests;
