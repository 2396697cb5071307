//! Recordings written by the real writers, folded whole, in pieces, from checkpoints, with parts
//! missing; the screen must be that of the plain bytes every time.

use std::fs;
use std::path::Path;

use ccc_journal::{
    BootId, Budget, CHECKPOINTS_FILE, CheckpointLog, EVENTS_FILE, EventWriter, GapReason,
    JournalWriter, Sealing, Size as CellSize, sealable, trim, unrecorded_gap,
};
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::keyframes::keyframes_every;
use crate::start::{Opened, screen_at, states_without_text};

const SIZE: Size = Size { cols: 20, rows: 5 };
const END: Offset = Offset(u64::MAX);

/// What a program and its terminal did.
#[derive(Clone, Debug)]
enum Step {
    Print(Vec<u8>),
    Resize(u16, u16),
    Cell(u16, u16),
    Rotate,
    Checkpoint,
    Seal,
}

/// The keeper's and the server's writers on one directory, and the screen of the plain bytes.
struct Recording {
    dir: TempDir,
    journal: JournalWriter,
    events: EventWriter,
    checkpoints: CheckpointLog,
    /// The server's fold, which takes the checkpoints.
    live: Opened,
    plain: Screen,
}

impl Recording {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let journal = JournalWriter::open(dir.path(), u64::MAX).unwrap();
        let (events, _) = EventWriter::open(dir.path()).unwrap();
        let (checkpoints, _) = CheckpointLog::open(dir.path()).unwrap();
        let live = Fold::open(dir.path(), END, SIZE, Limits::default()).unwrap();
        let plain = Screen::new(SIZE, Limits::default());
        Self { dir, journal, events, checkpoints, live, plain }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn print(&mut self, bytes: &[u8]) {
        self.journal.append(bytes).unwrap();
        self.plain.advance(bytes);
    }

    fn resize(&mut self, cols: u16, rows: u16) {
        let size = CellSize { cols, rows };
        self.event(Event::Resize { offset: self.journal.offset(), size });
        self.plain.resize(Size::new(cols, rows));
    }

    fn cell(&mut self, width: u16, height: u16) {
        let cell = ccc_journal::CellPixels { width, height };
        self.event(Event::CellPixels { offset: self.journal.offset(), cell });
        self.plain.set_cell(CellPixels::new(width, height));
    }

    fn event(&mut self, event: Event) {
        self.events.append(&event).unwrap();
    }

    /// What a server does when it is told that the pane's files grew.
    fn fold_live(&mut self) {
        let mut buffer = [0; 64];
        loop {
            let turn = self.live.fold.turn(&mut self.live.screen, &mut buffer).unwrap();
            if turn.begins_file {
                self.checkpoint();
            }
            if !turn.more {
                return;
            }
        }
    }

    fn checkpoint(&mut self) {
        let checkpoint = self.live.fold.checkpoint(&self.live.screen);
        self.checkpoints.append(&checkpoint, true).unwrap();
    }

    /// Seals what is complete, in chunks and at distances that are small beside what was printed.
    fn seal(&mut self) {
        let (dir, limits) = (self.path().to_owned(), Limits::default());
        let pane = "01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();
        for file in sealable(&dir).unwrap() {
            let mut sealing = Sealing::begin(&dir, pane, &file, 64).unwrap();
            while sealing.next_chunk().unwrap() {}
            let mut add = |state| sealing.add_keyframe(&state);
            keyframes_every(40, &dir, file.first, file.end(), SIZE, limits, &mut add).unwrap();
            sealing.finish().unwrap();
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Print(bytes) => self.print(&bytes),
            Step::Resize(cols, rows) => self.resize(cols, rows),
            Step::Cell(width, height) => self.cell(width, height),
            Step::Rotate => self.journal.rotate().unwrap(),
            Step::Seal => self.seal(),
            Step::Checkpoint => {
                self.fold_live();
                self.checkpoint();
            }
        }
    }

    fn open(&self) -> Opened {
        Fold::open(self.path(), END, SIZE, Limits::default()).unwrap()
    }
}

fn fold_all(opened: &mut Opened) -> Vec<Turn> {
    let mut buffer = [0; 37];
    let mut turns = Vec::new();
    loop {
        let turn = opened.fold.turn(&mut opened.screen, &mut buffer).unwrap();
        let more = turn.more;
        turns.push(turn);
        if !more {
            return turns;
        }
    }
}

/// Everything of a screen that a later byte could make visible.
fn state(screen: &Screen) -> Vec<u8> {
    screen.checkpoint()
}

fn exit_of(turns: &[Turn]) -> Option<ExitStatus> {
    turns.iter().rev().find_map(|turn| turn.exit)
}

#[test]
fn resizes_take_effect_at_their_byte() {
    let mut recording = Recording::new();
    recording.resize(10, 3);
    recording.print(b"0123456789abc");
    recording.resize(5, 3);
    recording.print(b"\r\nxyz");
    recording.resize(30, 4);
    let mut opened = recording.open();
    let turns = fold_all(&mut opened);
    assert_eq!(state(&opened.screen), state(&recording.plain));
    assert!(turns.iter().any(|turn| turn.resized));
    assert_eq!(opened.fold.offset(), Offset(18));
}

#[test]
fn cells_in_pixels_take_effect_at_their_byte() {
    let image = b"\x1b[H\x1b_Ga=T,f=24,s=30,v=1,o=z,q=2;eJwA\x1b\\";
    let mut recording = Recording::new();
    recording.print(image);
    recording.cell(15, 30);
    recording.print(image);
    recording.fold_live();
    recording.checkpoint();
    recording.cell(5, 10);
    recording.print(image);
    // What no cell is changes nothing.
    recording.cell(5, 201);
    recording.print(image);
    let mut opened = recording.open();
    fold_all(&mut opened);
    assert_eq!(state(&opened.screen), state(&recording.plain));
    let cols = |screen: &Screen| screen.placements().iter().map(|p| p.cols).collect::<Vec<_>>();
    assert_eq!(cols(&opened.screen), [3, 2, 6, 6]);
    // An event that stands at an offset belongs to it.
    let places = [CellPixels::STANDARD, CellPixels::new(15, 30), CellPixels::new(5, 10)];
    for (cell, at) in places.into_iter().zip(0..) {
        let at = Offset(at * image.len() as u64);
        let (screen, _) = screen_at(recording.path(), at, SIZE, Limits::default()).unwrap();
        assert_eq!(screen.cell(), cell, "at {at}");
    }
    assert_eq!(CellPixels::SIDES, ccc_journal::CellPixels::SIDES);
}

#[test]
fn the_exit_comes_after_the_last_byte() {
    let mut recording = Recording::new();
    recording.print(&b"many words\r\n".repeat(40));
    let offset = recording.journal.offset();
    recording.event(Event::Exit { offset, status: ExitStatus::Code(3), mono_ns: 1 });
    let mut opened = recording.open();
    let turns = fold_all(&mut opened);
    assert_eq!(exit_of(&turns), Some(ExitStatus::Code(3)));
    assert!(turns[..turns.len() - 1].iter().all(|turn| turn.exit.is_none()));
    assert_eq!(state(&opened.screen), state(&recording.plain));
}

#[test]
fn a_program_that_was_started_again_has_not_ended() {
    let mut recording = Recording::new();
    let start =
        |offset| Event::Started { offset, wall_ns: 1, mono_ns: 1, boot_id: BootId::UNKNOWN };
    let exit = |offset| Event::Exit { offset, status: ExitStatus::Code(1), mono_ns: 1 };
    recording.event(start(Offset::ZERO));
    recording.print(b"first run");
    recording.event(exit(Offset(9)));
    recording.event(start(Offset(9)));
    let turns = fold_all(&mut recording.open());
    let last = turns.iter().rfind(|turn| turn.started || turn.exit.is_some()).unwrap();
    assert_eq!((last.started, last.exit), (true, None));
    recording.event(exit(Offset(9)));
    let turns = fold_all(&mut recording.open());
    let last = turns.iter().rfind(|turn| turn.started || turn.exit.is_some()).unwrap();
    assert_eq!((last.started, last.exit), (false, Some(ExitStatus::Code(1))));
}

#[test]
fn a_fold_waits_without_turning() {
    let mut recording = Recording::new();
    let mut opened = recording.open();
    assert_eq!(fold_all(&mut opened), [Turn::default()]);
    recording.print(b"hello");
    let turns = fold_all(&mut opened);
    assert_eq!(turns.iter().map(|turn| turn.bytes).sum::<usize>(), 5);
    assert_eq!(fold_all(&mut opened), [Turn::default()]);
    assert_eq!(opened.screen.text(), "hello");
}

#[test]
fn each_file_is_announced_before_its_first_byte() {
    let mut recording = Recording::new();
    recording.print(b"one");
    recording.journal.rotate().unwrap();
    recording.print(b"two");
    recording.journal.rotate().unwrap();
    let mut opened = recording.open();
    let mut announced = Vec::new();
    let mut buffer = [0; 64];
    loop {
        let turn = opened.fold.turn(&mut opened.screen, &mut buffer).unwrap();
        if turn.begins_file {
            announced.push((opened.fold.offset().0, opened.screen.text()));
        }
        if !turn.more {
            break;
        }
    }
    assert_eq!(announced, [(3, "one".to_owned()), (6, "onetwo".to_owned())]);
}

#[test]
fn a_fold_from_a_checkpoint_reads_only_the_tail() {
    let mut recording = Recording::new();
    recording.print(&b"\x1b[31mred \x1b[0mplain\r\n".repeat(50));
    recording.resize(33, 6);
    recording.print(b"half a sequence \x1b[4");
    recording.fold_live();
    recording.checkpoint();
    recording.print(b"munderlined\r\n");
    let mut opened = recording.open();
    assert_eq!(opened.passed_over, 0);
    let turns = fold_all(&mut opened);
    assert_eq!(turns.iter().map(|turn| turn.bytes).sum::<usize>(), 13);
    assert!(turns.iter().all(|turn| !turn.resized), "the resize is in the checkpoint");
    assert_eq!(state(&opened.screen), state(&recording.plain));
}

#[test]
fn unusable_checkpoints_cost_time_and_nothing_else() {
    let mut recording = Recording::new();
    for n in 0..6 {
        recording.print(format!("line {n}\r\n").as_bytes());
        recording.fold_live();
        recording.checkpoint();
    }
    let offset = recording.journal.offset();
    let foreign = Checkpoint {
        offset,
        events_position: Position::default(),
        engine: ENGINE + 1,
        bytes: b"of another engine".to_vec(),
    };
    recording.checkpoints.append(&foreign, false).unwrap();
    recording.checkpoints.append(&Checkpoint { engine: ENGINE, ..foreign.clone() }, false).unwrap();
    let lost = Checkpoint { offset: offset.plus(1000), ..foreign };
    recording.checkpoints.append(&lost, false).unwrap();

    let path = recording.path().join(CHECKPOINTS_FILE);
    let whole = fs::read(&path).unwrap();
    let mut opened = recording.open();
    assert_eq!(opened.passed_over, 3);
    fold_all(&mut opened);
    assert_eq!(state(&opened.screen), state(&recording.plain));

    let mut damaged: Vec<Vec<u8>> =
        (0..=whole.len()).step_by(97).map(|cut| whole[..cut].to_vec()).collect();
    damaged.extend((0..whole.len()).step_by(53).map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        bytes
    }));
    damaged.push(b"somebody else's file, longer than a header".to_vec());
    for bytes in damaged {
        fs::write(&path, &bytes).unwrap();
        let mut opened = recording.open();
        fold_all(&mut opened);
        assert_eq!(state(&opened.screen), state(&recording.plain), "{} bytes", bytes.len());
    }
    fs::remove_file(&path).unwrap();
    let mut opened = recording.open();
    fold_all(&mut opened);
    assert_eq!(state(&opened.screen), state(&recording.plain));
}

#[test]
fn a_trimmed_recording_starts_at_the_checkpoint_that_replaced_its_bytes() {
    let mut recording = Recording::new();
    for n in 0..5 {
        recording.print(format!("\x1b[3{n}mfile {n}\r\n").as_bytes());
        recording.journal.rotate().unwrap();
        recording.fold_live();
    }
    let dir = recording.path().to_owned();
    let trimmed = trim(&dir, &mut recording.checkpoints, Budget::bytes(20)).unwrap();
    let gap = trimmed.gap.unwrap();
    assert_eq!(gap.from, Offset::ZERO);
    assert!(trimmed.blocked.is_none());

    let mut opened = recording.open();
    fold_all(&mut opened);
    assert_eq!(state(&opened.screen), state(&recording.plain));

    // From the first byte, as a replay goes: over the gap to the checkpoint behind it.
    let start = || Fold::open(&dir, Offset::ZERO, SIZE, Limits::default()).unwrap();
    let mut replay = start();
    let turns = fold_all(&mut replay);
    let met = turns.iter().find_map(|turn| turn.gap).unwrap();
    assert_eq!((met.from, met.to, met.reason), (gap.from, gap.to, GapReason::Unknown));
    assert_eq!(state(&replay.screen), state(&recording.plain));

    let files = ccc_journal::pieces(&dir).unwrap().pieces;
    let found = unrecorded_gap(&files, &[]).unwrap();
    assert_eq!((found.from, found.to), (gap.from, gap.to));
    recording.event(Event::Gap(gap));
    assert_eq!(unrecorded_gap(&files, &[gap]), None);
    let turns = fold_all(&mut start());
    assert_eq!(turns.iter().find_map(|turn| turn.gap), Some(gap));
}

#[test]
fn bytes_that_a_power_cut_took_hold_nothing_up() {
    let mut recording = Recording::new();
    recording.print(b"kept");
    recording.print(b" lost");
    recording.resize(40, 2);
    let offset = recording.journal.offset();
    recording.event(Event::Exit { offset, status: ExitStatus::Signal(9), mono_ns: 1 });
    recording.fold_live();
    recording.checkpoint();
    let file = fs::File::options().write(true).open(recording.journal.path()).unwrap();
    file.set_len(4).unwrap();

    let mut opened = recording.open();
    assert_eq!(opened.passed_over, 1, "the checkpoint knows bytes that are gone");
    let turns = fold_all(&mut opened);
    assert_eq!(opened.screen.text(), "kept");
    assert_eq!(opened.screen.size(), Size::new(40, 2));
    assert_eq!(exit_of(&turns), Some(ExitStatus::Signal(9)));
}

#[test]
fn a_live_gap_is_stepped_over_and_told() {
    let mut recording = Recording::new();
    let mut opened = recording.open();
    recording.print(b"before ");
    fold_all(&mut opened);
    let from = recording.journal.offset();
    recording.journal.skip(100).unwrap();
    let to = recording.journal.offset();
    let gap = Gap { from, to, reason: GapReason::DiskFull };
    recording.event(Event::Gap(gap));
    recording.print(b"after");
    let turns = fold_all(&mut opened);
    assert_eq!(turns.iter().find_map(|turn| turn.gap), Some(gap));
    assert_eq!(opened.screen.text(), "before after");
    assert_eq!(opened.fold.offset(), Offset(112));
}

#[test]
fn marks_behind_a_gap_stand_where_the_recording_has_them() {
    let mut recording = Recording::new();
    recording.print(b"before ");
    let from = recording.journal.offset();
    recording.journal.skip(100).unwrap();
    let to = recording.journal.offset();
    recording.event(Event::Gap(Gap { from, to, reason: GapReason::Forget }));
    recording.print(b"\x1b]133;C\x07after");
    let marks = |mut opened: Opened| {
        fold_all(&mut opened);
        assert_eq!(opened.screen.offset(), opened.fold.offset().0);
        let marks = opened.screen.take_notices().into_iter().filter_map(|notice| match notice {
            ccc_vt::Notice::Mark(mark) => Some((mark.begin, mark.offset)),
            _ => None,
        });
        marks.collect::<Vec<_>>()
    };
    assert_eq!(marks(recording.open()), [(107, 114)]);
    // A state that counts only what it was fed, as earlier releases wrote it.
    let mut short = Screen::new(SIZE, Limits::default());
    short.advance(b"before ");
    let events_position = Position::default();
    let (offset, bytes) = (to, short.checkpoint());
    let short = Checkpoint { offset, events_position, engine: ENGINE, bytes };
    recording.checkpoints.append(&short, true).unwrap();
    let opened = recording.open();
    assert_eq!(opened.fold.offset(), to);
    assert_eq!(marks(opened), [(107, 114)]);
}

#[test]
fn a_state_behind_what_was_not_recorded_is_had_without_its_text() {
    let mut recording = Recording::new();
    recording.print(b"before ");
    let from = recording.journal.offset();
    recording.journal.skip(100).unwrap();
    let to = recording.journal.offset();
    recording.event(Event::Gap(Gap { from, to, reason: GapReason::NotRecorded }));
    let mut screen = Screen::new(SIZE, Limits::default());
    screen.advance(b"\x1b[?1049hsecret");
    let (events_position, engine, bytes) = (Position::default(), ENGINE, screen.checkpoint());
    let state = Checkpoint { offset: to, events_position, engine, bytes };
    recording.checkpoints.append(&state, true).unwrap();
    let states = |from| states_without_text(recording.path(), from, Limits::default()).unwrap();
    let [kept] = &states(Offset(3))[..] else { panic!("one") };
    assert_eq!(kept.offset, to);
    let screen = Screen::restore(&kept.bytes, Limits::default()).unwrap();
    assert!(screen.modes().alternate_screen);
    assert_eq!(screen.text(), "");
    assert_eq!(states(to), []);
}

#[test]
fn a_recording_without_usable_events_still_shows_its_bytes() {
    let mut recording = Recording::new();
    recording.print(b"some words");
    let path = recording.path().join(EVENTS_FILE);
    for bytes in [Some(b"this is not a file of events".as_slice()), Some(b"".as_slice()), None] {
        fs::remove_file(&path).unwrap();
        if let Some(bytes) = bytes {
            fs::write(&path, bytes).unwrap();
        }
        let mut opened = recording.open();
        fold_all(&mut opened);
        assert_eq!(opened.screen.text(), "some words");
        if bytes.is_none() {
            break;
        }
    }
}

#[test]
fn events_begun_anew_after_a_checkpoint_are_read_from_their_start() {
    let mut recording = Recording::new();
    for _ in 0..20 {
        let offset = recording.journal.offset();
        recording.event(Event::Time { offset, mono_ns: 1 });
    }
    recording.print(b"0123456789");
    recording.fold_live();
    recording.checkpoint();
    fs::remove_file(recording.path().join(EVENTS_FILE)).unwrap();
    let (events, recovered) = EventWriter::open(recording.path()).unwrap();
    assert!(recovered.created);
    recording.events = events;
    recording.resize(7, 3);
    recording.print(b"more");
    let mut opened = recording.open();
    fold_all(&mut opened);
    assert_eq!(state(&opened.screen), state(&recording.plain));
}

#[test]
fn damaged_events_are_named_and_the_rest_is_applied() {
    let mut recording = Recording::new();
    recording.print(b"0123456789");
    let position = recording.events.position();
    recording.resize(9, 3);
    recording.print(b"abc");
    recording.resize(12, 4);
    let path = recording.path().join(EVENTS_FILE);
    let mut bytes = fs::read(&path).unwrap();
    bytes[position.0 as usize + 12] ^= 1;
    fs::write(&path, bytes).unwrap();
    let mut opened = recording.open();
    let turns = fold_all(&mut opened);
    let damage = turns.iter().find_map(|turn| turn.damage.clone()).unwrap();
    assert_eq!((damage.path, damage.from), (path, position));
    assert_eq!(opened.screen.size(), Size::new(12, 4));
}

#[test]
fn a_server_folds_while_a_keeper_writes() {
    // A resize between any two short writes: a fold that read events before it measured the
    // journal would miss one of them within a few thousand.
    const WRITES: usize = 30_000;
    let dir = tempfile::tempdir().unwrap();
    let mut journal = JournalWriter::open(dir.path(), 5_000).unwrap();
    let (mut events, _) = EventWriter::open(dir.path()).unwrap();
    let mut plain = Screen::new(SIZE, Limits::default());
    let mut opened = Fold::open(dir.path(), END, SIZE, Limits::default()).unwrap();
    std::thread::scope(|scope| {
        let keeper = scope.spawn(move || {
            // On the alternate screen, where a change of size wraps no lines anew and is quick.
            journal.append(b"\x1b[?1049h").unwrap();
            plain.advance(b"\x1b[?1049h");
            for n in 0..WRITES {
                let bytes = [b'a' + (n % 26) as u8, b' '];
                journal.append(&bytes).unwrap();
                plain.advance(&bytes);
                let (cols, rows) = (3 + (n % 5) as u16, 2 + (n % 3) as u16);
                let (offset, size) = (journal.offset(), CellSize { cols, rows });
                events.append(&Event::Resize { offset, size }).unwrap();
                plain.resize(Size::new(cols, rows));
                journal.rotate_if_due().unwrap();
            }
            let (offset, status) = (journal.offset(), ExitStatus::Code(0));
            events.append(&Event::Exit { offset, status, mono_ns: 0 }).unwrap();
            plain
        });
        let mut buffer = [0; 1024];
        loop {
            let turn = opened.fold.turn(&mut opened.screen, &mut buffer).unwrap();
            assert_eq!((turn.gap, turn.damage), (None, None));
            assert!(turn.bytes <= 10, "a resize was missed at {}", opened.fold.offset());
            if turn.exit.is_some() {
                break;
            }
        }
        assert_eq!(state(&opened.screen), state(&keeper.join().unwrap()));
    });
}

fn any_step() -> impl Strategy<Value = Step> {
    let word = prop_oneof![
        Just(b"some words ".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\x1b[".to_vec()),
        Just(b"1;31m".to_vec()),
        Just(b"\x1b[2J\x1b[H".to_vec()),
        Just("\u{ac00}\u{b098}".as_bytes().to_vec()),
        // An image of so many cells as its pixels make.
        Just(b"\x1bP9q!30~-!30~-!30~-!30~\x1b\\".to_vec()),
        proptest::collection::vec(any::<u8>(), 1..8),
    ];
    prop_oneof![
        6 => word.prop_map(Step::Print),
        2 => (1_u16..40, 1_u16..10).prop_map(|(cols, rows)| Step::Resize(cols, rows)),
        1 => (2_u16..12, 2_u16..20).prop_map(|(width, height)| Step::Cell(width, height)),
        1 => Just(Step::Rotate),
        1 => Just(Step::Checkpoint),
        1 => Just(Step::Seal),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        cases: 48,
        ..ProptestConfig::default()
    })]

    #[test]
    fn replay_equals_live_at_every_offset(steps in proptest::collection::vec(any_step(), 1..30)) {
        let mut recording = Recording::new();
        let mut lives = Vec::new();
        for step in steps {
            recording.take(step);
            // Events that stand at an offset belong to it, so the last state at each one counts.
            lives.retain(|(offset, _)| *offset != recording.journal.offset());
            lives.push((recording.journal.offset(), state(&recording.plain)));
        }
        recording.fold_live();
        prop_assert_eq!(&state(&recording.live.screen), &lives.last().unwrap().1);
        for (offset, live) in &lives {
            let (screen, reached) =
                screen_at(recording.path(), *offset, SIZE, Limits::default()).unwrap();
            prop_assert_eq!(reached, *offset);
            prop_assert_eq!(&state(&screen), live, "at {}", offset);
        }
    }
}
