//! Who holds what: sets, parked descriptors, and nothing more than that.

use std::io::{Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::Arc;

use ccc_journal::ExitStatus;
use ccc_keeper::client::{ClientError, Hello, KeeperClient};
use ccc_keeper::protocol::{Reason, Request, Response, Role, SignalTarget};

use crate::Case;
use crate::world::{World, deadline, open_fds, pidfd, sh, start, type_into, ulid, wait};

pub(crate) const CASES: &[Case] = &[
    ("custody::a_server_that_comes_back_finds_its_panes", a_server_that_comes_back),
    ("custody::a_thousand_fds_come_in_small_frames", a_thousand_fds_come_in_small_frames),
    ("custody::parked_descriptors_come_back", parked_descriptors_come_back),
    ("custody::a_hundred_panes_leave_nothing_behind", a_hundred_panes_leave_nothing_behind),
    ("custody::closing_hangs_up_the_program", closing_hangs_up_the_program),
    ("custody::a_tool_sees_and_holds_nothing", a_tool_sees_and_holds_nothing),
    ("custody::a_state_directory_may_be_deep", a_state_directory_may_be_deep),
    ("custody::strange_frames_hurt_only_their_sender", strange_frames_hurt_only_their_sender),
    ("custody::a_state_directory_open_to_others_is_refused", an_open_directory_is_refused),
];

fn a_server_that_comes_back() {
    let mut world = World::new();
    let pane = ulid(1);
    let set = world.open(pane, &sh("echo begun; read line; echo $line; exit 5"));
    world.wait_text(&set, "begun");
    drop(set);
    world.reconnect();
    let [set] = world.sets.as_slice() else { panic!("{:?}", world.sets) };
    let set = set.clone();
    assert_eq!(set.ulid, pane);
    type_into(&set, b"again\n");
    world.wait_text(&set, "again\r\nagain\r\n");
    assert_eq!(world.exit_of(pane), ExitStatus::Code(5));
}

fn a_thousand_fds_come_in_small_frames() {
    let mut world = World::new();
    // The program's own limit is far below what the keeper has open at the end.
    let mut spec = sh("ulimit -n; exec cat");
    spec.nofile = 200;
    for number in 0..200 {
        world.open(ulid(number), &spec);
    }
    world.reconnect();
    let mut masters: Vec<i32> = world.sets.iter().map(|set| set.fds.master.as_raw_fd()).collect();
    masters.sort_unstable();
    masters.dedup();
    assert_eq!((world.sets.len(), masters.len()), (200, 200));
    // Each set is the pane it says: what is typed into it comes out in its journal.
    for set in world.sets.clone().iter().step_by(37) {
        world.wait_text(set, "200\r\n");
        type_into(set, format!("I am {}\n", set.ulid).as_bytes());
        world.wait_text(set, &format!("\nI am {}\r\n", set.ulid));
    }
    assert_eq!(world.full_custody().panes, 200);
}

fn parked_descriptors_come_back() {
    let mut world = World::new();
    world.full_custody();
    let (mut read, write) = std::io::pipe().expect("a pipe");
    let park = |name: &str, fd: &Arc<OwnedFd>| Request::Park { name: name.into(), fd: fd.clone() };
    let fd = Arc::new(OwnedFd::from(write));
    assert!(matches!(world.call(&park("udp", &fd)), Ok(Response::Done)));
    assert_eq!(world.call(&park("../udp", &fd)).expect_err("a path").reason, Reason::Name);
    drop(fd);
    world.reconnect();
    let [(name, fd)] = world.parked.as_slice() else { panic!("{:?}", world.parked) };
    assert_eq!(name, "udp");
    let fd = fd.try_clone().expect("a descriptor");
    std::fs::File::from(fd).write_all(b"alive").expect("the same pipe");
    // Also through the keeper's death.
    world.kill_keeper();
    world.reconnect();
    let unparked = world.call(&Request::Unpark { name: "udp".into() });
    let Ok(Response::Unparked { fd }) = unparked else { panic!("{unparked:?}") };
    std::fs::File::from(fd.try_clone().expect("a descriptor")).write_all(b"!").expect("a pipe");
    let again = world.call(&Request::Unpark { name: "udp".into() });
    assert_eq!(again.expect_err("it is gone").reason, Reason::Name);
    // With the last descriptor gone everywhere the pipe ends: the keepers hold none any more.
    drop(fd);
    world.parked.clear();
    let mut text = String::new();
    read.read_to_string(&mut text).expect("text");
    assert_eq!(text, "alive!");
}

fn a_hundred_panes_leave_nothing_behind() {
    let mut world = World::new();
    let spec = sh("exit 0");
    let round = |world: &mut World| {
        for number in 0..100 {
            let set = world.open(ulid(number), &spec);
            assert_eq!(world.exit_of(set.ulid), ExitStatus::Code(0));
            let closed = world.call(&Request::Close { ulid: set.ulid });
            assert!(matches!(closed, Ok(Response::Done)));
        }
        let status = world.full_custody();
        assert_eq!(status.panes, 0);
        [status.pid, status.spare]
    };
    let processes = round(&mut world);
    let before = processes.map(open_fds);
    assert_eq!(round(&mut world), processes);
    let until = deadline();
    // The spare closes its own a moment after it is told, so that the first count may hold one pane
    // too many; a leak would hold a hundred.
    let grown = || processes.map(open_fds).iter().zip(before).any(|(now, before)| *now > before);
    while grown() {
        assert!(std::time::Instant::now() < until, "{before:?} {:?}", processes.map(open_fds));
        world.status();
    }
}

fn closing_hangs_up_the_program() {
    let mut world = World::new();
    world.full_custody();
    let pane = ulid(1);
    let set = world.open(pane, &sh("exec cat"));
    let pid = set.pid;
    let child = pidfd(pid);
    drop(set);
    assert!(matches!(world.call(&Request::Close { ulid: pane }), Ok(Response::Done)));
    // Keeper and server have let go; the spare does so when it is told, and then it hangs up.
    wait(&[&child], deadline(), "the end of a program without a terminal");
    // Its parent is the keeper, which still has to reap it.
    let until = deadline();
    while std::path::Path::new(&format!("/proc/{pid}")).exists() {
        assert!(std::time::Instant::now() < until, "a zombie stays");
        world.status();
    }
}

fn a_tool_sees_and_holds_nothing() {
    let mut world = World::new();
    world.full_custody();
    let pane = ulid(1);
    world.open(pane, &sh("exec cat"));
    let hello = Hello { role: Role::Tool, build: "tool", restart: None };
    let tool = KeeperClient::connect(&world.state(), &hello, deadline()).expect("a keeper");
    assert!(tool.sets.is_empty() && tool.parked.is_empty());
    let mut tool = tool.client;
    let status = tool.call(&Request::Status, deadline());
    let Ok(Response::Status(status)) = status else { panic!("{status:?}") };
    assert_eq!((status.panes, status.pid), (1, world.client.keeper().pid));
    assert_eq!(status.server, std::process::id());
    assert!(status.spare != 0 && status.spare != status.pid);
    let unknown = tool.call(
        &Request::Signal { ulid: ulid(9), signal: 1, target: SignalTarget::Leader },
        deadline(),
    );
    let Err(ClientError::Refused(refusal)) = unknown else { panic!("{unknown:?}") };
    assert_eq!(refusal.reason, Reason::NoSuchPane);
    // It is not told of what happens either.
    let signal = Request::Signal { ulid: pane, signal: 9, target: SignalTarget::Leader };
    assert!(matches!(world.call(&signal), Ok(Response::Done)));
    assert_eq!(world.exit_of(pane), ExitStatus::Signal(9));
    assert!(matches!(tool.receive(), Ok(None)));
    // A second hello is refused, and the connection goes on.
    let hello = Request::Hello {
        role: Role::Tool,
        oldest: 1,
        newest: 1,
        build: String::new(),
        server: None,
    };
    let twice = tool.call(&hello, deadline());
    let Err(ClientError::Refused(refusal)) = twice else { panic!("{twice:?}") };
    assert_eq!(refusal.reason, Reason::Hello);
    assert!(tool.call(&Request::Status, deadline()).is_ok());
}

fn strange_frames_hurt_only_their_sender() {
    let mut world = World::new();
    let address = rustix::net::SocketAddrUnix::new(world.state().join("run/keeper.sock"));
    let address = address.expect("a short path");
    let connect = || {
        let (family, kind) = (rustix::net::AddressFamily::UNIX, rustix::net::SocketType::SEQPACKET);
        let socket = rustix::net::socket(family, kind, None).expect("a socket");
        rustix::net::connect(&socket, &address).expect("a keeper");
        socket
    };
    let send = |socket: &OwnedFd, bytes: &[u8]| {
        rustix::net::send(socket, bytes, rustix::net::SendFlags::NOSIGNAL).expect("sent");
    };
    let receive = |socket: &OwnedFd| {
        wait(&[socket], deadline(), "an answer");
        let mut bytes = vec![0; 65_536];
        let (len, _) = rustix::net::recv(socket, &mut bytes[..], rustix::net::RecvFlags::empty())
            .expect("an answer or an end");
        bytes.truncate(len);
        bytes
    };
    let number = |bytes: &[u8]| u16::from_le_bytes([bytes[0], bytes[1]]);
    let reason = |bytes: &[u8]| u16::from_le_bytes([bytes[8], bytes[9]]);
    let status = [12, 0, 0, 0, 1, 0, 0, 0];
    let hello = *b"\x01\0\0\0\x07\0\0\0ccck\x01\0\x01\0\0\0\0\0";
    // A request before the hello, one that nobody knows, and one that is cut off: refused by name,
    // and the connection goes on.
    let socket = connect();
    for (frame, expected) in [
        (&status[..], 4),
        (&[0x11, 0x22, 0, 0, 1, 0, 0, 0, b'?'][..], 1),
        (&hello[..19], 2),
        (&[&hello[..], b"x"].concat(), 2),
    ] {
        send(&socket, frame);
        let answer = receive(&socket);
        assert_eq!((number(&answer), reason(&answer)), (0x4002, expected), "{frame:?}");
    }
    let mut future = hello;
    future[12..16].copy_from_slice(&[2, 0, 3, 0]);
    send(&socket, &future);
    let answer = receive(&socket);
    assert_eq!((number(&answer), reason(&answer)), (0x4002, 3));
    let text = String::from_utf8_lossy(&answer).into_owned();
    assert!(text.contains("version 1, the caller 2 to 3: the keeper is older"), "{text}");
    send(&socket, &hello);
    assert_eq!(number(&receive(&socket)), 0x4003);
    send(&socket, &status);
    assert_eq!(number(&receive(&socket)), 0x4009);
    // What is no frame at all ends the connection.
    for frame in
        [vec![1, 2, 3], [&[12, 0, 1, 0, 1, 0, 0, 0], &status[..]].concat(), vec![0; 65_537]]
    {
        let socket = connect();
        send(&socket, &frame);
        assert_eq!(receive(&socket), [0_u8; 0], "{} bytes", frame.len());
    }
    assert_eq!(world.status().panes, 0);
}

fn an_open_directory_is_refused() {
    let dir = tempfile::tempdir().expect("a directory");
    let state = dir.path().join("state");
    std::fs::create_dir(&state).expect("a directory");
    let mode = |mode| std::os::unix::fs::PermissionsExt::from_mode(mode);
    std::fs::set_permissions(&state, mode(0o777)).expect("our own");
    let keeper = || {
        let mut command = std::process::Command::new(crate::world::exe());
        let output = command.args(["keeper", "--state"]).arg(&state).output().expect("a process");
        (output.status.success(), String::from_utf8(output.stderr).expect("text"))
    };
    let (success, text) = keeper();
    assert!(!success && text.contains("is open to other users"), "{text}");
    // A link in its place is not followed either.
    std::fs::remove_dir(&state).expect("an empty directory");
    std::os::unix::fs::symlink(dir.path(), &state).expect("a link");
    let (success, text) = keeper();
    assert!(!success && text.contains("is a symbolic link"), "{text}");
}

fn a_state_directory_may_be_deep() {
    let dir = tempfile::tempdir().expect("a directory");
    let state = dir.path().join("a".repeat(120)).join("b".repeat(120));
    let mut client = start(&state).client;
    let status = client.call(&Request::Status, deadline());
    assert!(matches!(status, Ok(Response::Status(_))), "{status:?}");
    let done = client.call(&Request::Shutdown { kill: false }, deadline());
    assert!(matches!(done, Ok(Response::Done)), "{done:?}");
    wait(&[&client.keeper().pidfd], deadline(), "the keeper leaves");
}
