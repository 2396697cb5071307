//! How a key becomes known to a server: the invitation that somebody with rights asks for, and the words
//! on a connection of the pairing protocol. Owns the bodies; what an invitation is worth, the server says.

use bincode::{Decode, Encode};

use crate::number::numbers;
use crate::{Ext, WireGrant, WireRole};

/// The protocol name under which a key that is not enrolled may be enrolled, and do nothing else.
pub const PAIRING_ALPN: &str = "ccc-pair/1";

numbers! {
    /// In which form an invitation is handed on.
    InviteKind {
        /// A link that holds the server's key and a secret.
        LINK = 1,
        /// A short code that is read aloud; it holds no key.
        CODE = 2,
        /// A secret that stands for a key as long as it lasts.
        TOKEN = 3,
    }
}

/// Makes an invitation for one key. Answered by [`Invited`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Invite {
    pub kind: InviteKind,
    /// What whoever comes with it may do.
    pub role: WireRole,
    /// How the principal is to be called; empty for what its machine calls itself.
    pub name: String,
    /// Milliseconds for which it is good.
    pub ttl_ms: u64,
    /// How often a token may be used; 0 for no limit. Links and codes are good for one key.
    pub uses: u32,
    /// Whether every session may be seen, by what the role may.
    pub all_sessions: bool,
    /// The rights for single sessions, by name or id.
    pub grants: Vec<WireGrant>,
    pub ext: Ext,
}

/// What is handed on. The server keeps no copy of the secret.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Invited {
    /// By which it is listed and taken back.
    pub id: String,
    /// What a link has behind its `#`; a code; a token.
    pub secret: String,
    /// The id of the server's key.
    pub server: String,
    /// Where the server thinks it can be reached, the best first.
    pub addresses: Vec<String>,
    pub expires_unix_ms: u64,
    pub ext: Ext,
}

/// The only message of a pairing connection by which a link is used. Answered by [`Paired`] or
/// [`crate::Refused`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Pair {
    /// What the link has behind its `#`.
    pub secret: String,
    /// What the client's machine calls itself.
    pub name: String,
    /// Program and version.
    pub software: String,
    pub ext: Ext,
}

/// The client's key is enrolled.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Paired {
    /// The id of the principal.
    pub principal: String,
    /// How it is called.
    pub name: String,
    pub role: WireRole,
    /// Name of the server's machine.
    pub host: String,
    pub ext: Ext,
}

/// Begins to use a code. Nothing that is sent tells the code. Answered by [`PairShare`] or
/// [`crate::Refused`]; the code is used up by it, whatever comes of it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PairBegin {
    /// The number in front of the code's words.
    pub offer: u32,
    /// The client's SPAKE2 message.
    pub share: Vec<u8>,
    /// What the client's machine calls itself.
    pub name: String,
    /// Program and version.
    pub software: String,
    pub ext: Ext,
}

/// The server's half of the exchange.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PairShare {
    /// The server's SPAKE2 message.
    pub share: Vec<u8>,
    pub ext: Ext,
}

/// That its sender has the code, and stands at this very connection. The client's comes first, and is
/// answered by the server's and [`Paired`], or by [`crate::Refused`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PairProof {
    /// 32 bytes, see `transport.md`.
    pub proof: Vec<u8>,
    pub ext: Ext,
}
