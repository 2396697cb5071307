//! The life of a connection: who it is, its hello, and a task for each of its streams.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ccc_net::{CloseCode, Connection, RecvError, RecvStream, SendStream, StreamCode};
use ccc_proto::{
    Ext, Hello, MAJOR, MINOR, Message, Received, Refusal, Refused, Welcome, hello_tag, limits,
};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing::{debug, info};

use super::{Client, control, input};
use crate::audit::Note;
use crate::book::ClientEntry;
use crate::context::Context;
use crate::copies::OF_A_CLIENT;
use crate::core::authorize::{Action, Resource, authorize};
use crate::core::label::escape;
use crate::fault::Fault;
use crate::principals::Seat;
use crate::{pairing, requests};

/// How long a client may take for its first words after the hand-shake.
const HELLO: Duration = Duration::from_secs(10);
/// The same of one whose key nobody knows, and who may have a token.
const STRANGER: Duration = Duration::from_secs(3);
/// How long a client may take to hear that the server stops.
const GOODBYE: Duration = Duration::from_secs(1);
/// Requests of one client that are done at the same time; waits and tails count. More wait for a
/// slot, so that nobody fills the server with waiting requests.
const REQUESTS: usize = 256;

/// Serves a connection until it is over.
pub(crate) async fn serve(ctx: Arc<Context>, connection: Connection) {
    if connection.is_pairing() {
        return pairing::serve(&ctx, &connection).await;
    }
    let seat = match ctx.principals.enter(&ctx, &connection).await {
        Some(seat) => Some(seat),
        // A token may speak for it; while there are none, nothing is heard from strangers.
        None if ctx.principals.has_tokens() => None,
        None => return turn_away(&ctx, &connection),
    };
    // Held until it is known who it is.
    let place = match seat {
        None => match ctx.pairing.place_of_stranger(&connection) {
            Some(place) => Some(place),
            None => return connection.close(CloseCode::FULL, "too many come at once; try again"),
        },
        Some(_) => None,
    };
    let known = seat.is_some();
    if known {
        connection.authorize();
    }
    let Some((control, hello)) = greet(&connection, known).await else {
        if !known {
            turn_away(&ctx, &connection);
        }
        return;
    };
    let seat = match hello.ext.find_text(hello_tag::TOKEN) {
        Some(token) => ctx.principals.enter_by_token(&ctx, &connection, token).await,
        None => seat,
    };
    let Some(seat) = seat else { return turn_away(&ctx, &connection) };
    drop(place);
    connection.authorize();
    let Some((client, control)) = welcome(&ctx, &connection, seat, control, &hello).await else {
        return;
    };
    info!(client = %client.id, software = %escape(&hello.software), "a client came");
    let note = Note::by(&client.principal(), "connect").from(connection.remote_addr());
    ctx.audit.note(note.about(client.id.to_string()).detail(&hello.software).paced());
    run(&ctx, &client, control).await;
    let id = client.id;
    ctx.book.tell(move |book| book.client_left(id));
    info!(client = %id, "a client left");
}

/// Ends a connection of which nobody knows whose it is.
fn turn_away(ctx: &Context, connection: &Connection) {
    let peer = connection.peer().id().to_string();
    info!(peer, "an unknown key was turned away");
    let note = Note { what: "connect", about: peer, ..Note::default() };
    ctx.audit.note(note.from(connection.remote_addr()).denied());
    connection.close(CloseCode::AUTH_UNKNOWN, "this key is not enrolled here");
}

type Control = (SendStream, RecvStream);

/// Waits for the hello on the first stream.
async fn greet(connection: &Connection, known: bool) -> Option<(Control, Hello)> {
    let patience = if known { HELLO } else { STRANGER };
    let first = timeout(patience, async {
        let (send, mut recv) = connection.accept_bi().await.ok()?;
        let message = recv.recv_within(patience).await.ok()??;
        Some((send, recv, message))
    });
    let Ok(Some((mut send, recv, message))) = first.await else {
        if !known {
            return None;
        }
        connection.close(CloseCode::TOO_SLOW, "no hello came");
        return None;
    };
    match message {
        Message::Hello(hello) if is_sound(&hello) => Some(((send, recv), hello)),
        _ if !known => None,
        other => {
            debug!(message = other.name(), "a first message that is no hello");
            let why = "the first message is not a hello";
            refuse(connection, &mut send, Refusal::NO_HELLO, why).await;
            None
        }
    }
}

fn is_sound(hello: &Hello) -> bool {
    hello.software.len() <= limits::NAME && hello.host.len() <= limits::NAME
}

async fn refuse(connection: &Connection, send: &mut SendStream, reason: Refusal, why: &str) {
    let refused = Refused { reason, why: why.to_owned(), hint: String::new(), ext: Ext::none() };
    // A client that is gone needs no answer; one that is there has a moment to read it.
    if send.send(&refused.into()).await.is_ok() && send.finish().await.is_ok() {
        let _ = timeout(Duration::from_secs(1), send.stopped()).await;
    }
    connection.close(CloseCode::PROTOCOL, why);
}

async fn welcome(
    ctx: &Arc<Context>,
    connection: &Connection,
    seat: Arc<Seat>,
    (mut send, recv): Control,
    hello: &Hello,
) -> Option<(Arc<Client>, Control)> {
    if ctx.token.is_cancelled() {
        refuse(connection, &mut send, Refusal::STOPPING, "the server is stopping").await;
        return None;
    }
    let allowed =
        authorize(&seat.principal(), Action::of(&Message::Hello(hello.clone())), Resource::Server);
    if let Err(denied) = allowed {
        refuse(connection, &mut send, Refusal::UNKNOWN_KEY, &denied.to_string()).await;
        return None;
    }
    let entry = ClientEntry {
        software: hello.software.clone(),
        host: hello.host.clone(),
        carrier: connection.carrier(),
        seat: Arc::clone(&seat),
    };
    let id = ctx.book.run(|book| book.client_came(entry)).await.ok()?;
    seat.welcomed(id);
    if seat.is_cut() {
        // Between its seat and its number; the one who took it away could not name it.
        ctx.book.tell(move |book| book.client_left(id));
        return None;
    }
    let client = Arc::new(Client {
        id,
        seat,
        connection: connection.clone(),
        attachment: Mutex::new(None),
        inputs: tokio::sync::Mutex::default(),
        facts: Mutex::new(None),
        cell: Mutex::new(None),
        forwards: super::Forwards::default(),
        copies: Semaphore::new(OF_A_CLIENT),
    });
    let welcome = Welcome {
        minor: MINOR,
        software: format!("ccc {}", env!("CARGO_PKG_VERSION")),
        server: ctx.server.clone(),
        client: id,
        host: ctx.surroundings.host.clone(),
        pid: std::process::id(),
        ext: Ext::none(),
    };
    debug!(major = MAJOR, client_minor = hello.minor, "versions");
    // What a client waits for most goes before any frame.
    send.set_priority(10);
    if send.send(&welcome.into()).await.is_err() {
        ctx.book.tell(move |book| book.client_left(id));
        return None;
    }
    Some((client, (send, recv)))
}

/// Runs the streams of a client until the connection is over or the server stops.
async fn run(ctx: &Arc<Context>, client: &Arc<Client>, control: Control) {
    let mut tasks = JoinSet::new();
    let slots = Arc::new(Semaphore::new(REQUESTS));
    let (send, recv) = control;
    let control = tokio::spawn(control::run(Arc::clone(ctx), Arc::clone(client), send, recv));
    let connection = &client.connection;
    loop {
        tokio::select! {
            stream = connection.accept_bi() => match stream {
                Ok((send, recv)) => {
                    let (ctx, client) = (Arc::clone(ctx), Arc::clone(client));
                    let slots = Arc::clone(&slots);
                    tasks.spawn(async move {
                        let Ok(_slot) = slots.acquire().await else { return };
                        request(&ctx, &client, send, recv).await;
                    });
                }
                Err(_over) => break,
            },
            stream = connection.accept_uni() => match stream {
                Ok(recv) => {
                    tasks.spawn(input::run(Arc::clone(ctx), Arc::clone(client), recv));
                }
                Err(_over) => break,
            },
            // Ended tasks are let go of, so that a long connection does not collect them.
            Some(_ended) = tasks.join_next(), if !tasks.is_empty() => {}
            () = ctx.token.cancelled() => break,
        }
    }
    let over = control.abort_handle();
    if ctx.token.is_cancelled() {
        // It says goodbye; the endpoint closes what does not listen.
        let _ = timeout(GOODBYE, control).await;
    }
    over.abort();
    tasks.shutdown().await;
}

/// One request on its own stream: the message, then the answer.
async fn request(
    ctx: &Arc<Context>,
    client: &Arc<Client>,
    mut send: SendStream,
    mut recv: RecvStream,
) {
    let received = match timeout(HELLO, recv.recv_any()).await {
        Ok(received) => received,
        Err(_elapsed) => Err(RecvError::TooSlow { after: HELLO }),
    };
    let message = match received {
        Ok(Some(Received::Known(message))) => message,
        // At once, whether or not more is to follow it.
        Ok(Some(Received::Unknown(_)) | None) => {
            answer_fault(&mut send, Fault::unsupported("this server does not know that request"))
                .await;
            return;
        }
        Err(error) => {
            debug!(client = %client.id, %error, "a request could not be read");
            send.reset(StreamCode::PROTOCOL);
            return;
        }
    };
    let name = message.name();
    debug!(client = %client.id, request = name, "a request");
    if let Err(fault) = requests::answer(ctx, client, message, &mut send, &mut recv).await {
        debug!(client = %client.id, request = name, why = fault.why, "not done");
        if fault.refused {
            ctx.audit.note(client.note("request").about(name).detail(&fault.why).denied());
        }
        answer_fault(&mut send, fault).await;
        return;
    }
    // The client may be gone; what was done stays done.
    let _ = send.finish().await;
}

async fn answer_fault(send: &mut SendStream, fault: Fault) {
    if send.send(&fault.into_failed().into()).await.is_ok() {
        // As above.
        let _ = send.finish().await;
    }
}
