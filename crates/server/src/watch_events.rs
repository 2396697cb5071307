//! What changes on the server, for whoever watches: one line each, numbered. Nobody is waited for; a
//! reader that is too slow finds a hole in the numbers and lists anew.

use std::sync::atomic::{AtomicU64, Ordering};

use ccc_proto::{Ext, PaneId, SessionId, TabId, Watched, WireExit, watched_tag};
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
        self.tell_with(what, about, text, Ext::none());
    }

    /// The same of what a program said, for readers who know no session by its id.
    pub(crate) fn tell_said(&self, what: &'static str, about: About, name: &str, text: &str) {
        let mut ext = Ext::none();
        ext.push(watched_tag::SESSION_NAME, name.as_bytes());
        self.tell_with(what, about, text, ext);
    }

    fn tell_with(&self, what: &'static str, about: About, text: &str, ext: Ext) {
        let watched = Watched {
            id: self.next.fetch_add(1, Ordering::Relaxed),
            unix_ms: unix_ms(),
            what: what.to_owned(),
            session: about.session,
            tab: about.tab,
            pane: about.pane,
            exit: about.exit,
            text: text.to_owned(),
            ext,
        };
        // Nobody may be watching.
        let _ = self.sender.send(watched);
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Watched> {
        self.sender.subscribe()
    }
}
