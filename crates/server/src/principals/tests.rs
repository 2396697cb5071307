//! Seats: who gets one, and when it is taken away.

use ccc_net::memory;

use super::*;
use crate::core::roster::{Change, Enrolled, Entry, KeyAdded, KeyOver};

fn principals() -> (tempfile::TempDir, Principals) {
    let home = tempfile::tempdir().unwrap();
    let state = StateDir::open(&home.path().join("state")).unwrap();
    let principals = Principals::open(&state, &BTreeSet::new()).unwrap();
    (home, principals)
}

fn apply(principals: &Principals, change: impl Into<Change>) {
    let entry = Entry { author: Author::server(1), change: change.into() };
    principals.roster().apply(&entry);
}

fn enrolled(key: &str) -> Enrolled {
    Enrolled {
        principal: key.to_owned(),
        invite: String::new(),
        name: "guest".to_owned(),
        role: ccc_proto::WireRole::OPERATOR.0,
        all_sessions: true,
        grants: Vec::new(),
        ext: Ext::none(),
    }
}

#[test]
fn a_connection_ends_with_the_key_that_it_came_by() {
    let (_home, principals) = principals();
    let (client, server) = memory::pair();
    let key = server.peer().id();
    assert!(principals.sit(&server, key).is_none());
    apply(&principals, enrolled(&key.to_string()));
    let seat = principals.sit(&server, key).unwrap();
    principals.cut_changed(&BTreeSet::new());
    assert!(!seat.is_cut());
    // Another took its place, and its day is over.
    let (principal, new) = (key.to_string(), "new".to_owned());
    let added = KeyAdded { principal, key: new, others_until_unix_ms: 1, ext: Ext::none() };
    apply(&principals, added);
    assert_eq!(principals.roster().next_deadline(0), Some(1), "it is waited for");
    let stale = principals.roster().stale(2);
    assert!(matches!(&stale[..], [Change::KeyOver(KeyOver { .. })]), "{stale:?}");
    stale.into_iter().for_each(|change| apply(&principals, change));
    principals.cut_changed(&BTreeSet::new());
    assert!(seat.is_cut());
    let code = client.close_reason().and_then(|reason| reason.peer_code());
    assert_eq!(code, Some(CloseCode::AUTH_REVOKED));
    assert!(principals.sit(&server, key).is_none());
}
