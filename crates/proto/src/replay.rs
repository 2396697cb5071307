//! Looking at a recording at any of its bytes: what there is to look at, and the screen at one place.

use bincode::{Decode, Encode};

use crate::number::numbers;
use crate::{Ext, Frame, PaneId, WireExit, WireSize};

/// Asks what there is of a recording to look at. Answered by one [`ReplayInfo`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ReplayRequest {
    /// The pane, or the name of the directory.
    pub target: String,
    pub ext: Ext,
}

/// What there is to look at. Offsets and times ascend.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ReplayInfo {
    /// The name of the directory, by which screens are asked for.
    pub ulid: String,
    /// The pane, if one has it.
    pub pane: Option<PaneId>,
    /// Name of its session; the one at birth when it has none any more.
    pub session: String,
    /// Program and arguments.
    pub command: String,
    /// Its program runs: more may come.
    pub running: bool,
    /// Milliseconds since 1970 of the beginning; 0 when nothing tells.
    pub began_unix_ms: u64,
    /// Offset of the first byte that is kept.
    pub first: u64,
    /// Offset of the end.
    pub end: u64,
    /// How long it is, in microseconds.
    pub duration_us: u64,
    /// When what came, in steps that get coarser the longer the recording is.
    pub points: Vec<ReplayPoint>,
    /// What happened.
    pub moments: Vec<ReplayMoment>,
    /// What the shell ran, the newest if there are very many.
    pub commands: Vec<ReplayCommand>,
    pub ext: Ext,
}

/// Tags of [`ReplayInfo`].
pub mod replay_tag {
    /// What the moments of kind `GAP` are: 18 bytes for each, the first missing byte and one past the last as
    /// `u64`, and a [`super::GapReason`] as `u16`, all little endian.
    pub const GAPS: u16 = 1;
}

/// Bytes of one gap in [`replay_tag::GAPS`].
const GAP: usize = 18;

numbers! {
    /// Why bytes of a recording are missing.
    GapReason {
        /// A disk budget was reached and the oldest bytes went.
        BUDGET = 1,
        /// Somebody asked to forget them.
        FORGET = 2,
        /// The disk was full.
        DISK_FULL = 3,
        /// A power cut took what had not reached the disk.
        CRASH = 4,
        /// They are there and cannot be read.
        DAMAGED = 5,
        /// Somebody asked not to record them.
        NOT_RECORDED = 6,
    }
}

/// Bytes that are missing, from one up to, not including, another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplayGap {
    pub from: u64,
    pub to: u64,
    pub reason: GapReason,
}

impl ReplayGap {
    /// As the bytes of [`replay_tag::GAPS`].
    pub fn encode(gaps: &[Self]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(gaps.len() * GAP);
        for gap in gaps {
            bytes.extend_from_slice(&gap.from.to_le_bytes());
            bytes.extend_from_slice(&gap.to.to_le_bytes());
            bytes.extend_from_slice(&gap.reason.0.to_le_bytes());
        }
        bytes
    }

    /// From the bytes of [`replay_tag::GAPS`]; half a gap at the end is none.
    pub fn decode(bytes: &[u8]) -> Vec<Self> {
        let (whole, _rest) = bytes.as_chunks::<GAP>();
        let number = |bytes: &[u8]| {
            bytes.iter().rev().fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
        };
        let gaps = whole.iter().map(|gap| Self {
            from: number(&gap[..8]),
            to: number(&gap[8..16]),
            reason: GapReason(u16::from_le_bytes([gap[16], gap[17]])),
        });
        gaps.collect()
    }
}

/// A byte, and when it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ReplayPoint {
    pub offset: u64,
    /// Microseconds since the beginning.
    pub at_us: u64,
}

numbers! {
    /// What happened at a place of a recording.
    MomentKind {
        /// A program was started.
        STARTED = 1,
        /// The size changed.
        RESIZED = 2,
        /// The program ended.
        ENDED = 3,
        /// Bytes are missing from here on.
        GAP = 4,
    }
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ReplayMoment {
    pub offset: u64,
    /// Microseconds since the beginning.
    pub at_us: u64,
    /// What it is.
    pub kind: MomentKind,
    /// The new size, where it changed.
    pub size: WireSize,
    /// How the program ended, where it did.
    pub exit: WireExit,
}

/// A command that a shell told of.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ReplayCommand {
    /// The byte where the mark before its output ends.
    pub mark: u64,
    /// One past the last byte of its output; `None` while it runs.
    pub to: Option<u64>,
    /// Its beginning; a long one is cut.
    pub text: String,
    /// Its status, if that is known.
    pub exit: Option<i32>,
}

/// Asks for the screen of a recording. Answered by one [`ScreenPage`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ScreenRequest {
    /// The name of the directory.
    pub ulid: String,
    /// The bytes before it have been printed, and no others.
    pub offset: u64,
    pub ext: Ext,
}

/// Asks for the data of an image that a screen of a recording shows. Answered by one
/// [`ImagePage`](crate::ImagePage).
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ReplayImage {
    /// The name of the directory.
    pub ulid: String,
    /// A place at which the screen has it, as of a [`ScreenRequest`].
    pub offset: u64,
    /// Its name, as the screen tells it.
    pub image: u64,
    /// The first byte wanted.
    pub from: u32,
    pub ext: Ext,
}

/// The screen of a recording at a place.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ScreenPage {
    /// Where it stands: less than was asked for at the end of the recording.
    pub offset: u64,
    /// The whole screen; it builds upon nothing.
    pub frame: Frame,
    pub ext: Ext,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_come_back_as_they_were_and_half_of_one_is_none() {
        let gap = |from, to, reason| ReplayGap { from, to, reason };
        let gaps = [gap(0, 5, GapReason::FORGET), gap(u64::MAX - 1, u64::MAX, GapReason(999))];
        let mut bytes = ReplayGap::encode(&gaps);
        assert_eq!(ReplayGap::decode(&bytes), gaps);
        bytes.pop();
        assert_eq!(ReplayGap::decode(&bytes), gaps[..1]);
        assert!(ReplayGap::decode(&[]).is_empty());
    }
}
