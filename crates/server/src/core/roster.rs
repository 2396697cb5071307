//! Who is known here and what they may do, as a fold over records. Owns the fold and the commands that
//! validate a wish and answer with the change to log and then apply. Knows no file, no connection and no
//! clock; who is connected is told elsewhere.

mod record;

use std::collections::{BTreeMap, BTreeSet};

use ccc_proto::{Ext, InviteKind, WireRole};
use ulid::Ulid;

pub use record::{
    Change, Enrolled, Entry, GrantSet, InviteMade, InviteOver, KeyAdded, Revoked, RoleSet,
    RosterRecordError, StoredGrant, TokenMade, TokenUsed,
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
    pub token: Option<Token>,
}

/// What is known of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub hash: Vec<u8>,
    pub expires_unix_ms: u64,
    /// How often it may still be used; `None` for no limit.
    pub uses_left: Option<u32>,
}

/// An open invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub id: String,
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
    pub fn of(id: &str, kind: InviteKind, terms: Terms) -> Self {
        let Terms { role, name, all_sessions, grants, expires_unix_ms } = terms;
        let (id, hash) = (id.to_owned(), Vec::new());
        Self { id, kind, hash, role, name, all_sessions, grants, expires_unix_ms }
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
    #[error(transparent)]
    Name(#[from] NameError),
}

/// How somebody who comes with an invitation's secret is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coming {
    /// The changes to log: it is known then.
    New(Vec<Change>),
    /// It is known already, by this very invitation.
    Again,
    /// Not good; why is for the audit alone.
    Refused(&'static str),
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
                member.principal.all_sessions |= member.principal.role >= Role::Admin;
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
            Change::KeyAdded(added) => {
                let member = self.members.get_mut(&added.principal)?;
                for until in member.keys.values_mut() {
                    let earlier = if *until == 0 { u64::MAX } else { *until };
                    *until = earlier.min(added.others_until_unix_ms);
                }
                member.keys.insert(added.key.clone(), 0);
                None
            }
            Change::TokenMade(made) => self.token_made(made, entry.author.unix_ms),
            Change::TokenUsed(used) => {
                let token = self.members.get_mut(&used.token)?.token.as_mut()?;
                token.uses_left = token.uses_left.map(|left| left.saturating_sub(1));
                None
            }
            Change::Later { .. } => None,
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
        let keys = BTreeMap::from([(enrolled.principal.clone(), 0)]);
        let member = Member { principal, since_unix_ms: unix_ms, keys, token: None };
        self.members.insert(enrolled.principal.clone(), member);
        Some(enrolled.principal.clone())
    }

    fn token_made(&mut self, made: &TokenMade, unix_ms: u64) -> Option<String> {
        let role = Role::from_wire(WireRole(made.role))?;
        let principal = principal(&made.token, &made.name, role, made.all_sessions, &made.grants);
        let token = Token {
            hash: made.hash.clone(),
            expires_unix_ms: made.expires_unix_ms,
            uses_left: (made.uses > 0).then_some(made.uses),
        };
        let keys = BTreeMap::new();
        let member = Member { principal, since_unix_ms: unix_ms, keys, token: Some(token) };
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
        self.members
            .values()
            .find(|member| member.keys.get(key).is_some_and(|until| *until == 0 || now_ms < *until))
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
        let over = |invite: &String| InviteOver { invite: invite.clone(), ext: Ext::none() };
        let tokens = self.members.values().filter(|member| {
            member.token.as_ref().is_some_and(|token| token.expires_unix_ms <= now_ms)
        });
        let ended = tokens.map(|member| {
            Change::from(Revoked { principal: member.principal.id.clone(), ext: Ext::none() })
        });
        stale.into_iter().map(|invite| over(invite).into()).chain(ended).collect()
    }

    /// When something is over next; what is over already counts as now.
    #[must_use]
    pub fn next_deadline(&self, now_ms: u64) -> Option<u64> {
        let open = self.invites.values().map(|invite| invite.expires_unix_ms);
        let used = self.used.values().map(|used| used.expires_unix_ms);
        let tokens = self.members.values().filter_map(|member| member.token.as_ref());
        let tokens = tokens.map(|token| token.expires_unix_ms);
        open.chain(used).chain(tokens).min().map(|at| at.max(now_ms))
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

    fn check(&self, terms: &Terms) -> Result<(), RosterRefusal> {
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

    /// Somebody with this key comes with a link's secret, of which this is the hash. All invitations are
    /// compared, each in the same time, so that the answer takes as long whatever is wrong.
    #[must_use]
    pub fn come(&self, key: &str, hash: &[u8], called: &str, now_ms: u64) -> Coming {
        let mut found = None;
        for invite in self.invites.values() {
            let same = same(&invite.hash, hash) & (invite.kind == InviteKind::LINK);
            if same {
                found = Some(invite);
            }
        }
        let mut before = None;
        for used in self.used.values() {
            if same(&used.hash, hash) {
                before = Some(used);
            }
        }
        match (found, before) {
            (Some(invite), _) if now_ms >= invite.expires_unix_ms => Coming::Refused("too old"),
            (Some(invite), _) => self.enrol(invite, key, called),
            (None, Some(used)) => {
                let same_key = used.principal == key && self.members.contains_key(key);
                match (same_key, now_ms < used.expires_unix_ms) {
                    (true, true) => Coming::Again,
                    (true, false) => Coming::Refused("too old"),
                    (false, _) => Coming::Refused("used by another key"),
                }
            }
            (None, None) => Coming::Refused("no such invitation"),
        }
    }

    /// A key is enrolled by an invitation.
    #[must_use]
    pub fn enrol(&self, invite: &Invitation, key: &str, called: &str) -> Coming {
        if self.members.len() >= PRINCIPALS {
            return Coming::Refused("as many principals as there can be");
        }
        // One that is known and comes with an invitation gets what it says.
        let wanted = match invite.name.as_str() {
            "" => check_name(NameOf::Session, called).map_or("guest", |()| called),
            name => name,
        };
        let own = self.members.get(key).map(|member| member.principal.name.as_str());
        let name = if own == Some(wanted) { wanted.to_owned() } else { self.free_name(wanted) };
        let enrolled = Enrolled {
            principal: key.to_owned(),
            invite: invite.id.clone(),
            name,
            role: invite.role.to_wire().0,
            all_sessions: invite.all_sessions,
            grants: invite.grants.clone(),
            ext: Ext::none(),
        };
        Coming::New(vec![enrolled.into()])
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
            (now_ms < token.expires_unix_ms) & (token.uses_left != Some(0)) & same
        });
        member.filter(|_| good)
    }

    /// Whoever is meant by a name or an id.
    ///
    /// # Errors
    /// Nobody, or more than one.
    pub fn named(&self, text: &str) -> Result<&Member, RosterRefusal> {
        let mut named = self
            .members
            .values()
            .filter(|member| member.principal.name == text || member.principal.id == text);
        match (named.next(), named.next()) {
            (Some(member), None) => Ok(member),
            (Some(_), Some(_)) => Err(RosterRefusal::Ambiguous(text.to_owned())),
            (None, _) => Err(RosterRefusal::Unknown(text.to_owned())),
        }
    }

    /// Gives another role.
    ///
    /// # Errors
    /// Nobody is meant, or the one who asks may not.
    pub fn set_role(&self, by: Role, name: &str, role: Role) -> Result<Change, RosterRefusal> {
        let member = self.named(name)?;
        if role == Role::Owner {
            return Err(RosterRefusal::Owner);
        }
        if member.token.is_some() {
            return Err(RosterRefusal::Token(name.to_owned()));
        }
        let principal = member.principal.id.clone();
        refuse_higher(by, member)?;
        Ok(RoleSet { principal, role: role.to_wire().0, ext: Ext::none() }.into())
    }

    /// Gives or takes a right for a session, or for all of them (`None`).
    ///
    /// # Errors
    /// As [`Roster::set_role`].
    pub fn grant(
        &self,
        by: Role,
        name: &str,
        session: Option<Ulid>,
        level: Option<Level>,
    ) -> Result<Change, RosterRefusal> {
        let member = self.named(name)?;
        refuse_higher(by, member)?;
        let principal = member.principal.id.clone();
        let grant = StoredGrant {
            session: session.map_or(0, |session| session.0),
            level: level.map_or(0, |level| level.to_wire().0),
        };
        Ok(GrantSet { principal, grant, ext: Ext::none() }.into())
    }

    /// Ends a principal, a token or an open invitation.
    ///
    /// # Errors
    /// As [`Roster::set_role`].
    pub fn revoke(&self, by: Role, name: &str) -> Result<Change, RosterRefusal> {
        if self.invites.contains_key(name) {
            return Ok(InviteOver { invite: name.to_owned(), ext: Ext::none() }.into());
        }
        let member = self.named(name)?;
        refuse_higher(by, member)?;
        let principal = member.principal.id.clone();
        Ok(Revoked { principal, ext: Ext::none() }.into())
    }

    /// A name like this one that nobody has yet.
    fn free_name(&self, wanted: &str) -> String {
        let taken = |name: &str| self.members.values().any(|m| m.principal.name == name);
        if !taken(wanted) {
            return wanted.to_owned();
        }
        (2..).map(|n| format!("{wanted}-{n}")).find(|name| !taken(name)).unwrap_or_default()
    }

    /// The records that make this roster again.
    #[must_use]
    pub fn snapshot(&self) -> Vec<Entry> {
        let mut all = Vec::new();
        let at = |unix_ms| super::house::Author::server(unix_ms);
        for invite in self.invites.values() {
            let made = InviteMade {
                invite: invite.id.clone(),
                kind: invite.kind.0,
                hash: invite.hash.clone(),
                role: invite.role.to_wire().0,
                name: invite.name.clone(),
                all_sessions: invite.all_sessions,
                grants: invite.grants.clone(),
                expires_unix_ms: invite.expires_unix_ms,
                ext: Ext::none(),
            };
            all.push(Entry { author: at(0), change: made.into() });
        }
        for member in self.members.values() {
            let Principal { id, name, role, all_sessions, grants } = &member.principal;
            let grants = grants.iter().map(|(session, level)| StoredGrant {
                session: session.0,
                level: level.to_wire().0,
            });
            let (role, grants) = (role.to_wire().0, grants.collect());
            let (name, all_sessions, ext) = (name.clone(), *all_sessions, Ext::none());
            let change = match &member.token {
                Some(token) => TokenMade {
                    token: id.clone(),
                    hash: token.hash.clone(),
                    name,
                    role,
                    all_sessions,
                    grants,
                    expires_unix_ms: token.expires_unix_ms,
                    uses: token.uses_left.map_or(0, |left| left.max(1)),
                    ext,
                }
                .into(),
                None => Enrolled {
                    principal: id.clone(),
                    invite: String::new(),
                    name,
                    role,
                    all_sessions,
                    grants,
                    ext,
                }
                .into(),
            };
            all.push(Entry { author: at(member.since_unix_ms), change });
            // A limit of 0 would be none: one that is used up was good for one use, which is over.
            if member.token.as_ref().is_some_and(|token| token.uses_left == Some(0)) {
                let used = TokenUsed { token: id.clone(), ext: Ext::none() };
                all.push(Entry { author: at(0), change: used.into() });
            }
            let mut keys: Vec<_> = member.keys.iter().filter(|(key, _)| *key != id).collect();
            // The newest, which is good for ever, at the end.
            keys.sort_by_key(|(_, until)| if **until == 0 { u64::MAX } else { **until });
            for (key, _) in keys {
                let others_until_unix_ms = member.keys.get(id).copied().unwrap_or_default();
                let (principal, key) = (id.clone(), key.clone());
                let added = KeyAdded { principal, key, others_until_unix_ms, ext: Ext::none() };
                all.push(Entry { author: at(0), change: added.into() });
            }
        }
        all
    }
}

fn refuse_higher(by: Role, member: &Member) -> Result<(), RosterRefusal> {
    let of = member.principal.role;
    if of > by { Err(RosterRefusal::Higher { of, by }) } else { Ok(()) }
}

fn principal(
    id: &str,
    name: &str,
    role: Role,
    all_sessions: bool,
    grants: &[StoredGrant],
) -> Principal {
    let (id, name) = (id.to_owned(), name.to_owned());
    let all_sessions = all_sessions || role >= Role::Admin;
    let mut principal = Principal { id, name, role, all_sessions, grants: BTreeMap::new() };
    grants.iter().for_each(|grant| put(&mut principal, *grant));
    principal
}

fn put(principal: &mut Principal, grant: StoredGrant) {
    let level = Level::from_wire(ccc_proto::GrantLevel(grant.level));
    match (grant.session, level) {
        (0, level) => {
            principal.all_sessions = level.is_some() || principal.role >= Role::Admin;
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
