//! What strangers cost a server: many first packets of hand-shakes that nobody goes on with, connections by
//! TCP that say nothing, and honest clients in the middle of them.
//!
//! `cargo run --release -p ccc-net --example strangers -- [count]` floods a listener of its own, and prints the
//! memory that it took for them and how long an honest client waited.
//!
//! `strangers at ADDRESS SERVER KEY COUNT TCP` floods a whole server, for whoever measures that: it says
//! `made` when the packets are, floods at a line of its input, says as JSON how long each honest client with
//! the key in that file waited for its welcome, and holds everything open until the next line.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpStream, UdpSocket};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ccc_net::{
    ConnectOptions, Endpoint, Identity, KeyId, ListenOptions, Listener, TransportKeys, connect,
};
use ccc_proto::{ClientKind, Ext, Hello, MINOR, Message};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use socket2::{Domain, Socket, Type};
use tokio::runtime::{Builder, Handle};
use tokio::sync::watch;
use tokio::task::JoinSet;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The argument that makes this program the server.
const SERVE: &str = "serve";

/// The argument that makes it flood a server that is there.
const AT: &str = "at";

/// Honest clients in the middle of a flood.
const HONEST: usize = 5;

/// Machines that strangers by TCP come from.
const SOURCES: u8 = 16;

/// Packets sent at once: what a socket's buffer holds while the server is busy.
const BURST: usize = 32;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let count = match arguments.first() {
        Some(word) if word == SERVE => return serve(),
        Some(word) if word == AT => return flood_at(&arguments[1..]),
        Some(count) => count.parse()?,
        None => 10_000,
    };
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let packets = first_packets(count).await?;
        let Server { mut process, addr, id: server } = start_server()?;
        connect(ConnectOptions::new(addr, server, Identity::ephemeral())).await?;

        let before = resident_kib(process.id())?;
        let began = Instant::now();
        let strangers = flood(addr, packets, watch::channel(0).0).await?;
        let flooded = began.elapsed();
        let began = Instant::now();
        connect(ConnectOptions::new(addr, server, Identity::ephemeral())).await?;
        let waited = began.elapsed();
        let after = resident_kib(process.id())?;
        line(&format!(
            "{count} strangers in {flooded:?}: {} KiB more, the honest client waited {waited:?}",
            after.saturating_sub(before)
        ));
        drop(strangers);
        process.kill()?;
        process.wait()?;
        Ok(())
    })
}

/// Floods a whole server by both roads.
fn flood_at(arguments: &[String]) -> Result<(), Failure> {
    let [addr, server, key, count, tcp] = arguments else { return Err("five arguments".into()) };
    let (addr, server): (SocketAddr, KeyId) = (addr.parse()?, server.parse()?);
    let (count, tcp): (usize, usize) = (count.parse()?, tcp.parse()?);
    let identity = Identity::load_or_create(Path::new(key))?;
    // Every stranger is a descriptor.
    let most = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most })?;
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let packets = first_packets(count).await?;
        // Whoever is known is known before, so that nothing is measured but the flood.
        greet(addr, server, &identity).await?;
        line("made");
        heard().await?;
        let began = Instant::now();
        let (sent, mut progress) = watch::channel(0);
        let flood = tokio::spawn(flood(addr, packets, sent));
        let silent = tokio::task::spawn_blocking(move || silent(addr, tcp));
        let mut waited = Vec::new();
        for number in 1..=HONEST {
            let due = count * number / (HONEST + 1);
            progress.wait_for(|sent| *sent >= due).await?;
            let began = Instant::now();
            greet(addr, server, &identity).await?;
            waited.push(began.elapsed().as_millis().to_string());
        }
        let in_the_middle = !flood.is_finished();
        let (strangers, silent) = (flood.await??, silent.await?);
        let by_tcp = silent.len();
        line(&format!(
            "{{\"honest_ms\":[{}],\"in_the_middle\":{in_the_middle},\"by_tcp\":{by_tcp},\
             \"flood_ms\":{}}}",
            waited.join(","),
            began.elapsed().as_millis()
        ));
        heard().await?;
        drop((strangers, silent));
        Ok(())
    })
}

/// Sends them, each few from another port, and keeps the sockets.
async fn flood(
    addr: SocketAddr,
    packets: Vec<Vec<u8>>,
    sent: watch::Sender<usize>,
) -> std::io::Result<Vec<UdpSocket>> {
    let mut pace = tokio::time::interval(Duration::from_millis(2));
    let mut strangers = Vec::new();
    for burst in packets.chunks(BURST) {
        pace.tick().await;
        let stranger = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        for packet in burst {
            stranger.send_to(packet, addr)?;
        }
        strangers.push(stranger);
        sent.send_replace(strangers.len() * BURST);
    }
    Ok(strangers)
}

/// Connections by TCP from some machines that never say a word. One that is not let in is no error.
fn silent(addr: SocketAddr, count: usize) -> Vec<TcpStream> {
    let open = |number: usize| {
        let source = Ipv4Addr::new(127, 0, 1, 1 + (number % usize::from(SOURCES)) as u8);
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.bind(&SocketAddr::from((source, 0)).into())?;
        socket.connect_timeout(&addr.into(), Duration::from_secs(5))?;
        std::io::Result::Ok(socket.into())
    };
    (0..count).filter_map(|number| open(number).ok()).collect()
}

/// An honest client: connects, says hello and is welcome.
async fn greet(addr: SocketAddr, server: KeyId, identity: &Identity) -> Result<(), Failure> {
    let connection = connect(ConnectOptions::new(addr, server, identity.clone())).await?;
    let (mut send, mut recv) = connection.open_bi().await?;
    let hello = Hello {
        minor: MINOR,
        software: "honest".into(),
        kind: ClientKind::LIBRARY,
        host: String::new(),
        pid: 0,
        ext: Ext::none(),
    };
    send.send(&hello.into()).await?;
    match recv.recv().await? {
        Some(Message::Welcome(_)) => Ok(()),
        other => Err(format!("no welcome: {other:?}").into()),
    }
}

/// Waits for a line of the input, or its end.
async fn heard() -> Result<(), Failure> {
    let read =
        tokio::task::spawn_blocking(|| std::io::stdin().lock().read_line(&mut String::new()));
    read.await??;
    Ok(())
}

/// A server in a process of its own, so that nothing but the strangers' doing is in its memory.
struct Server {
    process: Child,
    addr: SocketAddr,
    id: KeyId,
}

fn start_server() -> Result<Server, Failure> {
    let program = std::env::current_exe()?;
    let mut process = Command::new(program).arg(SERVE).stdout(Stdio::piped()).spawn()?;
    let mut hello = String::new();
    BufReader::new(process.stdout.take().ok_or("no output")?).read_line(&mut hello)?;
    let (addr, id) = hello.trim_end().split_once(' ').ok_or("no address")?;
    Ok(Server { process, addr: addr.parse()?, id: id.parse()? })
}

fn serve() -> Result<(), Failure> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let identity = Identity::ephemeral();
    line(&format!("{} {}", socket.local_addr()?, identity.id()));
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let keys = TransportKeys::ephemeral();
        let options = ListenOptions::new(socket, identity, keys, Handle::current());
        let listener = Listener::bind(options)?;
        let mut handshakes = JoinSet::new();
        loop {
            tokio::select! {
                incoming = listener.accept() => match incoming {
                    Some(incoming) => drop(handshakes.spawn(incoming.handshake())),
                    None => return Ok(()),
                },
                Some(_ended) = handshakes.join_next() => {}
            }
        }
    })
}

/// The first packets of so many clients.
async fn first_packets(count: usize) -> Result<Vec<Vec<u8>>, Failure> {
    let sink = tokio::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let (addr, identity) = (sink.local_addr()?, Identity::ephemeral());
    let mut packets = Vec::with_capacity(count);
    while packets.len() < count {
        let endpoint = Endpoint::towards(addr, Handle::current())?;
        let port = endpoint.local_addr()?.port();
        let options = ConnectOptions::new(addr, KeyId::from_bytes([1; 32]), identity.clone());
        tokio::select! {
            _given_up = endpoint.connect(options) => {}
            packet = packet_from(&sink, port) => packets.push(packet?),
        }
    }
    Ok(packets)
}

async fn packet_from(sink: &tokio::net::UdpSocket, port: u16) -> Result<Vec<u8>, Failure> {
    let mut buffer = [0; 2048];
    loop {
        let (length, from): (usize, SocketAddr) = sink.recv_from(&mut buffer).await?;
        if from.port() == port {
            return Ok(buffer.get(..length).unwrap_or_default().to_vec());
        }
    }
}

/// Memory that a process has in use.
fn resident_kib(process: u32) -> Result<u64, Failure> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let figure = line.and_then(|line| line.split_whitespace().next()).ok_or("no VmRSS")?;
    Ok(figure.parse()?)
}

#[expect(clippy::print_stdout, reason = "printing is what this program is for")]
fn line(text: &str) {
    println!("{text}");
}
