//! Requests upon attachments: where one looks, and whether it goes on.

use ccc_proto::{DetachClient, DetachReason, Failure, SelectTarget, WireExit};

use super::Asked;
use crate::book::{Looker, ended};
use crate::core::authorize::Action;
use crate::core::house::Plan;
use crate::fault::Fault;

/// Acts on the named client's attachment, else on whoever typed last in the session, else on the
/// place where its next attach starts.
pub(super) async fn select(asked: &mut Asked<'_>, select: SelectTarget) -> Result<(), Fault> {
    let place = asked.place(&select.target).await?;
    crate::recovery::open_session(asked.ctx, place.session).await?;
    let author = asked.client.author();
    let (asker, action, principal) = (asked.client.id, asked.action, asked.principal());
    let plan = asked
        .ctx
        .book
        .run(move |book| -> Result<Plan, Fault> {
            let attachment = match select.client {
                Some(client) => {
                    // Nobody is led to where it may not look, nor away from where the asker has no say.
                    let led = |looker: &Looker| {
                        let there = looker.seat.principal();
                        book.may(&there, Action::Watch, place.session).is_ok()
                    };
                    let leads = |looker: &Looker| {
                        looker.client == asker
                            || book.may(&principal, action, looker.place.session).is_ok()
                    };
                    let found = book.lookers().find(|(_, looker)| {
                        looker.client == client && leads(looker) && led(looker)
                    });
                    Some(found.map(|(attachment, _)| attachment).ok_or_else(|| {
                        let why = format!("client {client} looks at no session");
                        Fault::new(Failure::NOT_FOUND, why).hint("ccc who")
                    })?)
                }
                None => book.last_typist(place.session),
            };
            match attachment {
                Some(attachment) => {
                    let there = book.looker(attachment).map(|looker| looker.place.session);
                    if there == Some(place.session) {
                        book.select(&author, attachment, None, place.tab, place.pane);
                    } else {
                        book.switch(&author, attachment, place)?;
                    }
                }
                None => {
                    let plan = book.house.remember(&author, place.pane)?;
                    book.commit(plan)?;
                }
            }
            Ok(Plan {
                session: Some(place.session),
                tab: Some(place.tab),
                pane: Some(place.pane),
                ..Plan::default()
            })
        })
        .await??;
    asked.done(&plan).await
}

pub(super) async fn detach(asked: &mut Asked<'_>, detach: DetachClient) -> Result<(), Fault> {
    let session = match detach.client {
        Some(_) => None,
        None => Some(asked.place(&detach.target).await?.session),
    };
    let (asker, action, principal) = (asked.client.id, asked.action, asked.principal());
    let found = asked
        .ctx
        .book
        .run(move |book| {
            let gone: Vec<_> = book
                .lookers()
                .filter(|(_, looker)| detach.client.is_none_or(|client| client == looker.client))
                .filter(|(_, looker)| session.is_none_or(|id| id == looker.place.session))
                .filter(|(_, looker)| detach.but != Some(looker.client))
                .filter(|(_, looker)| {
                    looker.client == asker
                        || book.may(&principal, action, looker.place.session).is_ok()
                })
                .map(|(attachment, _)| attachment)
                .collect();
            for attachment in &gone {
                book.detach(*attachment, ended(DetachReason::BY_OTHER, WireExit::default()));
            }
            gone.len()
        })
        .await?;
    if let Some(client) = detach.client.filter(|_| found == 0) {
        let why = format!("client {client} looks at no session");
        return Err(Fault::new(Failure::NOT_FOUND, why).hint("ccc who"));
    }
    asked.done(&Plan { session, ..Plan::default() }).await
}
