//! Messages to bytes and back. Owns the frame header, the caps and the errors. Reads no stream:
//! whoever owns one hands over bytes and asks again when there are more.
//!
//! A message on a stream is a header of seven bytes (`u32` length of the body, `u16` number, `u8`
//! encoding, all little endian) and the body: bincode 2 in its standard configuration.

use bincode::config;
use bincode::{Decode, Encode};

use crate::limits;
use crate::message::Message;

/// Bytes of the header before each body.
pub const HEADER_BYTES: usize = 7;

/// How a body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding(pub u8);

impl Encoding {
    /// As it stands.
    pub const PLAIN: Self = Self(0);
    /// zstd. Reserved: nobody sends it yet.
    pub const ZSTD: Self = Self(1);
}

/// What could not be read, always the peer's doing. Nothing was allocated for it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The header announces more than the cap of its message.
    #[error("message {number} announces {length} bytes, more than its cap of {cap}")]
    TooLarge { number: u16, length: usize, cap: usize },
    /// The body is not what its number says.
    #[error("message {number} does not read as {name}: {detail}")]
    Malformed { number: u16, name: &'static str, detail: String },
    /// The body goes on after its last field.
    #[error("message {number} ({name}) has {excess} bytes after its end")]
    Excess { number: u16, name: &'static str, excess: usize },
    /// Packed in a way that this version does not unpack.
    #[error("message {number} is packed with encoding {encoding}, which is reserved")]
    Encoding { number: u16, encoding: u8 },
}

/// What could not be written, always our doing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// The body is larger than a peer takes.
    #[error("message {number} takes {length} bytes, more than its cap of {cap}")]
    TooLarge { number: u16, length: usize, cap: usize },
    /// bincode refused it.
    #[error("message {number} cannot be written: {detail}")]
    Unwritable { number: u16, detail: String },
}

/// The seven bytes before a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameHeader {
    /// Bytes of the body.
    pub length: u32,
    pub number: u16,
    pub encoding: Encoding,
}

impl FrameHeader {
    /// Reads a header.
    pub const fn parse(bytes: [u8; HEADER_BYTES]) -> Self {
        let [a, b, c, d, e, f, g] = bytes;
        Self {
            length: u32::from_le_bytes([a, b, c, d]),
            number: u16::from_le_bytes([e, f]),
            encoding: Encoding(g),
        }
    }

    /// Writes a header.
    pub const fn to_bytes(self) -> [u8; HEADER_BYTES] {
        let [a, b, c, d] = self.length.to_le_bytes();
        let [e, f] = self.number.to_le_bytes();
        [a, b, c, d, e, f, self.encoding.0]
    }

    /// The length of the body, when its message may have it and it is at most `cap`. To be asked
    /// before memory is taken.
    ///
    /// # Errors
    /// [`DecodeError::TooLarge`].
    pub fn body_bytes(self, cap: usize) -> Result<usize, DecodeError> {
        let cap = cap.min(Message::cap(self.number));
        let length = self.length as usize;
        if length > cap {
            return Err(DecodeError::TooLarge { number: self.number, length, cap });
        }
        Ok(length)
    }
}

/// A message, or the number of one that came after this version.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every message is a known one; a box for each would cost more than the room"
)]
pub enum Received {
    Known(Message),
    /// To be skipped.
    Unknown(u16),
}

impl Message {
    /// Appends header and body to `out`. On an error `out` is as it was.
    ///
    /// # Errors
    /// The body is larger than its cap.
    pub fn encode(&self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let number = self.number();
        let start = out.len();
        out.extend_from_slice(&[0; HEADER_BYTES]);
        if let Err(error) = self.encode_body(out) {
            out.truncate(start);
            return Err(EncodeError::Unwritable { number, detail: error.to_string() });
        }
        let length = out.len() - start - HEADER_BYTES;
        let cap = Self::cap(number);
        let Some(header_length) = u32::try_from(length).ok().filter(|_| length <= cap) else {
            out.truncate(start);
            return Err(EncodeError::TooLarge { number, length, cap });
        };
        let header = FrameHeader { length: header_length, number, encoding: Encoding::PLAIN };
        out[start..start + HEADER_BYTES].copy_from_slice(&header.to_bytes());
        Ok(())
    }

    /// Header and body as bytes.
    ///
    /// # Errors
    /// The body is larger than its cap.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EncodeError> {
        let mut out = Vec::new();
        self.encode(&mut out)?;
        Ok(out)
    }

    /// Reads a body whose header was read before.
    ///
    /// # Errors
    /// The body is not what its number says, or is packed in a reserved way.
    pub fn decode(number: u16, encoding: Encoding, body: &[u8]) -> Result<Received, DecodeError> {
        if encoding != Encoding::PLAIN {
            return Err(DecodeError::Encoding { number, encoding: encoding.0 });
        }
        let cap = Self::cap(number);
        if body.len() > cap {
            return Err(DecodeError::TooLarge { number, length: body.len(), cap });
        }
        Self::decode_body(number, body)
    }

    /// Reads the first message of `bytes` and how many bytes it took; `None` means that more bytes
    /// are needed, which is not an error.
    ///
    /// # Errors
    /// As [`Message::decode`].
    pub fn read(bytes: &[u8], cap: usize) -> Result<Option<(Received, usize)>, DecodeError> {
        let Some(header) = bytes.first_chunk::<HEADER_BYTES>().copied().map(FrameHeader::parse)
        else {
            return Ok(None);
        };
        let length = header.body_bytes(cap)?;
        let Some(body) = bytes.get(HEADER_BYTES..HEADER_BYTES + length) else {
            return Ok(None);
        };
        let received = Self::decode(header.number, header.encoding, body)?;
        Ok(Some((received, HEADER_BYTES + length)))
    }
}

/// A body as bytes, for tagged values inside messages.
pub(crate) fn to_bytes(value: &impl Encode) -> Vec<u8> {
    bincode::encode_to_vec(value, config::standard())
        .expect("numbers and text that are in memory always encode")
}

/// A tagged value from its bytes; `None` when they are not exactly one.
pub(crate) fn from_bytes<T: Decode<()>>(bytes: &[u8]) -> Option<T> {
    let (value, used) = decode_limited(bytes).ok()?;
    (used == bytes.len()).then_some(value)
}

pub(crate) fn decode_exactly<T: Decode<()>>(
    number: u16,
    name: &'static str,
    body: &[u8],
) -> Result<T, DecodeError> {
    let (value, used) = decode_limited(body).map_err(|error| DecodeError::Malformed {
        number,
        name,
        detail: error.to_string(),
    })?;
    match body.len() - used {
        0 => Ok(value),
        excess => Err(DecodeError::Excess { number, name, excess }),
    }
}

/// Decodes under a memory limit that grows with the body, so that a short body which claims a long
/// list is refused before the list is allocated. bincode takes the limit as a constant, hence steps.
fn decode_limited<T: Decode<()>>(body: &[u8]) -> Result<(T, usize), bincode::error::DecodeError> {
    const SMALL: usize = 16 * 1024;
    const MEDIUM: usize = 256 * 1024;
    const LARGE: usize = 4 * 1024 * 1024;
    const HUGE: usize = 64 * 1024 * 1024;
    const WHOLE: usize = limits::BODY * limits::GROWTH;
    let config = config::standard();
    let memory = body.len().saturating_mul(limits::GROWTH);
    if memory <= SMALL {
        bincode::decode_from_slice(body, config.with_limit::<SMALL>())
    } else if memory <= MEDIUM {
        bincode::decode_from_slice(body, config.with_limit::<MEDIUM>())
    } else if memory <= LARGE {
        bincode::decode_from_slice(body, config.with_limit::<LARGE>())
    } else if memory <= HUGE {
        bincode::decode_from_slice(body, config.with_limit::<HUGE>())
    } else {
        bincode::decode_from_slice(body, config.with_limit::<WHOLE>())
    }
}
