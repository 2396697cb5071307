//! The records that make a roster again. Each is small, however much somebody may: a record has a bound.

use ccc_proto::Ext;

use super::{
    Change, Enrolled, Entry, GrantSet, Invitation, InviteMade, KeyAdded, KeyOver, KeyPromised,
    Member, Principal, Roster, StoredGrant, Token, TokenMade, TokenUsed,
};
use crate::core::record::Author;

impl Roster {
    /// The records that make this roster again.
    #[must_use]
    pub fn snapshot(&self) -> Vec<Entry> {
        let mut all = Vec::new();
        // Whoever made something is known before it, for what nobody known made is the owner's.
        let is_key = |member: &&Member| member.token.is_none();
        for member in self.members.values().filter(is_key) {
            enrolled(member, &mut all);
        }
        let stands =
            |by: &Option<String>| by.as_ref().is_none_or(|id| self.members.contains_key(id));
        for member in self.members.values() {
            if let Some(token) = member.token.as_ref().filter(|token| stands(&token.by)) {
                token_made(member, token, &mut all);
            }
        }
        all.extend(self.invites.values().filter(|invite| stands(&invite.by)).map(invite_made));
        all
    }
}

fn invite_made(invite: &Invitation) -> Entry {
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
    Entry { author: by(invite.by.as_deref(), 0), change: made.into() }
}

fn enrolled(member: &Member, all: &mut Vec<Entry>) {
    let Principal { id, name, role, all_sessions, .. } = &member.principal;
    let enrolled = Enrolled {
        principal: id.clone(),
        invite: String::new(),
        name: name.clone(),
        role: role.to_wire().0,
        all_sessions: *all_sessions,
        grants: Vec::new(),
        ext: Ext::none(),
    };
    let author = by(None, member.since_unix_ms);
    all.push(Entry { author, change: enrolled.into() });
    grants(member, all);
    keys(member, all);
}

fn token_made(member: &Member, token: &Token, all: &mut Vec<Entry>) {
    let Principal { id, name, role, all_sessions, .. } = &member.principal;
    let made = TokenMade {
        token: id.clone(),
        hash: token.hash.clone(),
        name: name.clone(),
        role: role.to_wire().0,
        all_sessions: *all_sessions,
        grants: Vec::new(),
        expires_unix_ms: token.expires_unix_ms,
        uses: token.uses_left.map_or(0, |left| left.max(1)),
        ext: Ext::none(),
    };
    let author = by(token.by.as_deref(), member.since_unix_ms);
    all.push(Entry { author, change: made.into() });
    // A limit of 0 would be none: one that is used up was good for one use, which is over.
    if token.uses_left == Some(0) {
        all.push(plain(TokenUsed { token: id.clone(), ext: Ext::none() }));
    }
    grants(member, all);
}

fn grants(member: &Member, all: &mut Vec<Entry>) {
    let Principal { id, grants, .. } = &member.principal;
    all.extend(grants.iter().map(|(session, level)| {
        let grant = StoredGrant { session: session.0, level: level.to_wire().0 };
        plain(GrantSet { principal: id.clone(), grant, ext: Ext::none() })
    }));
}

/// Each key ends those before it, so they stand in the order of their ends.
fn keys(member: &Member, all: &mut Vec<Entry>) {
    let id = &member.principal.id;
    let end = |until: u64| if until == 0 { u64::MAX } else { until };
    let next = member.next.as_ref();
    let mut keys: Vec<_> = member.keys.iter().filter(|(key, _)| next != Some(key)).collect();
    keys.sort_by_key(|(key, until)| (end(**until), *key != id));
    let mut ends = 0;
    for (key, until) in keys {
        if key != id {
            let (principal, key) = (id.clone(), key.clone());
            let added = KeyAdded { principal, key, others_until_unix_ms: ends, ext: Ext::none() };
            all.push(plain(added));
        }
        ends = end(*until);
    }
    // The first one stands with the principal, also when it is over.
    if !member.keys.contains_key(id) {
        let (principal, key) = (id.clone(), id.clone());
        all.push(plain(KeyOver { principal, key, ext: Ext::none() }));
    }
    if let Some(key) = next {
        let (principal, key) = (id.clone(), key.clone());
        all.push(plain(KeyPromised { principal, key, ext: Ext::none() }));
    }
}

fn plain(change: impl Into<Change>) -> Entry {
    Entry { author: by(None, 0), change: change.into() }
}

fn by(id: Option<&str>, unix_ms: u64) -> Author {
    let principal = id.unwrap_or_default().to_owned();
    Author { principal, ..Author::server(unix_ms) }
}
