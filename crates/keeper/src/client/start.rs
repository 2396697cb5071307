//! Connecting to a keeper that may not be there yet, may be dying, or may just be succeeded.
//!
//! Nothing here sleeps: what can change is watched, which is the directory of the socket, the
//! process that holds the lock, and the keeper that was started.

use std::ffi::OsString;
use std::fs::File;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};
use rustix::fs::inotify;

use super::channel::wait_for;
use super::{ClientError, Connected, Hello, KeeperClient};
use crate::daemon::{self, Detached};
use crate::rundir::{Custodian, RunDir};

/// How long the spare, or a keeper that holds the lock already, has to show itself before another
/// one is started. A promotion takes a few milliseconds.
const SUCCESSION: Duration = Duration::from_millis(500);

/// How to start a keeper.
#[derive(Debug)]
pub struct Start<'a> {
    pub state_dir: &'a Path,
    /// The program whose first argument `keeper` runs [`crate::run`].
    pub exe: &'a Path,
    /// Where the keeper's messages go; `None` drops them.
    pub log: Option<&'a File>,
}

/// Connects to the keeper of a state directory, and starts one if none shows itself.
///
/// A keeper that died is succeeded by its spare within milliseconds, so that is waited for first.
/// Starting one too many does no harm: the lock decides, and the loser leaves.
pub fn connect_or_start(
    start: &Start<'_>,
    hello: &Hello<'_>,
    deadline: Instant,
) -> Result<Connected, ClientError> {
    let run_dir = RunDir::open(start.state_dir)?;
    let changes = watch(run_dir.path())?;
    let connect = || match KeeperClient::connect(start.state_dir, hello, deadline) {
        Ok(connected) => Ok(Some(connected)),
        // Not there, or gone in the middle of the greeting.
        Err(ClientError::Absent { .. } | ClientError::Closed) => Ok(None),
        Err(error) => Err(error),
    };
    let succession = deadline.min(Instant::now() + SUCCESSION);
    loop {
        if let Some(connected) = connect()? {
            return Ok(connected);
        }
        if run_dir.custodian().is_none() || !changed(&changes, None, succession)? {
            break;
        }
    }
    let mut started = spawn(start)?;
    loop {
        if let Some(connected) = connect()? {
            return Ok(connected);
        }
        let ended = crate::system::is_readable(&started.pidfd);
        let holder = match run_dir.custodian() {
            // It lost the lock to one that has died since.
            None if ended => {
                started = spawn(start)?;
                continue;
            }
            Some(Custodian::Keeper(holder)) if ended => holder.pidfd(),
            _ => None,
        };
        let watched = if ended { holder.as_ref() } else { Some(&started.pidfd) };
        if !changed(&changes, watched, deadline)? {
            return Err(ClientError::TimedOut { attempt: "start the keeper" });
        }
    }
}

fn spawn(start: &Start<'_>) -> Result<Detached, ClientError> {
    let output = || match start.log {
        Some(log) => log.try_clone().map(Stdio::from),
        None => Ok(Stdio::null()),
    };
    let failed = "start the keeper";
    let mut command = Command::new(start.exe);
    let arguments = [OsString::from("keeper"), "--state".into(), start.state_dir.into()];
    command.args(arguments).stdin(Stdio::null());
    command.stdout(output().map_err(ClientError::io(failed))?);
    command.stderr(output().map_err(ClientError::io(failed))?);
    daemon::spawn(&mut command).map_err(ClientError::io(failed))
}

/// Reports names that come to be in the directory: the socket, above all.
fn watch(run_dir: &Path) -> Result<OwnedFd, ClientError> {
    let attempt = "watch the directory of the keeper's socket";
    let flags = inotify::CreateFlags::CLOEXEC | inotify::CreateFlags::NONBLOCK;
    let changes = inotify::init(flags).map_err(ClientError::io(attempt))?;
    let moved = inotify::WatchFlags::MOVED_TO;
    inotify::add_watch(&changes, run_dir, moved).map_err(ClientError::io(attempt))?;
    Ok(changes)
}

/// Waits until the directory changed or the process ended; `false` if the deadline passed first.
fn changed(
    changes: &OwnedFd,
    process: Option<&OwnedFd>,
    deadline: Instant,
) -> Result<bool, ClientError> {
    let mut fds = vec![PollFd::new(changes, PollFlags::IN)];
    fds.extend(process.map(|process| PollFd::new(process, PollFlags::IN)));
    let any = wait_for(&mut fds, deadline)?;
    let mut seen = [0; 4096];
    // The events themselves say nothing that the next attempt does not find out.
    while rustix::io::read(changes, &mut seen).is_ok_and(|len| len > 0) {}
    Ok(any)
}
