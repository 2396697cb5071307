//! One connection of one principal: the greeting, its streams, and the attachment that it may have.
//! Owns what is per client; what is asked for is done elsewhere. Everything here runs on the
//! endpoint's own thread and never waits for a pane or a disk.

mod control;
mod flow;
mod forwards;
mod frames;
mod input;
mod sending;
mod task;
mod version;
mod visible;

use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, PoisonError};

use ccc_net::{Carrier, Connection};
use ccc_proto::{AttachmentId, ClientId, FrameApplied, PaneId, Spawn};
use ccc_vt::{CellPixels, Facts};
use tokio::sync::{Semaphore, mpsc};

use crate::audit::Note;
use crate::context::Context;
use crate::core::authorize::Principal;
use crate::core::record::Author;
use crate::principals::Seat;

pub(crate) use forwards::{Arrived, Forwards};
pub(crate) use task::serve;

/// A client that was let in.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) id: ClientId,
    pub(crate) seat: Arc<Seat>,
    pub(crate) connection: Connection,
    attachment: Mutex<Option<Arc<Attachment>>>,
    /// Held while one is taken, so that all are in order whichever stream brings them.
    inputs: tokio::sync::Mutex<Inputs>,
    /// What it found out about its terminal.
    facts: Mutex<Option<Facts>>,
    /// How large it says that a cell is in pixels.
    cell: Mutex<Option<CellPixels>>,
    pub(crate) forwards: Forwards,
    /// Room for copies of files.
    pub(crate) copies: Semaphore,
}

/// What the streams of a connection need of its attachment.
#[derive(Debug)]
pub(crate) struct Attachment {
    pub(crate) id: AttachmentId,
    /// Looks only, where it looks now.
    pub(crate) view: AtomicBool,
    /// Milliseconds since 1970 of the last input.
    pub(crate) typed: Arc<AtomicU64>,
    /// The pane it looks at, for requests without a target.
    pub(crate) pane: AtomicU64,
    pub(crate) frames: mpsc::Sender<ToFrames>,
}

/// Which inputs of a connection were taken, over all its attachments and sessions.
#[derive(Debug, Default)]
struct Inputs {
    /// The number of the last one on the input stream.
    streamed: u64,
    /// The number of the last one that was taken.
    last: u64,
    /// Those up to here were taken from a stream of repeats: the input stream brings them once more.
    again: u64,
}

impl Inputs {
    /// A client goes on counting from here. What came of its inputs already tells more.
    const fn go_on(&mut self, from: u64) {
        if self.last == 0 {
            self.last = from;
        }
    }

    /// One comes on the input stream; whether it is to be taken.
    const fn take(&mut self, number: u64) -> bool {
        // That stream is in order: a client that begins anew with each session has begun.
        if number <= self.streamed {
            self.again = 0;
        }
        self.streamed = number;
        if number <= self.again {
            return false;
        }
        self.last = number;
        true
    }

    /// One comes once more; whether it is its turn, and it had not come.
    fn take_again(&mut self, number: u64) -> bool {
        if number.checked_sub(1) != Some(self.last) {
            return false;
        }
        (self.last, self.again) = (number, number);
        true
    }
}

/// What the sender of frames is told by the other streams of its connection.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ToFrames {
    Applied(FrameApplied),
    Wanted(PaneId),
    /// Input for a pane was written, or waits.
    Typed(PaneId),
    /// The client found out what its terminal is like.
    Facts,
}

impl Client {
    pub(crate) fn attachment(&self) -> Option<Arc<Attachment>> {
        self.attachment.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_attachment(&self, attachment: Option<Arc<Attachment>>) {
        *self.attachment.lock().unwrap_or_else(PoisonError::into_inner) = attachment;
    }

    /// What its terminal is like, once it told.
    pub(crate) fn facts(&self) -> Option<Facts> {
        *self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How large a cell of its terminal is in pixels, once it told.
    pub(crate) fn cell(&self) -> Option<CellPixels> {
        *self.cell.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_facts(&self, facts: Facts, cell: Option<CellPixels>) {
        *self.cell.lock().unwrap_or_else(PoisonError::into_inner) = cell;
        *self.facts.lock().unwrap_or_else(PoisonError::into_inner) = Some(facts);
    }

    /// Who it is, and what it may do now.
    pub(crate) fn principal(&self) -> Arc<Principal> {
        self.seat.principal()
    }

    /// The beginning of a note about what this client does.
    pub(crate) fn note(&self, what: &'static str) -> Note {
        Note::by(&self.principal(), what).from(self.connection.remote_addr())
    }

    /// The author of what this client asks for.
    pub(crate) fn author(&self) -> Author {
        crate::book::author(&self.principal().id, self.id)
    }

    /// Whether what this client tells about its surroundings is about this machine.
    pub(crate) fn is_here(&self, ctx: &Context, spawn: &Spawn) -> bool {
        let machine = &ctx.surroundings.machine;
        spawn.machine == *machine && (!machine.is_empty() || comes_from_here(&self.connection))
    }

    /// The pane that the client's attachment looks at.
    pub(crate) fn standing(&self) -> Option<PaneId> {
        let attachment = self.attachment()?;
        let pane = attachment.pane.load(std::sync::atomic::Ordering::Relaxed);
        Some(PaneId(pane))
    }
}

/// Whether a client is of this machine where machines have no id (containers). Whoever comes by TCP or a program
/// comes through something that stands here, wherever they are: a client of this machine needs neither.
fn comes_from_here(connection: &Connection) -> bool {
    match connection.carrier() {
        Carrier::Memory => true,
        Carrier::Quic => connection.remote_addr().is_some_and(|from| from.ip().is_loopback()),
        Carrier::Tcp | Carrier::Program => false,
    }
}

#[cfg(test)]
mod tests;
