//! Events there and back, as documented bytes, damaged, and tailed.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::body::{Decoded, decode, encode};
use super::*;
use crate::error::Error;
use crate::record::{FileKind, HEADER_BYTES, encode as frame};

const BOOT: BootId = BootId(*b"0123456789abcdef");

fn one_of_each() -> Vec<Event> {
    let offset = Offset(0x0102);
    vec![
        Event::Started { offset: Offset::ZERO, wall_ns: 3, mono_ns: 4, boot_id: BOOT },
        Event::Time { offset, mono_ns: 5 },
        Event::Resize { offset, size: Size { cols: 80, rows: 24 } },
        Event::Exit { offset, status: ExitStatus::Code(-1), mono_ns: 6 },
        Event::Exit { offset, status: ExitStatus::Signal(9), mono_ns: 6 },
        Event::Exit { offset, status: ExitStatus::Unknown, mono_ns: 6 },
        Event::Gap(Gap { from: offset, to: Offset(0x0203), reason: GapReason::DiskFull }),
        Event::Adopted { offset, mono_ns: 7, boot_id: BOOT },
        Event::CellPixels { offset, cell: CellPixels { width: 9, height: 0x0112 } },
    ]
}

fn file_of(events: &[Event]) -> Vec<u8> {
    let mut bytes = FileKind::EVENTS.header().to_vec();
    for event in events {
        let mut body = Vec::new();
        let kind = encode(event, &mut body);
        frame(bytes.len() as u64, kind, &body, &mut bytes).unwrap();
    }
    bytes
}

/// Events up to the first `None` or error; whether it was an error.
fn prefix(bytes: Vec<u8>) -> (Vec<Event>, bool) {
    let mut reader = EventReader::new(bytes, Path::new("memory"));
    let mut events = Vec::new();
    loop {
        match reader.next_event() {
            Ok(Some(event)) => events.push(event),
            Ok(None) => return (events, false),
            Err(_) => return (events, true),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn the_bodies_are_the_documented_ones() {
    // Also in proto/journal.md; a change here is a new kind.
    let boot = "30313233343536373839616263646566";
    let expected = [
        (1, format!("000000000000000003000000000000000400000000000000{boot}")),
        (2, "02010000000000000500000000000000".to_owned()),
        (3, "020100000000000050001800".to_owned()),
        (4, "02010000000000000600000000000000ffffffff00".to_owned()),
        (4, "020100000000000006000000000000000900000001".to_owned()),
        (4, "020100000000000006000000000000000000000002".to_owned()),
        (5, "0201000000000000030200000000000003".to_owned()),
        (6, format!("02010000000000000700000000000000{boot}")),
        (7, "020100000000000009001201".to_owned()),
    ];
    for (event, expected) in one_of_each().iter().zip(expected) {
        let mut body = Vec::new();
        let kind = encode(event, &mut body);
        assert_eq!((kind, hex(&body)), expected, "{event:?}");
    }
}

#[test]
fn a_longer_body_is_read_and_a_shorter_one_is_not() {
    for event in one_of_each() {
        let mut body = Vec::new();
        let kind = encode(&event, &mut body);
        for len in 0..body.len() {
            assert_eq!(decode(kind, &body[..len]), Decoded::Short, "{event:?} cut at {len}");
        }
        body.extend_from_slice(b"of a later release");
        assert_eq!(decode(kind, &body), Decoded::Event(event));
    }
}

#[test]
fn numbers_of_later_releases_have_a_meaning_here() {
    let exit = b"\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02\0\0\0\x63";
    let Decoded::Event(Event::Exit { status, .. }) = decode(4, exit) else { panic!() };
    assert_eq!(status, ExitStatus::Unknown);
    let gap = b"\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\x63";
    let Decoded::Event(Event::Gap(gap)) = decode(5, gap) else { panic!() };
    assert_eq!(gap.reason, GapReason::Unknown);
}

#[test]
fn a_kind_of_a_later_release_is_stepped_over() {
    let mut bytes = file_of(&one_of_each()[..1]);
    frame(bytes.len() as u64, 999, b"from the future", &mut bytes).unwrap();
    let mut body = Vec::new();
    let last = Event::Time { offset: Offset(9), mono_ns: 9 };
    let kind = encode(&last, &mut body);
    frame(bytes.len() as u64, kind, &body, &mut bytes).unwrap();
    assert_eq!(prefix(bytes), (vec![one_of_each()[0], last], false));
}

#[test]
fn a_short_body_is_damage_and_stays_damage() {
    let mut bytes = file_of(&one_of_each()[..1]);
    let at = bytes.len() as u64;
    frame(at, 2, b"short", &mut bytes).unwrap();
    let mut reader = EventReader::new(bytes, Path::new("memory"));
    assert!(reader.next_event().unwrap().is_some());
    for _ in 0..2 {
        let Err(Error::Damaged(damage)) = reader.next_event() else { panic!() };
        assert_eq!(damage.from.0, at);
    }
    assert!(!reader.skip_damage().unwrap());
}

#[test]
fn cut_anywhere_the_whole_events_are_served() {
    let events = one_of_each();
    let bytes = file_of(&events);
    for cut in 0..=bytes.len() {
        let (found, error) = prefix(bytes[..cut].to_vec());
        assert!(events.starts_with(&found) && !error, "cut at {cut}");
        let whole = (0..=events.len()).rfind(|n| file_of(&events[..*n]).len() <= cut);
        assert_eq!(found.len(), whole.unwrap_or(0), "cut at {cut}");
    }
}

#[test]
fn no_flipped_bit_gives_a_wrong_event() {
    let events = one_of_each();
    let bytes = file_of(&events);
    for bit in 0..bytes.len() * 8 {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        let (found, _) = prefix(damaged);
        assert!(events.starts_with(&found) && found.len() < events.len(), "bit {bit}");
    }
}

#[test]
fn the_writer_goes_on_where_its_predecessor_was_cut_short() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, recovered) = EventWriter::open(dir.path()).unwrap();
    assert!(recovered.created);
    let mut reader = EventReader::open(dir.path()).unwrap();
    let events = one_of_each();
    for event in &events[..4] {
        let position = reader.position();
        assert_eq!(writer.append(event).unwrap(), position);
        assert_eq!(reader.next_event().unwrap(), Some(*event));
        assert_eq!(reader.next_event().unwrap(), None);
    }
    drop(writer);
    let path = dir.path().join(EVENTS_FILE);
    let mut bytes = fs::read(&path).unwrap();
    bytes.truncate(bytes.len() - 2);
    fs::write(&path, bytes).unwrap();

    let (mut writer, recovered) = EventWriter::open(dir.path()).unwrap();
    assert!(recovered.cut.is_some() && recovered.damage.is_empty());
    writer.append(&events[7]).unwrap();
    writer.sync().unwrap();
    let (found, _) = prefix(fs::read(&path).unwrap());
    assert_eq!(found, [events[0], events[1], events[2], events[7]]);
}

#[test]
fn a_position_leads_back_to_its_event() {
    let events = one_of_each();
    let mut reader = EventReader::new(file_of(&events), Path::new("memory"));
    let mut places = Vec::new();
    loop {
        let position = reader.position();
        let Some(event) = reader.next_event().unwrap() else { break };
        places.push((position, event));
    }
    assert_eq!(places[0].0.0, HEADER_BYTES as u64);
    for (position, event) in places.into_iter().rev() {
        reader.seek(position);
        assert_eq!(reader.next_event().unwrap(), Some(event));
    }
}

#[test]
fn a_reader_on_another_thread_sees_every_event_once() {
    const COUNT: u64 = 5_000;
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, _) = EventWriter::open(dir.path()).unwrap();
    let mut reader = EventReader::open(dir.path()).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for n in 0..COUNT {
                writer.append(&Event::Time { offset: Offset(n), mono_ns: n * 7 }).unwrap();
            }
        });
        let mut seen = 0;
        while seen < COUNT {
            if let Some(event) = reader.next_event().unwrap() {
                assert_eq!(event, Event::Time { offset: Offset(seen), mono_ns: seen * 7 });
                seen += 1;
            }
        }
    });
}

fn any_event() -> impl Strategy<Value = Event> {
    let offset = || any::<u64>().prop_map(Offset);
    let boot = || any::<[u8; 16]>().prop_map(BootId);
    let status = prop_oneof![
        any::<i32>().prop_map(ExitStatus::Code),
        any::<i32>().prop_map(ExitStatus::Signal),
        Just(ExitStatus::Unknown),
    ];
    let reason = prop_oneof![
        Just(GapReason::Unknown),
        Just(GapReason::Budget),
        Just(GapReason::Forget),
        Just(GapReason::DiskFull),
        Just(GapReason::Crash),
    ];
    prop_oneof![
        (offset(), any::<u64>(), any::<u64>(), boot()).prop_map(
            |(offset, wall_ns, mono_ns, boot_id)| {
                Event::Started { offset, wall_ns, mono_ns, boot_id }
            }
        ),
        (offset(), any::<u64>()).prop_map(|(offset, mono_ns)| Event::Time { offset, mono_ns }),
        (offset(), any::<u16>(), any::<u16>())
            .prop_map(|(offset, cols, rows)| Event::Resize { offset, size: Size { cols, rows } }),
        (offset(), status, any::<u64>()).prop_map(|(offset, status, mono_ns)| Event::Exit {
            offset,
            status,
            mono_ns
        }),
        (offset(), offset(), reason).prop_map(|(from, to, reason)| Event::Gap(Gap {
            from,
            to,
            reason
        })),
        (offset(), any::<u64>(), boot()).prop_map(|(offset, mono_ns, boot_id)| Event::Adopted {
            offset,
            mono_ns,
            boot_id
        }),
        (offset(), any::<u16>(), any::<u16>()).prop_map(|(offset, width, height)| {
            Event::CellPixels { offset, cell: CellPixels { width, height } }
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_event_comes_back_as_it_was(events in proptest::collection::vec(any_event(), 0..20)) {
        prop_assert_eq!(prefix(file_of(&events)), (events, false));
    }

    #[test]
    fn any_body_is_decoded_without_a_panic(kind in 0_u16..10, body: Vec<u8>) {
        let known = (1..=7).contains(&kind);
        prop_assert_eq!(decode(kind, &body) != Decoded::Unknown, known);
    }
}
