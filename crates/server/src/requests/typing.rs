//! Requests that type into a pane: text and keys for scripts, and the interrupt.

use std::sync::Arc;

use ccc_journal::Offset;
use ccc_proto::{Ext, Failure, RequestInterrupt, Send, Sent};
use ccc_sync::input::Typed;
use tokio::sync::oneshot;

use super::Asked;
use super::read::recorded;
use crate::fault::Fault;
use crate::pane::Pane;

pub(super) async fn send(asked: &mut Asked<'_>, typed: Send) -> Result<(), Fault> {
    let pane = running(asked, &typed.target).await?;
    let mut events: Vec<_> = typed.events.iter().filter_map(Typed::from_wire).collect();
    if events.len() != typed.events.len() {
        return Err(Fault::unsupported("this server does not know all of what is to be typed"));
    }
    let offset = recorded(&pane).await?;
    let (written, told) = oneshot::channel();
    let mut written = Some(written);
    while let Err(full) = pane.input.submit(events, None, written.take()) {
        events = full.events;
        written = full.written;
        pane.input.room().await;
    }
    answer(asked, &pane, offset, told).await
}

pub(super) async fn interrupt(
    asked: &mut Asked<'_>,
    interrupt: RequestInterrupt,
) -> Result<(), Fault> {
    let pane = running(asked, &interrupt.target).await?;
    let offset = recorded(&pane).await?;
    let (written, told) = oneshot::channel();
    pane.input.interrupt(None, Some(written));
    answer(asked, &pane, offset, told).await
}

/// Answers when the program has it; a client that leaves before takes nothing back.
async fn answer(
    asked: &mut Asked<'_>,
    pane: &Arc<Pane>,
    offset: Offset,
    told: oneshot::Receiver<()>,
) -> Result<(), Fault> {
    tokio::select! {
        told = told => if told.is_err() {
            let why = format!("pane {} took no more input", pane.id);
            return Err(Fault::new(Failure::GONE, why));
        },
        () = Asked::hung_up(asked.recv) => return Ok(()),
    }
    asked.reply(Sent { pane: pane.id, offset: offset.0, ext: Ext::none() }).await
}

async fn running(asked: &Asked<'_>, target: &str) -> Result<Arc<Pane>, Fault> {
    let (place, pane) = asked.pane(target).await?;
    if pane.fds().is_none() {
        let why = format!("the program of pane {} has ended", place.pane);
        return Err(Fault::new(Failure::CONFLICT, why).hint(format!("ccc restart {}", place.pane)));
    }
    Ok(pane)
}
