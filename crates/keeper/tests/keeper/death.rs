//! Keepers that are killed, stopped, doubled and replaced.

use std::process::{Command, Stdio};

use ccc_journal::{Event, ExitStatus, Size};
use ccc_keeper::client::{ClientError, Hello, KeeperClient, Start, connect_or_start};
use ccc_keeper::protocol::{Notice, Reason, Request, Response, Role};
use ccc_keeper::tty;
use rustix::process::Signal;

use crate::world::{
    SIZE, World, deadline, exe, kill, own, pidfd, sh, signal, start, type_into, ulid, wait,
};
use crate::{Case, flood};

pub(crate) const CASES: &[Case] = &[
    ("death::thirty_keepers_die_under_a_flood", thirty_keepers_die_under_a_flood),
    ("death::keepers_die_while_they_take_over", keepers_die_while_they_take_over),
    ("death::keeper_and_spare_die_and_the_server_hands_over", keeper_and_spare_die),
    ("death::an_exit_is_known_to_the_successor", an_exit_is_known_to_the_successor),
    ("death::an_exit_is_recorded_once", an_exit_is_recorded_once),
    ("death::a_dead_spare_is_replaced", a_dead_spare_is_replaced),
    ("death::there_is_one_keeper_at_a_time", there_is_one_keeper_at_a_time),
    ("death::a_stopped_keeper_is_not_succeeded", a_stopped_keeper_is_not_succeeded),
    ("death::a_keeper_replaces_its_program_in_place", a_keeper_replaces_its_program),
    ("death::a_keeper_that_cannot_upgrade_goes_on", a_keeper_that_cannot_upgrade_goes_on),
];

const KILLS: usize = 40;

fn thirty_keepers_die_under_a_flood() {
    let mut world = World::new();
    let pane = ulid(1);
    let mut set = world.open(pane, &own(&["flood"]));
    let quiet = ulid(2);
    world.open(quiet, &sh("while read line; do echo got $line; done"));
    let mut keepers = Vec::new();
    // Uneven steps, so that kills fall at every point of a turn and of a rotation.
    for (round, step) in (0..KILLS).zip([3_000, 170_000, 40_000, 900_000, 260_000].iter().cycle()) {
        let custody = world.full_custody();
        keepers.push(custody.pid);
        let goal = world.journal_len(pane) + step;
        world.wait_journal(&set, "progress", |world| world.journal_len(pane) >= goal);
        world.kill_keeper();
        world.reconnect();
        assert_eq!(world.client.keeper().pid, custody.spare, "the spare became the keeper");
        let find = |world: &World, ulid| {
            world.sets.iter().find(|set| set.ulid == ulid).expect("nothing is lost").clone()
        };
        set = find(&world, pane);
        let still = find(&world, quiet);
        type_into(&still, format!("{round}\n").as_bytes());
        world.wait_text(&still, &format!("got {round}\r\n"));
    }
    type_into(&set, b"q");
    let status = world.exit_of(pane);
    assert_eq!(status, ExitStatus::Code(flood::EXIT), "its parent died, its status did not");
    let bytes = world.journal(pane);
    assert_eq!(bytes.len() % flood::RECORD, 0);
    let records = flood::check(&bytes);
    println!("    {KILLS} kills, {records} records, {} bytes: exact", bytes.len());
    let adoptions = |world: &World, ulid| {
        let events = world.events(ulid).into_iter();
        events.filter(|event| matches!(event, Event::Adopted { .. })).count()
    };
    assert_eq!((adoptions(&world, pane), adoptions(&world, quiet)), (KILLS, KILLS));
    keepers.sort_unstable();
    keepers.dedup();
    assert_eq!(keepers.len(), KILLS);
}

/// Nobody waits until all custodians are there again: whoever is the keeper is killed as soon as it
/// answers, and the server hands on what it alone still has.
fn keepers_die_while_they_take_over() {
    let mut world = World::new();
    let pane = ulid(1);
    let set = world.open(pane, &own(&["flood"]));
    world.wait_journal(&set, "a flood", |world| world.journal_len(pane) > 1 << 20);
    let mut handed_on = 0;
    for _ in 0..KILLS {
        world.kill_keeper();
        world.reconnect();
        if world.sets.is_empty() {
            world.client.adopt(std::slice::from_ref(&set), deadline()).expect("adopted");
            handed_on += 1;
        }
    }
    println!("    {KILLS} kills, handed on by the server {handed_on} times");
    let goal = world.journal_len(pane) + (1 << 20);
    world.wait_journal(&set, "progress", |world| world.journal_len(pane) >= goal);
    type_into(&set, b"q");
    assert_eq!(world.exit_of(pane), ExitStatus::Code(flood::EXIT));
    flood::check(&world.journal(pane));
}

fn keeper_and_spare_die() {
    let mut world = World::new();
    let pane = ulid(1);
    let set = world.open(pane, &own(&["flood"]));
    world.wait_journal(&set, "a flood", |world| world.journal_len(pane) > 1 << 20);
    let custody = world.full_custody();
    // Stopped, it cannot start another spare.
    signal(custody.pid, Signal::STOP);
    let spare = pidfd(custody.spare);
    kill(custody.spare);
    wait(&[&spare], deadline(), "the spare's death");
    world.kill_keeper();
    world.reconnect();
    assert!(world.sets.is_empty(), "a new keeper holds nothing: {:?}", world.sets);
    let (offered, until) = (vec![set.clone()], deadline());
    assert_eq!(world.client.adopt(&offered, until).expect("adopted"), 1);
    assert_eq!(world.client.adopt(&offered, until).expect("known"), 0);
    assert_eq!(world.full_custody().panes, 1);
    // Everything works with what was handed over, the spare included.
    let goal = world.journal_len(pane) + (1 << 20);
    world.wait_journal(&set, "progress", |world| world.journal_len(pane) >= goal);
    world.kill_keeper();
    world.reconnect();
    assert_eq!(world.sets.len(), 1);
    type_into(&set, b"q");
    assert_eq!(world.exit_of(pane), ExitStatus::Code(flood::EXIT));
    flood::check(&world.journal(pane));
}

fn an_exit_is_known_to_the_successor() {
    let mut world = World::new();
    let spec = |how: &str| sh(&format!("echo up; read line; {how}"));
    let sets = [(1, "exit 9"), (2, "kill -KILL $$"), (3, "exit 0")]
        .map(|(number, how)| world.open(ulid(number), &spec(how)));
    sets.iter().for_each(|set| world.wait_text(set, "up"));
    world.full_custody();
    world.kill_keeper();
    world.reconnect();
    sets.iter().for_each(|set| type_into(set, b"\n"));
    // Kernels before 6.15 tell nobody but the parent, which is gone.
    let expected = match kernel() >= (6, 15) {
        true => [ExitStatus::Code(9), ExitStatus::Signal(9), ExitStatus::Code(0)],
        false => [ExitStatus::Unknown; 3],
    };
    assert_eq!(sets.map(|set| world.exit_of(set.ulid)), expected);
}

fn kernel() -> (u32, u32) {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").expect("/proc");
    let mut numbers = release.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse());
    let mut next = || numbers.next().expect("a number").expect("a number");
    (next(), next())
}

fn an_exit_is_recorded_once() {
    let mut world = World::new();
    let pane = ulid(1);
    world.open(pane, &sh("exit 6"));
    assert_eq!(world.exit_of(pane), ExitStatus::Code(6));
    let sets = world.sets.clone();
    world.full_custody();
    world.kill_keeper();
    world.reconnect();
    // Once through the spare, which was told; once through a server that was not.
    let [set] = world.sets.as_slice() else { panic!("{:?}", world.sets) };
    assert_eq!(set.exit, Some(ExitStatus::Code(6)));
    let mut untold = set.clone();
    untold.exit = None;
    assert!(matches!(world.call(&Request::Close { ulid: pane }), Ok(Response::Done)));
    assert_eq!(world.client.adopt(&[untold], deadline()).expect("adopted"), 1);
    assert_eq!(world.exit_of(pane), ExitStatus::Code(6));
    let exits = world.events(pane).into_iter().filter(|e| matches!(e, Event::Exit { .. }));
    assert_eq!(exits.count(), 1);
    drop(sets);
}

fn a_dead_spare_is_replaced() {
    let mut world = World::new();
    let first = world.full_custody();
    let spare = pidfd(first.spare);
    kill(first.spare);
    wait(&[&spare], deadline(), "the spare's death");
    let second = world
        .status_until("another spare", |status| status.spare != 0 && status.spare != first.spare);
    assert_eq!(second.pid, first.pid);
}

fn there_is_one_keeper_at_a_time() {
    let dir = tempfile::tempdir().expect("a directory");
    let state = dir.path().join("state");
    let keeper = || {
        let mut command = Command::new(exe());
        command.args(["keeper", "--state"]).arg(&state).stdin(Stdio::null());
        command.stderr(Stdio::piped()).spawn().expect("a process")
    };
    let mut both = [keeper(), keeper()];
    let watched = [pidfd(both[0].id()), pidfd(both[1].id())];
    wait(&[&watched[0], &watched[1]], deadline(), "one of two leaves");
    let loser = usize::from(both[0].try_wait().expect("a child").is_none());
    assert!(both[1 - loser].try_wait().expect("a child").is_none(), "the other one stays");
    let winner = both[1 - loser].id();
    let mut client = start(&state).client;
    assert_eq!(client.keeper().pid, winner);
    let [first, second] = both;
    let (loser, mut winner) = if loser == 0 { (first, second) } else { (second, first) };
    let output = loser.wait_with_output().expect("a child");
    let text = String::from_utf8(output.stderr).expect("text");
    let expected = format!("another keeper of {}, process {}", state.display(), winner.id());
    assert!(!output.status.success() && text.contains(&expected), "{text:?}");
    let done = client.call(&Request::Shutdown { kill: false }, deadline());
    assert!(matches!(done, Ok(Response::Done)));
    assert!(winner.wait().expect("a child").success());
}

fn a_stopped_keeper_is_not_succeeded() {
    let mut world = World::new();
    let pane = ulid(1);
    let set = world.open(pane, &own(&["flood"]));
    let custody = world.full_custody();
    signal(custody.pid, Signal::STOP);
    let hello = Hello { role: Role::Tool, build: "test", restart: None };
    let (exe, state) = (exe(), world.state());
    let soon = std::time::Instant::now() + std::time::Duration::from_millis(300);
    let start = Start { state_dir: &state, exe: &exe, log: None };
    match connect_or_start(&start, &hello, soon) {
        Err(ClientError::TimedOut { .. }) => {}
        other => panic!("{other:?}"),
    }
    let held = world.journal_len(pane);
    assert_eq!(world.journal_len(pane), held, "nobody moves bytes in its place");
    signal(custody.pid, Signal::CONT);
    assert_eq!(world.full_custody().pid, custody.pid);
    type_into(&set, b"q");
    assert_eq!(world.exit_of(pane), ExitStatus::Code(flood::EXIT));
    flood::check(&world.journal(pane));
}

fn a_keeper_replaces_its_program() {
    let mut world = World::new();
    let pane = ulid(1);
    let set = world.open(pane, &own(&["flood"]));
    let ended = ulid(2);
    world.open(ended, &sh("exit 2"));
    assert_eq!(world.exit_of(ended), ExitStatus::Code(2));
    let (_read, write) = std::io::pipe().expect("a pipe");
    let fd = std::sync::Arc::new(write.into());
    assert!(world.call(&Request::Park { name: "udp".into(), fd }).is_ok());
    let before = world.full_custody();
    for round in 0..5 {
        let goal = world.journal_len(pane) + 400_000;
        world.wait_journal(&set, "progress", |world| world.journal_len(pane) >= goal);
        let upgraded = world.call(&Request::Upgrade { exe: exe().into() });
        assert!(matches!(upgraded, Ok(Response::Done)), "{round}: {upgraded:?}");
        world.notice("the upgrade", |notice| {
            matches!(notice, Notice::Upgraded { build, .. } if build == "test").then_some(())
        });
    }
    let after = world
        .status_until("a new spare", |status| status.spare != 0 && status.spare != before.spare);
    assert_eq!((after.pid, after.panes, after.parked), (before.pid, 2, 1));
    assert_eq!(after.server, std::process::id(), "the connection is still the server's");
    // Children are still its own: it learns the status as their parent.
    type_into(&set, b"q");
    assert_eq!(world.exit_of(pane), ExitStatus::Code(flood::EXIT));
    flood::check(&world.journal(pane));
    // And it dies like any other keeper.
    world.full_custody();
    world.kill_keeper();
    world.reconnect();
    assert_eq!((world.sets.len(), world.parked.len()), (2, 1));
}

fn a_keeper_that_cannot_upgrade_goes_on() {
    let mut world = World::new();
    let pane = ulid(1);
    let set = world.open(pane, &sh("read line; echo $line"));
    for (program, reason) in
        [("/no/such", Reason::NotExecutable), ("/etc/passwd", Reason::NotExecutable)]
    {
        let refused = world.call(&Request::Upgrade { exe: program.into() });
        assert_eq!(refused.expect_err("no program").reason, reason);
    }
    let dir = tempfile::tempdir().expect("a directory");
    let bad = dir.path().join("bad");
    std::fs::write(&bad, [0_u8; 64]).expect("a file");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&bad, mode).expect("a file");
    let refused = world.call(&Request::Upgrade { exe: bad.into() });
    assert_eq!(refused.expect_err("no program").reason, Reason::Os);
    let size = Size { cols: 90, rows: 20 };
    let resized = world.call(&Request::Resize { ulid: pane, size });
    assert!(matches!(resized, Ok(Response::Resized { .. })), "{resized:?}");
    assert_ne!(tty::size(&set.fds.master), Ok(SIZE));
    type_into(&set, b"on\n");
    world.wait_text(&set, "on\r\non\r\n");
    let hello = Hello { role: Role::Tool, build: "test", restart: None };
    assert!(KeeperClient::connect(&world.state(), &hello, deadline()).is_ok());
}
