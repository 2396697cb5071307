//! Requests that type into a pane: text and keys for scripts, and the interrupt.

use std::sync::Arc;
use std::time::Duration;

use ccc_journal::Offset;
use ccc_proto::{Ext, Failure, Paste, RequestInterrupt, Send, Sent};
use ccc_sync::input::Typed;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use super::Asked;
use super::read::recorded;
use crate::fault::Fault;
use crate::pane::Pane;

/// How long whoever types is kept waiting by a program that does not read.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn send(asked: &mut Asked<'_>, typed: Send) -> Result<(), Fault> {
    let events: Vec<_> = typed.events.iter().filter_map(Typed::from_wire).collect();
    if events.len() != typed.events.len() {
        return Err(Fault::unsupported("this server does not know all of what is to be typed"));
    }
    type_in(asked, &typed.target, events).await
}

pub(super) async fn paste(asked: &mut Asked<'_>, paste: Paste) -> Result<(), Fault> {
    type_in(asked, &paste.target, vec![Typed::Paste(paste.text)]).await
}

async fn type_in(asked: &mut Asked<'_>, target: &str, mut events: Vec<Typed>) -> Result<(), Fault> {
    let pane = running(asked, target).await?;
    let offset = recorded(&pane).await?;
    let until = Instant::now() + PATIENCE;
    let (written, told) = oneshot::channel();
    let mut written = Some(written);
    let client = asked.client;
    loop {
        let waits = written.take();
        let submit = || pane.input.submit_for(Some(client.id), events, None, waits);
        match client.seat.while_seated(submit).map_err(|_cut| unseated())? {
            Ok(_) => break,
            Err(full) => (events, written) = (full.events, full.written),
        }
        if timeout_at(until, pane.input.room()).await.is_err() {
            return Err(full_of_input(&pane));
        }
    }
    answer(asked, &pane, offset, told, until).await
}

pub(super) async fn interrupt(
    asked: &mut Asked<'_>,
    interrupt: RequestInterrupt,
) -> Result<(), Fault> {
    let pane = running(asked, &interrupt.target).await?;
    let offset = recorded(&pane).await?;
    let (written, told) = oneshot::channel();
    let until = Instant::now() + PATIENCE;
    let interrupt = || pane.input.interrupt(None, Some(written));
    asked.client.seat.while_seated(interrupt).map_err(|_cut| unseated())?;
    answer(asked, &pane, offset, told, until).await
}

/// Answers when the program has it, or has not taken all of it in time. Neither that nor a client
/// that leaves before takes anything back.
async fn answer(
    asked: &mut Asked<'_>,
    pane: &Arc<Pane>,
    offset: Offset,
    told: oneshot::Receiver<()>,
    until: Instant,
) -> Result<(), Fault> {
    tokio::select! {
        told = timeout_at(until, told) => match told {
            Ok(Ok(())) => {}
            Ok(Err(_dropped)) => {
                let why = format!("pane {} took no more input", pane.id);
                return Err(Fault::new(Failure::GONE, why));
            }
            Err(_elapsed) => return Err(not_read(pane)),
        },
        () = Asked::hung_up(asked.recv) => return Ok(()),
    }
    asked.reply(Sent { pane: pane.id, offset: offset.0, ext: Ext::none() }).await
}

fn unseated() -> Fault {
    Fault::new(Failure::DENIED, "what this key may do was changed")
}

fn not_read(pane: &Pane) -> Fault {
    let why = format!(
        "pane {} has not read all of it within {} s; the rest waits, and is typed when it reads",
        pane.id,
        PATIENCE.as_secs(),
    );
    Fault::new(Failure::TIMEOUT, why).hint(format!("see what it does: ccc peek {}", pane.id))
}

/// Another failure than [`not_read`]: whoever asks again types nothing twice.
fn full_of_input(pane: &Pane) -> Fault {
    let why = format!("so much waits for pane {} to read that nothing more is taken", pane.id);
    Fault::new(Failure::EXHAUSTED, why).hint(format!("see what it does: ccc peek {}", pane.id))
}

async fn running(asked: &Asked<'_>, target: &str) -> Result<Arc<Pane>, Fault> {
    let (place, pane) = asked.pane(target).await?;
    if pane.fds().is_none() {
        let why = format!("the program of pane {} has ended", place.pane);
        return Err(Fault::new(Failure::CONFLICT, why).hint(format!("ccc restart {}", place.pane)));
    }
    Ok(pane)
}
