//! A network in memory: sockets of one process between which datagrams take their time or are lost. For tests of
//! whole connections in which time is paused: QUIC itself runs over it, and nothing waits for the system.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::io::{self, IoSliceMut};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use quinn::udp::{RecvMeta, Transmit};
use quinn::{AsyncUdpSocket, UdpPoller};
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep_until};

use crate::batch::EvenBatches;
use crate::{Endpoint, Identity, ListenError, Listener, TransportKeys};

/// Datagrams that wait in a socket; more are lost, as in the system's.
const WAITING: usize = 256;

/// Datagrams that may be sent as one, as a system does that leaves it to the network card to cut them apart.
const BATCH: usize = 10;

/// Some sockets and what is between them. Clones are the same.
#[derive(Clone)]
pub struct Wire {
    state: Arc<Mutex<State>>,
    runtime: Handle,
}

struct State {
    delay: Duration,
    down: bool,
    largest: usize,
    /// When the first datagram was handed to a socket since the wire came up.
    passed: Option<Instant>,
    sockets: HashMap<SocketAddr, Inbox>,
}

#[derive(Default)]
struct Inbox {
    waiting: VecDeque<(SocketAddr, Vec<u8>)>,
    reader: Option<Waker>,
}

impl Wire {
    /// One whose datagrams take so long, each way, on the current runtime.
    #[must_use]
    pub fn new(delay: Duration) -> Self {
        let (down, largest, passed, sockets) = (false, usize::MAX, None, HashMap::new());
        let state = State { delay, down, largest, passed, sockets };
        Self { state: Arc::new(Mutex::new(state)), runtime: Handle::current() }
    }

    /// From now on nothing passes, or everything again. What is under way when it breaks is lost.
    pub fn set_down(&self, down: bool) {
        let mut state = self.lock();
        (state.down, state.passed) = (down, None);
    }

    /// From now on larger datagrams vanish without a word, with those that were sent as one with them.
    pub fn set_largest(&self, bytes: usize) {
        self.lock().largest = bytes;
    }

    /// When the first datagram arrived since [`Wire::set_down`] was called last.
    #[must_use]
    pub fn first_passed(&self) -> Option<Instant> {
        self.lock().passed
    }

    /// A client's socket at an address.
    ///
    /// # Errors
    /// None that the system makes.
    pub fn endpoint(&self, at: SocketAddr) -> io::Result<Endpoint> {
        Endpoint::over(self.socket(at), self.runtime.clone())
    }

    /// A server's socket at an address.
    ///
    /// # Errors
    /// The hand-shake cannot be set up.
    pub fn listener(&self, at: SocketAddr, identity: &Identity) -> Result<Listener, ListenError> {
        let keys = TransportKeys::ephemeral();
        Listener::over(self.socket(at), identity, &keys, self.runtime.clone())
    }

    fn socket(&self, at: SocketAddr) -> Arc<dyn AsyncUdpSocket> {
        self.lock().sockets.insert(at, Inbox::default());
        EvenBatches::over(Arc::new(Socket { wire: self.clone(), at }))
    }

    fn send(&self, from: SocketAddr, to: SocketAddr, bytes: Vec<u8>) {
        let (lost, delay) = {
            let state = self.lock();
            (state.down, state.delay)
        };
        if lost {
            return;
        }
        let (wire, due) = (self.clone(), Instant::now() + delay);
        self.runtime.spawn(async move {
            sleep_until(due).await;
            wire.deliver(from, to, bytes);
        });
    }

    fn deliver(&self, from: SocketAddr, to: SocketAddr, bytes: Vec<u8>) {
        let mut state = self.lock();
        if state.down {
            return;
        }
        state.passed.get_or_insert_with(Instant::now);
        let Some(inbox) = state.sockets.get_mut(&to) else { return };
        if inbox.waiting.len() < WAITING {
            inbox.waiting.push_back((from, bytes));
        }
        let reader = inbox.reader.take();
        drop(state);
        if let Some(reader) = reader {
            reader.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Each change is whole before the lock is let go.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        f.debug_struct("Wire").field("delay", &state.delay).field("down", &state.down).finish()
    }
}

#[derive(Debug)]
struct Socket {
    wire: Wire,
    at: SocketAddr,
}

impl AsyncUdpSocket for Socket {
    fn create_io_poller(self: Arc<Self>) -> Pin<Box<dyn UdpPoller>> {
        Box::pin(AlwaysWritable)
    }

    fn try_send(&self, transmit: &Transmit<'_>) -> io::Result<()> {
        let size = transmit.segment_size.unwrap_or(transmit.contents.len()).max(1);
        if size > self.wire.lock().largest {
            return Ok(());
        }
        for datagram in transmit.contents.chunks(size) {
            self.wire.send(self.at, transmit.destination, datagram.to_vec());
        }
        Ok(())
    }

    fn poll_recv(
        &self,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
        meta: &mut [RecvMeta],
    ) -> Poll<io::Result<usize>> {
        let mut state = self.wire.lock();
        let Some(inbox) = state.sockets.get_mut(&self.at) else {
            return Poll::Ready(Err(io::ErrorKind::NotConnected.into()));
        };
        let mut count = 0;
        for (buffer, meta) in bufs.iter_mut().zip(meta) {
            let Some((addr, bytes)) = inbox.waiting.pop_front() else { break };
            let len = bytes.len().min(buffer.len());
            buffer[..len].copy_from_slice(&bytes[..len]);
            *meta = RecvMeta { addr, len, stride: len, ecn: None, dst_ip: None };
            count += 1;
        }
        if count == 0 {
            inbox.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(Ok(count))
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.at)
    }

    fn max_transmit_segments(&self) -> usize {
        BATCH
    }

    fn may_fragment(&self) -> bool {
        false
    }
}

/// What is sent goes on its way at once.
#[derive(Debug)]
struct AlwaysWritable;

impl UdpPoller for AlwaysWritable {
    fn poll_writable(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
