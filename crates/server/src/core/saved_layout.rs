//! A session's tabs and splits as TOML text, to be kept, edited and loaded. Owns the format; what
//! is started by it is the house's and the task's affair.

use super::layout::Layout;

/// What a text describes. Panes of the layouts are numbered from 1 over all tabs and stand for the
/// entries of `panes` in their tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedSession {
    pub name: String,
    pub tabs: Vec<SavedTab>,
}

/// One tab of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedTab {
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
    /// Empty for the asker's.
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

/// The text of a session.
#[must_use]
pub fn save(_session: &SavedSession) -> String {
    todo!()
}

/// The session of a text.
///
/// # Errors
/// It is no TOML, holds an unknown key, or describes no layout. The error names the line.
pub fn load(_text: &str) -> Result<SavedSession, SavedLayoutError> {
    todo!()
}
