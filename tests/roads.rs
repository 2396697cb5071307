//! Where UDP does not pass: the same host by TCP, and through a program's standard input and output. Two
//! machines, each a sandbox.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use ccc_testkit::{
    KitError, Network, Output, Process, Result, Sandbox, Size, Terminal, Weather, text,
};
use serde_json::Value;

const SIZE: Size = Size::new(80, 24);
const SOON: Duration = Duration::from_secs(60);

/// A way to a server that only TCP can go. Packets of UDP reach somebody who says nothing, as behind most
/// walls.
struct Wall {
    address: SocketAddr,
    _silent: UdpSocket,
}

impl Wall {
    fn before(server: SocketAddr) -> Result<Self> {
        let io = KitError::io::<io::Error>;
        // The number of a TCP port that is free may be taken for UDP: then another one is.
        let (listener, silent) = loop {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(io("listen"))?;
            let address = listener.local_addr().map_err(io("listen"))?;
            if let Ok(silent) = UdpSocket::bind(address) {
                break (listener, silent);
            }
        };
        let address = listener.local_addr().map_err(io("listen"))?;
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // While the server is being replaced nobody is there, and the client is let go.
                if let Ok(server) = TcpStream::connect(server) {
                    copy(&client, &server);
                    copy(&server, &client);
                }
            }
        });
        Ok(Self { address, _silent: silent })
    }
}

fn copy(from: &TcpStream, to: &TcpStream) {
    let (Ok(mut from), Ok(mut to)) = (from.try_clone(), to.try_clone()) else { return };
    thread::spawn(move || {
        let _all = io::copy(&mut from, &mut to);
        let _told = to.shutdown(std::net::Shutdown::Both);
        let _told = from.shutdown(std::net::Shutdown::Both);
    });
}

fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_ccc"))
}

fn unexpected(what: &str, told: impl ToString) -> KitError {
    KitError::Unexpected { what: what.into(), told: told.to_string() }
}

fn address(server: &Sandbox) -> Result<SocketAddr> {
    let path = server.state().join("run/server.json");
    let file = std::fs::read(path).map_err(KitError::io("read where the server is"))?;
    let file: Value = serde_json::from_slice(&file).map_err(|e| unexpected("the run file", e))?;
    let address = file["address"].as_str().unwrap_or_default();
    address.parse().map_err(|_none| unexpected("the server's address", address))
}

/// A server with a session, and another machine that was invited to it under the name `box`.
fn paired() -> Result<(Sandbox, Sandbox)> {
    let (server, client) = (sandbox()?, sandbox()?);
    server.ok(&["new", "-d", "-n", "work"])?;
    // `doctor` is for those who keep the server.
    let link = server.ok(&["invite", "--role", "admin"])?;
    let paired =
        client.run_program(&client.ccc(&["pair", "-", "--name", "box"]), link.as_bytes())?;
    assert_eq!(paired.code, Some(0), "{paired:?}");
    Ok((server, client))
}

/// The command that leads to a server as `ssh box ccc stdio` would.
fn stdio(server: &Sandbox) -> String {
    format!("CCC_HOME='{}' exec '{}' stdio", server.home().display(), env!("CARGO_BIN_EXE_ccc"))
}

fn failed(output: &Output, code: i32, words: &str) {
    assert_eq!(output.code, Some(code), "{output:?}");
    assert!(output.stderr.contains(words), "{output:?}");
}

/// What a person does: types, splits, types there.
fn work(terminal: &Terminal) -> Result<()> {
    terminal.wait_text("$", SOON)?;
    terminal.type_keys("echo<space>$((6*7))-over<ret>")?;
    terminal.wait_text("42-over", SOON)?;
    terminal.type_keys("<C-b>%")?;
    terminal.wait_for("a second prompt", SOON, |screen| text(screen).matches('│').count() > 10)?;
    terminal.type_keys("echo<space>$((6*9))-split<ret>")?;
    terminal.wait_text("54-split", SOON)
}

/// The server dies; whoever looked goes on.
fn outlives_the_server(server: &Sandbox, terminal: &Terminal) -> Result<()> {
    let before = server.full_custody(SOON)?;
    let victim = Process::open(before.server.pid).ok_or_else(|| unexpected("no server", ""))?;
    victim.kill();
    victim.wait_end(SOON)?;
    let after = server.full_custody(SOON)?;
    assert_ne!(after.server.pid, victim.pid());
    // What is typed before the loss is noticed is lost with the link.
    let until = Instant::now() + SOON;
    while worker(server.json(&["who", "--json"])?).is_none() {
        assert!(Instant::now() < until, "nobody came back: {}", terminal.text());
    }
    terminal.wait_for("the link", SOON, |screen| !text(screen).contains("reconnecting"))?;
    terminal.type_keys("echo<space>$((7*11))-again<ret>")?;
    terminal.wait_text("77-again", SOON)
}

/// The carrier of the one who works there.
fn carrier(client: &Sandbox, ways: &[&str]) -> Result<Value> {
    let who = client.json(&[&["who", "box/", "--json"], ways].concat())?;
    Ok(worker(who).map(|worker| worker["carrier"].clone()).unwrap_or_default())
}

/// Of those who are connected, the one who looks at a session.
fn worker(who: Value) -> Option<Value> {
    let clients = who["clients"].as_array()?;
    clients.iter().find(|client| client["session"].is_string()).cloned()
}

#[test]
fn a_host_that_udp_does_not_reach_is_worked_at_by_tcp() -> Result<()> {
    let (server, client) = paired()?;
    let wall = Wall::before(address(&server)?)?;
    client.ok(&["hosts", "add", "box", &wall.address.to_string()])?;
    let terminal = client.attach(SIZE, &["box/work"])?;
    work(&terminal)?;
    terminal.wait_text("TCP", SOON)?;
    assert_eq!(carrier(&client, &[])?, "TCP");
    assert!(client.ok(&["who", "box/"])?.contains("TCP 127.0.0.1:"));
    assert_eq!(client.json(&["doctor", "--on", "box", "--json"])?["link"]["carrier"], "TCP");
    outlives_the_server(&server, &terminal)?;
    assert_eq!(carrier(&client, &[])?, "TCP");
    // The way is found anew each time: where UDP passes again it is taken. TCP does not pass there, and would
    // be there first on a machine with much to do.
    let network = Network::to(address(&server)?, Weather::default(), 7)?;
    client.ok(&["hosts", "add", "box", &network.address().to_string()])?;
    assert_eq!(client.json(&["doctor", "--on", "box", "--json"])?["link"]["carrier"], "QUIC");
    Ok(())
}

#[test]
fn what_carries_is_what_was_asked_for() -> Result<()> {
    let (server, client) = paired()?;
    let carrier = |by: &str| {
        let doctor = client.json(&["doctor", "--on", "box", "--json", "--transport", by])?;
        Ok::<_, KitError>(doctor["link"]["carrier"].clone())
    };
    assert_eq!((carrier("tcp")?, carrier("quic")?), ("TCP".into(), "QUIC".into()));
    let own = server.json(&["doctor", "--json", "--transport", "tcp"])?;
    assert_eq!(own["link"]["carrier"], "TCP");
    // A link that was lost comes back by the same.
    let terminal = client.attach(SIZE, &["box/work", "--transport", "tcp"])?;
    work(&terminal)?;
    outlives_the_server(&server, &terminal)?;
    assert_eq!(self::carrier(&client, &[])?, "TCP");

    // Nobody is there by either.
    client.ok(&["hosts", "add", "box", "127.0.0.1:9"])?;
    let asked = client.run(&["ls", "box/", "--transport", "quic"])?;
    failed(&asked, 4, "box does not answer by QUIC");
    failed(&asked, 4, "leave --transport quic out");
    failed(&client.run(&["ls", "box/", "--transport", "tcp"])?, 4, "box does not answer by TCP");
    client.ok(&["hosts", "add", "box", "--via", &stdio(&server)])?;
    let asked = client.run(&["ls", "box/", "--transport", "tcp"])?;
    failed(&asked, 2, "box is reached by a command");
    Ok(())
}

#[test]
fn a_server_without_tcp_takes_nobody_by_it_and_says_why() -> Result<()> {
    let (server, client) = paired()?;
    server.ok(&["serve", "--stop"])?;
    server.configure("[server]\ntcp = false\n")?;
    server.ok(&["serve", "--daemon"])?;
    let at = address(&server)?;
    assert!(TcpStream::connect(at).is_err(), "somebody listens at {at}");
    assert!(client.ok(&["ls", "box/"])?.contains("work"));
    let asked = client.run(&["ls", "box/", "--transport", "tcp"])?;
    failed(&asked, 4, "its server may take nobody by TCP (tcp = false in [server] there)");
    let doctor = server.ok(&["doctor"])?;
    assert!(doctor.contains("as tcp = false in [server] has it"), "{doctor}");
    failed(&server.run(&["stdio"])?, 1, "TCP may be switched off (tcp = false in [server])");
    Ok(())
}

#[test]
fn a_host_is_worked_at_through_a_program() -> Result<()> {
    let (server, client) = paired()?;
    let via = stdio(&server);
    // Nobody is at its addresses.
    client.ok(&["hosts", "add", "box", "127.0.0.1:9"])?;
    assert!(client.ok(&["ls", "box/", "--via", &via])?.contains("work"));
    failed(&client.run(&["ls", "--via", &via])?, 2, "name it by HOST/");
    client.ok(&["hosts", "add", "box", "--via", &via])?;
    assert!(client.ok(&["hosts", "ls"])?.contains("via CCC_HOME="));
    let terminal = client.attach(SIZE, &["box/work"])?;
    work(&terminal)?;
    terminal.wait_text("via", SOON)?;
    let doctor = client.json(&["doctor", "--on", "box", "--json"])?;
    assert_eq!(doctor["link"]["carrier"], "program");
    outlives_the_server(&server, &terminal)?;
    terminal.type_keys("<C-b>d")?;
    terminal.wait_end(SOON)?;
    client.ok(&["hosts", "add", "box", "--via", "", &address(&server)?.to_string()])?;
    assert_eq!(client.json(&["hosts", "ls", "--json"])?["hosts"][0]["via"], Value::Null);
    assert!(client.ok(&["ls", "box/"])?.contains("work"));
    Ok(())
}

#[test]
fn a_machine_is_paired_through_a_program_that_starts_the_server() -> Result<()> {
    let (server, client) = (sandbox()?, sandbox()?);
    let link = server.ok(&["invite", "--ttl", "1h"])?;
    server.ok(&["serve", "--stop"])?;
    let via = stdio(&server);
    let pair = client.ccc(&["pair", "-", "--name", "box", "--via", &via]);
    let paired = client.run_program(&pair, link.as_bytes())?;
    assert_eq!(paired.code, Some(0), "{paired:?}");
    assert_eq!(client.json(&["hosts", "ls", "--json"])?["hosts"][0]["via"], via);
    client.ok(&["new", "-d", "-n", "made", "--on", "box", "--", "/bin/cat"])?;
    assert!(server.ok(&["ls"])?.contains("made"));
    Ok(())
}

/// What a power cut leaves behind names a server that is dead, at a port where nobody is.
#[test]
fn a_program_starts_the_server_where_another_one_was_killed() -> Result<()> {
    let (server, client) = (sandbox()?, sandbox()?);
    let link = server.ok(&["invite", "--ttl", "1h"])?;
    let path = server.state().join("run/server.json");
    let left = std::fs::read(&path).map_err(KitError::io("read where the server is"))?;
    server.ok(&["serve", "--stop"])?;
    std::fs::write(&path, left).map_err(KitError::io("leave what a power cut leaves"))?;
    let via = stdio(&server);
    let pair = client.ccc(&["pair", "-", "--name", "box", "--via", &via]);
    let paired = client.run_program(&pair, link.as_bytes())?;
    assert_eq!(paired.code, Some(0), "{paired:?}");
    Ok(())
}

#[test]
fn another_server_at_the_end_of_a_road_is_sent_nothing() -> Result<()> {
    let (_server, client) = paired()?;
    let other = sandbox()?;
    other.ok(&["new", "-d", "-n", "work", "--", "/bin/cat"])?;
    let wrong = "box answers with another key than the one it was paired with";
    let wall = Wall::before(address(&other)?)?;
    client.ok(&["hosts", "add", "box", &wall.address.to_string()])?;
    failed(&client.run(&["ls", "box/"])?, 4, wrong);
    failed(&client.run(&["ls", "box/", "--via", &stdio(&other)])?, 4, wrong);
    // Nobody whom the other server knows, or could know, was there.
    let denied = other.json(&["audit", "query", "--denied", "--json"])?;
    assert_eq!(denied["entries"], serde_json::json!([]));
    Ok(())
}

#[test]
fn the_last_words_of_a_program_that_leads_nowhere_are_told() -> Result<()> {
    let (_server, client) = paired()?;
    let asked = client.run(&["ls", "box/", "--via", "echo 'no road to box' >&2; exit 3"])?;
    failed(&asked, 4, "no road to box");
    let asked = client.run(&["ls", "box/", "--via", "echo HTTP/1.1 400 Bad Request"])?;
    failed(&asked, 4, "box does not answer");
    Ok(())
}
