//! The world that a pane's program is born into: its command, working directory, environment, locale
//! and limits. Owns the rules; reading passwd, looking whether a directory exists and starting the
//! program are others' affairs.

mod directory;
mod environment;
mod integration;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use ccc_proto::{PaneId, SessionId, Spawn, TabId};

pub use directory::reported_directory;
pub use environment::cleaned;

/// The shell when nobody names one.
const LAST_SHELL: &str = "/bin/sh";
/// The bits of a umask.
const UMASK_BITS: u32 = 0o777;

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
    /// Where the scripts stand by which shells mark their commands; `None` leaves shells alone.
    pub scripts: Option<&'a Path>,
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
pub fn world(birth: &Birth<'_>) -> Result<World, WorldError> {
    let shell = shell(birth);
    let (program, mut argv) = program(&birth.spawn.argv, shell)?;
    let (mut environment, links) = environment::environment(birth, shell);
    let home = environment.iter().find(|(name, _)| name == b"HOME");
    let home = home.map(|(_, home)| Path::new(OsStr::from_bytes(home)));
    let home = home.filter(|home| home.is_absolute()).unwrap_or(&birth.account.home);
    let directories = directory::directories(birth, home);
    if let (Some(scripts), true) = (birth.scripts, birth.spawn.argv.is_empty()) {
        integration::lead(shell, scripts, &mut argv, &mut environment);
    }
    let asked = |asked| if birth.same_machine { asked } else { None };
    Ok(World {
        program,
        argv,
        directories,
        environment,
        links,
        umask: birth.spawn.umask.filter(|_| birth.same_machine).map(|umask| umask & UMASK_BITS),
        open_files: asked(birth.spawn.open_files).or(birth.open_files),
    })
}

/// The setting, else the asker's on the same machine, else that of passwd, else [`LAST_SHELL`].
fn shell<'a>(birth: &Birth<'a>) -> &'a Path {
    let asked = Path::new(OsStr::from_bytes(&birth.spawn.shell));
    let candidates =
        [birth.shell, birth.same_machine.then_some(asked), Some(birth.account.shell.as_path())];
    // A relative shell would depend on the directory that the pane starts in.
    let found = candidates.into_iter().flatten().find(|shell| shell.is_absolute());
    found.unwrap_or_else(|| Path::new(LAST_SHELL))
}

/// The file to execute and its arguments: a given command as it is, else a login shell.
fn program(argv: &[Vec<u8>], shell: &Path) -> Result<(Vec<u8>, Vec<Vec<u8>>), WorldError> {
    if let Some(index) = argv.iter().position(|word| word.contains(&0)) {
        return Err(WorldError::ZeroByte { index });
    }
    match argv.first() {
        Some(program) if program.is_empty() => Err(WorldError::NoCommand),
        Some(program) => Ok((program.clone(), argv.to_vec())),
        None => {
            let name = shell.file_name().unwrap_or(shell.as_os_str());
            let login = [b"-", name.as_bytes()].concat();
            Ok((shell.as_os_str().as_bytes().to_vec(), vec![login]))
        }
    }
}

impl World {
    /// The environment with PWD set to the directory that was chosen: the asker's PWD names another
    /// one.
    #[must_use]
    pub fn environment_in(&self, directory: &Path) -> Vec<Variable> {
        let others = self.environment.iter().filter(|(name, _)| name != b"PWD").cloned();
        let pwd = (b"PWD".to_vec(), directory.as_os_str().as_bytes().to_vec());
        others.chain([pwd]).collect()
    }
}

#[cfg(test)]
mod tests;
