//! Requests and answers over one socket, with nothing known about who is at the other end yet.
//!
//! A queue each way: what has no room yet, and what arrived while something else was waited for.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::io::Errno;

use super::ClientError;
use crate::packet::{self, Received, RecvError, Sent};
use crate::protocol::{Message, Packet, Request, RequestId, Response};

/// Requests that may wait for room in the socket. The keeper reads at once unless it is stopped, so
/// more than this means that nobody is listening.
const MAX_OUTBOX: usize = 1024;

#[derive(Debug)]
pub(super) struct Channel {
    pub(super) socket: OwnedFd,
    next: u32,
    inbox: VecDeque<Message>,
    outbox: VecDeque<Packet>,
    buffer: Vec<u8>,
}

impl Channel {
    pub(super) fn new(socket: OwnedFd) -> Self {
        Self {
            socket,
            next: 1,
            inbox: VecDeque::new(),
            outbox: VecDeque::new(),
            buffer: Vec::new(),
        }
    }

    pub(super) fn send(&mut self, request: &Request) -> Result<RequestId, ClientError> {
        if self.outbox.len() >= MAX_OUTBOX {
            return Err(ClientError::Stuck);
        }
        let id = RequestId(self.next);
        // Zero marks notices; after four thousand million requests the first ids come again.
        self.next = self.next.checked_add(1).unwrap_or(1);
        self.outbox.push_back(request.encode(id));
        self.flush()?;
        Ok(id)
    }

    pub(super) fn flush(&mut self) -> Result<(), ClientError> {
        while let Some(packet) = self.outbox.front() {
            match packet::send(&self.socket, packet) {
                Ok(Sent::Done) => drop(self.outbox.pop_front()),
                Ok(Sent::Full | Sent::Later) => break,
                Err(Errno::PIPE | Errno::CONNRESET) => return Err(ClientError::Closed),
                Err(errno) => return Err(ClientError::io("send to the keeper")(errno)),
            }
        }
        Ok(())
    }

    pub(super) fn wants_write(&self) -> bool {
        !self.outbox.is_empty()
    }

    pub(super) fn receive(&mut self) -> Result<Option<Message>, ClientError> {
        match self.inbox.pop_front() {
            Some(message) => Ok(Some(message)),
            None => self.receive_new(),
        }
    }

    pub(super) fn call(
        &mut self,
        request: &Request,
        deadline: Instant,
    ) -> Result<Response, ClientError> {
        let id = self.send(request)?;
        loop {
            match self.receive_new()? {
                Some(Message::Response { id: of, response }) if of == id => {
                    return match response {
                        Response::Refused(refusal) => Err(ClientError::Refused(refusal)),
                        response => Ok(response),
                    };
                }
                Some(other) => self.inbox.push_back(other),
                None => self.wait(deadline, "wait for an answer")?,
            }
        }
    }

    pub(super) fn wait(
        &mut self,
        deadline: Instant,
        attempt: &'static str,
    ) -> Result<(), ClientError> {
        let mut flags = PollFlags::IN;
        flags.set(PollFlags::OUT, self.wants_write());
        if !wait_for(&mut [PollFd::new(&self.socket, flags)], deadline)? {
            return Err(ClientError::TimedOut { attempt });
        }
        self.flush()
    }

    fn receive_new(&mut self) -> Result<Option<Message>, ClientError> {
        match packet::receive(&self.socket, &mut self.buffer) {
            Ok(Received::Packet(packet)) => Ok(Some(Message::decode(packet)?)),
            Ok(Received::Nothing) => Ok(None),
            Ok(Received::Closed) => Err(ClientError::Closed),
            Err(RecvError::Wire(error)) => Err(error.into()),
            Err(RecvError::Os(errno)) => Err(ClientError::io("receive from the keeper")(errno)),
        }
    }
}

/// Waits for one of `fds`; `false` if the deadline passed first.
pub(super) fn wait_for(fds: &mut [PollFd<'_>], deadline: Instant) -> Result<bool, ClientError> {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let left = Timespec::try_from(left).unwrap_or(Timespec { tv_sec: 0, tv_nsec: 0 });
        match rustix::event::poll(fds, Some(&left)) {
            Ok(ready) => return Ok(ready > 0),
            Err(Errno::INTR) => {}
            Err(errno) => return Err(ClientError::io("wait for the keeper")(errno)),
        }
    }
}
