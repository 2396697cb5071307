//! Requests as bytes. Numbers 1 to 0x3fff; none is ever used again for something else.

use super::wire::Reader;
use super::{
    Asked, MAGIC, MAX_PARK_NAME, Packet, Reason, Refusal, Request, RequestId, Role, SignalTarget,
    WireError,
};

const HELLO: u16 = 1;
const OPEN: u16 = 2;
const ADOPT: u16 = 3;
const RESIZE: u16 = 4;
const SIGNAL: u16 = 5;
const CLOSE: u16 = 6;
const TRIMMED: u16 = 7;
const POKE: u16 = 8;
const PARK: u16 = 9;
const UNPARK: u16 = 10;
const LIST: u16 = 11;
const STATUS: u16 = 12;
const CLEAN_STOP: u16 = 13;
const SHUTDOWN: u16 = 14;
const UPGRADE: u16 = 15;
const TYPED: u16 = 16;
const SEALED: u16 = 17;
const OPEN_UNRECORDED: u16 = 18;
const FORGET: u16 = 19;
const RECORD: u16 = 20;
const CELL_PIXELS: u16 = 21;

/// Longest name of a build, in bytes.
pub(super) const MAX_BUILD: usize = 128;
/// Longest path of a program, in bytes: the kernel's own limit.
const MAX_PATH: usize = 4096;

impl Request {
    pub fn encode(&self, id: RequestId) -> Packet {
        Packet::new(self.number(), id.0, |out| match self {
            Self::Hello { role, oldest, newest, build, server } => {
                out.raw(MAGIC);
                out.u16(*oldest);
                out.u16(*newest);
                out.u8(match role {
                    Role::Tool => 0,
                    Role::Server => 1,
                    Role::Spare => 2,
                });
                out.text(build, MAX_BUILD);
                out.server(server.as_ref());
            }
            Self::Open { ulid, size, terms, spec }
            | Self::OpenUnrecorded { ulid, size, terms, spec } => {
                out.ulid(ulid);
                out.size(*size);
                out.terms(*terms);
                out.fd(spec);
            }
            Self::Adopt { sets } => out.sets(sets),
            Self::Resize { ulid, size } => {
                out.ulid(ulid);
                out.size(*size);
            }
            Self::CellPixels { ulid, cell } => {
                out.ulid(ulid);
                out.cell(*cell);
            }
            Self::Signal { ulid, signal, target } => {
                out.ulid(ulid);
                out.u8(*signal);
                out.u8(match target {
                    SignalTarget::Foreground => 0,
                    SignalTarget::Leader => 1,
                });
            }
            Self::Close { ulid } | Self::Poke { ulid } | Self::Typed { ulid } => out.ulid(ulid),
            Self::Trimmed { ulid, first } | Self::Sealed { ulid, first } => {
                out.ulid(ulid);
                out.offset(*first);
            }
            Self::Forget { ulid, from, to } => {
                out.ulid(ulid);
                out.offset(*from);
                out.offset(*to);
            }
            Self::Record { ulid, on } => {
                out.ulid(ulid);
                out.u8(u8::from(*on));
            }
            Self::Park { name, fd } => {
                out.text(name, MAX_PARK_NAME);
                out.fd(fd);
            }
            Self::Unpark { name } => out.text(name, MAX_PARK_NAME),
            Self::List { after } => {
                out.u8(u8::from(after.is_some()));
                if let Some(after) = after {
                    out.ulid(after);
                }
            }
            Self::Status | Self::CleanStop => {}
            Self::Shutdown { kill } => out.u8(u8::from(*kill)),
            Self::Upgrade { exe } => out.bytes(exe.as_encoded_bytes(), MAX_PATH),
        })
    }

    fn number(&self) -> u16 {
        match self {
            Self::Hello { .. } => HELLO,
            Self::Open { .. } => OPEN,
            Self::OpenUnrecorded { .. } => OPEN_UNRECORDED,
            Self::Adopt { .. } => ADOPT,
            Self::Resize { .. } => RESIZE,
            Self::CellPixels { .. } => CELL_PIXELS,
            Self::Signal { .. } => SIGNAL,
            Self::Close { .. } => CLOSE,
            Self::Trimmed { .. } => TRIMMED,
            Self::Sealed { .. } => SEALED,
            Self::Forget { .. } => FORGET,
            Self::Record { .. } => RECORD,
            Self::Poke { .. } => POKE,
            Self::Park { .. } => PARK,
            Self::Unpark { .. } => UNPARK,
            Self::List { .. } => LIST,
            Self::Status => STATUS,
            Self::CleanStop => CLEAN_STOP,
            Self::Shutdown { .. } => SHUTDOWN,
            Self::Upgrade { .. } => UPGRADE,
            Self::Typed { .. } => TYPED,
        }
    }

    fn decode(number: u16, mut body: Reader) -> Result<Option<Self>, WireError> {
        let request = match number {
            HELLO => {
                if body.raw(MAGIC.len())? != MAGIC {
                    return Err(WireError::Value { what: "hello" });
                }
                Self::Hello {
                    oldest: body.u16()?,
                    newest: body.u16()?,
                    role: match body.u8()? {
                        0 => Role::Tool,
                        1 => Role::Server,
                        2 => Role::Spare,
                        _ => return Err(WireError::Value { what: "role" }),
                    },
                    build: body.text("build", MAX_BUILD)?,
                    server: body.server()?,
                }
            }
            OPEN => Self::Open {
                ulid: body.ulid()?,
                size: body.size()?,
                terms: body.terms()?,
                spec: body.fd()?,
            },
            OPEN_UNRECORDED => Self::OpenUnrecorded {
                ulid: body.ulid()?,
                size: body.size()?,
                terms: body.terms()?,
                spec: body.fd()?,
            },
            ADOPT => Self::Adopt { sets: body.sets()? },
            RESIZE => Self::Resize { ulid: body.ulid()?, size: body.size()? },
            CELL_PIXELS => Self::CellPixels { ulid: body.ulid()?, cell: body.cell()? },
            SIGNAL => Self::Signal {
                ulid: body.ulid()?,
                signal: match body.u8()? {
                    signal @ 1..=64 => signal,
                    _ => return Err(WireError::Value { what: "signal" }),
                },
                target: match body.u8()? {
                    0 => SignalTarget::Foreground,
                    1 => SignalTarget::Leader,
                    _ => return Err(WireError::Value { what: "signal target" }),
                },
            },
            CLOSE => Self::Close { ulid: body.ulid()? },
            TRIMMED => Self::Trimmed { ulid: body.ulid()?, first: body.offset()? },
            SEALED => Self::Sealed { ulid: body.ulid()?, first: body.offset()? },
            FORGET => Self::Forget { ulid: body.ulid()?, from: body.offset()?, to: body.offset()? },
            RECORD => Self::Record { ulid: body.ulid()?, on: body.flag("on")? },
            POKE => Self::Poke { ulid: body.ulid()? },
            PARK => Self::Park { name: body.text("name", MAX_PARK_NAME)?, fd: body.fd()? },
            UNPARK => Self::Unpark { name: body.text("name", MAX_PARK_NAME)? },
            LIST => {
                Self::List { after: if body.flag("after")? { Some(body.ulid()?) } else { None } }
            }
            STATUS => Self::Status,
            CLEAN_STOP => Self::CleanStop,
            SHUTDOWN => Self::Shutdown { kill: body.flag("kill")? },
            UPGRADE => Self::Upgrade { exe: body.os_string("program", MAX_PATH)? },
            TYPED => Self::Typed { ulid: body.ulid()? },
            _ => return Ok(None),
        };
        body.end(Some(request))
    }
}

impl Asked {
    /// An error means that not even the id can be told, so that the connection has to end.
    pub fn decode(packet: Packet) -> Result<Self, WireError> {
        let (head, reader) = packet.open()?;
        if head.id == 0 {
            return Err(WireError::Value { what: "request id" });
        }
        let refusal = |reason, detail: String| Err(Refusal { reason, errno: 0, detail });
        let request = match Request::decode(head.number, reader) {
            Ok(Some(request)) => Ok(request),
            Ok(None) => refusal(Reason::UnknownRequest, format!("request {}", head.number)),
            Err(error) => refusal(Reason::Malformed, error.to_string()),
        };
        Ok(Self { id: RequestId(head.id), request })
    }
}
