//! Carrying a TCP connection on a stream: where it is to lead, or where it comes from, and what both ends say
//! on it then. Owns the bodies; the order and the bounds are in `proto/wire.md`, section 6.

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

/// More of the connection waits at this end than the other one's window lets on its way. Said once for each window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ForwardMore {
    pub ext: Ext,
}

/// How much may be on its way to this end from now on. Less than before is a question, answered by [`ForwardKeeps`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ForwardWindow {
    /// Bytes that are not taken.
    pub bytes: u64,
    pub ext: Ext,
}

/// Answers a [`ForwardWindow`] that was less than before: how much this end has on its way at most from here on. No
/// less than before when more is on its way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ForwardKeeps {
    /// Bytes that are not taken.
    pub bytes: u64,
    pub ext: Ext,
}

/// Asks the server to listen on a port of its loopback address for this client, for as long as the stream is
/// open. Answered by a `ForwardListening`, then by a `ForwardArrived` for each that connects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ForwardListen {
    /// The port; 0 for any that is free.
    pub port: u16,
    pub ext: Ext,
}

/// The server listens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ForwardListening {
    /// On this port of its loopback address.
    pub port: u16,
    pub ext: Ext,
}

/// Somebody has connected, and waits for 10 s at most to be taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ForwardArrived {
    /// Of all that arrive for this client.
    pub number: u64,
    /// The address and port of whoever connected, a label.
    pub from: String,
    pub ext: Ext,
}

/// Takes one that has arrived. Answered by `Done`; then both ends carry its bytes on this stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ForwardAccept {
    pub number: u64,
    pub ext: Ext,
}
