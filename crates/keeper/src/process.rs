//! The keeper process: how it starts, and which of its two parts it plays.
//!
//! The keeper itself is [`control`], which owns everything but the bytes, with two [`mover`]
//! threads that own those. The spare is [`spare`]: it holds descriptors, and becomes the keeper in
//! place when the keeper dies. [`upgrade`] is how a keeper replaces its own program.

mod connection;
mod control;
mod flow;
mod hands;
mod mover;
mod pane;
mod panes;
mod peers;
mod requests;
mod reserve;
mod respawn;
mod spare;
mod spawn;
mod supervise;
mod upgrade;

use std::io::Write;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};
use rustix::fs::Mode;

use crate::custody::CustodySet;
use crate::error::KeeperError;
use crate::protocol::ServerHandle;
use crate::rundir::{Holder, Locking, RunDir};
use crate::system;
use control::Control;

/// Of all processes of a user the keeper shall be the last to go when memory runs out, short of
/// never: then a leak of its own could not be ended.
const OOM_SCORE: i16 = -900;
/// The program of the process that opens it.
const RUNNING: &str = "/proc/self/exe";

/// How a keeper is started.
#[derive(Clone, Debug)]
pub struct KeeperArgs {
    /// The server's state directory.
    pub state_dir: PathBuf,
    /// Hold descriptors and wait for the keeper's death, instead of being the keeper.
    pub spare: bool,
    /// Version and build of the binary, shown to whoever asks.
    pub build: String,
}

/// What one keeper leaves to the next.
#[derive(Debug, Default)]
struct Estate {
    sets: Vec<CustodySet>,
    parked: Vec<(String, Arc<OwnedFd>)>,
    server: Option<ServerHandle>,
}

/// Runs the keeper, or its spare, until it is told to end.
///
/// To be called early in `main`, while the process has one thread: it changes what belongs to the
/// whole process, such as signal actions, umask and limits.
pub fn run(args: &KeeperArgs) -> Result<(), KeeperError> {
    let state_dir = std::path::absolute(&args.state_dir)
        .map_err(KeeperError::io("find the state directory"))?;
    let args = &KeeperArgs { state_dir, ..args.clone() };
    die_of_a_panic();
    system::default_signals();
    system::block_file_size_signal();
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    rustix::process::chdir("/").map_err(KeeperError::io("leave the working directory"))?;
    // As many descriptors as the system gives: seven for each pane.
    let _ = system::limit_nofile(None);
    // Needs a privilege; without it the keeper is as likely to be ended as any other process.
    let _ = system::set_oom_score_adj(OOM_SCORE);

    let exe = own_program();
    if let Some(handover) = upgrade::received()? {
        return handover.resume(args, exe)?.run();
    }
    let run_dir = RunDir::open(&args.state_dir)?;
    if args.spare {
        let Some((lock, estate)) = spare::run(args, &run_dir)? else { return Ok(()) };
        return Control::new(args, exe, run_dir, lock, estate)?.run();
    }
    match run_dir.lock().map_err(KeeperError::io("lock the state directory"))? {
        Locking::Ours { lock, predecessor } => {
            await_end(predecessor);
            Control::new(args, exe, run_dir, lock, Estate::default())?.run()
        }
        Locking::Held(holder) => Err(KeeperError::Held {
            state_dir: args.state_dir.clone(),
            pid: holder.map_or(0, |holder| holder.pid),
        }),
    }
}

/// A thread that panics would leave panes without a mover, and nobody would notice. A process that
/// dies is succeeded within milliseconds.
fn die_of_a_panic() {
    std::panic::set_hook(Box::new(|panic| {
        say(format_args!("{panic}"));
        std::process::abort();
    }));
}

/// Waits until the last holder of the lock is no more. It has given up the lock, so it is dying, and
/// this takes no time; but a byte that two processes move is lost, and this is cheap.
fn await_end(predecessor: Option<Holder>) {
    let own = std::process::id();
    let Some(pidfd) = predecessor.filter(|p| p.pid != own).and_then(Holder::pidfd) else { return };
    while !wait_readable(&pidfd, None) {}
}

/// Waits for `fd`; `false` if the time is over first. `None` is for ever.
fn wait_readable(fd: impl AsFd, time: Option<Duration>) -> bool {
    let deadline = time.map(|time| Instant::now() + time);
    loop {
        let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
        let left = left.and_then(|left| left.try_into().ok());
        match rustix::event::poll(&mut [PollFd::new(&fd, PollFlags::IN)], left.as_ref()) {
            Ok(ready) => return ready > 0,
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}

/// Where this program was started from.
fn own_program() -> PathBuf {
    std::env::current_exe().unwrap_or_else(|_| PathBuf::from(RUNNING))
}

/// The program to start again: what is at its path, so that a new build is taken; if nothing is there
/// any more, what the kernel still has of it.
fn program(exe: &Path) -> &Path {
    if exe.exists() { exe } else { Path::new(RUNNING) }
}

/// Writes a line for whoever reads the keeper's log. Nothing that a pane prints is ever in one.
fn say(line: std::fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stderr(), "keeper {}: {line}", std::process::id());
}
