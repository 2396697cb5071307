//! Responses as bytes. Numbers 0x4001 to 0x7fff.

use super::request::MAX_BUILD;
use super::wire::{Reader, Writer};
use super::{Moves, Packet, PaneStatus, Reason, Refusal, RequestId, Response, Status, WireError};

const DONE: u16 = 0x4001;
const REFUSED: u16 = 0x4002;
const WELCOME: u16 = 0x4003;
const OPENED: u16 = 0x4004;
const ADOPTED: u16 = 0x4005;
const RESIZED: u16 = 0x4006;
const UNPARKED: u16 = 0x4007;
const PANES: u16 = 0x4008;
const STATUS: u16 = 0x4009;

/// Longest text of a refusal, in bytes.
const MAX_DETAIL: usize = 1024;

impl PaneStatus {
    /// Length of one entry of a list, in bytes.
    const LEN: usize = 26 + 4 + 10 + 1 + 8;
    /// Entries in one frame.
    pub(crate) const PER_FRAME: usize = (super::MAX_FRAME - 64) / Self::LEN;
}

impl Response {
    pub fn encode(&self, id: RequestId) -> Packet {
        Packet::new(self.number(), id.0, |out| match self {
            Self::Done => {}
            Self::Refused(Refusal { reason, errno, detail }) => {
                out.u16(reason.number());
                out.i32(*errno);
                out.text(detail, MAX_DETAIL);
            }
            Self::Welcome { version, pid, moves, build, pidfd } => {
                out.u16(*version);
                out.u32(*pid);
                moves.encode(out);
                out.text(build, MAX_BUILD);
                out.fd(pidfd);
            }
            Self::Opened { existing, set } => {
                out.u8(u8::from(*existing));
                out.set(set);
            }
            Self::Adopted { taken } => out.u16(*taken),
            Self::Resized { offset } => out.offset(*offset),
            Self::Unparked { fd } => out.fd(fd),
            Self::Panes { more, panes } => {
                debug_assert!(panes.len() <= PaneStatus::PER_FRAME, "the caller cuts into frames");
                out.u8(u8::from(*more));
                out.u16(u16::try_from(panes.len()).unwrap_or(u16::MAX));
                panes.iter().for_each(|pane| pane.encode(out));
            }
            Self::Status(status) => status.encode(out),
        })
    }

    fn number(&self) -> u16 {
        match self {
            Self::Done => DONE,
            Self::Refused(_) => REFUSED,
            Self::Welcome { .. } => WELCOME,
            Self::Opened { .. } => OPENED,
            Self::Adopted { .. } => ADOPTED,
            Self::Resized { .. } => RESIZED,
            Self::Unparked { .. } => UNPARKED,
            Self::Panes { .. } => PANES,
            Self::Status(_) => STATUS,
        }
    }

    pub(super) fn decode(number: u16, mut body: Reader) -> Result<Option<Self>, WireError> {
        let response = match number {
            DONE => Self::Done,
            REFUSED => Self::Refused(Refusal {
                reason: Reason::from_number(body.u16()?),
                errno: body.i32()?,
                detail: body.text("detail", MAX_DETAIL)?,
            }),
            WELCOME => Self::Welcome {
                version: body.u16()?,
                pid: body.u32()?,
                moves: Moves::decode(&mut body)?,
                build: body.text("build", MAX_BUILD)?,
                pidfd: body.fd()?,
            },
            OPENED => Self::Opened { existing: body.flag("existing")?, set: body.set()? },
            ADOPTED => Self::Adopted { taken: body.u16()? },
            RESIZED => Self::Resized { offset: body.offset()? },
            UNPARKED => Self::Unparked { fd: body.fd()? },
            PANES => Self::Panes {
                more: body.flag("more")?,
                panes: {
                    let count = usize::from(body.u16()?);
                    if count > PaneStatus::PER_FRAME {
                        return Err(WireError::Value { what: "number of panes" });
                    }
                    (0..count).map(|_| PaneStatus::decode(&mut body)).collect::<Result<_, _>>()?
                },
            },
            STATUS => Self::Status(Status::decode(&mut body)?),
            _ => return Ok(None),
        };
        body.end(Some(response))
    }
}

impl PaneStatus {
    fn encode(&self, out: &mut Writer) {
        out.ulid(&self.ulid);
        out.u32(self.pid);
        out.state(self.state);
        out.u8(u8::from(self.flooding));
        out.offset(self.offset);
    }

    fn decode(body: &mut Reader) -> Result<Self, WireError> {
        Ok(Self {
            ulid: body.ulid()?,
            pid: body.u32()?,
            state: body.state()?,
            flooding: body.flag("flooding")?,
            offset: body.offset()?,
        })
    }
}

impl Status {
    fn encode(&self, out: &mut Writer) {
        out.u16(self.version);
        out.u32(self.pid);
        out.u32(self.spare);
        out.u32(self.server);
        self.moves.encode(out);
        out.u32(self.panes);
        out.u32(self.waiting);
        out.u32(self.flooding);
        out.u32(self.parked);
        out.u64(self.fd_limit);
        out.i32(i32::from(self.oom_score_adj));
    }

    fn decode(body: &mut Reader) -> Result<Self, WireError> {
        Ok(Self {
            version: body.u16()?,
            pid: body.u32()?,
            spare: body.u32()?,
            server: body.u32()?,
            moves: Moves::decode(body)?,
            panes: body.u32()?,
            waiting: body.u32()?,
            flooding: body.u32()?,
            parked: body.u32()?,
            fd_limit: body.u64()?,
            oom_score_adj: i16::try_from(body.i32()?)
                .map_err(|_refused| WireError::Value { what: "oom score" })?,
        })
    }
}

impl Moves {
    fn encode(self, out: &mut Writer) {
        out.u8(match self {
            Self::Splice => 0,
            Self::ReadWrite => 1,
        });
    }

    fn decode(body: &mut Reader) -> Result<Self, WireError> {
        match body.u8()? {
            0 => Ok(Self::Splice),
            1 => Ok(Self::ReadWrite),
            _ => Err(WireError::Value { what: "way of moving" }),
        }
    }
}

impl Reason {
    /// In the order of the table in `proto/keeper.md`; the number is the place, from 1.
    const NUMBERED: [Self; 15] = [
        Self::UnknownRequest,
        Self::Malformed,
        Self::Version,
        Self::Hello,
        Self::NoSuchPane,
        Self::Ended,
        Self::CwdMissing,
        Self::NotFound,
        Self::NotExecutable,
        Self::Exhausted,
        Self::Journal,
        Self::Name,
        Self::PanesLeft,
        Self::Busy,
        Self::Os,
    ];

    fn number(self) -> u16 {
        if let Self::Other(number) = self {
            return number;
        }
        let place = Self::NUMBERED.iter().position(|reason| *reason == self);
        place.and_then(|place| u16::try_from(place + 1).ok()).unwrap_or(0)
    }

    fn from_number(number: u16) -> Self {
        let place = usize::from(number).checked_sub(1);
        place.and_then(|place| Self::NUMBERED.get(place)).copied().unwrap_or(Self::Other(number))
    }
}
