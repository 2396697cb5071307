//! The roster as a fold, and what each wish makes of it.

use std::cell::Cell;

use super::*;
use crate::core::record::Author;

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
    apply_by(roster, "", change, unix_ms);
}

fn apply_all(roster: &mut Roster, changes: Vec<Change>, unix_ms: u64) {
    changes.into_iter().for_each(|change| apply(roster, change, unix_ms));
}

fn apply_by(roster: &mut Roster, by: &str, change: Change, unix_ms: u64) {
    let author = Author { principal: by.into(), ..Author::server(unix_ms) };
    let entry = Entry { author, change };
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
    apply_all(&mut roster, revoked, 7);
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
    apply_all(&mut roster, over, 1);
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
    apply_all(&mut roster, set, 2);
    assert!(roster.named("laptop").unwrap().principal.sees_all(), "an admin sees everything");
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

/// Somebody with the key `old` is promised another.
fn promised(new: &str, now_ms: u64) -> Roster {
    let mut roster = invited();
    come(&mut roster, "old", 1);
    let changes = roster.promise("old", "old", new, now_ms).unwrap();
    apply_all(&mut roster, changes, now_ms);
    roster
}

fn comes(roster: &mut Roster, key: &str, now_ms: u64) {
    let changes = roster.came(key, now_ms);
    apply_all(roster, changes, now_ms);
}

#[test]
fn a_key_that_was_replaced_is_good_for_a_while_after_its_successor_has_come() {
    let mut roster = promised("new", 2);
    // However long that one is not used: the change may not have come to its end.
    assert_eq!(roster.holder("old", u64::MAX).unwrap().principal.id, "old");
    comes(&mut roster, "old", 3);
    assert_eq!(roster.next_deadline(4), Some(HOUR), "only that of the invitation");
    assert_eq!(roster.holder("new", 4).unwrap().principal.id, "old");
    comes(&mut roster, "new", 5);
    let end = 5 + OLD_KEY_MS;
    assert!(roster.holder("old", end - 1).is_some());
    assert!(roster.holder("old", end).is_none());
    assert_eq!(roster.holder("new", u64::MAX).unwrap().principal.id, "old");
    // It came once; coming again puts nothing off.
    assert_eq!(roster.came("new", 6), []);
    // Its end is a deadline, and then it is gone.
    assert_eq!(roster.next_deadline(end).map(|at| at > end), Some(false));
    let stale = roster.stale(end);
    apply_all(&mut roster, stale, end);
    assert_eq!(roster.member("old").unwrap().keys, BTreeMap::from([("new".to_owned(), 0)]));
    assert_eq!(roster.next_deadline(end), None);
}

#[test]
fn a_key_that_was_replaced_replaces_nobody() {
    let mut roster = promised("new", 2);
    assert_eq!(roster.promise("old", "old", "new", 3), Ok(Vec::new()), "it is promised already");
    assert_eq!(roster.promise("old", "new", "x", 3), Err(RosterRefusal::KeyLeaves), "not here yet");
    comes(&mut roster, "new", 4);
    assert_eq!(roster.promise("old", "old", "thief", 5), Err(RosterRefusal::KeyLeaves));
    assert_eq!(roster.promise("old", "new", "old", 5), Err(RosterRefusal::KeyKnown));
    assert!(roster.promise("old", "new", "next", 5).is_ok());
}

#[test]
fn a_promise_takes_back_the_one_before_and_keys_are_bounded() {
    let mut roster = promised("first", 2);
    let changes = roster.promise("old", "old", "second", 3).unwrap();
    apply_all(&mut roster, changes, 3);
    assert!(roster.holder("first", 4).is_none());
    assert!(roster.holder("second", 4).is_some());
    comes(&mut roster, "second", 4);
    let mut by = "second".to_owned();
    for n in roster.member("old").unwrap().keys.len()..KEYS {
        let new = format!("key-{n}");
        let changes = roster.promise("old", &by, &new, 5).unwrap();
        apply_all(&mut roster, changes, 5);
        comes(&mut roster, &new, 5);
        by = new;
    }
    assert_eq!(roster.promise("old", &by, "x", 5), Err(RosterRefusal::TooManyKeys(KEYS)));
    let later = 5 + OLD_KEY_MS;
    let stale = roster.stale(later);
    apply_all(&mut roster, stale, later);
    assert!(roster.promise("old", &by, "x", later).is_ok());
}

#[test]
fn one_that_is_invited_again_is_the_same_one_by_whichever_of_its_keys() {
    let mut roster = promised("new", 2);
    comes(&mut roster, "new", 3);
    let kind = InviteKind::LINK;
    let made = roster.invite("i-2", kind, b"hash2".to_vec(), &terms(Role::Operator), 4).unwrap();
    apply(&mut roster, made, 4);
    let Coming::New(changes) = roster.come("new", b"hash2", "laptop", 5) else { panic!() };
    apply_all(&mut roster, changes, 5);
    assert_eq!(roster.members().count(), 1);
    let member = roster.holder("new", 6).unwrap();
    assert_eq!((member.principal.id.as_str(), member.principal.role), ("old", Role::Operator));
    assert_eq!(member.principal.name, "laptop");
    assert!(roster.holder("old", 6).is_some(), "its keys are those that it had");
    assert_eq!(roster.come("new", b"hash2", "laptop", 6), Coming::Again);
    let revoked = roster.revoke(Role::Owner, "laptop").unwrap();
    apply_all(&mut roster, revoked, 7);
    assert!(roster.holder("new", 8).is_none() && roster.holder("old", 8).is_none());
}

/// An admin `boss`, with an open link, a code and a token that it made.
fn with_boss() -> (Roster, Invitation) {
    let mut roster = Roster::default();
    let kind = InviteKind::LINK;
    let made = roster.invite("i-1", kind, b"hash".to_vec(), &terms(Role::Admin), 0).unwrap();
    apply_by(&mut roster, "the-owner", made, 0);
    come(&mut roster, "boss", 1);
    let made = roster.invite("i-2", kind, b"hash2".to_vec(), &terms(Role::Viewer), 2).unwrap();
    apply_by(&mut roster, "boss", made, 2);
    let made = roster.token("t-1", b"hash3".to_vec(), &terms(Role::Viewer), 0).unwrap();
    apply_by(&mut roster, "boss", made, 3);
    let by = &roster.member("boss").unwrap().principal;
    let code = Invitation::of("c-1", by, InviteKind::CODE, terms(Role::Viewer));
    assert!(matches!(roster.enrol(&code, "key", "k", 3), Coming::New(_)));
    assert!(matches!(roster.come("key", b"hash2", "k", 3), Coming::New(_)));
    assert!(roster.token_holder("t-1", b"hash3", 3).is_some());
    (roster, code)
}

/// What that admin made is worth nothing, also in the roster that a compaction leaves.
fn lets_nobody_in(roster: &Roster, code: &Invitation) {
    let mut again = Roster::default();
    roster.snapshot().iter().for_each(|entry| drop(again.apply(entry)));
    for roster in [roster, &again] {
        assert!(matches!(roster.enrol(code, "key", "k", 5), Coming::Refused(_)));
        assert!(matches!(roster.come("key", b"hash2", "k", 5), Coming::Refused(_)));
        assert!(roster.token_holder("t-1", b"hash3", 5).is_none());
    }
}

#[test]
fn what_somebody_made_for_others_ends_with_them() {
    let (mut roster, code) = with_boss();
    let changes = roster.revoke(Role::Owner, "laptop").unwrap();
    assert_eq!(changes.len(), 3, "a link, a token, and who made them: {changes:?}");
    // Also where only the last of them were on the disk.
    let mut half = roster.clone();
    apply(&mut half, changes[2].clone(), 4);
    lets_nobody_in(&half, &code);
    apply_all(&mut roster, changes, 4);
    lets_nobody_in(&roster, &code);
    assert_eq!((roster.members().count(), roster.invites(5).count()), (0, 0));
}

#[test]
fn what_somebody_made_for_others_ends_when_they_may_make_it_no_more() {
    let (mut roster, code) = with_boss();
    let same = roster.set_role(Role::Owner, "boss", Role::Admin).unwrap();
    assert_eq!(same.len(), 1);
    let changes = roster.set_role(Role::Owner, "boss", Role::Operator).unwrap();
    apply_all(&mut roster, changes, 4);
    lets_nobody_in(&roster, &code);
    // It is gone for good.
    let changes = roster.set_role(Role::Owner, "boss", Role::Admin).unwrap();
    apply_all(&mut roster, changes, 5);
    assert!(roster.token_holder("t-1", b"hash3", 6).is_none());
    assert!(matches!(roster.come("key", b"hash2", "k", 6), Coming::Refused(_)));
}

#[test]
fn a_role_that_was_given_and_taken_leaves_nothing_behind() {
    let mut roster = invited();
    come(&mut roster, "key", 1);
    let before = roster.member("key").unwrap().principal.clone();
    for role in [Role::Admin, Role::Viewer] {
        let changes = roster.set_role(Role::Owner, "key", role).unwrap();
        apply_all(&mut roster, changes, 2);
        assert_eq!(roster.member("key").unwrap().principal.sees_all(), role == Role::Admin);
    }
    assert_eq!(roster.member("key").unwrap().principal, before);
    assert!(!before.sees(Ulid(77)));
}

#[test]
fn nobody_takes_the_name_of_the_owner_or_the_id_of_another() {
    let mut roster = invited();
    come(&mut roster, "key", 1);
    let mut called = |id: &str, name: &str| {
        let (kind, hash) = (InviteKind::LINK, id.as_bytes().to_vec());
        let made = roster.invite(id, kind, hash.clone(), &terms(Role::Viewer), 2).unwrap();
        apply(&mut roster, made, 2);
        let Coming::New(changes) = roster.come(id, &hash, name, 3) else { panic!() };
        apply_all(&mut roster, changes, 3);
        roster.member(id).unwrap().principal.name.clone()
    };
    assert_eq!(called("i-2", "owner"), "owner-2");
    assert_eq!(called("i-3", "key"), "key-2");
    // Nor is one meant that had such a name before the other came.
    assert_eq!(called("i-4", "later"), "later");
    called("later", "somebody");
    assert_eq!(roster.named("later").unwrap().principal.id, "later");
}

#[test]
fn rights_for_a_session_that_is_gone_are_forgotten() {
    let mut roster = invited();
    come(&mut roster, "key", 1);
    let other = roster.grant(Role::Owner, "key", Some(Ulid(5)), Some(Level::Own)).unwrap();
    apply(&mut roster, other, 2);
    let mut again = roster.clone();
    let changes = roster.session_gone(SESSION);
    apply_all(&mut roster, changes, 3);
    assert_eq!(roster.session_gone(SESSION), []);
    again.retain_sessions(&BTreeSet::from([Ulid(5)]));
    assert_eq!(again, roster);
    let grants = &roster.member("key").unwrap().principal.grants;
    assert_eq!(*grants, BTreeMap::from([(Ulid(5), Level::Own)]));
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
    come(&mut roster, "old", 1);
    let same = |roster: &Roster| {
        let mut again = Roster::default();
        roster.snapshot().iter().for_each(|entry| drop(again.apply(entry)));
        assert_eq!(again.members, roster.members);
        assert_eq!(again.invites, roster.invites);
    };
    // Each key of a row has an end of its own, and the names are in no order.
    let mut by = "old";
    for (new, now) in [("new", 10), ("able", 20), ("zebra", 30)] {
        let changes = roster.promise("old", by, new, now).unwrap();
        apply_all(&mut roster, changes, now);
        same(&roster);
        comes(&mut roster, new, now + 1);
        same(&roster);
        by = new;
    }
    let ends: Vec<_> = roster.member("old").unwrap().keys.values().collect();
    assert_eq!(ends.len(), 4);
    let gone = 11 + OLD_KEY_MS;
    let stale = roster.stale(gone);
    apply_all(&mut roster, stale, gone);
    assert!(!roster.member("old").unwrap().keys.contains_key("old"));
    same(&roster);
    let kind = InviteKind::LINK;
    let lasts = Terms { expires_unix_ms: gone + HOUR, ..terms(Role::Admin) };
    let open = roster.invite("i-2", kind, vec![7], &lasts, 2).unwrap();
    apply_by(&mut roster, "old", open, 2);
    for (id, by) in [("a-token", "old"), ("z-token", "the-owner")] {
        let made = roster.token(id, b"hash".to_vec(), &lasts, 1).unwrap();
        apply_by(&mut roster, by, made, 3);
    }
    same(&roster);
    let made_by = |id: &str| roster.member(id).unwrap().token.as_ref().unwrap().by.clone();
    assert_eq!((made_by("a-token"), made_by("z-token")), (Some("old".into()), None));
}

/// However much somebody may: a record has a bound, and a log that cannot be compacted only grows.
#[test]
fn the_records_of_a_snapshot_are_small() {
    let mut roster = invited();
    come(&mut roster, "key", 1);
    for session in 1..10_000 {
        let session = Some(Ulid(u128::MAX - session));
        let own = roster.grant(Role::Owner, "key", session, Some(Level::Own)).unwrap();
        roster.apply(&Entry { author: Author::server(2), change: own });
    }
    let largest = roster.snapshot().iter().map(|entry| entry.encode().unwrap().1.len()).max();
    assert!(largest < Some(1000), "{largest:?}");
}

#[test]
fn an_entry_of_a_later_version_is_passed_over_and_a_broken_one_is_told() {
    let mut roster = invited();
    let before = roster.clone();
    let later = Entry::decode(999, b"anything").unwrap();
    assert_eq!(roster.apply(&later), None);
    assert_eq!(roster, before);
    let change = before.revoke(Role::Owner, "i-1").unwrap().remove(0);
    let entry = Entry { author: Author::server(1), change };
    let (kind, bytes) = entry.encode().unwrap();
    for cut in 0..bytes.len() {
        assert!(Entry::decode(kind, &bytes[..cut]).is_err(), "cut at {cut}");
    }
    assert!(Entry::decode(kind, &[bytes.as_slice(), &[0]].concat()).is_err());
}
