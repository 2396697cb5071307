//! What can go wrong between a program and its server, by whose doing it is. Owns the words that
//! people read; how they are printed is the command line's affair.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use ccc_journal::dir::DirError;
use ccc_net::Transport;
use ccc_proto::{Failed, Failure, Refusal};

/// Why something asked of a server did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Nothing says where state belongs.
    #[error("there is no home directory to keep state in")]
    NoHome,
    /// A named folder cannot be used.
    #[error("the folder {} cannot be used", folder.display())]
    Folder { folder: PathBuf, source: io::Error },
    /// The state directory is not safely this user's.
    #[error("the state directory is refused")]
    StateDir(#[from] DirError),
    /// A file of the state directory cannot be read or written.
    #[error("{} cannot be used", path.display())]
    File { path: PathBuf, source: io::Error },
    /// The run file is there and makes no sense.
    #[error("{} does not say where the server is", path.display())]
    ServerFile { path: PathBuf },
    /// No server runs for this state directory.
    #[error("no server runs for {}", state.display())]
    NotRunning { state: PathBuf },
    /// A server was started and did not come up.
    #[error("the server did not start: {why}")]
    NotStarted { why: String },
    /// This user's key cannot be used.
    #[error("this client's key cannot be used")]
    Key(#[from] ccc_net::KeyFileError),
    /// The system gives no socket.
    #[error("there is no socket to connect from")]
    Socket { source: io::Error },
    /// Nobody answers, or not as the expected server.
    #[error("{address} does not answer as the server")]
    Connect { address: SocketAddr, source: Box<ccc_net::ConnectError> },
    /// The server of this machine takes no streams of bytes.
    #[error("{address} takes no connection by TCP")]
    NoTcp { address: SocketAddr, source: io::Error },
    /// What is known of other machines does not fit the wish.
    #[error(transparent)]
    Host(crate::HostError),
    /// The file of hosts makes no sense.
    #[error("{} makes no sense: {why}", path.display())]
    HostsFile { path: PathBuf, why: String },
    /// What was seen of a server's audit makes no sense.
    #[error("what was seen of the audit, in {}, makes no sense: {why}", path.display())]
    WitnessFile { path: PathBuf, why: String },
    /// No address of a host leads anywhere.
    #[error("the address {address:?} of {name} is not known here")]
    NoAddress { name: String, address: String, source: io::Error },
    /// No address of a host answers.
    #[error("{name} does not answer{}", by(*transport))]
    Unreachable { name: String, transport: Transport, source: Box<ccc_net::ConnectError> },
    /// Somebody else answers there. Not one byte was sent.
    #[error(
        "{name} answers with another key than the one it was paired with: expected {expected}, found {found}; nothing was sent"
    )]
    KeyChanged { name: String, expected: ccc_net::KeyId, found: ccc_net::KeyId },
    /// The other end has not the code that was read aloud, or somebody is in between.
    #[error("who answers there has another code, or somebody is in between; nothing was kept")]
    OtherCode,
    /// The host's server knows this machine no more.
    #[error("{name} does not let this machine in: its key is not enrolled there, or no longer")]
    NotEnrolled { name: String },
    /// The server said no to this client.
    #[error("the server refused this client: {why}")]
    Refused { reason: Refusal, why: String, hint: String },
    /// The connection ended in the middle.
    #[error("the connection ended: {why}")]
    Lost { why: String },
    /// The server answered in a way that this version does not know.
    #[error("the server answered {got} where {wanted} was due")]
    Unexpected { wanted: &'static str, got: String },
    /// What was asked is larger than the wire takes.
    #[error("the request is too large")]
    TooLarge(#[from] ccc_proto::EncodeError),
    /// The server did not do what was asked, and said why.
    #[error("{}", .0.why)]
    Failed(Box<Failed>),
    /// What is written to takes no more.
    #[error("it cannot be written")]
    Output { source: io::Error },
    /// A recording cannot be read.
    #[error("the recording cannot be read")]
    Recording(#[from] ccc_journal::Error),
    /// A file was not copied, for a reason on this side.
    #[error(transparent)]
    Copy(ccc_copy::CopyError),
    /// A place on this side, to which something was to be led.
    #[error("{place} cannot be reached: {why}")]
    NotConnected { place: String, why: String },
    /// The time given ran out.
    #[error("no answer within {seconds} s")]
    Deadline { seconds: u64 },
}

const fn by(transport: Transport) -> &'static str {
    match transport {
        Transport::Auto => "",
        Transport::Quic => " by QUIC",
        Transport::Tcp => " by TCP",
    }
}

impl ClientError {
    /// The kind of failure that the server told, if it was one.
    pub const fn failure(&self) -> Option<Failure> {
        match self {
            Self::Failed(failed) => Some(failed.failure),
            _ => None,
        }
    }

    /// One next step that loses nothing.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Failed(failed) if !failed.hint.is_empty() => Some(failed.hint.clone()),
            Self::Refused { hint, .. } if !hint.is_empty() => Some(hint.clone()),
            Self::NoHome => Some("set CCC_HOME to a folder of yours".into()),
            Self::NotRunning { .. } => Some("start one with `ccc attach` or `ccc serve`".into()),
            Self::NotStarted { .. } => Some("run `ccc serve` in the foreground to see more".into()),
            Self::ServerFile { path } => {
                Some(format!("if no server runs, remove it: rm {}", path.display()))
            }
            Self::StateDir(error) => error.mend(),
            Self::Key(error) => error.mending_command(),
            Self::Host(crate::HostError::Unknown { .. }) => Some("ccc hosts ls".into()),
            Self::Unreachable { transport: Transport::Quic, .. } => Some(
                "where UDP does not pass, leave --transport quic out: TCP is tried then as well".into(),
            ),
            Self::Unreachable { transport: Transport::Tcp, .. } => Some(
                "its server may take nobody by TCP (tcp = false in [server] there): leave --transport tcp out".into(),
            ),
            Self::Unreachable { .. } | Self::NoAddress { .. } => Some(
                "see that its server runs and listens where other machines reach it: ccc serve --listen".into(),
            ),
            Self::KeyChanged { .. } => Some(
                "somebody may be in between; if that server was really made anew, ask for a new link there (ccc invite), forget it here (ccc hosts rm) and pair again".into(),
            ),
            Self::OtherCode => Some("ask for a new code there: ccc invite --code".into()),
            Self::NotEnrolled { .. } => {
                Some("ask for a link there with `ccc invite`, and use it here with `ccc pair`".into())
            }
            Self::NoTcp { .. } => Some(
                "see why with `ccc doctor`: TCP may be switched off (tcp = false in [server]), or another program has the port".into(),
            ),
            Self::Copy(ccc_copy::CopyError::Full { .. }) => {
                Some("make room and copy again: it goes on from what is kept".into())
            }
            Self::Connect { .. } => Some("look at the server with `ccc doctor`".into()),
            _ => None,
        }
    }

    /// Whether another try may do.
    pub const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Connect { .. }
                | Self::Lost { .. }
                | Self::Deadline { .. }
                | Self::NotRunning { .. }
                | Self::NoAddress { .. }
                | Self::Unreachable { .. }
        )
    }
}

impl From<ccc_copy::CopyError> for ClientError {
    fn from(error: ccc_copy::CopyError) -> Self {
        match error {
            ccc_copy::CopyError::Failed(failed) => Self::Failed(failed),
            ccc_copy::CopyError::Lost { why } => Self::Lost { why },
            error => Self::Copy(error),
        }
    }
}
