//! What happened to a pane, each at a byte offset: the `events` file beside the journal.
//!
//! The keeper writes it and it is truth. What the bytes mean (prompts, titles) is in `marks`, not
//! here. Bodies are fixed structs of little-endian numbers; a body never changes, a longer one is
//! read as far as it is known, and an unknown kind is skipped by its length.

mod body;
mod file;

pub use file::{EVENTS_FILE, EventReader, EventWriter, tell_gap};

use crate::units::{BootId, CellPixels, Offset, Size};

/// One event of a pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A program is about to run in the pane: at the pane's beginning, and each time one is started
    /// again after an exit.
    Started { offset: Offset, wall_ns: u64, mono_ns: u64, boot_id: BootId },
    /// The byte at `offset` came at about this time, and those before it earlier. Losing some of
    /// these makes times coarser, never bytes.
    Time { offset: Offset, mono_ns: u64 },
    /// The bytes from `offset` on were printed into a terminal of this size.
    Resize { offset: Offset, size: Size },
    /// The child ended; `offset` is the end of what it printed.
    Exit { offset: Offset, status: ExitStatus, mono_ns: u64 },
    /// Bytes that the recording does not hold.
    Gap(Gap),
    /// A successor keeper took over; after a reboot the boot id differs.
    Adopted { offset: Offset, mono_ns: u64, boot_id: BootId },
    /// The bytes from `offset` on were printed into a terminal whose cells are of this size.
    CellPixels { offset: Offset, cell: CellPixels },
}

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExitStatus {
    /// It returned this status.
    Code(i32),
    /// This signal ended it.
    Signal(i32),
    /// Nobody could learn it. Never to be shown as success.
    Unknown,
}

/// The bytes from `from` up to, not including, `to` are not in the recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Gap {
    pub from: Offset,
    pub to: Offset,
    pub reason: GapReason,
}

/// Why bytes are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GapReason {
    /// Nothing says why; also what a reason of a newer release reads as.
    Unknown,
    /// A disk budget was reached and the oldest bytes went.
    Budget,
    /// Somebody asked to forget them.
    Forget,
    /// The disk was full and the policy was to go on without.
    DiskFull,
    /// A power cut took what had not reached the disk.
    Crash,
    /// They are there and cannot be read.
    Damaged,
    /// Somebody asked not to record them.
    NotRecorded,
}

impl Event {
    /// The offset the event stands at; for a gap, where it begins.
    #[must_use]
    pub fn offset(&self) -> Offset {
        match *self {
            Self::Started { offset, .. }
            | Self::Time { offset, .. }
            | Self::Resize { offset, .. }
            | Self::Exit { offset, .. }
            | Self::Adopted { offset, .. }
            | Self::CellPixels { offset, .. } => offset,
            Self::Gap(gap) => gap.from,
        }
    }

    /// The monotonic time it carries, in nanoseconds of the boot named last before it.
    #[must_use]
    pub fn mono_ns(&self) -> Option<u64> {
        match *self {
            Self::Started { mono_ns, .. }
            | Self::Time { mono_ns, .. }
            | Self::Exit { mono_ns, .. }
            | Self::Adopted { mono_ns, .. } => Some(mono_ns),
            Self::Resize { .. } | Self::Gap(_) | Self::CellPixels { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests;
