//! One custodian's or tool's connection, seen from the keeper: what it is and what it must be told.
//!
//! A peer that does not read costs a bounded queue and is then left. What is said to whom is decided
//! elsewhere.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::io::Errno;

use crate::packet::{self, Received, RecvError, Sent};
use crate::protocol::{Packet, Role};

/// Frames that may wait for a peer. A greeting has one for twelve panes, so this is room for
/// twelve thousand panes and what happens while they are read.
const MAX_OUTBOX: usize = 2048;
/// When to try again what the kernel would not take although the socket is writable.
const LATER: Duration = Duration::from_millis(100);

#[derive(Debug)]
pub(super) struct Connection {
    pub(super) socket: OwnedFd,
    /// What the kernel says about the peer.
    pub(super) pid: u32,
    /// `None` until the hello.
    pub(super) role: Option<Role>,
    /// The peer has been sent everything there was at its hello.
    outbox: VecDeque<Packet>,
    pub(super) retry_at: Option<Instant>,
    /// Whether the event loop waits for room in the socket.
    pub(super) waits_for_room: bool,
}

/// The connection is no more.
#[derive(Debug)]
pub(super) struct Lost;

impl Connection {
    pub(super) fn new(socket: OwnedFd, pid: u32) -> Self {
        Self {
            socket,
            pid,
            role: None,
            outbox: VecDeque::new(),
            retry_at: None,
            waits_for_room: false,
        }
    }

    /// Holds every set, and is told of each change.
    pub(super) fn is_custodian(&self) -> bool {
        matches!(self.role, Some(Role::Server | Role::Spare))
    }

    /// Nothing is left to be sent: every set it should hold is at least in its socket.
    pub(super) fn is_settled(&self) -> bool {
        self.outbox.is_empty()
    }

    pub(super) fn send(&mut self, packet: Packet) -> Result<(), Lost> {
        if self.outbox.len() >= MAX_OUTBOX {
            return Err(Lost);
        }
        self.outbox.push_back(packet);
        self.flush()
    }

    pub(super) fn flush(&mut self) -> Result<(), Lost> {
        self.retry_at = None;
        self.waits_for_room = false;
        while let Some(packet) = self.outbox.front() {
            match packet::send(&self.socket, packet) {
                Ok(Sent::Done) => drop(self.outbox.pop_front()),
                Ok(Sent::Full) => {
                    self.waits_for_room = true;
                    break;
                }
                Ok(Sent::Later) => {
                    self.retry_at = Some(Instant::now() + LATER);
                    break;
                }
                Err(_) => return Err(Lost),
            }
        }
        Ok(())
    }

    /// The next frame, or `None` if nothing is there. A peer that sends what is no frame is left.
    pub(super) fn receive(&self, buffer: &mut Vec<u8>) -> Result<Option<Packet>, Lost> {
        match packet::receive(&self.socket, buffer) {
            Ok(Received::Packet(packet)) => Ok(Some(packet)),
            Ok(Received::Nothing) | Err(RecvError::Os(Errno::NOBUFS | Errno::NOMEM)) => Ok(None),
            Ok(Received::Closed) | Err(_) => Err(Lost),
        }
    }
}
