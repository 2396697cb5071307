//! Notices as bytes. Numbers from 0x8001; the request id of a notice is 0.

use super::request::MAX_BUILD;
use super::wire::Reader;
use super::{MAX_PARK_NAME, Notice, Packet, WireError};

const CUSTODY: u16 = 0x8001;
const PARKED: u16 = 0x8002;
const SYNCED: u16 = 0x8003;
const EXITED: u16 = 0x8004;
const STATE: u16 = 0x8005;
const CLOSED: u16 = 0x8006;
const UNPARKED: u16 = 0x8007;
const SERVER: u16 = 0x8008;
const RETIRE: u16 = 0x8009;
const UPGRADED: u16 = 0x800a;

impl Notice {
    pub fn encode(&self) -> Packet {
        Packet::new(self.number(), 0, |out| match self {
            Self::Custody { sets } => out.sets(sets),
            Self::Parked { name, fd } => {
                out.text(name, MAX_PARK_NAME);
                out.fd(fd);
            }
            Self::Synced | Self::Retire => {}
            Self::Exited { ulid, status, offset } => {
                out.ulid(ulid);
                out.exit(Some(*status));
                out.offset(*offset);
            }
            Self::State { ulid, state } => {
                out.ulid(ulid);
                out.state(*state);
            }
            Self::Closed { ulid } => out.ulid(ulid),
            Self::Unparked { name } => out.text(name, MAX_PARK_NAME),
            Self::Server { server } => out.server(server.as_ref()),
            Self::Upgraded { version, build } => {
                out.u16(*version);
                out.text(build, MAX_BUILD);
            }
        })
    }

    fn number(&self) -> u16 {
        match self {
            Self::Custody { .. } => CUSTODY,
            Self::Parked { .. } => PARKED,
            Self::Synced => SYNCED,
            Self::Exited { .. } => EXITED,
            Self::State { .. } => STATE,
            Self::Closed { .. } => CLOSED,
            Self::Unparked { .. } => UNPARKED,
            Self::Server { .. } => SERVER,
            Self::Retire => RETIRE,
            Self::Upgraded { .. } => UPGRADED,
        }
    }

    pub(super) fn decode(number: u16, mut body: Reader) -> Result<Option<Self>, WireError> {
        let notice = match number {
            CUSTODY => Self::Custody { sets: body.sets()? },
            PARKED => Self::Parked { name: body.text("name", MAX_PARK_NAME)?, fd: body.fd()? },
            SYNCED => Self::Synced,
            EXITED => Self::Exited {
                ulid: body.ulid()?,
                status: body.exit()?.ok_or(WireError::Value { what: "exit status" })?,
                offset: body.offset()?,
            },
            STATE => Self::State { ulid: body.ulid()?, state: body.state()? },
            CLOSED => Self::Closed { ulid: body.ulid()? },
            UNPARKED => Self::Unparked { name: body.text("name", MAX_PARK_NAME)? },
            SERVER => Self::Server { server: body.server()? },
            RETIRE => Self::Retire,
            UPGRADED => {
                Self::Upgraded { version: body.u16()?, build: body.text("build", MAX_BUILD)? }
            }
            _ => return Ok(None),
        };
        body.end(Some(notice))
    }
}
