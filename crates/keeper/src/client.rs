//! The server's half of the keeper: connect, ask, receive descriptors.
//!
//! [`KeeperClient`] blocks only where it is told a deadline. Otherwise [`KeeperClient::send`] and
//! [`KeeperClient::receive`] never wait, and its descriptor can be watched by any event loop. What to do with panes is the caller's.

mod channel;
mod start;

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use rustix::io::Errno;
use rustix::process::PidfdFlags;

use crate::custody::CustodySet;
use crate::protocol::{
    Message, Moves, Notice, Refusal, Request, RequestId, Response, Role, ServerHandle, VERSION,
    WireError,
};
use crate::rundir::RunDir;
use crate::spec::{SpawnSpec, SpecError};

use channel::Channel;
pub use start::{Start, connect_or_start};

/// One connection to the keeper.
#[derive(Debug)]
pub struct KeeperClient {
    channel: Channel,
    keeper: Keeper,
}

/// The keeper at the other end.
#[derive(Clone, Debug)]
pub struct Keeper {
    pub pid: u32,
    /// Readable when the keeper has ended.
    pub pidfd: Arc<OwnedFd>,
    pub version: u16,
    pub moves: Moves,
    pub build: String,
}

/// Who is calling.
#[derive(Clone, Copy, Debug)]
pub struct Hello<'a> {
    pub role: Role,
    /// Version and build of the calling binary, for `ccc doctor`.
    pub build: &'a str,
    /// How to start this server again if it dies. Only for [`Role::Server`], and required there.
    pub restart: Option<&'a SpawnSpec>,
}

/// A connection, and everything the keeper held when it was made.
#[derive(Debug)]
pub struct Connected {
    pub client: KeeperClient,
    pub sets: Vec<CustodySet>,
    pub parked: Vec<(String, Arc<OwnedFd>)>,
    /// A spare is also told whom to restart.
    pub(crate) server: Option<ServerHandle>,
}

#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Nobody listens in this state directory.
    #[error("no keeper is running for {}", state_dir.display())]
    Absent { state_dir: PathBuf },

    /// The keeper understood and declined.
    #[error("the keeper refused: {}", .0.detail)]
    Refused(Refusal),

    /// The peer: the connection ended.
    #[error("the keeper has gone")]
    Closed,

    #[error("the keeper did not answer in time while trying to {attempt}")]
    TimedOut { attempt: &'static str },

    /// The keeper does not take what it is sent.
    #[error("too many requests wait for the keeper")]
    Stuck,

    /// The peer: not the protocol.
    #[error("the keeper sent something that is no answer")]
    Wire(#[from] WireError),

    /// The peer: a response that does not belong to what was asked.
    #[error("the keeper sent an answer to another question")]
    Unexpected,

    #[error(transparent)]
    Spec(#[from] SpecError),

    /// The environment: the state directory is not safely ours.
    #[error(transparent)]
    StateDir(#[from] ccc_journal::dir::DirError),

    /// The environment: the operating system refused.
    #[error("could not {attempt}")]
    Io {
        attempt: &'static str,
        #[source]
        source: io::Error,
    },
}

impl ClientError {
    pub(crate) fn io<E: Into<io::Error>>(attempt: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Io { attempt, source: source.into() }
    }
}

impl KeeperClient {
    /// Connects to a running keeper and receives all it holds. Waits until `deadline` at most.
    pub fn connect(
        state_dir: &Path,
        hello: &Hello<'_>,
        deadline: Instant,
    ) -> Result<Connected, ClientError> {
        let absent = || ClientError::Absent { state_dir: state_dir.to_owned() };
        if !state_dir.join("run").exists() {
            return Err(absent());
        }
        let run_dir = RunDir::open(state_dir)?;
        let socket = run_dir.connect().map_err(|errno| match errno {
            Errno::NOENT | Errno::CONNREFUSED => absent(),
            // The queue of connections is full: a keeper is there and does not take them.
            Errno::AGAIN => ClientError::TimedOut { attempt: "connect" },
            errno => ClientError::io("connect to the keeper")(errno),
        })?;
        Self::greet(socket, hello, deadline)
    }

    fn greet(
        socket: OwnedFd,
        hello: &Hello<'_>,
        deadline: Instant,
    ) -> Result<Connected, ClientError> {
        let server = match hello.restart {
            Some(spec) => {
                let own = rustix::process::getpid();
                let pidfd = rustix::process::pidfd_open(own, PidfdFlags::empty())
                    .map_err(ClientError::io("open a pidfd of this process"))?;
                Some(ServerHandle { pidfd: Arc::new(pidfd), spec: Arc::new(spec.seal()?) })
            }
            None => None,
        };
        let request = Request::Hello {
            role: hello.role,
            oldest: VERSION,
            newest: VERSION,
            build: hello.build.to_owned(),
            server,
        };
        let mut channel = Channel::new(socket);
        let welcome = channel.call(&request, deadline)?;
        let Response::Welcome { version, pid, moves, build, pidfd } = welcome else {
            return Err(ClientError::Unexpected);
        };
        let keeper = Keeper { pid, pidfd, version, moves, build };
        let mut connected = Connected {
            client: Self { channel, keeper },
            sets: Vec::new(),
            parked: Vec::new(),
            server: None,
        };
        if hello.role != Role::Tool {
            connected.receive_custody(deadline)?;
        }
        Ok(connected)
    }

    /// The keeper's process. Its pidfd tells a dead keeper from one that closed the connection.
    #[must_use]
    pub fn keeper(&self) -> &Keeper {
        &self.keeper
    }

    /// Sends a request without waiting. If the socket has no room it is kept and goes out with the
    /// next call of [`KeeperClient::flush`]; [`KeeperClient::wants_write`] says so.
    pub fn send(&mut self, request: &Request) -> Result<RequestId, ClientError> {
        self.channel.send(request)
    }

    /// Sends what had no room. Call it when the descriptor is writable and
    /// [`KeeperClient::wants_write`].
    pub fn flush(&mut self) -> Result<(), ClientError> {
        self.channel.flush()
    }

    #[must_use]
    pub fn wants_write(&self) -> bool {
        self.channel.wants_write()
    }

    /// The next message, or `None` if nothing is there now. After [`ClientError::Closed`] look at
    /// [`Keeper::pidfd`] and connect again.
    pub fn receive(&mut self) -> Result<Option<Message>, ClientError> {
        self.channel.receive()
    }

    /// Sends a request and waits for its response. Everything else that arrives meanwhile stays for
    /// [`KeeperClient::receive`].
    pub fn call(&mut self, request: &Request, deadline: Instant) -> Result<Response, ClientError> {
        self.channel.call(request, deadline)
    }

    /// Waits until something can be received or sent, or the deadline has passed.
    pub fn wait(&mut self, deadline: Instant, attempt: &'static str) -> Result<(), ClientError> {
        self.channel.wait(deadline, attempt)
    }

    /// Offers sets to a keeper that did not list them in its greeting, because it is a successor
    /// without them; says how many it took. One that was closed must not be offered: it would be a
    /// pane again.
    pub fn adopt(&mut self, sets: &[CustodySet], deadline: Instant) -> Result<usize, ClientError> {
        let mut taken = 0;
        for sets in sets.chunks(crate::protocol::SETS_PER_FRAME) {
            match self.call(&Request::Adopt { sets: sets.to_vec() }, deadline)? {
                Response::Adopted { taken: some } => taken += usize::from(some),
                _ => return Err(ClientError::Unexpected),
            }
        }
        Ok(taken)
    }
}

impl AsRawFd for KeeperClient {
    fn as_raw_fd(&self) -> RawFd {
        self.channel.socket.as_raw_fd()
    }
}

impl AsFd for KeeperClient {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.channel.socket.as_fd()
    }
}

impl Connected {
    /// Everything up to the notice that says that this was everything.
    fn receive_custody(&mut self, deadline: Instant) -> Result<(), ClientError> {
        loop {
            match self.client.receive()? {
                Some(Message::Notice(Notice::Custody { sets })) => self.sets.extend(sets),
                Some(Message::Notice(Notice::Parked { name, fd })) => self.parked.push((name, fd)),
                Some(Message::Notice(Notice::Server { server })) => self.server = server,
                Some(Message::Notice(Notice::Synced)) => return Ok(()),
                // Nothing else is sent before the end, and what a newer keeper adds is skipped.
                Some(_) => {}
                None => self.client.wait(deadline, "receive the panes")?,
            }
        }
    }
}
