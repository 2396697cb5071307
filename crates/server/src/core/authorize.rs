//! Who may do what. Owns the roles, what each request does, and the one function that decides.
//! Who somebody is was settled by their key before.

use ccc_proto::{Message, PaneId, SessionId};

/// Somebody whose key is enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// 52 base32 characters over the first key.
    pub id: String,
    pub role: Role,
}

/// What a principal may do; each role may all that those after it may. Only owners are made so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Viewer,
    Operator,
    Admin,
    Owner,
}

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Greet,
}

/// On what it does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    Server,
    Session(SessionId),
    Pane(PaneId),
}

/// The principal may not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{role:?} may not {action:?}")]
pub struct Denied {
    pub role: Role,
    pub action: Action,
}

impl Action {
    /// What a message asks for.
    #[must_use]
    pub fn of(_message: &Message) -> Self {
        todo!()
    }
}

/// Whether the principal may do it.
///
/// # Errors
/// Its role does not suffice.
pub fn authorize(_: &Principal, _: Action, _: Resource) -> Result<(), Denied> {
    todo!()
}
