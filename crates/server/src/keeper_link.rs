//! The link to the keeper: one connection, requests with answers, the custody sets, and the keeper's
//! resurrection. Owns no pane: what the keeper says about one goes to whoever listens.

mod handle;
mod link;

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ccc_journal::PaneUlid;
use ccc_keeper::client::{ClientError, Connected, Hello, Start, connect_or_start};
use ccc_keeper::protocol::{PaneState, Role};
use ccc_keeper::{CustodySet, SpawnSpec};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

pub(crate) use handle::{KeeperFailure, KeeperHandle};

/// Requests that may wait for the link's task: it takes them at once unless the keeper is away, and
/// then more waiting would help nobody.
const REQUESTS: usize = 256;
/// Notices that may wait for the server: one per pane at most matters, and a pane's end is read
/// again from its events.
const NOTICES: usize = 1024;
/// How long a keeper may take to answer its hello and to hand over every descriptor.
const CONNECT: Duration = Duration::from_secs(10);
/// Waits before the attempts to reach or restart a keeper; the last one repeats.
const BACK_OFF: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(100), Duration::from_secs(1), Duration::from_secs(5)];

/// How to reach the keeper and how it may restart this server.
#[derive(Clone, Debug)]
pub(crate) struct KeeperTerms {
    pub(crate) state_dir: PathBuf,
    pub(crate) exe: PathBuf,
    pub(crate) restart: SpawnSpec,
}

/// What the keeper says about a pane unasked.
#[derive(Clone, Debug)]
pub(crate) enum KeeperNotice {
    State { ulid: PaneUlid, state: PaneState },
}

/// The keeper as it was last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeeperState {
    /// 0 while there is none.
    pub(crate) pid: u32,
    pub(crate) splice: bool,
    pub(crate) build: String,
}

/// Connects, starting a keeper when there is none. Blocks, at most for [`CONNECT`].
pub(crate) fn connect(terms: &KeeperTerms) -> Result<Connected, ClientError> {
    // The keeper's words are few; without the file they are dropped.
    let log = open_log(&terms.state_dir).ok();
    let hello = Hello {
        role: Role::Server,
        build: env!("CARGO_PKG_VERSION"),
        restart: Some(&terms.restart),
    };
    connect_or_start(
        &Start { exe: &terms.exe, state_dir: &terms.state_dir, log: log.as_ref() },
        &hello,
        Instant::now() + CONNECT,
    )
}

fn open_log(state_dir: &Path) -> io::Result<File> {
    let path = state_dir.join("log").join("keeper.log");
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}

/// The running link and what it says.
pub(crate) struct KeeperLink {
    pub(crate) handle: KeeperHandle,
    pub(crate) notices: mpsc::Receiver<KeeperNotice>,
    /// To be driven by a task until the token is cancelled.
    pub(crate) run: link::Link,
}

/// What the keeper held when it was found.
pub(crate) struct Found {
    pub(crate) sets: Vec<CustodySet>,
    pub(crate) parked: Vec<Parked>,
}

/// A descriptor that a former life of this server left with the keeper, and its name.
pub(crate) type Parked = (String, Arc<OwnedFd>);

/// Makes the link around a first connection.
pub(crate) fn link(
    terms: KeeperTerms,
    connected: Connected,
    token: CancellationToken,
) -> (KeeperLink, Found) {
    let Connected { client, sets, parked, .. } = connected;
    let (asks, asked) = mpsc::channel(REQUESTS);
    let (notify, notices) = mpsc::channel(NOTICES);
    let (state, seen) = watch::channel(link::seen(&client));
    let run = link::Link::new(terms, client, sets.clone(), asked, notify, state, token);
    let link = KeeperLink { handle: KeeperHandle::new(asks, seen), notices, run };
    (link, Found { sets, parked })
}
