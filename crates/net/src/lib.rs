//! Connections between a client and a server: who the other end is, and streams of messages to it.
//!
//! Owns identity keys, the endpoints of both sides (QUIC, and TLS over any stream of bytes), and a twin of
//! a connection that lives in memory. Owns no session, no principal and no decision about who may do what: a listener hands
//! over connections whose peer has proved that it holds a key, and the server decides the rest.
//!
//! * No type of the QUIC or TLS library is in this crate's API.
//! * Both ends name each other by key. The client says before it connects which key it expects;
//!   there is no way to connect without saying so.
//! * Every task of an endpoint runs on the runtime whose handle it was given, wherever the caller
//!   awaits.
//! * A stream carries `ccc_proto` messages, or raw bytes; `proto/transport.md` is the specification.

mod alarm;
mod batch;
mod bulk;
mod close;
mod code;
mod connection;
mod endpoint;
pub mod forward;
mod identity;
mod key;
mod key_file;
mod listener;
pub mod memory;
mod mux;
mod over_bytes;
mod pace;
mod path;
mod recv_stream;
mod runtime;
mod send_stream;
mod share;
mod socket;
mod tls;
mod transport;
mod transport_keys;
mod words;

pub use alarm::Alarm;
pub use close::{CloseCode, CloseReason, StreamCode};
pub use code::{CodeExchange, CodeProofs};
pub use connection::{Carrier, Connection, ExporterError};
pub use endpoint::{
    ConnectError, ConnectOptions, Endpoint, PROGRAM_START, Place, Transport, connect,
};
pub use identity::Identity;
pub use key::{KeyId, KeyIdError, PeerKey};
pub use key_file::{KeyFileError, KeyFileFault};
pub use listener::{
    Admission, Bounds, HandshakeError, Incoming, ListenError, ListenOptions, Listener, Pending,
    Slot, source,
};
pub use over_bytes::{ByteStream, Dial};
pub use pace::Mark;
pub use path::{PathEstimate, REPEAT_AFTER, SLOW};
pub use recv_stream::{RecvError, RecvStream};
pub use send_stream::{SendError, SendStream};
pub use share::{Entered, Held, Share, Turn};
pub use transport::{
    HANDSHAKE_DEADLINE, IDLE_TIMEOUT, KEEP_ALIVE, SEND_WINDOW_BYTES, UNAUTHORISED_WINDOW_BYTES,
};
pub use transport_keys::TransportKeys;
pub use words::{byte, word, words};

#[cfg(test)]
mod tests;
