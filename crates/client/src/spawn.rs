//! What this process may tell a server about the world a new pane is to live in. Owns the reading of
//! its own environment, folder, mask and limits; the server decides what a pane makes of it.

use std::env;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStringExt;

use ccc_proto::{Ext, Spawn, WireSize};

/// Who asks for a pane.
#[derive(Clone, Debug, Default)]
pub struct Asker {
    /// The command; empty for a shell.
    pub argv: Vec<OsString>,
    pub cwd: Option<OsString>,
    pub set_env: Vec<(OsString, OsString)>,
    pub size: WireSize,
    pub no_record: bool,
    /// The server is asked as one on another machine, which learns next to nothing of this one.
    pub elsewhere: bool,
}

/// Variables that another machine's server is told.
const TOLD: [&str; 3] = ["LANG", "TZ", "NO_COLOR"];
/// The same by their beginning.
const TOLD_BEGINNING: &str = "LC_";

impl Asker {
    /// All that a server on the same machine needs to start a program as if it were started here; of this
    /// for another machine's, what is of use there: language and time. The rest is nobody's business there.
    pub fn spawn(self) -> Spawn {
        let bytes = OsString::into_vec;
        if self.elsewhere {
            let told = env::vars_os().filter(|(name, _)| is_told(name));
            return Spawn {
                argv: self.argv.into_iter().map(bytes).collect(),
                cwd: self.cwd.map(bytes),
                env: told.map(|(name, value)| (bytes(name), bytes(value))).collect(),
                set_env: set(self.set_env),
                size: self.size,
                no_record: self.no_record,
                ..Spawn::default()
            };
        }
        Spawn {
            argv: self.argv.into_iter().map(bytes).collect(),
            shell: env::var_os("SHELL").map(bytes).unwrap_or_default(),
            cwd: self.cwd.map(bytes),
            fallback_cwd: env::current_dir().ok().map(|folder| folder.into_os_string().into_vec()),
            env: strip_environment(env::vars_os())
                .map(|(name, value)| (name.into_vec(), value.into_vec()))
                .collect(),
            set_env: set(self.set_env),
            umask: status_number("Umask:", 8).and_then(|mask| u32::try_from(mask).ok()),
            open_files: open_files(),
            size: self.size,
            no_record: self.no_record,
            machine: machine_id(),
            ext: Ext::none(),
        }
    }
}

fn set(variables: Vec<(OsString, OsString)>) -> Vec<(Vec<u8>, Vec<u8>)> {
    variables.into_iter().map(|(name, value)| (name.into_vec(), value.into_vec())).collect()
}

fn is_told(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    TOLD.iter().any(|told| name == told.as_bytes()) || name.starts_with(TOLD_BEGINNING.as_bytes())
}

/// Leaves out what belongs to the asking terminal and would lie inside a pane.
pub fn strip_environment(
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> impl Iterator<Item = (OsString, OsString)> {
    variables.filter(|(name, _)| {
        let name = name.as_encoded_bytes();
        let starts = |prefix: &str| name.starts_with(prefix.as_bytes());
        let is = |other: &[&str]| other.iter().any(|other| name == other.as_bytes());
        !(starts("TERM")
            || starts("TMUX")
            || starts("ZELLIJ")
            || starts("CCC_")
            || is(&["COLORTERM", "STY", "COLUMNS", "LINES", "WINDOWID"]))
    })
}

/// The machine's id, empty when it has none.
fn machine_id() -> String {
    std::fs::read_to_string("/etc/machine-id")
        .map_or_else(|_unreadable| String::new(), |id| id.trim().to_owned())
}

/// Reading the mask with umask(2) would change it for a moment in every thread; the kernel tells.
fn status_number(field: &str, radix: u32) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let value = status.lines().find_map(|line| line.strip_prefix(field))?;
    u64::from_str_radix(value.trim(), radix).ok()
}

fn open_files() -> Option<u64> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_the_asking_terminal_stays_behind() {
        let all = [
            "TERM",
            "TERM_PROGRAM",
            "COLORTERM",
            "TMUX",
            "TMUX_PANE",
            "STY",
            "ZELLIJ",
            "ZELLIJ_PANE_ID",
            "CCC_PANE",
            "COLUMNS",
            "LINES",
            "WINDOWID",
            "PATH",
            "LANG",
            "HOME",
            "LINESX",
        ];
        let left: Vec<_> = strip_environment(all.iter().map(|name| (name.into(), "x".into())))
            .map(|(name, _)| name)
            .collect();
        assert_eq!(left, ["PATH", "LANG", "HOME", "LINESX"]);
    }

    #[test]
    fn another_machine_learns_the_language_and_no_secret() {
        let spawn = Asker { elsewhere: true, ..Asker::default() }.spawn();
        assert!(spawn.env.iter().all(|(name, _)| {
            [&b"LANG"[..], b"TZ", b"NO_COLOR"].contains(&&name[..]) || name.starts_with(b"LC_")
        }));
        assert_eq!((spawn.machine, spawn.fallback_cwd, spawn.umask), (String::new(), None, None));
        // What every process has, a server of this machine is told.
        assert!(Asker::default().spawn().env.iter().any(|(name, _)| name == b"PATH"));
    }

    #[test]
    fn the_asker_tells_its_mask_and_limit() {
        let spawn = Asker::default().spawn();
        assert!(spawn.umask.is_some_and(|mask| mask <= 0o777));
        assert!(spawn.open_files.is_some_and(|limit| limit > 0));
        assert!(spawn.fallback_cwd.is_some());
    }
}
