//! What a new pane starts. Owns the body that every creating request carries; how it is started is
//! the server's and the keeper's affair.

use bincode::{Decode, Encode};

use crate::{Ext, WireSize};

/// A program for a new pane, as its asker sees it. Paths and variables are bytes, because that is
/// what the operating system gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Spawn {
    /// The command and its arguments; empty for a login shell.
    pub argv: Vec<Vec<u8>>,
    /// The asker's shell, from its environment; empty when unknown. Heeded on the same machine only.
    pub shell: Vec<u8>,
    /// The working directory asked for by name. It must exist.
    pub cwd: Option<Vec<u8>>,
    /// The asker's own working directory, used when nothing better is known.
    pub fallback_cwd: Option<Vec<u8>>,
    /// The asker's environment, already without what belongs to its own terminal.
    pub env: Vec<(Vec<u8>, Vec<u8>)>,
    /// Variables asked for by name; they win over `env`.
    pub set_env: Vec<(Vec<u8>, Vec<u8>)>,
    /// The asker's umask; `None` leaves the server's own login umask.
    pub umask: Option<u32>,
    /// The asker's soft limit of open files.
    pub open_files: Option<u64>,
    /// The size of the asking terminal, 0x0 when there is none.
    pub size: WireSize,
    /// Keep no recording on disk.
    pub no_record: bool,
    /// The machine that `cwd`, `shell` and `env` belong to; empty when it is not told.
    pub machine: String,
    pub ext: Ext,
}
