//! What clients ask, and the answers.
//!
//! Every request about a pane may be repeated: doing it again changes nothing. `Ok(None)` means that
//! a mover answers later.

use std::sync::Arc;
use std::time::Instant;

use ccc_journal::{PaneUlid, Size};
use rustix::io::Errno;
use rustix::process::{Pid, Signal};

use super::control::Control;
use super::flow::{Flow, Gauge, ResizeError};
use super::mover::{Ask, Command};
use super::pane::{Pane, Place};
use super::reserve;
use super::spawn::Pty;
use crate::custody::{CustodySet, Terms};
use crate::protocol::{
    MAX_PARK_NAME, Moves, Notice, PaneStatus, Reason, Refusal, Request, Response, Role,
    SETS_PER_FRAME, ServerHandle, SignalTarget, Status, VERSION, Wait,
};
use crate::spec::SpawnSpec;
use crate::system;

/// Parked descriptors are for the few sockets of a server.
const MAX_PARKED: usize = 64;

type Answer = Result<Option<Response>, Refusal>;

const DONE: Answer = Ok(Some(Response::Done));

impl Control {
    pub(super) fn answer(&mut self, ask: Ask, request: Request) -> Answer {
        let greeted = self.connections.get(&ask.connection).is_some_and(|c| c.role.is_some());
        if greeted == matches!(request, Request::Hello { .. }) {
            return Err(Refusal::new(Reason::Hello, "a connection begins with one hello"));
        }
        match request {
            Request::Hello { role, oldest, newest, build: _, server } => {
                if !(oldest..=newest).contains(&VERSION) {
                    return Err(version_refusal(oldest, newest));
                }
                self.greet(ask, role, server)
            }
            Request::Open { ulid, size, terms, spec } => {
                let spec = SpawnSpec::unseal(&spec)
                    .map_err(|error| Refusal::new(Reason::Malformed, error.to_string()))?;
                self.open(ask, ulid, size, terms, &spec)
            }
            Request::OpenUnrecorded { ulid, size, terms, spec } => {
                // Without the marker a successor would look for its files on the disk.
                if !ulid.is_unrecorded(&self.args.state_dir) {
                    let detail = format!("pane {ulid} is not marked as unrecorded");
                    return Err(Refusal::new(Reason::Journal, detail));
                }
                let spec = SpawnSpec::unseal(&spec)
                    .map_err(|error| Refusal::new(Reason::Malformed, error.to_string()))?;
                self.open(ask, ulid, size, terms, &spec)
            }
            Request::Adopt { sets } => Ok(Some(self.adopt_offered(ask, sets))),
            Request::Resize { ulid, size } => {
                let pane = self.pane(ulid)?;
                let Place::Mover(kind) = pane.place else { return Err(no_flow(pane)) };
                let command = Command::Resize { token: pane.token, size, ask };
                self.command_for_client(kind, command).map(|()| None)
            }
            Request::CellPixels { ulid, cell } => {
                let pane = self.pane(ulid)?;
                let Place::Mover(kind) = pane.place else { return Err(no_flow(pane)) };
                let command = Command::ResizeCell { token: pane.token, cell, ask };
                self.command_for_client(kind, command).map(|()| None)
            }
            Request::Signal { ulid, signal, target } => self.signal(ulid, signal, target),
            Request::Close { ulid } => self.close(ask, ulid),
            Request::Trimmed { ulid, first } => {
                let pane = self.pane(ulid)?;
                let token = pane.token;
                if let Place::Mover(kind) = pane.place {
                    self.command(kind, Command::Trimmed { token, first });
                }
                DONE
            }
            Request::Sealed { ulid, first } => {
                let pane = self.pane(ulid)?;
                let token = pane.token;
                if let Place::Mover(kind) = pane.place {
                    self.command(kind, Command::Sealed { token, first });
                }
                DONE
            }
            Request::Forget { ulid, from, to } => {
                let pane = self.pane(ulid)?;
                let Place::Mover(kind) = pane.place else { return Err(no_flow(pane)) };
                let command = Command::Forget { token: pane.token, from, to, ask };
                self.command_for_client(kind, command).map(|()| None)
            }
            Request::Record { ulid, on } => {
                let pane = self.pane(ulid)?;
                let Place::Mover(kind) = pane.place else { return Err(no_flow(pane)) };
                let state_dir = self.args.state_dir.clone();
                let command = Command::Record { token: pane.token, on, state_dir, ask };
                self.command_for_client(kind, command).map(|()| None)
            }
            Request::Poke { ulid } => {
                let pane = self.pane(ulid)?;
                let token = pane.token;
                match pane.place {
                    Place::Mover(kind) => self.command(kind, Command::Poke { token }),
                    Place::Stranded => self.begin(ulid),
                    Place::Gone => {}
                }
                DONE
            }
            Request::Typed { ulid } => {
                self.hands.typed(self.pane(ulid)?.token, system::monotonic_ns());
                DONE
            }
            Request::Park { name, fd } => {
                check_name(&name)?;
                if self.parked.len() >= MAX_PARKED && !self.parked.contains_key(&name) {
                    return Err(Refusal::new(Reason::Exhausted, "too much is parked"));
                }
                self.parked.insert(name.clone(), Arc::clone(&fd));
                self.tell(&Notice::Parked { name, fd }, Some(ask.connection));
                DONE
            }
            Request::Unpark { name } => {
                let unknown = || Refusal::new(Reason::Name, format!("nothing is parked as {name}"));
                let fd = self.parked.remove(&name).ok_or_else(unknown)?;
                self.tell(&Notice::Unparked { name }, Some(ask.connection));
                Ok(Some(Response::Unparked { fd }))
            }
            Request::List { after } => Ok(Some(self.list(after))),
            Request::Status => Ok(Some(Response::Status(self.status()))),
            Request::CleanStop => {
                self.server_says_goodbye(ask.connection);
                DONE
            }
            Request::Shutdown { kill } => {
                if !self.panes.is_empty() && !kill {
                    let detail = format!("{} panes are left", self.panes.len());
                    return Err(Refusal::new(Reason::PanesLeft, detail));
                }
                self.begin_shutdown(Instant::now());
                DONE
            }
            Request::Upgrade { exe } => {
                let refusal = self.upgrade(ask, exe.as_ref());
                Err(refusal)
            }
        }
    }

    fn pane(&self, ulid: PaneUlid) -> Result<&Pane, Refusal> {
        let unknown = || Refusal::new(Reason::NoSuchPane, format!("no pane {ulid}"));
        self.panes.get(&ulid).ok_or_else(unknown)
    }

    fn greet(&mut self, ask: Ask, role: Role, server: Option<ServerHandle>) -> Answer {
        let Ask { connection: id, .. } = ask;
        let handle = match (role, server) {
            (Role::Server, None) => {
                let detail = "a server says how to start it again";
                return Err(Refusal::new(Reason::Malformed, detail));
            }
            (Role::Server, handle) => handle,
            (Role::Tool | Role::Spare, _) => None,
        };
        let Some(connection) = self.connections.get_mut(&id) else { return Ok(None) };
        connection.role = Some(role);
        let pid = connection.pid;
        let welcome = Response::Welcome {
            version: VERSION,
            pid: std::process::id(),
            moves: self.moves,
            build: self.args.build.clone(),
            pidfd: Arc::clone(&self.own_pidfd),
        };
        self.respond(ask, &welcome);
        if role == Role::Tool {
            return Ok(None);
        }
        let sets: Vec<CustodySet> = self.panes.values().map(|pane| pane.set.clone()).collect();
        for sets in sets.chunks(SETS_PER_FRAME) {
            self.notify(id, &Notice::Custody { sets: sets.to_vec() });
        }
        for (name, fd) in self.parked.clone() {
            self.notify(id, &Notice::Parked { name, fd });
        }
        if role == Role::Spare {
            self.spare_arrived(id);
        }
        self.notify(id, &Notice::Synced);
        if let Some(handle) = handle {
            self.watch_server(handle, pid, Some(id));
        }
        Ok(None)
    }

    fn open(
        &mut self,
        ask: Ask,
        ulid: PaneUlid,
        size: Size,
        terms: Terms,
        spec: &SpawnSpec,
    ) -> Answer {
        if let Some(pane) = self.panes.get(&ulid) {
            return Ok(Some(Response::Opened { existing: true, set: pane.set.clone() }));
        }
        let journal = |error: &dyn std::error::Error| {
            Refusal::new(Reason::Journal, format!("could not open the pane's files: {error}"))
        };
        let dir = ccc_journal::create_place(&self.args.state_dir, ulid)
            .map_err(|error| journal(&error))?;
        let others = self.connections.len() + self.parked.len();
        if !reserve::has_room(self.panes.len(), others) {
            return Err(Refusal::new(Reason::Exhausted, "no descriptors for another pane"));
        }
        let spawned = Pty::open(size, spec.cell)?.spawn(spec, &mut self.reserve)?;
        let set = CustodySet { ulid, terms, pid: spawned.pid, exit: None, fds: spawned.fds };
        let (token, gauge) = (self.next_id(), Arc::<Gauge>::default());
        // The child may print already; its bytes stay in the PTY until the flow begins.
        let flow =
            Flow::open(&dir, token, &set, self.moves, Arc::clone(&gauge)).and_then(|mut flow| {
                if ulid.is_unrecorded(&self.args.state_dir) {
                    flow.leave_unrecorded();
                }
                flow.record_start(size, spec.cell).map(|()| flow)
            });
        let flow = flow.map_err(|error| {
            let _ = rustix::process::pidfd_send_signal(&set.fds.pidfd, Signal::KILL);
            journal(&error)
        })?;
        self.insert(set.clone(), token, gauge, flow);
        self.tell(&Notice::Custody { sets: vec![set.clone()] }, Some(ask.connection));
        Ok(Some(Response::Opened { existing: false, set }))
    }

    fn adopt_offered(&mut self, ask: Ask, sets: Vec<CustodySet>) -> Response {
        let mut taken = Vec::new();
        for set in sets {
            // What is no PTY and no pipe would only fail later, one byte at a time.
            let usable = crate::tty::size(&set.fds.master).is_ok()
                && rustix::io::ioctl_fionread(&set.fds.pipe_read).is_ok();
            if usable && self.adopt(set.clone()) {
                taken.push(set);
            }
        }
        let count = u16::try_from(taken.len()).unwrap_or(u16::MAX);
        if !taken.is_empty() {
            self.tell(&Notice::Custody { sets: taken }, Some(ask.connection));
        }
        Response::Adopted { taken: count }
    }

    fn signal(&self, ulid: PaneUlid, signal: u8, target: SignalTarget) -> Answer {
        let pane = self.pane(ulid)?;
        let signal = Signal::from_named_raw(signal.into())
            .ok_or_else(|| Refusal::new(Reason::Malformed, format!("no signal {signal}")))?;
        let sent = match target {
            SignalTarget::Foreground => signal_foreground(pane, signal),
            SignalTarget::Leader => signal_leader(pane, signal),
        };
        match sent {
            Ok(()) => DONE,
            Err(Errno::SRCH) => Err(Refusal::new(Reason::Ended, "there is no such process")),
            Err(errno) => Err(Refusal::os(Reason::Os, "send the signal")(errno)),
        }
    }

    fn close(&mut self, ask: Ask, ulid: PaneUlid) -> Answer {
        // One that is closed already is closed.
        let Some(pane) = self.panes.get(&ulid) else { return DONE };
        let Place::Mover(kind) = pane.place else {
            self.forget(ulid);
            return DONE;
        };
        let command = Command::Drop { token: pane.token, ask: Some(ask) };
        self.command_for_client(kind, command).map(|()| None)
    }

    fn list(&self, after: Option<PaneUlid>) -> Response {
        let rest =
            self.panes.values().filter(|pane| after.is_none_or(|after| pane.set.ulid > after));
        let panes: Vec<_> = rest.clone().take(PaneStatus::PER_FRAME).map(Pane::status).collect();
        Response::Panes { more: rest.count() > panes.len(), panes }
    }

    fn status(&self) -> Status {
        let count = |wanted: &dyn Fn(&Pane) -> bool| {
            let panes = self.panes.values().filter(|pane| wanted(pane)).count();
            u32::try_from(panes).unwrap_or(u32::MAX)
        };
        let copied =
            count(&|pane| pane.gauge.read_write.load(std::sync::atomic::Ordering::Relaxed));
        Status {
            version: VERSION,
            pid: std::process::id(),
            spare: self.custodian(self.spare.connection),
            server: self.custodian(self.server.connection()),
            moves: if copied > 0 { Moves::ReadWrite } else { self.moves },
            panes: count(&|_| true),
            waiting: count(&Pane::is_waiting),
            flooding: count(&Pane::is_flooding),
            parked: u32::try_from(self.parked.len()).unwrap_or(u32::MAX),
            fd_limit: system::nofile().current.unwrap_or(u64::MAX),
            oom_score_adj: system::oom_score_adj().unwrap_or(0),
        }
    }

    /// The process at the other end if it has been sent everything.
    fn custodian(&self, connection: Option<u64>) -> u32 {
        let connection = connection.and_then(|id| self.connections.get(&id));
        connection.filter(|connection| connection.is_settled()).map_or(0, |c| c.pid)
    }
}

/// To the child's process group; the child leads one, unless it has ended.
pub(super) fn signal_leader(pane: &Pane, signal: Signal) -> rustix::io::Result<()> {
    // The number is the child's own only while it has not been reaped, which the pidfd knows.
    if system::is_readable(&pane.set.fds.pidfd) {
        return Err(Errno::SRCH);
    }
    let pid = i32::try_from(pane.set.pid).ok().and_then(Pid::from_raw).ok_or(Errno::SRCH)?;
    rustix::process::kill_process_group(pid, signal)
}

pub(super) fn signal_foreground(pane: &Pane, signal: Signal) -> rustix::io::Result<()> {
    let group = crate::tty::foreground_group(&pane.set.fds.master)?.ok_or(Errno::SRCH)?;
    rustix::process::kill_process_group(group, signal)
}

fn no_flow(pane: &Pane) -> Refusal {
    match pane.place {
        Place::Gone => Refusal::new(Reason::Ended, "the program has ended"),
        Place::Stranded | Place::Mover(_) => {
            Refusal::new(Reason::Journal, "the pane's files cannot be opened")
        }
    }
}

fn check_name(name: &str) -> Result<(), Refusal> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    if name.is_empty() || name.len() > MAX_PARK_NAME || !name.bytes().all(allowed) {
        return Err(Refusal::new(Reason::Name, "a name is letters, digits, dots and dashes"));
    }
    Ok(())
}

fn version_refusal(oldest: u16, newest: u16) -> Refusal {
    let who = if newest < VERSION { "the caller is older" } else { "the keeper is older" };
    let detail =
        format!("the keeper speaks version {VERSION}, the caller {oldest} to {newest}: {who}");
    Refusal::new(Reason::Version, detail)
}

impl From<ResizeError> for Refusal {
    fn from(error: ResizeError) -> Self {
        match error {
            ResizeError::Pty(errno) => Self::os(Reason::Os, "set the size")(errno),
            ResizeError::Disk(wait) => Self {
                reason: Reason::Journal,
                errno: match wait {
                    Wait::DiskFull => Errno::NOSPC.raw_os_error(),
                    Wait::DiskError { errno } => errno,
                    Wait::Cap => 0,
                },
                detail: "could not record the size".to_owned(),
            },
        }
    }
}
