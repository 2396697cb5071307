//! What somebody who is known may do, changed and ended. With who made something for others ends what it made.

use std::collections::BTreeSet;

use ccc_proto::Ext;
use ulid::Ulid;

use super::{
    Change, GrantSet, Invitation, Member, RoleSet, Roster, RosterRefusal, StoredGrant, over,
    revoked,
};
use crate::core::authorize::{Action, Level, Principal, Resource, Role, authorize};

impl Roster {
    /// Gives another role. What it made for others ends when it may not make that any more.
    ///
    /// # Errors
    /// Nobody is meant, or the one who asks may not.
    pub fn set_role(&self, by: Role, name: &str, role: Role) -> Result<Vec<Change>, RosterRefusal> {
        let member = self.named(name)?;
        if role == Role::Owner {
            return Err(RosterRefusal::Owner);
        }
        if member.token.is_some() {
            return Err(RosterRefusal::Token(name.to_owned()));
        }
        refuse_higher(by, member)?;
        let then = Principal { role, ..member.principal.clone() };
        let principal = then.id.clone();
        let mut changes = self.made_by(&principal, |of| may_let_in(&then, of));
        changes.push(RoleSet { principal, role: role.to_wire().0, ext: Ext::none() }.into());
        Ok(changes)
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

    /// Ends a principal, a token or an open invitation; with a principal all that it made for others.
    ///
    /// # Errors
    /// As [`Roster::set_role`].
    pub fn revoke(&self, by: Role, name: &str) -> Result<Vec<Change>, RosterRefusal> {
        if self.invites.contains_key(name) {
            return Ok(vec![over(name)]);
        }
        let member = self.named(name)?;
        refuse_higher(by, member)?;
        let id = &member.principal.id;
        let mut changes = self.made_by(id, |_role| false);
        changes.push(revoked(id));
        Ok(changes)
    }

    /// Takes the rights for a session from everybody who has one: it is gone.
    #[must_use]
    pub fn session_gone(&self, session: Ulid) -> Vec<Change> {
        let had = self.members.values().filter(|m| m.principal.grants.contains_key(&session));
        let grant = StoredGrant { session: session.0, level: 0 };
        had.map(|member| {
            let principal = member.principal.id.clone();
            GrantSet { principal, grant, ext: Ext::none() }.into()
        })
        .collect()
    }

    /// Forgets the rights for all other sessions than these. What is not logged is found again at the next
    /// start.
    pub fn retain_sessions(&mut self, there: &BTreeSet<Ulid>) {
        for member in self.members.values_mut() {
            member.principal.grants.retain(|session, _| there.contains(session));
        }
    }

    /// The ends of the invitations and tokens that somebody made, but for those of roles that stay.
    fn made_by(&self, id: &str, stays: impl Fn(Role) -> bool) -> Vec<Change> {
        let its = |by: &Option<String>, role| by.as_deref() == Some(id) && !stays(role);
        let invites = self.invites.values().filter(|invite| its(&invite.by, invite.role));
        let tokens = self.members.values().filter(|member| {
            member.token.as_ref().is_some_and(|token| its(&token.by, member.principal.role))
        });
        let ended = tokens.map(|member| revoked(&member.principal.id));
        invites.map(|invite| over(&invite.id)).chain(ended).collect()
    }

    /// Whether whoever made an invitation may still make it.
    #[must_use]
    pub fn stands(&self, invite: &Invitation) -> bool {
        self.vouches(invite.by.as_deref(), invite.role)
    }

    /// Whether whoever made something for a role may still do so.
    pub(super) fn vouches(&self, by: Option<&str>, role: Role) -> bool {
        let may = |id| self.members.get(id).is_some_and(|m| may_let_in(&m.principal, role));
        by.is_none_or(may)
    }
}

/// Whether somebody may make something by which another gets a role.
fn may_let_in(by: &Principal, role: Role) -> bool {
    by.role >= role && authorize(by, Action::Appoint, Resource::Server).is_ok()
}

fn refuse_higher(by: Role, member: &Member) -> Result<(), RosterRefusal> {
    let of = member.principal.role;
    if of > by { Err(RosterRefusal::Higher { of, by }) } else { Ok(()) }
}
