//! What is bad in one place is told, and hides nothing else.

use std::fs;

use ccc_proto::AuditEntry;

use super::*;

/// The length of a file's header, and of what stands before a record's body.
const HEADER: usize = 16;
const HEAD: usize = 10;

struct World {
    _home: tempfile::TempDir,
    state: StateDir,
}

impl World {
    /// Two files of three entries each, without signatures.
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let state = StateDir::open(&home.path().join("state")).unwrap();
        dir::create_private(&state.audit()).unwrap();
        let mut head = vec![0; 32];
        for first in [1, 4] {
            let (mut log, _) = RecordLog::open(&named(&state.audit(), first), KIND).unwrap();
            for seq in first..first + 3 {
                let entry = AuditEntry { seq, before: head, ..AuditEntry::default() };
                let record = entry.record();
                head = hash(&record);
                log.append(record.kind, &record.body, Durability::Later).unwrap();
            }
        }
        Self { _home: home, state }
    }

    /// Turns a bit in the body of a file's first record.
    fn damage(&self, first: u64) {
        let path = named(&self.state.audit(), first);
        let mut bytes = fs::read(&path).unwrap();
        bytes[HEADER + HEAD + 5] ^= 1;
        fs::write(path, bytes).unwrap();
    }

    /// The numbers of the entries; 0 for what does not read.
    fn read(&self, after: u64) -> Vec<u64> {
        let mut all = Vec::new();
        let each = |record: AuditRecord| {
            all.push(record.entry().map_or(0, |entry| entry.unwrap().seq));
            true
        };
        read(&self.state.audit(), after, each).unwrap();
        all
    }
}

#[test]
fn one_bad_bit_hides_one_entry() {
    let world = World::new();
    assert_eq!(world.read(0), [1, 2, 3, 4, 5, 6]);
    assert_eq!(world.read(4), [5, 6]);
    world.damage(1);
    assert_eq!(world.read(0), [0, 2, 3, 4, 5, 6]);
}

#[test]
fn a_file_that_is_deleted_meanwhile_is_passed_over() {
    let world = World::new();
    let path = named(&world.state.audit(), 1);
    fs::remove_file(&path).unwrap();
    assert!(read_file(&path, &mut |_| panic!("it is gone")).unwrap());
}

#[test]
fn numbers_go_on_behind_what_is_left_of_a_file_that_was_damaged() {
    let world = World::new();
    world.damage(4);
    let opened = Files::open(&world.state, &[]).unwrap();
    assert!(opened.set_aside.is_some());
    assert_eq!(opened.last.map(|(seq, _)| seq), Some(3));
    assert_eq!(opened.unsigned, 3);
}
