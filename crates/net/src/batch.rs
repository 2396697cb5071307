//! A socket on which a batch has packets of one size alone. Owns the cutting; the packets are quinn's.
//!
//! Packets that quinn hands over as one, for the network card to cut apart, are passed on as one between machines
//! of one host, and lost as one where they do not fit. The last of a batch may be small. Lost with the others, it
//! would tell quinn that their size was not why, and so large ones would be sent on and on into nothing. So it
//! goes by itself.

use std::fmt;
use std::io::{self, IoSliceMut};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use quinn::udp::{RecvMeta, Transmit};
use quinn::{AsyncUdpSocket, UdpPoller};

pub(crate) struct EvenBatches(Arc<dyn AsyncUdpSocket>);

impl EvenBatches {
    pub(crate) fn over(socket: Arc<dyn AsyncUdpSocket>) -> Arc<dyn AsyncUdpSocket> {
        Arc::new(Self(socket))
    }
}

impl AsyncUdpSocket for EvenBatches {
    fn create_io_poller(self: Arc<Self>) -> Pin<Box<dyn UdpPoller>> {
        Arc::clone(&self.0).create_io_poller()
    }

    fn try_send(&self, transmit: &Transmit<'_>) -> io::Result<()> {
        let size = transmit.segment_size.unwrap_or(transmit.contents.len());
        let smaller = transmit.contents.len().checked_rem(size).unwrap_or(0);
        if smaller == 0 || transmit.contents.len() < size {
            return self.0.try_send(transmit);
        }
        let (same, smaller) = transmit.contents.split_at(transmit.contents.len() - smaller);
        let part = |contents, segment_size| Transmit {
            destination: transmit.destination,
            ecn: transmit.ecn,
            contents,
            segment_size,
            src_ip: transmit.src_ip,
        };
        let more = same.len() > size;
        self.0.try_send(&part(same, more.then_some(size)))?;
        // Where there is no room for it, all of them are tried again: QUIC takes each once.
        self.0.try_send(&part(smaller, None))
    }

    fn poll_recv(
        &self,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
        meta: &mut [RecvMeta],
    ) -> Poll<io::Result<usize>> {
        self.0.poll_recv(cx, bufs, meta)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }

    fn max_transmit_segments(&self) -> usize {
        self.0.max_transmit_segments()
    }

    fn max_receive_segments(&self) -> usize {
        self.0.max_receive_segments()
    }

    fn may_fragment(&self) -> bool {
        self.0.may_fragment()
    }
}

impl fmt::Debug for EvenBatches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EvenBatches").finish_non_exhaustive()
    }
}
