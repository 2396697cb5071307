//! Whatever became of a change of keys, each key in the chain vouches for the next, up to the one in use.

use super::*;

fn state() -> (tempfile::TempDir, StateDir, Identity) {
    let home = tempfile::tempdir().unwrap();
    let state = StateDir::open(&home.path().join("state")).unwrap();
    let first = Identity::load_or_create(&path(&state)).unwrap();
    (home, state, first)
}

/// The keys of the chain, each of which must vouch for the one behind it.
fn keys(state: &StateDir) -> Vec<Vec<u8>> {
    let now = Identity::load_or_create(&path(state)).unwrap();
    let chain = chain(state, &now);
    let mut keys = vec![chain[0].old.clone()];
    for statement in &chain {
        assert_eq!(keys.last(), Some(&statement.old), "a key is missing");
        keys.push(statement.new.clone());
    }
    assert_eq!(keys.last().unwrap(), now.public().spki(), "it ends elsewhere");
    keys
}

#[test]
fn a_key_leads_to_the_next_and_so_on() {
    let (_home, state, first) = state();
    let second = replace(&state, &first, false).unwrap();
    let third = replace(&state, &second, false).unwrap();
    let spki = |one: &Identity| one.public().spki().to_vec();
    assert_eq!(keys(&state), [spki(&first), spki(&second), spki(&third)]);
    assert_eq!(all(&state, &third), [third.public(), first.public(), second.public()]);
}

#[test]
fn a_change_that_was_stopped_before_its_end_breaks_nothing() {
    let (_home, state, first) = state();
    let second = replace(&state, &first, false).unwrap();
    let before = fs::read(path(&state)).unwrap();
    replace(&state, &second, false).unwrap();
    // The statement is written, and the key is not in its place.
    fs::write(path(&state), before).unwrap();
    let spki = |one: &Identity| one.public().spki().to_vec();
    assert_eq!(keys(&state), [spki(&first), spki(&second)]);
    let third = replace(&state, &second, false).unwrap();
    assert_eq!(keys(&state), [spki(&first), spki(&second), spki(&third)]);
}

#[test]
fn two_changes_before_the_server_begins_again_are_one() {
    let (_home, state, first) = state();
    replace(&state, &first, false).unwrap();
    let second = replace(&state, &first, false).unwrap();
    let spki = |one: &Identity| one.public().spki().to_vec();
    assert_eq!(keys(&state), [spki(&first), spki(&second)]);
}
