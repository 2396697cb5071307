//! The records that the roster is a fold over. Owns their kinds, bodies and bytes; the file that keeps
//! them is the record log's. A kind is never reused and a body never changes: what grows is a new kind,
//! or a tagged value in the list that ends every body.

use bincode::{Decode, Encode};
use ccc_proto::Ext;

use crate::core::house::Author;

/// What cannot be read or written as a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a record of kind {kind} does not read: {detail}")]
pub struct RosterRecordError {
    pub kind: u16,
    pub detail: String,
}

/// A right for one session, or for all where `session` is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct StoredGrant {
    pub session: u128,
    /// As on the wire: 0 none, 1 view, 2 type, 3 own.
    pub level: u16,
}

/// One change of who may do what, and who caused it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub author: Author,
    pub change: Change,
}

macro_rules! changes {
    ($($(#[$meta:meta])* $kind:literal => $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* })*) => {
        /// What changed. The variant's body is the struct of the same name.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Change {
            $($name($name),)*
            /// Of a later version: its kind and its whole body.
            Later { kind: u16, body: Vec<u8> },
        }

        $(
            $(#[$meta])*
            #[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
            pub struct $name {
                $($(#[$field_meta])* pub $field: $type,)*
                pub ext: Ext,
            }

            impl From<$name> for Change {
                fn from(body: $name) -> Self {
                    Self::$name(body)
                }
            }
        )*

        impl Entry {
            /// The kind and the bytes for the record log.
            ///
            /// # Errors
            /// The codec refuses, which is a mistake of ours.
            pub fn encode(&self) -> Result<(u16, Vec<u8>), RosterRecordError> {
                match &self.change {
                    $(Change::$name(body) => {
                        let bytes = bincode::encode_to_vec((&self.author, body), bincode::config::standard());
                        bytes.map(|bytes| ($kind, bytes)).map_err(|error| malformed($kind, &error.to_string()))
                    })*
                    Change::Later { kind, body } => Ok((*kind, body.clone())),
                }
            }

            /// The entry of a kind and its bytes. An unknown kind is [`Change::Later`].
            ///
            /// # Errors
            /// The bytes are not what the kind says.
            pub fn decode(kind: u16, bytes: &[u8]) -> Result<Self, RosterRecordError> {
                match kind {
                    $($kind => {
                        let (author, body) = decode::<(Author, $name)>(kind, bytes)?;
                        Ok(Self { author, change: Change::$name(body) })
                    })*
                    _ => Ok(Self {
                        author: Author::default(),
                        change: Change::Later { kind, body: bytes.to_vec() },
                    }),
                }
            }
        }
    };
}

fn malformed(kind: u16, detail: &str) -> RosterRecordError {
    RosterRecordError { kind, detail: detail.to_owned() }
}

fn decode<T: Decode<()>>(kind: u16, bytes: &[u8]) -> Result<T, RosterRecordError> {
    // A record is at most 64 KiB; a forged length would ask for more.
    const MEMORY: usize = 4 * 1024 * 1024;
    let config = bincode::config::standard().with_limit::<MEMORY>();
    let (value, used) = bincode::decode_from_slice(bytes, config)
        .map_err(|error| malformed(kind, &error.to_string()))?;
    if used != bytes.len() {
        return Err(malformed(kind, "there are bytes after its end"));
    }
    Ok(value)
}

changes! {
    /// An invitation is open: whoever comes with what has this hash is enrolled so.
    1 => InviteMade {
        invite: String,
        /// As on the wire: 1 for a link, the only one that is kept.
        kind: u16,
        /// SHA-256 of the link's secret.
        hash: Vec<u8>,
        role: u16,
        name: String,
        all_sessions: bool,
        grants: Vec<StoredGrant>,
        expires_unix_ms: u64,
    }
    /// It is used, burnt, taken back or too old.
    2 => InviteOver {
        invite: String,
    }
    /// A key is known.
    10 => Enrolled {
        /// The id of the key, and so of the principal.
        principal: String,
        /// The invitation by which it came; empty for none.
        invite: String,
        name: String,
        role: u16,
        all_sessions: bool,
        grants: Vec<StoredGrant>,
    }
    11 => RoleSet {
        principal: String,
        role: u16,
    }
    /// A right for one session is as this says, or every session may be seen or not.
    12 => GrantSet {
        principal: String,
        grant: StoredGrant,
    }
    /// It is known no more.
    13 => Revoked {
        principal: String,
    }
    /// Another key of the same principal is in use; the others are good until then, milliseconds since 1970.
    14 => KeyAdded {
        principal: String,
        key: String,
        others_until_unix_ms: u64,
    }
    /// Another key of the same principal may come. One that was promised before and did not come may not.
    15 => KeyPromised {
        principal: String,
        key: String,
    }
    /// A key that was replaced is good no more.
    16 => KeyOver {
        principal: String,
        key: String,
    }
    /// A secret stands for a principal.
    20 => TokenMade {
        /// The id of the token, and so of the principal.
        token: String,
        hash: Vec<u8>,
        name: String,
        role: u16,
        all_sessions: bool,
        grants: Vec<StoredGrant>,
        expires_unix_ms: u64,
        /// 0 for no limit.
        uses: u32,
    }
    /// It was used once more.
    21 => TokenUsed {
        token: String,
    }
    /// What stands before this was acknowledged. It is the end of a log whose last records are whole, so that
    /// damage to one that counts is never taken for a torn end.
    30 => Settled {
    }
}
