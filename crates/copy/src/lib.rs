//! Files on their way between two machines: which may be read, the part file that one grows in,
//! and both ends of the stream that carries it. A client and a server use the same.
//!
//! Owns no connection and no right: who may copy what was decided before. Everything that touches a
//! disk is done on threads that may wait for it; [`send()`] and [`receive()`] bring bytes to and from them
//! through queues with a bound.

mod error;
mod folder;
mod part;
mod receive;
mod send;
mod source;
mod under_way;
mod walk;

pub use error::CopyError;
pub use folder::make_folder;
pub use part::{PART, Part, is_part};
pub use receive::{Received, Sink, receive};
pub use send::{Outgoing, Permit, send};
pub use source::{Facts, Kind, look, open};
pub use walk::{Found, Walk};

/// The place of a copy among the streams of a connection: behind keys, frames, and pages of history.
pub const PRIORITY: i32 = -2;
