//! The words of `cp`. Owns the rule which of them is on which machine.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;

use clap::Args;

use super::Json;

/// Copy files between this machine and a host
///
/// One side is on a host, written HOST:PATH; the path begins at the home directory there unless it begins with
/// `/`. `:PATH` is the server of this machine. A file here with a colon in its name is written ./a:b.
///
/// A copy that was interrupted goes on where it was when it is run again. Keys in other windows are not
/// slowed down by it. Symbolic links, devices and pipes are left out. `src/.` is what is in a folder, to
/// go into another.
#[derive(Debug, Args)]
#[command(
    name = "cp",
    after_help = "Example: ccc cp notes.txt box:work/\n         ccc cp -r box:src .\n         tar c src | ccc cp - box:src.tar"
)]
pub(crate) struct CopyArgs {
    /// What to copy; `-` is standard input
    #[arg(required = true, num_args = 1.., value_name = "SOURCE")]
    pub(crate) sources: Vec<OsString>,
    /// Where to: a folder that is there, or the new name; `-` is standard output
    #[arg(value_name = "DEST")]
    pub(crate) dest: OsString,
    /// Copy folders with all that is in them
    #[arg(short, long)]
    pub(crate) recursive: bool,
    /// Keep the times of last change
    #[arg(short, long)]
    pub(crate) preserve: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// One of its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Standard input or output.
    Stream,
    Here(PathBuf),
    There {
        /// Empty for the server of this machine.
        host: String,
        path: Vec<u8>,
    },
}

impl Side {
    /// What stands before the first colon is a host, unless a slash comes first.
    pub(crate) fn of(word: &OsStr) -> Self {
        let bytes = word.as_bytes();
        if bytes == b"-" {
            return Self::Stream;
        }
        let mark = bytes.iter().position(|byte| matches!(byte, b':' | b'/'));
        match mark.filter(|at| bytes[*at] == b':') {
            Some(at) => Self::There {
                host: String::from_utf8_lossy(&bytes[..at]).into_owned(),
                path: bytes[at + 1..].to_vec(),
            },
            None => Self::Here(OsString::from_vec(bytes.to_vec()).into()),
        }
    }
}

impl CopyArgs {
    /// The hosts that are named, the empty name for the server of this machine.
    pub(crate) fn hosts(&self) -> impl Iterator<Item = String> {
        self.sources.iter().chain([&self.dest]).filter_map(|word| match Side::of(word) {
            Side::There { host, .. } => Some(host),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colon_before_any_slash_names_a_host() {
        let here = |word: &str| assert_eq!(Side::of(word.as_ref()), Side::Here(word.into()));
        let there = |word: &str, host: &str, path: &str| {
            let side = Side::There { host: host.into(), path: path.into() };
            assert_eq!(Side::of(word.as_ref()), side);
        };
        here("a");
        here("./a:b");
        here("/a:b");
        here("a/b:c");
        there("box:", "box", "");
        there("box:a/b", "box", "a/b");
        there("box:/a:b", "box", "/a:b");
        there(":a", "", "a");
        assert_eq!(Side::of("-".as_ref()), Side::Stream);
    }
}
