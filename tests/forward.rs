//! Ports of one machine at hand on another. Two machines, each a sandbox; what listens is this test, or a
//! program in a pane.

use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use ccc_testkit::{KitError, Process, Result, Sandbox, Size, Terminal, text};
use rustix::process::Signal;
use serde_json::Value;

const SIZE: Size = Size::new(100, 24);
const SOON: Duration = Duration::from_secs(60);
/// Connections that are carried for one client at a time.
const MOST: usize = 128;
/// Lines that wait for the test: far more than any prints.
const LINES: usize = 4096;

fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_ccc"))
}

/// A server, and another machine that was invited to it under the name `box`.
fn paired(invite: &[&str]) -> Result<(Sandbox, Sandbox)> {
    let (server, client) = (sandbox()?, sandbox()?);
    pair(&server, &client, invite)?;
    Ok((server, client))
}

fn pair(server: &Sandbox, client: &Sandbox, invite: &[&str]) -> Result<()> {
    server.ok(&["new", "-d", "-n", "work", "--", "/bin/cat"])?;
    let link = server.ok(&[&["invite"], invite].concat())?;
    let pairing = client.ccc(&["pair", "-", "--name", "box"]);
    let paired = client.run_program(&pairing, link.as_bytes())?;
    assert_eq!(paired.code, Some(0), "{paired:?}");
    Ok(())
}

/// `ccc forward` while it runs.
struct Forward {
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

impl Forward {
    fn start(client: &Sandbox, args: &[&str]) -> Result<Self> {
        let mut command = client.ccc(&[&["forward"], args].concat()).command();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(KitError::io("start ccc forward"))?;
        let stdout = lines(child.stdout.take());
        let stderr = lines(child.stderr.take());
        Ok(Self { child, stdout, stderr })
    }

    /// One that leads a free port of this machine to a port of the other one, and the port.
    fn to(client: &Sandbox, port: u16, flags: &[&str]) -> Result<(Self, SocketAddr)> {
        let plan = format!("0:{port}");
        let forward = Self::start(client, &[&["box", &plan, "--any-port"], flags].concat())?;
        let line = forward.said("leads to")?;
        let local = line.split(' ').next().unwrap_or_default();
        let local = local.parse().map_err(|_none| told("no address", &line))?;
        Ok((forward, local))
    }

    /// Waits for a line on standard output that holds these words.
    fn said(&self, words: &str) -> Result<String> {
        line_with(&self.stdout, words)
    }

    /// The same on standard error.
    fn warned(&self, words: &str) -> Result<String> {
        line_with(&self.stderr, words)
    }

    fn process(&self) -> Result<Process> {
        Process::open(self.child.id()).ok_or_else(|| told("ccc forward", "it has ended"))
    }

    /// Waits for its end: the code, and what it said of it that was not asked for yet.
    fn end(mut self) -> Result<(Option<i32>, String)> {
        if let Some(process) = Process::open(self.child.id()) {
            process.wait_end(SOON)?;
        }
        let status = self.child.wait().map_err(KitError::io("wait for ccc forward"))?;
        Ok((status.code(), self.stderr.iter().collect::<Vec<_>>().join("\n")))
    }
}

impl Drop for Forward {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn told(what: &str, told: impl ToString) -> KitError {
    KitError::Unexpected { what: what.into(), told: told.to_string() }
}

fn lines(stream: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (tx, lines) = sync_channel(LINES);
    thread::spawn(move || {
        let stream = BufReader::new(stream?);
        for line in stream.lines().map_while(io::Result::ok) {
            tx.send(line).ok()?;
        }
        Some(())
    });
    lines
}

fn line_with(lines: &Receiver<String>, words: &str) -> Result<String> {
    let until = Instant::now() + SOON;
    let mut others = Vec::new();
    loop {
        match lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(line) if line.contains(words) => return Ok(line),
            Ok(line) => others.push(line),
            Err(RecvTimeoutError::Disconnected) => {
                return Err(told(&format!("it ended before it said {words:?}"), others.join("\n")));
            }
            Err(RecvTimeoutError::Timeout) => {
                let what = format!("a line with {words:?}");
                return Err(KitError::TimedOut { what, within: SOON, instead: others.join("\n") });
            }
        }
    }
}

/// A server on a free port of this machine that answers everything it was sent, once that has ended, with the
/// same.
fn echo() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(KitError::io("listen"))?;
    let port = listener.local_addr().map_err(KitError::io("listen"))?.port();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || {
                let mut client = client;
                let mut all = Vec::new();
                client.read_to_end(&mut all)?;
                client.write_all(&all)
            });
        }
    });
    Ok(port)
}

/// What comes back for these bytes, sent whole before one is read.
fn asked(address: SocketAddr, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut socket = TcpStream::connect(address)?;
    socket.set_read_timeout(Some(SOON))?;
    socket.write_all(bytes)?;
    socket.shutdown(Shutdown::Write)?;
    let mut back = Vec::new();
    socket.read_to_end(&mut back)?;
    Ok(back)
}

#[track_caller]
fn echoes(address: SocketAddr, bytes: &[u8]) {
    let back = asked(address, bytes).expect("what was sent comes back");
    assert!(back == bytes, "{} of {} bytes came back", back.len(), bytes.len());
}

/// Descriptors that a process has open.
fn descriptors(pid: u32) -> Result<usize> {
    let listed = std::fs::read_dir(format!("/proc/{pid}/fd")).map_err(KitError::io("list"))?;
    Ok(listed.count())
}

fn server_pid(server: &Sandbox) -> Result<u32> {
    Ok(server.custody()?.server.pid)
}

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|n| (n * 31 % 251) as u8).collect()
}

#[test]
fn every_byte_comes_both_ways_and_each_direction_ends_by_itself() -> Result<()> {
    let (_server, client) = paired(&[])?;
    let port = echo()?;
    let (forward, local) = Forward::to(&client, port, &["-v"])?;
    assert_eq!(local.ip(), Ipv4Addr::LOCALHOST);
    // The echo begins when the end of what was sent has come through, and the other direction goes on.
    echoes(local, &bytes(1024 * 1024));
    forward.warned(&format!("is connected to localhost:{port} on box"))?;
    forward.warned("closed, 1048576 bytes there and 1048576 back")?;
    // Several at a time, each with its own bytes.
    let several: Vec<_> =
        (1..9).map(|n| thread::spawn(move || echoes(local, &bytes(n * 50_000)))).collect();
    several.into_iter().for_each(|one| one.join().expect("each gets its own"));
    forward.process()?.signal(Signal::INT);
    let (code, said) = forward.end()?;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.lines().all(|line| line.contains(": ")) && !said.contains("error"), "{said}");
    Ok(())
}

#[test]
fn it_goes_through_a_program_as_well() -> Result<()> {
    let (server, client) = paired(&[])?;
    let ccc = env!("CARGO_BIN_EXE_ccc");
    let via = format!("env CCC_HOME={} {ccc} stdio", server.home().display());
    let plan = format!("0:{}", echo()?);
    let forward = Forward::start(&client, &["box", &plan, "--any-port", "--json", "--via", &via])?;
    let line: Value = serde_json::from_str(&forward.said("listening")?).expect("a line of JSON");
    assert_eq!(line["event"], "listening");
    let local = line["local"].as_str().unwrap_or_default().parse().expect("an address");
    echoes(local, &bytes(300_000));
    Ok(())
}

#[test]
fn a_place_where_nobody_listens_is_a_reset_at_once_and_a_line() -> Result<()> {
    let (_server, client) = paired(&[])?;
    // Bound and not listened on: nobody else gets it.
    let nobody = socket_without_listener()?;
    let (forward, local) = Forward::to(&client, nobody.1, &[])?;
    let error = asked(local, b"hello").expect_err("nobody is there");
    let reset =
        [io::ErrorKind::ConnectionReset, io::ErrorKind::BrokenPipe, io::ErrorKind::NotConnected];
    assert!(reset.contains(&error.kind()), "{error:?}");
    forward.warned("Connection refused")?;
    Ok(())
}

fn socket_without_listener() -> Result<(std::os::fd::OwnedFd, u16)> {
    use rustix::net::{AddressFamily, SocketType, bind, getsockname, socket};
    let errno = |error: rustix::io::Errno| KitError::io("bind")(io::Error::from(error));
    let fd = socket(AddressFamily::INET, SocketType::STREAM, None).map_err(errno)?;
    bind(&fd, &SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).map_err(errno)?;
    let address = getsockname(&fd).map_err(errno)?;
    let address = SocketAddr::try_from(address).map_err(errno)?;
    Ok((fd, address.port()))
}

#[test]
fn many_short_connections_leave_nothing_behind() -> Result<()> {
    let (server, client) = paired(&[])?;
    let (forward, local) = Forward::to(&client, echo()?, &["-v"])?;
    let (server, client) = (server_pid(&server)?, forward.child.id());
    echoes(local, b"first");
    forward.warned("1: closed")?;
    let (there, here) = (descriptors(server)?, descriptors(client)?);
    for _ in 0..200 {
        echoes(local, b"hello");
    }
    // What it says of the last one comes when its socket is closed.
    forward.warned("201: closed")?;
    let until = Instant::now() + SOON;
    while descriptors(server)? > there || descriptors(client)? > here {
        assert!(Instant::now() < until, "{} of {there}", descriptors(server)?);
        thread::yield_now();
    }
    Ok(())
}

#[test]
fn it_is_for_those_who_may_start_programs_everywhere() -> Result<()> {
    for (invite, words) in [
        (&["--role", "viewer", "--all"][..], "the role viewer may not forward connections"),
        (
            &["--session", "work"][..],
            "the role operator in some sessions may not forward connections",
        ),
    ] {
        let (server, client) = paired(invite)?;
        let (code, said) = Forward::start(&client, &["box", "0:80", "--any-port"])?.end()?;
        assert_eq!(code, Some(4), "{said}");
        assert!(said.contains(words), "{said}");
        let reverse = Forward::start(&client, &["--reverse", "box", "0:80", "--any-port"])?;
        let (code, said) = reverse.end()?;
        assert_eq!(code, Some(4), "{said}");
        assert!(said.contains(words), "{said}");
        let denied = server.json(&["audit", "query", "--denied", "--json"])?;
        assert!(denied.to_string().contains("\"Forward\""), "{denied}");
        assert!(denied.to_string().contains("\"ForwardListen\""), "{denied}");
    }
    // A server can be told to forward for nobody.
    let (server, client) = (sandbox()?, sandbox()?);
    server.configure("[server]\nforward = false\n")?;
    pair(&server, &client, &["--role", "admin"])?;
    for way in [&["box", "0:80", "--any-port"][..], &["-R", "box", "0:80", "--any-port"]] {
        let (code, said) = Forward::start(&client, way)?.end()?;
        assert_eq!(code, Some(4), "{said}");
        assert!(said.contains("this server forwards no connections"), "{said}");
    }
    Ok(())
}

#[test]
fn each_place_that_was_led_to_is_in_the_audit() -> Result<()> {
    let (server, client) = paired(&["--name", "desk"])?;
    let port = echo()?;
    let (_forward, local) = Forward::to(&client, port, &[])?;
    echoes(local, b"hello");
    let told = server.json(&["audit", "query", "--what", "forward", "--json"])?;
    let entries = told["entries"].as_array().cloned().unwrap_or_default();
    assert_eq!(entries.len(), 1, "{told}");
    assert_eq!(entries[0]["about"], format!("localhost:{port}"), "{told}");
    assert_eq!(entries[0]["name"], "desk", "{told}");
    assert_eq!(entries[0]["allowed"], true, "{told}");
    Ok(())
}

#[test]
fn a_server_that_dies_resets_what_it_carried_and_its_successor_goes_on() -> Result<()> {
    let (server, client) = paired(&[])?;
    let (forward, local) = Forward::to(&client, echo()?, &[])?;
    let mut open = TcpStream::connect(local).map_err(KitError::io("connect"))?;
    open.set_read_timeout(Some(SOON)).map_err(KitError::io("set a timeout"))?;
    open.write_all(b"half of it").map_err(KitError::io("write"))?;
    // It is carried when another one behind it was answered.
    echoes(local, b"hello");
    let first = server_pid(&server)?;
    Process::open(first).ok_or_else(|| told("the server", "it is not there"))?.kill();
    let mut rest = Vec::new();
    let cut = open.read_to_end(&mut rest).expect_err("what was cut does not look whole");
    assert_eq!(cut.kind(), io::ErrorKind::ConnectionReset);
    forward.warned("the link to box is lost, who connects waits for it")?;
    // Who comes in between, or while it is not known yet, waits.
    echoes(local, &bytes(100_000));
    forward.warned("box is back")?;
    assert_ne!(server_pid(&server)?, first);
    echoes(local, b"again");
    // A right that ends, ends this too.
    let who = server.json(&["who", "--json"])?;
    let name = who["clients"].as_array().into_iter().flatten().find_map(|one| {
        let name = one["name"].as_str()?;
        (name != "owner").then(|| name.to_owned())
    });
    server.ok(&["revoke", &name.unwrap_or_default()])?;
    let (code, said) = forward.end()?;
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("box does not let this machine in"), "{said}");
    Ok(())
}

/// `ccc forward --reverse` from a free port of the other machine to one of this, and the address there.
fn reversed(client: &Sandbox, port: u16, flags: &[&str]) -> Result<(Forward, SocketAddr)> {
    let plan = format!("0:{port}");
    let args = [&["--reverse", "box", &plan, "--any-port"], flags].concat();
    let forward = Forward::start(client, &args)?;
    let line = forward.said(&format!("on box leads to localhost:{port} here"))?;
    let there = line.split(' ').next().unwrap_or_default();
    let there = there.parse().map_err(|_none| told("no address", &line))?;
    Ok((forward, there))
}

#[test]
fn a_port_of_the_other_machine_leads_here_for_as_long_as_the_command_runs() -> Result<()> {
    let (server, client) = paired(&["--name", "desk"])?;
    let port = echo()?;
    let (forward, there) = reversed(&client, port, &["-v"])?;
    assert_eq!(there.ip(), Ipv4Addr::LOCALHOST);
    echoes(there, &bytes(1024 * 1024));
    forward.warned(&format!("is connected to localhost:{port} here"))?;
    forward.warned("closed, 1048576 bytes there and 1048576 back")?;
    let several: Vec<_> =
        (1..9).map(|n| thread::spawn(move || echoes(there, &bytes(n * 50_000)))).collect();
    several.into_iter().for_each(|one| one.join().expect("each gets its own"));
    let audit = server.json(&["audit", "query", "--what", "forward-listen", "--json"])?;
    let entries = audit["entries"].as_array().cloned().unwrap_or_default();
    assert_eq!(entries.len(), 1, "{audit}");
    assert_eq!(entries[0]["about"], there.to_string(), "{audit}");
    assert_eq!(entries[0]["name"], "desk", "{audit}");

    // The port is that of one at a time, and another one is taken where that is wished.
    let plan = format!("{}:{port}", there.port());
    let refused = client.run(&["forward", "-R", "box", &plan])?;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("Address already in use"), "{refused:?}");
    assert!(refused.stderr.contains("--any-port"), "{refused:?}");
    let open = client.run(&["forward", "-R", "box", "*:8080:localhost:80"])?;
    assert_eq!(open.code, Some(2), "{open:?}");
    assert!(open.stderr.contains("its loopback address alone"), "{open:?}");

    // The server dies: its successor listens on the same port.
    let first = server_pid(&server)?;
    Process::open(first).ok_or_else(|| told("the server", "it is not there"))?.kill();
    forward.warned("the link to box is lost, nobody is led here")?;
    forward.warned("box is back")?;
    echoes(there, b"again");

    forward.process()?.signal(Signal::INT);
    let (code, said) = forward.end()?;
    assert_eq!(code, Some(0), "{said}");
    let until = Instant::now() + SOON;
    while TcpStream::connect(there).is_ok() {
        assert!(Instant::now() < until, "the server listens on");
        thread::yield_now();
    }
    Ok(())
}

#[test]
fn where_nobody_listens_here_who_connects_there_is_reset() -> Result<()> {
    let (_server, client) = paired(&[])?;
    let nobody = socket_without_listener()?;
    let (forward, there) = reversed(&client, nobody.1, &[])?;
    let error = asked(there, b"hello").expect_err("nobody is there");
    let reset =
        [io::ErrorKind::ConnectionReset, io::ErrorKind::BrokenPipe, io::ErrorKind::NotConnected];
    assert!(reset.contains(&error.kind()), "{error:?}");
    forward.warned("Connection refused")?;
    Ok(())
}

/// More than may be at once: all come through in the end, and no more than that at a time.
#[test]
fn those_beyond_the_most_that_are_led_here_wait() -> Result<()> {
    let (server, client) = paired(&[])?;
    let (forward, there) = reversed(&client, echo()?, &["-v"])?;
    let before = descriptors(server_pid(&server)?)?;
    let mut open = Vec::new();
    for _ in 0..MOST + 20 {
        let mut socket = TcpStream::connect(there).map_err(KitError::io("connect"))?;
        socket.set_read_timeout(Some(SOON)).map_err(KitError::io("set a timeout"))?;
        socket.write_all(b"x").map_err(KitError::io("write"))?;
        open.push(socket);
    }
    forward.warned(&format!("{MOST}: "))?;
    // One beyond them is held until there is a place.
    let held = descriptors(server_pid(&server)?)?;
    assert!(held <= before + MOST + 8, "{held} and {before} before");
    for mut socket in open {
        socket.shutdown(Shutdown::Write).map_err(KitError::io("shut down"))?;
        let mut back = Vec::new();
        socket.read_to_end(&mut back).map_err(KitError::io("read"))?;
        assert_eq!(back, b"x");
    }
    // The next one was led here when another one had ended.
    let next = format!("{}: ", MOST + 1);
    let mut ended = false;
    loop {
        match forward.stderr.recv_timeout(SOON) {
            Ok(line) if line.starts_with(&next) => break,
            Ok(line) => ended |= line.contains("closed"),
            Err(error) => return Err(told("no other one was led here", error)),
        }
    }
    assert!(ended, "more than {MOST} at a time");
    Ok(())
}

#[test]
fn a_port_that_is_taken_is_told_and_what_is_open_to_others_too() -> Result<()> {
    let (_server, client) = paired(&[])?;
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(KitError::io("listen"))?;
    let taken = taken.local_addr().map_err(KitError::io("listen")).map(|at| (taken, at.port()))?;
    let plan = format!("{}:80", taken.1);
    let refused = client.run(&["forward", "box", &plan])?;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("Address already in use"), "{refused:?}");
    assert!(refused.stderr.contains("--any-port"), "{refused:?}");
    let forward = Forward::start(&client, &["box", &plan, "--any-port"])?;
    let line = forward.said("leads to localhost:80 on box")?;
    assert!(!line.contains(&format!(":{} ", taken.1)), "{line}");
    let zero = client.run(&["forward", "box", "0:80"])?;
    assert_eq!(zero.code, Some(2), "{zero:?}");
    assert!(zero.stderr.contains("0 is no port"), "{zero:?}");
    let wrong = client.run(&["forward", "box", "http"])?;
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
    let nowhere = client.run(&["forward", "bax", "3000"])?;
    assert_eq!(nowhere.code, Some(3), "{nowhere:?}");
    let open = Forward::start(&client, &["box", "*:0:localhost:80", "--any-port"])?;
    open.said("leads to localhost:80 on box")?;
    open.warned("whoever reaches 0.0.0.0:")?;
    Ok(())
}

#[test]
fn a_token_of_an_operator_is_enough() -> Result<()> {
    let (server, client) = paired(&[])?;
    let token = |role: &str| -> Result<std::path::PathBuf> {
        let path = client.home().join(role);
        let text = server.ok(&["token", "new", "--role", role, "--all"])?;
        std::fs::write(&path, text).map_err(KitError::io("write a token"))?;
        Ok(path)
    };
    let file = token("operator")?;
    let flags = ["--token-file", file.to_str().unwrap_or_default()];
    let (_forward, local) = Forward::to(&client, echo()?, &flags)?;
    echoes(local, b"hello");
    let file = token("viewer")?;
    let flags = ["--token-file", file.to_str().unwrap_or_default()];
    let args = [&["box", "0:80", "--any-port"][..], &flags].concat();
    let (code, said) = Forward::start(&client, &args)?.end()?;
    assert_eq!(code, Some(4), "{said}");
    Ok(())
}

/// Waits for a line of the screen that holds both, and gives the word of it that begins so.
fn seen(terminal: &Terminal, words: [&str; 2], begins: &str) -> Result<String> {
    let found = std::cell::RefCell::new(None);
    terminal.wait_for(&words.join(" … "), SOON, |screen| {
        let screen = text(screen);
        let line = screen.lines().find(|line| words.iter().all(|word| line.contains(word)));
        let word = line.and_then(|line| line.split_whitespace().find(|w| w.starts_with(begins)));
        *found.borrow_mut() = word.map(str::to_owned);
        word.is_some()
    })?;
    found.into_inner().ok_or_else(|| told("a line", "it is gone"))
}

#[test]
fn a_program_that_listens_in_silence_is_offered_to_whoever_comes_to_look() -> Result<()> {
    let (server, client) = paired(&[])?;
    let (ccc, home) = (env!("CARGO_BIN_EXE_ccc"), client.home().display().to_string());
    let said = server.user_home().join("said").display().to_string();
    let hear = format!("touch {said}; exec tail -f {said}");
    server.ok(&["new", "-d", "-n", "hear", "--", "/bin/sh", "-c", &hear])?;
    let listen = format!(
        "exec env CCC_HOME={home} {ccc} forward box 0:{} --any-port >>{said} 2>&1",
        echo()?
    );
    server.ok(&["new", "-d", "-n", "dev", "--", "/bin/sh", "-c", &listen])?;
    server.ok(&["wait", "hear", "--match", "leads to localhost:", "--timeout", "60s"])?;
    let text = server.ok(&["capture", "hear"])?;
    let (_, behind) = text.split_once("127.0.0.1:").unwrap_or_default();
    let port: String = behind.chars().take_while(char::is_ascii_digit).collect();
    let terminal = client.attach(SIZE, &["box/dev"])?;
    terminal.wait_text(&format!("port {port} is open in"), SOON)?;
    Ok(())
}

#[test]
fn a_program_of_a_pane_that_begins_to_listen_is_offered_and_led_to_by_a_word() -> Result<()> {
    let (server, client) = paired(&[])?;
    // The program is one that leads to an echo, over the other machine and back.
    let ccc = env!("CARGO_BIN_EXE_ccc");
    let home = client.home().display().to_string();
    let script =
        format!("read go; exec env CCC_HOME={home} {ccc} forward box 0:{} --any-port", echo()?);
    server.ok(&["new", "-d", "-n", "dev", "--", "/bin/sh", "-c", &script])?;
    // Whose machine it is has the port anyway.
    let own = server.attach(SIZE, &["dev"])?;
    let terminal = client.attach(SIZE, &["box/dev"])?;
    terminal.wait_text("with owner", SOON)?;
    terminal.type_keys("go<ret>")?;
    let there = seen(&terminal, ["leads to localhost:", "on box"], "127.0.0.1:")?;
    let (_, port) = there.rsplit_once(':').unwrap_or_default();
    terminal.wait_text(&format!("port {port} is open in p2 · C-b : forward"), SOON)?;
    terminal.type_keys("<C-b>:forward<ret>")?;
    let to = format!("leads to localhost:{port} there");
    // It is one machine, and so that port is taken here.
    let local = seen(&terminal, [&to, "127.0.0.1:"], "127.0.0.1:")?;
    let local: SocketAddr = local.parse().map_err(|_none| told("an address", &local))?;
    assert_ne!(local.port().to_string(), port);
    echoes(local, &bytes(200_000));
    own.wait_text("on box", SOON)?;
    own.type_keys("<C-b>:forward<space>5173<ret>")?;
    own.wait_text("this session is on this machine", SOON)?;
    assert!(!own.text().contains("is open in"), "{}", own.text());
    // It ends with the attachment.
    terminal.type_keys("<C-b>d")?;
    terminal.wait_closed(SOON)?;
    let refused = TcpStream::connect(local).expect_err("nobody listens any more");
    assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
    Ok(())
}
