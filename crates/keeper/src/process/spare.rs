//! The spare: it holds every descriptor the keeper holds, and does nothing until the keeper dies.
//!
//! Then it contends for the lock. If it wins it becomes the keeper in place, with everything already
//! in its hands; if another won, it offers what it has to that one and is its spare.

use std::collections::{BTreeMap, BTreeSet};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ccc_journal::PaneUlid;
use rustix::event::{PollFd, PollFlags};

use super::{Estate, KeeperArgs, await_end, say, wait_readable};
use crate::client::{ClientError, Connected, Hello, KeeperClient};
use crate::custody::CustodySet;
use crate::error::KeeperError;
use crate::protocol::{Message, Notice, Role, ServerHandle};
use crate::rundir::{Holder, Lock, Locking, RunDir};

/// How long a keeper may take to answer its spare.
const PATIENCE: Duration = Duration::from_secs(10);

/// Everything in custody.
#[derive(Debug, Default)]
struct Holdings {
    sets: BTreeMap<PaneUlid, CustodySet>,
    parked: BTreeMap<String, Arc<OwnedFd>>,
    server: Option<ServerHandle>,
}

/// Why a spare stopped following a keeper.
enum End {
    KeeperDied,
    /// The keeper has no use for this spare any more.
    Retired,
}

/// Follows keepers until this process is the keeper, or `None` when it is to leave.
pub(super) fn run(
    args: &KeeperArgs,
    run_dir: &RunDir,
) -> Result<Option<(Lock, Estate)>, KeeperError> {
    let _mark = run_dir.mark_spare().map_err(KeeperError::io("mark this process as the spare"))?;
    let mut holdings = Holdings::default();
    let failed = |source| KeeperError::Spare { source: Box::new(source) };
    let mut connected = connect(args).map_err(failed)?;
    loop {
        let missing = holdings.merge(&mut connected);
        connected.client.adopt(&missing, Instant::now() + PATIENCE).map_err(failed)?;
        match follow(&mut connected.client, &mut holdings)? {
            End::Retired => return Ok(None),
            End::KeeperDied => {}
        }
        match succeed(args, run_dir)? {
            Succession::Ours(lock) => {
                say(format_args!("takes over {} panes", holdings.sets.len()));
                return Ok(Some((lock, holdings.into())));
            }
            Succession::Other(other) => connected = other,
        }
    }
}

fn connect(args: &KeeperArgs) -> Result<Connected, ClientError> {
    let hello = Hello { role: Role::Spare, build: &args.build, restart: None };
    KeeperClient::connect(&args.state_dir, &hello, Instant::now() + PATIENCE)
}

/// Receives what the keeper gives and takes, until the keeper is gone.
fn follow(client: &mut KeeperClient, holdings: &mut Holdings) -> Result<End, KeeperError> {
    loop {
        match client.receive() {
            Ok(Some(Message::Notice(Notice::Retire))) => return Ok(End::Retired),
            Ok(Some(Message::Notice(notice))) => holdings.apply(notice),
            Ok(Some(_)) => {}
            Ok(None) => {
                let pidfd = Arc::clone(&client.keeper().pidfd);
                let mut fds = [
                    PollFd::new(&pidfd, PollFlags::IN),
                    PollFd::from_borrowed_fd(client.as_fd(), PollFlags::IN),
                ];
                match rustix::event::poll(&mut fds, None) {
                    Ok(_) | Err(rustix::io::Errno::INTR) => {}
                    Err(errno) => return Err(KeeperError::io("wait for the keeper")(errno)),
                }
            }
            // The socket of a process closes a moment before its pidfd says that it has ended. A
            // keeper that lives on has left this spare.
            Err(_closed) => {
                let ended = wait_readable(&client.keeper().pidfd, Some(PATIENCE));
                return Ok(if ended { End::KeeperDied } else { End::Retired });
            }
        }
    }
}

enum Succession {
    Ours(Lock),
    Other(Connected),
}

/// Takes the dead keeper's place, or finds who has.
fn succeed(args: &KeeperArgs, run_dir: &RunDir) -> Result<Succession, KeeperError> {
    loop {
        let locking = run_dir.lock().map_err(KeeperError::io("lock the state directory"))?;
        let holder = match locking {
            Locking::Ours { lock, predecessor } => {
                await_end(predecessor);
                return Ok(Succession::Ours(lock));
            }
            Locking::Held(holder) => holder,
        };
        match connect(args) {
            Ok(connected) => return Ok(Succession::Other(connected)),
            Err(ClientError::Absent { .. } | ClientError::Closed) => {}
            Err(error) => return Err(KeeperError::Spare { source: Box::new(error) }),
        }
        // It has the lock and does not listen yet, or died in between. It listens within moments;
        // a look every now and then is all that is needed, and its death ends the wait at once.
        if let Some(pidfd) = holder.and_then(Holder::pidfd) {
            wait_readable(&pidfd, Some(Duration::from_millis(20)));
        }
    }
}

impl Holdings {
    /// Adds what the keeper has, and gives what only this spare has. Nothing else may be offered:
    /// a pane that the keeper has and is closing at this moment would come back.
    fn merge(&mut self, connected: &mut Connected) -> Vec<CustodySet> {
        let theirs: BTreeSet<PaneUlid> = connected.sets.iter().map(|set| set.ulid).collect();
        let ours = self.sets.values().filter(|set| !theirs.contains(&set.ulid));
        let missing = ours.cloned().collect();
        self.apply(Notice::Custody { sets: std::mem::take(&mut connected.sets) });
        self.parked.extend(connected.parked.drain(..));
        self.server = connected.server.take().or_else(|| self.server.take());
        missing
    }

    fn apply(&mut self, notice: Notice) {
        match notice {
            Notice::Custody { sets } => {
                // The first one stays: both are the same pane, and it is in use.
                for set in sets {
                    self.sets.entry(set.ulid).or_insert(set);
                }
            }
            Notice::Exited { ulid, status, .. } => {
                if let Some(set) = self.sets.get_mut(&ulid) {
                    set.exit = Some(status);
                }
            }
            Notice::Closed { ulid } => drop(self.sets.remove(&ulid)),
            Notice::Parked { name, fd } => drop(self.parked.insert(name, fd)),
            Notice::Unparked { name } => drop(self.parked.remove(&name)),
            Notice::Server { server } => self.server = server,
            Notice::Synced | Notice::State { .. } | Notice::Retire | Notice::Upgraded { .. } => {}
        }
    }
}

impl From<Holdings> for Estate {
    fn from(holdings: Holdings) -> Self {
        Self {
            sets: holdings.sets.into_values().collect(),
            parked: holdings.parked.into_iter().collect(),
            server: holdings.server,
        }
    }
}
