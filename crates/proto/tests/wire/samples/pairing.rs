//! Keys that become known, and who may do what.

use ccc_proto::{
    AddKey, AskKeys, AuditCheckpoint, AuditEntry, AuditPage, AuditRequest, Grant, GrantLevel,
    Invite, InviteInfo, InviteKind, Invited, KeyChain, KeyStatement, ListPrincipals, Message, Pair,
    PairBegin, PairProof, PairShare, Paired, PrincipalInfo, PrincipalKind, Principals, Rekey,
    Rekeyed, Revoke, SetRole, WireGrant, WireRole,
};

use super::Writer;

const ID: &str = "davlqinwkqdmaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

pub(super) fn messages(writer: Writer) -> Vec<Message> {
    let mut messages = pairing(writer);
    messages.extend(rights(writer));
    messages.extend(audit(writer));
    messages.extend(keys(writer));
    messages
}

fn grant(writer: Writer) -> WireGrant {
    WireGrant { session: "work".into(), level: GrantLevel(writer.number(GrantLevel::TYPE.0)) }
}

fn role(writer: Writer) -> WireRole {
    WireRole(writer.number(WireRole::OPERATOR.0))
}

fn pairing(writer: Writer) -> Vec<Message> {
    let ext = writer.ext();
    vec![
        Pair {
            secret: "eb5se2dgnyv7i27xupnvn7yoj4".into(),
            name: "laptop".into(),
            software: "ccc 0.1.0".into(),
            ext: ext.clone(),
        }
        .into(),
        Paired {
            principal: ID.into(),
            name: "laptop-2".into(),
            role: role(writer),
            host: "box".into(),
            ext: ext.clone(),
        }
        .into(),
        Invite {
            kind: InviteKind(writer.number(InviteKind::LINK.0)),
            role: role(writer),
            name: "anna".into(),
            ttl_ms: 600_000,
            uses: 3,
            all_sessions: true,
            grants: vec![grant(writer)],
            ext: ext.clone(),
        }
        .into(),
        Invited {
            id: "i-tl5glnnh".into(),
            secret: "eb5se2dgnyv7i27xupnvn7yoj4".into(),
            server: ID.into(),
            addresses: vec!["192.0.2.1:4433".into(), "[2001:db8::1]:4433".into()],
            expires_unix_ms: 1_764_000_600_000,
            ext,
        }
        .into(),
    ]
}

fn rights(writer: Writer) -> Vec<Message> {
    let ext = writer.ext();
    let principal = PrincipalInfo {
        principal: ID.into(),
        name: "anna".into(),
        kind: PrincipalKind(writer.number(PrincipalKind::KEY.0)),
        role: role(writer),
        all_sessions: true,
        grants: vec![grant(writer)],
        since_unix_ms: 1_764_000_000_000,
        expires_unix_ms: 1_765_000_000_000,
        keys: vec![ID.into()],
        connected: 2,
        ext: ext.clone(),
    };
    let invite = InviteInfo {
        id: "i-tl5glnnh".into(),
        kind: InviteKind(writer.number(InviteKind::LINK.0)),
        role: role(writer),
        name: "bert".into(),
        expires_unix_ms: 1_764_000_600_000,
        ext: ext.clone(),
    };
    vec![
        ListPrincipals { ext: ext.clone() }.into(),
        Principals { principals: vec![principal], invites: vec![invite], ext: ext.clone() }.into(),
        Grant {
            principal: "anna".into(),
            session: "work".into(),
            level: GrantLevel(writer.number(GrantLevel::OWN.0)),
            ext: ext.clone(),
        }
        .into(),
        SetRole { principal: "anna".into(), role: role(writer), ext: ext.clone() }.into(),
        Revoke { principal: "anna".into(), ext }.into(),
    ]
}

fn audit(writer: Writer) -> Vec<Message> {
    let ext = writer.ext();
    let entry = AuditEntry {
        seq: 70_000,
        before: vec![7; 32],
        unix_ms: 1_764_000_000_000,
        principal: ID.into(),
        name: "anna".into(),
        from: "192.0.2.1:4433".into(),
        what: "revoke".into(),
        about: "laptop".into(),
        detail: "more".into(),
        allowed: true,
        ext: ext.clone(),
    };
    let point = AuditCheckpoint {
        seq: 70_000,
        head: vec![8; 32],
        unix_ms: 1_764_000_001_000,
        key: vec![9; 44],
        signature: vec![10; 64],
        ext: ext.clone(),
    };
    let records = vec![entry.record(), point.record()];
    vec![
        AuditRequest { after: 300, ext: ext.clone() }.into(),
        AuditPage { records, more: true, ext }.into(),
    ]
}

fn keys(writer: Writer) -> Vec<Message> {
    let ext = writer.ext();
    let statement = KeyStatement {
        serial: 3,
        old: vec![1; 44],
        new: vec![2; 44],
        since_unix_ms: 1_764_000_000_000,
        by_old: vec![3; 64],
        by_new: vec![4; 64],
    };
    vec![
        PairBegin {
            offer: 417,
            share: vec![5; 33],
            name: "laptop".into(),
            software: "ccc 0.1.0".into(),
            ext: ext.clone(),
        }
        .into(),
        PairShare { share: vec![6; 33], ext: ext.clone() }.into(),
        PairProof { proof: vec![7; 32], ext: ext.clone() }.into(),
        AskKeys { ext: ext.clone() }.into(),
        KeyChain { statements: vec![statement], ext: ext.clone() }.into(),
        AddKey { key: vec![8; 44], proof: vec![9; 64], ext: ext.clone() }.into(),
        Rekey { compromised: true, ext: ext.clone() }.into(),
        Rekeyed { server: ID.into(), ext }.into(),
    ]
}
