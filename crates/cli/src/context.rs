//! What every command starts from: the home, and a server to ask. Owns how a server is found and
//! started from here.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use ccc_client::redact::Redactor;
use ccc_client::{ClientError, Connect, Endpoints, Home, Host, Server, Starter};
use ccc_proto::{ClientKind, Message};

use crate::exit;
use crate::failure::{Attempted as _, Failure};
use crate::target;

/// Where a command runs.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    pub(crate) home: Home,
    pub(crate) endpoints: Endpoints,
    /// The machine whose server is meant; `None` for this one.
    pub(crate) host: Option<Host>,
    /// What is to be said when nothing has the name that was given: it looks like a host's.
    pub(crate) no_host: Option<String>,
    /// Speaks for this command instead of this machine's key.
    pub(crate) token: Option<String>,
    /// The command that leads to the host, in place of its addresses.
    pub(crate) via: Option<String>,
}

impl Context {
    /// How secrets are known, as the configuration has it.
    pub(crate) fn redactor(&self, attempted: &str) -> Result<Redactor, Failure> {
        let redactor = ccc_tui::redactor(&self.home.config_file());
        redactor.map_err(|error| {
            Failure::other(attempted, error.to_string()).with_hint("ccc config check")
        })
    }

    /// `CCC_HOME` says where, else the server of the pane that this runs in, else the user's own.
    pub(crate) fn from_env() -> Result<Self, Failure> {
        let home = home_from_env().attempted("find the state directory")?;
        Ok(Self {
            home,
            endpoints: Endpoints::default(),
            host: None,
            no_host: None,
            token: None,
            via: None,
        })
    }

    /// Adds to a failure what the words of the command let one guess.
    pub(crate) fn explain(&self, failure: Failure) -> Failure {
        let missing = matches!(failure.code(), exit::NO_TARGET | exit::UNREACHABLE);
        match &self.no_host {
            Some(words) if missing => failure.with_hint(words.clone()),
            _ => failure,
        }
    }

    /// How to reach the server. With `start`, one is started if none runs; never inside a pane,
    /// whose server runs or is being restarted by its keeper.
    pub(crate) fn connect(&self, kind: ClientKind, start: bool) -> Connect {
        let inside = target::own_pane(self).is_some();
        let start = start && self.host.is_none();
        Connect {
            home: self.home.clone(),
            endpoints: self.endpoints.clone(),
            kind,
            starter: (start && !inside).then(starter),
            host: self.host.clone(),
            token: self.token.clone(),
        }
    }

    /// The running server.
    pub(crate) async fn server(&self, attempted: &str) -> Result<Server, Failure> {
        self.connect(ClientKind::CLI, false).connect().await.attempted(attempted)
    }

    /// The running server, or a new one.
    pub(crate) async fn server_or_start(&self, attempted: &str) -> Result<Server, Failure> {
        self.connect(ClientKind::CLI, true).connect().await.attempted(attempted)
    }

    /// Asks the running server for one thing.
    pub(crate) fn ask(
        &self,
        attempted: &str,
        request: impl Into<Message>,
    ) -> impl Future<Output = Result<Message, Failure>> {
        // One future, not one for each request.
        self.ask_for(attempted, request.into())
    }

    async fn ask_for(&self, attempted: &str, request: Message) -> Result<Message, Failure> {
        self.server(attempted).await?.request(request).await.attempted(attempted)
    }
}

/// The home that the environment names.
pub(crate) fn home_from_env() -> Result<Home, ClientError> {
    match (std::env::var_os("CCC_HOME"), std::env::var_os("CCC_SERVER")) {
        (None, Some(state)) => Home::of_state(Path::new(&state)),
        _ => Home::from_env(),
    }
}

/// The program that this is. A rebuilt binary leaves its old path dangling; the kernel still has it.
pub(crate) fn own_executable() -> io::Result<PathBuf> {
    let path = std::env::current_exe()?;
    Ok(if path.exists() { path } else { PathBuf::from("/proc/self/exe") })
}

fn starter() -> Starter {
    Arc::new(|home: &Home| {
        let output = start_server(home)?;
        Ok(Box::new(output) as Box<dyn Read + Send>)
    })
}

/// Starts a server in the background that leaves when it is not needed; its words come back.
fn start_server(home: &Home) -> io::Result<impl Read + Send + use<>> {
    start_detached(home, &["serve", "--background", "--auto"])
}

/// Starts this program again, away from this terminal; what it says comes back until it closes its
/// standard output.
pub(crate) fn start_detached(home: &Home, args: &[&str]) -> io::Result<io::PipeReader> {
    let (reader, writer) = io::pipe()?;
    let mut command = Command::new(own_executable()?);
    command
        .args(args)
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer)
        .current_dir("/");
    // Which home it is must not depend on a relative path or on the pane that this runs in.
    command.env_remove("CCC_SERVER").env_remove("CCC_PANE");
    if home.state().file_name() == Some("state".as_ref())
        && let Some(folder) = home.state().parent()
    {
        command.env("CCC_HOME", folder);
    }
    ccc_keeper::daemon::spawn(&mut command)?;
    Ok(reader)
}

/// A reply of another kind than asked for.
pub(crate) fn unexpected(attempted: &str, wanted: &'static str, got: &Message) -> Failure {
    let error = ClientError::Unexpected { wanted, got: got.name().into() };
    Failure::other(attempted, error)
}
