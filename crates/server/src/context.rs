//! What every task of a server has at hand: the handles of the others. Owns no state of its own but
//! the map of running panes.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ccc_journal::PaneUlid;
use ccc_net::Identity;
use ccc_proto::PaneId;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::ExitKind;
use crate::audit::Audit;
use crate::book::BookHandle;
use crate::config::Config;
use crate::copies::Copies;
use crate::disk::Disk;
use crate::hands::Hands;
use crate::history::History;
use crate::keeper_link::KeeperHandle;
use crate::pairing::Pairing;
use crate::pane::Pane;
use crate::ports::Ports;
use crate::principals::Principals;
use crate::requests::replay::Replays;
use crate::requests::search::Searches;
use crate::sealer::Sealer;
use crate::state_dir::StateDir;
use crate::surroundings::Surroundings;
use crate::syncer::Syncer;
use crate::watch_events::WatchEvents;

#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) config: Config,
    /// Started by a client rather than a person.
    pub(crate) auto: bool,
    pub(crate) state: StateDir,
    /// Where the scripts stand by which shells mark their commands.
    pub(crate) scripts: Option<std::path::PathBuf>,
    /// This server's id: 52 base32 characters.
    pub(crate) server: String,
    pub(crate) identity: Identity,
    pub(crate) surroundings: Surroundings,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Whether clients are taken by TCP as well.
    pub(crate) by_tcp: bool,
    pub(crate) principals: Principals,
    pub(crate) pairing: Pairing,
    pub(crate) audit: Audit,
    pub(crate) book: BookHandle,
    pub(crate) keeper: KeeperHandle,
    pub(crate) hands: Hands,
    pub(crate) panes: Panes,
    pub(crate) events: WatchEvents,
    pub(crate) syncer: Syncer,
    pub(crate) sealer: Sealer,
    pub(crate) disk: Disk,
    pub(crate) history: History,
    pub(crate) replays: Replays,
    pub(crate) searches: Searches,
    pub(crate) ports: Ports,
    pub(crate) copies: Arc<Copies>,
    /// The runtime of connections, with one thread; quiet panes are folded there too.
    pub(crate) beside: Handle,
    /// The runtime that folds what prints much.
    pub(crate) pool: Handle,
    /// Turns of panes that have much to fold: one worker stays free for those that were typed in.
    pub(crate) turns: Semaphore,
    pub(crate) token: CancellationToken,
    pub(crate) tracker: TaskTracker,
    /// Asks the server to leave. One is enough; more are dropped.
    pub(crate) leave: mpsc::Sender<ExitKind>,
}

/// The panes that have a task or a screen in memory. Never locked over an await or I/O.
#[derive(Debug, Default)]
pub(crate) struct Panes {
    map: Mutex<BTreeMap<PaneId, Arc<Pane>>>,
    /// Counts the lives that were put in, for those who wait for one.
    lives: watch::Sender<u64>,
}

impl Panes {
    pub(crate) fn find(&self, pane: PaneId) -> Option<Arc<Pane>> {
        self.lock().get(&pane).cloned()
    }

    pub(crate) fn by_ulid(&self, ulid: PaneUlid) -> Option<Arc<Pane>> {
        self.lock().values().find(|pane| pane.ulid == ulid).cloned()
    }

    /// Puts a pane in; a former life of it is told to end.
    pub(crate) fn insert(&self, pane: &Arc<Pane>) {
        if let Some(former) = self.lock().insert(pane.id, Arc::clone(pane)) {
            former.token.cancel();
        }
        self.lives.send_modify(|lives| *lives += 1);
    }

    /// A pane shows another screen from now on.
    pub(crate) fn changed(&self) {
        self.lives.send_modify(|lives| *lives += 1);
    }

    /// Changes whenever a pane begins another life, or another screen.
    pub(crate) fn lives(&self) -> watch::Receiver<u64> {
        self.lives.subscribe()
    }

    /// Takes a pane out. Its task goes on until the program's end is noted.
    pub(crate) fn remove(&self, pane: PaneId) -> Option<Arc<Pane>> {
        self.lock().remove(&pane)
    }

    pub(crate) fn all(&self) -> Vec<Arc<Pane>> {
        self.lock().values().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<PaneId, Arc<Pane>>> {
        // A map is whole after every statement.
        self.map.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
