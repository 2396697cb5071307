//! Looking at a session: attach, what is selected, the client's size, detach. Owns the bodies of
//! the control stream that an attachment's life is made of.

use bincode::{Decode, Encode};

use crate::number::numbers;
use crate::{
    AttachmentId, Ext, PaneId, PixelSize, SessionId, Spawn, TabId, WireColor, WireExit, WireSize,
};

/// Asks to look at a session. Sent right behind the hello, so that one flight shows a screen.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Attach {
    /// A session, tab or pane; empty for the last one used.
    pub target: String,
    /// Make the session when it does not exist.
    pub create: bool,
    /// Look only: no input, and no say in sizes.
    pub view: bool,
    /// Detach everybody else who looks at it.
    pub steal: bool,
    /// The area for the layout, in cells.
    pub size: WireSize,
    pub pixels: PixelSize,
    /// What a returning client still shows.
    pub known: Vec<KnownPane>,
    /// What to start when a session is made.
    pub spawn: Spawn,
    /// See [`attach_tag`].
    pub ext: Ext,
}

/// Tags of [`Attach::ext`].
pub mod attach_tag {
    /// `u64`, little endian: the number of the last input before, on former connections.
    pub const INPUTS: u16 = 1;
}

/// The screen version that a returning client holds of one pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct KnownPane {
    pub pane: PaneId,
    pub epoch: u64,
    pub seq: u64,
}

/// The attachment exists; a layout and frames follow.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Attached {
    pub attachment: AttachmentId,
    pub session: SessionId,
    /// The session's name, a label.
    pub name: String,
    /// Whether the session was made by this attach.
    pub created: bool,
    /// Whether input is taken.
    pub writable: bool,
    pub ext: Ext,
}

/// The client's choice of tab and pane. It shows the choice at once and sends keys there; the
/// server's [`Viewed`] with the same or a later number confirms or corrects it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Select {
    /// Rises by one with each choice of this attachment.
    pub number: u64,
    pub tab: TabId,
    pub pane: PaneId,
    pub ext: Ext,
}

/// What the attachment looks at, by the server's book.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Viewed {
    /// The last [`Select`] that this already heeds.
    pub number: u64,
    pub session: SessionId,
    pub tab: TabId,
    pub pane: PaneId,
    pub ext: Ext,
}

/// Moves the attachment to another session, answered by [`Attached`] or a failure notice.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Switch {
    pub target: String,
    pub ext: Ext,
}

/// The client's terminal has a new size.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ClientSize {
    pub size: WireSize,
    pub pixels: PixelSize,
    pub ext: Ext,
}

/// What the client found out about its terminal. Programs that ask for colours or the theme are answered
/// from it, as from the terminal of whoever looked last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ClientFacts {
    /// The default foreground; one that is no RGB is not known, here and below.
    pub foreground: WireColor,
    pub background: WireColor,
    pub cursor: WireColor,
    /// The palette from its first entry on, at most 16.
    pub palette: Vec<WireColor>,
    /// One cell.
    pub cell: PixelSize,
    pub ext: Ext,
}

/// The client leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Detach {
    pub ext: Ext,
}

numbers! {
    /// Why an attachment ended.
    DetachReason {
        /// The client asked.
        ASKED = 1,
        /// Another client detached it.
        BY_OTHER = 2,
        /// The session ended.
        SESSION_ENDED = 3,
        /// The server stops.
        SERVER_STOPS = 4,
        /// The target did not exist or could not be made.
        FAILED = 5,
    }
}

/// The attachment is over; the connection may go on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Detached {
    pub reason: DetachReason,
    /// The exit of the session's last pane, when that is what ended it.
    pub exit: WireExit,
    /// A sentence for a person.
    pub why: String,
    /// One next step, or empty.
    pub hint: String,
    /// A [`crate::Failure`] when the reason is a failure, else 0.
    pub failure: u16,
    pub ext: Ext,
}
