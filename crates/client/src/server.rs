//! A connection to a server that has said welcome, and requests upon it. Owns the hello; looking at
//! a session is the attachment's affair.

use std::time::Duration;

use ccc_net::{
    Carrier, CloseCode, ConnectOptions, Connection, Identity, RecvStream, SendStream, Transport,
};
use ccc_proto::{ClientKind, Ext, Hello, MINOR, Message, Welcome, hello_tag};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use crate::host_link::{Reached, reach};
use crate::keys::follow;
use crate::local::{self, ServerAddress, StartLock, Starter};
use crate::process::Running;
use crate::{ClientError, Endpoints, Home, Host, Hosts};

/// How long the hand-shake with the server of this machine may take. No network is in the way: what is
/// slow is a machine with too much to do, and it is worth waiting for.
const HAND_SHAKE: Duration = Duration::from_secs(15);
/// How long a server may take to say welcome.
const WELCOME: Duration = Duration::from_secs(10);
/// How long a server takes at most, on a machine with much to do, to be started again by its keeper.
const SUCCESSION: Duration = Duration::from_secs(2);
/// Servers that are tried before one is waited for whatever happens.
const ATTEMPTS: usize = 8;

/// How to reach a server, again if need be.
#[derive(Clone)]
pub struct Connect {
    pub home: Home,
    pub endpoints: Endpoints,
    pub kind: ClientKind,
    /// Starts a server when none runs; `None` leaves it.
    pub starter: Option<Starter>,
    /// The machine whose server is meant; `None` for this one.
    pub host: Option<Host>,
    /// Speaks for this client instead of its key.
    pub token: Option<String>,
}

impl std::fmt::Debug for Connect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connect")
            .field("home", &self.home)
            .field("kind", &self.kind)
            .field("starts", &self.starter.is_some())
            .field("host", &self.host)
            .finish()
    }
}

/// A server that has said welcome. Dropping it closes the connection.
#[derive(Debug)]
pub struct Server {
    connection: Connection,
    welcome: Welcome,
    control: Control,
}

/// Both halves of the control stream.
#[derive(Debug)]
pub(crate) struct Control {
    pub(crate) tx: SendStream,
    pub(crate) rx: RecvStream,
}

impl Connect {
    /// How the same client reaches another server. A token speaks to the one that made it, and is not shown
    /// to others; none is started.
    #[must_use]
    pub fn elsewhere(&self, host: Option<Host>) -> Self {
        Self { host, starter: None, token: None, ..self.clone() }
    }

    /// Connects to the server of this home, and starts one if there is none and that is allowed.
    ///
    /// # Errors
    /// No server can be reached or started, or it refuses this client.
    pub async fn connect(&self) -> Result<Server, ClientError> {
        self.connect_with(None).await
    }

    /// As [`Connect::connect`], with a message that rides in the same flight as the hello.
    pub(crate) async fn connect_with(&self, first: Option<Message>) -> Result<Server, ClientError> {
        if let Some(host) = &self.host {
            return self.connect_to_host(host, first).await;
        }
        match self.connect_running(first.clone()).await {
            Err(error) if error.is_passing() => match &self.starter {
                Some(starter) => self.start_and_connect(starter, first, error).await,
                None => Err(error),
            },
            result => result,
        }
    }

    async fn start_and_connect(
        &self,
        starter: &Starter,
        first: Option<Message>,
        before: ClientError,
    ) -> Result<Server, ClientError> {
        let home = self.home.clone();
        let lock = blocking(move || StartLock::take(&home)).await?;
        // Another client may have started one while this one waited for the lock.
        match self.connect_running(first.clone()).await {
            Err(error) if error.is_passing() => {}
            result => return result,
        }
        let (home, starter) = (self.home.clone(), Starter::clone(starter));
        let started = blocking(move || local::start(&home, &starter)).await;
        drop(lock);
        match (started, before) {
            (Ok(()), _) => self.connect_running(first).await,
            (Err(error), _) => Err(error),
        }
    }

    /// Connects to the server that runs. One that dies meanwhile has taken the hand-shake along, but its
    /// successor has the same socket: it is asked at once, where the transport would wait for an
    /// answer until the deadline. While the run file names a dead one its successor cannot be
    /// watched, so that it is asked again after a while. Where that one's socket is gone as well, as
    /// after a power cut, nobody will answer.
    async fn connect_running(&self, first: Option<Message>) -> Result<Server, ClientError> {
        for _attempt in 0..ATTEMPTS {
            let found = local::find(&self.home)?;
            let pid = found.pid;
            let running = Running::find(pid);
            let over = async {
                match running {
                    Some(server) => server.ended().await,
                    None => sleep(SUCCESSION).await,
                }
            };
            tokio::select! {
                biased;
                result = self.connect_to(found, first.clone()) => return result.map_err(|error| {
                    let over = matches!(error, ClientError::Connect { .. })
                        && Running::find(pid).is_none();
                    if over { self.not_running() } else { error }
                }),
                () = over => {}
            }
        }
        self.connect_to(local::find(&self.home)?, first).await
    }

    fn not_running(&self) -> ClientError {
        ClientError::NotRunning { state: self.home.state().into() }
    }

    /// Connects to the server of another machine, which is never started from here.
    async fn connect_to_host(
        &self,
        host: &Host,
        first: Option<Message>,
    ) -> Result<Server, ClientError> {
        // It may have been paired again, or have told another key, since this was begun.
        let known = Hosts::read(&self.home)?;
        let mut now = known.find(&host.name).unwrap_or(host).clone();
        // A way that was asked for this once is kept to.
        now.via = host.via.clone().or(now.via);
        let host = &now;
        match self.connect_pinned(host, first.clone()).await {
            Err(error @ ClientError::KeyChanged { .. }) => {
                match follow(&self.home, &self.endpoints, host).await {
                    Some(renewed) => self.connect_pinned(&renewed, first).await,
                    None => Err(error),
                }
            }
            result => result,
        }
    }

    async fn connect_pinned(
        &self,
        host: &Host,
        first: Option<Message>,
    ) -> Result<Server, ClientError> {
        let identity = self.identity()?;
        let (name, server) = (host.name.clone(), host.server);
        let target = Reached {
            name: name.clone(),
            addresses: &host.addresses,
            via: host.via.as_deref(),
            server,
        };
        let connection = reach(&self.endpoints, &target, |endpoint, address| {
            let options = self.endpoints.options(address, server, identity.clone());
            async move { endpoint.connect(options).await }
        })
        .await?;
        let greeted = self.greet(connection.clone(), first).await;
        greeted.map_err(|error| {
            let code = connection.close_reason().and_then(|reason| reason.peer_code());
            match code {
                Some(CloseCode::AUTH_REVOKED | CloseCode::AUTH_UNKNOWN) => {
                    ClientError::NotEnrolled { name }
                }
                _ => error,
            }
        })
    }

    async fn connect_to(
        &self,
        found: ServerAddress,
        first: Option<Message>,
    ) -> Result<Server, ClientError> {
        let ServerAddress { address, server, .. } = found;
        let identity = self.identity()?;
        // No network is in the way, so that UDP passes.
        let transport = match self.endpoints.transport() {
            Transport::Auto | Transport::Quic => Transport::Quic,
            Transport::Tcp => Transport::Tcp,
        };
        let options = ConnectOptions {
            deadline: HAND_SHAKE,
            ..ConnectOptions::new(address, server, identity).by(transport)
        };
        let connection = self
            .endpoints
            .towards(address)?
            .connect(options)
            .await
            .map_err(|source| ClientError::Connect { address, source: Box::new(source) })?;
        self.greet(connection, first).await
    }

    /// The key to connect with: with a token it is nobody's.
    fn identity(&self) -> Result<Identity, ClientError> {
        match self.token {
            Some(_) => Ok(Identity::ephemeral()),
            None => Ok(Identity::load_or_create(&self.home.client_key())?),
        }
    }

    async fn greet(
        &self,
        connection: Connection,
        first: Option<Message>,
    ) -> Result<Server, ClientError> {
        let token = self.token.as_deref();
        timeout(WELCOME, Server::hello(connection, self.kind, first, token))
            .await
            .map_err(|_elapsed| ClientError::Deadline { seconds: WELCOME.as_secs() })?
    }
}

impl Server {
    /// Says hello on a fresh connection, with a message that rides along.
    ///
    /// # Errors
    /// The server refuses, or does not answer in time.
    pub async fn greet(
        connection: Connection,
        kind: ClientKind,
        first: Option<Message>,
    ) -> Result<Self, ClientError> {
        timeout(WELCOME, Self::hello(connection, kind, first, None))
            .await
            .map_err(|_elapsed| ClientError::Deadline { seconds: WELCOME.as_secs() })?
    }

    async fn hello(
        connection: Connection,
        kind: ClientKind,
        first: Option<Message>,
        token: Option<&str>,
    ) -> Result<Self, ClientError> {
        let lost = |why: String| ClientError::Lost { why };
        let (mut tx, mut rx) = connection.open_bi().await.map_err(|e| lost(e.to_string()))?;
        let mut ext = Ext::none();
        if let Some(token) = token {
            ext.push(hello_tag::TOKEN, token.as_bytes());
        }
        let hello = Hello {
            minor: MINOR,
            software: format!("ccc {}", env!("CARGO_PKG_VERSION")),
            kind,
            host: host_name(),
            pid: std::process::id(),
            ext,
        };
        let flight: Vec<Message> = std::iter::once(hello.into()).chain(first).collect();
        tx.send_all(&flight).await.map_err(|e| lost(e.to_string()))?;
        match rx.recv().await.map_err(|e| lost(e.to_string()))? {
            Some(Message::Welcome(welcome)) => {
                connection.authorize();
                Ok(Self { connection, welcome, control: Control { tx, rx } })
            }
            Some(Message::Refused(refused)) => Err(ClientError::Refused {
                reason: refused.reason,
                why: refused.why,
                hint: refused.hint,
            }),
            Some(other) => Err(unexpected("Welcome", &other)),
            None => Err(lost(connection.closed().await.to_string())),
        }
    }

    /// What the server said of itself.
    pub const fn welcome(&self) -> &Welcome {
        &self.welcome
    }

    /// What carries the connection.
    pub fn carrier(&self) -> Carrier {
        self.connection.carrier()
    }

    /// The round trip to it.
    pub fn round_trip(&self) -> Duration {
        self.connection.path().rtt
    }

    /// Asks for one thing and takes the one answer.
    ///
    /// # Errors
    /// The connection ended, or the server did not do it ([`ClientError::Failed`]).
    pub fn request(
        &self,
        request: impl Into<Message>,
    ) -> impl Future<Output = Result<Message, ClientError>> {
        ask_once(&self.connection, request.into())
    }

    /// Asks for something that is answered in pieces.
    ///
    /// # Errors
    /// The connection ended.
    pub fn request_stream(
        &self,
        request: impl Into<Message>,
    ) -> impl Future<Output = Result<Replies, ClientError>> {
        ask(&self.connection, request.into())
    }

    /// A handle that asks on this connection while somebody else owns it.
    pub fn requester(&self) -> Requester {
        Requester::new(self.connection.clone())
    }

    /// Waits until the connection is over, and tells why.
    pub(crate) async fn lost(&self) -> String {
        self.connection.closed().await.to_string()
    }

    /// 32 bytes that only the two ends of this connection know.
    pub(crate) fn export(&self, label: &[u8], context: &[u8]) -> Option<[u8; 32]> {
        self.connection.exporter(label, context).ok()
    }

    pub(crate) fn into_parts(self) -> (Connection, Welcome, Control) {
        (self.connection, self.welcome, self.control)
    }
}

/// Asks on a connection that somebody else owns. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Requester {
    connection: Connection,
}

impl Requester {
    pub(crate) const fn new(connection: Connection) -> Self {
        Self { connection }
    }

    pub(crate) const fn connection(&self) -> &Connection {
        &self.connection
    }

    /// As [`Server::request`].
    ///
    /// # Errors
    /// As [`Server::request`].
    pub fn request(
        &self,
        request: impl Into<Message>,
    ) -> impl Future<Output = Result<Message, ClientError>> {
        ask_once(&self.connection, request.into())
    }

    /// As [`Server::request_stream`].
    ///
    /// # Errors
    /// As [`Server::request_stream`].
    pub fn request_stream(
        &self,
        request: impl Into<Message>,
    ) -> impl Future<Output = Result<Replies, ClientError>> {
        ask(&self.connection, request.into())
    }
}

impl Requester {
    /// A stream that a request begins and that goes on both ways.
    pub(crate) async fn begin(
        &self,
        request: &Message,
        priority: i32,
    ) -> Result<(SendStream, RecvStream), ClientError> {
        let lost = |why: String| ClientError::Lost { why };
        let (mut tx, rx) = self.connection.open_bi().await.map_err(|e| lost(e.to_string()))?;
        tx.set_priority(priority);
        tx.send(request).await.map_err(|e| lost(e.to_string()))?;
        Ok((tx, rx))
    }
}

/// The answers to one request. Dropping it tells the server to stop.
#[derive(Debug)]
pub struct Replies {
    rx: RecvStream,
}

impl Replies {
    /// The next answer, or `None` after the last.
    ///
    /// # Errors
    /// The connection ended, or the server gave up ([`ClientError::Failed`]).
    pub async fn next(&mut self) -> Result<Option<Message>, ClientError> {
        match self.rx.recv().await {
            Ok(Some(Message::Failed(failed))) => Err(ClientError::Failed(Box::new(failed))),
            Ok(message) => Ok(message),
            Err(error) => Err(ClientError::Lost { why: error.to_string() }),
        }
    }
}

pub(crate) fn unexpected(wanted: &'static str, got: &Message) -> ClientError {
    ClientError::Unexpected { wanted, got: got.name().into() }
}

async fn ask_once(connection: &Connection, request: Message) -> Result<Message, ClientError> {
    let mut replies = ask(connection, request).await?;
    replies.next().await?.ok_or_else(|| ClientError::Lost { why: "no answer came".into() })
}

/// Takes what was asked for as a message: there is one future of it, not one for each request.
async fn ask(connection: &Connection, request: Message) -> Result<Replies, ClientError> {
    let lost = |why: String| ClientError::Lost { why };
    let (mut tx, rx) = connection.open_bi().await.map_err(|e| lost(e.to_string()))?;
    tx.send(&request).await.map_err(|e| lost(e.to_string()))?;
    tx.finish().await.map_err(|e| lost(e.to_string()))?;
    Ok(Replies { rx })
}

pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ClientError> + Send + 'static,
) -> Result<T, ClientError> {
    match spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(ClientError::NotStarted { why: error.to_string() }),
    }
}

pub(crate) fn host_name() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map_or_else(|_unreadable| String::new(), |name| name.trim().to_owned())
}

#[cfg(test)]
mod tests;
