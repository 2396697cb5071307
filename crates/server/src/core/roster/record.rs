//! The records that the roster is a fold over. Owns their kinds and bodies; their form is that of all records
//! (`core::record`).

use bincode::{Decode, Encode};

use crate::core::record::{Record, changes};

/// One change of who may do what, and who caused it.
pub type Entry = Record<Change>;

/// A right for one session, or for all where `session` is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct StoredGrant {
    pub session: u128,
    /// As on the wire: 0 none, 1 view, 2 type, 3 own.
    pub level: u16,
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
