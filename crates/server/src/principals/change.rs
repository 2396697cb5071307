//! Changes of the roster. Owns their order: planned, logged, applied, and those shown out whose rights ended,
//! one change after the other.

use std::collections::BTreeSet;
use std::sync::Arc;

use ccc_proto::{ClientId, Ext};
use tokio::sync::oneshot;
use tracing::{error, warn};
use ulid::Ulid;

use super::note::note;
use super::roster_log::{Encoded, RosterLog};
use super::seat::Seat;
use crate::audit::Note;
use crate::clock::unix_ms;
use crate::connection::Client;
use crate::context::Context;
use crate::core::authorize::Level;
use crate::core::record::Author;
use crate::core::roster::{Change, Entry, GrantSet, Roster, RosterRefusal, StoredGrant};
use crate::fault::Fault;

/// Plans a change of the roster at a client's wish, logs it durably, applies it, and ends what may be no
/// longer: when this returns, connections are closed and nothing of what they typed waits for a program.
/// Goes on when whoever asked does not wait for it, and does nothing for somebody who was shown out.
pub(crate) async fn change<T: Send + 'static>(
    ctx: &Arc<Context>,
    client: &Client,
    plan: impl FnOnce(&Roster) -> Result<(Vec<Change>, T), RosterRefusal> + Send + 'static,
) -> Result<T, Fault> {
    let seat = Some(Arc::clone(&client.seat));
    apply(ctx, Asked { author: client.author(), seat, ends: true, noted: Noted::Surely }, plan)
        .await
}

/// As [`change`], at nobody's wish who is connected.
pub(crate) async fn change_by<T: Send + 'static>(
    ctx: &Arc<Context>,
    author: Author,
    plan: impl FnOnce(&Roster) -> Result<(Vec<Change>, T), RosterRefusal> + Send + 'static,
) -> Result<T, Fault> {
    apply(ctx, Asked { author, seat: None, ends: true, noted: Noted::Surely }, plan).await
}

/// As [`change_by`], for what changes nobody's rights.
pub(super) async fn change_quietly<T: Send + 'static>(
    ctx: &Arc<Context>,
    author: Author,
    plan: impl FnOnce(&Roster) -> Result<(Vec<Change>, T), RosterRefusal> + Send + 'static,
) -> Result<T, Fault> {
    apply(ctx, Asked { author, seat: None, ends: false, noted: Noted::Surely }, plan).await
}

/// What somebody is about to make is its own, in all its connections and after a restart.
pub(crate) async fn own(ctx: &Arc<Context>, client: &Client, session: Ulid) -> Result<(), Fault> {
    let id = client.principal().id.clone();
    let seat = Some(Arc::clone(&client.seat));
    let own = id.clone();
    // Rights that only grow end no connection.
    let asked = Asked { author: client.author(), seat, ends: false, noted: Noted::Paced };
    apply(ctx, asked, move |roster| {
        let member = roster.member(&own).ok_or_else(|| RosterRefusal::Unknown(own.clone()))?;
        let grant = StoredGrant { session: session.0, level: Level::Own.to_wire().0 };
        let principal = member.principal.id.clone();
        Ok((vec![GrantSet { principal, grant, ext: Ext::none() }.into()], ()))
    })
    .await?;
    ctx.principals.each_seat_of(&id, |seat| seat.owns(session));
    Ok(())
}

/// A session is gone, or never came to be: nobody has a right there any more.
pub(crate) async fn session_gone(ctx: &Arc<Context>, session: Ulid) {
    if ctx.principals.roster().session_gone(session).is_empty() {
        return;
    }
    let asked =
        Asked { author: Author::server(unix_ms()), seat: None, ends: false, noted: Noted::Not };
    let done = apply(ctx, asked, move |roster| Ok((roster.session_gone(session), ())));
    if let Err(fault) = done.await {
        // They mean nothing, and are forgotten at the next start.
        warn!(why = fault.why, "rights for a session that is gone stay");
    }
}

/// A key has come: if it was promised, it is in use from now on.
pub(super) async fn came(ctx: &Arc<Context>, key: String) {
    let now = unix_ms();
    let changes = ctx.principals.roster().came(&key, now);
    if changes.is_empty() {
        return;
    }
    let author = Author { principal: key.clone(), ..Author::server(now) };
    let done = change_quietly(ctx, author, move |roster| Ok((roster.came(&key, now), ())));
    if let Err(fault) = done.await {
        // It is noted the next time; until then the others are good.
        warn!(why = fault.why, "a key that was promised came, which could not be noted");
    }
}

/// How a change is told to the audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Noted {
    /// However slow the disk is.
    Surely,
    /// As what its author may cause as often as it likes.
    Paced,
    /// It decides nothing.
    Not,
}

struct Asked {
    author: Author,
    /// Who asks: nothing is done for one who was shown out meanwhile.
    seat: Option<Arc<Seat>>,
    /// Whether connections end whose rights it changes.
    ends: bool,
    noted: Noted,
}

async fn apply<T: Send + 'static>(
    ctx: &Arc<Context>,
    asked: Asked,
    plan: impl FnOnce(&Roster) -> Result<(Vec<Change>, T), RosterRefusal> + Send + 'static,
) -> Result<T, Fault> {
    let (tell, mut told) = oneshot::channel();
    let plan = move |roster: &Roster| {
        let (changes, answer) = plan(roster)?;
        // Whoever asked may have left.
        let _unheard = tell.send(answer);
        Ok(changes)
    };
    carry_out(ctx, asked, Box::new(plan)).await?;
    told.try_recv().map_err(|_untold| Fault::internal("a plan of the roster gave no answer"))
}

/// What is to be changed. Carried out in the same way whatever else whoever asked is told.
type Planned = Box<dyn FnOnce(&Roster) -> Result<Vec<Change>, RosterRefusal> + Send>;

async fn carry_out(ctx: &Arc<Context>, asked: Asked, plan: Planned) -> Result<(), Fault> {
    let ctx = Arc::clone(ctx);
    let tracker = ctx.tracker.clone();
    let changing = tracker.spawn(async move {
        let Asked { author, seat, ends, noted } = asked;
        let principals = &ctx.principals;
        let log = Arc::clone(&principals.log).lock_owned().await;
        if let Some(seat) = seat {
            seat.while_seated(|| ())?;
        }
        let changes = plan(&principals.roster())?;
        let mut entries = Vec::new();
        for change in changes {
            let entry = Entry { author: author.clone(), change };
            let bytes = entry.encode().map_err(|error| Fault::internal(error.to_string()))?;
            entries.push((entry, bytes));
        }
        if entries.is_empty() {
            return Ok(());
        }
        let (entries, bytes): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
        let log = append(log, bytes).await?;
        let mut changed = BTreeSet::new();
        {
            let mut roster = principals.roster();
            let all = entries.iter().filter_map(|entry| roster.apply(entry));
            changed.extend(all.filter(|_| ends));
        }
        let gone = principals.cut_changed(&changed);
        shown_out(&ctx, &gone);
        let mut notes: Vec<_> = entries.iter().map(|entry| note(&ctx, entry)).collect();
        let over = {
            let roster = principals.roster();
            ctx.pairing.codes.retain(|invitation| roster.stands(invitation))
        };
        let ended = |about| Note { what: "invite-over", about, ..Note::default() };
        notes.extend(over.into_iter().map(ended));
        drop(log);
        principals.changed.notify_one();
        for note in notes {
            match noted {
                Noted::Surely => ctx.audit.note_surely(note).await,
                Noted::Paced => ctx.audit.note(note.paced()),
                Noted::Not => {}
            }
        }
        Ok(())
    });
    changing
        .await
        .map_err(|error| Fault::internal(format!("the roster was not changed: {error}")))?
}

/// Takes back what clients typed whose seats were taken away.
pub(super) fn shown_out(ctx: &Context, gone: &[ClientId]) {
    for client in gone.iter().copied() {
        ctx.panes.all().iter().for_each(|pane| pane.input.withdraw(client));
        // The connection's own task takes leave as well; this is for who looks meanwhile.
        ctx.book.tell(move |book| book.client_left(client));
    }
}

type Log = tokio::sync::OwnedMutexGuard<RosterLog>;

/// Writes records on a thread that may wait for the disk.
async fn append(mut log: Log, records: Vec<Encoded>) -> Result<Log, Fault> {
    let written = tokio::task::spawn_blocking(move || log.append(&records).map(|()| log));
    let written = written.await.map_err(|error| Fault::internal(error.to_string()))?;
    Ok(written.inspect_err(|error| error!(%error, "the roster takes no change"))?)
}
