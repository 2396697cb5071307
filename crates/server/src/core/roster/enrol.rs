//! How somebody becomes known: an invitation's secret and what it is worth.

use ccc_proto::{Ext, InviteKind};

use super::{Change, Enrolled, Invitation, PRINCIPALS, Roster, same};
use crate::core::label::{NameOf, check_name};

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
            (Some(invite), _) => self.enrol(invite, key, called, now_ms),
            (None, Some(used)) => {
                let holder = self.holder(key, now_ms);
                let same = holder.is_some_and(|member| member.principal.id == used.principal);
                match (same, now_ms < used.expires_unix_ms) {
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
    pub fn enrol(&self, invite: &Invitation, key: &str, called: &str, now_ms: u64) -> Coming {
        if !self.stands(invite) {
            return Coming::Refused("whoever made it may not any more");
        }
        // One that is known and comes with an invitation gets what it says, by whichever of its keys.
        let known = self.holder(key, now_ms).map(|member| &member.principal);
        if known.is_none() && self.members.len() >= PRINCIPALS {
            return Coming::Refused("as many principals as there can be");
        }
        let wanted = match invite.name.as_str() {
            "" => check_name(NameOf::Session, called).map_or("guest", |()| called),
            name => name,
        };
        let own = known.is_some_and(|known| known.name == wanted);
        let name = if own { wanted.to_owned() } else { self.free_name(wanted) };
        let enrolled = Enrolled {
            principal: known.map_or(key, |known| &known.id).to_owned(),
            invite: invite.id.clone(),
            name,
            role: invite.role.to_wire().0,
            all_sessions: invite.all_sessions,
            grants: invite.grants.clone(),
            ext: Ext::none(),
        };
        Coming::New(vec![enrolled.into()])
    }
}
