//! Everything that somebody might do to an audit is named.

use ccc_net::Identity;
use ccc_proto::AuditCheckpoint;

use super::*;

fn entry(seq: u64, before: Vec<u8>) -> AuditEntry {
    AuditEntry { seq, before, what: format!("thing-{seq}"), ..AuditEntry::default() }
}

fn hash(record: &AuditRecord) -> Vec<u8> {
    Sha256::digest([AUDIT_ENTRY, &record.body].concat()).to_vec()
}

fn sign(server: &Identity, seq: u64, head: Vec<u8>) -> AuditRecord {
    let key = server.public().spki().to_vec();
    let mut point = AuditCheckpoint { seq, head, key, ..AuditCheckpoint::default() };
    point.signature = server.sign(&point.signed()).unwrap();
    point.record()
}

/// Six entries with a signature after each second one.
fn whole(server: &Identity) -> Vec<AuditRecord> {
    let (mut all, mut head) = (Vec::new(), vec![0; 32]);
    for seq in 1..=6 {
        let record = entry(seq, head).record();
        head = hash(&record);
        all.push(record);
        if seq % 2 == 0 {
            all.push(sign(server, seq, head.clone()));
        }
    }
    all
}

fn faults(records: &[AuditRecord], server: &Identity, seen: Option<&SeenHead>) -> Vec<String> {
    check(records, &[server.id()], seen).faults
}

#[test]
fn a_chain_that_is_whole_has_no_fault_also_without_its_beginning() {
    let server = Identity::ephemeral();
    let all = whole(&server);
    let audited = check(&all, &[server.id()], None);
    assert_eq!((audited.faults.as_slice(), audited.signed), (&[][..], 6));
    assert_eq!(audited.entries.len(), 6);
    let seen = audited.head.clone().unwrap();
    assert_eq!(faults(&all, &server, Some(&seen)), [] as [&str; 0]);
    // The oldest file is deleted after a while, and what was seen then with it.
    assert_eq!(faults(&all[3..], &server, Some(&seen)), [] as [&str; 0]);
    let early = SeenHead { seq: 1, head: hash(&all[0]) };
    let audited = check(&all[3..], &[server.id()], Some(&early));
    assert_eq!((audited.faults.as_slice(), audited.untied), (&[][..], true));
    // What was seen is deleted, and the first entry that is kept follows it.
    let before = SeenHead { seq: 2, head: hash(&all[1]) };
    let audited = check(&all[3..], &[server.id()], Some(&before));
    assert_eq!((audited.faults.as_slice(), audited.untied), (&[][..], false));
}

/// The server's own key signs anything for whoever has it.
#[test]
fn a_history_that_begins_anew_behind_what_was_seen_does_not_follow_it() {
    let server = Identity::ephemeral();
    let all = whole(&server);
    let seen = SeenHead { seq: 2, head: vec![7; 32] };
    assert_eq!(
        faults(&all[3..], &server, Some(&seen)),
        ["entry 3 does not follow what this machine saw before"]
    );
}

#[test]
fn entries_that_were_not_signed_in_their_time_are_found() {
    let server = Identity::ephemeral();
    let (mut all, mut head) = (Vec::new(), vec![0; 32]);
    for seq in 1..=300 {
        let record = entry(seq, head).record();
        head = hash(&record);
        all.push(record);
        if seq % 60 == 0 {
            all.push(sign(&server, seq, head.clone()));
        }
    }
    assert_eq!(faults(&all, &server, None), [] as [&str; 0]);
    let is_entry = |record: &&AuditRecord| record.kind == AuditRecord::ENTRY;
    let unsigned: Vec<AuditRecord> = all.iter().filter(is_entry).cloned().collect();
    let why = ["entries 1 to 300 have no signature of their time"];
    assert_eq!(faults(&unsigned, &server, None), why);
    // One at the end makes it no better, such as a server adds when it starts with such files.
    let late = [unsigned, vec![all.last().unwrap().clone()]].concat();
    assert_eq!(faults(&late, &server, None), why);
}

#[test]
fn every_bit_that_is_turned_is_found() {
    let server = Identity::ephemeral();
    let all = whole(&server);
    for record in 0..all.len() {
        for bit in 0..all[record].body.len() * 8 {
            let mut changed = all.clone();
            changed[record].body[bit / 8] ^= 1 << (bit % 8);
            assert!(!faults(&changed, &server, None).is_empty(), "bit {bit} of record {record}");
        }
    }
}

#[test]
fn what_is_left_out_doubled_or_swapped_is_found() {
    let server = Identity::ephemeral();
    let all = whole(&server);
    let entries: Vec<usize> =
        (0..all.len()).filter(|at| all[*at].kind == AuditRecord::ENTRY).collect();
    for at in &entries[1..] {
        let mut without = all.clone();
        without.remove(*at);
        assert!(!faults(&without, &server, None).is_empty(), "without {at}");
        let mut doubled = all.clone();
        doubled.insert(*at, all[*at].clone());
        assert!(!faults(&doubled, &server, None).is_empty(), "{at} twice");
    }
    let mut swapped = all.clone();
    swapped.swap(0, 1);
    assert!(!faults(&swapped, &server, None).is_empty());
}

#[test]
fn who_has_the_files_but_not_the_key_cannot_write_them_anew() {
    let (server, thief) = (Identity::ephemeral(), Identity::ephemeral());
    let forged = whole(&thief);
    assert_eq!(faults(&forged, &server, None).len(), 3);
}

#[test]
fn a_tail_that_was_cut_and_a_history_that_was_written_anew_are_found_by_who_looked_before() {
    let server = Identity::ephemeral();
    let all = whole(&server);
    let seen = check(&all, &[server.id()], None).head.unwrap();
    let cut = &all[..3];
    assert_eq!(faults(cut, &server, None), [] as [&str; 0], "alone it cannot be seen");
    assert_eq!(faults(cut, &server, Some(&seen)), ["entries 3 to 6 were there and are missing"]);
    // With the server's own key, and other entries.
    let mut other = whole(&server);
    let first = AuditEntry { detail: "else".into(), ..entry(1, vec![0; 32]) }.record();
    let mut head = hash(&first);
    other[0] = first;
    for record in &mut other[1..] {
        if let Ok(Some(old)) = record.entry() {
            *record = entry(old.seq, head.clone()).record();
            head = hash(record);
        } else if let Ok(Some(point)) = record.checkpoint() {
            *record = sign(&server, point.seq, head.clone());
        }
    }
    assert_eq!(faults(&other, &server, None), [] as [&str; 0]);
    assert_eq!(
        faults(&other, &server, Some(&seen)),
        ["entry 6 is another than this machine saw before"]
    );
}

#[test]
fn what_was_seen_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::under(folder.path());
    dir::create_private(home.state()).unwrap();
    dir::create_private(&home.state().join("client")).unwrap();
    let id = Identity::ephemeral().id();
    assert_eq!(SeenHead::read(&home, &id).unwrap(), None);
    let seen = SeenHead { seq: 7, head: vec![1; 32] };
    seen.keep(&home, &id).unwrap();
    assert_eq!(SeenHead::read(&home, &id).unwrap(), Some(seen));
}
