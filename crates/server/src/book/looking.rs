//! Who looks where. Owns the place of each attachment and the ways to reach it; it never waits for one. Connected
//! clients stand in `clients`, what those who look are told of in `telling`.

mod telling;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ccc_proto::{
    AttachmentId, ClientId, DetachReason, Detached, Layout, Message, PaneId, SessionId, TabId,
};
use ccc_vt::{CellPixels, Size};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::Book;
use super::commit::ended;
use crate::core::authorize::Action;
use crate::core::record::Author;
use crate::core::target::Place;
use crate::fault::Fault;
use crate::principals::Seat;

/// Messages that may wait for a client's control stream: events are told at most once, and one that
/// finds no room is dropped. Places and layouts do not queue here.
pub(crate) const WAITING_EVENTS: usize = 64;

/// One attachment.
#[derive(Debug)]
pub(crate) struct Looker {
    pub(crate) client: ClientId,
    pub(crate) seat: Arc<Seat>,
    pub(crate) place: Place,
    pub(crate) size: Size,
    /// Of its terminal, once it told.
    pub(super) cell: Option<CellPixels>,
    /// It asked to look only, wherever that is.
    asked_view: bool,
    /// It looks only: it asked for that, or may do no more in this session.
    pub(crate) view: bool,
    /// Milliseconds since 1970 of its last input; 0 for none.
    pub(crate) typed: Arc<AtomicU64>,
    looking: watch::Sender<Looking>,
    pub(crate) events: mpsc::Sender<Message>,
    event_id: u64,
    /// Panes out of sight that printed something, which was told.
    active: HashSet<PaneId>,
    /// It is on another machine.
    pub(super) far: bool,
    /// Ports on which programs of panes listen, which was told.
    pub(super) ports: HashSet<(PaneId, u16)>,
}

/// What an attachment is to show, and whether it goes on at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Looking {
    pub(crate) session: SessionId,
    pub(crate) name: String,
    pub(crate) tab: TabId,
    pub(crate) pane: PaneId,
    /// The last choice of the client that this heeds.
    pub(crate) number: u64,
    /// Whether it may only look there.
    pub(crate) view: bool,
    /// Rises with each session that the attachment is moved to.
    pub(crate) moves: u64,
    pub(crate) ended: Option<Detached>,
}

/// What a connection gets when it begins to look.
#[derive(Debug)]
pub(crate) struct Granted {
    pub(crate) attachment: AttachmentId,
    pub(crate) looking: watch::Receiver<Looking>,
    pub(crate) layout: watch::Receiver<Arc<Layout>>,
    pub(crate) events: mpsc::Receiver<Message>,
    pub(crate) typed: Arc<AtomicU64>,
}

/// How somebody wants to look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish {
    pub(crate) client: ClientId,
    pub(crate) place: Place,
    pub(crate) size: Size,
    /// How large a cell of its terminal is in pixels, where it told that already.
    pub(crate) cell: Option<CellPixels>,
    /// To look only, also where it may do more.
    pub(crate) view: bool,
    pub(crate) steal: bool,
    /// It is on another machine.
    pub(crate) far: bool,
}

impl Book {
    /// Begins to look.
    pub(crate) fn look(&mut self, author: &Author, wish: Wish) -> Result<Granted, Fault> {
        let Wish { client, place, size, cell, view: asked_view, steal, far } = wish;
        let layout = self
            .watch_layout(place.session)
            .ok_or_else(|| Fault::internal("the session has no layout"))?;
        let seat = self.clients.get(&client).map(|entry| Arc::clone(&entry.seat));
        // It left while it was asking.
        let seat = seat.ok_or_else(|| Fault::internal("the client is gone"))?;
        // Whoever may only look does so without having to say it, and hears that it is so.
        let view = asked_view || !self.works(&seat, place.session);
        if steal {
            for other in self.lookers_of(place.session) {
                self.detach(other, ended(DetachReason::BY_OTHER, Default::default()));
            }
        }
        let attachment = AttachmentId(self.next_attachment);
        self.next_attachment += 1;
        let name = self.house.session(place.session).map_or_else(String::new, |s| s.name.clone());
        let (looking, watched) = watch::channel(Looking {
            session: place.session,
            name,
            tab: place.tab,
            pane: place.pane,
            number: 0,
            view,
            moves: 0,
            ended: None,
        });
        let (events, told) = mpsc::channel(WAITING_EVENTS);
        let typed = Arc::new(AtomicU64::new(0));
        let looker = Looker {
            client,
            seat,
            place,
            size,
            cell,
            asked_view,
            view,
            typed: Arc::clone(&typed),
            looking,
            events,
            event_id: 0,
            active: HashSet::new(),
            far,
            ports: HashSet::new(),
        };
        self.lookers.insert(attachment, looker);
        self.touch(place.session);
        self.seen(attachment);
        self.left.remove(&place.session);
        self.note_desertion();
        self.looks_at_tab(attachment);
        if !view {
            self.remember(author, place.pane);
        }
        Ok(Granted { attachment, looking: watched, layout, events: told, typed })
    }

    /// The attachment chose another tab or pane. A choice that is gone meanwhile is answered with
    /// where it looks instead.
    pub(crate) fn select(
        &mut self,
        author: &Author,
        attachment: AttachmentId,
        number: Option<u64>,
        tab: TabId,
        pane: PaneId,
    ) {
        let Some(looker) = self.lookers.get_mut(&attachment) else { return };
        let session = looker.place.session;
        let tab_there = self.house.tab(tab).is_some_and(|tab| tab.session == session);
        let pane_there = self.house.pane(pane).is_some_and(|pane| pane.tab == tab);
        let (former, far) = (looker.place.tab, looker.far);
        let before = looker.place.pane;
        if tab_there {
            let focus =
                self.house.tab(tab).and_then(|tab| tab.view.as_ref()).map(|view| view.focus);
            looker.place.tab = tab;
            looker.place.pane = if pane_there { pane } else { focus.unwrap_or(looker.place.pane) };
        }
        let (place, view) = (looker.place, looker.view);
        looker.looking.send_modify(|looking| {
            looking.tab = place.tab;
            looking.pane = place.pane;
            looking.number = number.unwrap_or(looking.number);
        });
        if former != place.tab {
            self.seen(attachment);
            self.leaves_tab(attachment, former);
            self.looks_at_tab(attachment);
        } else if far && before != place.pane {
            self.look_for_ports(place.tab);
        }
        if !view {
            self.remember(author, place.pane);
        }
    }

    /// Moves an attachment to a place in another session. Says whether it was elsewhere before.
    pub(crate) fn switch(
        &mut self,
        author: &Author,
        attachment: AttachmentId,
        place: Place,
    ) -> Result<bool, Fault> {
        let name = self.house.session(place.session).map_or_else(String::new, |s| s.name.clone());
        let nowhere = || Fault::invalid("this client looks at no session");
        let seat = self.lookers.get(&attachment).map(|looker| Arc::clone(&looker.seat));
        let seat = seat.ok_or_else(nowhere)?;
        let works = self.works(&seat, place.session);
        let looker = self.lookers.get_mut(&attachment).ok_or_else(nowhere)?;
        let former = std::mem::replace(&mut looker.place, place);
        let view = looker.asked_view || !works;
        looker.view = view;
        looker.looking.send_modify(|looking| {
            looking.view = view;
            looking.session = place.session;
            looking.name = name;
            looking.tab = place.tab;
            looking.pane = place.pane;
            // Choices are counted anew from here.
            looking.number = 0;
            looking.moves += 1;
        });
        looker.active.clear();
        self.touch(former.session);
        self.touch(place.session);
        self.seen(attachment);
        self.leaves_tab(attachment, former.tab);
        self.left_session(former.session);
        self.left.remove(&place.session);
        self.looks_at_tab(attachment);
        if !view {
            self.remember(author, place.pane);
        }
        Ok(former.session != place.session)
    }

    /// Whether who sits there may do more in a session than look.
    fn works(&self, seat: &Seat, session: SessionId) -> bool {
        self.may(&seat.principal(), Action::Use, session).is_ok()
    }

    /// Ends an attachment from this side, or at its client's wish.
    pub(crate) fn detach(&mut self, attachment: AttachmentId, detached: Detached) {
        if let Some(looker) = self.lookers.get(&attachment) {
            looker.looking.send_modify(|looking| looking.ended = Some(detached));
        }
        self.leave(attachment);
    }

    pub(super) fn leave(&mut self, attachment: AttachmentId) {
        let Some(looker) = self.lookers.remove(&attachment) else { return };
        self.touch(looker.place.session);
        self.leaves_tab(attachment, looker.place.tab);
        self.left_session(looker.place.session);
        for pane in self.ctx.panes.all() {
            pane.input.forget(attachment);
        }
        self.note_desertion();
    }

    fn left_session(&mut self, session: SessionId) {
        if self.lookers_of(session).is_empty() {
            self.left.insert(session, Instant::now());
        }
    }

    pub(crate) fn lookers_of(&self, session: SessionId) -> Vec<AttachmentId> {
        let lookers = self.lookers.iter().filter(|(_, looker)| looker.place.session == session);
        lookers.map(|(attachment, _)| *attachment).collect()
    }

    pub(crate) fn looker(&self, attachment: AttachmentId) -> Option<&Looker> {
        self.lookers.get(&attachment)
    }

    pub(crate) fn lookers(&self) -> impl Iterator<Item = (AttachmentId, &Looker)> {
        self.lookers.iter().map(|(attachment, looker)| (*attachment, looker))
    }

    /// The attachment's area changed.
    pub(crate) fn resized(&mut self, attachment: AttachmentId, size: Size) {
        if let Some(looker) = self.lookers.get_mut(&attachment) {
            looker.size = size;
            self.looks_at_tab(attachment);
        }
    }

    /// The attachment's terminal has cells of another size in pixels.
    pub(crate) fn draws(&mut self, attachment: AttachmentId, cell: Option<CellPixels>) {
        if let Some(looker) = self.lookers.get_mut(&attachment) {
            looker.cell = cell;
            let tab = looker.place.tab;
            self.sizes.get_mut(&tab).into_iter().for_each(|size| size.draws(attachment, cell));
        }
    }

    /// Somebody else than before typed into a pane.
    pub(crate) fn typed(&mut self, attachment: AttachmentId, pane: PaneId) {
        let tab = self.house.pane(pane).map(|pane| pane.tab);
        if let Some(size) = tab.and_then(|tab| self.sizes.get_mut(&tab)) {
            size.typed(attachment, std::time::Instant::now());
        }
    }

    /// The attachment that a `select` without a client acts on: whoever typed last in the session.
    pub(crate) fn last_typist(&self, session: SessionId) -> Option<AttachmentId> {
        let here = self.lookers.iter().filter(|(_, looker)| looker.place.session == session);
        here.max_by_key(|(id, looker)| (looker.typed.load(Ordering::Relaxed), **id))
            .map(|(attachment, _)| *attachment)
    }

    /// What an attachment looks at now is no news for it any more, and what it left may become some.
    fn seen(&mut self, attachment: AttachmentId) {
        let Some(looker) = self.lookers.get_mut(&attachment) else { return };
        let (house, place, far) = (&self.house, looker.place, looker.far);
        looker.active.retain(|pane| house.pane(*pane).is_some_and(|known| known.tab != place.tab));
        for pane in self.house.panes_of(place.session) {
            if let Some(pane) = self.ctx.panes.find(pane) {
                pane.news.store(true, Ordering::Relaxed);
            }
        }
        if far {
            self.look_for_ports(place.tab);
        }
    }

    /// Moves attachments away from tabs and panes that are gone.
    pub(super) fn move_lookers(&mut self) {
        let mut moved = Vec::new();
        for (attachment, looker) in &mut self.lookers {
            let place = looker.place;
            let pane_there = self.house.pane(place.pane).is_some_and(|pane| pane.tab == place.tab);
            let Some(session) = self.house.session(place.session) else { continue };
            if pane_there && session.tabs.contains(&place.tab) {
                if looker.looking.borrow().name != session.name {
                    looker.looking.send_modify(|looking| looking.name.clone_from(&session.name));
                }
                continue;
            }
            let tab = if session.tabs.contains(&place.tab) {
                Some(place.tab)
            } else {
                session.current.or_else(|| session.tabs.first().copied())
            };
            let Some(tab) = tab else { continue };
            let focus =
                self.house.tab(tab).and_then(|tab| tab.view.as_ref()).map(|view| view.focus);
            let Some(focus) = focus else { continue };
            looker.place.tab = tab;
            looker.place.pane = focus;
            looker.looking.send_modify(|looking| {
                looking.tab = tab;
                looking.pane = focus;
            });
            if place.tab != tab {
                moved.push((*attachment, place.tab));
            }
        }
        for (attachment, former) in moved {
            self.leaves_tab(attachment, former);
            self.looks_at_tab(attachment);
        }
    }

    fn remember(&mut self, author: &Author, pane: PaneId) {
        // What cannot be remembered is gone, and then the next attach starts elsewhere anyway.
        if let Ok(plan) = self.house.remember(author, pane) {
            let _ = self.commit(plan);
        }
    }
}
