//! Who is known here and what they may do, as a fold over records. Owns the fold and the commands that
//! validate a wish and answer with the change to log and then apply. Knows no file, no connection and no
//! clock; who is connected is told elsewhere.

mod enrol;
mod keys;
mod record;
mod rights;
mod snapshot;

use std::collections::{BTreeMap, BTreeSet};

use ccc_proto::{Ext, InviteKind, WireRole};
use ulid::Ulid;

pub use enrol::Coming;
pub use keys::{KEYS, OLD_KEY_MS};
pub use record::{
    Change, Enrolled, Entry, GrantSet, InviteMade, InviteOver, KeyAdded, KeyOver, KeyPromised,
    Revoked, RoleSet, Settled, StoredGrant, TokenMade, TokenUsed,
};

use super::authorize::{Level, Principal, Role};
use super::label::{NameError, NameOf, check_name};

/// Open invitations at a time: more are a mistake, and each is a way in.
pub const OPEN_INVITES: usize = 16;
/// Principals in all, tokens included: what a listing can hold.
pub const PRINCIPALS: usize = 1000;
/// The longest life of an invitation.
pub const INVITE_TTL_MS: u64 = 7 * 24 * 60 * 60 * 1000;

/// The roster. Changed by [`Roster::apply`] only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    members: BTreeMap<String, Member>,
    invites: BTreeMap<String, Invitation>,
    /// Invitations that are used: the key that used them may come again with them while they last.
    used: BTreeMap<String, Used>,
}

/// Somebody who is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub principal: Principal,
    pub since_unix_ms: u64,
    /// Its keys, with the time until which each is good; 0 for ever. None for a token.
    pub keys: BTreeMap<String, u64>,
    /// The one of them that was added last and has not come yet: when it does, the others end.
    pub next: Option<String>,
    pub token: Option<Token>,
}

impl Member {
    /// Whether this is one of its keys now.
    #[must_use]
    pub fn holds(&self, key: &str, now_ms: u64) -> bool {
        self.keys.get(key).is_some_and(|until| *until == 0 || now_ms < *until)
    }
}

/// What is known of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The member who made it; `None` for the owner.
    pub by: Option<String>,
    pub hash: Vec<u8>,
    pub expires_unix_ms: u64,
    /// How often it may still be used; `None` for no limit.
    pub uses_left: Option<u32>,
}

/// An open invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub id: String,
    /// The member who made it; `None` for the owner.
    pub by: Option<String>,
    pub kind: InviteKind,
    pub hash: Vec<u8>,
    pub role: Role,
    pub name: String,
    pub all_sessions: bool,
    pub grants: Vec<StoredGrant>,
    pub expires_unix_ms: u64,
}

impl Invitation {
    /// One on these terms.
    #[must_use]
    pub fn of(id: &str, by: &Principal, kind: InviteKind, terms: Terms) -> Self {
        let Terms { role, name, all_sessions, grants, expires_unix_ms } = terms;
        let by = (by.role < Role::Owner).then(|| by.id.clone());
        let (id, hash) = (id.to_owned(), Vec::new());
        Self { id, by, kind, hash, role, name, all_sessions, grants, expires_unix_ms }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Used {
    hash: Vec<u8>,
    principal: String,
    expires_unix_ms: u64,
}

/// What an invitation or token is to be good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub role: Role,
    pub name: String,
    pub all_sessions: bool,
    pub grants: Vec<StoredGrant>,
    pub expires_unix_ms: u64,
}

/// Why a wish is not granted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RosterRefusal {
    #[error("nobody here is called {0:?}")]
    Unknown(String),
    #[error("{0:?} means more than one")]
    Ambiguous(String),
    #[error("there are {0} open invitations already")]
    TooManyInvites(usize),
    #[error("there are {0} principals already")]
    TooMany(usize),
    #[error("nobody is made an owner: that is whoever owns the state directory")]
    Owner,
    #[error("the role {} cannot be changed by the role {}", .of.name(), .by.name())]
    Higher { of: Role, by: Role },
    #[error("{0:?} is a token, whose role is fixed")]
    Token(String),
    #[error("the key that asks is being replaced itself")]
    KeyLeaves,
    #[error("that key is known here already")]
    KeyKnown,
    #[error("there are {0} keys of this principal already")]
    TooManyKeys(usize),
    #[error(transparent)]
    Name(#[from] NameError),
}

impl Roster {
    /// Folds one entry in. Gives the principal whose rights it changed.
    pub fn apply(&mut self, entry: &Entry) -> Option<String> {
        match &entry.change {
            Change::InviteMade(made) => {
                // A role of a later version opens nothing here.
                if let Some(role) = Role::from_wire(WireRole(made.role)) {
                    let invitation = Invitation {
                        id: made.invite.clone(),
                        by: self.maker(entry),
                        kind: InviteKind(made.kind),
                        hash: made.hash.clone(),
                        role,
                        name: made.name.clone(),
                        all_sessions: made.all_sessions,
                        grants: made.grants.clone(),
                        expires_unix_ms: made.expires_unix_ms,
                    };
                    self.invites.insert(made.invite.clone(), invitation);
                }
                None
            }
            Change::InviteOver(over) => {
                self.invites.remove(&over.invite);
                self.used.remove(&over.invite);
                None
            }
            Change::Enrolled(enrolled) => self.enrolled(enrolled, entry.author.unix_ms),
            Change::RoleSet(set) => {
                let member = self.members.get_mut(&set.principal)?;
                member.principal.role = Role::from_wire(WireRole(set.role))?;
                Some(set.principal.clone())
            }
            Change::GrantSet(set) => {
                let member = self.members.get_mut(&set.principal)?;
                put(&mut member.principal, set.grant);
                Some(set.principal.clone())
            }
            Change::Revoked(revoked) => {
                self.members.remove(&revoked.principal)?;
                Some(revoked.principal.clone())
            }
            // What keys may do is as before.
            Change::KeyPromised(promised) => self.key_promised(promised),
            Change::KeyAdded(added) => self.key_added(added),
            Change::KeyOver(over) => self.key_over(over),
            Change::TokenMade(made) => {
                let by = self.maker(entry);
                self.token_made(made, by, entry.author.unix_ms)
            }
            Change::TokenUsed(used) => {
                let token = self.members.get_mut(&used.token)?.token.as_mut()?;
                token.uses_left = token.uses_left.map(|left| left.saturating_sub(1));
                None
            }
            Change::Settled(_) | Change::Later { .. } => None,
        }
    }

    fn enrolled(&mut self, enrolled: &Enrolled, unix_ms: u64) -> Option<String> {
        let role = Role::from_wire(WireRole(enrolled.role))?;
        if let Some(invite) = self.invites.remove(&enrolled.invite) {
            let used = Used {
                hash: invite.hash,
                principal: enrolled.principal.clone(),
                expires_unix_ms: invite.expires_unix_ms,
            };
            self.used.insert(invite.id, used);
        }
        let principal = principal(
            &enrolled.principal,
            &enrolled.name,
            role,
            enrolled.all_sessions,
            &enrolled.grants,
        );
        // One that was known already is known by the keys that it had.
        let (mut keys, mut next) = (BTreeMap::from([(enrolled.principal.clone(), 0)]), None);
        if let Some(former) = self.members.remove(&enrolled.principal) {
            (keys, next) = (former.keys, former.next);
        }
        let member = Member { principal, since_unix_ms: unix_ms, keys, next, token: None };
        self.members.insert(enrolled.principal.clone(), member);
        Some(enrolled.principal.clone())
    }

    /// The member who caused an entry; `None` for the owner, who is no member.
    fn maker(&self, entry: &Entry) -> Option<String> {
        let author = &entry.author.principal;
        self.members.contains_key(author).then(|| author.clone())
    }

    fn token_made(&mut self, made: &TokenMade, by: Option<String>, unix_ms: u64) -> Option<String> {
        let role = Role::from_wire(WireRole(made.role))?;
        let principal = principal(&made.token, &made.name, role, made.all_sessions, &made.grants);
        let token = Token {
            by,
            hash: made.hash.clone(),
            expires_unix_ms: made.expires_unix_ms,
            uses_left: (made.uses > 0).then_some(made.uses),
        };
        let keys = BTreeMap::new();
        let (next, token) = (None, Some(token));
        let member = Member { principal, since_unix_ms: unix_ms, keys, next, token };
        self.members.insert(made.token.clone(), member);
        Some(made.token.clone())
    }

    /// Everybody, by id.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    #[must_use]
    pub fn member(&self, id: &str) -> Option<&Member> {
        self.members.get(id)
    }

    /// Whoever holds this key now.
    #[must_use]
    pub fn holder(&self, key: &str, now_ms: u64) -> Option<&Member> {
        self.members.values().find(|member| member.holds(key, now_ms))
    }

    /// The open invitations that are not too old.
    pub fn invites(&self, now_ms: u64) -> impl Iterator<Item = &Invitation> {
        self.invites.values().filter(move |invite| now_ms < invite.expires_unix_ms)
    }

    /// What is over without anybody having said so: to be logged now and then.
    #[must_use]
    pub fn stale(&self, now_ms: u64) -> Vec<Change> {
        let open = self.invites.values().map(|invite| (&invite.id, invite.expires_unix_ms));
        let used = self.used.iter().map(|(id, used)| (id, used.expires_unix_ms));
        let stale: BTreeSet<_> =
            open.chain(used).filter(|(_, until)| *until <= now_ms).map(|(id, _)| id).collect();
        let tokens = self.members.values().filter(|member| {
            member.token.as_ref().is_some_and(|token| token.expires_unix_ms <= now_ms)
        });
        let ended = tokens.map(|member| revoked(&member.principal.id));
        let stale = stale.into_iter().map(|invite| over(invite));
        stale.chain(ended).chain(self.stale_keys(now_ms)).collect()
    }

    /// When something is over next; what is over already counts as now.
    #[must_use]
    pub fn next_deadline(&self, now_ms: u64) -> Option<u64> {
        let open = self.invites.values().map(|invite| invite.expires_unix_ms);
        let used = self.used.values().map(|used| used.expires_unix_ms);
        let tokens = self.members.values().filter_map(|member| member.token.as_ref());
        let tokens = tokens.map(|token| token.expires_unix_ms);
        let keys = self.members.values().flat_map(|member| member.keys.values().copied());
        let keys = keys.filter(|until| *until > 0);
        open.chain(used).chain(tokens).chain(keys).min().map(|at| at.max(now_ms))
    }

    /// Opens an invitation.
    ///
    /// # Errors
    /// Too many are open, nobody is made an owner, or the name may not be given.
    pub fn invite(
        &self,
        id: &str,
        kind: InviteKind,
        hash: Vec<u8>,
        terms: &Terms,
        now_ms: u64,
    ) -> Result<Change, RosterRefusal> {
        self.check(terms)?;
        let open = self.invites(now_ms).count();
        if open >= OPEN_INVITES {
            return Err(RosterRefusal::TooManyInvites(open));
        }
        Ok(InviteMade {
            invite: id.to_owned(),
            kind: kind.0,
            hash,
            role: terms.role.to_wire().0,
            name: terms.name.clone(),
            all_sessions: terms.all_sessions,
            grants: terms.grants.clone(),
            expires_unix_ms: terms.expires_unix_ms,
            ext: Ext::none(),
        }
        .into())
    }

    /// Makes a token.
    ///
    /// # Errors
    /// As [`Roster::invite`].
    pub fn token(
        &self,
        id: &str,
        hash: Vec<u8>,
        terms: &Terms,
        uses: u32,
    ) -> Result<Change, RosterRefusal> {
        self.check(terms)?;
        let name = if terms.name.is_empty() { "token" } else { &terms.name };
        Ok(TokenMade {
            token: id.to_owned(),
            hash,
            name: self.free_name(name),
            role: terms.role.to_wire().0,
            all_sessions: terms.all_sessions,
            grants: terms.grants.clone(),
            expires_unix_ms: terms.expires_unix_ms,
            uses,
            ext: Ext::none(),
        }
        .into())
    }

    /// Whether somebody may be let in on these terms.
    ///
    /// # Errors
    /// Nobody is made an owner, there are too many principals, or the name may not be given.
    pub fn check(&self, terms: &Terms) -> Result<(), RosterRefusal> {
        if terms.role == Role::Owner {
            return Err(RosterRefusal::Owner);
        }
        if self.members.len() >= PRINCIPALS {
            return Err(RosterRefusal::TooMany(self.members.len()));
        }
        if !terms.name.is_empty() {
            check_name(NameOf::Session, &terms.name)?;
        }
        Ok(())
    }

    /// The invitation of this id, if it is open and not too old.
    #[must_use]
    pub fn open_invite(&self, id: &str, now_ms: u64) -> Option<&Invitation> {
        self.invites.get(id).filter(|invite| now_ms < invite.expires_unix_ms)
    }

    /// The principal of a token with this id and hash. `None` whatever is wrong, after the same comparison.
    #[must_use]
    pub fn token_holder(&self, id: &str, hash: &[u8], now_ms: u64) -> Option<&Member> {
        /// Of nothing: every hash has another one, or another length.
        const NO_HASH: [u8; 32] = [0; 32];
        let member = self.members.get(id);
        let token = member.and_then(|member| member.token.as_ref());
        let same = same(token.map_or(&NO_HASH, |token| &token.hash), hash);
        let good = token.is_some_and(|token| {
            let role = member.map_or(Role::Viewer, |member| member.principal.role);
            let vouched = self.vouches(token.by.as_deref(), role);
            (now_ms < token.expires_unix_ms) & (token.uses_left != Some(0)) & same & vouched
        });
        member.filter(|_| good)
    }

    /// Whoever is meant by a name or an id.
    ///
    /// # Errors
    /// Nobody, or more than one.
    pub fn named(&self, text: &str) -> Result<&Member, RosterRefusal> {
        // Nobody hides another behind a name that is the other's id.
        if let Some(member) = self.members.get(text) {
            return Ok(member);
        }
        let mut named = self.members.values().filter(|member| member.principal.name == text);
        match (named.next(), named.next()) {
            (Some(member), None) => Ok(member),
            (Some(_), Some(_)) => Err(RosterRefusal::Ambiguous(text.to_owned())),
            (None, _) => Err(RosterRefusal::Unknown(text.to_owned())),
        }
    }

    /// A name like this one that nobody has yet.
    fn free_name(&self, wanted: &str) -> String {
        let taken = |name: &str| {
            name == Role::Owner.name()
                || self.members.contains_key(name)
                || self.members.values().any(|m| m.principal.name == name)
        };
        if !taken(wanted) {
            return wanted.to_owned();
        }
        (2..).map(|n| format!("{wanted}-{n}")).find(|name| !taken(name)).unwrap_or_default()
    }
}

fn over(invite: &str) -> Change {
    InviteOver { invite: invite.to_owned(), ext: Ext::none() }.into()
}

fn revoked(principal: &str) -> Change {
    Revoked { principal: principal.to_owned(), ext: Ext::none() }.into()
}

fn principal(
    id: &str,
    name: &str,
    role: Role,
    all_sessions: bool,
    grants: &[StoredGrant],
) -> Principal {
    let (id, name) = (id.to_owned(), name.to_owned());
    let mut principal = Principal { id, name, role, all_sessions, grants: BTreeMap::new() };
    grants.iter().for_each(|grant| put(&mut principal, *grant));
    principal
}

fn put(principal: &mut Principal, grant: StoredGrant) {
    let level = Level::from_wire(ccc_proto::GrantLevel(grant.level));
    match (grant.session, level) {
        (0, level) => {
            principal.all_sessions = level.is_some();
        }
        (session, Some(level)) => {
            principal.grants.insert(Ulid(session), level);
        }
        (session, None) => {
            principal.grants.remove(&Ulid(session));
        }
    }
}

/// Compares in a time that depends on the lengths alone.
fn same(a: &[u8], b: &[u8]) -> bool {
    #[cfg(test)]
    tests::compared(a, b);
    if a.len() != b.len() {
        return false;
    }
    let differs = a.iter().zip(b).fold(0, |differs, (a, b)| differs | (a ^ b));
    std::hint::black_box(differs) == 0
}

#[cfg(test)]
mod tests;
