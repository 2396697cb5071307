//! What the audit says of a change of the roster.

use ulid::Ulid;

use crate::audit::Note;
use crate::context::Context;
use crate::core::roster::{Change, Entry};

pub(super) fn note(ctx: &Context, entry: &Entry) -> Note {
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
        Change::KeyPromised(promised) => {
            note("key-promised", &promised.principal, promised.key.clone())
        }
        Change::KeyAdded(added) => note("key", &added.principal, added.key.clone()),
        Change::KeyOver(over) => note("key-over", &over.principal, over.key.clone()),
        Change::TokenMade(made) => note("token", &made.token, role(made.role)),
        Change::TokenUsed(used) => note("token-use", &used.token, String::new()),
        Change::Settled(_) => note("settled", "", String::new()),
        Change::Later { kind, .. } => note("later", "", kind.to_string()),
    }
}
