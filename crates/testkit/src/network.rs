//! A bad network between a client and a server on this machine: datagrams are late, lost in bursts, doubled,
//! out of order, too large, too many, or come from another address. Owns a thread that passes them on; a
//! server sees its address, and a client knows it as the server's.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::fd::OwnedFd;

use crate::error::{KitError, Result};

/// The largest datagram.
const DATAGRAM: usize = 65_536;
/// Datagrams that are on their way at once; more are lost, as in a router.
const QUEUE: usize = 4096;
/// How long a thin link lets datagrams wait before it loses them.
const BUFFER: Duration = Duration::from_millis(300);

/// How the network is, each way alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weather {
    pub delay: Duration,
    /// So much earlier or later, by chance.
    pub jitter: Duration,
    /// The share of datagrams that are lost, from 0 to 1.
    pub loss: f64,
    /// How many in a row are lost on average.
    pub burst: f64,
    /// The share that comes twice.
    pub doubled: f64,
    /// Datagrams may pass each other; else they wait for those before them.
    pub unordered: bool,
    /// Bits a second; `None` for as many as there are.
    pub rate: Option<u64>,
    /// Larger payloads vanish without a word.
    pub largest: usize,
    /// Nothing passes.
    pub down: bool,
}

impl Default for Weather {
    fn default() -> Self {
        Self {
            delay: Duration::ZERO,
            jitter: Duration::ZERO,
            loss: 0.0,
            burst: 1.0,
            doubled: 0.0,
            unordered: false,
            rate: None,
            largest: DATAGRAM,
            down: false,
        }
    }
}

/// What passed so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Datagrams and bytes that came from clients, and from the server.
    pub up: u64,
    pub down: u64,
    pub up_bytes: u64,
    pub down_bytes: u64,
    pub lost: u64,
}

#[derive(Debug)]
struct Shared {
    weather: Weather,
    passed: Passed,
    /// How often the address was to change.
    moves: u64,
    over: bool,
}

/// A network to one server. Ends when dropped.
#[derive(Debug)]
pub struct Network {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
    wake: Arc<OwnedFd>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Network {
    /// A network whose other end is `server`.
    ///
    /// # Errors
    /// No socket can be had.
    pub fn to(server: SocketAddr, weather: Weather, seed: u64) -> Result<Self> {
        let front = UdpSocket::bind("127.0.0.1:0").map_err(KitError::io("open a socket"))?;
        front.set_nonblocking(true).map_err(KitError::io("set a socket up"))?;
        let address = front.local_addr().map_err(KitError::io("ask a socket for its address"))?;
        let shared = Shared { weather, passed: Passed::default(), moves: 0, over: false };
        let shared = Arc::new(Mutex::new(shared));
        let wake = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK);
        let wake = Arc::new(wake.map_err(KitError::io("make an event"))?);
        let relay = Relay {
            server,
            front,
            clients: Vec::new(),
            shared: Arc::clone(&shared),
            wake: Arc::clone(&wake),
            moves: 0,
            chance: Chance(seed | 1),
            queue: BinaryHeap::new(),
            count: 0,
            ways: [Way::default(), Way::default()],
        };
        let thread = thread::Builder::new().name("network".into());
        let thread = thread.spawn(move || relay.run()).map_err(KitError::io("start a thread"))?;
        Ok(Self { address, shared, wake, thread: Some(thread) })
    }

    /// Where clients find the server.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on the network is so.
    pub fn set(&self, weather: Weather) {
        self.shared().weather = weather;
        self.ring();
    }

    /// The clients come from other addresses from now on.
    pub fn change_address(&self) {
        self.shared().moves += 1;
        self.ring();
    }

    #[must_use]
    pub fn passed(&self) -> Passed {
        self.shared().passed
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring(&self) {
        // One that cannot be rung has been rung already.
        let _rung = rustix::io::write(&*self.wake, &1_u64.to_ne_bytes());
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.shared().over = true;
        self.ring();
        let _ended = self.thread.take().map(thread::JoinHandle::join);
    }
}

/// One client, and the socket that the server knows it by.
struct Client {
    address: SocketAddr,
    back: UdpSocket,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Direction {
    Up,
    Down,
}

/// A datagram under way; the next one is that which is due first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct UnderWay {
    due: Instant,
    count: u64,
    client: usize,
    direction: Direction,
    bytes: Vec<u8>,
}

/// One way of the network.
#[derive(Clone, Copy, Debug, Default)]
struct Way {
    /// In a burst of losses.
    loses: bool,
    /// When a thin link is free again.
    free: Option<Instant>,
    /// When the last one arrives.
    last: Option<Instant>,
}

struct Relay {
    server: SocketAddr,
    front: UdpSocket,
    clients: Vec<Client>,
    shared: Arc<Mutex<Shared>>,
    wake: Arc<OwnedFd>,
    moves: u64,
    chance: Chance,
    queue: BinaryHeap<Reverse<UnderWay>>,
    count: u64,
    ways: [Way; 2],
}

impl Relay {
    fn run(mut self) {
        let mut buffer = vec![0; DATAGRAM];
        loop {
            let weather = {
                let shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
                if shared.over {
                    return;
                }
                let (weather, moves) = (shared.weather, shared.moves);
                drop(shared);
                if moves != self.moves {
                    self.moves = moves;
                    self.change_addresses();
                }
                weather
            };
            self.take_in(&weather, &mut buffer);
            self.deliver();
            self.wait();
        }
    }

    fn change_addresses(&mut self) {
        let server = self.server;
        for client in &mut self.clients {
            if let Ok(back) = back(server) {
                client.back = back;
            }
        }
    }

    fn take_in(&mut self, weather: &Weather, buffer: &mut [u8]) {
        while let Ok((count, from)) = self.front.recv_from(buffer) {
            let known = self.clients.iter().position(|client| client.address == from);
            let client = known.or_else(|| {
                let back = back(self.server).ok()?;
                self.clients.push(Client { address: from, back });
                Some(self.clients.len() - 1)
            });
            if let Some(client) = client {
                self.send(weather, client, Direction::Up, &buffer[..count]);
            }
        }
        for client in 0..self.clients.len() {
            // A server that is gone for a moment refuses; that is no datagram.
            while let Some(count) = received(&self.clients[client].back, buffer) {
                self.send(weather, client, Direction::Down, &buffer[..count]);
            }
        }
    }

    fn send(&mut self, weather: &Weather, client: usize, direction: Direction, bytes: &[u8]) {
        let way = direction as usize;
        let lost = self.is_lost(weather, way) || weather.down || bytes.len() > weather.largest;
        {
            let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
            let passed = &mut shared.passed;
            let (count, size) = match direction {
                Direction::Up => (&mut passed.up, &mut passed.up_bytes),
                Direction::Down => (&mut passed.down, &mut passed.down_bytes),
            };
            *count += 1;
            *size += bytes.len() as u64;
            passed.lost += u64::from(lost);
        }
        if lost || self.queue.len() >= QUEUE {
            return;
        }
        let now = Instant::now();
        let mut begins = now;
        if let Some(rate) = weather.rate {
            begins = self.ways[way].free.map_or(now, |free| free.max(now));
            if begins - now > BUFFER {
                return;
            }
            let bits = (bytes.len() as u64 + 28) * 8;
            begins += Duration::from_nanos(bits * 1_000_000_000 / rate.max(1));
            self.ways[way].free = Some(begins);
        }
        let twice = self.chance.share() < weather.doubled;
        for _ in 0..=usize::from(twice) {
            let jitter = weather.jitter.mul_f64(2.0 * self.chance.share());
            let mut due = begins + (weather.delay + jitter).saturating_sub(weather.jitter);
            if !weather.unordered {
                due = self.ways[way].last.map_or(due, |last| due.max(last));
                self.ways[way].last = Some(due);
            }
            self.count += 1;
            let count = self.count;
            let bytes = bytes.to_vec();
            self.queue.push(Reverse(UnderWay { due, count, client, direction, bytes }));
        }
    }

    /// Losses come in bursts: from each state to the other by chance, so that the share and the length of
    /// bursts are as they should be.
    fn is_lost(&mut self, weather: &Weather, way: usize) -> bool {
        let ends = 1.0 / weather.burst.max(1.0);
        let begins =
            if weather.loss < 1.0 { weather.loss / (1.0 - weather.loss) * ends } else { 1.0 };
        let chance = self.chance.share();
        let state = &mut self.ways[way];
        state.loses = if state.loses { chance >= ends } else { chance < begins };
        state.loses && weather.loss > 0.0
    }

    fn deliver(&mut self) {
        let now = Instant::now();
        while self.queue.peek().is_some_and(|Reverse(next)| next.due <= now) {
            let Some(Reverse(next)) = self.queue.pop() else { return };
            let Some(client) = self.clients.get(next.client) else { continue };
            // What cannot be passed on is lost.
            let _passed = match next.direction {
                Direction::Up => client.back.send(&next.bytes),
                Direction::Down => self.front.send_to(&next.bytes, client.address),
            };
        }
    }

    fn wait(&self) {
        let until = self.queue.peek().map(|Reverse(next)| {
            let left = next.due.saturating_duration_since(Instant::now());
            Timespec { tv_sec: left.as_secs() as i64, tv_nsec: left.subsec_nanos().into() }
        });
        let mut waits = vec![PollFd::new(&*self.wake, PollFlags::IN)];
        waits.push(PollFd::new(&self.front, PollFlags::IN));
        waits.extend(self.clients.iter().map(|client| PollFd::new(&client.back, PollFlags::IN)));
        let _woken = poll(&mut waits, until.as_ref());
        let _rung = rustix::io::read(&*self.wake, &mut [0; 8]);
    }
}

fn back(server: SocketAddr) -> io::Result<UdpSocket> {
    let back = UdpSocket::bind("127.0.0.1:0")?;
    back.connect(server)?;
    back.set_nonblocking(true)?;
    Ok(back)
}

fn received(socket: &UdpSocket, buffer: &mut [u8]) -> Option<usize> {
    loop {
        match socket.recv(buffer) {
            Ok(count) => return Some(count),
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
            Err(_) => return None,
        }
    }
}

/// Numbers that follow from the first one.
struct Chance(u64);

impl Chance {
    /// From 0 to 1.
    fn share(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}
