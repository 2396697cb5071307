//! A cut of the power, made by hand: files that end too early, and one that never came.

use super::*;
use crate::event::EventReader;
use crate::files::journal_file_name;
use crate::units::Offset;
use crate::verify::verify;
use crate::{BootId, EVENTS_FILE};

#[test]
fn what_did_not_reach_the_disk_is_a_gap_and_the_rest_is_sound() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    for first in [0, 10, 20, 30] {
        std::fs::write(dir.join(journal_file_name(Offset(first))), [b'x'; 10]).unwrap();
    }
    let (mut events, _) = EventWriter::open(dir).unwrap();
    let boot_id = BootId::UNKNOWN;
    events.append(&Event::Started { offset: Offset(0), wall_ns: 1, mono_ns: 1, boot_id }).unwrap();
    events.append(&Event::Time { offset: Offset(39), mono_ns: 2 }).unwrap();
    drop(events);
    assert!(verify(dir).unwrap().faults.is_empty());
    // The power goes: the second file is empty, the third ends in zeros, the last is not there, and the end of the
    // events is zeros.
    std::fs::write(dir.join(journal_file_name(Offset(10))), b"").unwrap();
    std::fs::write(dir.join(journal_file_name(Offset(20))), b"xxxxxx\0\0\0\0").unwrap();
    std::fs::remove_file(dir.join(journal_file_name(Offset(30)))).unwrap();
    let path = dir.join(EVENTS_FILE);
    let torn = [std::fs::read(&path).unwrap(), vec![0; 100]].concat();
    std::fs::write(&path, torn).unwrap();
    let faults = verify(dir).unwrap().faults;
    assert_eq!(
        faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "torn: its last 100 bytes are no record",
            "tells of byte 39, behind the end of the recording",
            "the bytes from 10 to 20 are missing",
        ]
    );

    let gap = |from, to| Gap { from: Offset(from), to: Offset(to), reason: GapReason::Crash };
    assert_eq!(settle(dir).unwrap(), [gap(10, 20), gap(26, 39)]);
    let faults = verify(dir).unwrap().faults;
    assert!(faults.is_empty(), "{faults:?}");
    assert!(settle(dir).unwrap().is_empty());
    let mut events = EventReader::open(dir).unwrap();
    let mut count = 0;
    while events.next_event().unwrap().is_some() {
        count += 1;
    }
    assert_eq!(count, 4);
}

#[test]
fn zeros_that_a_program_printed_in_this_boot_are_its_own() {
    let settled = |boot_id| {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(journal_file_name(Offset(0)));
        std::fs::write(&path, b"xx\0\0").unwrap();
        let (mut events, _) = EventWriter::open(dir.path()).unwrap();
        let offset = Offset(0);
        events.append(&Event::Started { offset, wall_ns: 1, mono_ns: 1, boot_id }).unwrap();
        settle(dir.path()).unwrap();
        std::fs::read(&path).unwrap()
    };
    let here = BootId::current();
    assert_ne!(here, BootId::UNKNOWN);
    assert_eq!(settled(here), b"xx\0\0");
    assert_eq!(settled(BootId([7; 16])), b"xx");
    assert_eq!(settled(BootId::UNKNOWN), b"xx");
}
