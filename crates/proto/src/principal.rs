//! Who is known to a server and what they may do: the listing, and its changes. Owns the bodies.

use bincode::{Decode, Encode};

use crate::Ext;
use crate::number::numbers;

numbers! {
    /// What a principal may do without regard to single sessions.
    WireRole {
        /// Looks and reads.
        VIEWER = 1,
        /// Works.
        OPERATOR = 2,
        /// Keeps the server.
        ADMIN = 3,
        /// Whose server it is.
        OWNER = 4,
    }
}

numbers! {
    /// What somebody may do in one session, whatever the role.
    GrantLevel {
        /// Nothing more than the role says.
        NONE = 0,
        /// Look and read.
        VIEW = 1,
        /// Type as well.
        TYPE = 2,
        /// Start and end programs and change the layout as well.
        OWN = 3,
    }
}

numbers! {
    /// By what a principal is known.
    PrincipalKind {
        /// By the key in the state directory.
        OWNER = 1,
        /// By enrolled keys.
        KEY = 2,
        /// By a secret, for as long as it lasts.
        TOKEN = 3,
    }
}

/// A right for one session.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct WireGrant {
    /// The session's name, its id in a listing when it has none any more.
    pub session: String,
    pub level: GrantLevel,
}

/// Asks who is known. Answered by [`Principals`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ListPrincipals {
    pub ext: Ext,
}

/// Who is known, and which invitations are open.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Principals {
    pub principals: Vec<PrincipalInfo>,
    pub invites: Vec<InviteInfo>,
    pub ext: Ext,
}

/// One principal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PrincipalInfo {
    /// Its id: that of its first key, or of the token.
    pub principal: String,
    pub name: String,
    pub kind: PrincipalKind,
    pub role: WireRole,
    /// Whether every session may be seen.
    pub all_sessions: bool,
    pub grants: Vec<WireGrant>,
    /// Since when it is known, milliseconds since 1970.
    pub since_unix_ms: u64,
    /// Until when a token is good; 0 for ever.
    pub expires_unix_ms: u64,
    /// The ids of its keys.
    pub keys: Vec<String>,
    /// Its open connections.
    pub connected: u32,
    pub ext: Ext,
}

/// One open invitation.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct InviteInfo {
    pub id: String,
    pub kind: crate::InviteKind,
    pub role: WireRole,
    pub name: String,
    pub expires_unix_ms: u64,
    pub ext: Ext,
}

/// Gives a right for one session, or takes it. Counts at once; connections that it concerns are closed
/// with the code `RIGHTS_CHANGED` and come again.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Grant {
    /// Name or id.
    pub principal: String,
    /// Name or id; empty for every session.
    pub session: String,
    pub level: GrantLevel,
    pub ext: Ext,
}

/// Gives another role. Counts at once, as [`Grant`] does.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SetRole {
    /// Name or id.
    pub principal: String,
    pub role: WireRole,
    pub ext: Ext,
}

/// Ends a principal, a token or an open invitation. When this is answered, connections are closed and
/// nothing of what they typed reaches a program any more.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Revoke {
    /// Name or id.
    pub principal: String,
    pub ext: Ext,
}
