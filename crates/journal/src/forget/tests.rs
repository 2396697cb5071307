//! A stretch that is gone from every file, wherever it begins and ends and whenever the process dies.

use std::fs;
use std::process::Command;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::event::{Event, EventWriter, Gap, GapReason};
use crate::reader::{JournalReader, ReadAt};
use crate::segment::{Sealing, finish_sealings, sealable};
use crate::units::{BootId, PaneUlid, Position};
use crate::verify::verify;
use crate::writer::JournalWriter;
use crate::{CHECKPOINTS_FILE, Checkpoint};

const PANE: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
/// Bytes of each file, and of all.
const FILE: u64 = 600;
const ALL: u64 = 5 * FILE;

/// Four letters that are nowhere else for every four bytes of a recording; a capital begins them, so that those of
/// two neighbours are no others.
fn text(from: u64, to: u64) -> Vec<u8> {
    let letter = |at: u64| {
        let digit = u8::try_from(((at / 4) >> (4 * (3 - at % 4))) & 15).unwrap();
        if at.is_multiple_of(4) { b'A' + digit } else { b'a' + digit }
    };
    (from..to).map(letter).collect()
}

/// Five files, three of them sealed, one complete, one that still grows; and a checkpoint at each file.
fn recording() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join(PANE);
    fs::create_dir(&home).unwrap();
    let mut writer = JournalWriter::open(&home, u64::MAX).unwrap();
    let (mut events, _) = EventWriter::open(&home).unwrap();
    let (boot_id, wall_ns) = (BootId([7; 16]), 1_000_000);
    events.append(&Event::Started { offset: Offset(0), wall_ns, mono_ns: 500, boot_id }).unwrap();
    for file in 0..5 {
        let offset = writer.offset();
        writer.append(&text(offset.0, offset.0 + FILE)).unwrap();
        if file == 3 {
            seal(&home);
        }
        if file < 4 {
            writer.rotate().unwrap();
        }
        let (mut log, _) = CheckpointLog::open(&home).unwrap();
        log.append(&state(offset.0), true).unwrap();
    }
    dir
}

/// A screen that shows the last bytes before it.
fn state(offset: u64) -> Checkpoint {
    let bytes = text(offset.saturating_sub(40), offset);
    Checkpoint { offset: Offset(offset), events_position: Position(16), engine: 1, bytes }
}

/// Seals what is complete, as a server would: with keyframes of what is there.
fn seal(home: &Path) {
    let pane: PaneUlid = PANE.parse().unwrap();
    finish_sealings(home).unwrap();
    for file in sealable(home).unwrap() {
        let shown = read_all(home).0;
        let mut sealing = Sealing::begin(home, pane, &file, 256).unwrap();
        while sealing.next_chunk().unwrap() {}
        // What stood apart is no word of its own.
        let mut before = Vec::new();
        let mut next = 0;
        for (at, byte) in shown.iter().filter(|(at, _)| *at < file.first.0) {
            if *at != next {
                before.push(b' ');
            }
            before.push(*byte);
            next = at + 1;
        }
        let bytes = before[before.len().saturating_sub(40)..].to_vec();
        sealing.add_keyframe(&Checkpoint { bytes, ..state(file.first.0) }).unwrap();
        let segment = sealing.finish().unwrap();
        fs::write(home.join(lines_file_name(segment.header.number)), &before).unwrap();
    }
}

type Bytes = Vec<(u64, u8)>;

/// The bytes that a reader finds with their offsets, and the gaps.
fn read_all(dir: &Path) -> (Bytes, Vec<(u64, u64)>) {
    let mut reader = JournalReader::open(dir).unwrap();
    let (mut bytes, mut gaps, mut at) = (Vec::new(), Vec::new(), Offset::ZERO);
    let mut buf = [0; 61];
    loop {
        match reader.read_at(at, &mut buf).unwrap() {
            ReadAt::Bytes(0) | ReadAt::End => return (bytes, gaps),
            ReadAt::Bytes(count) => {
                bytes.extend(buf[..count].iter().enumerate().map(|(n, b)| (at.0 + n as u64, *b)));
                at = at.plus(count as u64);
            }
            ReadAt::Gap { to, .. } => {
                gaps.push((at.0, to.0));
                at = to;
            }
        }
    }
}

fn without(from: u64, to: u64) -> Bytes {
    let all = text(0, ALL).into_iter().enumerate().map(|(at, byte)| (at as u64, byte));
    all.filter(|(at, _)| !(from..to).contains(at)).collect()
}

/// Every file as it is, segments decompressed, with all that lies in them.
fn contents(home: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(home).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let mut bytes = fs::read(entry.path()).unwrap();
        if name.ends_with(".seg") {
            let mut reader = SegmentReader::open(&entry.path()).unwrap();
            bytes = vec![0; usize::try_from(reader.header().len).unwrap()];
            let (first, mut at) = (reader.header().first, 0);
            while at < bytes.len() {
                at += reader.read_at(first.plus(at as u64), &mut bytes[at..]).unwrap();
            }
            for entry in reader.index().unwrap().keyframes {
                bytes.push(b' ');
                bytes.extend(reader.keyframe(&entry).unwrap().bytes);
            }
        }
        all.push((name, bytes));
    }
    all
}

/// No word that lies whole in the stretch is anywhere.
fn nowhere(home: &Path, from: u64, to: u64) {
    let contents = contents(home);
    for word in (from.div_ceil(4) * 4..to / 4 * 4).step_by(4) {
        let word = text(word, word + 4);
        for (name, bytes) in &contents {
            let found = bytes.windows(4).any(|window| window == word);
            assert!(!found, "{} in {name}", String::from_utf8_lossy(&word));
        }
    }
}

fn forget_in(home: &Path, from: u64, to: u64) -> Forgotten {
    let stretch = Stretch { from: Offset(from), to: Offset(to) };
    let mut told = Vec::new();
    let done = forget(home, stretch, &[], &mut |done, of| told.push((done, of))).unwrap();
    assert!(told.is_sorted() && told.iter().all(|(done, of)| done <= of), "{told:?}");
    done
}

#[test]
fn a_stretch_goes_and_everything_else_stays_at_its_offset() {
    let dir = recording();
    let home = dir.path().join(PANE);
    nowhere_is_meant(&home);
    let (mut events, _) = EventWriter::open(&home).unwrap();
    let gap = Gap { from: Offset(700), to: Offset(1500), reason: GapReason::Forget };
    events.append(&Event::Gap(gap)).unwrap();
    let done = forget_in(&home, 700, 1500);
    assert_eq!(done, Forgotten { bytes: 800, segments: 2 });
    assert_eq!(read_all(&home), (without(700, 1500), vec![(700, 1500)]));
    nowhere(&home, 700, 1500);
    assert_eq!(forget_in(&home, 700, 1500), Forgotten::default());
    seal(&home);
    nowhere(&home, 700, 1500);
    assert_eq!(read_all(&home), (without(700, 1500), vec![(700, 1500)]));
    // The chain of headers is whole, numbers go on, and the gap has its reason.
    let faults = verify(&home).unwrap().faults;
    assert!(faults.is_empty(), "{faults:?}");
    let (files, _) = segments(&home).unwrap();
    let firsts: Vec<_> =
        files.iter().map(|file| (file.header.number, file.header.first.0)).collect();
    assert_eq!(firsts, [(0, 0), (1, 600), (2, 1500), (3, 1800)]);
    assert_eq!(files[1].header.previous, files[0].header.hash());
}

/// The words of the recording are found where they are.
fn nowhere_is_meant(home: &Path) {
    let word = text(800, 804);
    let files = contents(home);
    let holds = |name: &str| {
        files.iter().any(|(file, bytes)| {
            file.ends_with(name) && bytes.windows(4).any(|window| window == word)
        })
    };
    assert!(holds(".seg") && holds(".lines"));
    assert!(home.join(CHECKPOINTS_FILE).exists());
}

#[test]
fn the_end_of_a_recording_that_is_over_keeps_its_place() {
    let dir = recording();
    let home = dir.path().join(PANE);
    let done = forget_in(&home, 2000, ALL);
    assert_eq!(done, Forgotten { bytes: 1000, segments: 0 });
    assert_eq!(crate::end_offset(&home).unwrap(), Offset(ALL));
    assert_eq!(read_all(&home).0, without(2000, ALL));
    nowhere(&home, 2000, ALL);
    // And all of it.
    assert_eq!(forget_in(&home, 0, ALL).bytes, 2000);
    assert_eq!(crate::end_offset(&home).unwrap(), Offset(ALL));
    assert_eq!(read_all(&home).0, []);
    nowhere(&home, 0, ALL);
}

#[test]
fn what_is_to_be_forgotten_is_known_until_it_is_done() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(forgetting(dir.path()), None);
    let stretch = Stretch { from: Offset(7), to: Offset(u64::MAX) };
    begin_forgetting(dir.path(), stretch).unwrap();
    assert_eq!(forgetting(dir.path()), Some(stretch));
    end_forgetting(dir.path()).unwrap();
    end_forgetting(dir.path()).unwrap();
    assert_eq!(forgetting(dir.path()), None);
    fs::write(dir.path().join(FORGET_FILE), "7").unwrap();
    assert_eq!(forgetting(dir.path()), None);
}

#[test]
fn a_segment_that_is_damaged_loses_its_damage_and_nothing_else() {
    let dir = recording();
    let home = dir.path().join(PANE);
    let path = home.join("1.seg");
    let mut bytes = fs::read(&path).unwrap();
    let at = 700;
    bytes[at] ^= 1;
    fs::remove_file(&path).unwrap();
    fs::write(&path, bytes).unwrap();
    let before = read_all(&home).0;
    assert!(before.len() < usize::try_from(ALL).unwrap());
    forget_in(&home, 100, 200);
    let kept: Bytes = before.into_iter().filter(|(at, _)| !(100..200).contains(at)).collect();
    assert_eq!(read_all(&home).0, kept);
}

#[test]
fn a_segment_that_cannot_be_looked_into_keeps_everything_as_it_is() {
    let stretch = Stretch { from: Offset(100), to: Offset(200) };
    let untouched = |spoil: &dyn Fn(&Path)| {
        let dir = recording();
        let home = dir.path().join(PANE);
        spoil(&home.join("1.seg"));
        let files = || {
            let entries = fs::read_dir(&home).unwrap().map(|entry| entry.unwrap().path());
            let mut files: Vec<_> = entries.map(|path| (fs::read(&path).ok(), path)).collect();
            files.sort();
            files
        };
        let before = files();
        let refused = forget(&home, stretch, &[], &mut |_, _| {}).unwrap_err();
        begin_forgetting(&home, stretch).unwrap_err();
        assert_eq!(forgetting(&home), None);
        assert!(files() == before, "{refused}");
        refused
    };
    // Of a newer release.
    let newer = untouched(&|path| {
        let mut bytes = fs::read(path).unwrap();
        bytes[8] = 2;
        let checksum = crc32fast::hash(&bytes[..12]);
        bytes[12..16].copy_from_slice(&checksum.to_le_bytes());
        fs::remove_file(path).unwrap();
        fs::write(path, bytes).unwrap();
    });
    assert!(matches!(newer, Error::Newer { .. }), "{newer}");
    // One that the system refuses to read now.
    let refused = untouched(&|path| {
        fs::remove_file(path).unwrap();
        std::os::unix::fs::symlink("elsewhere", path).unwrap();
    });
    assert!(matches!(refused, Error::Io { .. }), "{refused}");
}

#[test]
fn a_file_that_is_no_segment_any_more_goes_with_what_is_in_it() {
    let dir = recording();
    let home = dir.path().join(PANE);
    let path = home.join("2.seg");
    let mut bytes = fs::read(&path).unwrap();
    bytes[20] ^= 1;
    fs::remove_file(&path).unwrap();
    fs::write(&path, bytes).unwrap();
    forget_in(&home, 700, 800);
    assert!(!path.exists());
    nowhere(&home, 700, 800);
}

#[test]
fn states_without_text_stay_behind_the_stretch() {
    let dir = recording();
    let home = dir.path().join(PANE);
    let state = |offset| Checkpoint { bytes: b"modes".to_vec(), ..state(offset) };
    let stretch = Stretch { from: Offset(700), to: Offset(800) };
    forget(&home, stretch, &[state(1800), state(600)], &mut |_, _| {}).unwrap();
    let (log, _) = CheckpointLog::open(&home).unwrap();
    let kept: Vec<u64> = log.entries().iter().map(|entry| entry.offset.0).collect();
    assert_eq!(kept, [0, 600, 1800]);
    assert_eq!(log.load(&log.entries()[2]).unwrap(), state(1800));
    nowhere(&home, 700, 800);
}

/// Not a test of its own: the process that dies.
#[test]
fn child() {
    if let Ok(home) = std::env::var("CCC_TEST_FORGET") {
        let home = Path::new(&home);
        begin_forgetting(home, Stretch { from: Offset(700), to: Offset(2100) }).unwrap();
        forget_in(home, 700, 2100);
        end_forgetting(home).unwrap();
    }
}

#[test]
fn a_process_that_dies_at_any_step_is_followed_by_one_that_ends_it() {
    let mut steps = 0;
    for step in 0.. {
        let dir = recording();
        let home = dir.path().join(PANE);
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "forget::tests::child", "--test-threads=1"])
            .env("CCC_TEST_FORGET", &home)
            .env("CCC_TEST_DIE_AT", step.to_string())
            .output()
            .unwrap();
        let died = !child.status.success();
        steps += usize::from(died);
        // What was not to be forgotten is there, once, wherever it ended.
        let (bytes, _) = read_all(&home);
        let kept: Bytes =
            bytes.iter().filter(|(at, _)| !(700..2100).contains(at)).copied().collect();
        assert_eq!(kept, without(700, 2100), "step {step}");
        // Before the intent is on the disk nothing is done; after it the next one does it.
        match forgetting(&home) {
            None if died => assert_eq!(bytes, without(0, 0), "step {step}"),
            None => assert_eq!(bytes, without(700, 2100)),
            Some(stretch) => {
                finish_sealings(&home).unwrap();
                forget_in(&home, stretch.from.0, stretch.to.0);
                end_forgetting(&home).unwrap();
                assert_eq!(read_all(&home).0, without(700, 2100), "step {step}");
                nowhere(&home, 700, 2100);
            }
        }
        seal(&home);
        let after = read_all(&home).0;
        let expected = if after.len() > kept.len() { without(0, 0) } else { without(700, 2100) };
        assert_eq!(after, expected, "step {step}");
        if !died {
            break;
        }
    }
    assert!(steps > 12, "{steps} steps");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_stretches_go_one_after_the_other(cuts in proptest::collection::vec((0..ALL, 1..ALL), 1..4)) {
        let dir = recording();
        let home = dir.path().join(PANE);
        let mut kept = without(0, 0);
        for (from, len) in cuts {
            let to = (from + len).min(ALL);
            forget_in(&home, from, to);
            kept.retain(|(at, _)| !(from..to).contains(at));
            prop_assert_eq!(&read_all(&home).0, &kept);
            nowhere(&home, from, to);
            seal(&home);
            prop_assert_eq!(&read_all(&home).0, &kept);
            nowhere(&home, from, to);
        }
    }
}
