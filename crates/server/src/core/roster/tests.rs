//! The roster as a fold, and what each wish makes of it.

use std::cell::Cell;

use super::*;
use crate::core::house::Author;

const HOUR: u64 = 3_600_000;
const SESSION: Ulid = Ulid(9);

thread_local! {
    /// Bytes that were compared.
    static COMPARED: Cell<usize> = const { Cell::new(0) };
}

pub(super) fn compared(a: &[u8], b: &[u8]) {
    let bytes = if a.len() == b.len() { a.len() } else { 0 };
    COMPARED.set(COMPARED.get() + bytes);
}

/// How much was compared for an answer.
fn work<T>(ask: impl FnOnce() -> T) -> (usize, T) {
    COMPARED.set(0);
    let answer = ask();
    (COMPARED.get(), answer)
}

fn apply(roster: &mut Roster, change: Change, unix_ms: u64) {
    let entry = Entry { author: Author::server(unix_ms), change };
    let (kind, bytes) = entry.encode().unwrap();
    // As it comes back from the disk.
    roster.apply(&Entry::decode(kind, &bytes).unwrap());
}

fn terms(role: Role) -> Terms {
    let grants = vec![StoredGrant { session: SESSION.0, level: Level::View.to_wire().0 }];
    let name = String::new();
    Terms { role, name, all_sessions: false, grants, expires_unix_ms: HOUR }
}

fn invited() -> Roster {
    let mut roster = Roster::default();
    let kind = InviteKind::LINK;
    let made = roster.invite("i-1", kind, b"hash".to_vec(), &terms(Role::Viewer), 0).unwrap();
    apply(&mut roster, made, 0);
    roster
}

fn come(roster: &mut Roster, key: &str, now_ms: u64) -> Coming {
    let coming = roster.come(key, b"hash", "laptop", now_ms);
    if let Coming::New(changes) = &coming {
        changes.iter().for_each(|change| apply(roster, change.clone(), now_ms));
    }
    coming
}

#[test]
fn an_invitation_enrols_one_key_with_what_it_says() {
    let mut roster = invited();
    assert!(matches!(come(&mut roster, "key", 5), Coming::New(_)));
    let member = roster.holder("key", 6).unwrap();
    assert_eq!((member.principal.name.as_str(), member.principal.role), ("laptop", Role::Viewer));
    assert_eq!(member.principal.grants, BTreeMap::from([(SESSION, Level::View)]));
    assert!(!member.principal.all_sessions);
    assert_eq!(member.since_unix_ms, 5);
    // The same key may come again while it lasts: it may not have heard the answer.
    let before = roster.clone();
    assert_eq!(come(&mut roster, "key", 6), Coming::Again);
    assert_eq!(come(&mut roster, "key", HOUR), Coming::Refused("too old"));
    assert_eq!(come(&mut roster, "thief", 6), Coming::Refused("used by another key"));
    assert_eq!(roster, before, "a refusal changed something");
    // One that was revoked does not come back by what it once used.
    let revoked = roster.revoke(Role::Owner, "laptop").unwrap();
    apply(&mut roster, revoked, 7);
    assert!(roster.holder("key", 7).is_none());
    assert_eq!(come(&mut roster, "key", 7), Coming::Refused("used by another key"));
}

#[test]
fn an_invitation_that_is_too_old_taken_back_or_wrong_enrols_nobody() {
    let mut roster = invited();
    assert_eq!(come(&mut roster, "key", HOUR), Coming::Refused("too old"));
    assert_eq!(roster.come("key", b"hush", "", 0), Coming::Refused("no such invitation"));
    assert_eq!(roster.come("key", b"", "", 0), Coming::Refused("no such invitation"));
    let over = roster.revoke(Role::Admin, "i-1").unwrap();
    apply(&mut roster, over, 1);
    assert_eq!(come(&mut roster, "key", 2), Coming::Refused("no such invitation"));
}

#[test]
fn open_invitations_are_bounded_and_those_that_are_over_do_not_count() {
    let mut roster = Roster::default();
    for n in 0..OPEN_INVITES {
        let (id, hash) = (format!("i-{n}"), vec![u8::try_from(n).unwrap()]);
        let made = roster.invite(&id, InviteKind::LINK, hash, &terms(Role::Viewer), 0).unwrap();
        apply(&mut roster, made, 0);
    }
    let one_more = |roster: &Roster, now| {
        roster.invite("i-x", InviteKind::LINK, vec![99], &terms(Role::Viewer), now).map(drop)
    };
    assert_eq!(one_more(&roster, 0), Err(RosterRefusal::TooManyInvites(OPEN_INVITES)));
    assert_eq!(one_more(&roster, HOUR), Ok(()));
    assert_eq!(roster.next_deadline(5), Some(HOUR));
    for change in roster.stale(HOUR) {
        apply(&mut roster, change, HOUR);
    }
    assert_eq!(roster, Roster::default());
    assert_eq!(roster.next_deadline(HOUR), None);
}

#[test]
fn nobody_is_made_an_owner_or_changed_by_a_lesser_role() {
    let mut roster = invited();
    let terms_of_owner = terms(Role::Owner);
    let refused = roster.invite("i", InviteKind::LINK, vec![1], &terms_of_owner, 0).map(drop);
    assert_eq!(refused, Err(RosterRefusal::Owner));
    come(&mut roster, "key", 1);
    let set = roster.set_role(Role::Admin, "laptop", Role::Admin).unwrap();
    apply(&mut roster, set, 2);
    assert!(roster.named("laptop").unwrap().principal.all_sessions, "an admin sees everything");
    let refused = roster.revoke(Role::Operator, "laptop").map(drop);
    assert_eq!(refused, Err(RosterRefusal::Higher { of: Role::Admin, by: Role::Operator }));
    assert_eq!(
        roster.set_role(Role::Owner, "laptop", Role::Owner).map(drop),
        Err(RosterRefusal::Owner)
    );
}

#[test]
fn two_that_call_themselves_the_same_are_told_apart() {
    let mut roster = invited();
    come(&mut roster, "key", 1);
    let kind = InviteKind::LINK;
    let made = roster.invite("i-2", kind, b"hash2".to_vec(), &terms(Role::Viewer), 2).unwrap();
    apply(&mut roster, made, 2);
    let Coming::New(changes) = roster.come("other", b"hash2", "laptop", 3) else { panic!() };
    apply(&mut roster, changes[0].clone(), 3);
    assert_eq!(roster.member("other").unwrap().principal.name, "laptop-2");
    assert_eq!(roster.named("nobody").map(drop), Err(RosterRefusal::Unknown("nobody".into())));
}

#[test]
fn grants_are_given_and_taken_one_by_one() {
    let mut roster = invited();
    come(&mut roster, "key", 1);
    let mut grant = |session, level| {
        let change = roster.grant(Role::Owner, "key", session, level).unwrap();
        apply(&mut roster, change, 2);
        let principal = &roster.member("key").unwrap().principal;
        (principal.grants.get(&SESSION).copied(), principal.all_sessions)
    };
    assert_eq!(grant(Some(SESSION), Some(Level::Own)), (Some(Level::Own), false));
    assert_eq!(grant(None, Some(Level::View)), (Some(Level::Own), true));
    assert_eq!(grant(Some(SESSION), None), (None, true));
    assert_eq!(grant(None, None), (None, false));
}

#[test]
fn a_key_that_was_replaced_is_good_for_a_while() {
    let mut roster = invited();
    come(&mut roster, "old", 1);
    let (principal, key) = ("old".to_owned(), "new".to_owned());
    let added = KeyAdded { principal, key, others_until_unix_ms: 100, ext: Ext::none() };
    apply(&mut roster, added.into(), 2);
    assert_eq!(roster.holder("new", 1000).unwrap().principal.id, "old");
    assert!(roster.holder("old", 99).is_some());
    assert!(roster.holder("old", 100).is_none());
}

#[test]
fn a_token_is_good_for_its_secret_its_time_and_its_uses() {
    let mut roster = Roster::default();
    let made = roster.token("t-1", b"hash".to_vec(), &terms(Role::Operator), 1).unwrap();
    apply(&mut roster, made, 0);
    assert!(roster.token_holder("t-1", b"hash", 1).is_some());
    assert!(roster.token_holder("t-1", b"hush", 1).is_none());
    assert!(roster.token_holder("t-2", b"hash", 1).is_none());
    assert!(roster.token_holder("t-1", b"hash", HOUR).is_none());
    let used = TokenUsed { token: "t-1".into(), ext: Ext::none() };
    apply(&mut roster, used.into(), 1);
    assert!(roster.token_holder("t-1", b"hash", 2).is_none());
    assert_eq!(
        roster.set_role(Role::Owner, "token", Role::Admin).map(drop),
        Err(RosterRefusal::Token("token".into()))
    );
    // Being compacted does not give it another use.
    let mut again = Roster::default();
    roster.snapshot().iter().for_each(|entry| drop(again.apply(entry)));
    assert!(again.token_holder("t-1", b"hash", 2).is_none());
}

/// An answer that comes sooner for one kind of wrong would tell strangers which it is.
#[test]
fn a_refusal_is_the_same_work_whatever_is_wrong() {
    let hash = |byte: u8| vec![byte; 32];
    let mut roster = Roster::default();
    for (n, until) in [(1, HOUR), (2, 10), (3, HOUR), (4, HOUR)] {
        let terms = Terms { expires_unix_ms: until, ..terms(Role::Viewer) };
        let id = format!("i-{n}");
        let made = roster.invite(&id, InviteKind::LINK, hash(n), &terms, 0).unwrap();
        apply(&mut roster, made, 0);
        let made = roster.token(&format!("t-{n}"), hash(n), &terms, 1).unwrap();
        apply(&mut roster, made, 0);
    }
    let Coming::New(changes) = roster.come("first", &hash(3), "laptop", 5) else {
        panic!("it is good")
    };
    changes.into_iter().for_each(|change| apply(&mut roster, change, 5));
    let used = TokenUsed { token: "t-3".into(), ext: Ext::none() };
    apply(&mut roster, used.into(), 5);

    let come = |secret: &[u8]| work(|| roster.come("thief", secret, "laptop", 20));
    // Every bit of the wrong ones but the last is right, or none.
    let nearly = [&hash(1)[..31], &[0]].concat();
    let wrong = [hash(2), hash(3), hash(9), nearly.clone()].map(|secret| come(&secret));
    let told = ["too old", "used by another key", "no such invitation", "no such invitation"];
    for ((compared, coming), why) in wrong.into_iter().zip(told) {
        assert_eq!((compared, coming), (4 * 32, Coming::Refused(why)));
    }
    assert!(matches!(come(&hash(1)), (compared, Coming::New(_)) if compared == 4 * 32));

    let token = |id: &str, secret: &[u8]| {
        let (compared, holder) = work(|| roster.token_holder(id, secret, 20).is_some());
        (compared, holder)
    };
    for (id, secret) in
        [("t-2", hash(2)), ("t-3", hash(3)), ("t-4", hash(9)), ("t-1", nearly), ("t-9", hash(1))]
    {
        assert_eq!(token(id, &secret), (32, false), "{id}");
    }
    // Somebody who has no token, and one whose token is good.
    assert_eq!(token("first", &hash(1)), (32, false));
    assert_eq!(token("t-1", &hash(1)), (32, true));
}

#[test]
fn a_snapshot_makes_the_same_roster_but_for_what_was_used() {
    let mut roster = invited();
    come(&mut roster, "key", 1);
    let (principal, key) = ("key".to_owned(), "new".to_owned());
    let added = KeyAdded { principal, key, others_until_unix_ms: 100, ext: Ext::none() };
    apply(&mut roster, added.into(), 2);
    let kind = InviteKind::LINK;
    let open = roster.invite("i-2", kind, vec![7], &terms(Role::Admin), 2).unwrap();
    apply(&mut roster, open, 2);
    let made = roster.token("t-1", b"hash".to_vec(), &terms(Role::Operator), 3).unwrap();
    apply(&mut roster, made, 3);
    let mut again = Roster::default();
    roster.snapshot().iter().for_each(|entry| drop(again.apply(entry)));
    assert_eq!(again.members, roster.members);
    assert_eq!(again.invites, roster.invites);
}

#[test]
fn an_entry_of_a_later_version_is_passed_over_and_a_broken_one_is_told() {
    let mut roster = invited();
    let before = roster.clone();
    let later = Entry::decode(999, b"anything").unwrap();
    assert_eq!(roster.apply(&later), None);
    assert_eq!(roster, before);
    let entry =
        Entry { author: Author::server(1), change: before.revoke(Role::Owner, "i-1").unwrap() };
    let (kind, bytes) = entry.encode().unwrap();
    for cut in 0..bytes.len() {
        assert!(Entry::decode(kind, &bytes[..cut]).is_err(), "cut at {cut}");
    }
    assert!(Entry::decode(kind, &[bytes.as_slice(), &[0]].concat()).is_err());
}
