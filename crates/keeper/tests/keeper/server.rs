//! A server in the hands of its keeper: restarted when it dies, left alone when it leaves.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use ccc_keeper::client::{Connected, Hello, Start, connect_or_start};
use ccc_keeper::protocol::{Request, Response, Role, Status};
use ccc_keeper::{SpawnSpec, daemon};
use rustix::process::Signal;

use crate::Case;
use crate::world::{deadline, exe, kill, own, pidfd, sh, signal, wait};

pub(crate) const CASES: &[Case] = &[
    ("server::a_dead_server_is_started_again", a_dead_server_is_started_again),
    ("server::a_server_that_leaves_takes_keeper_and_spare_along", a_server_that_leaves),
    ("server::a_server_that_leaves_panes_is_awaited", a_server_that_leaves_panes_is_awaited),
    ("server::server_and_keeper_die_together", server_and_keeper_die_together),
];

/// `server STATE HELLO BYE`: greets, writes `pid keeper spare` into the fifo HELLO, and does what
/// it reads from the fifo BYE: `s` leave for good, `p` leave a pane behind first.
pub(crate) fn run(arguments: &[String]) -> ExitCode {
    let [state, hello, bye] = arguments else { panic!("{arguments:?}") };
    let restart = own(&["server", state, hello, bye]);
    let start = Start { state_dir: state.as_ref(), exe: &exe(), log: None };
    let greeting = Hello { role: Role::Server, build: "test", restart: Some(&restart) };
    let Connected { mut client, .. } =
        connect_or_start(&start, &greeting, deadline()).expect("a keeper");
    let status = loop {
        match client.call(&Request::Status, deadline()).expect("a status") {
            Response::Status(Status { spare: 0, .. }) => {}
            Response::Status(status) => break status,
            other => panic!("{other:?}"),
        }
    };
    let mut file = OpenOptions::new().write(true).open(hello).expect("a fifo");
    writeln!(file, "{} {} {}", std::process::id(), status.pid, status.spare).expect("a reader");
    drop(file);
    let mut order = [0];
    std::fs::File::open(bye).expect("a fifo").read_exact(&mut order).expect("an order");
    if order == *b"p" {
        let spec = std::sync::Arc::new(sh("exec cat").seal().expect("a memfd"));
        let open = Request::Open {
            ulid: crate::world::ulid(1),
            size: crate::world::SIZE,
            terms: crate::world::TERMS,
            spec,
        };
        client.call(&open, deadline()).expect("a pane");
    }
    client.call(&Request::CleanStop, deadline()).expect("goodbye");
    ExitCode::SUCCESS
}

/// A server process as its fifos show it.
struct Servers {
    dir: tempfile::TempDir,
    hello: BufReader<std::fs::File>,
}

struct Greeting {
    server: u32,
    keeper: u32,
    spare: u32,
}

impl Servers {
    fn start() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        for name in ["hello", "bye"] {
            let path = dir.path().join(name);
            assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
        }
        let path = |name: &str| dir.path().join(name).display().to_string();
        let arguments = ["server", &path("state"), &path("hello"), &path("bye")].map(str::to_owned);
        let SpawnSpec { program, .. } = own(&[]);
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null());
        daemon::spawn(&mut command).expect("a process");
        // Open for both ways, so that it never ends between two servers.
        let hello = dir.path().join("hello");
        let hello = OpenOptions::new().read(true).write(true).open(hello).expect("a fifo");
        Self { dir, hello: BufReader::new(hello) }
    }

    fn greeting(&mut self) -> Greeting {
        if self.hello.buffer().is_empty() {
            wait(&[self.hello.get_ref()], deadline(), "a server");
        }
        let mut line = String::new();
        self.hello.read_line(&mut line).expect("a line");
        let pids: Vec<u32> =
            line.split_whitespace().map(|pid| pid.parse().expect("a pid")).collect();
        Greeting { server: pids[0], keeper: pids[1], spare: pids[2] }
    }

    fn order(&self, order: &[u8]) {
        let bye = self.dir.path().join("bye");
        let mut bye = OpenOptions::new().write(true).open(bye).expect("a fifo");
        bye.write_all(order).expect("a reader");
    }

    fn state(&self) -> std::path::PathBuf {
        self.dir.path().join("state")
    }
}

fn all_end(processes: &[&OwnedFd]) {
    for process in processes {
        wait(&[*process], deadline(), "the end of every process");
    }
}

fn shut_down(state: &Path) {
    let hello = Hello { role: Role::Tool, build: "test", restart: None };
    let connected = ccc_keeper::client::KeeperClient::connect(state, &hello, deadline());
    let mut client = connected.expect("a keeper").client;
    client.call(&Request::Shutdown { kill: true }, deadline()).expect("done");
    wait(&[&client.keeper().pidfd], deadline(), "the keeper leaves");
}

fn a_dead_server_is_started_again() {
    let mut servers = Servers::start();
    let mut last = servers.greeting();
    let mut waits = Vec::new();
    for _ in 0..3 {
        let began = Instant::now();
        kill(last.server);
        let next = servers.greeting();
        waits.push(began.elapsed());
        assert_eq!(next.keeper, last.keeper);
        assert_ne!(next.server, last.server);
        last = next;
    }
    println!("    servers back after {waits:.0?}");
    servers.order(b"s");
    wait(&[&pidfd_or_gone(last.keeper)], deadline(), "the keeper leaves");
}

/// A process that is about to end, or a descriptor that is readable like one that has.
fn pidfd_or_gone(pid: u32) -> OwnedFd {
    let pid = rustix::process::Pid::from_raw(pid.cast_signed()).expect("a process id");
    let flags = rustix::process::PidfdFlags::empty();
    rustix::process::pidfd_open(pid, flags)
        .unwrap_or_else(|_gone| std::fs::File::open("/dev/null").expect("a device").into())
}

fn a_server_that_leaves() {
    let mut servers = Servers::start();
    let greeting = servers.greeting();
    let watched = [greeting.server, greeting.keeper, greeting.spare].map(pidfd);
    servers.order(b"s");
    all_end(&watched.each_ref());
    assert!(!servers.state().join("run/keeper.sock").exists());
}

fn a_server_that_leaves_panes_is_awaited() {
    let mut servers = Servers::start();
    let greeting = servers.greeting();
    let server = pidfd(greeting.server);
    servers.order(b"p");
    all_end(&[&server]);
    // The next server finds the pane with the same keeper, and is the one that counts now.
    let world = crate::world::start(&servers.state());
    assert_eq!(world.client.keeper().pid, greeting.keeper);
    assert_eq!(world.sets.len(), 1);
    drop(world);
    shut_down(&servers.state());
}

fn server_and_keeper_die_together() {
    let mut servers = Servers::start();
    let first = servers.greeting();
    let keeper = pidfd(first.keeper);
    // Stopped first, so that it cannot start another server while it dies.
    signal(first.keeper, Signal::STOP);
    kill(first.server);
    kill(first.keeper);
    wait(&[&keeper], deadline(), "the keeper's death");
    // The spare is the keeper now, and knew whom to start.
    let second = servers.greeting();
    assert_eq!(second.keeper, first.spare);
    assert_ne!(second.server, first.server);
    servers.order(b"s");
    wait(&[&pidfd_or_gone(second.keeper)], deadline(), "the keeper leaves");
}
