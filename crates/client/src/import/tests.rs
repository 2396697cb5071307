//! Other tools' files become recordings, the same ones again after an export, and broken ones never panic.

use ccc_journal::asciicast::CastWriter;
use ccc_play::{Timeline, screen_at};
use ccc_vt::Screen;
use proptest::prelude::*;

use super::*;
use crate::export::{CastForm, CastOptions, Form as _, RawForm, Told, paint, tell_files};
use crate::{Recording, RecordingFiles};

const SIZE: ccc_vt::Size = ccc_vt::Size { cols: 80, rows: 24 };

fn bring(folder: &Path, name: &str, bytes: &[u8]) -> Result<Imported, ImportError> {
    let file = folder.join(name);
    std::fs::write(&file, bytes).unwrap();
    import(&folder.join("panes"), &Import { file, ..Import::default() }, &mut |_| Ok(()))
}

fn raw(dir: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let recording = Recording::read(dir).unwrap();
    tell_files(dir, &recording, Box::new(RawForm(&mut bytes)), &mut |_| Ok(())).unwrap();
    bytes
}

fn cast(dir: &Path, version: CastVersion) -> Vec<u8> {
    let mut bytes = Vec::new();
    let recording = Recording::read(dir).unwrap();
    let form = CastForm::new(&mut bytes, version, &recording, CastOptions::default()).unwrap();
    tell_files(dir, &recording, Box::new(form), &mut |_| Ok(())).unwrap();
    bytes
}

#[test]
fn a_cast_becomes_a_recording_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let text = "{\"version\":3,\"term\":{\"cols\":40,\"rows\":10,\"type\":\"xterm\"},\"timestamp\":1700000000,\
        \"title\":\"a title\",\"command\":\"make all\"}\n[0.5, \"o\", \"one\\r\\n\"]\n[0.5, \"r\", \"50x12\"]\n\
        [0.25, \"m\", \"part\"]\n[0.25, \"o\", \"two\"]\n[1.5, \"x\", \"2\"]\n";
    let imported = bring(folder.path(), "demo.cast", text.as_bytes()).unwrap();
    assert!(imported.wrong.is_none());
    assert_eq!((imported.form, imported.bytes), ("asciicast v3", 8));
    assert_eq!(imported.duration, Duration::from_secs(3));
    assert!(RecordingFiles::is_one(&imported.dir));
    assert_eq!(imported.dir.file_name().unwrap().to_str(), Some(imported.ulid.as_str()));
    let recording = Recording::read(&imported.dir).unwrap();
    assert_eq!((recording.session.as_str(), recording.command.as_str()), ("a title", "make all"));
    assert_eq!(recording.line.began_unix_ms(), 1_700_000_000_000);
    assert_eq!(recording.commands[0].text, "part");
    assert_eq!(recording.commands[0].started_ms, 1_700_000_001_250);
    let line = Timeline::read(&imported.dir).unwrap();
    assert_eq!(line.offset_at(Duration::from_millis(499)), Offset(0));
    assert_eq!(line.offset_at(Duration::from_millis(1499)), Offset(5));
    assert_eq!(line.offset_at(Duration::from_millis(1500)), Offset(8));
    let (screen, _) = screen_at(&imported.dir, Offset(8), SIZE, Limits::default()).unwrap();
    assert_eq!(screen.text(), "one\ntwo");
    assert_eq!((screen.size().cols, screen.size().rows), (50, 12));
    let header = PaneHeader::read(&imported.dir).unwrap();
    assert_eq!(header.imported(), Some("asciicast v3"));
    assert_eq!(ccc_journal::last_exit(&imported.dir).unwrap(), Some(ExitStatus::Code(2)));
    assert!(ccc_journal::verify(&imported.dir).unwrap().faults.is_empty());
}

#[test]
fn what_cannot_be_imported_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for bytes in [&b""[..], b"hello, this is a text", b"{\"version\":7}", b"\x01\x02\x03"] {
        assert!(bring(folder.path(), "x", bytes).is_err());
    }
    let text = b"{\"version\":2,\"width\":80,\"height\":24}\n[0, \"o\", \"x\"]\n";
    let file = folder.path().join("x.cast");
    std::fs::write(&file, text).unwrap();
    let panes = folder.path().join("panes");
    let what = Import { file, ..Import::default() };
    let stop = |_| Err(io::ErrorKind::Interrupted.into());
    assert!(import(&panes, &what, &mut { stop }).is_err());
    assert_eq!(std::fs::read_dir(&panes).unwrap().count(), 0);
}

#[test]
fn what_a_killed_import_left_goes_at_the_next_and_others_stay() {
    let folder = tempfile::tempdir().unwrap();
    let panes = folder.path().join("panes");
    // No process has a number above the kernel's largest.
    let (dead, alive) = (format!("{BEGUN}4194305-x"), format!("{BEGUN}{}-x", std::process::id()));
    for name in [&dead, &alive] {
        ccc_journal::dir::create_private(&panes.join(name)).unwrap();
    }
    let text = b"{\"version\":2,\"width\":80,\"height\":24}\n";
    bring(folder.path(), "x.cast", text).unwrap();
    assert!(!panes.join(dead).exists() && panes.join(alive).exists());
}

#[test]
fn what_comes_before_a_broken_line_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let text = b"{\"version\":2,\"width\":80,\"height\":24}\n[0, \"o\", \"x\"]\n[1, \"o\", \"y";
    let imported = bring(folder.path(), "cut.cast", text).unwrap();
    assert!(imported.wrong.unwrap().to_string().starts_with("line 3: "));
    assert_eq!(raw(&imported.dir), b"x");
    assert_eq!(Recording::read(&imported.dir).unwrap().session, "cut");
}

/// Microseconds since the last piece, what is printed, and a size from then on.
type Piece = (u64, String, Option<(u16, u16)>);

/// Pieces of what programs print.
fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let text = prop_oneof![
        "[a-z 한🙂]{0,20}",
        Just("\r\n".to_owned()),
        Just("\u{1b}[31;1m".to_owned()),
        Just("\u{1b}[2J\u{1b}[H".to_owned()),
        Just("\u{1b}[?1049h".to_owned()),
        Just("\u{1b}]0;title\u{7}".to_owned()),
        "[\\x00-\\x1fA-Za-z;\\[0-9]{0,8}",
    ];
    let size = prop::option::weighted(0.1, (1..200_u16, 1..60_u16));
    prop::collection::vec((0..900_000_u64, text, size), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_exported_and_imported_is_the_same_at_any_time(
        pieces in pieces(),
        v3: bool,
        times in prop::collection::vec(0..40_000_000_u64, 100),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let header = CastHeader::of(Size { cols: 80, rows: 24 });
        let mut writer = CastWriter::new(Vec::new(), CastVersion::V2, &header).unwrap();
        let mut at = Duration::ZERO;
        for (delay, text, size) in &pieces {
            at += Duration::from_micros(*delay);
            writer.output(at, text.as_bytes()).unwrap();
            if let Some((cols, rows)) = *size {
                writer.resize(at, Size { cols, rows }).unwrap();
            }
        }
        let first = bring(folder.path(), "a.cast", &writer.finish(at).unwrap()).unwrap();
        let version = if v3 { CastVersion::V3 } else { CastVersion::V2 };
        let again = bring(folder.path(), "b.cast", &cast(&first.dir, version)).unwrap();
        let expected: String = pieces.iter().map(|(_, text, _)| text.as_str()).collect();
        prop_assert_eq!(raw(&first.dir), expected.as_bytes());
        prop_assert_eq!(raw(&again.dir), expected.as_bytes());
        let (one, other) = (Timeline::read(&first.dir).unwrap(), Timeline::read(&again.dir).unwrap());
        let shown = |dir: &Path, line: &Timeline, us| {
            let offset = line.offset_at(Duration::from_micros(us));
            screen_at(dir, offset, SIZE, Limits::default()).unwrap().0
        };
        for us in times {
            let (a, b): (Screen, Screen) =
                (shown(&first.dir, &one, us), shown(&again.dir, &other, us));
            prop_assert_eq!(a.checkpoint(), b.checkpoint(), "{} us", us);
        }
    }

    #[test]
    fn no_file_makes_it_panic(start in 0..4_usize, bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let starts: [&[u8]; 4] = [
            b"",
            b"{\"version\":2,\"width\":80,\"height\":24}\n[0, \"o\", \"x\"]\n",
            b"Script started on 2026-01-01 00:00:00+00:00\n",
            b"\x01\0\0\0\0\0\0\0\x04\0\0\0abcd",
        ];
        let folder = tempfile::tempdir().unwrap();
        let file = [starts[start], &bytes[..]].concat();
        if let Ok(imported) = bring(folder.path(), "x", &file) {
            prop_assert!(RecordingFiles::is_one(&imported.dir));
            prop_assert!(ccc_journal::verify(&imported.dir).unwrap().faults.is_empty());
        }
    }
}

#[test]
fn a_recording_whose_beginning_is_gone_is_written_from_its_screen_on() {
    let folder = tempfile::tempdir().unwrap();
    let header = CastHeader::of(Size { cols: 80, rows: 24 });
    let mut writer = CastWriter::new(Vec::new(), CastVersion::V3, &header).unwrap();
    writer.output(Duration::ZERO, b"\x1b[7mhead\x1b[m\r\n").unwrap();
    for second in 1..100 {
        let lines = format!("\x1b[3{}mline {second}\x1b[m {}\r\n", second % 8, "x".repeat(60));
        writer.output(Duration::from_secs(second), lines.repeat(1300).as_bytes()).unwrap();
    }
    let file = writer.finish(Duration::from_secs(100)).unwrap();
    let whole = bring(folder.path(), "long.cast", &file).unwrap();
    let mut checkpoints = CheckpointLog::open(&whole.dir).unwrap().0;
    let budget = ccc_journal::Budget { bytes: 4 << 20, since_ns: None };
    ccc_journal::trim(&whole.dir, &mut checkpoints, budget).unwrap();
    let recording = Recording::read(&whole.dir).unwrap();
    assert!(recording.first >= Offset(ROTATE_BYTES), "{:?}", recording.first);
    let mut cast = Vec::new();
    let options = CastOptions::default();
    let mut form =
        Box::new(CastForm::new(&mut cast, CastVersion::V2, &recording, options).unwrap());
    let first = RecordingFiles::new(&whole.dir).screen(recording.first).unwrap();
    form.told(Duration::ZERO, Told::Output(&paint(&first))).unwrap();
    let missing = tell_files(&whole.dir, &recording, form, &mut |_| Ok(())).unwrap();
    assert_eq!(missing, 0);
    let again = bring(folder.path(), "rest.cast", &cast).unwrap();
    let rows = |dir: &Path, offset| -> Vec<String> {
        let mirror = RecordingFiles::new(dir).screen(offset).unwrap();
        mirror.rows().iter().map(|row| row.text()).collect()
    };
    let painted = Offset(paint(&first).len() as u64);
    assert_eq!(rows(&again.dir, painted), rows(&whole.dir, recording.first));
    assert_eq!(rows(&again.dir, Offset(u64::MAX)), rows(&whole.dir, Offset(u64::MAX)));
    assert_ne!(rows(&again.dir, painted), rows(&again.dir, Offset(u64::MAX)));
}
