//! The roster on the disk: what was acknowledged stays, whatever becomes of the end of the file.

use std::fs;

use ccc_proto::InviteKind;

use super::*;
use crate::core::authorize::{Level, Role};
use crate::core::roster::{Change, Coming, Terms};

const HOUR: u64 = 3_600_000;

struct World {
    _home: tempfile::TempDir,
    state: StateDir,
}

impl World {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let state = StateDir::open(&home.path().join("state")).unwrap();
        Self { _home: home, state }
    }

    fn open(&self, sessions: &[Ulid]) -> (RosterLog, Roster) {
        open(&self.state, &sessions.iter().copied().collect()).unwrap()
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(self.path()).unwrap()
    }

    fn path(&self) -> std::path::PathBuf {
        self.state.identity().join("principals.log")
    }

    fn note(&self) -> std::path::PathBuf {
        self.state.identity().join("principals.acknowledged")
    }
}

fn write(log: &mut RosterLog, roster: &mut Roster, changes: Vec<Change>) {
    let author = Author::server(1);
    let entries = changes.into_iter().map(|change| Entry { author: author.clone(), change });
    let entries: Vec<_> = entries.collect();
    let records: Vec<_> = entries.iter().map(|entry| entry.encode().unwrap()).collect();
    log.append(&records).unwrap();
    entries.iter().for_each(|entry| drop(roster.apply(entry)));
}

/// Enrols a key as an admin.
fn enrol(log: &mut RosterLog, roster: &mut Roster, key: &str) {
    let terms = Terms {
        role: Role::Admin,
        name: key.into(),
        all_sessions: false,
        grants: Vec::new(),
        expires_unix_ms: HOUR,
    };
    let hash = key.as_bytes().to_vec();
    let made = roster.invite(key, InviteKind::LINK, hash.clone(), &terms, 0).unwrap();
    write(log, roster, vec![made]);
    let Coming::New(changes) = roster.come(key, &hash, key, 1) else { panic!("not enrolled") };
    write(log, roster, changes);
}

/// Whatever bit of the file is turned after a revocation, the revoked key does not come back.
#[test]
fn a_revocation_that_was_acknowledged_is_never_taken_for_a_torn_end() {
    let world = World::new();
    let (mut log, mut roster) = world.open(&[]);
    enrol(&mut log, &mut roster, "thief");
    enrol(&mut log, &mut roster, "friend");
    let before = world.bytes().len();
    let revoked = roster.revoke(Role::Owner, "thief").unwrap();
    write(&mut log, &mut roster, revoked);
    let whole = world.bytes();
    for at in before..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        fs::write(world.path(), bytes).unwrap();
        let (_, found) = world.open(&[]);
        assert!(found.member("thief").is_none(), "byte {at} of {}", whole.len());
        for aside in fs::read_dir(world.state.identity()).unwrap().flatten() {
            if aside.path() != world.path() && aside.path() != world.note() {
                fs::remove_file(aside.path()).unwrap();
            }
        }
    }
    fs::write(world.path(), &whole).unwrap();
    let (_, found) = world.open(&[]);
    assert!(found.member("friend").is_some());
}

/// Whatever of the end is missing after a revocation, the revoked key does not come back.
#[test]
fn an_end_that_was_acknowledged_and_is_missing_lets_nobody_in_but_the_owner() {
    let world = World::new();
    let (mut log, mut roster) = world.open(&[]);
    enrol(&mut log, &mut roster, "thief");
    enrol(&mut log, &mut roster, "friend");
    let before = world.bytes().len();
    let revoked = roster.revoke(Role::Owner, "thief").unwrap();
    write(&mut log, &mut roster, revoked);
    drop(log);
    let (whole, note) = (world.bytes(), fs::read(world.note()).unwrap());
    for keeps in before..whole.len() {
        // The same file, as a disk leaves it; zeros are what some leave.
        let zeros = [&whole[..keeps], &vec![0; whole.len() - keeps]].concat();
        for left in [&whole[..keeps], &zeros] {
            let file = fs::OpenOptions::new().write(true).truncate(true).open(world.path());
            std::io::Write::write_all(&mut file.unwrap(), left).unwrap();
            renumber(&world, &note);
            let (_, found) = world.open(&[]);
            assert!(found.member("thief").is_none(), "{keeps} of {}", whole.len());
            // Nor the next time.
            assert_eq!(world.open(&[]).1, found);
        }
    }
    fs::write(world.path(), &whole).unwrap();
    renumber(&world, &note);
    assert!(world.open(&[]).1.member("friend").is_some());
}

/// Puts a note of a length back, for the file that is there now.
fn renumber(world: &World, note: &[u8]) {
    use std::os::unix::fs::MetadataExt as _;
    let note = String::from_utf8(note.to_vec()).unwrap();
    let (_, bytes) = note.trim_end().split_once(' ').unwrap();
    let number = fs::metadata(world.path()).unwrap().ino();
    fs::write(world.note(), format!("{number} {bytes}\n")).unwrap();
}

/// A change that nobody heard of may be torn off, and a log that was written anew is as long as it is.
#[test]
fn a_torn_end_and_another_file_are_no_loss() {
    let world = World::new();
    let (mut log, mut roster) = world.open(&[]);
    enrol(&mut log, &mut roster, "friend");
    let torn = [world.bytes(), b"some".to_vec()].concat();
    let shorter = log.records.size() - 1;
    fs::write(world.path(), &torn).unwrap();
    assert!(world.open(&[]).1.member("friend").is_some());
    // As by a server that knows nothing of notes: a new file, shorter than the note says.
    let copy = world.path().with_extension("copy");
    fs::write(&copy, world.bytes()).unwrap();
    log.acknowledged.note(shorter * 2);
    fs::rename(&copy, world.path()).unwrap();
    assert!(world.open(&[]).1.member("friend").is_some());
}

/// As a limited operator makes and is refused sessions.
#[test]
fn rights_without_end_do_not_keep_the_server_from_starting() {
    let world = World::new();
    let (mut log, mut roster) = world.open(&[]);
    enrol(&mut log, &mut roster, "busy");
    let mut changes = Vec::new();
    for session in 1..=12_000 {
        let session = Some(Ulid(u128::MAX - session));
        changes.push(roster.grant(Role::Owner, "busy", session, Some(Level::Own)).unwrap());
    }
    write(&mut log, &mut roster, changes);
    drop(log);
    let before = world.bytes().len();
    assert!(before as u64 > COMPACT_BYTES);
    let stays = Ulid(u128::MAX - 7);
    let (_, found) = world.open(&[stays]);
    let grants = &found.member("busy").unwrap().principal.grants;
    assert_eq!(grants.keys().collect::<Vec<_>>(), [&stays]);
    assert!(world.bytes().len() < 10_000);
    // Also where all of those sessions are there.
    let (mut log, mut roster) = world.open(&[stays]);
    let mut all = vec![stays];
    let mut changes = Vec::new();
    for session in 1..=12_000 {
        all.push(Ulid(session));
        let session = Some(Ulid(session));
        changes.push(roster.grant(Role::Owner, "busy", session, Some(Level::Own)).unwrap());
    }
    write(&mut log, &mut roster, changes);
    drop(log);
    let (_, found) = world.open(&all);
    assert_eq!(found, world.open(&all).1);
    assert_eq!(found.member("busy").unwrap().principal.grants.len(), all.len());
}
