//! The keeper's first thread: it waits for everything that is not bytes, and owns all of it.
//!
//! It accepts connections, learns of deaths, keeps the table of panes and sends flows from one mover
//! to the other. What clients ask is answered in [`super::requests`]; server and spare are started
//! again in [`super::supervise`]. It waits for no disk but when it opens a pane's files.

use std::collections::{BTreeMap, HashMap};
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ccc_journal::{ExitStatus, Offset, PaneUlid};
use rustix::event::{Timespec, epoll};
use rustix::net::SocketFlags;
use rustix::process::{PidfdFlags, Signal};

use super::connection::{Connection, Lost};
use super::flow::{Flow, Gauge};
use super::mover::{Ask, Command, Kind, Mover, Post, Report};
use super::pane::{Pane, Place};
use super::supervise::{ServerWatch, SpareWatch};
use super::{Estate, KeeperArgs, say, spawn};
use crate::custody::CustodySet;
use crate::error::KeeperError;
use crate::protocol::{Asked, Moves, Notice, PaneState, Reason, Refusal, Response, Wait};
use crate::rundir::{Lock, RunDir};
use crate::system;

/// How long a keeper that holds nothing waits for somebody to greet it.
const LONELY: Duration = Duration::from_secs(30);
/// How long the parent of an ended child has to look at it before its exit is called unknown.
const UNREAPED: Duration = Duration::from_secs(1);
/// How often files that could not be opened are tried again.
const RETRY: Duration = Duration::from_millis(500);
/// How long programs have to end by SIGHUP at a shutdown, and then by SIGKILL.
const HANG_UP: Duration = Duration::from_secs(5);
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
    quiet: Arc<Post<Command>>,
    bulk: Arc<Post<Command>>,
    reports: Arc<Post<Report>>,
    pub(super) panes: BTreeMap<PaneUlid, Pane>,
    tokens: HashMap<u64, PaneUlid>,
    /// For panes, connections and processes alike; none is given twice.
    next: u64,
    pub(super) parked: BTreeMap<String, Arc<OwnedFd>>,
    pub(super) connections: BTreeMap<u64, Connection>,
    pub(super) server: ServerWatch,
    pub(super) spare: SpareWatch,
    /// Requests that a mover has not answered yet.
    pub(super) under_way: usize,
    stranded_retry: Option<Instant>,
    lonely_at: Option<Instant>,
    pub(super) shutdown: Option<Shutdown>,
    buffer: Vec<u8>,
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
        for (kind, inbox) in [(Kind::Quiet, &quiet), (Kind::Bulk, &bulk)] {
            Mover::start(kind, Arc::clone(inbox), Arc::clone(&reports))
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
            panes: BTreeMap::new(),
            tokens: HashMap::new(),
            next: 1,
            parked: BTreeMap::new(),
            connections: BTreeMap::new(),
            server: ServerWatch::new(now),
            spare: SpareWatch::new(now),
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
            self.shutdown = Some(Shutdown::Kill(now + UNREAPED));
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

    // Connections

    fn accept(&mut self) {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        while let Ok(socket) = rustix::net::accept_with(&self.listener, flags) {
            let Ok(peer) = rustix::net::sockopt::socket_peercred(&socket) else { continue };
            if peer.uid != rustix::process::geteuid() {
                say(format_args!("refused a connection of user {}", peer.uid.as_raw()));
                continue;
            }
            let pid = peer.pid.as_raw_nonzero().get().unsigned_abs();
            self.add_connection(Connection::new(socket, pid));
        }
    }

    pub(super) fn add_connection(&mut self, connection: Connection) -> u64 {
        let id = self.next_id();
        self.watch(&connection.socket, Source::Connection(id));
        self.connections.insert(id, connection);
        id
    }

    fn serve(&mut self, id: u64, flags: epoll::EventFlags) {
        if flags.contains(epoll::EventFlags::OUT) {
            self.flush(id);
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        while let Some(connection) = self.connections.get(&id) {
            match connection.receive(&mut buffer).and_then(|packet| {
                packet.map(|packet| Asked::decode(packet).map_err(|_no_frame| Lost)).transpose()
            }) {
                Ok(None) => break,
                Ok(Some(Asked { id: request, request: asked })) => {
                    let ask = Ask { connection: id, id: request };
                    match asked.and_then(|asked| self.answer(ask, asked)) {
                        Ok(Some(response)) => self.respond(ask, &response),
                        Ok(None) => {}
                        Err(refusal) => self.respond(ask, &Response::Refused(refusal)),
                    }
                }
                Err(Lost) => self.lose(id),
            }
        }
        self.buffer = buffer;
    }

    pub(super) fn respond(&mut self, ask: Ask, response: &Response) {
        let packet = response.encode(ask.id);
        self.send(ask.connection, packet);
    }

    pub(super) fn notify(&mut self, id: u64, notice: &Notice) {
        self.send(id, notice.encode());
    }

    /// Tells every custodian but the one that knows.
    pub(super) fn tell(&mut self, notice: &Notice, but: Option<u64>) {
        let custodians = self.connections.iter().filter(|(_, c)| c.is_custodian());
        let ids: Vec<u64> = custodians.map(|(id, _)| *id).filter(|id| Some(*id) != but).collect();
        for id in ids {
            self.notify(id, notice);
        }
    }

    fn send(&mut self, id: u64, packet: crate::protocol::Packet) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let sent = connection.send(packet);
        self.after_sending(id, sent);
    }

    fn flush(&mut self, id: u64) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let sent = connection.flush();
        self.after_sending(id, sent);
    }

    fn after_sending(&mut self, id: u64, sent: Result<(), Lost>) {
        let Some(connection) = self.connections.get(&id) else { return };
        if sent.is_err() {
            return self.lose(id);
        }
        let mut flags = epoll::EventFlags::IN;
        flags.set(epoll::EventFlags::OUT, connection.waits_for_room);
        let data = Source::Connection(id).pack();
        let _ = epoll::modify(&self.epoll, &connection.socket, data, flags);
    }

    fn lose(&mut self, id: u64) {
        if let Some(connection) = self.connections.remove(&id) {
            self.ignore(&connection.socket);
            self.connection_lost(id);
        }
    }

    // Panes

    /// Puts a set that was opened here into the table, with its flow.
    pub(super) fn insert(&mut self, set: CustodySet, token: u64, gauge: Arc<Gauge>, flow: Flow) {
        self.watch(&set.fds.pidfd, Source::Child(token));
        self.tokens.insert(token, set.ulid);
        let (state, place) = (PaneState::Moving, Place::Mover(Kind::Quiet));
        let pane = Pane { set, token, gauge, state, place, unknown_at: None };
        self.panes.insert(pane.set.ulid, pane);
        self.quiet.push(Command::Take(Box::new(flow)));
    }

    /// Takes a set from another process, unless the pane is known; says whether it was new.
    pub(super) fn adopt(&mut self, set: CustodySet) -> bool {
        if self.panes.contains_key(&set.ulid) {
            return false;
        }
        let (ulid, token) = (set.ulid, self.next_id());
        self.tokens.insert(token, ulid);
        let (state, place) = match set.exit {
            Some(status) => (PaneState::Ended(status), Place::Gone),
            None => (PaneState::Moving, Place::Stranded),
        };
        let gauge = Arc::default();
        self.panes.insert(ulid, Pane { set, token, gauge, state, place, unknown_at: None });
        if place == Place::Stranded {
            self.begin(ulid);
        }
        true
    }

    /// Opens the files of an adopted pane and lets its bytes move. If that cannot be, the pane is
    /// kept all the same and tried again.
    pub(super) fn begin(&mut self, ulid: PaneUlid) {
        let dir = ulid.dir(&self.args.state_dir);
        let Some(pane) = self.panes.get_mut(&ulid) else { return };
        let opened = ccc_journal::dir::create_private(&dir).map_err(Into::into).and_then(|_dir| {
            Flow::adopt(&dir, pane.token, &pane.set, self.moves, Arc::clone(&pane.gauge))
        });
        match opened {
            Ok(flow) => {
                pane.place = Place::Mover(Kind::Quiet);
                pane.state = PaneState::Moving;
                let token = pane.token;
                let pidfd = Arc::clone(&pane.set.fds.pidfd);
                self.quiet.push(Command::Take(Box::new(flow)));
                self.watch(&pidfd, Source::Child(token));
            }
            Err(error) => {
                say(format_args!("pane {ulid} waits: {error}"));
                let full = error.is_full();
                let wait = if full { Wait::DiskFull } else { Wait::DiskError { errno: 0 } };
                pane.state = PaneState::Waiting(wait);
                self.stranded_retry = Some(Instant::now() + RETRY);
            }
        }
    }

    pub(super) fn command(&self, kind: Kind, command: Command) {
        self.mover(kind).push(command);
    }

    /// The same for a client, which may have to wait if the mover does not get on.
    pub(super) fn command_for_client(
        &mut self,
        kind: Kind,
        command: Command,
    ) -> Result<(), Refusal> {
        if self.mover(kind).is_full() {
            return Err(Refusal::new(Reason::Busy, "the disk does not keep up"));
        }
        self.under_way += 1;
        self.command(kind, command);
        Ok(())
    }

    fn mover(&self, kind: Kind) -> &Post<Command> {
        match kind {
            Kind::Quiet => &self.quiet,
            Kind::Bulk => &self.bulk,
        }
    }

    fn pane_by_token(&mut self, token: u64) -> Option<&mut Pane> {
        self.panes.get_mut(self.tokens.get(&token)?)
    }

    pub(super) fn forget(&mut self, ulid: PaneUlid) {
        if let Some(pane) = self.panes.remove(&ulid) {
            self.ignore(&pane.set.fds.pidfd);
            self.tokens.remove(&pane.token);
            self.tell(&Notice::Closed { ulid }, None);
        }
    }

    fn read_reports(&mut self) {
        for report in self.reports.take_all() {
            self.read_report(report);
        }
    }

    fn read_report(&mut self, report: Report) {
        match report {
            Report::Handed(flow) => {
                let Some(pane) = self.pane_by_token(flow.token) else { return };
                let Place::Mover(kind) = pane.place else { return };
                pane.place = Place::Mover(kind.other());
                self.command(kind.other(), Command::Take(flow));
            }
            Report::Missed(command) => self.send_after(command),
            Report::Dropped { token, ask } => {
                let ulid = self.tokens.get(&token).copied();
                ulid.into_iter().for_each(|ulid| self.forget(ulid));
                if let Some(ask) = ask {
                    self.under_way -= 1;
                    self.respond(ask, &Response::Done);
                }
            }
            Report::Resized { ask, result } => {
                self.under_way -= 1;
                let response = match result {
                    Ok(offset) => Response::Resized { offset },
                    Err(error) => Response::Refused(error.into()),
                };
                self.respond(ask, &response);
            }
            Report::Waiting { token, wait } => {
                let state = wait.map_or(PaneState::Moving, PaneState::Waiting);
                let Some(pane) = self.pane_by_token(token) else { return };
                pane.state = state;
                let ulid = pane.set.ulid;
                self.tell(&Notice::State { ulid, state }, None);
            }
            Report::Finished { token, status, offset } => self.finished(token, status, offset),
        }
    }

    /// A command that came to a mover when the flow had left: by now its new place is known.
    fn send_after(&mut self, command: Command) {
        let (token, ask) = match &command {
            Command::Take(_) => return,
            Command::Drop { token, ask } => (*token, *ask),
            Command::Resize { token, ask, .. } => (*token, Some(*ask)),
            Command::Finish { token, .. }
            | Command::Trimmed { token, .. }
            | Command::Poke { token } => (*token, None),
        };
        let place = self.pane_by_token(token).map(|pane| pane.place);
        if let Some(Place::Mover(kind)) = place {
            return self.command(kind, command);
        }
        // The pane ended, or was closed, while the command was on its way.
        if let Command::Drop { .. } = command {
            return self.read_report(Report::Dropped { token, ask });
        }
        if let Some(ask) = ask {
            self.under_way -= 1;
            let refusal = Refusal::new(Reason::Ended, "the program has ended");
            self.respond(ask, &Response::Refused(refusal));
        }
    }

    // Children

    fn child_ended(&mut self, token: u64) {
        let epoll = self.epoll.try_clone();
        let Some(pane) = self.pane_by_token(token) else { return };
        let pidfd = Arc::clone(&pane.set.fds.pidfd);
        if let Some(status) = system::exit_status(pidfd.as_fd()) {
            return self.record_exit(token, status);
        }
        // Its parent has not looked at it. The pidfd will say when it has, once, and not before.
        pane.unknown_at.get_or_insert_with(|| Instant::now() + UNREAPED);
        let data = Source::Child(token).pack();
        let flags = epoll::EventFlags::IN | epoll::EventFlags::ET;
        if let Ok(epoll) = epoll {
            let _ = epoll::modify(&epoll, &pidfd, data, flags);
        }
    }

    fn record_exit(&mut self, token: u64, status: ExitStatus) {
        let Some(pane) = self.pane_by_token(token) else { return };
        pane.unknown_at = None;
        let (place, pidfd) = (pane.place, Arc::clone(&pane.set.fds.pidfd));
        self.ignore(&pidfd);
        if let Place::Mover(kind) = place {
            self.command(kind, Command::Finish { token, status });
        }
    }

    fn finished(&mut self, token: u64, status: ExitStatus, offset: Offset) {
        let Some(pane) = self.pane_by_token(token) else { return };
        pane.state = PaneState::Ended(status);
        pane.place = Place::Gone;
        pane.set.exit = Some(status);
        let ulid = pane.set.ulid;
        self.tell(&Notice::Exited { ulid, status, offset }, None);
        if self.shutdown.is_some() {
            self.forget(ulid);
        }
    }

    pub(super) fn begin_shutdown(&mut self, now: Instant) {
        self.shutdown = Some(Shutdown::HangUp(now + HANG_UP));
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

    fn unpack(data: epoll::EventData) -> Self {
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
