//! One pane's bytes, turn by turn, with nobody else in the way.

use std::path::Path;

use ccc_journal::Event;

use super::*;
use crate::custody::Terms;
use crate::process::reserve::Reserve;
use crate::process::spawn::Pty;
use crate::spec::SpawnSpec;

struct Case {
    dir: tempfile::TempDir,
    set: CustodySet,
    gauge: Arc<Gauge>,
}

impl Case {
    /// A pane with a program that prints `text` and then waits for input.
    fn new(text: &str) -> Self {
        let spec = SpawnSpec {
            program: "/bin/sh".into(),
            arguments: vec!["-c".into(), format!("stty -echo -opost; {text}; cat").into()],
            environment: vec![("PATH".into(), "/usr/bin:/bin".into())],
            cwd: "/".into(),
            ..Default::default()
        };
        let pty = Pty::open(Size { cols: 80, rows: 24 }, None).unwrap();
        let spawned = pty.spawn(&spec, &mut Reserve::default()).unwrap();
        let ulid = "01K00000000000000000000001".parse().unwrap();
        let terms = Terms { hard_cap: 1 << 30, rotate_bytes: 1 << 20 };
        let set = CustodySet { ulid, terms, pid: spawned.pid, exit: None, fds: spawned.fds };
        let dir = tempfile::tempdir().unwrap();
        Self { dir, set, gauge: Arc::default() }
    }

    fn flow(&self, moves: Moves) -> Flow {
        Flow::open(self.path(), 1, &self.set, moves, Arc::clone(&self.gauge)).unwrap()
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Takes turns until the journal holds `text`.
    fn run_until(&self, flow: &mut Flow, text: &[u8]) {
        while self.journal() != text {
            let ready = crate::process::wait_readable(
                &self.set.fds.master,
                Some(std::time::Duration::from_secs(60)),
            );
            assert!(ready, "{:?}", String::from_utf8_lossy(&self.journal()));
            flow.turn(monotonic_ns(), TURN).unwrap();
        }
    }

    fn journal(&self) -> Vec<u8> {
        let files = journal_files(self.path()).unwrap();
        files.iter().flat_map(|file| std::fs::read(&file.path).unwrap()).collect()
    }

    fn events(&self) -> Vec<Event> {
        let mut reader = EventReader::open(self.path()).unwrap();
        std::iter::from_fn(|| reader.next_event().unwrap()).collect()
    }
}

impl Drop for Case {
    fn drop(&mut self) {
        let kill = rustix::process::Signal::KILL;
        let _ = rustix::process::pidfd_send_signal(&self.set.fds.pidfd, kill);
        let options = rustix::process::WaitIdOptions::EXITED;
        let _ = rustix::process::waitid(
            rustix::process::WaitId::PidFd(self.set.fds.pidfd.as_fd()),
            options,
        );
    }
}

#[test]
fn both_ways_of_moving_give_the_same_files() {
    for moves in [Moves::Splice, Moves::ReadWrite] {
        let case = Case::new("printf 'one\\ntwo'");
        let mut flow = case.flow(moves);
        case.run_until(&mut flow, b"one\ntwo");
        assert_eq!(case.gauge.offset.load(Ordering::Relaxed), 7);
        assert!(crate::system::is_readable(&case.set.fds.eventfd));
        assert!(flow.is_settled());
        assert!(matches!(case.events()[0], Event::Time { offset: Offset(0), .. }));
    }
}

#[test]
fn a_successor_empties_the_pipe_first() {
    let case = Case::new("printf second");
    // A predecessor died between its two splices.
    rustix::io::write(&case.set.fds.pipe_write, b"first ").unwrap();
    let mut flow =
        Flow::adopt(case.path(), 1, &case.set, Moves::Splice, Arc::clone(&case.gauge)).unwrap();
    case.run_until(&mut flow, b"first second");
    let events = case.events();
    assert!(matches!(events[0], Event::Adopted { offset: Offset(6), .. }), "{events:?}");
    let size = Size { cols: 80, rows: 24 };
    assert_eq!(events[1], Event::Resize { offset: Offset(6), size });
}

#[test]
fn a_size_that_never_reached_the_terminal_is_taken_back() {
    let case = Case::new("printf x");
    let mut flow = case.flow(Moves::Splice);
    flow.record_start(Size { cols: 80, rows: 24 }, None).unwrap();
    case.run_until(&mut flow, b"x");
    // Recorded, and then its keeper died.
    let lost = Event::Resize { offset: Offset(1), size: Size { cols: 1, rows: 1 } };
    flow.append(&lost).unwrap();
    drop(flow);
    let mut flow =
        Flow::adopt(case.path(), 1, &case.set, Moves::Splice, Arc::clone(&case.gauge)).unwrap();
    flow.turn(monotonic_ns(), TURN).unwrap();
    let last = case.events().pop();
    let size = Size { cols: 80, rows: 24 };
    assert_eq!(last, Some(Event::Resize { offset: Offset(1), size }));
}

/// The area in pixels that the terminal tells.
fn pixels(case: &Case) -> (u16, u16) {
    let size = rustix::termios::tcgetwinsize(&case.set.fds.master).unwrap();
    (size.ws_xpixel, size.ws_ypixel)
}

#[test]
fn a_cell_is_recorded_once_and_kept_by_every_size_after_it() {
    const CELL: CellPixels = CellPixels { width: 9, height: 18 };
    let case = Case::new("printf x");
    let mut flow = case.flow(Moves::Splice);
    flow.record_start(Size { cols: 80, rows: 24 }, None).unwrap();
    case.run_until(&mut flow, b"x");
    assert_eq!(pixels(&case), (0, 0));
    assert_eq!(flow.resize_cell(CELL, monotonic_ns()).unwrap(), Offset(1));
    assert_eq!(case.events().pop(), Some(Event::CellPixels { offset: Offset(1), cell: CELL }));
    assert_eq!(pixels(&case), (720, 432));
    // Asked again, it changes nothing and records nothing.
    let events = flow.events.position();
    flow.resize_cell(CELL, monotonic_ns()).unwrap();
    assert_eq!(flow.events.position(), events);
    flow.resize(Size { cols: 100, rows: 30 }, monotonic_ns()).unwrap();
    assert_eq!(pixels(&case), (900, 540));
    // More than the kernel counts is not known to it, and comes back with a smaller size.
    flow.resize(Size { cols: 8000, rows: 30 }, monotonic_ns()).unwrap();
    assert_eq!(pixels(&case), (0, 0));
    let events = flow.events.position();
    flow.resize_cell(CELL, monotonic_ns()).unwrap();
    assert_eq!(flow.events.position(), events);
    flow.resize(Size { cols: 10, rows: 10 }, monotonic_ns()).unwrap();
    assert_eq!(pixels(&case), (90, 180));
}

#[test]
fn a_cell_that_never_reached_the_terminal_is_taken_back() {
    const CELL: CellPixels = CellPixels { width: 9, height: 18 };
    let case = Case::new("printf x");
    let mut flow = case.flow(Moves::Splice);
    flow.record_start(Size { cols: 80, rows: 24 }, None).unwrap();
    case.run_until(&mut flow, b"x");
    flow.resize_cell(CELL, monotonic_ns()).unwrap();
    // Recorded, and then its keeper died.
    let lost = CellPixels { width: 20, height: 40 };
    flow.append(&Event::CellPixels { offset: Offset(1), cell: lost }).unwrap();
    drop(flow);
    let mut flow =
        Flow::adopt(case.path(), 1, &case.set, Moves::Splice, Arc::clone(&case.gauge)).unwrap();
    flow.turn(monotonic_ns(), TURN).unwrap();
    assert_eq!(case.events().pop(), Some(Event::CellPixels { offset: Offset(1), cell: CELL }));
    flow.resize(Size { cols: 10, rows: 10 }, monotonic_ns()).unwrap();
    assert_eq!(pixels(&case), (90, 180));
}

#[test]
fn an_exit_of_an_earlier_life_is_not_this_ones() {
    let case = Case::new("printf x");
    let mut flow = case.flow(Moves::Splice);
    let size = Size { cols: 80, rows: 24 };
    flow.record_start(size, None).unwrap();
    flow.finishing = Some(ExitStatus::Code(1));
    flow.finish(monotonic_ns()).unwrap();
    flow.record_start(size, None).unwrap();
    assert_eq!(flow.recorded_exit(), None);
    flow.finishing = Some(ExitStatus::Code(2));
    let (_, offset) = flow.finish(monotonic_ns()).unwrap();
    assert_eq!(flow.recorded_exit(), Some((ExitStatus::Code(2), offset)));
}

#[test]
fn what_the_server_trims_lies_between_what_was_and_what_is() {
    let case = Case::new("printf 123456");
    let mut flow = case.flow(Moves::Splice);
    case.run_until(&mut flow, b"123456");
    flow.trimmed(Offset(4));
    flow.trimmed(Offset(2));
    assert_eq!(flow.first, Offset(4));
    flow.trimmed(Offset(u64::MAX));
    assert_eq!(flow.first, Offset(6));
}

#[test]
fn what_is_sealed_makes_room_and_leaves_no_gap() {
    let case = Case::new("printf 123456");
    let mut flow = case.flow(Moves::Splice);
    case.run_until(&mut flow, b"123456");
    flow.hard_cap = 4;
    assert!(flow.is_capped());
    let events = flow.events.position();
    flow.sealed(Offset(3));
    flow.sealed(Offset(1));
    assert!(!flow.is_capped());
    // Nothing is lost by it, and a later trim still begins where the recording does.
    assert_eq!((flow.events.position(), flow.first), (events, Offset(0)));
    flow.sealed(Offset(u64::MAX));
    assert_eq!(flow.unsealed, Offset(6));
}

#[test]
fn a_window_gives_its_bytes_once_when_it_is_over() {
    let mut pace = Pace::default();
    assert_eq!(pace.window(100, 10), Some(0));
    pace.bytes += 5;
    assert_eq!((pace.window(109, 10), pace.bytes()), (None, 5));
    assert_eq!((pace.window(110, 10), pace.bytes()), (Some(5), 0));
}

/// How long a program that prints so much every 10 ms goes on until it is a flood; `None` for never.
fn flood_after_ms(bytes: u64) -> Option<u64> {
    let mut pace = Pace::default();
    (1..=300).map(|turn| turn * 10).find(|ms| {
        pace.bytes += bytes;
        pace.is_flood(ms * 1_000_000)
    })
}

#[test]
fn many_slow_floods_are_floods_and_a_busy_program_is_none() {
    // 100 MB a second, one of sixteen on a small machine, and a log that nobody could read.
    assert_eq!(flood_after_ms(1 << 20), Some(10));
    assert!(flood_after_ms(10_000).is_some_and(|ms| ms < 500));
    assert_eq!(flood_after_ms(2_000), None);
}
