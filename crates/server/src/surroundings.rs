//! What the server found when it was started: the machine, the user, the environment and the limits
//! that panes are to get back. Read once.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use rustix::process::Resource;

use crate::core::world::{Account, Variable, cleaned};

#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    pub(crate) host: String,
    /// Empty where the system keeps none: then nobody is on the same machine.
    pub(crate) machine: String,
    pub(crate) account: Account,
    /// Without what belongs to a terminal.
    pub(crate) environment: Vec<Variable>,
    /// The soft limit of open files, before the server raised its own.
    pub(crate) open_files: Option<u64>,
}

impl Surroundings {
    /// Looks around, then raises the server's own limit of open files: a pane takes five.
    pub(crate) fn read() -> Self {
        let environment: Vec<Variable> =
            std::env::vars_os().map(|(name, value)| (name.into_vec(), value.into_vec())).collect();
        let limit = rustix::process::getrlimit(Resource::Nofile);
        if limit.current < limit.maximum {
            let raised = rustix::process::Rlimit { current: limit.maximum, maximum: limit.maximum };
            // What cannot be raised stays as it is, and running out is reported where it happens.
            let _ = rustix::process::setrlimit(Resource::Nofile, raised);
        }
        Self {
            host: rustix::system::uname().nodename().to_string_lossy().into_owned(),
            machine: ccc_journal::machine_id().unwrap_or_default(),
            account: account(),
            environment: cleaned(&environment),
            open_files: limit.current,
        }
    }

    /// The home directory that programs are given.
    pub(crate) fn home(&self) -> PathBuf {
        self.variable(b"HOME").unwrap_or_else(|| self.account.home.clone())
    }

    /// A folder that the environment names.
    pub(crate) fn variable(&self, name: &[u8]) -> Option<PathBuf> {
        let found = self.environment.iter().find(|(known, _)| known == name);
        let path = PathBuf::from(OsStr::from_bytes(&found?.1));
        path.is_absolute().then_some(path)
    }
}

/// The user's entry in passwd, read from the file: a directory service that is not in it leaves the
/// environment's HOME and `/bin/sh`.
fn account() -> Account {
    let uid = rustix::process::getuid().as_raw();
    let passwd = std::fs::read("/etc/passwd").unwrap_or_default();
    let entry = passwd.split(|byte| *byte == b'\n').find_map(|line| {
        let fields: Vec<&[u8]> = line.split(|byte| *byte == b':').collect();
        let [user, _, id, _, _, home, shell] = fields.as_slice() else { return None };
        let id: u32 = std::str::from_utf8(id).ok()?.parse().ok()?;
        let path = |bytes: &[u8]| PathBuf::from(OsString::from_vec(bytes.to_vec()));
        (id == uid).then(|| Account {
            user: String::from_utf8_lossy(user).into_owned(),
            home: path(home),
            shell: path(shell),
        })
    });
    entry.unwrap_or_else(|| Account {
        user: std::env::var("USER").unwrap_or_default(),
        home: std::env::var_os("HOME").map_or_else(|| "/".into(), PathBuf::from),
        shell: PathBuf::new(),
    })
}

/// The bytes of a path, as records and spawn requests carry them.
pub(crate) fn path_bytes(path: &std::path::Path) -> Vec<u8> {
    path.as_os_str().as_bytes().to_vec()
}
