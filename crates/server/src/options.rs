//! What a server is started with, and how it ends. Owns no behaviour.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

/// How a server is to run. What else can be set stands in `config.toml`.
pub struct ServeOptions {
    /// Where everything that lasts lives. Made 0700 when it is missing.
    pub state_dir: PathBuf,
    /// Where `config.toml` may stand.
    pub config_dir: PathBuf,
    /// The program that keepers are started from, and that the keeper starts again, with the
    /// arguments of this process, when this server dies.
    pub exe: PathBuf,
    /// Started by a client rather than a person: leaves ten minutes after its last session and
    /// client.
    pub auto: bool,
    /// Where to listen; what `config.toml` says, else where it listened before, else loopback.
    pub listen: Option<Listen>,
    /// Called once, when clients are taken.
    pub on_ready: Box<dyn FnOnce() + Send>,
}

/// An address to listen on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen {
    pub address: IpAddr,
    /// The one used before when unset, chosen freely at first.
    pub port: Option<u16>,
}

/// Why a server left without an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitKind {
    /// A client asked it to stop; programs go on in the keeper's custody.
    Stopped,
    /// A client asked it to stop and to end every program.
    StoppedWithPrograms,
    /// SIGTERM or SIGINT; programs go on in the keeper's custody.
    Signal,
    /// It has another key, and its keeper starts it again with that.
    Again,
    /// It was started by a client and nobody needed it any more.
    Idle,
}

impl fmt::Debug for ServeOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServeOptions")
            .field("state_dir", &self.state_dir)
            .field("config_dir", &self.config_dir)
            .field("exe", &self.exe)
            .field("auto", &self.auto)
            .field("listen", &self.listen)
            .finish_non_exhaustive()
    }
}
