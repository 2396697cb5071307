//! A thread that moves bytes: it waits for PTYs, gives each flow its turns, and obeys commands.
//!
//! There are two. Every pane begins with the quiet one; a flood is handed to the other, so that a
//! disk that cannot take a flood's bytes holds up nobody else. A flow has one owner at any time and
//! travels between the movers through the control thread, which therefore always knows where each
//! one is, or will be once it has read its reports.

use std::collections::{HashMap, VecDeque};
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ccc_journal::{CellPixels, ExitStatus, Offset, Size};
use rustix::event::{EventfdFlags, Timespec, epoll};

use super::flow::{self, FLOOD_BYTES, FLOOD_PIPE, Flow, QUIET_PIPE, ResizeError, Turn};
use super::hands::{self, Hands};
use crate::protocol::{RequestId, Wait};
use crate::system::monotonic_ns;

/// A flood is over when it moved less than [`FLOOD_BYTES`] in this time.
const CALM_NS: u64 = 1_000_000_000;
/// How often a disk that took nothing is tried again.
const RETRY_NS: u64 = 500_000_000;
/// Commands of clients that may wait for a mover whose disk is stuck. Four for each of a thousand
/// panes; what comes on top is refused as busy.
const MAX_COMMANDS: usize = 4096;
/// PTYs looked at per wake-up.
const BATCH: usize = 64;
/// The inbox among the watched descriptors; panes count from 1.
const INBOX: u64 = 0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Quiet,
    Bulk,
}

impl Kind {
    pub(super) fn other(self) -> Self {
        match self {
            Self::Quiet => Self::Bulk,
            Self::Bulk => Self::Quiet,
        }
    }
}

/// Whose request a command carries out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ask {
    pub(super) connection: u64,
    pub(super) id: RequestId,
}

#[derive(Debug)]
pub(super) enum Command {
    Take(Box<Flow>),
    /// The pane is given up: close its files and descriptors.
    Drop {
        token: u64,
        ask: Option<Ask>,
    },
    Resize {
        token: u64,
        size: Size,
        ask: Ask,
    },
    ResizeCell {
        token: u64,
        cell: CellPixels,
        ask: Ask,
    },
    Trimmed {
        token: u64,
        first: Offset,
    },
    Sealed {
        token: u64,
        first: Offset,
    },
    Record {
        token: u64,
        on: bool,
        state_dir: PathBuf,
        ask: Ask,
    },
    Forget {
        token: u64,
        from: Offset,
        to: Offset,
        ask: Ask,
    },
    Poke {
        token: u64,
    },
    Finish {
        token: u64,
        status: ExitStatus,
    },
}

#[derive(Debug)]
pub(super) enum Report {
    /// For the other mover.
    Handed(Box<Flow>),
    /// The flow is no longer, or not yet, with this mover.
    Missed(Command),
    Dropped {
        token: u64,
        ask: Option<Ask>,
    },
    /// A size was recorded, or what is to be forgotten, or where recording stops or goes on.
    Resized {
        ask: Ask,
        result: Result<Offset, ResizeError>,
    },
    /// Why the pane waits, or that it goes on.
    Waiting {
        token: u64,
        wait: Option<Wait>,
    },
    Finished {
        token: u64,
        status: ExitStatus,
        offset: Offset,
    },
}

/// A queue between two threads, with a descriptor to wait on.
///
/// The lock is held to push or to take, never while bytes move.
#[derive(Debug)]
pub(super) struct Post<T> {
    queue: Mutex<VecDeque<T>>,
    pub(super) wake: OwnedFd,
}

impl<T> Post<T> {
    pub(super) fn new() -> rustix::io::Result<Self> {
        let flags = EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK;
        let wake = rustix::event::eventfd(0, flags)?;
        Ok(Self { queue: Mutex::default(), wake })
    }

    /// Bounded by its senders: a flow or a report for each pane or request, and commands of
    /// clients by [`Post::is_full`].
    pub(super) fn push(&self, item: T) {
        self.lock().push_back(item);
        let _ = rustix::io::write(&self.wake, &1_u64.to_ne_bytes());
    }

    pub(super) fn is_full(&self) -> bool {
        self.lock().len() >= MAX_COMMANDS
    }

    pub(super) fn take_all(&self) -> VecDeque<T> {
        let _ = rustix::io::read(&self.wake, &mut [0_u8; 8]);
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<T>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) struct Mover {
    kind: Kind,
    epoll: OwnedFd,
    inbox: Arc<Post<Command>>,
    reports: Arc<Post<Report>>,
    flows: HashMap<u64, Box<Flow>>,
    hands: Arc<Hands>,
    /// Floods that stand back, in the order of their turns, and when the next one is due.
    resting: VecDeque<u64>,
    next_turn_ns: u64,
    /// When something has to be done although nothing happens. `None` while all is well: then the
    /// thread sleeps until a byte or a command comes.
    alarm_ns: Option<u64>,
}

impl Mover {
    /// Starts the thread. It ends with the process.
    pub(super) fn start(
        kind: Kind,
        inbox: Arc<Post<Command>>,
        reports: Arc<Post<Report>>,
        hands: Arc<Hands>,
    ) -> std::io::Result<()> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let data = epoll::EventData::new_u64(INBOX);
        epoll::add(&epoll, &inbox.wake, data, epoll::EventFlags::IN)?;
        let mover = Self {
            kind,
            epoll,
            inbox,
            reports,
            flows: HashMap::new(),
            hands,
            resting: VecDeque::new(),
            next_turn_ns: 0,
            alarm_ns: None,
        };
        let name = match kind {
            Kind::Quiet => "mover",
            Kind::Bulk => "mover-bulk",
        };
        std::thread::Builder::new().name(name.to_owned()).spawn(move || mover.run())?;
        Ok(())
    }

    fn run(mut self) {
        let mut events = Vec::with_capacity(BATCH);
        loop {
            events.clear();
            let rest = (!self.resting.is_empty()).then_some(self.next_turn_ns);
            let timeout = self.alarm_ns.into_iter().chain(rest).min().map(|at| {
                let left = Duration::from_nanos(at.saturating_sub(monotonic_ns()));
                Timespec {
                    tv_sec: left.as_secs().cast_signed(),
                    tv_nsec: left.subsec_nanos().into(),
                }
            });
            let buffer = rustix::buffer::spare_capacity(&mut events);
            match epoll::wait(&self.epoll, buffer, timeout.as_ref()) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                // The epoll descriptor is this thread's own; nothing else can fail.
                Err(_) => return,
            }
            let now_ns = monotonic_ns();
            for event in &events {
                match event.data.u64() {
                    INBOX => {}
                    token => self.turn(token, now_ns),
                }
            }
            for command in self.inbox.take_all() {
                self.obey(command, now_ns);
            }
            if self.alarm_ns.is_some_and(|at| at <= now_ns) {
                self.ring(now_ns);
            }
            if self.next_turn_ns <= now_ns {
                self.wake_one(now_ns);
            }
        }
    }

    fn obey(&mut self, command: Command, now_ns: u64) {
        let token = match &command {
            Command::Take(flow) => flow.token,
            Command::Drop { token, .. }
            | Command::Resize { token, .. }
            | Command::ResizeCell { token, .. }
            | Command::Trimmed { token, .. }
            | Command::Sealed { token, .. }
            | Command::Forget { token, .. }
            | Command::Record { token, .. }
            | Command::Poke { token }
            | Command::Finish { token, .. } => *token,
        };
        if let Command::Take(flow) = command {
            self.take(flow, now_ns);
            return;
        }
        let Some(flow) = self.flows.get_mut(&token) else {
            self.reports.push(Report::Missed(command));
            return;
        };
        match command {
            Command::Take(_) => {}
            Command::Drop { ask, .. } => {
                self.ignore(token);
                self.flows.remove(&token);
                self.reports.push(Report::Dropped { token, ask });
            }
            Command::Resize { size, ask, .. } => {
                let result = flow.resize(size, now_ns);
                self.reports.push(Report::Resized { ask, result });
            }
            Command::ResizeCell { cell, ask, .. } => {
                let result = flow.resize_cell(cell, now_ns);
                self.reports.push(Report::Resized { ask, result });
            }
            Command::Trimmed { first, .. } => {
                flow.trimmed(first);
                if flow.waiting == Some(Wait::Cap) {
                    self.turn(token, now_ns);
                }
            }
            Command::Sealed { first, .. } => {
                flow.sealed(first);
                if flow.waiting == Some(Wait::Cap) {
                    self.turn(token, now_ns);
                }
            }
            Command::Record { on, state_dir, ask, .. } => {
                let result = flow.record(on, &state_dir, now_ns);
                self.reports.push(Report::Resized { ask, result });
                // Where it goes on there may be room.
                if flow.waiting == Some(Wait::Cap) {
                    self.turn(token, now_ns);
                }
            }
            Command::Forget { from, to, ask, .. } => {
                let result = flow.forget(from, to, now_ns);
                self.reports.push(Report::Resized { ask, result });
            }
            Command::Poke { .. } => self.turn(token, now_ns),
            Command::Finish { status, .. } => {
                flow.finishing = Some(status);
                self.turn(token, now_ns);
            }
        }
    }

    fn take(&mut self, mut flow: Box<Flow>, now_ns: u64) {
        flow.size_pipe(match self.kind {
            Kind::Quiet => QUIET_PIPE,
            Kind::Bulk => FLOOD_PIPE,
        });
        flow.rests = false;
        flow.pace.window(now_ns, 0);
        let token = flow.token;
        if self.kind == Kind::Bulk {
            self.ring_at(now_ns + CALM_NS);
        }
        self.flows.insert(token, flow);
        self.watch(token);
        self.turn(token, now_ns);
    }

    /// One turn of one flow, and what follows from it.
    fn turn(&mut self, token: u64, now_ns: u64) {
        let Some(flow) = self.flows.get_mut(&token) else { return };
        let was_waiting = flow.waiting;
        let stands_back = self.kind == Kind::Bulk && self.hands.go_before(token, now_ns);
        let most = if stands_back { hands::TURN } else { flow::TURN };
        let before = flow.pace.bytes();
        let outcome = match flow.finishing {
            None => flow.turn(now_ns, most).map(Outcome::Turn),
            Some(_) => flow.finish(now_ns).map(|(status, offset)| Outcome::End(status, offset)),
        };
        let flow_moved = flow.pace.bytes() > before;
        flow.waiting = outcome.as_ref().err().copied();
        if flow.waiting != was_waiting {
            let wait = flow.waiting;
            self.reports.push(Report::Waiting { token, wait });
        }
        match outcome {
            Ok(Outcome::Turn(turn)) => {
                let hung_up = turn == Turn::HungUp;
                if was_waiting.is_some() || flow.hung_up != hung_up {
                    flow.hung_up = hung_up;
                    self.watch(token);
                }
                if stands_back && flow_moved {
                    self.rest(token);
                }
                self.hand_over_flood(token, now_ns);
            }
            Ok(Outcome::End(status, offset)) => {
                self.ignore(token);
                self.flows.remove(&token);
                self.reports.push(Report::Finished { token, status, offset });
            }
            Err(wait) => {
                self.ignore(token);
                if wait != Wait::Cap {
                    self.ring_at(now_ns + RETRY_NS);
                }
            }
        }
    }

    /// Leaves a flood alone until its next turn.
    fn rest(&mut self, token: u64) {
        let Some(flow) = self.flows.get_mut(&token) else { return };
        if !std::mem::replace(&mut flow.rests, true) {
            self.resting.push_back(token);
        }
        self.ignore(token);
    }

    /// Gives the flood that has rested longest its turn; those that need not stand back any more are
    /// watched again, and turn when they have something.
    fn wake_one(&mut self, now_ns: u64) {
        while let Some(token) = self.resting.pop_front() {
            let Some(flow) = self.flows.get_mut(&token) else { continue };
            flow.rests = false;
            if flow.waiting.is_some() {
                continue;
            }
            self.watch(token);
            if self.hands.go_before(token, now_ns) {
                self.next_turn_ns = now_ns + hands::REST_NS;
                return self.turn(token, now_ns);
            }
        }
    }

    fn hand_over_flood(&mut self, token: u64, now_ns: u64) {
        let Some(flow) = self.flows.get_mut(&token) else { return };
        if self.kind == Kind::Quiet && flow.pace.is_flood(now_ns) && flow.is_settled() {
            self.hand_over(token);
        }
    }

    fn hand_over(&mut self, token: u64) {
        self.ignore(token);
        if let Some(flow) = self.flows.remove(&token) {
            self.reports.push(Report::Handed(flow));
        }
    }

    /// What is due although nothing happened: waiting flows try again, calm ones go back.
    fn ring(&mut self, now_ns: u64) {
        self.alarm_ns = None;
        let disk = |wait: Option<Wait>| wait.is_some_and(|wait| wait != Wait::Cap);
        let tokens = |wanted: &dyn Fn(&Flow) -> bool, flows: &HashMap<u64, Box<Flow>>| {
            let flows = flows.values().filter(|flow| wanted(flow));
            flows.map(|flow| flow.token).collect::<Vec<_>>()
        };
        for token in tokens(&|flow| disk(flow.waiting), &self.flows) {
            self.turn(token, now_ns);
        }
        if self.kind == Kind::Quiet {
            return;
        }
        let moving = tokens(&|flow| flow.is_settled(), &self.flows);
        for token in &moving {
            let Some(flow) = self.flows.get_mut(token) else { continue };
            // One that stands back moves little, and is a flood for all that.
            let held_back = !flow.dry && self.hands.go_before(*token, now_ns);
            let calm = flow.pace.window(now_ns, CALM_NS).is_some_and(|bytes| bytes < FLOOD_BYTES);
            if calm && !held_back {
                self.hand_over(*token);
            }
        }
        if !moving.is_empty() {
            self.ring_at(now_ns + CALM_NS);
        }
    }

    fn ring_at(&mut self, at_ns: u64) {
        self.alarm_ns = Some(self.alarm_ns.map_or(at_ns, |alarm| alarm.min(at_ns)));
    }

    /// Watches the flow's PTY, or changes how it is watched.
    fn watch(&self, token: u64) {
        let Some(flow) = self.flows.get(&token) else { return };
        let mut flags = epoll::EventFlags::IN;
        // A hang-up would be reported without end. Once is enough; what a process prints that opens
        // the terminal again is news, and comes through.
        flags.set(epoll::EventFlags::ET, flow.hung_up);
        let data = epoll::EventData::new_u64(token);
        if epoll::add(&self.epoll, &flow.fds.master, data, flags).is_err() {
            let _ = epoll::modify(&self.epoll, &flow.fds.master, data, flags);
        }
    }

    fn ignore(&self, token: u64) {
        if let Some(flow) = self.flows.get(&token) {
            let _ = epoll::delete(&self.epoll, &flow.fds.master);
        }
    }
}

enum Outcome {
    Turn(Turn),
    End(ExitStatus, Offset),
}
