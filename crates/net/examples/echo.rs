//! How long a key takes to a server and its echo back, over QUIC on the loopback interface.
//!
//! One current-thread runtime for each end, as in the real programs. A key goes on the long-lived
//! input stream; its echo comes as a stream of its own, as a frame does, and on the long-lived
//! control stream, for comparison.
//!
//! `cargo run --release -p ccc-net --example echo -- [keys]`

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use ccc_net::{
    ConnectOptions, Connection, Endpoint, Identity, KeyId, ListenOptions, Listener, TransportKeys,
};
use ccc_proto::{Chunk, Message};
use tokio::runtime::{Builder, Handle};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Bytes of an echo: a frame in which one row changed.
const ECHO_BYTES: usize = 200;

/// Time between keys: a fast typist's. Back to back, the ends would never sleep, and the figures
/// would be better than anyone's.
const PAUSE: Duration = Duration::from_millis(5);

fn main() -> Result<(), Failure> {
    let keys = match std::env::args().nth(1) {
        Some(count) => count.parse()?,
        None => 1000,
    };
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let (addr, server, thread) = start_server()?;
    runtime.block_on(async {
        let endpoint = Endpoint::towards(addr, Handle::current())?;
        let options = ConnectOptions::new(addr, server, Identity::ephemeral());
        let began = Instant::now();
        let connection = endpoint.connect(options).await?;
        report("connect", &[began.elapsed()]);
        report("a stream for each echo", &measure(&connection, keys, true).await?);
        report("one stream for all", &measure(&connection, keys, false).await?);
        let path = connection.path();
        line(&format!(
            "srtt {:?}, rttvar {:?}, late after {:?}",
            path.rtt,
            path.variation,
            path.late_after()
        ));
        drop(connection);
        endpoint.drained().await;
        Ok::<_, Failure>(())
    })?;
    thread.join().map_err(|_panic| "the server panicked")??;
    Ok(())
}

type ServerThread = std::thread::JoinHandle<Result<(), Failure>>;

/// A server for one connection on a thread of its own.
fn start_server() -> Result<(SocketAddr, KeyId, ServerThread), Failure> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let (addr, identity) = (socket.local_addr()?, Identity::ephemeral());
    let server = identity.id();
    let thread = std::thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let keys = TransportKeys::ephemeral();
            let options = ListenOptions::new(socket, identity, keys, Handle::current());
            let listener = Listener::bind(options)?;
            let incoming = listener.accept().await.ok_or("closed")?;
            let connection = incoming.handshake().await?;
            connection.authorize();
            // The client ends it.
            let _ended = echo(&connection).await;
            Ok(())
        })
    });
    Ok((addr, server, thread))
}

async fn echo(connection: &Connection) -> Result<(), Failure> {
    for each_its_stream in [true, false] {
        let mut input = connection.accept_uni().await?;
        // The client takes streams in the order in which they are opened, so none is opened early.
        let mut stream = None;
        while let Some(key) = input.recv().await? {
            let mut echo = match stream.take() {
                Some(stream) => stream,
                None => connection.open_uni().await?,
            };
            echo.send(&key).await?;
            if each_its_stream {
                echo.finish().await?;
            } else {
                stream = Some(echo);
            }
        }
    }
    connection.closed().await;
    Ok(())
}

async fn measure(
    connection: &Connection,
    keys: u64,
    each_its_stream: bool,
) -> Result<Vec<Duration>, Failure> {
    let mut input = connection.open_uni().await?;
    let mut stream = None;
    let mut pace = tokio::time::interval(PAUSE);
    let mut times = Vec::new();
    for offset in 0..keys {
        pace.tick().await;
        let key: Message = Chunk { offset, bytes: vec![b'k'; ECHO_BYTES] }.into();
        let began = Instant::now();
        input.send(&key).await?;
        let mut echoes = match stream.take() {
            Some(stream) => stream,
            None => connection.accept_uni().await?,
        };
        let echo = echoes.recv().await?;
        times.push(began.elapsed());
        if echo != Some(key) {
            return Err("the echo is not what was sent".into());
        }
        if !each_its_stream {
            stream = Some(echoes);
        }
    }
    input.finish().await?;
    Ok(times)
}

fn report(what: &str, times: &[Duration]) {
    let mut times = times.to_vec();
    times.sort_unstable();
    let at = |share: f64| {
        let place = ((times.len() - 1) as f64 * share).round() as usize;
        times.get(place).copied().unwrap_or_default()
    };
    line(&format!("{what}: p50 {:?}, p90 {:?}, p99 {:?}", at(0.5), at(0.9), at(0.99)));
}

#[expect(clippy::print_stdout, reason = "printing is what this program is for")]
fn line(text: &str) {
    println!("{text}");
}
