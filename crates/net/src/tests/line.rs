//! A connection over a stream of bytes as TCP is one, in virtual time: what is written goes out as the window of the
//! system's congestion control lets it, over a way that is long and as thin as is wanted.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep_until};

use crate::connection::BytesLink;
use crate::mux::{Mux, Registry};
use crate::{Carrier, Connection, Identity, SEND_WINDOW_BYTES};

/// What the system takes beyond what it may send: as `over_bytes` has it set.
const UNSENT: usize = 16 * 1024;
/// Ten packets, as Linux begins.
const FIRST_WINDOW: usize = 14_480;
const PACKET: usize = 1448;

/// How a way is.
#[derive(Clone, Copy)]
pub(crate) struct Way {
    pub(crate) delay: Duration,
    /// Bytes a second.
    pub(crate) rate: f64,
}

struct Direction {
    way: Way,
    unsent: VecDeque<u8>,
    /// Under way, in order.
    under_way: VecDeque<Vec<u8>>,
    in_flight: usize,
    window: usize,
    /// When the link is free again.
    free: Instant,
    arrived: VecDeque<u8>,
    over: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

type Shared = Arc<Mutex<Direction>>;

fn lock(direction: &Shared) -> MutexGuard<'_, Direction> {
    direction.lock().unwrap_or_else(PoisonError::into_inner)
}

fn direction(way: Way) -> Shared {
    Arc::new(Mutex::new(Direction {
        way,
        unsent: VecDeque::new(),
        under_way: VecDeque::new(),
        in_flight: 0,
        window: FIRST_WINDOW,
        free: Instant::now(),
        arrived: VecDeque::new(),
        over: false,
        reader: None,
        writer: None,
    }))
}

fn wake(waiting: &mut Option<Waker>) {
    if let Some(waker) = waiting.take() {
        waker.wake();
    }
}

/// Sends as much as the window lets go.
fn pump(shared: &Shared) {
    let mut direction = lock(shared);
    while !direction.unsent.is_empty() && direction.in_flight < direction.window {
        let count = direction.unsent.len().min(PACKET);
        let packet: Vec<u8> = direction.unsent.drain(..count).collect();
        direction.in_flight += count;
        direction.under_way.push_back(packet);
        let leaves = direction.free.max(Instant::now());
        direction.free = leaves + Duration::from_secs_f64(count as f64 / direction.way.rate);
        let (there, shared) = (direction.free + direction.way.delay, Arc::clone(shared));
        let back = there + direction.way.delay;
        tokio::spawn(async move {
            sleep_until(there).await;
            {
                let mut direction = lock(&shared);
                let packet = direction.under_way.pop_front().unwrap_or_default();
                direction.arrived.extend(packet);
                wake(&mut direction.reader);
            }
            sleep_until(back).await;
            {
                let mut direction = lock(&shared);
                // It grows while it is used, as at a connection's beginning.
                if 2 * direction.in_flight >= direction.window {
                    direction.window += count;
                }
                direction.in_flight -= count;
            }
            pump(&shared);
        });
    }
    if direction.unsent.len() < UNSENT {
        wake(&mut direction.writer);
    }
}

struct Line {
    out: Shared,
    back: Shared,
}

impl AsyncRead for Line {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        room: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut back = lock(&self.back);
        if back.arrived.is_empty() && !back.over {
            back.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let count = back.arrived.len().min(room.remaining());
        let bytes: Vec<u8> = back.arrived.drain(..count).collect();
        room.put_slice(&bytes);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        {
            let mut out = lock(&self.out);
            if out.unsent.len() >= UNSENT {
                out.writer = Some(cx.waker().clone());
                return Poll::Pending;
            }
            out.unsent.extend(bytes);
        }
        pump(&self.out);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut out = lock(&self.out);
        out.over = true;
        wake(&mut out.reader);
        Poll::Ready(Ok(()))
    }
}

/// Two ends of a connection over it, the client's first.
pub(crate) async fn over(way: Way) -> (Connection, Connection) {
    let (up, down) = (direction(way), direction(way));
    let ends = [
        (Line { out: Arc::clone(&up), back: Arc::clone(&down) }, true),
        (Line { out: down, back: up }, false),
    ];
    let [client, server] = ends.map(|(line, is_client)| {
        let registry = Registry::default();
        let mux = Mux::start(line, is_client, SEND_WINDOW_BYTES, &Handle::current(), &registry);
        let link = BytesLink { mux, carrier: Carrier::Tcp, remote: None, secret: [0; 32] };
        Connection::bytes(link, Identity::ephemeral().public(), is_client)
    });
    server.authorize();
    client.authorize();
    sleep_until(Instant::now() + 4 * way.delay).await;
    (client, server)
}
