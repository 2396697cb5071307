//! Who is known here: the owner, by the key in the state directory, which only the owner can read; and
//! everybody in the roster. Owns the roster's log, the order of its changes, and the seats of those who are
//! connected, so that what somebody may no longer do ends at once.

mod seat;
mod watch;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use ccc_journal::{Durability, FileKind, RecordLog};
use ccc_net::{CloseCode, Connection, Identity, KeyId};
use ccc_proto::{ClientId, Ext};
use tokio::sync::Notify;
use tracing::{error, info, warn};
use ulid::Ulid;

use crate::ServeError;
use crate::audit::Note;
use crate::clock::unix_ms;
use crate::context::Context;
use crate::core::authorize::{Level, Principal, Role};
use crate::core::house::Author;
use crate::core::roster::{Change, Entry, GrantSet, Roster, RosterRefusal, StoredGrant, TokenUsed};
use crate::core::token::Token;
use crate::fault::Fault;
use crate::state_dir::StateDir;

pub(crate) use seat::Seat;
pub(crate) use watch::watch;

/// The roster's file.
const KIND: FileKind = FileKind::new(*b"prin", "principals");
/// Size from which the log is compacted when it is opened.
const COMPACT_BYTES: u64 = 256 * 1024;

#[derive(Debug)]
pub(crate) struct Principals {
    path: PathBuf,
    owner: Mutex<KeyId>,
    roster: Mutex<Roster>,
    /// Whoever holds it writes; it is held over the writing, so that changes keep their order.
    log: Arc<tokio::sync::Mutex<RecordLog>>,
    /// Everybody who is connected. Locked after the roster, never before.
    seats: Mutex<Vec<Weak<Seat>>>,
    /// Told of every change, for whoever waits for the next deadline.
    changed: Notify,
}

impl Principals {
    pub(crate) fn open(state: &StateDir) -> Result<Self, ServeError> {
        let path = state.client().join("key");
        let owner =
            Identity::load_or_create(&path).map_err(ServeError::part("read the owner's key"))?.id();
        let (log, roster) = open_log(state)?;
        Ok(Self {
            path,
            owner: Mutex::new(owner),
            roster: Mutex::new(roster),
            log: Arc::new(tokio::sync::Mutex::new(log)),
            seats: Mutex::default(),
            changed: Notify::new(),
        })
    }

    /// Gives whoever has proved to hold a key of somebody who is known a seat.
    pub(crate) fn enter(&self, connection: &Connection) -> Option<Arc<Seat>> {
        let key = connection.peer().id();
        let owner = self.is_owner(key);
        // Held until the seat stands, so that a change either sees the seat or was seen here.
        let roster = lock(&self.roster);
        let principal = if owner {
            owner_of(key)
        } else {
            roster.holder(&key.to_string(), unix_ms())?.principal.clone()
        };
        Some(self.seat(connection, principal))
    }

    /// Whether anybody may come by a token.
    pub(crate) fn has_tokens(&self) -> bool {
        lock(&self.roster).members().any(|member| member.token.is_some())
    }

    /// Gives whoever has a token's secret a seat.
    pub(crate) async fn enter_by_token(
        &self,
        ctx: &Arc<Context>,
        connection: &Connection,
        text: &str,
    ) -> Option<Arc<Seat>> {
        let token = Token::parse(text)?;
        let (id, hash, now) = (token.id().to_owned(), token.hash(), unix_ms());
        let counted = {
            let roster = lock(&self.roster);
            let member = roster.token_holder(&id, &hash, now)?;
            member.token.as_ref()?.uses_left.is_some()
        };
        if !counted {
            // As in `enter`.
            let roster = lock(&self.roster);
            let principal = roster.token_holder(&id, &hash, now)?.principal.clone();
            return Some(self.seat(connection, principal));
        }
        // Counted on the disk before it counts here: a use is none only when it was not noted.
        let named = id.clone();
        let author = Author { principal: id.clone(), unix_ms: now, ..Author::default() };
        let used = change_quietly(ctx, author, move |roster| {
            let good = roster.token_holder(&named, &hash, now).is_some();
            let used = TokenUsed { token: named, ext: Ext::none() };
            Ok((if good { vec![used.into()] } else { Vec::new() }, good))
        });
        if !used.await.unwrap_or(false) {
            return None;
        }
        let roster = lock(&self.roster);
        let principal = roster.member(&id)?.principal.clone();
        Some(self.seat(connection, principal))
    }

    fn seat(&self, connection: &Connection, principal: Principal) -> Arc<Seat> {
        let seat = Arc::new(Seat::new(connection.clone(), principal));
        let mut seats = lock(&self.seats);
        seats.retain(|seat| seat.strong_count() > 0);
        seats.push(Arc::downgrade(&seat));
        seat
    }

    fn is_owner(&self, key: KeyId) -> bool {
        let mut owner = lock(&self.owner);
        if *owner != key {
            // The owner may have thrown the key away and made another.
            match Identity::load_or_create(&self.path) {
                Ok(identity) => *owner = identity.id(),
                Err(error) => warn!(%error, "the owner's key cannot be read"),
            }
        }
        *owner == key
    }

    /// Everybody who is known; never over an await or I/O.
    pub(crate) fn roster(&self) -> MutexGuard<'_, Roster> {
        lock(&self.roster)
    }

    /// The owner, as listings show it.
    pub(crate) fn owner(&self) -> Principal {
        owner_of(*lock(&self.owner))
    }

    /// What a principal is called.
    fn name_of(&self, id: &str) -> Option<String> {
        if lock(&self.owner).to_string() == id {
            return Some("owner".to_owned());
        }
        self.roster().member(id).map(|member| member.principal.name.clone())
    }

    /// How many connections a principal has.
    pub(crate) fn connected(&self, id: &str) -> usize {
        let seats = lock(&self.seats);
        let seats = seats.iter().filter_map(Weak::upgrade);
        seats.filter(|seat| seat.principal().id == id && !seat.is_cut()).count()
    }

    fn each_seat_of(&self, id: &str, act: impl Fn(&Seat)) {
        let seats: Vec<_> = lock(&self.seats).iter().filter_map(Weak::upgrade).collect();
        seats.iter().filter(|seat| seat.principal().id == id).for_each(|seat| act(seat));
    }

    /// Cuts the seats of these principals. Gives the clients that sat there.
    fn cut(&self, changed: &BTreeSet<String>) -> Vec<ClientId> {
        let roster = lock(&self.roster);
        let seats: Vec<_> = lock(&self.seats).iter().filter_map(Weak::upgrade).collect();
        let mut gone = Vec::new();
        for seat in seats.iter().filter(|seat| changed.contains(&seat.principal().id)) {
            let (code, why) = match roster.member(&seat.principal().id) {
                Some(_) => (CloseCode::RIGHTS_CHANGED, "what this key may do was changed"),
                None => (CloseCode::AUTH_REVOKED, "this key is no longer enrolled here"),
            };
            seat.cut(code, why);
            gone.extend(seat.client());
        }
        gone
    }
}

/// Plans a change of the roster, logs it durably, applies it, and ends what may be no longer: when this
/// returns, connections are closed and nothing of what they typed waits for a program. Goes on when
/// whoever asked does not wait for it.
pub(crate) async fn change<T: Send + 'static>(
    ctx: &Arc<Context>,
    author: Author,
    plan: impl FnOnce(&Roster) -> Result<(Vec<Change>, T), RosterRefusal> + Send + 'static,
) -> Result<T, Fault> {
    apply(ctx, author, plan, true).await
}

/// As [`change`], ending nothing.
async fn change_quietly<T: Send + 'static>(
    ctx: &Arc<Context>,
    author: Author,
    plan: impl FnOnce(&Roster) -> Result<(Vec<Change>, T), RosterRefusal> + Send + 'static,
) -> Result<T, Fault> {
    apply(ctx, author, plan, false).await
}

async fn apply<T: Send + 'static>(
    ctx: &Arc<Context>,
    author: Author,
    plan: impl FnOnce(&Roster) -> Result<(Vec<Change>, T), RosterRefusal> + Send + 'static,
    ends: bool,
) -> Result<T, Fault> {
    let ctx = Arc::clone(ctx);
    let tracker = ctx.tracker.clone();
    let changing = tracker.spawn(async move {
        let principals = &ctx.principals;
        let log = Arc::clone(&principals.log).lock_owned().await;
        let (changes, told) = plan(&principals.roster())?;
        let mut entries = Vec::new();
        for change in changes {
            let entry = Entry { author: author.clone(), change };
            let bytes = entry.encode().map_err(|error| Fault::internal(error.to_string()))?;
            entries.push((entry, bytes));
        }
        let (log, entries) = append(log, entries).await?;
        let mut changed = BTreeSet::new();
        {
            let mut roster = principals.roster();
            let all = entries.iter().filter_map(|entry| roster.apply(entry));
            changed.extend(all.filter(|_| ends));
        }
        drop(log);
        entries.iter().for_each(|entry| ctx.audit.note(note(&ctx, entry)));
        principals.changed.notify_one();
        for client in principals.cut(&changed) {
            ctx.panes.all().iter().for_each(|pane| pane.input.withdraw(client));
            // The connection's own task takes leave as well; this is for who looks meanwhile.
            ctx.book.tell(move |book| book.client_left(client));
        }
        Ok(told)
    });
    changing
        .await
        .map_err(|error| Fault::internal(format!("the roster was not changed: {error}")))?
}

/// What somebody is about to make is its own, in all its connections and after a restart.
pub(crate) async fn own(
    ctx: &Arc<Context>,
    author: Author,
    seat: &Arc<Seat>,
    session: Ulid,
) -> Result<(), Fault> {
    let id = seat.principal().id.clone();
    let seats = Arc::clone(seat);
    // Rights that only grow end no connection.
    change_quietly(ctx, author, move |roster| {
        let member = roster.member(&id).ok_or_else(|| RosterRefusal::Unknown(id.clone()))?;
        let grant = StoredGrant { session: session.0, level: Level::Own.to_wire().0 };
        let principal = member.principal.id.clone();
        Ok((vec![GrantSet { principal, grant, ext: Ext::none() }.into()], ()))
    })
    .await?;
    let id = seats.principal().id.clone();
    ctx.principals.each_seat_of(&id, |seat| seat.owns(session));
    Ok(())
}

/// What the audit says of a change.
fn note(ctx: &Context, entry: &Entry) -> Note {
    let by = &entry.author.principal;
    let name = ctx.principals.name_of(by).unwrap_or_default();
    let note = |what: &'static str, about: &str, detail: String| {
        let (principal, name, about) = (by.clone(), name.clone(), about.to_owned());
        Note { principal, name, what, about, detail, ..Note::default() }
    };
    let role = |role: u16| ccc_proto::WireRole(role).to_string();
    match &entry.change {
        Change::InviteMade(made) => note("invite", &made.invite, role(made.role)),
        Change::InviteOver(over) => note("invite-over", &over.invite, String::new()),
        Change::Enrolled(enrolled) => {
            let detail =
                format!("{} as {} by {}", enrolled.name, role(enrolled.role), enrolled.invite);
            note("enrol", &enrolled.principal, detail)
        }
        Change::RoleSet(set) => note("role", &set.principal, role(set.role)),
        Change::GrantSet(set) => {
            let session = match set.grant.session {
                0 => "every session".to_owned(),
                session => Ulid(session).to_string(),
            };
            let level = ccc_proto::GrantLevel(set.grant.level);
            note("grant", &set.principal, format!("{session} {level}"))
        }
        Change::Revoked(revoked) => note("revoke", &revoked.principal, String::new()),
        Change::KeyAdded(added) => note("key", &added.principal, added.key.clone()),
        Change::TokenMade(made) => note("token", &made.token, role(made.role)),
        Change::TokenUsed(used) => note("token-use", &used.token, String::new()),
        Change::Later { kind, .. } => note("later", "", kind.to_string()),
    }
}

type Log = tokio::sync::OwnedMutexGuard<RecordLog>;

/// Writes entries on a thread that may wait for the disk.
async fn append(
    mut log: Log,
    entries: Vec<(Entry, (u16, Vec<u8>))>,
) -> Result<(Log, Vec<Entry>), Fault> {
    let written = tokio::task::spawn_blocking(move || {
        for (_, (kind, body)) in &entries {
            log.append(*kind, body, Durability::Now)?;
        }
        Ok::<_, ccc_journal::Error>((log, entries.into_iter().map(|(entry, _)| entry).collect()))
    });
    let written = written.await.map_err(|error| Fault::internal(error.to_string()))?;
    Ok(written.inspect_err(|error| error!(%error, "the roster takes no change"))?)
}

/// Opens the roster's log and folds it. One that was damaged may have lost a revocation: then nobody but
/// the owner is known any more.
fn open_log(state: &StateDir) -> Result<(RecordLog, Roster), ServeError> {
    let attempt = "read the roster";
    let path = state.identity().join("principals.log");
    let (mut log, recovered) = RecordLog::open(&path, KIND).map_err(ServeError::part(attempt))?;
    let mut roster = Roster::default();
    let mut sound = recovered.set_aside.is_none();
    for record in log.replay().map_err(ServeError::part(attempt))? {
        let record = record.map_err(ServeError::part(attempt))?;
        match Entry::decode(record.kind, &record.body) {
            Ok(entry) => drop(roster.apply(&entry)),
            Err(error) => {
                error!(%error, "an entry of the roster makes no sense");
                sound = false;
            }
        }
    }
    if !sound {
        let kept = recovered.set_aside.as_deref().unwrap_or(&path);
        error!(
            kept = %kept.display(),
            "the roster was damaged and may have lost a revocation: everybody but the owner has to be invited again"
        );
        roster = Roster::default();
    } else if recovered.cut.is_some() {
        warn!("the roster had a torn end, which was cut");
    }
    if !sound || log.size() >= COMPACT_BYTES {
        let mut encoded = Vec::new();
        for entry in roster.snapshot() {
            encoded.push(entry.encode().map_err(ServeError::part(attempt))?);
        }
        log.compact(encoded.iter().map(|(kind, body)| (*kind, body.as_slice())))
            .map_err(ServeError::part(attempt))?;
        info!(entries = encoded.len(), "the roster was compacted");
    }
    Ok((log, roster))
}

fn owner_of(key: KeyId) -> Principal {
    Principal {
        id: key.to_string(),
        name: "owner".to_owned(),
        role: Role::Owner,
        all_sessions: true,
        grants: std::collections::BTreeMap::new(),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every statement under these leaves them whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
