//! Who is known here: the owner, by the key in the state directory, which only the owner can read; and
//! everybody in the roster. Owns the seats of those who are connected, so that what somebody may no longer do
//! ends at once.

mod change;
mod note;
mod owner;
mod roster_log;
mod seat;
mod watch;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use ccc_net::{CloseCode, Connection, KeyId};
use ccc_proto::{ClientId, Ext};
use tokio::sync::Notify;
use ulid::Ulid;

use crate::ServeError;
use crate::clock::unix_ms;
use crate::context::Context;
use crate::core::authorize::{Principal, Role};
use crate::core::record::Author;
use crate::core::roster::{Roster, TokenUsed};
use crate::core::token::Token;
use crate::state_dir::StateDir;

use change::{came, change_quietly, shown_out};
pub(crate) use change::{change, change_by, own, session_gone};
use owner::Owner;
use roster_log::RosterLog;
pub(crate) use seat::{Cut, Seat};
pub(crate) use watch::watch;

#[derive(Debug)]
pub(crate) struct Principals {
    owner: Owner,
    roster: Mutex<Roster>,
    /// Whoever holds it changes the roster; it is held from the plan until those are shown out whose rights
    /// ended, so that changes keep their order and none comes from somebody who was shown out.
    log: Arc<tokio::sync::Mutex<RosterLog>>,
    /// Everybody who is connected. Locked after the owner and the roster, never before.
    seats: Mutex<Vec<Weak<Seat>>>,
    /// Told of every change, for whoever waits for the next deadline.
    changed: Notify,
}

impl Principals {
    /// `sessions` are those that there are: rights for others are forgotten.
    pub(crate) fn open(state: &StateDir, sessions: &BTreeSet<Ulid>) -> Result<Self, ServeError> {
        let owner = Owner::open(state)?;
        let (log, roster) = roster_log::open(state, sessions)?;
        Ok(Self {
            owner,
            roster: Mutex::new(roster),
            log: Arc::new(tokio::sync::Mutex::new(log)),
            seats: Mutex::default(),
            changed: Notify::new(),
        })
    }

    /// Gives whoever has proved to hold a key of somebody who is known a seat.
    pub(crate) async fn enter(
        &self,
        ctx: &Arc<Context>,
        connection: &Connection,
    ) -> Option<Arc<Seat>> {
        if let Some(former) = self.owner.look().await {
            // Whoever is the owner still is back at once, with the key that counts.
            let (code, why) = (CloseCode::RIGHTS_CHANGED, "the owner has another key");
            let former = former.to_string();
            let gone = self.cut_seats(|seat| {
                let principal = seat.principal();
                let is_former = principal.role == Role::Owner && principal.id == former;
                is_former.then_some((code, why))
            });
            shown_out(ctx, &gone);
        }
        let key = connection.peer().id();
        let seat = self.sit(connection, key)?;
        came(ctx, key.to_string()).await;
        Some(seat)
    }

    fn sit(&self, connection: &Connection, key: KeyId) -> Option<Arc<Seat>> {
        // Held until the seat stands, so that a change either sees the seat or was seen here.
        let owner = self.owner.lock();
        if owner.is(key) {
            return Some(self.seat(connection, Some(key), owner_of(key)));
        }
        drop(owner);
        let roster = lock(&self.roster);
        let principal = roster.holder(&key.to_string(), unix_ms())?.principal.clone();
        Some(self.seat(connection, Some(key), principal))
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
            // As in `sit`.
            let roster = lock(&self.roster);
            let principal = roster.token_holder(&id, &hash, now)?.principal.clone();
            return Some(self.seat(connection, None, principal));
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
        Some(self.seat(connection, None, principal))
    }

    fn seat(&self, connection: &Connection, key: Option<KeyId>, principal: Principal) -> Arc<Seat> {
        let key = key.map(|key| key.to_string());
        let seat = Arc::new(Seat::new(connection.clone(), key, principal));
        let mut seats = lock(&self.seats);
        seats.retain(|seat| seat.strong_count() > 0);
        seats.push(Arc::downgrade(&seat));
        seat
    }

    /// Everybody who is known; never over an await or I/O.
    pub(crate) fn roster(&self) -> MutexGuard<'_, Roster> {
        lock(&self.roster)
    }

    /// The owner, as listings show it.
    pub(crate) fn owner(&self) -> Principal {
        owner_of(self.owner.id())
    }

    /// What a principal is called.
    fn name_of(&self, id: &str) -> Option<String> {
        if self.owner.id().to_string() == id {
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

    /// Cuts the seats of those whose rights changed, and all seats that nobody holds any more. Gives the
    /// clients that sat there.
    fn cut_changed(&self, changed: &BTreeSet<String>) -> Vec<ClientId> {
        let (roster, now) = (lock(&self.roster), unix_ms());
        self.cut_seats(|seat| {
            let principal = seat.principal();
            let held = roster.member(&principal.id).is_some_and(|member| match seat.key() {
                Some(key) => member.holds(key, now),
                None => member.token.is_some(),
            });
            // The owner is no member, and is watched over elsewhere.
            if principal.role == Role::Owner {
                None
            } else if !held {
                Some((CloseCode::AUTH_REVOKED, "this key is no longer enrolled here"))
            } else if changed.contains(&principal.id) {
                Some((CloseCode::RIGHTS_CHANGED, "what this key may do was changed"))
            } else {
                None
            }
        })
    }

    fn cut_seats(
        &self,
        ends: impl Fn(&Seat) -> Option<(CloseCode, &'static str)>,
    ) -> Vec<ClientId> {
        let seats: Vec<_> = lock(&self.seats).iter().filter_map(Weak::upgrade).collect();
        let mut gone = Vec::new();
        for seat in seats.iter().filter(|seat| !seat.is_cut()) {
            if let Some((code, why)) = ends(seat) {
                seat.cut(code, why);
                gone.extend(seat.client());
            }
        }
        gone
    }
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

#[cfg(test)]
mod tests;
