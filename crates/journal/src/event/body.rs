//! Events as record kinds and bodies. The byte tables are in `proto/journal.md`.

use super::{Event, ExitStatus, Gap, GapReason};
use crate::units::{BootId, CellPixels, Offset, Size};

const STARTED: u16 = 1;
const TIME: u16 = 2;
const RESIZE: u16 = 3;
const EXIT: u16 = 4;
const GAP: u16 = 5;
const ADOPTED: u16 = 6;
const CELL_PIXELS: u16 = 7;

const EXIT_CODE: u8 = 0;
const EXIT_SIGNAL: u8 = 1;
const EXIT_UNKNOWN: u8 = 2;

/// What a record of the `events` file turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Decoded {
    Event(Event),
    /// A kind of a newer release.
    Unknown,
    /// A known kind with a body too short for it.
    Short,
}

/// Writes the event's body and returns its kind.
pub(super) fn encode(event: &Event, out: &mut Vec<u8>) -> u16 {
    out.extend_from_slice(&event.offset().0.to_le_bytes());
    match *event {
        Event::Started { wall_ns, mono_ns, boot_id, .. } => {
            out.extend_from_slice(&wall_ns.to_le_bytes());
            out.extend_from_slice(&mono_ns.to_le_bytes());
            out.extend_from_slice(&boot_id.0);
            STARTED
        }
        Event::Time { mono_ns, .. } => {
            out.extend_from_slice(&mono_ns.to_le_bytes());
            TIME
        }
        Event::Resize { size, .. } => {
            out.extend_from_slice(&size.cols.to_le_bytes());
            out.extend_from_slice(&size.rows.to_le_bytes());
            RESIZE
        }
        Event::Exit { status, mono_ns, .. } => {
            let (how, value) = match status {
                ExitStatus::Code(code) => (EXIT_CODE, code),
                ExitStatus::Signal(signal) => (EXIT_SIGNAL, signal),
                ExitStatus::Unknown => (EXIT_UNKNOWN, 0),
            };
            out.extend_from_slice(&mono_ns.to_le_bytes());
            out.extend_from_slice(&value.to_le_bytes());
            out.push(how);
            EXIT
        }
        Event::Gap(gap) => {
            out.extend_from_slice(&gap.to.0.to_le_bytes());
            out.push(reason_number(gap.reason));
            GAP
        }
        Event::Adopted { mono_ns, boot_id, .. } => {
            out.extend_from_slice(&mono_ns.to_le_bytes());
            out.extend_from_slice(&boot_id.0);
            ADOPTED
        }
        Event::CellPixels { cell, .. } => {
            out.extend_from_slice(&cell.width.to_le_bytes());
            out.extend_from_slice(&cell.height.to_le_bytes());
            CELL_PIXELS
        }
    }
}

pub(super) fn decode(kind: u16, body: &[u8]) -> Decoded {
    let mut fields = Fields(body);
    let event = match kind {
        STARTED => fields.started(),
        TIME => fields.time(),
        RESIZE => fields.resize(),
        EXIT => fields.exit(),
        GAP => fields.gap(),
        ADOPTED => fields.adopted(),
        CELL_PIXELS => fields.cell_pixels(),
        _ => return Decoded::Unknown,
    };
    event.map_or(Decoded::Short, Decoded::Event)
}

fn reason_number(reason: GapReason) -> u8 {
    match reason {
        GapReason::Unknown => 0,
        GapReason::Budget => 1,
        GapReason::Forget => 2,
        GapReason::DiskFull => 3,
        GapReason::Crash => 4,
        GapReason::Damaged => 5,
        GapReason::NotRecorded => 6,
    }
}

fn reason(number: u8) -> GapReason {
    match number {
        1 => GapReason::Budget,
        2 => GapReason::Forget,
        3 => GapReason::DiskFull,
        4 => GapReason::Crash,
        5 => GapReason::Damaged,
        6 => GapReason::NotRecorded,
        _ => GapReason::Unknown,
    }
}

/// The rest of a body, taken field by field.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn started(&mut self) -> Option<Event> {
        Some(Event::Started {
            offset: self.offset()?,
            wall_ns: self.u64()?,
            mono_ns: self.u64()?,
            boot_id: BootId(self.array()?),
        })
    }

    fn time(&mut self) -> Option<Event> {
        Some(Event::Time { offset: self.offset()?, mono_ns: self.u64()? })
    }

    fn resize(&mut self) -> Option<Event> {
        let offset = self.offset()?;
        let cols = u16::from_le_bytes(self.array()?);
        let rows = u16::from_le_bytes(self.array()?);
        Some(Event::Resize { offset, size: Size { cols, rows } })
    }

    fn exit(&mut self) -> Option<Event> {
        let offset = self.offset()?;
        let mono_ns = self.u64()?;
        let value = i32::from_le_bytes(self.array()?);
        let [how] = self.array()?;
        let status = match how {
            EXIT_CODE => ExitStatus::Code(value),
            EXIT_SIGNAL => ExitStatus::Signal(value),
            _ => ExitStatus::Unknown,
        };
        Some(Event::Exit { offset, status, mono_ns })
    }

    fn gap(&mut self) -> Option<Event> {
        let from = self.offset()?;
        let to = self.offset()?;
        let [number] = self.array()?;
        Some(Event::Gap(Gap { from, to, reason: reason(number) }))
    }

    fn adopted(&mut self) -> Option<Event> {
        Some(Event::Adopted {
            offset: self.offset()?,
            mono_ns: self.u64()?,
            boot_id: BootId(self.array()?),
        })
    }

    fn cell_pixels(&mut self) -> Option<Event> {
        let offset = self.offset()?;
        let width = u16::from_le_bytes(self.array()?);
        let height = u16::from_le_bytes(self.array()?);
        Some(Event::CellPixels { offset, cell: CellPixels { width, height } })
    }

    fn offset(&mut self) -> Option<Offset> {
        self.u64().map(Offset)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*field)
    }
}
