//! A state directory with its keeper, seen from the server's side, and what tests do to it.
//!
//! Nothing waits for time: every wait is for a descriptor, with a deadline that means failure.

use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ccc_journal::{Event, EventReader, ExitStatus, PaneUlid, Size, journal_files};
use ccc_keeper::client::{ClientError, Connected, Hello, KeeperClient, Start, connect_or_start};
use ccc_keeper::protocol::{Message, Notice, PaneStatus, Refusal, Request, Response, Role, Status};
use ccc_keeper::{CustodySet, SpawnSpec, Terms};
use rustix::event::{PollFd, PollFlags};
use rustix::process::{Pid, PidfdFlags, Signal};

pub(crate) const SIZE: Size = Size { cols: 80, rows: 24 };
pub(crate) const TERMS: Terms = Terms { hard_cap: 1 << 40, rotate_bytes: 256 * 1024 };

pub(crate) fn deadline() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

/// Waits until one of `fds` is readable; a test that waits in vain has failed.
pub(crate) fn wait(fds: &[&dyn AsFd], until: Instant, what: &str) {
    let mut fds: Vec<_> =
        fds.iter().map(|fd| PollFd::from_borrowed_fd(fd.as_fd(), PollFlags::IN)).collect();
    let left = until.saturating_duration_since(Instant::now()).try_into().expect("a short time");
    match rustix::event::poll(&mut fds, Some(&left)) {
        Ok(0) => panic!("timed out: {what}"),
        Ok(_) | Err(rustix::io::Errno::INTR) => {}
        Err(errno) => panic!("poll: {errno}"),
    }
}

pub(crate) struct World {
    dir: tempfile::TempDir,
    /// The connection in the server's role.
    pub(crate) client: KeeperClient,
    pub(crate) sets: Vec<CustodySet>,
    pub(crate) parked: Vec<(String, Arc<OwnedFd>)>,
    /// Notices that were read while something else was waited for.
    notices: Vec<Notice>,
}

impl World {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let Connected { client, sets, parked, .. } = start(&dir.path().join("state"));
        Self { dir, client, sets, parked, notices: Vec::new() }
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    pub(crate) fn pane_dir(&self, ulid: PaneUlid) -> PathBuf {
        ulid.dir(&self.state())
    }

    /// What a server does when its keeper is gone: find the successor, or start one.
    pub(crate) fn reconnect(&mut self) {
        let Connected { client, sets, parked, .. } = start(&self.state());
        self.client = client;
        self.sets = sets;
        self.parked = parked;
        self.notices.clear();
    }

    pub(crate) fn call(&mut self, request: &Request) -> Result<Response, Refusal> {
        match self.client.call(request, deadline()) {
            Ok(response) => Ok(response),
            Err(ClientError::Refused(refusal)) => Err(refusal),
            Err(error) => panic!("{request:?}: {error:?}"),
        }
    }

    pub(crate) fn open(&mut self, ulid: PaneUlid, spec: &SpawnSpec) -> CustodySet {
        self.open_with(ulid, spec, TERMS).expect("a pane")
    }

    pub(crate) fn open_with(
        &mut self,
        ulid: PaneUlid,
        spec: &SpawnSpec,
        terms: Terms,
    ) -> Result<CustodySet, Refusal> {
        let spec = Arc::new(spec.seal().expect("a memfd"));
        match self.call(&Request::Open { ulid, size: SIZE, terms, spec })? {
            Response::Opened { set, existing: false } => Ok(set),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn status(&mut self) -> Status {
        match self.call(&Request::Status) {
            Ok(Response::Status(status)) => status,
            other => panic!("{other:?}"),
        }
    }

    /// Asks until the keeper says what is wanted; each question is a round trip to it.
    pub(crate) fn status_until(&mut self, what: &str, wanted: impl Fn(&Status) -> bool) -> Status {
        let until = deadline();
        loop {
            let status = self.status();
            if wanted(&status) {
                return status;
            }
            assert!(Instant::now() < until, "timed out: {what}: {status:?}");
        }
    }

    /// Keeper, spare and server hold every set.
    pub(crate) fn full_custody(&mut self) -> Status {
        self.status_until("a spare", |status| status.spare != 0)
    }

    pub(crate) fn pane(&mut self, ulid: PaneUlid) -> PaneStatus {
        match self.call(&Request::List { after: None }) {
            Ok(Response::Panes { panes, .. }) => {
                panes.into_iter().find(|pane| pane.ulid == ulid).expect("the pane is listed")
            }
            other => panic!("{other:?}"),
        }
    }

    /// The first notice that `pick` takes, past or future.
    pub(crate) fn notice<T>(&mut self, what: &str, pick: impl Fn(&Notice) -> Option<T>) -> T {
        let until = deadline();
        loop {
            if let Some(at) = self.notices.iter().position(|notice| pick(notice).is_some()) {
                return pick(&self.notices.remove(at)).expect("it was picked a moment ago");
            }
            match self.client.receive() {
                Ok(Some(Message::Notice(notice))) => self.notices.push(notice),
                Ok(Some(other)) => panic!("{other:?}"),
                Ok(None) => wait(&[&self.client], until, what),
                Err(error) => panic!("{what}: {error:?}"),
            }
        }
    }

    pub(crate) fn exit_of(&mut self, ulid: PaneUlid) -> ExitStatus {
        self.notice("the pane's exit", |notice| match notice {
            Notice::Exited { ulid: of, status, .. } if *of == ulid => Some(*status),
            _ => None,
        })
    }

    pub(crate) fn kill_keeper(&mut self) {
        let keeper = self.client.keeper().clone();
        kill(keeper.pid);
        wait(&[&keeper.pidfd], deadline(), "the keeper's death");
    }

    pub(crate) fn journal(&self, ulid: PaneUlid) -> Vec<u8> {
        let mut bytes = Vec::new();
        for file in journal_files(&self.pane_dir(ulid)).expect("journal files") {
            assert_eq!(file.first.0, bytes.len() as u64, "files follow each other without a hole");
            bytes.extend(std::fs::read(file.path).expect("a journal file"));
        }
        bytes
    }

    pub(crate) fn journal_len(&self, ulid: PaneUlid) -> u64 {
        let files = journal_files(&self.pane_dir(ulid)).expect("journal files");
        files.last().map_or(0, |file| file.first.0 + file.len)
    }

    pub(crate) fn events(&self, ulid: PaneUlid) -> Vec<Event> {
        let mut reader = EventReader::open(&self.pane_dir(ulid)).expect("events");
        std::iter::from_fn(|| reader.next_event().expect("a good record")).collect()
    }

    /// Waits on the pane's eventfd, as the server does, until `done`.
    pub(crate) fn wait_journal(&self, set: &CustodySet, what: &str, done: impl Fn(&Self) -> bool) {
        let until = deadline();
        while !done(self) {
            wait(&[&set.fds.eventfd], until, what);
            let _ = rustix::io::read(&set.fds.eventfd, &mut [0_u8; 8]);
        }
    }

    pub(crate) fn wait_text(&self, set: &CustodySet, text: &str) {
        self.wait_journal(set, text, |world| {
            String::from_utf8_lossy(&world.journal(set.ulid)).contains(text)
        });
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // Whatever is left of a failed case is ended by the outer process.
        let _ = self.client.call(&Request::Shutdown { kill: true }, deadline());
        wait(&[&self.client.keeper().pidfd], deadline(), "the keeper leaves when told");
    }
}

pub(crate) fn start(state: &Path) -> Connected {
    let exe = exe();
    // What keepers say, for whoever looks for the cause of a failure.
    let log = std::env::var_os("CCC_KEEPER_TEST_LOG");
    let log = log.map(|path| {
        std::fs::OpenOptions::new().create(true).append(true).open(path).expect("a log file")
    });
    let start = Start { state_dir: state, exe: &exe, log: log.as_ref() };
    let restart = SpawnSpec { program: "/bin/true".into(), cwd: "/".into(), ..Default::default() };
    let hello = Hello { role: Role::Server, build: "test", restart: Some(&restart) };
    connect_or_start(&start, &hello, deadline()).expect("a keeper")
}

pub(crate) fn exe() -> PathBuf {
    std::env::current_exe().expect("/proc")
}

pub(crate) fn ulid(number: u32) -> PaneUlid {
    PaneUlid::from_str(&format!("01K0{number:022}")).expect("a ulid")
}

/// A shell command with an environment of its own.
pub(crate) fn sh(script: &str) -> SpawnSpec {
    SpawnSpec {
        program: "/bin/sh".into(),
        arguments: vec!["-c".into(), script.into()],
        environment: vec![("PATH".into(), std::env::var_os("PATH").unwrap_or_default())],
        cwd: "/".into(),
        umask: 0o022,
        ..Default::default()
    }
}

/// This binary in another part.
pub(crate) fn own(arguments: &[&str]) -> SpawnSpec {
    let arguments = arguments.iter().map(Into::into).collect();
    SpawnSpec { program: exe().into(), arguments, ..sh("") }
}

pub(crate) fn type_into(set: &CustodySet, bytes: &[u8]) {
    let written = rustix::io::write(&set.fds.master, bytes).expect("room in the terminal");
    assert_eq!(written, bytes.len());
}

pub(crate) fn kill(pid: u32) {
    signal(pid, Signal::KILL);
}

pub(crate) fn signal(pid: u32, signal: Signal) {
    rustix::process::kill_process(to_pid(pid), signal).expect("a process");
}

pub(crate) fn pidfd(pid: u32) -> OwnedFd {
    rustix::process::pidfd_open(to_pid(pid), PidfdFlags::empty()).expect("a process")
}

fn to_pid(pid: u32) -> Pid {
    i32::try_from(pid).ok().and_then(Pid::from_raw).expect("a process id")
}

pub(crate) fn open_fds(pid: u32) -> usize {
    std::fs::read_dir(format!("/proc/{pid}/fd")).expect("/proc").count()
}
