//! Times of recordings written by the real writer.

use ccc_journal::{EventWriter, GapReason, JournalWriter};
use tempfile::TempDir;

use super::*;

const MS: u64 = 1_000_000;

fn boot(first: u8) -> BootId {
    let mut id = [0; 16];
    id[0] = first;
    BootId(id)
}

/// A recording of `bytes` bytes with these events.
fn recording(bytes: usize, events: &[Event]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = JournalWriter::open(dir.path(), ccc_journal::ROTATE_BYTES).unwrap();
    journal.append(&vec![b'x'; bytes]).unwrap();
    let (mut writer, _) = EventWriter::open(dir.path()).unwrap();
    for event in events {
        writer.append(event).unwrap();
    }
    dir
}

fn started(mono_ms: u64, wall_ms: u64, of: BootId, offset: u64) -> Event {
    Event::Started {
        offset: Offset(offset),
        wall_ns: wall_ms * MS,
        mono_ns: mono_ms * MS,
        boot_id: of,
    }
}

fn time(offset: u64, mono_ms: u64) -> Event {
    Event::Time { offset: Offset(offset), mono_ns: mono_ms * MS }
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[test]
fn bytes_have_come_by_the_time_of_the_point_before_them() {
    let dir = recording(
        300,
        &[
            started(1000, 500_000, boot(1), 0),
            time(0, 1010),
            time(100, 1200),
            time(250, 5000),
            Event::Exit { offset: Offset(300), status: ExitStatus::Code(2), mono_ns: 6000 * MS },
        ],
    );
    let line = Timeline::read(dir.path()).unwrap();
    assert_eq!(line.began_unix_ms(), 500_000);
    assert_eq!(line.end(), Point { offset: Offset(300), at: ms(5000) });
    let by = |at| line.offset_at(ms(at)).0;
    assert_eq!([by(0), by(9), by(10), by(199), by(200), by(3999)], [0, 0, 100, 100, 250, 250]);
    assert_eq!([by(4000), by(5000), by(99_999)], [300, 300, 300]);
    let at = |offset| line.time_at(Offset(offset)).as_millis();
    assert_eq!(
        [at(0), at(1), at(100), at(101), at(250), at(251), at(300)],
        [0, 10, 10, 200, 200, 4000, 4000]
    );
    assert_eq!(line.next_after(ms(200)), Some(ms(4000)));
    assert_eq!(line.next_after(ms(5000)), None);
    assert_eq!(line.last_before(ms(4000)), ms(200));
    assert_eq!(line.last_before(ms(0)), ms(0));
    let ended = Moment {
        point: Point { offset: Offset(300), at: ms(5000) },
        what: What::Ended(ExitStatus::Code(2)),
    };
    assert_eq!(line.moments().last(), Some(&ended));
}

/// The clock of another boot begins anew, maybe behind the one before.
#[test]
fn a_reboot_takes_no_time_and_turns_none_back() {
    let dir = recording(
        30,
        &[
            started(9000, 1000, boot(1), 0),
            time(10, 9500),
            Event::Adopted { offset: Offset(10), mono_ns: 20 * MS, boot_id: boot(2) },
            started(20, 99_000, boot(2), 10),
            time(20, 70),
            Event::Gap(Gap { from: Offset(20), to: Offset(25), reason: GapReason::Crash }),
        ],
    );
    let line = Timeline::read(dir.path()).unwrap();
    assert_eq!(line.end(), Point { offset: Offset(30), at: ms(550) });
    assert_eq!(line.offset_at(ms(500)), Offset(20));
    let kinds = line.moments().iter().map(|moment| moment.point.at.as_millis()).collect::<Vec<_>>();
    assert_eq!(kinds, [0, 500, 550]);
}

#[test]
fn many_points_are_thinned_evenly() {
    let events = (0..400_000).map(|n| time(n, n * 10)).collect::<Vec<_>>();
    let dir = recording(400_000, &[&[started(0, 0, boot(1), 0)], events.as_slice()].concat());
    let line = Timeline::read(dir.path()).unwrap();
    assert!(line.points().len() < POINTS, "{}", line.points().len());
    for at in [0_u64, 77_777, 1_999_990, 3_999_990] {
        let offset = line.offset_at(ms(at)).0;
        assert!(offset.abs_diff(at / 10) <= 9, "{at} ms: {offset}");
    }
    assert!(line.points().is_sorted_by_key(|point| (point.at, point.offset)));
}

#[test]
fn a_recording_without_events_has_bytes_and_no_time() {
    let dir = recording(7, &[]);
    std::fs::remove_file(dir.path().join(ccc_journal::EVENTS_FILE)).unwrap();
    let line = Timeline::read(dir.path()).unwrap();
    assert_eq!(line.end(), Point { offset: Offset(7), at: Duration::ZERO });
    assert_eq!(line.offset_at(Duration::ZERO), Offset(7));
}
