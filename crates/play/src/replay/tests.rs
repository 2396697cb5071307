//! Going to a place is playing to it.

use ccc_journal::{BootId, CheckpointLog, Event, EventWriter, JournalWriter};
use proptest::prelude::*;

use super::*;

const SIZE: Size = Size { cols: 20, rows: 5 };

/// Output that leaves much behind: colours, scrolling, a cut sequence here and there, resizes.
fn recording() -> (tempfile::TempDir, u64) {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = JournalWriter::open(dir.path(), ccc_journal::ROTATE_BYTES).unwrap();
    let (mut events, _) = EventWriter::open(dir.path()).unwrap();
    let boot_id = BootId::UNKNOWN;
    events.append(&Event::Started { offset: Offset(0), wall_ns: 1, mono_ns: 1, boot_id }).unwrap();
    let (mut checkpoints, _) = CheckpointLog::open(dir.path()).unwrap();
    let mut live = Fold::open(dir.path(), Offset(0), SIZE, Limits::default()).unwrap();
    let mut buffer = vec![0; TURN_BYTES];
    let mut written = 0;
    for n in 0..600_u32 {
        let text =
            format!("\x1b[{}mline {n} 한글\x1b[{};{}H*\x1b[38;2;1;2", 31 + n % 7, n % 5, n % 20);
        let text = if n % 3 == 0 { text } else { format!("{text}m\r\n") };
        journal.append(text.as_bytes()).unwrap();
        written += text.len() as u64;
        if n % 50 == 49 {
            let size = ccc_journal::Size { cols: 10 + u16::try_from(n % 30).unwrap(), rows: 5 };
            events.append(&Event::Resize { offset: Offset(written), size }).unwrap();
        }
        if n % 100 == 99 {
            while live.fold.turn(&mut live.screen, &mut buffer).unwrap().more {}
            checkpoints.append(&live.fold.checkpoint(&live.screen), true).unwrap();
        }
    }
    (dir, written)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_moment_looks_the_same_however_it_was_reached(places in prop::collection::vec(0.0_f64..1.1, 12)) {
        let (dir, end) = recording();
        let mut sought = Replay::new(dir.path(), SIZE, Limits::default());
        for place in places {
            let at = Offset((place * end as f64) as u64);
            let (shown, stands) = sought.show(at).unwrap();
            prop_assert_eq!(stands, at.min(Offset(end)));
            let mut played = Replay::new(dir.path(), SIZE, Limits::default());
            let mut from = 0;
            while from < at.0 {
                from = (from + 37).min(at.0);
                played.show(Offset(from)).unwrap();
            }
            let (expected, _) = played.show(at).unwrap();
            prop_assert!(shown.checkpoint() == expected.checkpoint(), "at {}", at.0);
        }
    }
}
