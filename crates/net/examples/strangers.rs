//! What strangers cost a server: many first packets of hand-shakes that nobody goes on with, then
//! one honest client. Prints the memory that the server took for them and how long the client waited.
//!
//! `cargo run --release -p ccc-net --example strangers -- [count]`

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ccc_net::{
    ConnectOptions, Endpoint, Identity, KeyId, ListenOptions, Listener, TransportKeys, connect,
};
use tokio::runtime::{Builder, Handle};
use tokio::task::JoinSet;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The argument that makes this program the server.
const SERVE: &str = "serve";

/// Packets sent at once: what a socket's buffer holds while the server is busy.
const BURST: usize = 32;

fn main() -> Result<(), Failure> {
    let count = match std::env::args().nth(1) {
        Some(word) if word == SERVE => return serve(),
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
        let mut pace = tokio::time::interval(Duration::from_millis(2));
        let mut strangers = Vec::new();
        for burst in packets.chunks(BURST) {
            pace.tick().await;
            let stranger = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
            for packet in burst {
                stranger.send_to(packet, addr)?;
            }
            strangers.push(stranger);
        }
        let flooded = began.elapsed();
        let began = Instant::now();
        connect(ConnectOptions::new(addr, server, Identity::ephemeral())).await?;
        let waited = began.elapsed();
        let after = resident_kib(process.id())?;
        line(&format!(
            "{count} strangers in {flooded:?}: {} KiB more, the honest client waited {waited:?}",
            after.saturating_sub(before)
        ));
        process.kill()?;
        process.wait()?;
        Ok(())
    })
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
