//! Segments made, read, cut at every byte, flipped at every bit, exchanged, and made by a process that
//! dies at every step.

mod death;

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use tempfile::TempDir;

use super::check::check;
use super::*;
use crate::checkpoint::Checkpoint;
use crate::event::{Event, EventWriter};
use crate::files::pieces;
use crate::reader::{JournalReader, ReadAt};
use crate::units::{BootId, Offset, PaneUlid, Position};
use crate::verify::verify;
use crate::writer::JournalWriter;
use crate::{CheckpointLog, Error, GapReason, Result};

const PANE: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const OTHER: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAW";

fn pane() -> PaneUlid {
    PANE.parse().unwrap()
}

/// Bytes that compress, each place telling itself from others.
fn text(from: u64, len: u64) -> Vec<u8> {
    (from..from + len)
        .map(|at| b"0123456789 abcdef\r\n"[(at % 19 * (at / 97) % 19) as usize])
        .collect()
}

/// A recording of so many files of `len` bytes, with events, in a directory with a pane's name.
fn recording(files: u64, len: u64) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join(PANE);
    fs::create_dir(&home).unwrap();
    let mut writer = JournalWriter::open(&home, u64::MAX).unwrap();
    let (mut events, _) = EventWriter::open(&home).unwrap();
    let (boot_id, wall_ns) = (BootId([7; 16]), 1_000_000);
    events.append(&Event::Started { offset: Offset(0), wall_ns, mono_ns: 500, boot_id }).unwrap();
    for file in 0..files {
        let offset = writer.offset();
        let mono_ns = 500 + 1000 * (file + 1);
        events.append(&Event::Time { offset, mono_ns }).unwrap();
        writer.append(&text(offset.0, len)).unwrap();
        if file + 1 < files {
            writer.rotate().unwrap();
        }
    }
    dir
}

fn home(dir: &TempDir) -> std::path::PathBuf {
    dir.path().join(PANE)
}

fn state(offset: u64) -> Checkpoint {
    let bytes = format!("the screen at {offset}").into_bytes();
    Checkpoint { offset: Offset(offset), events_position: Position(16), engine: 1, bytes }
}

/// Seals everything that is complete, with keyframes at the beginning and in the middle of each.
fn seal(dir: &Path, chunk_bytes: u32) -> Result<()> {
    finish_sealings(dir)?;
    for file in sealable(dir)? {
        let mut sealing = Sealing::begin(dir, pane(), &file, chunk_bytes)?;
        while sealing.next_chunk()? {}
        for at in [file.first.0, file.first.0 + file.len / 2] {
            sealing.add_keyframe(&state(at))?;
        }
        sealing.finish()?;
    }
    Ok(())
}

/// What a reader makes of a recording: the bytes, and the gaps.
fn read_all(dir: &Path) -> (Vec<u8>, Vec<(u64, u64, GapReason)>) {
    let mut reader = JournalReader::open(dir).unwrap();
    let (mut bytes, mut gaps, mut at) = (Vec::new(), Vec::new(), Offset::ZERO);
    let mut buf = [0; 61];
    loop {
        match reader.read_at(at, &mut buf).unwrap() {
            ReadAt::Bytes(0) | ReadAt::End => return (bytes, gaps),
            ReadAt::Bytes(count) => {
                bytes.extend_from_slice(&buf[..count]);
                at = at.plus(count as u64);
            }
            ReadAt::Gap { to, reason } => {
                gaps.push((at.0, to.0, reason));
                at = to;
            }
        }
    }
}

#[test]
fn what_is_sealed_is_read_as_it_was() {
    let dir = recording(4, 1000);
    let home = home(&dir);
    let mut live = JournalReader::open(&home).unwrap();
    let mut buf = [0; 10];
    assert_eq!(live.read_at(Offset(995), &mut buf).unwrap(), ReadAt::Bytes(5));
    seal(&home, 256).unwrap();
    assert_eq!(read_all(&home), (text(0, 4000), Vec::new()));
    // One who had a file open goes on, and finds the ones behind it under their new names.
    assert_eq!(live.read_at(Offset(996), &mut buf).unwrap(), ReadAt::Bytes(4));
    assert_eq!(live.read_at(Offset(1000), &mut buf).unwrap(), ReadAt::Bytes(10));
    assert_eq!(&buf[..], &text(1000, 10)[..]);
    assert_eq!(live.end().unwrap(), Offset(4000));
    let found = pieces(&home).unwrap();
    let sealed: Vec<_> = found.pieces.iter().map(|piece| piece.segment.is_some()).collect();
    assert_eq!(sealed, [true, true, true, false], "the newest stays");
    assert!(verify(&home).unwrap().faults.is_empty());
    // A keeper finds the recording's beginning and goes on at its end.
    assert_eq!(crate::first_offset(&home).unwrap(), Offset(0));
    assert_eq!(JournalWriter::open(&home, 1).unwrap().offset(), Offset(4000));
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(home.join("0.seg")).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o400);
}

#[test]
fn a_header_alone_tells_what_a_segment_is() {
    let dir = recording(3, 1000);
    seal(&home(&dir), 300).unwrap();
    let (files, unusable) = segments(&home(&dir)).unwrap();
    assert!(unusable.is_empty());
    let header = &files[1].header;
    assert_eq!((header.pane, header.number), (pane(), 1));
    assert_eq!((header.first, header.len, header.end()), (Offset(1000), 1000, Offset(2000)));
    assert_eq!((header.chunk_bytes, header.chunks.len(), header.keyframes), (300, 4, 2));
    assert_eq!((header.wall_first_ns, header.wall_last_ns), (1_002_000, 1_002_000));
    assert_eq!(header.events, 1);
    assert_eq!(header.previous, files[0].header.hash());
    assert_eq!(files[0].header.previous, [0; 32]);
    assert_eq!(header.file_len(), files[1].size);
}

#[test]
fn keyframes_and_times_are_found_without_reading_what_lies_before() {
    let dir = recording(4, 1000);
    let home = home(&dir);
    seal(&home, 300).unwrap();
    let reader = JournalReader::open(&home).unwrap();
    let at = |offset| reader.keyframe(Offset(0), Offset(offset), |_| true);
    assert_eq!(at(999), Some(state(500)));
    assert_eq!(at(1000), Some(state(1000)));
    assert_eq!(at(3999), Some(state(2500)));
    assert_eq!(reader.keyframe(Offset(2501), Offset(3999), |_| true), None);
    assert_eq!(reader.keyframe(Offset(0), Offset(3999), |engine| engine == 2), None);
    // Times are those of the events: files began at 1 001 000, 1 002 000 and so on.
    let place = |wall| offset_at(&home, wall).unwrap().unwrap().0;
    assert_eq!((place(0), place(1_001_500), place(1_003_000)), (0, 1000, 3000));
    assert_eq!((place(1_002_999), place(u64::MAX)), (2000, 4000));
    assert_eq!(wall_at(&home, Offset(2500)).unwrap(), Some(1_003_000));
}

/// Behind another boot the monotonic clock counts from nobody knows when, until a program is started.
#[test]
fn the_clock_on_the_wall_never_goes_back_and_guesses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (mut events, _) = EventWriter::open(dir.path()).unwrap();
    let boot = |first| BootId([first; 16]);
    let started = |offset, wall_ns, mono_ns, of| Event::Started {
        offset: Offset(offset),
        wall_ns,
        mono_ns,
        boot_id: boot(of),
    };
    let time = |offset, mono_ns| Event::Time { offset: Offset(offset), mono_ns };
    for event in [
        started(0, 1000, 50, 1),
        time(10, 70),
        Event::Adopted { offset: Offset(20), mono_ns: 5, boot_id: boot(2) },
        time(30, 9000),
        started(40, 5000, 9100, 2),
        time(50, 9200),
    ] {
        events.append(&event).unwrap();
    }
    let mut clock = WallClock::open(dir.path());
    let at = [0, 9, 10, 25, 35, 40, 99].map(|byte| clock.at(Offset(byte)).unwrap());
    assert_eq!(at, [1000, 1000, 1020, 1020, 1020, 5000, 5100]);
    assert_eq!(WallClock::open(&dir.path().join("none")).at(Offset(5)), None);
}

#[test]
fn a_cut_at_any_byte_is_found_and_gives_no_wrong_byte() {
    let (bytes, raw) = small();
    for len in 0..bytes.len() {
        examine(&bytes[..len], &raw, &format!("cut at {len}"));
    }
    let longer: Vec<u8> = bytes.iter().copied().chain([0]).collect();
    examine(&longer, &raw, "a byte more");
}

#[test]
fn a_flip_of_any_bit_is_found_and_gives_no_wrong_byte() {
    let (bytes, raw) = small();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut other = bytes.clone();
            other[at] ^= 1 << bit;
            examine(&other, &raw, &format!("bit {bit} of {at}"));
        }
    }
}

/// A small segment, and what is in it.
fn small() -> (Vec<u8>, Vec<u8>) {
    let dir = recording(2, 300);
    seal(&home(&dir), 100).unwrap();
    (fs::read(home(&dir).join("0.seg")).unwrap(), text(0, 300))
}

/// A damaged segment: it must be called so, and what is read of it must be true.
fn examine(bytes: &[u8], raw: &[u8], what: &str) {
    let path = Path::new("0.seg");
    let Ok(mut reader) = SegmentReader::new(bytes.to_vec(), path) else { return };
    assert!(!check(&reader).unwrap().is_empty(), "{what} was not found");
    let mut buf = [0; 64];
    let mut at = Offset::ZERO;
    while at.0 < 300 {
        match reader.read_at(at, &mut buf) {
            Ok(0) => break,
            Ok(count) => {
                let from = at.0 as usize;
                assert_eq!(buf[..count], raw[from..from + count], "{what}");
                at = at.plus(count as u64);
            }
            Err(Error::Damaged(_)) => at = reader.chunk_end(at),
            Err(other) => panic!("{what}: {other}"),
        }
    }
    for entry in reader.index().map_or_else(|_| Vec::new(), |index| index.keyframes) {
        if let Ok(keyframe) = reader.keyframe(&entry) {
            assert_eq!(keyframe, state(entry.offset.0), "{what}");
        }
    }
}

#[test]
fn a_damaged_chunk_is_named_and_all_else_is_served() {
    let dir = recording(3, 1000);
    let home = home(&dir);
    seal(&home, 250).unwrap();
    let (files, _) = segments(&home).unwrap();
    let at = files[0].header.chunk_at(2) + 20;
    flip(&files[0].path, at);
    let (bytes, gaps) = read_all(&home);
    assert_eq!(gaps, [(500, 750, GapReason::Damaged)]);
    assert_eq!(bytes, [text(0, 500), text(750, 2250)].concat());
    let mut reader = JournalReader::open(&home).unwrap();
    reader.read_at(Offset(600), &mut [0]).unwrap();
    let damage = reader.take_damage();
    assert_eq!((damage[0].path.as_path(), damage[0].from.0), (&*files[0].path, at - 20));
    let faults = verify(&home).unwrap().faults;
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].place(), ("0.seg".to_owned(), at - 20));
}

#[test]
fn a_damaged_header_costs_its_segment_and_nothing_else() {
    let dir = recording(4, 1000);
    let home = home(&dir);
    seal(&home, 250).unwrap();
    flip(&home.join("1.seg"), 40);
    let (bytes, gaps) = read_all(&home);
    assert_eq!(gaps, [(1000, 2000, GapReason::Damaged)]);
    assert_eq!(bytes, [text(0, 1000), text(2000, 2000)].concat());
    let said: Vec<String> = verify(&home).unwrap().faults.iter().map(|f| f.to_string()).collect();
    assert!(said.contains(&"its header is damaged".to_owned()), "{said:?}");
}

#[test]
fn exchanged_missing_and_foreign_segments_are_named() {
    let named = |change: &dyn Fn(&Path)| {
        let dir = recording(5, 400);
        let home = home(&dir);
        seal(&home, 250).unwrap();
        change(&home);
        let faults = verify(&home).unwrap().faults;
        faults.iter().map(|fault| (fault.place().0, fault.to_string())).collect::<Vec<_>>()
    };
    assert_eq!(named(&|_| {}), []);
    let missing = named(&|home| fs::remove_file(home.join("2.seg")).unwrap());
    assert!(missing.contains(&("2.seg".into(), "missing".into())), "{missing:?}");
    assert!(missing.iter().any(|(_, what)| what.contains("from 800 to 1200")), "{missing:?}");

    let swapped = named(&|home| {
        fs::rename(home.join("1.seg"), home.join("x")).unwrap();
        fs::rename(home.join("2.seg"), home.join("1.seg")).unwrap();
        fs::rename(home.join("x"), home.join("2.seg")).unwrap();
    });
    for name in ["1.seg", "2.seg"] {
        assert!(
            swapped.iter().any(|(file, what)| file == name && what.contains("belong here")),
            "{swapped:?}"
        );
    }

    let doubled = named(&|home| {
        fs::copy(home.join("1.seg"), home.join("4.seg")).unwrap();
    });
    assert!(
        doubled.iter().any(|(file, what)| file == "4.seg" && what.contains("belong here")),
        "{doubled:?}"
    );

    let foreign = named(&|home| {
        let other = home.parent().unwrap().join(OTHER);
        fs::create_dir(&other).unwrap();
        for name in ["0.seg", "1.seg"] {
            fs::copy(home.join(name), other.join(name)).unwrap();
        }
        let (files, unusable) = segments(&other).unwrap();
        assert_eq!((files.len(), unusable.len()), (0, 2), "of another pane");
        // The same place in another recording: only the chain tells.
        let theirs = recording_of(5, 400, b'!');
        seal(&theirs.path().join(PANE), 250).unwrap();
        fs::remove_file(home.join("2.seg")).unwrap();
        fs::copy(theirs.path().join(PANE).join("2.seg"), home.join("2.seg")).unwrap();
    });
    assert!(
        foreign.iter().any(|(file, what)| file == "3.seg" && what.contains("exchanged")),
        "{foreign:?}"
    );
}

/// A recording of the same lengths with other bytes.
fn recording_of(files: u64, len: u64, byte: u8) -> TempDir {
    let dir = recording(files, len);
    for file in crate::journal_files(&home(&dir)).unwrap() {
        fs::write(&file.path, vec![byte; len as usize]).unwrap();
    }
    dir
}

fn flip(path: &Path, at: u64) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at as usize] ^= 4;
    // The file cannot be written to; whoever damages it does not ask.
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn what_expands_to_more_than_it_says_is_not_expanded() {
    let bomb = zstd::bulk::compress(&vec![0; 64 << 20], LEVEL).unwrap();
    assert!(bomb.len() < 16 * 1024);
    assert_eq!(reader::unpack(&bomb, 1000), None);
    // Also one that does not tell its size, and one that tells a smaller one.
    let mut streamed = Vec::new();
    zstd::stream::copy_encode(std::io::repeat(0).take_bytes(1 << 20), &mut streamed, 3).unwrap();
    assert_eq!(reader::unpack(&streamed, 1000), None);
    assert_eq!(reader::unpack(&streamed, 1 << 20).map(|bytes| bytes.len()), Some(1 << 20));
    assert_eq!(reader::unpack(&streamed, (1 << 20) + 1), None);
}

trait TakeBytes: std::io::Read + Sized {
    fn take_bytes(self, count: u64) -> std::io::Take<Self> {
        self.take(count)
    }
}

impl<R: std::io::Read> TakeBytes for R {}

#[test]
fn budgets_count_segments_and_their_first_keyframe_replaces_what_went() {
    let dir = recording(5, 4000);
    let home = home(&dir);
    seal(&home, 1000).unwrap();
    let (mut log, _) = CheckpointLog::open(&home).unwrap();
    let found = pieces(&home).unwrap().pieces;
    let keep = found[2..].iter().map(|piece| piece.bytes).sum();
    let trimmed = crate::trim(&home, &mut log, crate::Budget::bytes(keep)).unwrap();
    assert_eq!(trimmed.gap.map(|gap| (gap.from.0, gap.to.0)), Some((0, 8000)));
    assert_eq!(pieces(&home).unwrap().first(), Offset(8000));
    assert_eq!(log.at(Offset(8000)).unwrap(), Some(state(8000)), "durable before the bytes went");
    // Of an age: those whose last byte came before the time.
    log.append(&state(16000), false).unwrap();
    let since_ns = Some(1_004_500);
    let budget = crate::Budget { bytes: u64::MAX, since_ns };
    let trimmed = crate::trim(&home, &mut log, budget).unwrap();
    assert_eq!(trimmed.gap.map(|gap| (gap.from.0, gap.to.0)), Some((8000, 16000)));
    let faults = verify(&home).unwrap().faults;
    assert!(matches!(faults[..], [crate::Fault::Unrecorded(_)]), "{faults:?}");
}

#[test]
fn the_bytes_are_the_documented_ones() {
    // A segment of this form stays readable for ever; what needs another one gets another kind.
    let hex: String = include_str!("golden.hex").split_whitespace().collect();
    let bytes: Vec<u8> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect();
    let mut reader = SegmentReader::new(bytes.clone(), Path::new("0.seg")).unwrap();
    assert!(check(&reader).unwrap().is_empty());
    let mut buf = [0; 100];
    assert_eq!(reader.read_at(Offset(100), &mut buf).unwrap(), 100);
    assert_eq!(&buf[..], &text(100, 100)[..]);
    let index = reader.index().unwrap();
    assert_eq!(reader.keyframe(&index.keyframes[1]).unwrap(), state(150));
    assert_eq!(
        index.clock,
        Some(Clock { wall_ns: 1_000_000, mono_ns: 500, boot: BootId([7; 16]) })
    );
    let times: Vec<_> = index.times.iter().map(|time| (time.offset.0, time.wall_ns)).collect();
    assert_eq!(times, [(0, 1_000_000), (0, 1_001_000)]);
    // What is written is what is documented, but for how well it was compressed.
    let header = reader.header().encode();
    assert_eq!(&bytes[26..26 + header.len()], &header[..]);
    assert_eq!(SegmentIndex::decode(&index.encode()), Ok(index));
    assert_eq!(SegmentHeader::decode(&header).as_ref(), Ok(&**reader.header()));
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        cases: 48,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_is_sealed_reads_are_the_same(
        lens in proptest::collection::vec(1_u64..700, 1..6),
        chunk_bytes in 1_u32..400,
        reads in proptest::collection::vec((0_u64..3000, 1_usize..500), 1..20),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = JournalWriter::open(dir.path(), u64::MAX).unwrap();
        for len in &lens {
            writer.append(&text(writer.offset().0, *len)).unwrap();
            writer.rotate().unwrap();
        }
        let total: u64 = lens.iter().sum();
        let mut reader = JournalReader::open(dir.path()).unwrap();
        for (count, (at, room)) in reads.into_iter().enumerate() {
            if count == 2 {
                seal(dir.path(), chunk_bytes).unwrap();
            }
            let mut buf = vec![0; room];
            match reader.read_at(Offset(at), &mut buf).unwrap() {
                ReadAt::Bytes(count) => {
                    prop_assert!(at + count as u64 <= total);
                    prop_assert_eq!(&buf[..count], &text(at, count as u64)[..]);
                }
                ReadAt::End => prop_assert!(at >= total),
                gap @ ReadAt::Gap { .. } => panic!("{gap:?}"),
            }
        }
        prop_assert_eq!(read_all(dir.path()).0, text(0, total));
    }
}
