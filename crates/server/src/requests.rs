//! Requests: one message on a stream of its own, and its answer. Owns the dispatch and what all of
//! them need: the right to ask, and the place that a target names.

mod arrange;
mod audit;
mod care;
mod commands;
mod copy;
pub(crate) mod create;
mod ends;
mod forget;
mod forward;
mod history;
mod images;
mod imports;
mod keys;
mod listing;
mod marks;
mod matching;
mod members;
mod read;
mod recordings;
mod rendering;
pub(crate) mod replay;
mod reverse;
pub(crate) mod search;
mod select;
mod typing;
mod usage;
mod wait;

use std::borrow::Cow;
use std::sync::Arc;

use ccc_net::{RecvStream, SendStream};
use ccc_proto::{Done, Ext, Failure, Message};
use ccc_proto::{PaneId, SessionId};

use crate::book::Book;
use crate::connection::Client;
use crate::context::Context;
use crate::core::authorize::{Action, Denied, Principal, Resource, Scope, authorize};
use crate::core::house::{House, Plan};
use crate::core::target::Place;
use crate::fault::Fault;
use crate::pane::Pane;

/// One request under way.
pub(crate) struct Asked<'a> {
    pub(crate) ctx: &'a Arc<Context>,
    pub(crate) client: &'a Arc<Client>,
    /// What it asks for, to be allowed in whichever session it turns out to be.
    pub(crate) action: Action,
    pub(crate) send: &'a mut SendStream,
    pub(crate) recv: &'a mut RecvStream,
}

/// Does what the message asks, and answers.
pub(crate) async fn answer(
    ctx: &Arc<Context>,
    client: &Arc<Client>,
    message: Message,
    send: &mut SendStream,
    recv: &mut RecvStream,
) -> Result<(), Fault> {
    let action = Action::of(&message);
    authorize(&client.principal(), action, Scope::of(&message).at_first())?;
    client.seat.while_seated(|| ())?;
    let mut asked = Asked { ctx, client, action, send, recv };
    let asked = &mut asked;
    // Futures of the larger groups are boxed, so that a small request does not carry their size.
    match message {
        Message::ListSessions(list) => listing::sessions(asked, list).await,
        Message::ListClients(_) => listing::clients(asked).await,
        Message::Events(events) => listing::events(asked, events).await,
        Message::New(new) => Box::pin(create::new(asked, new)).await,
        Message::TabNew(tab) => Box::pin(create::tab(asked, tab)).await,
        Message::Split(split) => Box::pin(create::split(asked, split)).await,
        Message::Restart(restart) => Box::pin(create::restart(asked, restart)).await,
        Message::LayoutLoad(load) => Box::pin(create::load(asked, load)).await,
        Message::LayoutSave(save) => arrange::save(asked, save).await,
        Message::Rename(rename) => arrange::rename(asked, rename).await,
        Message::TabMove(tab) => arrange::move_tab(asked, tab).await,
        Message::PaneResize(resize) => arrange::resize(asked, resize).await,
        Message::PaneSwap(swap) => arrange::swap(asked, swap).await,
        Message::PaneZoom(zoom) => arrange::zoom(asked, zoom).await,
        Message::PaneFloat(float) => arrange::float(asked, float).await,
        Message::PaneBreak(out) => arrange::break_out(asked, out).await,
        Message::PresetLayout(preset) => arrange::preset(asked, preset).await,
        Message::ResizePane(resize) => arrange::fix_size(asked, resize).await,
        Message::SelectTarget(select) => select::select(asked, select).await,
        Message::DetachClient(detach) => select::detach(asked, detach).await,
        Message::Kill(kill) => ends::kill(asked, kill).await,
        Message::Remove(remove) => ends::remove(asked, remove).await,
        Message::PaneClose(close) => ends::close_pane(asked, close).await,
        Message::TabClose(close) => ends::close_tab(asked, close).await,
        Message::StopServer(stop) => ends::stop(asked, stop).await,
        Message::Send(typed) => typing::send(asked, typed).await,
        Message::Paste(paste) => typing::paste(asked, paste).await,
        Message::RequestInterrupt(interrupt) => typing::interrupt(asked, interrupt).await,
        Message::Capture(capture) => Box::pin(read::capture(asked, capture)).await,
        Message::Tail(tail) => Box::pin(read::tail(asked, tail)).await,
        Message::Export(export) => Box::pin(read::export(asked, export)).await,
        Message::ListRecordings(list) => Box::pin(recordings::list(asked, list)).await,
        Message::VerifyRecordings(verify) => Box::pin(recordings::verify(asked, verify)).await,
        Message::RemoveRecording(remove) => Box::pin(recordings::remove(asked, remove)).await,
        Message::ForgetStretch(request) => Box::pin(forget::stretch(asked, request)).await,
        Message::SetRecording(request) => Box::pin(recordings::set(asked, request)).await,
        Message::ReplayRequest(request) => Box::pin(replay::about(asked, request)).await,
        Message::ScreenRequest(request) => Box::pin(replay::screen(asked, request)).await,
        Message::ReplayImage(request) => Box::pin(replay::image(asked, request)).await,
        Message::SearchRequest(request) => Box::pin(search::search(asked, request)).await,
        Message::Wait(wait) => Box::pin(wait::wait(asked, wait)).await,
        Message::HistoryRequest(request) => Box::pin(history::page(asked, request)).await,
        Message::ImageRequest(request) => Box::pin(images::page(asked, request)).await,
        Message::MarksRequest(request) => Box::pin(marks::page(asked, request)).await,
        Message::ListUsage(list) => Box::pin(usage::list(asked, list)).await,
        Message::CommandsRequest(request) => Box::pin(commands::page(asked, request)).await,
        Message::CommandsSearch(request) => Box::pin(commands::search(asked, request)).await,
        Message::RebuildIndex(request) => Box::pin(commands::rebuild(asked, request)).await,
        Message::ImportCommands(request) => Box::pin(imports::import(asked, request)).await,
        Message::ForgetImported(request) => Box::pin(imports::forget(asked, request)).await,
        Message::Invite(invite) => Box::pin(members::invite(asked, invite)).await,
        Message::ListPrincipals(_) => members::list(asked).await,
        Message::Grant(grant) => Box::pin(members::grant(asked, grant)).await,
        Message::SetRole(set) => Box::pin(members::set_role(asked, set)).await,
        Message::Revoke(revoke) => Box::pin(members::revoke(asked, revoke)).await,
        Message::AskKeys(_) => keys::chain(asked).await,
        Message::AddKey(add) => Box::pin(keys::add(asked, add)).await,
        Message::Rekey(rekey) => Box::pin(keys::rekey(asked, rekey)).await,
        Message::AuditRequest(request) => Box::pin(audit::pages(asked, request)).await,
        Message::Forward(request) => Box::pin(forward::forward(asked, request)).await,
        Message::ForwardListen(request) => Box::pin(reverse::listen(asked, request)).await,
        Message::ForwardAccept(request) => Box::pin(reverse::take(asked, request)).await,
        Message::ListFiles(list) => Box::pin(copy::list(asked, list)).await,
        Message::MakeFolder(make) => Box::pin(copy::make_folder(asked, make)).await,
        Message::PutFile(put) => Box::pin(copy::put(asked, put)).await,
        Message::GetFile(get) => Box::pin(copy::get(asked, get)).await,
        Message::Doctor(_) => Box::pin(care::doctor(asked)).await,
        Message::Ping(_) => care::ping(asked).await,
        other => Err(Fault::invalid(format!("{} is not a request", other.name()))),
    }
}

impl Asked<'_> {
    /// Sends a part of the answer. A client that is gone ends the request.
    pub(crate) fn reply(
        &mut self,
        message: impl Into<Message>,
    ) -> impl Future<Output = Result<(), Fault>> {
        // One future, not one for each answer.
        self.send_on(message.into())
    }

    async fn send_on(&mut self, message: Message) -> Result<(), Fault> {
        self.send.send(&message).await.map_err(|error| Fault::internal(error.to_string()))
    }

    /// Answers with what a plan made.
    pub(crate) async fn done(&mut self, plan: &Plan) -> Result<(), Fault> {
        let (session, tab, pane) = (plan.session, plan.tab, plan.pane);
        let revision = match session {
            Some(session) => {
                self.ctx
                    .book
                    .run(move |book| book.house.session(session).map_or(0, |known| known.revision))
                    .await?
            }
            None => 0,
        };
        self.reply(Done { session, tab, pane, revision, ext: Ext::none() }).await
    }

    /// The place that a target names for this client.
    pub(crate) async fn place(&self, target: &str) -> Result<Place, Fault> {
        place(self.ctx, self.client, target, self.action).await
    }

    /// Who asks.
    pub(crate) fn principal(&self) -> Arc<Principal> {
        self.client.principal()
    }

    /// A pane of which the client knows the id, with its screen.
    pub(crate) async fn pane_of(&self, pane: PaneId) -> Result<Arc<Pane>, Fault> {
        self.may_in(pane).await?;
        crate::recovery::pane(self.ctx, pane).await
    }

    /// Whether what is asked may be done to this pane, be it closed or not.
    async fn may_in(&self, pane: PaneId) -> Result<(), Fault> {
        let (action, principal) = (self.action, self.principal());
        let asked = self.ctx.book.run(move |book| {
            let session = book.house.session_of(pane);
            let ulid = session.and_then(|id| book.house.session(id)).map(|known| known.ulid);
            match ulid {
                Some(ulid) => authorize(&principal, action, Resource::Session(ulid)),
                // Of a pane that no session tells of, only those may know who see everything.
                None if principal.sees_all() => authorize(&principal, action, Resource::Server),
                None => Err(Denied { who: String::new(), action, hidden: true }),
            }
        });
        asked.await?.map_err(|denied| denied_at(denied, &format!("pane {pane} is not here")))
    }

    /// The pane that a target names, with its screen: one that has no task is opened from the disk.
    pub(crate) async fn pane(&self, target: &str) -> Result<(Place, Arc<Pane>), Fault> {
        let place = self.place(target).await?;
        let pane = crate::recovery::pane(self.ctx, place.pane).await?;
        Ok((place, pane))
    }

    /// The pane that a target names for reading: also one that was closed, by its id.
    pub(crate) async fn readable(&self, target: &str) -> Result<Arc<Pane>, Fault> {
        let fault = match self.place(target).await {
            Ok(place) => return crate::recovery::pane(self.ctx, place.pane).await,
            Err(fault) => fault,
        };
        match target.parse() {
            Ok(closed) => self.pane_of(closed).await.map_err(|_neither| fault),
            Err(_) => Err(fault),
        }
    }

    /// Waits until the client has gone away or has said something more, which no request expects.
    pub(crate) async fn hung_up(recv: &mut RecvStream) {
        loop {
            match recv.recv().await {
                // The end of the request's own message; the answer is still wanted.
                Ok(None) => std::future::pending().await,
                Ok(Some(_)) => {}
                Err(_) => return,
            }
        }
    }
}

/// The place that a target names for a client, from where it stands, if the client may do that there.
/// What it may not see is not there.
pub(crate) async fn place(
    ctx: &Arc<Context>,
    client: &Client,
    target: &str,
    action: Action,
) -> Result<Place, Fault> {
    let (target, standing) = (target.to_owned(), client.standing());
    let principal = client.principal();
    let place = ctx.book.run(move |book| {
        let place = book.house_for(&principal).resolve(&target, standing)?;
        book.may(&principal, action, place.session)?;
        Ok::<_, Fault>(place)
    });
    place.await?
}

/// Whether a client may do something in a session.
pub(crate) async fn may(
    ctx: &Arc<Context>,
    client: &Client,
    action: Action,
    session: SessionId,
) -> Result<(), Fault> {
    let principal = client.principal();
    ctx.book.run(move |book| book.may(&principal, action, session)).await?
}

/// A refusal of what may not even be known of is that nothing is there.
fn denied_at(denied: Denied, nothing: &str) -> Fault {
    if denied.hidden {
        return Fault::new(Failure::NOT_FOUND, nothing).hint("ccc ls").refused();
    }
    denied.into()
}

impl Book {
    /// The house as somebody may see it.
    pub(crate) fn house_for(&self, principal: &Principal) -> Cow<'_, House> {
        if principal.sees_all() {
            return Cow::Borrowed(&self.house);
        }
        Cow::Owned(self.house.seen(|session| principal.sees(session)))
    }

    /// Whether somebody may do something in a session.
    pub(crate) fn may(
        &self,
        principal: &Principal,
        action: Action,
        session: SessionId,
    ) -> Result<(), Fault> {
        let known = self.house.session(session);
        let ulid = known.map(|session| session.ulid).ok_or_else(|| nothing(session))?;
        authorize(principal, action, Resource::Session(ulid)).map_err(|denied| {
            if denied.hidden { nothing(session).refused() } else { denied.into() }
        })
    }
}

fn nothing(session: SessionId) -> Fault {
    Fault::new(Failure::NOT_FOUND, format!("session {session} is not here")).hint("ccc ls")
}

/// What an event or listing is limited to: a session, or all.
pub(crate) async fn session_of(
    asked: &Asked<'_>,
    target: &str,
) -> Result<Option<(SessionId, PaneId)>, Fault> {
    if target.is_empty() {
        return Ok(None);
    }
    let place = asked.place(target).await?;
    Ok(Some((place.session, place.pane)))
}
