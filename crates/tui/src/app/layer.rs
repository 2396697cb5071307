//! What can lie above the panes: questions, prompts, lists, scroll mode. Owns what they are about; the
//! topmost layer gets the keys.

use ccc_client::proto::{ClientId, PaneId, SessionId, TabId, WireCommand};

use super::{Command, Finding, Hints, Line, List, Machine, Preview, Scroll, Watching};
use crate::keymap::Action;

/// One thing above the panes.
#[derive(Debug)]
pub(crate) enum Layer {
    Scroll(Box<Scroll>),
    /// The numbers of the panes.
    Numbers,
    Hints(Hints),
    Confirm(Confirm),
    Prompt(Prompt),
    List(List),
    Find(Box<Finding>),
    Replay(Box<Watching>),
}

/// A question with yes and no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Confirm {
    ClosePane(PaneId),
    CloseTab(TabId),
    KillSession(SessionId),
    /// What of a pane's recording is to go: the last so many milliseconds, or the last command.
    Forget {
        pane: PaneId,
        last: Option<u64>,
    },
    /// A command of the history, with what it printed.
    ForgetRun(Box<WireCommand>),
    /// Files that were pasted are put on the other machine.
    Upload,
}

/// A line to be typed.
#[derive(Clone, Debug)]
pub(crate) struct Prompt {
    pub(crate) label: String,
    pub(crate) line: Line,
    pub(crate) what_for: PromptFor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PromptFor {
    RenameTab(TabId),
    RenameSession(SessionId),
    /// How much of a pane's recording is to go.
    Forget(PaneId),
    /// In scroll mode, which lies below.
    Search {
        forward: bool,
    },
}

/// What an entry of a list stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Session(SessionId),
    Tab(TabId),
    /// A session, or a tab of one, of any machine.
    There {
        machine: Machine,
        target: String,
    },
    Pane {
        tab: TabId,
        pane: PaneId,
    },
    /// A pane, of any session, that said something.
    Said {
        machine: Machine,
        session: SessionId,
        pane: PaneId,
    },
    Client(ClientId),
    /// A command that ran somewhere.
    Ran(Box<WireCommand>),
    Action(Action),
    /// A command line of the palette, or how it is written when it cannot be read.
    Command(Box<Result<Command, String>>),
}

/// One entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) columns: Vec<String>,
    pub(crate) choice: Choice,
    /// The pane whose picture stands for it.
    pub(crate) preview: Option<Preview>,
}
