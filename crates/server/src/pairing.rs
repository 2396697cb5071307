//! Connections of the pairing protocol: a key that is not enrolled, and one message by which it may be.
//! Owns the bounds on what strangers may try here; what an invitation is worth is the roster's. Nothing
//! else can be reached from here.

mod codes;
mod tries;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use ccc_net::{
    Admission, Bounds, CloseCode, CodeExchange, Connection, Pending, RecvStream, SendStream, Slot,
};
use ccc_proto::{
    Ext, KeyChain, Message, Pair, PairBegin, PairProof, PairShare, Paired, Refusal, Refused, limits,
};
use tokio::time::timeout;
use tracing::info;

use crate::audit::Note;
use crate::clock::unix_ms;
use crate::context::Context;
use crate::core::label::escape;
use crate::core::record::Author;
use crate::core::roster::Coming;
use crate::core::token::hash_of;
use crate::fault::Fault;
use crate::{principals, secret, server_keys};

pub(crate) use codes::LONGEST;
use codes::{Codes, Offer};
use tries::Tries;

/// From the hand-shake to the end: two flights of small messages, and a moment of a disk.
const IN_ALL: Duration = Duration::from_secs(5);
/// Connections at the same time, in all and of one source. Each holds a stream and at most one message of 16
/// KiB, and one source alone does not keep others out.
const AT_ONCE: Bounds = Bounds { unproved: 0, in_all: 16, per_source: 4 };
/// The source of what comes by no address.
const NOWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
/// How long the answer may take to arrive before the connection is closed behind it.
const GOODBYE: Duration = Duration::from_secs(1);

/// What all pairing connections share.
#[derive(Debug)]
pub(crate) struct Pairing {
    places: Arc<Pending>,
    /// Places of those whose key nobody knows, and who may have a token.
    strangers: Arc<Pending>,
    tries: Tries,
    pub(crate) codes: Codes,
}

impl Default for Pairing {
    fn default() -> Self {
        Self {
            strangers: Arc::new(Pending::within(AT_ONCE)),
            places: Arc::new(Pending::within(AT_ONCE)),
            tries: Tries::default(),
            codes: Codes::default(),
        }
    }
}

impl Pairing {
    /// A place for one whose key nobody knows, and who may have a token.
    pub(crate) fn place_of_stranger(&self, connection: &Connection) -> Option<Slot> {
        place(&self.strangers, connection)
    }
}

fn place(places: &Arc<Pending>, connection: &Connection) -> Option<Slot> {
    // What comes by no address, such as through a program, is all one source.
    let from = connection.remote_addr().map_or(NOWHERE, |from| from.ip());
    match Pending::admit(places, from, true) {
        Admission::Admitted(slot) => Some(slot),
        Admission::ProveAddress | Admission::Wait => None,
    }
}

/// Serves one pairing connection to its end.
pub(crate) async fn serve(ctx: &Arc<Context>, connection: &Connection) {
    let Some(_place) = place(&ctx.pairing.places, connection) else {
        connection.close(CloseCode::FULL, "too many are being enrolled; try again");
        return;
    };
    match timeout(IN_ALL, talk(ctx, connection)).await {
        Ok(Some(())) => connection.close(CloseCode::OK, ""),
        Ok(None) => connection.close(CloseCode::PROTOCOL, "that is not how a key is enrolled"),
        Err(_elapsed) => connection.close(CloseCode::TOO_SLOW, "enrolling took too long"),
    }
}

/// `None` for a peer that breaks the protocol.
async fn talk(ctx: &Arc<Context>, connection: &Connection) -> Option<()> {
    let (mut send, mut recv) = connection.accept_bi().await.ok()?;
    let message = recv.recv_within(IN_ALL).await.ok()??;
    let answer = match message {
        Message::Pair(pair) if is_sound(&[&pair.secret, &pair.name, &pair.software]) => {
            by_link(ctx, connection, pair).await
        }
        Message::PairBegin(begin) if is_sound(&[&begin.name, &begin.software]) => {
            by_code(ctx, connection, begin, &mut send, &mut recv).await
        }
        // Whoever finds another key than it expected asks which vouched for it.
        Message::AskKeys(_) => {
            let statements = server_keys::chain(&ctx.state, &ctx.identity);
            Ok(KeyChain { statements, ext: Ext::none() }.into())
        }
        _ => return None,
    };
    let answer = answer.unwrap_or_else(|fault| refused(&fault.why));
    say(&mut send, answer).await;
    Some(())
}

fn is_sound(texts: &[&String]) -> bool {
    texts.iter().all(|text| text.len() <= limits::NAME)
}

async fn by_link(
    ctx: &Arc<Context>,
    connection: &Connection,
    pair: Pair,
) -> Result<Message, Fault> {
    let key = connection.peer().id().to_string();
    let from = connection.remote_addr();
    let allowed = ctx.pairing.tries.allow(from.map(|from| from.ip()), std::time::Instant::now());
    // Whoever tries too often is answered as everybody, and nothing is looked up.
    let coming = if allowed {
        let hash = hash_of(&pair.secret);
        ctx.principals.roster().come(&key, &hash, &pair.name, unix_ms())
    } else {
        Coming::Refused("too many tries")
    };
    match coming {
        Coming::Refused(why) => {
            ctx.pairing.tries.failed(from.map(|from| from.ip()), std::time::Instant::now());
            info!(peer = %key, why, "an invitation was refused");
            let note = Note { what: "enrol", about: key, ..Note::default() };
            ctx.audit.note(note.from(from).detail(why).denied());
            return Ok(refused(NOT_GOOD));
        }
        Coming::Again => info!(peer = %key, "a key that is enrolled came again"),
        Coming::New(_) => {
            let hash = hash_of(&pair.secret);
            let (named, called) = (key.clone(), pair.name.clone());
            let author = Author { principal: key.clone(), unix_ms: unix_ms(), ..Author::default() };
            // Asked again when its turn has come: of two who come at once, one is enrolled.
            let enrolled = principals::change_by(ctx, author, move |roster| {
                let coming = roster.come(&named, &hash, &called, unix_ms());
                Ok(match coming {
                    Coming::New(changes) => (changes, true),
                    Coming::Again => (Vec::new(), true),
                    Coming::Refused(_) => (Vec::new(), false),
                })
            });
            if !enrolled.await? {
                return Ok(refused(NOT_GOOD));
            }
            info!(peer = %key, software = %escape(&pair.software), "a key was enrolled");
        }
    }
    paired(ctx, &key)
}

fn paired(ctx: &Context, key: &str) -> Result<Message, Fault> {
    let roster = ctx.principals.roster();
    let member = roster.holder(key, unix_ms()).ok_or_else(|| Fault::internal(NOT_GOOD))?;
    Ok(Paired {
        principal: member.principal.id.clone(),
        name: member.principal.name.clone(),
        role: member.principal.role.to_wire(),
        host: ctx.surroundings.host.clone(),
        ext: Ext::none(),
    }
    .into())
}

/// A code: both ends prove that they have it, the client first; the offer is used up by the first word.
async fn by_code(
    ctx: &Arc<Context>,
    connection: &Connection,
    begin: PairBegin,
    send: &mut SendStream,
    recv: &mut RecvStream,
) -> Result<Message, Fault> {
    let key = connection.peer().id().to_string();
    let from = connection.remote_addr();
    let (ip, now) = (from.map(|from| from.ip()), std::time::Instant::now());
    let allowed = ctx.pairing.tries.allow(ip, now);
    let offer = if allowed { ctx.pairing.codes.take(begin.offer, now) } else { None };
    let refuse = |why: &str| {
        ctx.pairing.tries.failed(ip, now);
        info!(peer = %key, why, "a code was refused");
        let note = Note { what: "enrol", about: key.clone(), ..Note::default() };
        ctx.audit.note(note.from(from).detail(why).denied());
        Ok(refused(NOT_GOOD))
    };
    // Whoever names no open offer gets an exchange all the same, and fails where a wrong code fails.
    let (words, open) = match &offer {
        Some(Offer { words, .. }) => (words.clone(), true),
        None => (secret::Secret::new().text(), false),
    };
    let own = ctx.identity.public();
    let Some((exchange, share)) = CodeExchange::server(connection, &own, &words) else {
        return refuse("the connection exports nothing");
    };
    let answer = PairShare { share, ext: Ext::none() };
    if send.send(&answer.into()).await.is_err() {
        return refuse("gone in the middle");
    }
    let proofs = exchange.proofs(&begin.share);
    let theirs = match recv.recv_within(IN_ALL).await {
        Ok(Some(Message::PairProof(proof))) => proof.proof,
        _ => return refuse("gone in the middle"),
    };
    let proofs = match proofs {
        Some(proofs) if proofs.proven_by(&theirs) && open => proofs,
        _ if !allowed => return refuse("too many tries"),
        _ => return refuse(if open { "a wrong code" } else { "no such code" }),
    };
    let Some(Offer { invitation, .. }) = offer else { return refuse("no such code") };
    let (named, called) = (key.clone(), begin.name);
    let author = Author { principal: key.clone(), unix_ms: unix_ms(), ..Author::default() };
    let enrolled = principals::change_by(ctx, author, move |roster| {
        Ok(match roster.enrol(&invitation, &named, &called, unix_ms()) {
            Coming::New(changes) => (changes, None),
            Coming::Again => (Vec::new(), None),
            Coming::Refused(why) => (Vec::new(), Some(why)),
        })
    });
    if let Some(why) = enrolled.await? {
        return refuse(why);
    }
    info!(peer = %key, software = %escape(&begin.software), "a key was enrolled by a code");
    let proof = PairProof { proof: proofs.ours, ext: Ext::none() };
    // Whether it heard us is seen when it comes again.
    let _ = send.send(&proof.into()).await;
    paired(ctx, &key)
}

/// The same words whatever is wrong: which it was is in the log of the server.
const NOT_GOOD: &str = "this invitation is not good: it was used, is too old, or was never made";

fn refused(why: &str) -> Message {
    let (reason, why) = (Refusal::NO_INVITATION, why.to_owned());
    let hint = "ask for a new one: ccc invite, on the other machine".to_owned();
    Refused { reason, why, hint, ext: Ext::none() }.into()
}

async fn say(send: &mut SendStream, answer: Message) {
    // One who is gone needs no answer.
    if send.send(&answer).await.is_ok() && send.finish().await.is_ok() {
        let _ = timeout(GOODBYE, send.stopped()).await;
    }
}
