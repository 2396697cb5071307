//! Carrying a TCP connection on a stream: where it is to lead, and what both ends say on it then. Owns
//! the bodies; the order and the bounds are in `proto/wire.md`, section 6.

use bincode::{Decode, Encode};

use crate::Ext;

/// Asks the server to connect to a place by TCP. Answered by `Done` as soon as it is connected; then both
/// ends carry its bytes on this stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Forward {
    /// A name or an address, as the server knows it.
    pub host: String,
    /// The port; 0 connects nowhere and only asks whether this client may.
    pub port: u16,
    pub ext: Ext,
}

/// Bytes of the connection, the next ones of their direction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ForwardBytes {
    /// At most [`crate::limits::CHUNK`].
    pub bytes: Vec<u8>,
}

/// What became of the bytes that the other end sent, counted from the first. Said whenever it has changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ForwardTaken {
    /// So many have come.
    pub arrived: u64,
    /// So many of them the connection has taken, so that as many more may be sent.
    pub taken: u64,
}

/// No more bytes come in this direction; the other one goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ForwardEnd {
    pub ext: Ext,
}
