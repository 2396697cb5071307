//! Where a program starts: the candidates in order, and the path in a shell's report.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use super::{Birth, Directory};

/// The first that is known decides: what was asked for by name, else the asking pane's, else the
/// asker's, else HOME. Only a shell's report may be out of date without anybody's fault, so that
/// only after it another one is tried.
pub(super) fn directories(birth: &Birth<'_>, home: &Path) -> Vec<Directory> {
    let must = |path: &Path| Directory { path: path.into(), must_exist: true };
    let spawn = birth.spawn;
    let asker = spawn.fallback_cwd.as_deref().filter(|_| birth.same_machine).map(path_of);
    let asker = asker.filter(|path| path.is_absolute());
    if let Some(asked) = &spawn.cwd {
        let asked = path_of(asked);
        let base = asker.unwrap_or(home);
        return vec![must(&tilde(asked, home).unwrap_or_else(|| base.join(asked)))];
    }
    let pane = birth.asking_pane.unwrap_or_default();
    let mut directories = Vec::new();
    if let Some(reported) = pane.reported.filter(|path| path.is_absolute()) {
        directories.push(Directory { path: reported.into(), must_exist: false });
    }
    let known = pane.foreground.filter(|path| path.is_absolute()).or(asker);
    directories.push(must(known.unwrap_or(home)));
    directories
}

/// The path in what a shell reported by OSC 7: `file://host/path` with percent escapes, or a plain
/// path. `None` when it names another host or is no absolute path.
#[must_use]
pub fn reported_directory(report: &str, this_host: &str) -> Option<PathBuf> {
    let path = match report.split_once("://") {
        Some((scheme, rest)) if !scheme.contains('/') => {
            if !["file", "kitty-shell-cwd"].contains(&scheme) {
                return None;
            }
            let (host, path) = rest.split_at(rest.find('/')?);
            if !is_this_host(host, this_host) {
                return None;
            }
            // The second form is sent without escapes, which is what it was made for.
            if scheme == "file" { unescaped(path) } else { path.as_bytes().to_vec() }
        }
        _ => report.as_bytes().to_vec(),
    };
    let path = PathBuf::from(OsString::from_vec(path));
    let clean = !path.as_os_str().as_bytes().contains(&0);
    (clean && path.is_absolute()).then_some(path)
}

fn is_this_host(host: &str, this_host: &str) -> bool {
    let short = |name: &str| name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    host.is_empty()
        || host.eq_ignore_ascii_case("localhost")
        || (short(host) == short(this_host) && !this_host.is_empty())
}

/// Percent escapes replaced; one that is none stays as it is.
fn unescaped(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

/// `~` and `~/…`, which no shell was there to replace.
fn tilde(path: &Path, home: &Path) -> Option<PathBuf> {
    Some(home.join(path.strip_prefix("~").ok()?))
}

fn path_of(bytes: &[u8]) -> &Path {
    Path::new(std::ffi::OsStr::from_bytes(bytes))
}
