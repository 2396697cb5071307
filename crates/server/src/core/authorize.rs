//! Who may do what. Owns the roles, what each request does, and the one function that decides.
//! Who somebody is was settled by their key before.
//!
//! `authorize/matrix.txt` shows the whole table; a test writes it anew and compares.

use ccc_proto::{Message, PaneId, SessionId};

/// Somebody whose key is enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// 52 base32 characters over the first key.
    pub id: String,
    pub role: Role,
}

/// What a principal may do; each role may all that those before it may. Only owners are made so
/// far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Looks and reads, and changes nothing.
    Viewer,
    /// Works: types, makes, arranges, ends.
    Operator,
    /// Keeps the server: forgets recordings, sees its health.
    Admin,
    /// Whose server it is.
    Owner,
}

impl Role {
    /// All of them, from the least to the most.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Operator, Self::Admin, Self::Owner];

    /// In lower case, as listings show it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

/// On what an action is done. Grants for single sessions will look at it; no role does yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    Server,
    Session(SessionId),
    Pane(PaneId),
}

/// The principal may not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the role {} may not {}", .role.name(), .action.name())]
pub struct Denied {
    pub role: Role,
    pub action: Action,
}

macro_rules! actions {
    ($($(#[$meta:meta])* $action:ident, $name:literal, $least:expr;)*) => {
        /// What a message asks for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action {
            $($(#[$meta])* $action,)*
        }

        impl Action {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$action,)*];

            /// As a verb that follows "may not".
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$action => $name,)* }
            }

            /// The least role that may; `None` for nobody.
            const fn least(self) -> Option<Role> {
                match self { $(Self::$action => $least,)* }
            }
        }
    };
}

actions! {
    /// Say hello, leave, ask for a sign of life.
    Greet, "connect", Some(Role::Viewer);
    /// See which sessions there are, and what changes.
    List, "list sessions", Some(Role::Viewer);
    /// Look at a session without a say in anything.
    Watch, "watch a session", Some(Role::Viewer);
    /// Read what panes printed.
    Read, "read panes", Some(Role::Viewer);
    /// Look at a session and work in it.
    Use, "work in a session", Some(Role::Operator);
    /// See who else is connected.
    ListClients, "see other clients", Some(Role::Operator);
    /// Detach others.
    Detach, "detach others", Some(Role::Operator);
    /// Type into programs and interrupt them.
    Type, "type", Some(Role::Operator);
    /// Start programs.
    Create, "start programs", Some(Role::Operator);
    /// Change layouts, sizes and names.
    Arrange, "change layouts", Some(Role::Operator);
    /// End programs.
    End, "end programs", Some(Role::Operator);
    /// Delete recordings.
    Forget, "delete recordings", Some(Role::Admin);
    /// See how the server is.
    Inspect, "inspect the server", Some(Role::Admin);
    /// Stop the server.
    Stop, "stop the server", Some(Role::Owner);
    /// Only a server says this.
    Answer, "speak as a server", None;
}

macro_rules! rules {
    ($($message:ident => $action:ident;)*) => {
        impl Action {
            /// What a message asks for. The match has no wildcard: a message without a rule does not
            /// compile.
            #[must_use]
            pub fn of(message: &Message) -> Self {
                match message {
                    // To look only is less than what the rule below says.
                    Message::Attach(attach) if attach.view && !attach.steal && !attach.create => {
                        Self::Watch
                    }
                    $(Message::$message(_) => Self::$action,)*
                }
            }

            /// The rule of each message by name, without regard to its fields.
            #[cfg(test)]
            const RULES: &[(&str, Self)] = &[$((stringify!($message), Self::$action),)*];
        }
    };
}

rules! {
    Hello => Greet;
    Welcome => Answer;
    Refused => Answer;
    Attach => Use;
    Attached => Answer;
    Select => Watch;
    Viewed => Answer;
    Switch => Watch;
    ClientSize => Watch;
    Detach => Greet;
    Detached => Answer;
    Layout => Answer;
    PaneEvent => Answer;
    PaneStatus => Answer;
    ServerNotice => Answer;
    ClientFacts => Type;
    Input => Type;
    Interrupt => Type;
    FrameApplied => Watch;
    FrameWanted => Watch;
    Frame => Answer;
    Done => Answer;
    Failed => Answer;
    ListSessions => List;
    Sessions => Answer;
    ListClients => ListClients;
    Clients => Answer;
    New => Create;
    Rename => Arrange;
    Kill => End;
    Remove => Forget;
    Restart => Create;
    DetachClient => Detach;
    ListUsage => List;
    Usage => Answer;
    TabNew => Create;
    TabMove => Arrange;
    SelectTarget => Arrange;
    Split => Create;
    PaneResize => Arrange;
    PaneSwap => Arrange;
    PaneZoom => Arrange;
    PaneBreak => Arrange;
    PaneClose => End;
    PresetLayout => Arrange;
    LayoutSave => Read;
    LayoutText => Answer;
    LayoutLoad => Create;
    TabClose => End;
    PaneFloat => Arrange;
    Send => Type;
    Sent => Answer;
    RequestInterrupt => Type;
    Capture => Read;
    TextPage => Answer;
    Tail => Read;
    Export => Read;
    Chunk => Answer;
    ChunkEnd => Answer;
    Wait => Read;
    Waited => Answer;
    ResizePane => Arrange;
    Events => List;
    Watched => Answer;
    Paste => Type;
    HistoryRequest => Read;
    HistoryPage => Answer;
    MarksRequest => Read;
    MarksPage => Answer;
    ImageRequest => Read;
    ImagePage => Answer;
    ListRecordings => List;
    Recordings => Answer;
    VerifyRecordings => Inspect;
    RecordingChecked => Answer;
    RemoveRecording => Forget;
    RecordingRemoved => Answer;
    Doctor => Inspect;
    DoctorReport => Answer;
    StopServer => Stop;
    Ping => Greet;
    Pong => Answer;
    CommandsRequest => Read;
    CommandsPage => Answer;
    RebuildIndex => Inspect;
    IndexProgress => Answer;
    ReplayRequest => Read;
    ReplayInfo => Answer;
    ScreenRequest => Read;
    ScreenPage => Answer;
    SearchRequest => Read;
    SearchFound => Answer;
    SearchProgress => Answer;
    ForgetStretch => Forget;
    StretchForgotten => Answer;
    SetRecording => Type;
    RecordingSet => Answer;
}

/// Whether the principal may do it.
///
/// # Errors
/// Its role does not suffice.
pub fn authorize(principal: &Principal, action: Action, _resource: Resource) -> Result<(), Denied> {
    if action.least().is_some_and(|least| principal.role >= least) {
        return Ok(());
    }
    Err(Denied { role: principal.role, action })
}

#[cfg(test)]
mod tests;
