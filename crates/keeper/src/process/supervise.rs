//! Server and spare: seeing them die, and starting them again.
//!
//! The server is started as it was the first time, by the spec of its hello, and not after it said
//! that it leaves on purpose. The spare is this program. Neither is a child of the keeper.

use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use rustix::process::Signal;

use super::control::{Control, Source};
use super::respawn::Respawn;
use super::{program, say};
use crate::daemon::{self, Detached};
use crate::protocol::{Notice, ServerHandle};
use crate::spec::SpawnSpec;
use crate::system;

/// The server as of its last hello, or as it was started last.
#[derive(Debug)]
pub(super) struct ServerWatch {
    handle: Option<ServerHandle>,
    /// Tells this server's process from earlier ones.
    life: u64,
    connection: Option<u64>,
    alive: bool,
    /// It said that it leaves.
    goodbye: bool,
    respawn: Respawn,
}

#[derive(Debug)]
pub(super) struct SpareWatch {
    /// The newest spare that greeted.
    pub(super) connection: Option<u64>,
    /// The one that was started last, which may not have greeted yet.
    process: Option<Detached>,
    life: u64,
    respawn: Respawn,
}

impl ServerWatch {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            handle: None,
            life: 0,
            connection: None,
            alive: false,
            goodbye: false,
            respawn: Respawn::new(now),
        }
    }

    pub(super) fn connection(&self) -> Option<u64> {
        self.connection
    }

    pub(super) fn handle(&self) -> Option<&ServerHandle> {
        self.handle.as_ref()
    }

    /// There is a server, or there will be one again.
    pub(super) fn is_known(&self) -> bool {
        self.handle.is_some()
    }

    /// It left on purpose.
    pub(super) fn has_left(&self) -> bool {
        self.goodbye && !self.alive
    }

    pub(super) fn has_said_goodbye(&self) -> bool {
        self.goodbye
    }

    pub(super) fn due_at(&self) -> Option<Instant> {
        self.respawn.due_at()
    }
}

impl SpareWatch {
    pub(super) fn new(now: Instant) -> Self {
        Self { connection: None, process: None, life: 0, respawn: Respawn::new(now) }
    }

    pub(super) fn due_at(&self) -> Option<Instant> {
        self.respawn.due_at()
    }
}

impl Control {
    pub(super) fn supervise(&mut self, now: Instant) {
        if self.server.respawn.is_due(now) {
            self.start_server(now);
        }
        if self.spare.respawn.is_due(now) {
            self.start_spare(now);
        }
    }

    /// From now on this is the server: it is started again when it dies.
    pub(super) fn watch_server(&mut self, handle: ServerHandle, pid: u32, connection: Option<u64>) {
        self.forget_server_process();
        let life = self.next_id();
        self.watch(&handle.pidfd, Source::Server(life));
        if pid > 0 {
            say(format_args!("the server is process {pid}"));
        }
        self.server.life = life;
        self.server.connection = connection;
        self.server.alive = true;
        self.server.goodbye = false;
        self.server.handle = Some(handle);
        if connection.is_some() || pid == 0 {
            self.server.respawn.greeted(Instant::now());
        } else {
            self.server.respawn.started();
        }
        self.tell_spares_of_server();
    }

    fn forget_server_process(&self) {
        if let Some(handle) = &self.server.handle {
            self.ignore(&handle.pidfd);
        }
    }

    /// The server leaves on purpose. One that was replaced already says nothing about its successor.
    pub(super) fn server_says_goodbye(&mut self, connection: u64) {
        if self.server.connection == Some(connection) {
            self.server_is_not_wanted();
        }
    }

    /// The server leaves on purpose, or with the keeper: it is not brought back.
    pub(super) fn server_is_not_wanted(&mut self) {
        self.server.goodbye = true;
        self.server.respawn.cancel();
        self.tell_spares_of_server();
    }

    pub(super) fn server_ended(&mut self, life: u64) {
        if self.server.life != life {
            return;
        }
        self.forget_server_process();
        self.server.alive = false;
        if self.server.goodbye {
            return;
        }
        say(format_args!("the server died"));
        self.server.respawn.died(Instant::now());
    }

    fn start_server(&mut self, now: Instant) {
        self.server.respawn.cancel();
        let Some(handle) = self.server.handle.clone() else { return };
        let started = SpawnSpec::unseal(&handle.spec)
            .map_err(std::io::Error::other)
            .and_then(|spec| daemon::spawn(&mut server_command(&spec)));
        match started {
            Ok(Detached { pid, pidfd }) => {
                self.watch_server(ServerHandle { pidfd: Arc::new(pidfd), ..handle }, pid, None);
            }
            Err(error) => {
                say(format_args!("could not start the server: {error}"));
                self.server.respawn.died(now);
            }
        }
    }

    fn tell_spares_of_server(&mut self) {
        if let Some(id) = self.spare.connection {
            let notice = self.server_notice();
            self.notify(id, &notice);
        }
    }

    fn server_notice(&self) -> Notice {
        let handle = self.server.handle.clone().filter(|_| !self.server.goodbye);
        Notice::Server { server: handle }
    }

    /// A spare greeted, and takes the place of the one before.
    pub(super) fn spare_arrived(&mut self, id: u64) {
        if let Some(old) = self.spare.connection.replace(id) {
            self.notify(old, &Notice::Retire);
        }
        let notice = self.server_notice();
        self.notify(id, &notice);
        self.spare.respawn.greeted(Instant::now());
    }

    pub(super) fn start_spare(&mut self, now: Instant) {
        self.spare.respawn.cancel();
        // One that was started and does not greet is of no use any more.
        if let Some(Detached { pidfd, .. }) = self.spare.process.take() {
            self.ignore(&pidfd);
            let _ = rustix::process::pidfd_send_signal(&pidfd, Signal::KILL);
        }
        let mut command = Command::new(program(&self.exe));
        command.args(["keeper", "--state"]).arg(&self.args.state_dir).arg("--spare");
        command.stdin(Stdio::null()).env_remove(super::upgrade::HANDOVER);
        match daemon::spawn(&mut command) {
            Ok(spare) => {
                let life = self.next_id();
                self.watch(&spare.pidfd, Source::Spare(life));
                self.spare.life = life;
                self.spare.process = Some(spare);
                self.spare.respawn.started();
            }
            Err(error) => {
                say(format_args!("could not start a spare: {error}"));
                self.spare.respawn.died(now);
            }
        }
    }

    pub(super) fn spare_ended(&mut self, life: u64) {
        if self.spare.life != life {
            return;
        }
        if let Some(Detached { pidfd, .. }) = self.spare.process.take() {
            self.ignore(&pidfd);
        }
        if self.spare.connection.is_none() {
            self.spare.respawn.died(Instant::now());
        }
    }

    pub(super) fn connection_lost(&mut self, id: u64) {
        if self.server.connection == Some(id) {
            self.server.connection = None;
        }
        if self.spare.connection == Some(id) {
            self.spare.connection = None;
            self.spare.respawn.died(Instant::now());
        }
    }
}

#[expect(unsafe_code, reason = "the child sets its own limits between fork and exec")]
fn server_command(spec: &SpawnSpec) -> Command {
    let mut command = Command::new(&spec.program);
    command.args(&spec.arguments).env_clear();
    command.envs(spec.environment.iter().map(|(name, value)| (name, value)));
    // A directory that is gone is no reason to leave programs without their server.
    command.current_dir(if spec.cwd.is_dir() { spec.cwd.as_path() } else { "/".as_ref() });
    command.stdin(Stdio::null());
    let (umask, nofile) = (spec.umask, spec.nofile);
    // SAFETY: only system calls run here, on values that were copied in; nothing is allocated and
    // no lock is taken.
    unsafe {
        command.pre_exec(move || {
            rustix::process::umask(rustix::fs::Mode::from_raw_mode(umask));
            if nofile > 0 {
                system::limit_nofile(Some(nofile))?;
            }
            neutral_oom_score();
            Ok(())
        });
    }
    command
}

/// Without allocating, for between fork and exec. Raising the score needs no privilege.
fn neutral_oom_score() {
    let flags = rustix::fs::OFlags::WRONLY | rustix::fs::OFlags::CLOEXEC;
    let path = c"/proc/self/oom_score_adj";
    if let Ok(fd) = rustix::fs::open(path, flags, rustix::fs::Mode::empty()) {
        let _ = rustix::io::write::<&OwnedFd>(&fd, b"0");
    }
}
