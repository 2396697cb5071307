//! Sizes of tabs: who has a say, when it is decided, and which terminals follow. Owns the way from a
//! decision to each pane; the rule is `core::size_policy`'s.

use std::sync::Arc;
use std::time::Instant;

use ccc_proto::{AttachmentId, Ext, Message, ServerNotice, ServerNoticeKind, SessionId, TabId};
use ccc_vt::{CellPixels, Size};
use tracing::{debug, warn};

use super::Book;
use crate::core::house::Tab;
use crate::core::size_policy::{Decision, TabSize};
use crate::pane::{Pane, SizeWish};

impl Book {
    /// The attachment looks at its tab, with its area.
    pub(super) fn looks_at_tab(&mut self, attachment: AttachmentId) {
        let Some(looker) = self.lookers.get(&attachment) else { return };
        let (tab, size, view) = (looker.place.tab, looker.size, looker.view);
        let cell = looker.cell;
        let Some(entry) = self.tab_size(tab) else { return };
        entry.looks(attachment, size, view, Instant::now());
        entry.draws(attachment, cell);
    }

    pub(super) fn leaves_tab(&mut self, attachment: AttachmentId, tab: TabId) {
        if let Some(size) = self.sizes.get_mut(&tab) {
            size.leaves(attachment);
        }
    }

    /// The deciding part of a tab; made when it is first needed.
    pub(crate) fn tab_size(&mut self, tab: TabId) -> Option<&mut TabSize> {
        let known = self.house.tab(tab)?;
        Some(self.sizes.entry(tab).or_insert_with(|| TabSize::new(known.size, known.policy)))
    }

    /// Changes the sizes that are due.
    pub(super) fn decide_sizes(&mut self) {
        let now = Instant::now();
        let gone: Vec<_> =
            self.sizes.keys().filter(|tab| self.house.tab(**tab).is_none()).copied().collect();
        for tab in gone {
            self.sizes.remove(&tab);
        }
        let decided: Vec<(TabId, Decision)> = self
            .sizes
            .iter_mut()
            .map(|(tab, size)| (*tab, size.decide(now)))
            .filter(|(_, decision)| *decision != Decision::default())
            .collect();
        for (tab, decision) in decided {
            let Some(size) = decision.size else {
                self.house.tab(tab).into_iter().for_each(|tab| self.resize_panes(tab.session));
                continue;
            };
            match self.house.size_tab(&Self::own_author(), tab, size) {
                Ok(plan) => {
                    // A full disk leaves the terminals as they are; the log says so.
                    let _ = self.commit(plan);
                }
                Err(error) => warn!(%tab, %error, "a tab was not resized"),
            }
            self.tell_others(tab);
        }
    }

    /// Tells those who see a tab in somebody else's size.
    fn tell_others(&self, tab: TabId) {
        let Some(size) = self.sizes.get(&tab) else { return };
        let Size { cols, rows } = size.size();
        for attachment in size.others() {
            let Some(looker) = self.lookers.get(&attachment) else { continue };
            let text = format!("shown at {cols}x{rows}: another client typed last");
            let kind = ServerNoticeKind::SIZE_OF_ANOTHER;
            // Said once; a client that does not keep up sees it by the layout's size too.
            let _ = looker.events.try_send(Message::from(ServerNotice {
                kind,
                text,
                ext: Ext::none(),
            }));
        }
    }

    /// The size of a cell in pixels that a new pane of a tab begins with: the tab's, or that of another one of its
    /// session, which whoever works there sees next.
    pub(super) fn cell_of(&self, tab: &Tab) -> Option<CellPixels> {
        let of = |tab: &TabId| self.sizes.get(tab).and_then(TabSize::cell);
        of(&tab.id).or_else(|| self.house.session(tab.session)?.tabs.iter().find_map(of))
    }

    /// Gives each pane of a session the size that its place has, and the cells of its tab.
    pub(super) fn resize_panes(&self, session: SessionId) {
        let Some(session) = self.house.session(session) else { return };
        for tab in session.tabs.iter().filter_map(|tab| self.house.tab(*tab)) {
            let Some(view) = &tab.view else { continue };
            let cell = self.sizes.get(&tab.id).and_then(TabSize::cell);
            for (pane, size) in view.layout.sizes(tab.size) {
                if let Some(pane) = self.ctx.panes.find(pane) {
                    self.resize_pane(&pane, size, cell);
                }
            }
        }
    }

    /// Asks the keeper for a size, unless somebody is asking already: the newest wish wins.
    fn resize_pane(&self, pane: &Arc<Pane>, size: Size, cell: Option<CellPixels>) {
        if pane.fds().is_none() || !pane.want_size(size, cell) {
            return;
        }
        let (pane, keeper) = (Arc::clone(pane), self.ctx.keeper.clone());
        self.ctx.tracker.spawn_on(
            async move {
                while let Some(wish) = pane.next_size() {
                    let done = match wish {
                        SizeWish::Size(Size { cols, rows }) => {
                            let size = ccc_journal::Size { cols, rows };
                            keeper.resize(pane.ulid, size).await
                        }
                        SizeWish::Cell(CellPixels { width, height }) => {
                            let cell = ccc_journal::CellPixels { width, height };
                            keeper.cell_pixels(pane.ulid, cell).await
                        }
                    };
                    match done {
                        Ok(_from) => {}
                        // It is not asked again: that keeper will not learn it.
                        Err(error) if error.is_unknown() => {
                            debug!(pane = %pane.id, %error, "a pane has no pixels");
                        }
                        Err(error) => {
                            pane.size_refused(wish);
                            warn!(pane = %pane.id, %error, "a pane was not resized");
                        }
                    }
                }
            },
            &self.ctx.pool,
        );
    }
}
