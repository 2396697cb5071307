//! The first words on a connection: who speaks, and whether they may go on. Owns the version
//! numbers. Which keys may connect is decided elsewhere.

use bincode::{Decode, Encode};

use crate::number::numbers;
use crate::{ClientId, Ext};

/// The major version, which is also the protocol name in the TLS hand-shake.
pub const MAJOR: u16 = 1;
/// The minor version: raised when a message or tag is added.
pub const MINOR: u16 = 8;
/// The protocol name that both ends of a connection must offer.
pub const ALPN: &str = "ccc/1";

numbers! {
    /// What the connecting program is.
    ClientKind {
        /// The full-screen client.
        TUI = 1,
        /// A single command.
        CLI = 2,
        /// A program built on the client library.
        LIBRARY = 3,
    }
}

/// First message of a client, on the first stream it opens.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Hello {
    /// The client's [`MINOR`].
    pub minor: u16,
    /// Program and version, such as `ccc 0.1.0`.
    pub software: String,
    /// What the program is.
    pub kind: ClientKind,
    /// Name of the client's machine, a label for others to read.
    pub host: String,
    /// The client's process id there; 0 when unknown.
    pub pid: u32,
    /// See [`hello_tag`].
    pub ext: Ext,
}

/// Tags of [`Hello::ext`].
pub mod hello_tag {
    /// UTF-8: a token. Who speaks is then whom it stands for, whatever the key.
    pub const TOKEN: u16 = 1;
}

/// The server's answer to [`Hello`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Welcome {
    /// The server's [`MINOR`].
    pub minor: u16,
    /// Program and version.
    pub software: String,
    /// The server's id: 52 base32 characters over its first public key.
    pub server: String,
    /// This connection.
    pub client: ClientId,
    /// Name of the server's machine.
    pub host: String,
    /// The server's process id.
    pub pid: u32,
    pub ext: Ext,
}

numbers! {
    /// Why a connection or an attach was refused.
    Refusal {
        /// The client's key is not enrolled here.
        UNKNOWN_KEY = 1,
        /// The two ends share no version.
        VERSION = 2,
        /// The first message was no hello.
        NO_HELLO = 3,
        /// The server is stopping.
        STOPPING = 4,
        /// The server has as many clients as it takes.
        FULL = 5,
        /// The invitation is not good, for whatever reason: only the server's audit tells which.
        NO_INVITATION = 6,
    }
}

/// The server's other answer to [`Hello`]; the connection closes after it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Refused {
    pub reason: Refusal,
    /// A sentence for a person.
    pub why: String,
    /// One next step, or empty.
    pub hint: String,
    pub ext: Ext,
}
