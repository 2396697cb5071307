//! The one-way streams of a client: what is typed, and what of the screens it has applied. The first
//! message of a stream tells which of the two it is.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use ccc_net::{RecvStream, StreamCode};
use ccc_proto::{Input, InputAgain, InputKind, Interrupt, Message, PaneId};
use ccc_sync::input::Typed;
use tokio::time::timeout;
use tracing::debug;

use super::{Attachment, Client, ToFrames};
use crate::clock::unix_ms;
use crate::context::Context;
use crate::core::authorize::{Action, Resource, authorize};
use crate::core::house::Life;
use crate::pane::Pane;
use crate::pane::input::Stamp;

/// How long a program that is being started is waited for. One that cannot be started is known sooner,
/// and what was typed for it is dropped with it.
const STARTING: Duration = Duration::from_secs(5);

/// Reads a stream to its end.
pub(super) async fn run(ctx: Arc<Context>, client: Arc<Client>, mut recv: RecvStream) {
    loop {
        let message = match recv.recv().await {
            Ok(Some(message)) => message,
            Ok(None) => return,
            Err(error) => {
                debug!(client = %client.id, %error, "a stream of input ended");
                recv.stop(StreamCode::PROTOCOL);
                return;
            }
        };
        if let Some(number) = number(&message) {
            let mut inputs = client.inputs.lock().await;
            // What comes while no session is looked at goes nowhere, and is counted.
            if inputs.take(number)
                && let Some(attachment) = client.attachment()
            {
                typed(&ctx, &client, &attachment, message).await;
            }
            continue;
        }
        let Some(attachment) = client.attachment() else { continue };
        match message {
            Message::InputAgain(again) => typed_again(&ctx, &client, &attachment, again).await,
            Message::FrameApplied(applied) => {
                tell(&attachment, ToFrames::Applied(applied)).await;
            }
            Message::FrameWanted(wanted) => tell(&attachment, ToFrames::Wanted(wanted.pane)).await,
            other => {
                debug!(client = %client.id, message = other.name(), "not for a one-way stream");
                recv.stop(StreamCode::PROTOCOL);
                return;
            }
        }
    }
}

/// Waits while the sender of frames is behind: an acknowledgement must not be lost, and the stream's
/// window bounds what waits behind it.
async fn tell(attachment: &Attachment, message: ToFrames) {
    // An attachment that has just ended needs no frames.
    let _ = attachment.frames.send(message).await;
}

/// Its number among the inputs of the client.
const fn number(message: &Message) -> Option<u64> {
    match message {
        Message::Input(input) => Some(input.number),
        Message::Interrupt(interrupt) => Some(interrupt.number),
        _ => None,
    }
}

/// What is sent twice is taken once, and in order.
async fn typed_again(
    ctx: &Arc<Context>,
    client: &Client,
    attachment: &Attachment,
    again: InputAgain,
) {
    if again.attachment != attachment.id {
        return;
    }
    let inputs = again.inputs.into_iter().map(Message::from);
    let mut all: Vec<Message> =
        inputs.chain(again.interrupts.into_iter().map(Message::from)).collect();
    all.sort_by_key(number);
    for message in all {
        let mut inputs = client.inputs.lock().await;
        if number(&message).is_some_and(|number| inputs.take_again(number)) {
            typed(ctx, client, attachment, message).await;
        }
    }
}

async fn typed(ctx: &Arc<Context>, client: &Client, attachment: &Attachment, message: Message) {
    let (Message::Input(Input { pane, .. }) | Message::Interrupt(Interrupt { pane, .. })) = message
    else {
        return;
    };
    if attachment.view.load(Ordering::Relaxed)
        || !allowed(ctx, client, attachment, Action::of(&message), pane).await
    {
        return;
    }
    // What is typed into a pane that is gone has nowhere to go; the layout says so.
    let Some(known) = started(ctx, pane).await else { return };
    if is_typed(&message) {
        note_hands(ctx, client, attachment, &known);
    }
    match message {
        Message::Input(input) => write(client, &known, attachment, input).await,
        Message::Interrupt(interrupt) => {
            let stamp = Stamp { attachment: attachment.id, number: interrupt.number };
            // Whoever may no longer interrupts nothing.
            let _ = client.seat.while_seated(|| known.input.interrupt(Some(stamp), None));
        }
        _ => return,
    }
    told_typed(attachment, pane);
}

/// Whether hands did something: a window that comes to the front types nothing.
fn is_typed(message: &Message) -> bool {
    match message {
        Message::Input(input) => input.events.iter().any(|event| event.kind != InputKind::FOCUS),
        _ => true,
    }
}

/// Who types decides the size, is answered as, and goes before floods.
fn note_hands(ctx: &Arc<Context>, client: &Client, attachment: &Attachment, known: &Pane) {
    attachment.typed.store(unix_ms(), Ordering::Relaxed);
    if known.typed_by(attachment.id) {
        let (id, pane) = (attachment.id, known.id);
        ctx.book.tell(move |book| book.typed(id, pane));
        if let Some(facts) = client.facts() {
            known.answer_as(facts);
        }
    }
    if ctx.hands.typed(known.id, Instant::now()) {
        ctx.keeper.typed(known.ulid);
    }
}

/// The pane; one whose program is being started is waited for, because the layout shows it already.
async fn started(ctx: &Arc<Context>, pane: PaneId) -> Option<Arc<Pane>> {
    if let Some(known) = ctx.panes.find(pane) {
        return Some(known);
    }
    let mut lives = ctx.panes.lives();
    let starting = ctx
        .book
        .run(move |book| book.house.pane(pane).is_some_and(|known| known.life == Life::Starting));
    if !starting.await.unwrap_or(false) {
        return ctx.panes.find(pane);
    }
    let appears = async {
        loop {
            lives.borrow_and_update();
            if let Some(known) = ctx.panes.find(pane) {
                return Some(known);
            }
            lives.changed().await.ok()?;
        }
    };
    timeout(STARTING, appears).await.ok().flatten()
}

/// Whether it may be done to that pane. Whoever may see every session is judged by the role alone, so
/// that a key of theirs asks nobody.
async fn allowed(
    ctx: &Arc<Context>,
    client: &Client,
    attachment: &Attachment,
    action: Action,
    pane: PaneId,
) -> bool {
    let principal = client.principal();
    if principal.sees_all() && authorize(&principal, action, Resource::Server).is_ok() {
        return true;
    }
    let id = attachment.id;
    let looked_at = ctx.book.run(move |book| {
        let session = book.house.session_of(pane)?;
        let here = book.looker(id)?.place.session;
        (session == here).then(|| book.house.session(session).map(|session| session.ulid))?
    });
    let Ok(Some(session)) = looked_at.await else { return false };
    authorize(&principal, action, Resource::Session(session)).is_ok()
}

async fn write(client: &Client, pane: &Arc<Pane>, attachment: &Attachment, input: Input) {
    let stamp = Some(Stamp { attachment: attachment.id, number: input.number });
    let mut events: Vec<Typed> = input.events.iter().filter_map(Typed::from_wire).collect();
    loop {
        let submit = || pane.input.submit_for(Some(client.id), events, stamp, None);
        match client.seat.while_seated(submit) {
            Ok(Err(full)) => {
                events = full.events;
                pane.input.room().await;
            }
            // It is on its way, or its typist may no longer type.
            Ok(Ok(_)) | Err(_) => return,
        }
    }
}

fn told_typed(attachment: &Attachment, pane: PaneId) {
    // The frame that follows says it anyway; this only makes it the first.
    let _ = attachment.frames.try_send(ToFrames::Typed(pane));
}
