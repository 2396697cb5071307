//! Requests that list: sessions, clients, and what changes from now on.

use ccc_proto::{Clients, Events, Ext, ListSessions, SessionId, Sessions};
use tokio::sync::broadcast::error::RecvError;

use super::{Asked, session_of};
use crate::fault::Fault;

pub(super) async fn sessions(asked: &mut Asked<'_>, list: ListSessions) -> Result<(), Fault> {
    let only = session_of(asked, &list.target).await?.map(|(session, _)| session);
    let principal = asked.principal();
    let sessions = asked
        .ctx
        .book
        .run(move |book| {
            let house = book.house_for(&principal);
            let listed = house.sessions().map(|session| session.id);
            listed
                .filter(|session| only.is_none_or(|only| only == *session))
                .filter_map(|session| {
                    let facts = book.session_facts(session);
                    book.house.session_info(session, facts, |pane| book.pane_facts(pane))
                })
                .collect()
        })
        .await?;
    asked.reply(Sessions { sessions, ext: Ext::none() }).await
}

pub(super) async fn clients(asked: &mut Asked<'_>) -> Result<(), Fault> {
    let (asker, principal) = (asked.client.id, asked.principal());
    let clients = asked.ctx.book.run(move |book| book.client_infos(asker, &principal)).await?;
    asked.reply(Clients { clients, ext: Ext::none() }).await
}

/// Whether the asker may know of the session that an event tells of. What is of no session is for those
/// who see all of them.
async fn may_hear(asked: &Asked<'_>, session: Option<SessionId>) -> Result<bool, Fault> {
    let principal = asked.principal();
    if principal.sees_all() {
        return Ok(true);
    }
    let Some(session) = session else { return Ok(false) };
    let action = asked.action;
    asked.ctx.book.run(move |book| book.may(&principal, action, session).is_ok()).await
}

/// Tells what changes until the client leaves.
pub(super) async fn events(asked: &mut Asked<'_>, events: Events) -> Result<(), Fault> {
    let only = session_of(asked, &events.target).await?.map(|(session, _)| session);
    let mut watched = asked.ctx.events.subscribe();
    let token = asked.ctx.token.clone();
    loop {
        let next = tokio::select! {
            next = watched.recv() => next,
            () = Asked::hung_up(asked.recv) => return Ok(()),
            () = token.cancelled() => return Ok(()),
        };
        match next {
            Ok(event) if only.is_none() || event.session == only => {
                if may_hear(asked, event.session).await? {
                    asked.reply(event).await?;
                }
            }
            // The numbers show the hole.
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return Ok(()),
        }
    }
}
