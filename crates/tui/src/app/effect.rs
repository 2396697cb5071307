//! What the client wants done to the world, and what comes back of it. Owns the closed lists.

use super::{Machine, Preview, Upload, Which};
use crate::image::ImageKey;
use crate::replay::Start;
use std::path::PathBuf;

use ccc_client::ClientError;
use ccc_client::forward::ForwardPlan;
use ccc_client::proto::{InputEvent, Message, PaneId, TabId, WireSize};

/// Something to be done by the loop.
#[derive(Debug, PartialEq)]
pub(crate) enum Effect {
    /// Send input to a pane.
    Input { pane: PaneId, events: Vec<InputEvent> },
    /// Interrupt a pane.
    Interrupt(PaneId),
    /// Tell the server what is looked at.
    Select { tab: TabId, pane: PaneId },
    /// Ask the server for something; the answer comes back with its purpose.
    Request { message: Box<Message>, purpose: Purpose },
    /// Give up the search that is under way, of recordings or of commands.
    StopFinding,
    /// Ask the servers of all other machines for their sessions.
    AskElsewhere,
    /// Ask the server of another machine for something.
    RequestElsewhere { machine: Machine, message: Box<Message>, purpose: Purpose },
    /// Look at a session of another machine, in place of the one that is looked at.
    Visit { machine: Machine, target: String },
    /// Give up the way to another machine.
    Stay,
    /// Look at another session.
    Switch(String),
    /// Look at a session after the one before has ended.
    Attach(String),
    /// Tell the server the area for the layout.
    Size(WireSize),
    /// Keep text in a file of its own, to be opened.
    Keep(String),
    /// Lead a port of this machine to one of the server's.
    Forward(ForwardPlan),
    /// Look whether one of these lists of paths, which this text may mean, names files of this machine.
    LookAtFiles { pane: PaneId, text: String, ways: Vec<Vec<PathBuf>> },
    /// Take the image that the clipboard holds, for a pane.
    TakeImage(PaneId),
    /// Put files on the server's machine, for a pane.
    Upload { pane: PaneId, what: Vec<Upload> },
    /// Put text on the outer terminal's clipboard.
    Copy(String),
    /// Run a command on this machine, and forget it.
    Open(Vec<String>),
    /// Let rows go into the outer terminal's own scrollback.
    Scroll(Vec<ccc_vt::Row>),
    /// Ring the outer terminal's bell.
    Bell,
    /// Tell the person something by the desktop.
    Notify { title: String, body: String },
    /// Read the configuration file again.
    ReadConfig,
    /// Give the terminal to the shell until somebody continues this process.
    Suspend,
    /// Leave.
    Quit(Outcome),
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything goes on; a sentence for the person, or empty.
    Detached(String),
    /// The session ended.
    Ended {
        /// The status of its last program.
        status: i32,
        /// A sentence for the person.
        words: String,
    },
}

/// What an answer is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Only a failure is told.
    Tell,
    /// Go to what was made, unless the focus has moved since: hands are faster than answers.
    GoThere { moves: u64 },
    /// Fill the list of sessions.
    ListSessions,
    /// Go to the session after the current one, or before it.
    StepSession { forward: bool },
    /// Show a picture of a pane that is not looked at.
    Preview(Preview),
    /// Add the sessions to the palette.
    PaletteSessions,
    /// Look at the session that was made.
    SwitchThere,
    /// Fill the list of commands.
    Commands(Which),
    /// Add to the finds of the question of this number; there are several answers.
    Find(u64),
    /// Add to the commands that the question of this number finds; likewise.
    Older(u64),
    /// Look at the recording, beginning there.
    Replay(Start),
    /// Go on looking at the recording of this name.
    Watch(String),
    /// Say what of a recording is gone.
    Forgotten,
    /// Fill the list of clients.
    ListClients,
    /// Lines of a pane for the outer terminal's own scrollback.
    Scroll(PaneId),
    /// Older lines of a pane in scroll mode.
    History(PaneId),
    /// What the shell of a pane in scroll mode has marked.
    Marks(PaneId),
    /// The data of an image that is shown.
    Image(ImageKey),
    /// Go to the editor that was opened, unless the focus has moved since; it is closed when it ends.
    Editor { moves: u64 },
}

/// An answer of the server.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) purpose: Purpose,
    pub(crate) result: Result<Message, ClientError>,
}
