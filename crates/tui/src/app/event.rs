//! What can happen to the full-screen client. Owns the closed list.

use std::path::PathBuf;

use ccc_client::ClientEvent;
use ccc_client::proto::{PaneId, Watched};
use ccc_vt::Size;

use super::{Answer, Arrival, Forwarded, Found, LocalFile, Machine, NoImage, UploadNews};
use crate::config::Settings;
use crate::stdin::StdinEvent;

/// Everything that can happen.
#[derive(Debug)]
pub(crate) enum Event {
    Stdin(StdinEvent),
    Client(ClientEvent),
    Answer(Answer),
    Resized(Size),
    /// The configuration file has changed: what it says now, or what is wrong with it.
    Config(Result<Box<Settings>, String>),
    /// What is known of sessions on another machine.
    Elsewhere {
        machine: Machine,
        found: Found,
    },
    /// A program said something on a machine that was left.
    SaidElsewhere {
        machine: Machine,
        watched: Box<Watched>,
    },
    /// The server of another machine is looked at from now on.
    Arrived(Arrival),
    /// It is not, and why.
    NotArrived {
        machine: Machine,
        why: String,
    },
    /// What was pasted names these files of this machine, or none.
    Looked {
        pane: PaneId,
        text: String,
        files: Vec<LocalFile>,
    },
    /// The image that the clipboard holds.
    Image {
        pane: PaneId,
        image: Result<Vec<u8>, NoImage>,
    },
    /// An upload goes on, or is over.
    Upload(UploadNews),
    /// Text was kept in this file.
    Kept(PathBuf),
    /// A port that was to be led to the server.
    Forwarded(Forwarded),
    /// A deadline has come.
    Tick,
}
