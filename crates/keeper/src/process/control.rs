//! The keeper's first thread: it waits for everything that is not bytes, and owns all of it.
//!
//! This file is the loop and its clock. Connections are in [`super::peers`], what they ask in
//! [`super::requests`], panes in [`super::panes`], server and spare in [`super::supervise`]. The
//! thread waits for no disk but when it opens a pane's files.

use std::collections::{BTreeMap, HashMap};
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ccc_journal::{ExitStatus, PaneUlid};
use rustix::event::{Timespec, epoll};
use rustix::process::{PidfdFlags, Signal};

use super::connection::Connection;
use super::hands::Hands;
use super::mover::{Command, Kind, Mover, Post, Report};
use super::pane::{Pane, Place};
use super::reserve::Reserve;
use super::supervise::{ServerWatch, SpareWatch};
use super::{Estate, KeeperArgs, say, spawn};
use crate::error::KeeperError;
use crate::protocol::{Moves, Notice};
use crate::rundir::{Lock, RunDir};

/// How long a keeper that holds nothing waits for somebody to greet it.
const LONELY: Duration = Duration::from_secs(30);
/// How long programs have to end by SIGHUP at a shutdown.
const HANG_UP: Duration = Duration::from_secs(5);
/// How long they have to end by SIGKILL, and their last bytes to be moved.
const KILL: Duration = Duration::from_secs(1);
/// Events per wake-up.
const BATCH: usize = 64;

/// What a watched descriptor is, packed into the number the kernel gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Listener,
    Reports,
    Connection(u64),
    /// The child of the pane with this token.
    Child(u64),
    /// The server's process; the number tells one server from the next.
    Server(u64),
    /// The spare's process.
    Spare(u64),
}

pub(super) struct Control {
    pub(super) args: KeeperArgs,
    pub(super) exe: PathBuf,
    pub(super) run_dir: RunDir,
    pub(super) lock: Lock,
    pub(super) listener: OwnedFd,
    pub(super) epoll: OwnedFd,
    pub(super) own_pidfd: Arc<OwnedFd>,
    pub(super) moves: Moves,
    pub(super) quiet: Arc<Post<Command>>,
    pub(super) bulk: Arc<Post<Command>>,
    pub(super) reports: Arc<Post<Report>>,
    pub(super) hands: Arc<Hands>,
    pub(super) panes: BTreeMap<PaneUlid, Pane>,
    pub(super) tokens: HashMap<u64, PaneUlid>,
    /// For panes, connections and processes alike; none is given twice.
    next: u64,
    pub(super) parked: BTreeMap<String, Arc<OwnedFd>>,
    pub(super) connections: BTreeMap<u64, Connection>,
    pub(super) server: ServerWatch,
    pub(super) spare: SpareWatch,
    /// Children of panes that were given up, until they have ended and are reaped.
    pub(super) leaving: HashMap<u64, Arc<OwnedFd>>,
    pub(super) reserve: Reserve,
    /// Requests that a mover has not answered yet.
    pub(super) under_way: usize,
    pub(super) stranded_retry: Option<Instant>,
    lonely_at: Option<Instant>,
    pub(super) shutdown: Option<Shutdown>,
    pub(super) buffer: Vec<u8>,
}

/// The keeper has been told to end with its panes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shutdown {
    /// Programs were told to hang up; at this time they are killed.
    HangUp(Instant),
    /// They were killed; at this time the keeper leaves whatever is left.
    Kill(Instant),
}

impl Control {
    pub(super) fn new(
        args: &KeeperArgs,
        exe: PathBuf,
        run_dir: RunDir,
        lock: Lock,
        estate: Estate,
    ) -> Result<Self, KeeperError> {
        lock.sign().map_err(KeeperError::io("write the lock file"))?;
        let listener = run_dir.listen(&lock).map_err(KeeperError::io("listen"))?;
        let mut control = Self::with_listener(args, exe, run_dir, lock, listener)?;
        control.inherit(estate);
        control.start_spare(Instant::now());
        Ok(control)
    }

    pub(super) fn with_listener(
        args: &KeeperArgs,
        exe: PathBuf,
        run_dir: RunDir,
        lock: Lock,
        listener: OwnedFd,
    ) -> Result<Self, KeeperError> {
        let failed = "set up the event loop";
        let post = || Post::new().map(Arc::new).map_err(KeeperError::io(failed));
        let (quiet, bulk, reports) =
            (post()?, post()?, Arc::new(Post::new().map_err(KeeperError::io(failed))?));
        let hands = Arc::<Hands>::default();
        for (kind, inbox) in [(Kind::Quiet, &quiet), (Kind::Bulk, &bulk)] {
            Mover::start(kind, Arc::clone(inbox), Arc::clone(&reports), Arc::clone(&hands))
                .map_err(KeeperError::io("start a thread"))?;
        }
        let own = rustix::process::getpid();
        let own_pidfd = rustix::process::pidfd_open(own, PidfdFlags::empty())
            .map_err(KeeperError::io("open a pidfd of this process"))?;
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).map_err(KeeperError::io(failed))?;
        let now = Instant::now();
        let control = Self {
            args: args.clone(),
            exe,
            run_dir,
            lock,
            listener,
            epoll,
            own_pidfd: Arc::new(own_pidfd),
            moves: spawn::probe(),
            quiet,
            bulk,
            reports,
            hands,
            panes: BTreeMap::new(),
            tokens: HashMap::new(),
            next: 1,
            parked: BTreeMap::new(),
            connections: BTreeMap::new(),
            server: ServerWatch::new(now),
            spare: SpareWatch::new(now),
            leaving: HashMap::new(),
            reserve: Reserve::new(),
            under_way: 0,
            stranded_retry: None,
            lonely_at: Some(now + LONELY),
            shutdown: None,
            buffer: Vec::new(),
        };
        for (fd, source) in
            [(&control.listener, Source::Listener), (&control.reports.wake, Source::Reports)]
        {
            let flags = epoll::EventFlags::IN;
            epoll::add(&control.epoll, fd, source.pack(), flags)
                .map_err(KeeperError::io(failed))?;
        }
        Ok(control)
    }

    /// Takes over what another process, or this one's earlier image, held.
    pub(super) fn inherit(&mut self, estate: Estate) {
        self.parked = estate.parked.into_iter().collect();
        for set in estate.sets {
            self.adopt(set);
        }
        if let Some(handle) = estate.server {
            self.watch_server(handle, 0, None);
        }
    }

    pub(super) fn run(mut self) -> Result<(), KeeperError> {
        let mut events = Vec::with_capacity(BATCH);
        loop {
            let now = Instant::now();
            self.ring(now);
            if self.may_leave(now) {
                self.leave();
                return Ok(());
            }
            events.clear();
            let timeout = self.alarm().and_then(|at| {
                Timespec::try_from(at.saturating_duration_since(Instant::now())).ok()
            });
            let buffer = rustix::buffer::spare_capacity(&mut events);
            match epoll::wait(&self.epoll, buffer, timeout.as_ref()) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(errno) => return Err(KeeperError::io("wait for events")(errno)),
            }
            for event in &events {
                match Source::unpack(event.data) {
                    Source::Listener => self.accept(),
                    Source::Reports => self.read_reports(),
                    Source::Connection(id) => self.serve(id, event.flags),
                    Source::Child(token) => self.child_ended(token),
                    Source::Server(life) => self.server_ended(life),
                    Source::Spare(life) => self.spare_ended(life),
                }
            }
        }
    }

    /// What is due although nothing happened.
    fn ring(&mut self, now: Instant) {
        self.supervise(now);
        if self.stranded_retry.is_some_and(|at| at <= now) {
            self.stranded_retry = None;
            let stranded = self.panes.values().filter(|pane| pane.place == Place::Stranded);
            for ulid in stranded.map(|pane| pane.set.ulid).collect::<Vec<_>>() {
                self.begin(ulid);
            }
        }
        let overdue =
            self.panes.values().filter(|pane| pane.unknown_at.is_some_and(|at| at <= now));
        for token in overdue.map(|pane| pane.token).collect::<Vec<_>>() {
            self.record_exit(token, ExitStatus::Unknown);
        }
        let late = self.connections.iter().filter(|(_, c)| c.retry_at.is_some_and(|at| at <= now));
        for id in late.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.flush(id);
        }
        if let Some(Shutdown::HangUp(at)) = self.shutdown
            && at <= now
        {
            self.shutdown = Some(Shutdown::Kill(now + KILL));
            self.signal_all(Signal::KILL);
        }
    }

    /// When [`Control::ring`] has something to do. `None` while all is well: then the thread sleeps
    /// until something happens.
    fn alarm(&self) -> Option<Instant> {
        let shutdown = self.shutdown.map(|shutdown| match shutdown {
            Shutdown::HangUp(at) | Shutdown::Kill(at) => at,
        });
        let own = [self.stranded_retry, self.lonely_at, shutdown];
        let panes = self.panes.values().filter_map(|pane| pane.unknown_at);
        let connections = self.connections.values().filter_map(|c| c.retry_at);
        let all = own.into_iter().flatten().chain(panes).chain(connections);
        all.chain(self.server.due_at()).chain(self.spare.due_at()).min()
    }

    fn may_leave(&mut self, now: Instant) -> bool {
        let idle = self.panes.is_empty();
        if let Some(shutdown) = self.shutdown {
            return idle || matches!(shutdown, Shutdown::Kill(at) if at <= now);
        }
        if !idle || self.server.is_known() {
            self.lonely_at = None;
        }
        idle && (self.server.has_left() || self.lonely_at.is_some_and(|at| at <= now))
    }

    fn leave(&mut self) {
        if let Some(id) = self.spare.connection {
            self.notify(id, &Notice::Retire);
        }
        self.run_dir.remove_socket(&self.lock);
    }

    pub(super) fn next_id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub(super) fn watch(&self, fd: &OwnedFd, source: Source) {
        if let Err(errno) = epoll::add(&self.epoll, fd, source.pack(), epoll::EventFlags::IN) {
            say(format_args!("could not watch {source:?}: {errno}"));
        }
    }

    pub(super) fn ignore(&self, fd: &OwnedFd) {
        // It may not have been watched, or not be any more; the wish is fulfilled either way.
        let _ = epoll::delete(&self.epoll, fd);
    }

    pub(super) fn begin_shutdown(&mut self, now: Instant) {
        self.shutdown = Some(Shutdown::HangUp(now + HANG_UP));
        self.server_is_not_wanted();
        let ended = self.panes.values().filter(|pane| pane.place == Place::Gone);
        for ulid in ended.map(|pane| pane.set.ulid).collect::<Vec<_>>() {
            self.forget(ulid);
        }
        self.signal_all(Signal::HUP);
        // One that is stopped would not see the hang-up before it goes on.
        self.signal_all(Signal::CONT);
    }

    fn signal_all(&self, signal: Signal) {
        for pane in self.panes.values() {
            let _ = super::requests::signal_leader(pane, signal);
            let _ = super::requests::signal_foreground(pane, signal);
        }
    }
}

impl Source {
    const KIND_SHIFT: u32 = 56;

    pub(super) fn pack(self) -> epoll::EventData {
        let (kind, id) = match self {
            Self::Listener => (0, 0),
            Self::Reports => (1, 0),
            Self::Connection(id) => (2, id),
            Self::Child(id) => (3, id),
            Self::Server(id) => (4, id),
            Self::Spare(id) => (5, id),
        };
        epoll::EventData::new_u64(kind << Self::KIND_SHIFT | id)
    }

    pub(super) fn unpack(data: epoll::EventData) -> Self {
        let (kind, id) =
            (data.u64() >> Self::KIND_SHIFT, data.u64() & ((1 << Self::KIND_SHIFT) - 1));
        match kind {
            0 => Self::Listener,
            1 => Self::Reports,
            2 => Self::Connection(id),
            3 => Self::Child(id),
            4 => Self::Server(id),
            _ => Self::Spare(id),
        }
    }
}
