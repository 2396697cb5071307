//! What is noted is in the files, or it is told how much is not; and when it is signed.

use std::future::ready;
use std::pin::pin;

use ccc_journal::{Durability, RecordLog};

use super::*;

struct World {
    _home: tempfile::TempDir,
    state: StateDir,
    identity: Identity,
}

impl World {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let state = StateDir::open(&home.path().join("state")).unwrap();
        Self { _home: home, state, identity: Identity::ephemeral() }
    }

    fn open(&self) -> (Audit, Writer) {
        Audit::open(&self.state, &self.identity, &[self.identity.public()]).unwrap()
    }

    fn records(&self) -> Vec<AuditRecord> {
        let mut all = Vec::new();
        let each = |record| {
            all.push(record);
            true
        };
        read(&self.state.audit(), 0, each).unwrap();
        all
    }
}

fn one(what: &'static str) -> Note {
    Note { what, ..Note::default() }
}

/// What waits to be written.
fn waiting(writer: &mut Writer) -> Vec<Note> {
    let orders = std::iter::from_fn(|| writer.orders.try_recv().ok());
    let note = |order| match order {
        Order::Note(note) => Some(note),
        Order::Tell(_) => None,
    };
    orders.filter_map(note).collect()
}

/// Writes entries as [`Writer::run`] does.
fn write(writer: &mut Writer, count: u64) {
    for _ in 0..count {
        writer.append(one("thing"));
        if writer.unsigned >= UNSIGNED_ENTRIES {
            writer.sign();
        }
    }
}

#[test]
fn a_signature_is_due_a_second_after_the_oldest_entry_that_has_none() {
    let world = World::new();
    let (_audit, mut writer) = world.open();
    assert_eq!(writer.due, None);
    writer.append(one("first"));
    let due = writer.due;
    assert!(due.is_some_and(|due| due <= Instant::now() + UNSIGNED));
    writer.append(one("second"));
    assert_eq!(writer.due, due, "it was put off");
    writer.sign();
    assert_eq!((writer.due, writer.unsigned), (None, 0));
}

#[test]
fn what_a_former_life_left_without_a_signature_is_signed_at_once() {
    let world = World::new();
    write(&mut world.open().1, UNSIGNED_ENTRIES + 10);
    let (_audit, mut writer) = world.open();
    assert_eq!(writer.unsigned, 10);
    assert!(writer.due.is_some_and(|due| due <= Instant::now()));
    assert_eq!(waiting(&mut writer).len(), 0, "nothing is wrong with that");
    writer.sign();
    assert_eq!(world.open().1.unsigned, 0);
}

#[test]
fn who_takes_the_signatures_out_is_told_of() {
    let world = World::new();
    write(&mut world.open().1, 200);
    let records = world.records();
    let path = world.state.audit().join(format!("{:016x}.log", 1));
    std::fs::remove_file(&path).unwrap();
    let (mut log, _) = RecordLog::open(&path, files::KIND).unwrap();
    for record in records.iter().filter(|record| record.kind == AuditRecord::ENTRY) {
        log.append(record.kind, &record.body, Durability::Later).unwrap();
    }
    drop(log);
    let (_audit, mut writer) = world.open();
    let told = waiting(&mut writer);
    let told: Vec<_> = told.iter().map(|note| (note.what, note.detail.as_str())).collect();
    assert_eq!(told, [("unsigned", "entries 1 to 200 were not signed")]);
}

#[test]
fn what_finds_no_room_is_told_of_once_there_is_some() {
    let world = World::new();
    let (audit, mut writer) = world.open();
    waiting(&mut writer);
    for _ in 0..WAITING + 5 {
        audit.note(one("thing"));
    }
    assert_eq!(waiting(&mut writer).len(), WAITING);
    audit.note(one("next"));
    let told = waiting(&mut writer);
    let told: Vec<_> = told.iter().map(|note| (note.what, note.detail.as_str())).collect();
    let lost = "5 entries were lost: the disk did not take them in time";
    assert_eq!(told, [("left-out", lost), ("next", "")]);
}

#[tokio::test]
async fn what_must_not_be_missing_waits_for_room() {
    let world = World::new();
    let (audit, mut writer) = world.open();
    waiting(&mut writer);
    for _ in 0..WAITING {
        audit.note(one("thing"));
    }
    let mut surely = pin!(audit.note_surely(one("revoke")));
    tokio::select! {
        biased;
        () = &mut surely => panic!("there was no room"),
        () = ready(()) => {}
    }
    writer.orders.recv().await.unwrap();
    surely.await;
    assert_eq!(waiting(&mut writer).last().unwrap().what, "revoke");
}

/// Whoever read the audit right behind a decision could miss it while the disk was slow.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_for_the_files_finds_in_them_what_was_noted_before() {
    let world = World::new();
    let (audit, writer) = world.open();
    for _ in 0..100 {
        audit.note(one("thing"));
    }
    let mut written = pin!(audit.written());
    tokio::select! {
        biased;
        () = &mut written => panic!("nobody writes yet"),
        () = ready(()) => {}
    }
    let token = CancellationToken::new();
    let writing = tokio::spawn(writer.run(token.clone()));
    written.await;
    let records = world.records();
    let entries = records.iter().filter(|record| record.kind == AuditRecord::ENTRY);
    assert_eq!(entries.count(), 101, "with the one that begins it");
    token.cancel();
    writing.await.unwrap();
    // Where nobody writes any more, nobody is waited for.
    audit.written().await;
}

#[test]
fn a_flood_of_one_leaves_room_for_others() {
    let world = World::new();
    let (audit, mut writer) = world.open();
    waiting(&mut writer);
    let by = |principal: &str| Note { principal: principal.into(), ..one("attach") }.paced();
    for _ in 0..10_000 {
        audit.note(by("viewer"));
        audit.note(one("connect").denied());
    }
    audit.note(by("other"));
    audit.note(Note { principal: "viewer".into(), ..one("revoke") });
    let told = waiting(&mut writer);
    assert!(told.len() < WAITING, "{} entries", told.len());
    let last: Vec<_> = told.iter().rev().take(2).map(|note| note.what).collect();
    assert_eq!(last, ["revoke", "attach"]);
}
