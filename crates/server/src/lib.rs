//! The server: sessions, layouts, panes, attachments, authorization, recovery.
//!
//! [`serve`] is the whole of it. `core` is pure (no runtime, no file, no clock); everything beside
//! it moves bytes, waits and writes, and asks `core` what to do. Drawing and the command line live
//! elsewhere.

mod addresses;
mod audit;
mod blocking;
mod book;
mod clock;
mod config;
mod connection;
mod context;
mod copies;
pub mod core;
mod disk;
mod doctor;
mod error;
mod fault;
mod forgetting;
mod hands;
mod history;
mod keeper_link;
mod lock;
mod log;
mod options;
mod pairing;
mod pane;
mod pasted;
mod pausing;
mod port;
mod ports;
mod principals;
mod programs;
mod readiness;
pub mod recordings;
mod recovery;
mod requests;
mod sealer;
mod secret;
mod server_file;
mod server_keys;
mod session_files;
mod shell;
mod start;
mod state_dir;
mod surroundings;
mod syncer;
mod unrecorded;
mod watch_events;

pub use error::ServeError;
pub use options::{ExitKind, Listen, ServeOptions};
pub use server_file::{LocalServer, ServerFileError, local_server};
pub use start::serve;
