//! The index of a segment: when its bytes came, and where its keyframes are.

use super::header::{Body, HeaderFault};
use super::times::Clock;
use crate::units::{BootId, Offset, Position};

/// Most times in one index. A finer place is found by reading `events` on from one of them.
pub(super) const MAX_TIMES: usize = 256;

/// Most keyframes in one index: one for each turn of the largest segment.
const MAX_KEYFRAMES: u32 = 1 << 17;

/// What the index of a segment tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SegmentIndex {
    /// What the monotonic times behind this segment count from.
    pub clock: Option<Clock>,
    /// Ascending.
    pub times: Vec<TimeEntry>,
    /// Ascending.
    pub keyframes: Vec<KeyframeEntry>,
}

/// A place and its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeEntry {
    /// The byte here came at the time, those before it earlier.
    pub offset: Offset,
    pub wall_ns: u64,
    /// Where the event stands that says so.
    pub events: Position,
}

/// A keyframe as the index tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyframeEntry {
    pub offset: Offset,
    pub events_position: Position,
    pub engine: u16,
    /// Size of the state in bytes.
    pub size: u32,
    pub(super) stored: u32,
    /// Of the state.
    pub(super) checksum: u32,
    /// Where its first record stands.
    pub(super) at: u64,
}

impl SegmentIndex {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let clock = self.clock.unwrap_or_default();
        out.push(u8::from(self.clock.is_some()));
        out.extend_from_slice(&clock.wall_ns.to_le_bytes());
        out.extend_from_slice(&clock.mono_ns.to_le_bytes());
        out.extend_from_slice(&clock.boot.0);
        out.extend_from_slice(&u32::try_from(self.times.len()).unwrap_or(u32::MAX).to_le_bytes());
        for time in &self.times {
            out.extend_from_slice(&time.offset.0.to_le_bytes());
            out.extend_from_slice(&time.wall_ns.to_le_bytes());
            out.extend_from_slice(&time.events.0.to_le_bytes());
        }
        let count = u32::try_from(self.keyframes.len()).unwrap_or(u32::MAX);
        out.extend_from_slice(&count.to_le_bytes());
        for keyframe in &self.keyframes {
            out.extend_from_slice(&keyframe.offset.0.to_le_bytes());
            out.extend_from_slice(&keyframe.events_position.0.to_le_bytes());
            out.extend_from_slice(&keyframe.engine.to_le_bytes());
            out.extend_from_slice(&keyframe.size.to_le_bytes());
            out.extend_from_slice(&keyframe.stored.to_le_bytes());
            out.extend_from_slice(&keyframe.checksum.to_le_bytes());
            out.extend_from_slice(&keyframe.at.to_le_bytes());
        }
        out
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, HeaderFault> {
        let mut body = Body(bytes);
        let known = body.array::<1>()?[0] == 1;
        let (wall_ns, mono_ns) = (body.u64()?, body.u64()?);
        let boot = BootId(body.array()?);
        let clock = known.then_some(Clock { wall_ns, mono_ns, boot });
        let mut index = Self { clock, ..Self::default() };
        let count = body.u32()?;
        if count as usize > MAX_TIMES {
            return Err(HeaderFault::Malformed);
        }
        for _ in 0..count {
            let (offset, wall_ns) = (Offset(body.u64()?), body.u64()?);
            index.times.push(TimeEntry { offset, wall_ns, events: Position(body.u64()?) });
        }
        let count = body.u32()?;
        if count > MAX_KEYFRAMES {
            return Err(HeaderFault::Malformed);
        }
        for _ in 0..count {
            index.keyframes.push(KeyframeEntry {
                offset: Offset(body.u64()?),
                events_position: Position(body.u64()?),
                engine: body.u16()?,
                size: body.u32()?,
                stored: body.u32()?,
                checksum: body.u32()?,
                at: body.u64()?,
            });
        }
        Ok(index)
    }
}
