//! What changes on the server, for whoever watches: one line each, numbered. Nobody is waited for; a
//! reader that is too slow finds a hole in the numbers and lists anew.

use std::sync::atomic::{AtomicU64, Ordering};

use ccc_proto::{Ext, PaneId, SessionId, TabId, Watched, WireExit};
use tokio::sync::broadcast;

use crate::clock::unix_ms;

/// Lines kept for a reader that is behind: a second of a busy server.
const KEPT: usize = 1024;

#[derive(Debug)]
pub(crate) struct WatchEvents {
    sender: broadcast::Sender<Watched>,
    next: AtomicU64,
}

/// What a line is about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct About {
    pub(crate) session: Option<SessionId>,
    pub(crate) tab: Option<TabId>,
    pub(crate) pane: Option<PaneId>,
    pub(crate) exit: WireExit,
}

impl WatchEvents {
    pub(crate) fn new() -> Self {
        Self { sender: broadcast::Sender::new(KEPT), next: AtomicU64::new(1) }
    }

    /// Tells one change. `what` is a stable word such as `pane-exited`.
    pub(crate) fn tell(&self, what: &'static str, about: About, text: &str) {
        let watched = Watched {
            id: self.next.fetch_add(1, Ordering::Relaxed),
            unix_ms: unix_ms(),
            what: what.to_owned(),
            session: about.session,
            tab: about.tab,
            pane: about.pane,
            exit: about.exit,
            text: text.to_owned(),
            ext: Ext::none(),
        };
        // Nobody may be watching.
        let _ = self.sender.send(watched);
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Watched> {
        self.sender.subscribe()
    }
}
