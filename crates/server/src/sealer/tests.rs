//! What is sealed, and what age takes.

use ccc_journal::{
    BootId, Event, EventWriter, GapReason, JournalReader, JournalWriter, ReadAt, verify,
};

use super::*;

const PANE: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
/// Wall clock of the first byte; each file begins a second after the one before.
const BEGAN: u64 = 1_700_000_000_000_000_000;
const SECOND: u64 = 1_000_000_000;

/// A recording of three files whose programs have ended.
fn recording() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().join(PANE);
    std::fs::create_dir(&dir).expect("a folder");
    let mut journal = JournalWriter::open(&dir, u64::MAX).expect("a journal");
    let (mut events, _) = EventWriter::open(&dir).expect("events");
    let (wall_ns, mono_ns, boot_id) = (BEGAN, 0, BootId([1; 16]));
    let start = Event::Started { offset: Offset::ZERO, wall_ns, mono_ns, boot_id };
    events.append(&start).expect("an event");
    for file in 0..3_u64 {
        let (offset, mono_ns) = (journal.offset(), file * SECOND);
        events.append(&Event::Time { offset, mono_ns }).expect("an event");
        journal.append(format!("file {file}\r\n").repeat(500).as_bytes()).expect("bytes");
        if file < 2 {
            journal.rotate().expect("a file");
        }
    }
    (folder, dir)
}

fn seal(dir: &Path) -> Sealed {
    let pane = PANE.parse().expect("a pane");
    seal_all(dir, pane, &CancellationToken::new()).expect("sealed")
}

#[test]
fn all_but_the_newest_file_is_sealed_with_states_to_start_from() {
    let (_folder, dir) = recording();
    let sealed = seal(&dir);
    assert_eq!((sealed.files, sealed.unsealed), (2, Offset(8000)));
    let found = pieces(&dir).expect("pieces");
    assert_eq!(sealed.bytes, found.bytes());
    let headers = found.pieces.iter().filter_map(|piece| piece.segment.as_ref());
    let figures: Vec<_> =
        headers.map(|file| (file.header.first.0, file.header.keyframes)).collect();
    assert_eq!(figures, [(0, 1), (4000, 1)]);
    assert_eq!(seal(&dir).files, 0);
    assert!(verify(&dir).expect("a look").faults.is_empty());
}

#[test]
fn a_server_that_leaves_seals_nothing_by_halves() {
    let (_folder, dir) = recording();
    let token = CancellationToken::new();
    token.cancel();
    let pane = PANE.parse().expect("a pane");
    assert_eq!(seal_all(&dir, pane, &token).expect("sealed").files, 0);
    let file = sealable(&dir).expect("files").remove(0);
    assert!(seal_file(&dir, pane, &file, &token).expect("no fault").is_none());
    assert_eq!(journal_files(&dir).expect("files").len(), 3);
}

#[test]
fn what_is_too_old_goes_and_is_on_record() {
    let (_folder, dir) = recording();
    seal(&dir);
    assert_eq!(expire(&dir, BEGAN).expect("no fault"), 0, "nothing is older");
    assert!(expire(&dir, BEGAN + SECOND / 2).expect("no fault") > 0);
    let mut reader = JournalReader::open(&dir).expect("a reader");
    assert_eq!(reader.first(), Offset(4000));
    assert_eq!(
        reader.read_at(Offset::ZERO, &mut [0]).expect("an answer"),
        ReadAt::Gap { to: Offset(4000), reason: GapReason::Unknown }
    );
    let found = verify(&dir).expect("a look");
    assert!(found.faults.is_empty(), "{:?}", found.faults);
    assert_eq!(found.gaps.len(), 1);
    // What came last is too old as well: nothing but the name is left.
    assert!(expire(&dir, BEGAN + 10 * SECOND).expect("no fault") > 0);
    assert_eq!(std::fs::read_dir(&dir).expect("a folder").count(), 0);
    assert_eq!(expire(&dir, u64::MAX).expect("no fault"), 0);
}

#[test]
fn what_was_imported_has_no_age() {
    let (_folder, dir) = recording();
    let header = format!(
        "format = 1\npane = \"{PANE}\"\nsession = \"\"\ntab = \"1\"\ncommand = []\ncwd = \"\"\nterm = \"\"\n\
         machine_id = \"\"\nboot_id = \"{}\"\nprincipal = \"\"\ncreated_ns = 1\nimported = \"ttyrec\"\n\
         size = {{ cols = 80, rows = 24 }}\n",
        BootId::UNKNOWN
    );
    std::fs::write(dir.join(ccc_journal::PANE_FILE), header).expect("a header");
    assert!(PaneHeader::read(&dir).expect("a header").imported().is_some());
    assert_eq!(expire(&dir, u64::MAX).expect("no fault"), 0);
    assert_eq!(journal_files(&dir).expect("files").len(), 3);
}

#[test]
fn one_that_is_always_due_lets_the_others_have_their_turn() {
    let sealer = Sealer::default();
    let panes = [PANE, "01ARZ3NDEKTSV4RRFFQ69G5FAW", "01ARZ3NDEKTSV4RRFFQ69G5FAX"];
    let panes = panes.map(|pane| pane.parse().expect("a pane"));
    panes.iter().for_each(|pane| sealer.due(*pane, Path::new("/there")));
    let mut last = None;
    let mut turns = Vec::new();
    while let Some((pane, dir)) = sealer.take(last).filter(|_| turns.len() < 4) {
        assert_eq!(dir, Path::new("/there"));
        last = Some(pane);
        turns.push(pane);
        sealer.due(panes[0], &dir);
    }
    assert_eq!(turns, [panes[0], panes[1], panes[2], panes[0]]);
}

#[test]
fn a_budget_waits_for_what_was_taken_apart_and_for_the_first_look() {
    let sealer = Sealer::default();
    let pane: PaneUlid = PANE.parse().expect("a pane");
    let other = "01ARZ3NDEKTSV4RRFFQ69G5FAW".parse().expect("a pane");
    sealer.take_apart(other);
    assert!(sealer.is_apart(pane), "nobody has looked");
    sealer.apart().looked = true;
    assert!(!sealer.is_apart(pane) && sealer.is_apart(other));
}
