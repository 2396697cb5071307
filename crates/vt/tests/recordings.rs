//! Recordings of real programs: `NAME-COLSxROWS.raw` gives the screen `NAME-COLSxROWS.screen`, which
//! another terminal multiplexer gave for the same bytes; also when it is stopped and restored on the way.

#![expect(clippy::unwrap_used, reason = "what is missing fails the test")]

use std::fs;
use std::path::{Path, PathBuf};

use ccc_vt::{Limits, Screen, Size};

struct Recording {
    name: String,
    size: Size,
    bytes: Vec<u8>,
    screen: String,
}

fn recordings() -> Vec<Recording> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "raw"));
    paths.sort();
    paths.into_iter().map(|path| read(&path)).collect()
}

fn read(path: &Path) -> Recording {
    let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
    let (cols, rows) = name.rsplit_once('-').unwrap().1.split_once('x').unwrap();
    Recording {
        size: Size::new(cols.parse().unwrap(), rows.parse().unwrap()),
        bytes: fs::read(path).unwrap(),
        screen: fs::read_to_string(path.with_extension("screen")).unwrap(),
        name,
    }
}

fn text(screen: &Screen) -> String {
    let rows: Vec<String> = screen.rows().map(|row| row.text().trim_end().to_owned()).collect();
    format!("{}\n", rows.join("\n").trim_end())
}

#[test]
fn programs_look_as_they_should() {
    let recordings = recordings();
    assert!(recordings.len() >= 3);
    for recording in recordings {
        let mut screen = Screen::new(recording.size, Limits::default());
        screen.advance(&recording.bytes);
        assert_eq!(text(&screen), recording.screen, "{}", recording.name);
    }
}

#[test]
fn they_can_be_stopped_and_restored_anywhere() {
    for recording in recordings() {
        let mut whole = Screen::new(recording.size, Limits::default());
        let mut parts = Screen::new(recording.size, Limits::default());
        whole.advance(&recording.bytes);
        for part in recording.bytes.chunks(97) {
            parts.advance(part);
            parts = Screen::restore(&parts.checkpoint(), Limits::default()).unwrap();
        }
        assert_eq!(parts.checkpoint(), whole.checkpoint(), "{}", recording.name);
    }
}
