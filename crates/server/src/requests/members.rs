//! Requests upon who may do what: invitations, the listing, rights and their end. Owns the words; what
//! follows for those who are connected is the principals' affair.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ccc_proto::{
    Ext, Failure, Grant, GrantLevel, Invite, InviteInfo, InviteKind, Invited, PrincipalInfo,
    PrincipalKind, Principals, Revoke, SetRole, WireGrant,
};
use ulid::Ulid;

use super::Asked;
use crate::clock::unix_ms;
use crate::core::authorize::{Level, Principal, Role};
use crate::core::house::{House, Plan};
use crate::core::roster::{INVITE_TTL_MS, Invitation, Member, StoredGrant, Terms};
use crate::fault::Fault;
use crate::pairing::LONGEST;
use crate::{addresses, principals, secret};

/// The longest life of a token.
const TOKEN_TTL_MS: u64 = 24 * 60 * 60 * 1000;
/// Principals in one answer, far below its cap.
const MOST: usize = crate::core::roster::PRINCIPALS + 1;

pub(super) async fn invite(asked: &mut Asked<'_>, invite: Invite) -> Result<(), Fault> {
    let now = unix_ms();
    let most = match invite.kind {
        InviteKind::TOKEN => TOKEN_TTL_MS,
        InviteKind::CODE => u64::try_from(LONGEST.as_millis()).unwrap_or(u64::MAX),
        _ => INVITE_TTL_MS,
    };
    if invite.ttl_ms == 0 || invite.ttl_ms > most {
        let why = format!("it may last at most {} min", most / 60_000);
        return Err(Fault::invalid(why));
    }
    let role = Role::from_wire(invite.role)
        .ok_or_else(|| Fault::unsupported("this server does not know that role"))?;
    if role > asked.principal().role {
        let why =
            format!("the role {} makes nobody {}", asked.principal().role.name(), role.name());
        return Err(Fault::new(Failure::DENIED, why));
    }
    let mut grants = Vec::new();
    for grant in &invite.grants {
        let level = level(grant.level)?.ok_or_else(|| Fault::invalid("a grant needs a level"))?;
        let session = session(asked, &grant.session).await?;
        grants.push(StoredGrant { session: session.0, level: level.to_wire().0 });
    }
    let expires_unix_ms = now.saturating_add(invite.ttl_ms);
    let terms = Terms {
        role,
        name: invite.name,
        all_sessions: invite.all_sessions,
        grants,
        expires_unix_ms,
    };
    let (id, secret) = match invite.kind {
        InviteKind::LINK => {
            let secret = secret::Secret::new();
            let (id, hash) = (secret::id("i"), secret.hash());
            let named = id.clone();
            principals::change(asked.ctx, asked.client.author(), move |roster| {
                let kind = InviteKind::LINK;
                Ok((vec![roster.invite(&named, kind, hash, &terms, now)?], ()))
            })
            .await?;
            (id, secret.text())
        }
        InviteKind::CODE => {
            // What is checked of a link is checked of a code.
            let kind = InviteKind::LINK;
            asked.ctx.principals.roster().invite("", kind, Vec::new(), &terms, now)?;
            let id = secret::id("c");
            let lasts = Duration::from_millis(invite.ttl_ms);
            let invitation = Invitation::of(&id, InviteKind::CODE, terms);
            let code = asked.ctx.pairing.codes.open(invitation, lasts, Instant::now());
            let code = code.ok_or_else(|| {
                Fault::new(Failure::EXHAUSTED, "as many codes are open as may be")
                    .hint("ccc who --all lists them; take one back with ccc revoke ID")
            })?;
            asked.ctx.audit.note(asked.client.note("code").about(&id).detail(role.name()));
            (id, code)
        }
        InviteKind::TOKEN => {
            if role > Role::Operator {
                return Err(Fault::invalid("a token is a viewer or an operator"));
            }
            let token = secret::token();
            let (id, hash) = (token.id().to_owned(), token.hash());
            let (named, uses) = (id.clone(), invite.uses);
            principals::change(asked.ctx, asked.client.author(), move |roster| {
                Ok((vec![roster.token(&named, hash, &terms, uses)?], ()))
            })
            .await?;
            (id, token.text())
        }
        _ => return Err(Fault::unsupported("this server makes no invitation of that kind")),
    };
    let server = asked.ctx.server.clone();
    let addresses = addresses::of(asked.ctx);
    let ext = Ext::none();
    asked.reply(Invited { id, secret, server, addresses, expires_unix_ms, ext }).await
}

pub(super) async fn list(asked: &mut Asked<'_>) -> Result<(), Fault> {
    let ctx = Arc::clone(asked.ctx);
    let (members, invites) = {
        let roster = ctx.principals.roster();
        let members: Vec<Member> = roster.members().take(MOST).cloned().collect();
        let codes = ctx.pairing.codes.invitations(Instant::now());
        let invites = roster.invites(unix_ms()).chain(&codes).map(|invite| InviteInfo {
            id: invite.id.clone(),
            kind: invite.kind,
            role: invite.role.to_wire(),
            name: invite.name.clone(),
            expires_unix_ms: invite.expires_unix_ms,
            ext: Ext::none(),
        });
        (members, invites.collect())
    };
    let principals = ctx
        .book
        .run(move |book| {
            let owner = owner(&book.ctx.principals.owner());
            let others = members.iter().map(|member| info(member, &book.house));
            let mut all: Vec<_> = std::iter::once(owner).chain(others).collect();
            for one in &mut all {
                let connected = book.ctx.principals.connected(&one.principal);
                one.connected = u32::try_from(connected).unwrap_or(u32::MAX);
            }
            all
        })
        .await?;
    asked.reply(Principals { principals, invites, ext: Ext::none() }).await
}

fn owner(owner: &Principal) -> PrincipalInfo {
    PrincipalInfo {
        principal: owner.id.clone(),
        name: owner.name.clone(),
        kind: PrincipalKind::OWNER,
        role: owner.role.to_wire(),
        all_sessions: true,
        grants: Vec::new(),
        since_unix_ms: 0,
        expires_unix_ms: 0,
        keys: vec![owner.id.clone()],
        connected: 0,
        ext: Ext::none(),
    }
}

fn info(member: &Member, house: &House) -> PrincipalInfo {
    let principal = &member.principal;
    let name_of = |ulid: &Ulid| {
        let session = house.sessions().find(|session| session.ulid == *ulid);
        session.map_or_else(|| ulid.to_string(), |session| session.name.clone())
    };
    let grants = principal
        .grants
        .iter()
        .map(|(session, level)| WireGrant { session: name_of(session), level: level.to_wire() });
    PrincipalInfo {
        principal: principal.id.clone(),
        name: principal.name.clone(),
        kind: if member.token.is_some() { PrincipalKind::TOKEN } else { PrincipalKind::KEY },
        role: principal.role.to_wire(),
        all_sessions: principal.all_sessions,
        grants: grants.collect(),
        since_unix_ms: member.since_unix_ms,
        expires_unix_ms: member.token.as_ref().map_or(0, |token| token.expires_unix_ms),
        keys: member.keys.keys().cloned().collect(),
        connected: 0,
        ext: Ext::none(),
    }
}

pub(super) async fn grant(asked: &mut Asked<'_>, grant: Grant) -> Result<(), Fault> {
    let level = level(grant.level)?;
    let session = match grant.session.as_str() {
        "" if level.is_some_and(|level| level > Level::View) => {
            let fault = Fault::invalid("what somebody may do in every session is its role");
            return Err(fault.hint("ccc role NAME operator"));
        }
        "" => None,
        name => Some(session(asked, name).await?),
    };
    let by = asked.principal().role;
    principals::change(asked.ctx, asked.client.author(), move |roster| {
        Ok((vec![roster.grant(by, &grant.principal, session, level)?], ()))
    })
    .await?;
    asked.done(&Plan::default()).await
}

pub(super) async fn set_role(asked: &mut Asked<'_>, set: SetRole) -> Result<(), Fault> {
    let role = Role::from_wire(set.role)
        .ok_or_else(|| Fault::unsupported("this server does not know that role"))?;
    let by = asked.principal().role;
    if role > by {
        let why = format!("the role {} makes nobody {}", by.name(), role.name());
        return Err(Fault::new(Failure::DENIED, why));
    }
    principals::change(asked.ctx, asked.client.author(), move |roster| {
        Ok((vec![roster.set_role(by, &set.principal, role)?], ()))
    })
    .await?;
    asked.done(&Plan::default()).await
}

pub(super) async fn revoke(asked: &mut Asked<'_>, revoke: Revoke) -> Result<(), Fault> {
    if asked.ctx.pairing.codes.revoke(&revoke.principal) {
        asked.ctx.audit.note(asked.client.note("invite-over").about(&revoke.principal));
        return asked.done(&Plan::default()).await;
    }
    let by = asked.principal().role;
    principals::change(asked.ctx, asked.client.author(), move |roster| {
        Ok((vec![roster.revoke(by, &revoke.principal)?], ()))
    })
    .await?;
    asked.done(&Plan::default()).await
}

fn level(level: GrantLevel) -> Result<Option<Level>, Fault> {
    match level {
        GrantLevel::NONE => Ok(None),
        level => Level::from_wire(level)
            .map(Some)
            .ok_or_else(|| Fault::unsupported("this server does not know that level")),
    }
}

/// The session that a right is for.
async fn session(asked: &Asked<'_>, name: &str) -> Result<Ulid, Fault> {
    let id = asked.place(name).await?.session;
    let ulid = asked.ctx.book.run(move |book| book.house.session(id).map(|known| known.ulid));
    ulid.await?.ok_or_else(|| Fault::new(Failure::NOT_FOUND, format!("session {id} is gone")))
}
