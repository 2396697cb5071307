//! The world that a pane's program is born into: its command, working directory, environment, locale
//! and limits. Owns the rules; reading passwd, looking whether a directory exists and starting the
//! program are others' affairs.

use std::path::{Path, PathBuf};

use ccc_proto::{PaneId, SessionId, Spawn, TabId};

/// A variable's name and value, in bytes as the operating system has them.
pub type Variable = (Vec<u8>, Vec<u8>);

/// All that the rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Birth<'a> {
    pub spawn: &'a Spawn,
    /// Whether the asker is on this machine; only then do its shell, directory and environment mean
    /// something here.
    pub same_machine: bool,
    /// The configured shell, if any.
    pub shell: Option<&'a Path>,
    /// The configured TERM, if any.
    pub term: Option<&'a str>,
    pub account: &'a Account,
    /// The environment that the server's own login gave it.
    pub login_environment: &'a [Variable],
    /// The pane that the asker stands in or splits.
    pub asking_pane: Option<PaneDirectories<'a>>,
    /// Directory of the session's stable links to sockets of its newest attachment.
    pub links: &'a Path,
    /// The state directory of this server.
    pub server: &'a Path,
    pub session: SessionId,
    pub tab: TabId,
    pub pane: PaneId,
    /// The version of this program.
    pub version: &'a str,
    /// The soft limit of open files that the server was started with, before it raised its own.
    pub open_files: Option<u64>,
}

/// The user's entry in passwd.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    pub user: String,
    pub home: PathBuf,
    /// Empty when passwd names none.
    pub shell: PathBuf,
}

/// What is known of a pane's working directory.
#[derive(Clone, Copy, Debug, Default)]
pub struct PaneDirectories<'a> {
    /// What its shell reported, as a path; see [`reported_directory`].
    pub reported: Option<&'a Path>,
    /// That of its foreground process.
    pub foreground: Option<&'a Path>,
}

/// The world of one program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// The file to execute: a path, or a name to look for in the PATH of `environment`.
    pub program: Vec<u8>,
    /// Its arguments with the zeroth, which for a login shell begins with `-`.
    pub argv: Vec<Vec<u8>>,
    /// Directories to start in, best first; see [`Directory`].
    pub directories: Vec<Directory>,
    /// Each name once.
    pub environment: Vec<Variable>,
    /// Links to make in the session's link directory: name and where it points for this asker.
    pub links: Vec<(&'static str, PathBuf)>,
    /// `None` for the one that the server was started with.
    pub umask: Option<u32>,
    /// The soft limit of open files.
    pub open_files: Option<u64>,
}

/// A directory to start in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    pub path: PathBuf,
    /// Whether its absence is an error; otherwise the next one is tried.
    pub must_exist: bool,
}

/// Why there is no such world; always the asker's doing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorldError {
    #[error("the command's argument {index} holds a zero byte")]
    ZeroByte { index: usize },
    #[error("the command's name is empty")]
    NoCommand,
}

/// Computes the world.
///
/// # Errors
/// The command cannot be one.
pub fn world(_birth: &Birth<'_>) -> Result<World, WorldError> {
    todo!()
}

impl World {
    /// The environment with PWD set to the directory that was chosen.
    #[must_use]
    pub fn environment_in(&self, _directory: &Path) -> Vec<Variable> {
        todo!()
    }
}

/// The path in what a shell reported by OSC 7: `file://host/path` with percent escapes, or a plain
/// path. `None` when it names another host or is no absolute path.
#[must_use]
pub fn reported_directory(_report: &str, _this_host: &str) -> Option<PathBuf> {
    todo!()
}

/// What of an environment may be kept or passed on: without the variables that belong to a
/// terminal or multiplexer, and without what cannot be a variable.
#[must_use]
pub fn cleaned(_environment: &[Variable]) -> Vec<Variable> {
    todo!()
}
