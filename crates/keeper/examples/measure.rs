//! What the keeper costs: the time from a program's byte to the server's wake-up, alone and beside
//! floods, and how fast a flood gets through, against a bare PTY.
//!
//! `cargo run --release -p ccc-keeper --example measure [ECHOES]`. It is its own keeper.

#![expect(
    clippy::print_stdout,
    clippy::panic,
    reason = "a measurement prints, and stops when wrong"
)]

use std::error::Error;
use std::io::Write;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ccc_journal::{Size, journal_files};
use ccc_keeper::client::{Connected, Hello, KeeperClient, Start, connect_or_start};
use ccc_keeper::protocol::{Request, Response, Role};
use ccc_keeper::{CustodySet, KeeperArgs, SpawnSpec, Terms};
use rustix::event::{PollFd, PollFlags};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const SIZE: Size = Size { cols: 80, rows: 24 };
const FLOOD: u64 = 100 * 1024 * 1024;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("keeper") => {
            let spare = arguments.iter().any(|argument| argument == "--spare");
            let state_dir = arguments[2].clone().into();
            Ok(ccc_keeper::run(&KeeperArgs { state_dir, spare, build: "measure".to_owned() })?)
        }
        Some("flood") => flood(),
        count => measure(count.map_or(Ok(3000), str::parse)?),
    }
}

/// Lines as a log has them, as many bytes as asked, or without end.
fn flood() -> Result<()> {
    let line = format!("2026-01-01T00:00:00 info {}\n", "a line of a log ".repeat(4));
    let chunk = line.repeat(64 * 1024 / line.len());
    let mut left = std::env::args().nth(2).map_or(Ok(u64::MAX), |bytes| bytes.parse())?;
    let mut out = std::io::stdout().lock();
    while left > 0 {
        let len = chunk.len().min(usize::try_from(left)?);
        out.write_all(&chunk.as_bytes()[..len])?;
        left -= len as u64;
    }
    Ok(())
}

fn measure(echoes: usize) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let state = dir.path().join("state");
    let exe = std::env::current_exe()?;
    let start = Start { state_dir: &state, exe: &exe, log: None };
    let restart = SpawnSpec { program: "/bin/true".into(), cwd: "/".into(), ..Default::default() };
    let hello = Hello { role: Role::Server, build: "measure", restart: Some(&restart) };
    let Connected { mut client, .. } = connect_or_start(&start, &hello, deadline())?;
    let client = &mut client;

    let cat = open(client, 1, &spec("/bin/sh", &["-c", "stty raw -echo; printf .; exec cat"]))?;
    let mut tail = Tail::new(&state, &cat)?;
    tail.wait_for(1)?;
    report(
        "echo, keeper alone",
        &mut (0..echoes).map(|_| tail.echo()).collect::<Result<Vec<_>>>()?,
    );

    let began = Instant::now();
    let exe = exe.display().to_string();
    let flooding = open(client, 2, &spec(&exe, &["flood", &FLOOD.to_string()]))?;
    Tail::new(&state, &flooding)?.wait_for(FLOOD)?;
    let rate = |elapsed: Duration| FLOOD as f64 / elapsed.as_secs_f64() / f64::from(1 << 20);
    println!("flood through the keeper: {:.0} MiB/s", rate(began.elapsed()));
    println!("flood through a bare PTY: {:.0} MiB/s", rate(bare(&exe)?));

    for number in 100..200 {
        open(client, number, &spec("/bin/cat", &[]))?;
    }
    let keeper = client.keeper().pid;
    let (pidfd, before) = (client.keeper().pidfd.clone(), sleeps(keeper)?);
    let quiet = rustix::event::Timespec { tv_sec: 5, tv_nsec: 0 };
    // Nothing shall happen for that long; the keeper's death would end it.
    rustix::event::poll(&mut [PollFd::new(&*pidfd, PollFlags::IN)], Some(&quiet))?;
    println!("wake-ups with 102 idle panes in 5 s: {}", sleeps(keeper)? - before);

    for number in 0..16 {
        open(client, 10 + number, &spec(&exe, &["flood"]))?;
    }
    while client_flooding(client)? < 16 {}
    report(
        "echo beside 16 floods",
        &mut (0..echoes).map(|_| tail.echo()).collect::<Result<Vec<_>>>()?,
    );
    let memory = std::fs::read_to_string(format!("/proc/{}/status", client.keeper().pid))?;
    let rss = memory.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    println!("keeper {}", rss.split_whitespace().collect::<Vec<_>>().join(" "));
    client.call(&Request::Shutdown { kill: true }, deadline())?;
    rustix::event::poll(&mut [PollFd::new(&*client.keeper().pidfd, PollFlags::IN)], None)?;
    Ok(())
}

/// How often the threads of a process have gone to sleep.
fn sleeps(pid: u32) -> Result<u64> {
    let mut sum = 0;
    for task in std::fs::read_dir(format!("/proc/{pid}/task"))? {
        let status = std::fs::read_to_string(task?.path().join("status"))?;
        let line = status.lines().find(|line| line.starts_with("voluntary_ctxt_switches"));
        sum += line.and_then(|line| line.split_whitespace().nth(1)).map_or(Ok(0), str::parse)?;
    }
    Ok(sum)
}

fn deadline() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

fn spec(program: &str, arguments: &[&str]) -> SpawnSpec {
    SpawnSpec {
        program: program.into(),
        arguments: arguments.iter().map(Into::into).collect(),
        environment: vec![("PATH".into(), "/usr/bin:/bin".into())],
        cwd: "/".into(),
        ..Default::default()
    }
}

fn open(client: &mut KeeperClient, number: u32, spec: &SpawnSpec) -> Result<CustodySet> {
    let ulid = format!("01K0{number:022}").parse()?;
    let terms = Terms { hard_cap: 1 << 40, rotate_bytes: 8 << 20 };
    let spec = Arc::new(spec.seal()?);
    match client.call(&Request::Open { ulid, size: SIZE, terms, spec }, deadline())? {
        Response::Opened { set, .. } => Ok(set),
        other => panic!("{other:?}"),
    }
}

fn client_flooding(client: &mut KeeperClient) -> Result<u32> {
    match client.call(&Request::Status, deadline())? {
        Response::Status(status) => Ok(status.flooding),
        other => panic!("{other:?}"),
    }
}

/// A pane as the server follows it: an eventfd to wait on, and a file of its own to read.
struct Tail {
    dir: std::path::PathBuf,
    master: Arc<OwnedFd>,
    eventfd: Arc<OwnedFd>,
    offset: u64,
}

impl Tail {
    fn new(state: &Path, set: &CustodySet) -> Result<Self> {
        let (master, eventfd) = (Arc::clone(&set.fds.master), Arc::clone(&set.fds.eventfd));
        Ok(Self { dir: set.ulid.dir(state), master, eventfd, offset: 0 })
    }

    fn wait_for(&mut self, bytes: u64) -> Result<()> {
        while self.offset < bytes {
            wake(&self.eventfd)?;
            let files = journal_files(&self.dir)?;
            self.offset = files.last().map_or(0, |file| file.first.0 + file.len);
        }
        Ok(())
    }

    /// From a typed byte to the same byte, read from the journal.
    fn echo(&mut self) -> Result<Duration> {
        let files = journal_files(&self.dir)?;
        let file = std::fs::File::open(&files[files.len() - 1].path)?;
        let at = self.offset - files[files.len() - 1].first.0;
        let began = Instant::now();
        rustix::io::write(&self.master, b"x")?;
        let mut byte = [0];
        while file.read_at(&mut byte, at)? == 0 {
            wake(&self.eventfd)?;
        }
        self.offset += 1;
        Ok(began.elapsed())
    }
}

fn wake(fd: impl AsFd) -> Result<()> {
    rustix::event::poll(&mut [PollFd::new(&fd, PollFlags::IN)], None)?;
    let _ = rustix::io::read(&fd, &mut [0_u8; 8]);
    Ok(())
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |part: usize| times[(times.len() - 1) * part / 1000];
    println!("{what}: p50 {:.1?}, p99 {:.1?}, p99.9 {:.1?}", at(500), at(990), at(999));
}

/// The same flood into a terminal that somebody simply reads.
fn bare(exe: &str) -> Result<Duration> {
    let pair = portable_pty::native_pty_system().openpty(portable_pty::PtySize::default())?;
    let mut command = portable_pty::CommandBuilder::new(exe);
    command.args(["flood", &FLOOD.to_string()]);
    let began = Instant::now();
    let _child = pair.slave.spawn_command(command)?;
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader()?;
    let mut buffer = vec![0; 64 * 1024];
    while std::io::Read::read(&mut reader, &mut buffer)? > 0 {}
    Ok(began.elapsed())
}
