//! What scripts, the command line and the full-screen client stand on: find or start a server, ask
//! it for things, look at a session, and stay attached while networks and servers come and go.
//!
//! Owns the client's half of a connection. Owns no terminal, no key binding and no drawing, and
//! prints nothing.

mod attachment;
mod audit;
pub mod copy;
mod endpoints;
mod error;
pub mod export;
pub mod forward;
mod found;
mod home;
mod host_link;
mod hosts;
pub mod import;
mod invite_link;
mod keys;
mod local;
mod pair;
mod process;
mod program;
mod recording;
pub mod redact;
mod server;
pub mod shell_history;
mod spawn;

pub use attachment::{Attachment, ClientEvent, LinkState, NotSent};
pub use audit::{Audited, SeenHead, check as check_audit, fetch as fetch_audit};
pub use ccc_journal::{GapReason, Offset};
pub use ccc_net::{Alarm, Carrier, KeyId, KeyIdError, SLOW, Transport, words};
pub use ccc_play::{Fit, Loose, Moment, Point, Remembered, Timeline, What};
pub use ccc_proto as proto;
pub use ccc_sync::{ImageInfo, Mirror, PaneImages, input, page_lines, wire_color, wire_size};
pub use endpoints::Endpoints;
pub use error::ClientError;
pub use found::parts;
pub use home::Home;
pub use hosts::{Host, HostError, Hosts};
pub use invite_link::{InviteLink, LinkError, checked_address};
pub use keys::{Renewed, ask_former, former_keys, keys_lead, renew};
pub use local::{ServerAddress, Starter, find};
pub use pair::{CodeError, Enrolled, SpokenCode, pair, pair_by_code};
pub use process::Running;
pub use recording::{Recording, RecordingFiles, screen_of};
pub use server::{Connect, Replies, Requester, Server};
pub use spawn::{Asker, strip_environment};
