//! A server from its options to its end: the directory, the lock, the keys, the keeper, the port, the
//! panes, the clients; and the same backwards. Owns the order of these.

use std::ffi::OsString;
use std::net::UdpSocket;
use std::os::fd::OwnedFd;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ccc_keeper::protocol::PaneState as KeeperPaneState;
use ccc_keeper::protocol::Wait as KeeperWait;
use ccc_keeper::{CustodySet, SpawnSpec};
use ccc_net::{CloseCode, Identity, ListenOptions, Listener, TransportKeys};
use ccc_proto::PaneId;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{error, info, warn};

use crate::audit::{self, Audit};
use crate::book::{self, Book, BookHandle, Errand};
use crate::config::Config;
use crate::context::{Context, Panes};
use crate::disk::Disk;
use crate::hands::Hands;
use crate::history::{self, History};
use crate::keeper_link::{
    self, Found, KeeperHandle, KeeperLink, KeeperNotice, KeeperTerms, Parked,
};
use crate::lock::ServerLock;
use crate::pairing::Pairing;
use crate::ports::{self, Ports};
use crate::principals::{self, Principals};
use crate::requests::replay::Replays;
use crate::requests::search::Searches;
use crate::sealer::Sealer;
use crate::server_file::{self, LocalServer};
use crate::state_dir::StateDir;
use crate::surroundings::Surroundings;
use crate::syncer::Syncer;
use crate::watch_events::WatchEvents;
use crate::{
    ExitKind, ServeError, ServeOptions, addresses, connection, log, pasted, port, recovery,
    server_keys, shell, unrecorded,
};

/// The name under which the keeper parks the socket, so that clients' packets find an open port
/// while a server is replaced.
const SOCKET: &str = "udp";
/// Reasons to leave that may wait: the first one counts.
const LEAVING: usize = 4;
/// How long the spare may take to let go of a socket that is given up, and how often that is looked at.
const LETS_GO: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(10);
/// How long goodbyes may take at the end.
const GOODBYE: Duration = Duration::from_secs(2);

/// A server under way.
type Running<'a> = Pin<Box<dyn Future<Output = Result<ExitKind, ServeError>> + 'a>>;

/// Runs a server until it is asked to stop. Blocks.
///
/// # Errors
/// It could not start: the state directory is unsafe, in use, or of another machine; the port is
/// taken; a file is not what it should be; no keeper can be had.
pub fn serve(options: ServeOptions) -> Result<ExitKind, ServeError> {
    let state = StateDir::open(&options.state_dir)?;
    let lock = ServerLock::take(&state)?;
    log::start(&state)?;
    let config = Config::read(&options.config_dir)?;
    let surroundings = Surroundings::read();
    info!(version = env!("CARGO_PKG_VERSION"), pid = std::process::id(), "the server starts");
    let pool = pool()?;
    let endpoint = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(ServeError::io("make the endpoint's runtime"))?;
    // A runtime has several places from which it drives a future, and each has a copy of it.
    let running: Running<'_> = Box::pin(run(options, state, config, surroundings, &pool));
    let result = endpoint.block_on(running);
    if let Err(error) = &result {
        error!(%error, "the server could not go on");
    }
    // What still folds has nobody to show it to.
    pool.shutdown_timeout(GOODBYE);
    drop(lock);
    result
}

fn pool() -> Result<Runtime, ServeError> {
    Builder::new_multi_thread()
        .worker_threads(workers())
        .thread_name("ccc-fold")
        .enable_all()
        .build()
        .map_err(ServeError::io("make the pool that folds"))
}

/// At least two, so that one stays free for panes that were typed in.
fn workers() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from).max(2)
}

/// What was taken up from a former life or made anew, before any task runs.
struct Parts {
    ctx: Arc<Context>,
    book: Book,
    auditor: audit::Writer,
    errands: mpsc::Receiver<Errand>,
    sets: Vec<CustodySet>,
    notices: mpsc::Receiver<KeeperNotice>,
    jobs: history::Jobs,
    due: mpsc::Receiver<PaneId>,
    listener: Listener,
    leaving: mpsc::Receiver<ExitKind>,
}

async fn run(
    options: ServeOptions,
    state: StateDir,
    config: Config,
    surroundings: Surroundings,
    pool: &Runtime,
) -> Result<ExitKind, ServeError> {
    let auto = options.auto;
    let config = listening(config, &options);
    let terms = keeper_terms(&options);
    let on_ready = options.on_ready;
    let parts = assemble(auto, &terms, state, config, surroundings, pool).await?;
    let Parts { ctx, book, auditor, errands, sets, notices, jobs, due, listener, mut leaving } =
        parts;
    let handle = pool.handle();
    let book_task = handle.spawn(book.run(errands));
    ctx.tracker.spawn_on(heed_keeper(Arc::clone(&ctx), notices), handle);
    ctx.tracker.spawn_on(Syncer::run(Arc::clone(&ctx), ctx.token.clone()), handle);
    ctx.tracker.spawn_on(auditor.run(ctx.token.clone()), handle);
    ctx.tracker.spawn_on(principals::watch(Arc::clone(&ctx)), handle);
    ctx.tracker.spawn_on(history::run(Arc::clone(&ctx), jobs), handle);
    ctx.tracker.spawn_on(ports::run(Arc::clone(&ctx), due), handle);
    let disk = Arc::clone(&ctx);
    ctx.tracker
        .spawn_blocking_on(move || disk.disk.measure(&disk.state.root().join("panes")), handle);
    let cleaned = pasted::folder(&ctx.surroundings);
    ctx.tracker.spawn_blocking_on(move || pasted::clean(&cleaned, SystemTime::now()), handle);
    recovery::recover(&ctx, sets).await.map_err(|fault| ServeError::Part {
        attempt: "bring the panes back",
        source: fault.why.into(),
    })?;
    // Before, no pane is known to run.
    ctx.tracker.spawn_on(Sealer::run(Arc::clone(&ctx), ctx.token.clone()), handle);
    let address = listener.local_addr().map_err(ServeError::io("ask for the server's address"))?;
    server_file::write(
        &ctx.state,
        &LocalServer {
            pid: std::process::id(),
            address: addresses::local(address),
            server: ctx.server.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
    )?;
    info!(%address, "clients are taken");
    if !address.ip().is_loopback() {
        let what =
            "every machine that reaches this address may knock; only enrolled keys are let in";
        warn!(%address, "{what}");
    }
    on_ready();

    let kind = tokio::select! {
        kind = leaving.recv() => kind.unwrap_or(ExitKind::Stopped),
        kind = stop_signal() => kind,
        () = accept(&ctx, &listener) => ExitKind::Stopped,
    };
    info!(?kind, "the server leaves");
    leave(&ctx, &listener, kind).await;
    if timeout(GOODBYE, book_task).await.is_err() {
        warn!("the house was not closed in time");
    }
    server_file::remove(&ctx.state);
    Ok(kind)
}

async fn assemble(
    auto: bool,
    terms: &KeeperTerms,
    state: StateDir,
    config: Config,
    surroundings: Surroundings,
    pool: &Runtime,
) -> Result<Parts, ServeError> {
    let identity = Identity::load_or_create(&server_keys::path(&state))
        .map_err(ServeError::part("read the server's key"))?;
    let keys = TransportKeys::load_or_create(&state.identity())
        .map_err(ServeError::part("read the transport's keys"))?;
    let (log, house) = book::open_log(&state.control_log())?;
    let sessions = house.sessions().map(|session| session.ulid).collect();
    let principals = Principals::open(&state, &sessions)?;
    let keys_until_now = server_keys::all(&state, &identity);
    let (audit, auditor) = Audit::open(&state, &identity, &keys_until_now)?;

    let connected = {
        let terms = terms.clone();
        tokio::task::spawn_blocking(move || keeper_link::connect(&terms))
            .await
            .map_err(ServeError::part("connect to the keeper"))?
            .map_err(ServeError::part("connect to the keeper"))?
    };
    let token = CancellationToken::new();
    let tracker = TaskTracker::new();
    // The link outlives the other tasks: the last thing said to the keeper is goodbye.
    let (link, Found { sets, parked }) =
        keeper_link::link(terms.clone(), connected, CancellationToken::new());
    let KeeperLink { handle: keeper, notices, run } = link;
    pool.spawn(run.run());

    let socket = socket(&state, &config, parked, &keeper).await?;
    let address = socket.local_addr().map_err(ServeError::io("ask for the socket's address"))?;
    port::keep(&state, address)?;
    let duplicate = socket.try_clone().map_err(ServeError::io("duplicate the socket"))?;
    keeper
        .park(SOCKET, Arc::new(OwnedFd::from(duplicate)))
        .await
        .map_err(ServeError::part("park the socket with the keeper"))?;
    let server = identity.id().to_string();
    let runtime = Handle::current();
    let tcp = config.server.tcp.then(|| port::bind_tcp(address)).flatten();
    let by_tcp = tcp.is_some();
    let listen = ListenOptions::new(socket, identity.clone(), keys, runtime);
    let listener = Listener::bind(ListenOptions { tcp, ..listen })
        .map_err(ServeError::part("listen for clients"))?;

    let (handle, errands): (BookHandle, _) = book::mailbox();
    let (leave, leaving) = mpsc::channel(LEAVING);
    let scripts = if config.shell_integration { shell::write(&state) } else { None };
    let (history, jobs) = History::new();
    let (ports, due) = Ports::new();
    let ctx = Arc::new(Context {
        config,
        auto,
        state,
        scripts,
        server,
        identity,
        surroundings,
        address,
        by_tcp,
        principals,
        pairing: Pairing::default(),
        audit,
        book: handle,
        keeper,
        hands: Hands::default(),
        panes: Panes::default(),
        events: WatchEvents::new(),
        syncer: Syncer::default(),
        sealer: Sealer::default(),
        disk: Disk::default(),
        history,
        replays: Replays::default(),
        searches: Searches::default(),
        ports,
        copies: Arc::default(),
        beside: Handle::current(),
        pool: pool.handle().clone(),
        turns: Semaphore::new(workers() - 1),
        token,
        tracker,
        leave,
    });
    let book = Book::new(Arc::clone(&ctx), house, log);
    Ok(Parts { ctx, book, auditor, errands, sets, notices, jobs, due, listener, leaving })
}

/// How the keeper starts this server again: as it was started, from the path it was started by.
fn keeper_terms(options: &ServeOptions) -> KeeperTerms {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let restart = SpawnSpec {
        program: options.exe.clone().into_os_string(),
        arguments,
        environment: std::env::vars_os().collect(),
        cwd: "/".into(),
        umask: 0o077,
        nofile: 0,
        login: false,
        cell: None,
    };
    KeeperTerms { state_dir: options.state_dir.clone(), exe: options.exe.clone(), restart }
}

/// What the command line says of the address counts before the file.
fn listening(mut config: Config, options: &ServeOptions) -> Config {
    if let Some(listen) = options.listen {
        config.server.listen = Some(listen.address);
        config.server.port = listen.port.or(config.server.port);
    }
    config
}

/// The socket of a former life, if it still is where clients look; else a new one.
async fn socket(
    state: &StateDir,
    config: &Config,
    parked: Vec<Parked>,
    keeper: &KeeperHandle,
) -> Result<UdpSocket, ServeError> {
    let wanted = port::wanted(state, &config.server)?;
    let former = parked.into_iter().find(|(name, _)| name == SOCKET).map(|(_, fd)| fd);
    let there = former.is_some();
    let kept = former.and_then(|fd| {
        let socket = UdpSocket::from(fd.try_clone().ok()?);
        let address = socket.local_addr().ok()?;
        let same = address.ip() == wanted.ip() && (wanted.port() == 0 || address == wanted);
        same.then_some(socket)
    });
    if let Some(socket) = kept {
        return Ok(socket);
    }
    if !there {
        return port::bind(wanted);
    }
    // It listened elsewhere. Its old socket has the port, until all who hold it let go.
    keeper.unpark(SOCKET).await.map_err(ServeError::part("give up the old socket"))?;
    let until = Instant::now() + LETS_GO;
    loop {
        match port::bind(wanted) {
            Err(ServeError::PortTaken { .. }) if Instant::now() < until => sleep(LOOK).await,
            bound => return bound,
        }
    }
}

/// Takes clients until the endpoint is closed.
async fn accept(ctx: &Arc<Context>, listener: &Listener) {
    while let Some(incoming) = listener.accept().await {
        let ctx = Arc::clone(ctx);
        let tracker = ctx.tracker.clone();
        tracker.spawn(async move {
            match incoming.handshake().await {
                Ok(connection) => connection::serve(ctx, connection).await,
                Err(error) => info!(%error, "a hand-shake failed"),
            }
        });
    }
}

/// Passes on what the keeper says about panes.
async fn heed_keeper(ctx: Arc<Context>, mut notices: mpsc::Receiver<KeeperNotice>) {
    loop {
        let notice = tokio::select! {
            notice = notices.recv() => notice,
            () = ctx.token.cancelled() => return,
        };
        match notice {
            Some(KeeperNotice::State { ulid, state }) => {
                let Some(pane) = ctx.panes.by_ulid(ulid) else { continue };
                let why = match state {
                    KeeperPaneState::Waiting(KeeperWait::Cap) => {
                        Some("its recording is full; it waits for older bytes to be deleted")
                    }
                    KeeperPaneState::Waiting(_) => Some("the disk is full; it waits for room"),
                    KeeperPaneState::Moving => None,
                    KeeperPaneState::Ended(_) => continue,
                };
                ctx.book.tell(move |book| book.pane_waits(pane.id, why));
            }
            None => return,
        }
    }
}

async fn stop_signal() -> ExitKind {
    let both = signal(SignalKind::terminate())
        .and_then(|terminate| Ok((terminate, signal(SignalKind::interrupt())?)));
    match both {
        Ok((mut terminate, mut interrupt)) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        }
        Err(error) => {
            warn!(%error, "signals cannot be heeded");
            std::future::pending::<()>().await;
        }
    }
    ExitKind::Signal
}

/// Says goodbye to everybody, in the order in which they need each other.
async fn leave(ctx: &Arc<Context>, listener: &Listener, kind: ExitKind) {
    let said = match kind {
        ExitKind::StoppedWithPrograms => ctx.keeper.shutdown(true).await,
        ExitKind::Idle => match ctx.keeper.shutdown(false).await {
            Ok(()) => Ok(()),
            // It holds a program that no session has.
            Err(_) => ctx.keeper.clean_stop().await,
        },
        ExitKind::Stopped | ExitKind::Signal => ctx.keeper.clean_stop().await,
        // As one that died, it is started again at once.
        ExitKind::Again => Ok(()),
    };
    if let Err(error) = said {
        warn!(%error, "the keeper was not told that the server leaves");
    }
    ctx.token.cancel();
    ctx.tracker.close();
    if timeout(GOODBYE, ctx.tracker.wait()).await.is_err() {
        warn!("some tasks did not end in time");
    }
    if kind == ExitKind::StoppedWithPrograms {
        unrecorded::drop_all(ctx).await;
    }
    listener.close(CloseCode::SHUTTING_DOWN, "the server stops");
    if timeout(GOODBYE, listener.drained()).await.is_err() {
        warn!("some connections did not end in time");
    }
}
