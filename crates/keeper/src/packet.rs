//! One packet over the keeper's socket, descriptors included.
//!
//! `SOCK_SEQPACKET` keeps the borders of packets and says when the other side is gone, so a frame
//! needs no length and descriptors cannot slip to a neighbour. What a packet means is decided in
//! [`crate::protocol`].

use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

use rustix::io::Errno;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags,
};

use crate::protocol::{MAX_FDS, MAX_FRAME, Packet, WireError};

pub(crate) enum Received {
    Packet(Packet),
    /// Nothing is there now.
    Nothing,
    /// The other side is gone.
    Closed,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum RecvError {
    #[error(transparent)]
    Wire(#[from] WireError),
    #[error(transparent)]
    Os(#[from] Errno),
}

pub(crate) enum Sent {
    Done,
    /// The socket will be writable when there is room again.
    Full,
    /// Too many descriptors, or too much memory, are under way; nothing tells when that ends.
    Later,
}

/// Sends without waiting.
pub(crate) fn send(socket: impl AsFd, packet: &Packet) -> rustix::io::Result<Sent> {
    let fds: Vec<BorrowedFd<'_>> = packet.fds.iter().map(|fd| fd.as_fd()).collect();
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_FDS))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !fds.is_empty() && !control.push(SendAncillaryMessage::ScmRights(&fds)) {
        return Err(Errno::INVAL);
    }
    let flags = SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
    loop {
        match rustix::net::sendmsg(&socket, &[IoSlice::new(&packet.bytes)], &mut control, flags) {
            Ok(_) => return Ok(Sent::Done),
            Err(Errno::AGAIN) => return Ok(Sent::Full),
            Err(Errno::TOOMANYREFS | Errno::NOBUFS) => return Ok(Sent::Later),
            Err(Errno::INTR) => {}
            Err(errno) => return Err(errno),
        }
    }
}

/// Receives without waiting, into `buffer`, which keeps its memory from call to call.
pub(crate) fn receive(socket: impl AsFd, buffer: &mut Vec<u8>) -> Result<Received, RecvError> {
    buffer.resize(MAX_FRAME, 0);
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_FDS))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let flags = RecvFlags::DONTWAIT | RecvFlags::CMSG_CLOEXEC;
    let message = loop {
        let into = &mut [IoSliceMut::new(buffer)];
        match rustix::net::recvmsg(&socket, into, &mut control, flags) {
            Ok(message) => break message,
            Err(Errno::AGAIN) => return Ok(Received::Nothing),
            Err(Errno::INTR) => {}
            Err(Errno::CONNRESET) => return Ok(Received::Closed),
            Err(errno) => return Err(errno.into()),
        }
    };
    let mut fds: Vec<Arc<OwnedFd>> = Vec::new();
    for part in control.drain() {
        if let RecvAncillaryMessage::ScmRights(rights) = part {
            fds.extend(rights.map(Arc::new));
        }
    }
    if message.bytes == 0 {
        return Ok(Received::Closed);
    }
    if message.flags.contains(ReturnFlags::TRUNC) {
        return Err(WireError::Oversize.into());
    }
    if message.flags.contains(ReturnFlags::CTRUNC) {
        return Err(WireError::Descriptors { said: fds.len() + 1, found: fds.len() }.into());
    }
    Ok(Received::Packet(Packet { bytes: buffer[..message.bytes].to_vec(), fds }))
}
