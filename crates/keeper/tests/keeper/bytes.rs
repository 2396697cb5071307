//! What a program prints, and what is done to its terminal, as the files have it.

use std::process::ExitCode;
use std::time::Instant;

use ccc_journal::{CellPixels, Event, ExitStatus, Gap, GapReason, Offset, Size};
use ccc_keeper::SpawnSpec;
use ccc_keeper::protocol::{
    Moves, Notice, PaneState, Reason, Request, Response, SignalTarget, Wait,
};
use ccc_keeper::{Terms, tty};

use crate::world::{SIZE, TERMS, World, deadline, own, sh, type_into, ulid, wait};
use crate::{Case, flood};

pub(crate) const CASES: &[Case] = &[
    ("bytes::a_shell_prints_and_exits", a_shell_prints_and_exits),
    ("bytes::the_child_has_the_asked_surroundings", the_child_has_the_asked_surroundings),
    ("bytes::a_login_shell_knows_that_it_is_one", a_login_shell_knows_that_it_is_one),
    ("bytes::what_cannot_start_is_refused_with_its_reason", what_cannot_start_is_refused),
    ("bytes::a_flood_is_exact_and_changes_movers", a_flood_is_exact_and_changes_movers),
    ("bytes::floods_stand_back_for_hands_and_are_exact", floods_stand_back_for_hands),
    ("bytes::a_resize_stands_before_what_follows_it", a_resize_stands_before_what_follows_it),
    ("bytes::a_program_finds_its_cell_and_every_size_keeps_it", a_program_finds_its_cell),
    ("bytes::a_signal_ends_a_program_and_is_told", a_signal_ends_a_program_and_is_told),
    ("bytes::an_interrupt_reaches_a_program_that_does_not_read", an_interrupt_reaches_it),
    ("bytes::a_background_child_does_not_hold_the_pane", a_background_child_does_not_hold_the_pane),
    ("bytes::a_closed_terminal_costs_nothing", a_closed_terminal_costs_nothing),
    ("bytes::the_cap_holds_a_program_until_something_is_trimmed", the_cap_holds_a_program),
];

fn a_shell_prints_and_exits() {
    let mut world = World::new();
    let pane = ulid(1);
    let set = world.open(pane, &sh("printf 'one\\n'; read line; echo got $line; exit 3"));
    assert_eq!(world.client.keeper().moves, Moves::Splice);
    world.wait_text(&set, "one\r\n");
    type_into(&set, b"two\n");
    assert_eq!(world.exit_of(pane), ExitStatus::Code(3));
    assert_eq!(world.journal(pane), b"one\r\ntwo\r\ngot two\r\n");
    let events = world.events(pane);
    assert!(matches!(events[0], Event::Started { offset: Offset(0), .. }), "{events:?}");
    assert_eq!(events[1], Event::Resize { offset: Offset(0), size: SIZE });
    assert!(matches!(events[2], Event::Time { offset: Offset(0), .. }), "{events:?}");
    let last = events.last().expect("events");
    assert!(
        matches!(last, Event::Exit { offset: Offset(19), status: ExitStatus::Code(3), .. }),
        "{events:?}"
    );
    // Opening it again gives the same pane, also after its end.
    let spec = std::sync::Arc::new(sh("").seal().expect("a memfd"));
    let again = world.call(&Request::Open { ulid: pane, size: SIZE, terms: TERMS, spec });
    let Ok(Response::Opened { existing: true, set: same }) = again else { panic!("{again:?}") };
    assert_eq!((same.pid, same.exit), (set.pid, Some(ExitStatus::Code(3))));
    assert_eq!(world.pane(pane).state, PaneState::Ended(ExitStatus::Code(3)));
}

fn the_child_has_the_asked_surroundings() {
    let mut world = World::new();
    let pane = ulid(1);
    let script = "pwd; umask; ulimit -n; echo $ASKED $HOME; stty size; stty -a; \
        cat /proc/self/oom_score_adj; grep Sig /proc/self/status; ls /proc/$$/fd; \
        cat /proc/$$/stat; tty; echo END";
    let mut spec = sh(script);
    spec.cwd = "/usr".into();
    spec.umask = 0o027;
    spec.nofile = 321;
    spec.environment.push(("ASKED".into(), "한글".into()));
    let set = world.open(pane, &spec);
    world.wait_text(&set, "END");
    let text = String::from_utf8(world.journal(pane)).expect("text");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..5], ["/usr", "0027", "321", "한글", "24 80"], "{text}");
    assert!(text.contains(" iutf8"), "{text}");
    let mask = |name: &str| {
        let line = lines.iter().find_map(|line| line.strip_prefix(name)).expect("a mask");
        // The C library keeps 32 and 33 for itself and lets nobody change them.
        u64::from_str_radix(line.trim(), 16).expect("a mask") & !(3 << 31)
    };
    assert_eq!((mask("SigBlk:"), mask("SigIgn:")), (0, 0), "{text}");
    assert!(lines.contains(&"0  1  2"), "{text}");
    let score = lines.iter().position(|line| line.starts_with("SigQ")).expect("signals") - 1;
    assert_eq!(lines[score], "0", "{text}");
    // Session, process group and foreground group of the terminal are the child's own.
    let stat = lines.iter().find(|line| line.contains(" (sh) ")).expect("stat");
    let fields: Vec<&str> = stat.split_whitespace().collect();
    let pid = set.pid.to_string();
    assert_eq!([fields[0], fields[4], fields[5], fields[7]], [pid.as_str(); 4], "{stat}");
    assert!(lines.iter().any(|line| line.starts_with("/dev/pts/")), "{text}");
}

fn a_login_shell_knows_that_it_is_one() {
    let mut world = World::new();
    let pane = ulid(1);
    let spec = SpawnSpec { arguments: Vec::new(), login: true, ..sh("") };
    let set = world.open(pane, &spec);
    type_into(&set, b"echo [$0] [$SHELL]\n");
    world.wait_text(&set, "[-sh] [/bin/sh]");
}

fn what_cannot_start_is_refused() {
    let mut world = World::new();
    let refused = |world: &mut World, spec: &SpawnSpec| {
        let refusal = world.open_with(ulid(1), spec, TERMS).expect_err("a refusal");
        (refusal.reason, refusal.errno)
    };
    let cwd = SpawnSpec { cwd: "/nowhere".into(), ..sh("") };
    assert_eq!(refused(&mut world, &cwd), (Reason::CwdMissing, libc_errno("ENOENT")));
    for program in ["/no/such/program", "no-such-program", "./no-such-program"] {
        let spec = SpawnSpec { program: program.into(), ..sh("") };
        assert_eq!(refused(&mut world, &spec), (Reason::NotFound, libc_errno("ENOENT")));
    }
    let directory = SpawnSpec { program: "/usr".into(), ..sh("") };
    assert_eq!(refused(&mut world, &directory).0, Reason::NotExecutable);
    let file = SpawnSpec { program: "/etc/passwd".into(), ..sh("") };
    assert_eq!(refused(&mut world, &file), (Reason::NotExecutable, libc_errno("EACCES")));
    let login = SpawnSpec { login: true, ..sh("") };
    assert_eq!(refused(&mut world, &login).0, Reason::Malformed);
    // None of it left a pane, and the same pane can be opened now.
    assert_eq!(world.status().panes, 0);
    let by_name = SpawnSpec { program: "sh".into(), ..sh("echo fine") };
    let set = world.open(ulid(1), &by_name);
    world.wait_text(&set, "fine");
}

fn libc_errno(name: &str) -> i32 {
    match name {
        "ENOENT" => rustix::io::Errno::NOENT.raw_os_error(),
        "EACCES" => rustix::io::Errno::ACCESS.raw_os_error(),
        other => panic!("{other}"),
    }
}

fn a_flood_is_exact_and_changes_movers() {
    let mut world = World::new();
    let pane = ulid(1);
    let set = world.open(pane, &own(&["flood"]));
    let status = world.status_until("a flood", |status| status.flooding == 1);
    assert_eq!(status.panes, 1);
    world.wait_journal(&set, "some megabytes", |world| world.journal_len(pane) > 4 << 20);
    type_into(&set, b"q");
    assert_eq!(world.exit_of(pane), ExitStatus::Code(flood::EXIT));
    let bytes = world.journal(pane);
    assert_eq!(bytes.len() % flood::RECORD, 0);
    assert!(flood::check(&bytes) > 1000);
    // Times come at most every ten milliseconds, and each belongs to later bytes than the last.
    let times: Vec<(u64, u64)> = world
        .events(pane)
        .into_iter()
        .filter_map(|event| match event {
            Event::Time { offset, mono_ns } => Some((offset.0, mono_ns)),
            _ => None,
        })
        .collect();
    assert!(times.len() > 1, "{times:?}");
    for pair in times.windows(2) {
        assert!(pair[1].0 > pair[0].0 && pair[1].1 - pair[0].1 >= 10_000_000, "{pair:?}");
    }
}

/// Two floods and hands in a third pane. A slow machine moves less, which is no fault here.
fn floods_stand_back_for_hands() {
    /// More than both floods may move in the time that is looked at, and far less than they would.
    const MOST_PER_SECOND: f64 = 4.0 * 1024.0 * 1024.0;
    let mut world = World::new();
    let (first, second, quiet) = (ulid(1), ulid(2), ulid(3));
    let floods = [world.open(first, &own(&["flood"])), world.open(second, &own(&["flood"]))];
    world.open(quiet, &sh("read line"));
    world.status_until("two floods", |status| status.flooding == 2);
    let typed = |world: &mut World| {
        assert!(matches!(world.call(&Request::Typed { ulid: quiet }), Ok(Response::Done)));
    };
    // Turns that had begun when the hands were heard of are over with the next answer of the list.
    typed(&mut world);
    world.pane(first);
    let (began, start) = (Instant::now(), world.journal_len(first) + world.journal_len(second));
    let mut moved = 0;
    while moved < 1024 * 1024 {
        typed(&mut world);
        wait(&[&floods[0].fds.eventfd], deadline(), "the flood goes on");
        let _ = rustix::io::read(&floods[0].fds.eventfd, &mut [0_u8; 8]);
        moved = world.journal_len(first) + world.journal_len(second) - start;
    }
    #[expect(clippy::cast_precision_loss, reason = "a few megabytes")]
    let per_second = moved as f64 / began.elapsed().as_secs_f64();
    assert!(per_second < MOST_PER_SECOND, "{per_second} bytes a second");
    for (ulid, set) in [first, second].into_iter().zip(&floods) {
        type_into(set, b"q");
        assert_eq!(world.exit_of(ulid), ExitStatus::Code(flood::EXIT));
        flood::check(&world.journal(ulid));
    }
}

fn a_resize_stands_before_what_follows_it() {
    let mut world = World::new();
    let pane = ulid(1);
    // The trap prints from inside the signal, so it cannot come before the size was set.
    let script = "trap 'stty size' WINCH; echo ready; while :; do read line && echo $line; done";
    let set = world.open(pane, &sh(script));
    world.wait_text(&set, "ready\r\n");
    let size = Size { cols: 132, rows: 50 };
    let resized = world.call(&Request::Resize { ulid: pane, size });
    let Ok(Response::Resized { offset }) = resized else { panic!("{resized:?}") };
    assert_eq!(tty::size(&set.fds.master), Ok(size));
    world.wait_text(&set, "50 132\r\n");
    let bytes = world.journal(pane);
    let shown = String::from_utf8_lossy(&bytes).find("50 132").expect("it was waited for");
    let ready = String::from_utf8_lossy(&bytes).find("ready\r\n").expect("it was waited for");
    assert!(offset.0 as usize >= ready + 7 && offset.0 as usize <= shown, "{offset} {bytes:?}");
    let sizes = |world: &World| {
        let events = world.events(pane).into_iter();
        events.filter(|event| matches!(event, Event::Resize { .. })).collect::<Vec<_>>()
    };
    let expected = Event::Resize { offset, size };
    assert_eq!(sizes(&world)[1..], [expected]);
    // Asked again, it changes nothing and records nothing.
    let again = world.call(&Request::Resize { ulid: pane, size });
    assert!(matches!(again, Ok(Response::Resized { .. })), "{again:?}");
    assert_eq!(sizes(&world).len(), 2);
}

/// A program that says how many pixels its terminal has, at once and after every line.
pub(crate) fn say_pixels() -> ExitCode {
    loop {
        let size = rustix::termios::tcgetwinsize(std::io::stdin()).expect("a terminal");
        println!("{}x{} pixels", size.ws_xpixel, size.ws_ypixel);
        let read = std::io::stdin().read_line(&mut String::new());
        if read.is_ok_and(|bytes| bytes == 0) {
            return ExitCode::SUCCESS;
        }
    }
}

fn a_program_finds_its_cell() {
    let mut world = World::new();
    let pane = ulid(1);
    let cell = |width, height| CellPixels { width, height };
    let spec = SpawnSpec { cell: Some(cell(9, 18)), ..own(&["pixels"]) };
    let set = world.open(pane, &spec);
    let area = |cols: u16, rows: u16| format!("{}x{} pixels", cols * SIZE.cols, rows * SIZE.rows);
    world.wait_text(&set, &area(9, 18));
    assert_eq!(tty::cell(&set.fds.master), Ok(Some(cell(9, 18))));
    let told = world.call(&Request::CellPixels { ulid: pane, cell: cell(8, 17) });
    let Ok(Response::Resized { offset }) = told else { panic!("{told:?}") };
    type_into(&set, b"\n");
    world.wait_text(&set, &area(8, 17));
    let size = Size { cols: 100, rows: 30 };
    let resized = world.call(&Request::Resize { ulid: pane, size });
    assert!(matches!(resized, Ok(Response::Resized { .. })), "{resized:?}");
    type_into(&set, b"\n");
    world.wait_text(&set, "800x510 pixels");
    // Asked again, it changes nothing and records nothing.
    let again = world.call(&Request::CellPixels { ulid: pane, cell: cell(8, 17) });
    assert!(matches!(again, Ok(Response::Resized { .. })), "{again:?}");
    let cells = world.events(pane).into_iter();
    let cells = cells.filter(|event| matches!(event, Event::CellPixels { .. }));
    let first = Event::CellPixels { offset: Offset(0), cell: cell(9, 18) };
    assert_eq!(cells.collect::<Vec<_>>(), [first, Event::CellPixels { offset, cell: cell(8, 17) }]);
    // What is no cell is refused, and the connection goes on.
    let none = world.call(&Request::CellPixels { ulid: pane, cell: cell(3, 17) });
    assert_eq!(none.expect_err("nobody could read that").reason, Reason::Malformed);
    type_into(&set, &[4]);
    assert_eq!(world.exit_of(pane), ExitStatus::Code(0));
}

fn a_signal_ends_a_program_and_is_told() {
    let mut world = World::new();
    for (number, target, expected) in [
        (1, SignalTarget::Leader, ExitStatus::Signal(15)),
        (2, SignalTarget::Foreground, ExitStatus::Code(128 + 15)),
    ] {
        let pane = ulid(number);
        // Job control puts the inner command into a group of its own, in the foreground.
        let script = match target {
            SignalTarget::Leader => "echo ready; exec cat",
            SignalTarget::Foreground => "set -m; sh -c 'echo ready; exec cat'; exit $?",
        };
        let set = world.open(pane, &sh(script));
        world.wait_text(&set, "ready");
        let done = world.call(&Request::Signal { ulid: pane, signal: 15, target });
        assert!(matches!(done, Ok(Response::Done)), "{done:?}");
        assert_eq!(world.exit_of(pane), expected);
        let late = world.call(&Request::Signal { ulid: pane, signal: 15, target });
        assert_eq!(late.expect_err("it has ended").reason, Reason::Ended);
    }
}

fn an_interrupt_reaches_it() {
    let mut world = World::new();
    let pane = ulid(1);
    let script = "trap 'echo caught; exit 1' INT; echo ready; while :; do :; done";
    let set = world.open(pane, &sh(script));
    world.wait_text(&set, "ready");
    assert_eq!(tty::modes(&set.fds.master).expect("modes").vintr, Some(3));
    // Type until there is no room for a key, as into a program that hangs.
    while rustix::io::write(&set.fds.master, &[b'x'; 512]).is_ok() {}
    assert!(rustix::io::write(&set.fds.master, &[3]).is_err());
    tty::flush_input(&set.fds.master).expect("flushed");
    tty::interrupt(&set.fds.master).expect("sent");
    world.wait_text(&set, "caught");
    assert_eq!(world.exit_of(pane), ExitStatus::Code(1));
}

fn a_background_child_does_not_hold_the_pane() {
    let mut world = World::new();
    let pane = ulid(1);
    let set =
        world.open(pane, &sh("trap '' HUP; (while :; do echo busy; done) & echo last; exit 4"));
    assert_eq!(world.exit_of(pane), ExitStatus::Code(4));
    let len = world.journal_len(pane);
    assert!(matches!(
        world.events(pane).last(),
        Some(Event::Exit { offset, .. }) if offset.0 == len
    ));
    assert!(matches!(world.call(&Request::Close { ulid: pane }), Ok(Response::Done)));
    assert!(matches!(world.call(&Request::Close { ulid: pane }), Ok(Response::Done)));
    drop(set);
    assert_eq!(world.status().panes, 0);
}

fn a_closed_terminal_costs_nothing() {
    let mut world = World::new();
    let pane = ulid(1);
    // The shell lets go of its terminal, and takes it again when it is told to.
    let script = "echo first; fifo=$(mktemp -u); mkfifo $fifo; echo fifo $fifo.; \
        exec </dev/null >/dev/null 2>/dev/null; read go <$fifo; exec >/dev/tty; echo second";
    let set = world.open(pane, &sh(script));
    world.wait_text(&set, ".\r\n");
    let text = String::from_utf8(world.journal(pane)).expect("text");
    let (_, fifo) = text.split_once("fifo ").expect("a path");
    let fifo = fifo.trim_end().trim_end_matches('.');
    // Opening it for writing waits until the shell reads, and by then the terminal is closed.
    let mut go = std::fs::OpenOptions::new().write(true).open(fifo).expect("a fifo");
    let keeper = world.client.keeper().pid;
    let before = switches(keeper);
    for _ in 0..1000 {
        world.status();
    }
    // Both movers together; the thread that answers is not counted.
    assert!(switches(keeper) - before < 100, "the movers sleep while the terminal is hung up");
    std::io::Write::write_all(&mut go, b"go\n").expect("a reader");
    world.wait_text(&set, "second");
    assert_eq!(world.exit_of(pane), ExitStatus::Code(0));
    std::fs::remove_file(fifo).expect("a fifo");
}

/// How often the movers have gone to sleep.
fn switches(keeper: u32) -> u64 {
    let tasks = std::fs::read_dir(format!("/proc/{keeper}/task")).expect("/proc");
    let statuses =
        tasks.map(|task| std::fs::read_to_string(task.expect("/proc").path().join("status")));
    let movers =
        statuses.map(|status| status.expect("/proc")).filter(|s| s.starts_with("Name:\tmover"));
    let counts = movers.map(|status| {
        let line = status.lines().find(|line| line.starts_with("voluntary_ctxt_switches"));
        line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).expect("a count")
    });
    counts.sum()
}

fn the_cap_holds_a_program() {
    let mut world = World::new();
    let pane = ulid(1);
    let terms = Terms { hard_cap: 1 << 20, rotate_bytes: 64 * 1024 };
    let set = world.open_with(pane, &own(&["flood"]), terms).expect("a pane");
    let wait_for = |world: &mut World, wanted: PaneState| {
        world.notice("a state", |notice| match notice {
            Notice::State { ulid, state } if *ulid == pane && *state == wanted => Some(()),
            _ => None,
        });
    };
    wait_for(&mut world, PaneState::Waiting(Wait::Cap));
    let held = world.journal_len(pane);
    // A turn at most beyond the cap, and it stays there.
    assert!((1 << 20..(1 << 20) + 128 * 1024).contains(&held), "{held}");
    assert_eq!(world.status().waiting, 1);
    // A resize does not wait for the bytes that are held back.
    let size = Size { cols: 100, rows: 30 };
    let resized = world.call(&Request::Resize { ulid: pane, size });
    assert!(matches!(resized, Ok(Response::Resized { offset: Offset(at) }) if at == held));
    let first = Offset(held / 2);
    assert!(matches!(world.call(&Request::Trimmed { ulid: pane, first }), Ok(Response::Done)));
    wait_for(&mut world, PaneState::Moving);
    wait_for(&mut world, PaneState::Waiting(Wait::Cap));
    let gap = Gap { from: Offset(0), to: first, reason: GapReason::Budget };
    assert!(world.events(pane).contains(&Event::Gap(gap)), "what is deleted is on record");
    assert!(world.journal_len(pane) >= held + held / 2 - 64 * 1024);
    type_into(&set, b"q");
    let all = Offset(u64::MAX);
    assert!(matches!(world.call(&Request::Trimmed { ulid: pane, first: all }), Ok(Response::Done)));
    assert_eq!(world.exit_of(pane), ExitStatus::Code(flood::EXIT));
    flood::check(&world.journal(pane));
}
