//! The UDP socket of an endpoint in the event loop. Owns when it is asked for packets and when for room; what is
//! read and written is quinn's.
//!
//! quinn's own socket asks once more after it was given all there was, and is watched for room all the time, which
//! each packet that leaves makes anew: two wakes of the kernel's for a key. This one is watched for room only after
//! it had none.

use std::fmt;
use std::io::{self, IoSliceMut};
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use quinn::udp::{RecvMeta, Transmit, UdpSocketState};
use quinn::{AsyncUdpSocket, UdpPoller};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// How many batches are asked for at once. The kernel joins what comes from one sender to batches of up to 64
/// packets; room for more of them is made and thrown away with every key.
const AT_ONCE: usize = 4;

pub(crate) struct Socket {
    packets: AsyncFd<UdpSocket>,
    state: UdpSocketState,
    /// The same socket, since it had no room for a packet.
    full: Mutex<Option<Arc<AsyncFd<OwnedFd>>>>,
}

impl Socket {
    /// Takes the socket into the event loop of the runtime that is entered.
    ///
    /// # Errors
    /// The kernel's.
    pub(crate) fn new(socket: UdpSocket) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        let state = UdpSocketState::new((&socket).into())?;
        Ok(Self { packets: watch(socket, Interest::READABLE)?, state, full: Mutex::new(None) })
    }

    fn lock_full(&self) -> MutexGuard<'_, Option<Arc<AsyncFd<OwnedFd>>>> {
        // It is whole after every statement.
        self.full.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has it watched for room.
    fn watch_room(&self) -> io::Result<()> {
        let mut full = self.lock_full();
        if full.is_none() {
            let same = self.packets.get_ref().as_fd().try_clone_to_owned()?;
            *full = Some(Arc::new(watch(same, Interest::WRITABLE)?));
        }
        Ok(())
    }
}

impl AsyncUdpSocket for Socket {
    fn create_io_poller(self: Arc<Self>) -> Pin<Box<dyn UdpPoller>> {
        Box::pin(Room { socket: self, waits: None })
    }

    fn try_send(&self, transmit: &Transmit<'_>) -> io::Result<()> {
        let sent = self.state.send(self.packets.get_ref().into(), transmit);
        if sent.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock) {
            self.watch_room()?;
        }
        sent
    }

    fn poll_recv(
        &self,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
        meta: &mut [RecvMeta],
    ) -> Poll<io::Result<usize>> {
        let few = bufs.len().min(AT_ONCE);
        loop {
            let mut ready = ready!(self.packets.poll_read_ready(cx))?;
            match self.state.recv(self.packets.get_ref().into(), &mut bufs[..few], meta) {
                Ok(count) => {
                    // There was no more: what comes from now on is told anew.
                    if count < few {
                        ready.clear_ready();
                    }
                    return Poll::Ready(Ok(count));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => ready.clear_ready(),
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.packets.get_ref().local_addr()
    }

    fn max_transmit_segments(&self) -> usize {
        self.state.max_gso_segments()
    }

    fn max_receive_segments(&self) -> usize {
        self.state.gro_segments()
    }

    fn may_fragment(&self) -> bool {
        self.state.may_fragment()
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Socket").field(self.packets.get_ref()).finish()
    }
}

/// One connection's wait for room.
struct Room {
    socket: Arc<Socket>,
    waits: Option<Pin<Box<dyn Future<Output = io::Result<()>> + Send + Sync>>>,
}

impl UdpPoller for Room {
    fn poll_writable(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(full) = self.socket.lock_full().clone() else { return Poll::Ready(Ok(())) };
        let waits = self.waits.get_or_insert_with(|| {
            Box::pin(async move { full.writable().await.map(|mut ready| ready.retain_ready()) })
        });
        let room = ready!(waits.as_mut().poll(cx));
        self.waits = None;
        *self.socket.lock_full() = None;
        Poll::Ready(room)
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Room").field(&self.socket).finish()
    }
}

#[expect(
    deprecated,
    reason = "its successor is an unsafe fn that asks for what an owned descriptor gives by its \
              type: it stays open and the same until the registration is gone"
)]
fn watch<F: AsRawFd>(fd: F, interest: Interest) -> io::Result<AsyncFd<F>> {
    AsyncFd::with_interest(fd, interest)
}

#[cfg(test)]
mod tests;
