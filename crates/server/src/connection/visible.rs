//! The panes that an attachment sees, and the wait for any of them to change. Owns one watch for each.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use ccc_proto::{Layout, NodeKind, PaneId, TabId};
use ccc_vt::Seq;
use tokio::sync::watch;
use tokio_util::sync::ReusableBoxFuture;

use crate::pane::{Pane, Published};

type Changed = (Result<(), watch::error::RecvError>, watch::Receiver<Published>);

/// One pane that is seen.
pub(super) struct Seen {
    pub(super) pane: Arc<Pane>,
    /// The life of its screen that is shown.
    pub(super) epoch: u64,
    /// Resolves when the pane publishes something.
    changed: ReusableBoxFuture<'static, Changed>,
    /// The task is gone: nothing more comes.
    over: bool,
    seq: Seq,
    input: u64,
}

/// What a pane's new state means for frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    Screen(PaneId),
    State(PaneId),
}

impl Seen {
    pub(super) fn new(pane: Arc<Pane>, epoch: u64) -> Self {
        let rx = pane.watch();
        let changed = ReusableBoxFuture::new(wait(rx));
        let published = pane.published();
        Self { pane, epoch, changed, over: false, seq: published.seq, input: published.input }
    }
}

async fn wait(mut rx: watch::Receiver<Published>) -> Changed {
    let result = rx.changed().await;
    (result, rx)
}

/// Waits until one of them has news.
pub(super) async fn news(seen: &mut [Seen]) -> News {
    poll_fn(|cx| {
        for one in seen.iter_mut().filter(|one| !one.over) {
            while let Poll::Ready((result, mut rx)) = one.changed.poll(cx) {
                let published = *rx.borrow_and_update();
                if result.is_err() {
                    one.over = true;
                } else {
                    one.changed.set(wait(rx));
                }
                let pane = one.pane.id;
                let news = if published.held {
                    None
                } else if published.input != one.input && published.seq == one.seq {
                    Some(News::State(pane))
                } else {
                    Some(News::Screen(pane))
                };
                one.seq = published.seq;
                one.input = published.input;
                if let Some(news) = news {
                    return Poll::Ready(news);
                }
                if one.over {
                    break;
                }
            }
        }
        Poll::Pending
    })
    .await
}

/// The panes of a tab that can be seen: all of them, or the one that has the whole area.
pub(super) fn panes_of(layout: &Layout, tab: TabId) -> Vec<PaneId> {
    let Some(tab) = layout.tabs.iter().find(|known| known.tab == tab) else { return Vec::new() };
    if let Some(zoomed) = tab.zoomed {
        return vec![zoomed];
    }
    let leaves = tab.nodes.iter().chain(&tab.floating).filter(|node| node.kind == NodeKind::LEAF);
    leaves.map(|leaf| leaf.pane).collect()
}
