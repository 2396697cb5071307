//! Who looks where: connected clients and their attachments. Owns the place of each attachment and
//! the ways to reach it; it never waits for one.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ccc_net::Carrier;
use ccc_proto::{
    AttachmentId, ClientId, ClientInfo, DetachReason, Detached, EventKind, Ext, Layout, Message,
    PaneEvent, PaneId, PaneStatus, SessionId, TabId, WireSize, client_tag, event_tag,
};
use ccc_vt::Size;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::Book;
use super::commit::ended;
use crate::clock::unix_ms;
use crate::core::authorize::{Action, Principal, Resource, Role, authorize};
use crate::core::label::escape;
use crate::core::record::Author;
use crate::core::target::Place;
use crate::fault::Fault;
use crate::principals::Seat;

/// Messages that may wait for a client's control stream: events are told at most once, and one that
/// finds no room is dropped. Places and layouts do not queue here.
pub(crate) const WAITING_EVENTS: usize = 64;

/// Attachments that a layout names: more than a bar can show.
const WATCHERS: usize = 32;

/// A connected client as listings show it.
#[derive(Clone, Debug)]
pub(crate) struct ClientEntry {
    pub(crate) software: String,
    pub(crate) host: String,
    pub(crate) carrier: Carrier,
    pub(crate) seat: Arc<Seat>,
}

/// One attachment.
#[derive(Debug)]
pub(crate) struct Looker {
    pub(crate) client: ClientId,
    pub(crate) seat: Arc<Seat>,
    pub(crate) place: Place,
    pub(crate) size: Size,
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

impl Looker {
    /// Tells something once: a client that does not keep up misses it.
    pub(super) fn tell(&mut self, event: PaneEvent) {
        self.event_id += 1;
        let _ = self.events.try_send(PaneEvent { id: self.event_id, ..event }.into());
    }
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
    /// To look only, also where it may do more.
    pub(crate) view: bool,
    pub(crate) steal: bool,
    /// It is on another machine.
    pub(crate) far: bool,
}

impl Book {
    pub(crate) fn client_came(&mut self, entry: ClientEntry) -> ClientId {
        let client = ClientId(self.next_client);
        self.next_client += 1;
        self.clients.insert(client, entry);
        self.note_desertion();
        client
    }

    pub(crate) fn client_left(&mut self, client: ClientId) {
        self.clients.remove(&client);
        let attachments: Vec<_> = self
            .lookers
            .iter()
            .filter(|(_, looker)| looker.client == client)
            .map(|(attachment, _)| *attachment)
            .collect();
        for attachment in attachments {
            self.leave(attachment);
        }
        self.note_desertion();
    }

    /// Begins to look.
    pub(crate) fn look(&mut self, author: &Author, wish: Wish) -> Result<Granted, Fault> {
        let Wish { client, place, size, view: asked_view, steal, far } = wish;
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
        let former = looker.place.tab;
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

    fn leave(&mut self, attachment: AttachmentId) {
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

    /// Who looks at a session, a line each; `None` while nobody has company.
    pub(super) fn watchers(&self, session: SessionId) -> Option<String> {
        let here = self.lookers.iter().filter(|(_, looker)| looker.place.session == session);
        let lines: Vec<String> = here
            .take(WATCHERS)
            .map(|(attachment, looker)| {
                let does = if looker.view { "looks" } else { "works" };
                let name = looker.seat.principal().name.clone();
                format!("{} {does} {}", attachment.0, escape(&name))
            })
            .collect();
        (lines.len() > 1).then(|| lines.join("\n"))
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

    /// Tells something once to all who look at anything; those who look at another session hear the name of
    /// the one where it happened.
    pub(super) fn tell_everybody(&mut self, event: &PaneEvent) {
        let Some(session) = self.house.session(event.session) else { return };
        let (name, ulid) = (Some(session.name.clone()), session.ulid);
        for looker in self.lookers.values_mut() {
            let may = authorize(&looker.seat.principal(), Action::Watch, Resource::Session(ulid));
            if may.is_err() {
                continue;
            }
            let mut event = event.clone();
            if looker.place.session != event.session
                && let Some(name) = &name
            {
                event.ext.push(event_tag::SESSION_NAME, name.as_bytes());
            }
            looker.tell(event);
        }
    }

    /// Tells all who look at a session.
    pub(super) fn tell_session(&mut self, session: SessionId, status: &PaneStatus) {
        for looker in self.lookers.values_mut().filter(|l| l.place.session == session) {
            // At most once, as an event.
            let _ = looker.events.try_send(status.clone().into());
        }
    }

    /// Tells something once to the one who typed last in the session; of those who never typed, to the one
    /// who came last.
    pub(super) fn tell_typist(&mut self, event: PaneEvent) {
        let here = self
            .lookers
            .iter_mut()
            .filter(|(_, looker)| looker.place.session == event.session && !looker.view);
        let typist = here.max_by_key(|(id, looker)| (looker.typed.load(Ordering::Relaxed), **id));
        if let Some((_, looker)) = typist {
            looker.tell(event);
        }
    }

    /// A pane printed something. Who looks at another tab of its session is told once until it looks there.
    pub(crate) fn pane_prints(&mut self, pane: PaneId) {
        let Some((tab, session)) = self
            .house
            .pane(pane)
            .and_then(|known| Some((known.tab, self.house.tab(known.tab)?.session)))
        else {
            return;
        };
        for looker in self.lookers.values_mut().filter(|l| l.place.session == session) {
            if looker.place.tab == tab || !looker.active.insert(pane) {
                continue;
            }
            looker.event_id += 1;
            let (id, kind) = (looker.event_id, EventKind::ACTIVITY);
            let (title, data) = (String::new(), Vec::new());
            let event = PaneEvent { id, session, pane, kind, title, data, ext: Ext::none() };
            let _ = looker.events.try_send(event.into());
        }
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

    /// All clients as listings show them to somebody: itself, and those who look at what it may see too.
    /// Where they come from is for those to know who work here.
    pub(crate) fn client_infos(&self, asker: ClientId, to: &Principal) -> Vec<ClientInfo> {
        let seen = |looker: Option<&Looker>| {
            let session = looker.and_then(|looker| self.house.session(looker.place.session));
            session.is_some_and(|session| to.sees(session.ulid))
        };
        let works = to.sees_all() && to.role >= Role::Operator;
        self.clients
            .iter()
            .filter_map(|(&client, entry)| {
                let looker = self.lookers.values().find(|looker| looker.client == client);
                if !works && client != asker && !seen(looker) {
                    return None;
                }
                let principal = entry.seat.principal();
                let mut ext = Ext::none();
                ext.push(client_tag::NAME, principal.name.as_bytes());
                ext.push(client_tag::ROLE, principal.role.name().as_bytes());
                if entry.carrier != Carrier::Quic {
                    ext.push(client_tag::CARRIER, entry.carrier.name().as_bytes());
                }
                let known = works || client == asker;
                let address = entry.seat.address().filter(|_| known);
                Some(ClientInfo {
                    client,
                    software: entry.software.clone(),
                    host: entry.host.clone(),
                    address: address.map_or_else(String::new, |at| at.to_string()),
                    principal: principal.id.clone(),
                    session: looker.map(|looker| looker.place.session),
                    tab: looker.map(|looker| looker.place.tab),
                    pane: looker.map(|looker| looker.place.pane),
                    size: looker.map_or_else(WireSize::default, |looker| WireSize {
                        cols: looker.size.cols,
                        rows: looker.size.rows,
                    }),
                    view: looker.is_some_and(|looker| looker.view),
                    typed_unix_ms: looker.map_or(0, |l| l.typed.load(Ordering::Relaxed)),
                    ext,
                })
            })
            .collect()
    }

    pub(crate) fn has_clients(&self) -> bool {
        !self.clients.is_empty()
    }

    /// Notes when the last client and session left, for a server that a client started.
    pub(crate) fn note_desertion(&mut self) {
        let live = self.house.sessions().any(|session| session.ended.is_none());
        let needed = self.has_clients() || live;
        self.deserted = match (needed, self.deserted) {
            (true, _) => None,
            (false, since) => Some(since.unwrap_or_else(Instant::now)),
        };
    }
}

/// The author of what a client asks for.
pub(crate) fn author(principal: &str, client: ClientId) -> Author {
    Author {
        principal: principal.to_owned(),
        connection: client.0,
        unix_ms: unix_ms(),
        ext: Ext::none(),
    }
}
