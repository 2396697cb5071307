//! Who may do what. Owns the roles, what each request does, and the one function that decides.
//! Who somebody is was settled by their key before.
//!
//! `authorize/matrix.txt` shows the whole table; a test writes it anew and compares.

use std::collections::BTreeMap;

use ccc_proto::{GrantLevel, Message, WireRole};
use ulid::Ulid;

/// Somebody whose key is enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// 52 base32 characters over the first key; of a token its id.
    pub id: String,
    /// What people call it: a label.
    pub name: String,
    pub role: Role,
    /// Whether it was said that the role counts in every session; see [`Principal::sees_all`].
    pub all_sessions: bool,
    /// Rights for single sessions, whatever the role.
    pub grants: BTreeMap<Ulid, Level>,
}

/// What a principal may do where it may see everything; each role may all that those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Looks and reads, and changes nothing.
    Viewer,
    /// Works: types, makes, arranges, ends.
    Operator,
    /// Keeps the server: forgets recordings, sees its health, says who may what.
    Admin,
    /// Whose server it is.
    Owner,
}

/// What a grant for one session allows; each level all that those before it do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Look and read.
    View,
    /// Type as well.
    Type,
    /// Start and end programs and change the layout as well.
    Own,
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

    /// The role of a number; `None` for one that came later.
    #[must_use]
    pub const fn from_wire(role: WireRole) -> Option<Self> {
        Some(match role {
            WireRole::VIEWER => Self::Viewer,
            WireRole::OPERATOR => Self::Operator,
            WireRole::ADMIN => Self::Admin,
            WireRole::OWNER => Self::Owner,
            _ => return None,
        })
    }

    #[must_use]
    pub const fn to_wire(self) -> WireRole {
        match self {
            Self::Viewer => WireRole::VIEWER,
            Self::Operator => WireRole::OPERATOR,
            Self::Admin => WireRole::ADMIN,
            Self::Owner => WireRole::OWNER,
        }
    }
}

impl Level {
    /// All of them, from the least to the most.
    pub const ALL: [Self; 3] = [Self::View, Self::Type, Self::Own];

    /// The level of a number; `None` for none, and for one that came later.
    #[must_use]
    pub const fn from_wire(level: GrantLevel) -> Option<Self> {
        Some(match level {
            GrantLevel::VIEW => Self::View,
            GrantLevel::TYPE => Self::Type,
            GrantLevel::OWN => Self::Own,
            _ => return None,
        })
    }

    #[must_use]
    pub const fn to_wire(self) -> GrantLevel {
        match self {
            Self::View => GrantLevel::VIEW,
            Self::Type => GrantLevel::TYPE,
            Self::Own => GrantLevel::OWN,
        }
    }
}

impl Principal {
    /// Whether its role counts in every session: who keeps the server sees all of it.
    #[must_use]
    pub fn sees_all(&self) -> bool {
        self.all_sessions || self.role >= Role::Admin
    }

    /// Whether it may know that the session exists.
    #[must_use]
    pub fn sees(&self, session: Ulid) -> bool {
        self.sees_all() || self.grants.contains_key(&session)
    }

    /// Whether it may know of the commands that somebody imported: they ran in no session, so they are for whoever
    /// brought them, and for those who keep the whole server.
    #[must_use]
    pub fn sees_imported(&self, importer: &str) -> bool {
        self.id == importer || self.sees_all_imported()
    }

    /// Whether it may know of all imported commands.
    #[must_use]
    pub fn sees_all_imported(&self) -> bool {
        self.role >= Role::Admin
    }
}

/// On what an action is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The server as a whole: only the role counts.
    Server,
    /// All that its user can do there: only a role that counts in every session does.
    Whole,
    /// Some session that is not known yet: what is known to be allowed nowhere ends here.
    Somewhere,
    /// This session.
    Session(Ulid),
}

/// The principal may not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} may not {}", .who, .action.name())]
pub struct Denied {
    /// Such as `the role viewer`.
    pub who: String,
    pub action: Action,
    /// It may not even know that the session exists.
    pub hidden: bool,
}

/// Where the right to a message is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// At the server.
    Server,
    /// At the server, by the roles of those who see every session.
    Whole,
    /// In the session that the message names: refused there, by whoever finds out which that is.
    Session,
    /// In each session that an answer tells of: what may not be seen is left out.
    Each,
}

impl Scope {
    /// The resource to ask for before it is known which session is meant.
    #[must_use]
    pub const fn at_first(self) -> Resource {
        match self {
            Self::Server => Resource::Server,
            Self::Whole => Resource::Whole,
            Self::Session | Self::Each => Resource::Somewhere,
        }
    }
}

macro_rules! actions {
    ($($(#[$meta:meta])* $action:ident, $name:literal, $least:expr, $level:expr;)*) => {
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

            /// The least grant for a session by which it may be done there; `None` for none.
            const fn level(self) -> Option<Level> {
                match self { $(Self::$action => $level,)* }
            }
        }
    };
}

actions! {
    /// Say hello, leave, ask for a sign of life.
    Greet, "connect", Some(Role::Viewer), None;
    /// See which sessions there are, and what changes.
    List, "list sessions", Some(Role::Viewer), Some(Level::View);
    /// Look at a session without a say in anything.
    Watch, "watch a session", Some(Role::Viewer), Some(Level::View);
    /// Read what panes printed.
    Read, "read panes", Some(Role::Viewer), Some(Level::View);
    /// Look at a session and work in it.
    Use, "work in a session", Some(Role::Operator), Some(Level::Type);
    /// See who else is connected.
    ListClients, "see other clients", Some(Role::Viewer), Some(Level::View);
    /// Detach others.
    Detach, "detach others", Some(Role::Operator), Some(Level::Own);
    /// Type into programs and interrupt them.
    Type, "type", Some(Role::Operator), Some(Level::Type);
    /// Start programs.
    Create, "start programs", Some(Role::Operator), Some(Level::Own);
    /// Change layouts, sizes and names.
    Arrange, "change layouts", Some(Role::Operator), Some(Level::Own);
    /// End programs.
    End, "end programs", Some(Role::Operator), Some(Level::Own);
    /// Have connections made from the server's machine, and to it: as much as to start programs anywhere.
    Forward, "forward connections", Some(Role::Operator), None;
    /// Bring commands of one's own from elsewhere, and forget them.
    Import, "import commands", Some(Role::Operator), None;
    /// Read and write the files of the server's user: as much as a shell.
    Copy, "copy files", Some(Role::Operator), None;
    /// Delete recordings.
    Forget, "delete recordings", Some(Role::Admin), None;
    /// See how the server is.
    Inspect, "inspect the server", Some(Role::Admin), None;
    /// Say who may what.
    Appoint, "say who may do what", Some(Role::Admin), None;
    /// Stop the server.
    Stop, "stop the server", Some(Role::Owner), None;
    /// Only a server says this.
    Answer, "speak as a server", None, None;
}

macro_rules! rules {
    ($($message:ident => $action:ident, $scope:ident;)*) => {
        impl Action {
            /// What a message asks for. The match has no wildcard: a message without a rule does not
            /// compile.
            #[must_use]
            pub fn of(message: &Message) -> Self {
                match message {
                    // More than the rule below says.
                    Message::Attach(attach) if attach.steal => Self::Detach,
                    $(Message::$message(_) => Self::$action,)*
                }
            }

            /// The rule of each message by name, without regard to its fields.
            #[cfg(test)]
            const RULES: &[(&str, Self, Scope)] =
                &[$((stringify!($message), Self::$action, Scope::$scope),)*];
        }

        impl Scope {
            /// Where the right to a message is looked for.
            #[must_use]
            pub const fn of(message: &Message) -> Self {
                match message { $(Message::$message(_) => Self::$scope,)* }
            }
        }
    };
}

rules! {
    Hello => Greet, Server;
    Welcome => Answer, Server;
    Refused => Answer, Server;
    Attach => Watch, Session;
    Attached => Answer, Server;
    Select => Watch, Session;
    Viewed => Answer, Server;
    Switch => Watch, Session;
    ClientSize => Watch, Session;
    Detach => Greet, Server;
    Detached => Answer, Server;
    Layout => Answer, Server;
    PaneEvent => Answer, Server;
    PaneStatus => Answer, Server;
    ServerNotice => Answer, Server;
    ClientFacts => Watch, Session;
    Input => Type, Session;
    Interrupt => Type, Session;
    InputAgain => Type, Session;
    FrameApplied => Watch, Session;
    FrameWanted => Watch, Session;
    Frame => Answer, Server;
    Done => Answer, Server;
    Failed => Answer, Server;
    ListSessions => List, Each;
    Sessions => Answer, Server;
    ListClients => ListClients, Each;
    Clients => Answer, Server;
    New => Create, Server;
    Rename => Arrange, Session;
    Kill => End, Session;
    Remove => Forget, Session;
    Restart => Create, Session;
    DetachClient => Detach, Session;
    ListUsage => List, Each;
    Usage => Answer, Server;
    TabNew => Create, Session;
    TabMove => Arrange, Session;
    SelectTarget => Arrange, Session;
    Split => Create, Session;
    PaneResize => Arrange, Session;
    PaneSwap => Arrange, Session;
    PaneZoom => Arrange, Session;
    PaneBreak => Arrange, Session;
    PaneClose => End, Session;
    PresetLayout => Arrange, Session;
    LayoutSave => Read, Session;
    LayoutText => Answer, Server;
    LayoutLoad => Create, Server;
    TabClose => End, Session;
    PaneFloat => Arrange, Session;
    Send => Type, Session;
    Sent => Answer, Server;
    RequestInterrupt => Type, Session;
    Capture => Read, Session;
    TextPage => Answer, Server;
    Tail => Read, Session;
    Export => Read, Session;
    Chunk => Answer, Server;
    ChunkEnd => Answer, Server;
    Wait => Read, Session;
    Waited => Answer, Server;
    ResizePane => Arrange, Session;
    Events => List, Each;
    Watched => Answer, Server;
    Paste => Type, Session;
    HistoryRequest => Read, Session;
    HistoryPage => Answer, Server;
    MarksRequest => Read, Session;
    MarksPage => Answer, Server;
    ImageRequest => Read, Session;
    ImagePage => Answer, Server;
    ListRecordings => List, Each;
    Recordings => Answer, Server;
    VerifyRecordings => Inspect, Server;
    RecordingChecked => Answer, Server;
    RemoveRecording => Forget, Session;
    ForgetStretch => Forget, Session;
    SetRecording => Type, Session;
    StretchForgotten => Answer, Server;
    RecordingSet => Answer, Server;
    RecordingRemoved => Answer, Server;
    Doctor => Inspect, Server;
    DoctorReport => Answer, Server;
    StopServer => Stop, Server;
    Ping => Greet, Server;
    Pong => Answer, Server;
    CommandsRequest => Read, Each;
    CommandsPage => Answer, Server;
    RebuildIndex => Inspect, Server;
    IndexProgress => Answer, Server;
    ImportCommands => Import, Server;
    CommandsImported => Answer, Server;
    ForgetImported => Import, Server;
    ImportedForgotten => Answer, Server;
    CommandsSearch => Read, Each;
    CommandsFound => Answer, Server;
    ReplayRequest => Read, Session;
    ReplayInfo => Answer, Server;
    ScreenRequest => Read, Session;
    ScreenPage => Answer, Server;
    ReplayImage => Read, Session;
    SearchRequest => Read, Each;
    SearchFound => Answer, Server;
    SearchProgress => Answer, Server;
    Pair => Answer, Server;
    Paired => Answer, Server;
    PairBegin => Answer, Server;
    PairShare => Answer, Server;
    PairProof => Answer, Server;
    AskKeys => Greet, Server;
    KeyChain => Answer, Server;
    Invite => Appoint, Server;
    Invited => Answer, Server;
    ListPrincipals => Appoint, Server;
    Principals => Answer, Server;
    Grant => Appoint, Server;
    SetRole => Appoint, Server;
    Revoke => Appoint, Server;
    AuditRequest => Appoint, Server;
    AuditPage => Answer, Server;
    AddKey => Greet, Server;
    Rekey => Stop, Server;
    Rekeyed => Answer, Server;
    ListFiles => Copy, Whole;
    Files => Answer, Server;
    MakeFolder => Copy, Whole;
    PutFile => Copy, Whole;
    PartFound => Answer, Server;
    GetFile => Copy, Whole;
    FileOpened => Answer, Server;
    CopyTaken => Answer, Server;
    CopyEnd => Answer, Server;
    Copied => Answer, Server;
    Forward => Forward, Whole;
    ForwardBytes => Forward, Whole;
    ForwardTaken => Forward, Whole;
    ForwardEnd => Forward, Whole;
    ForwardListen => Forward, Whole;
    ForwardListening => Answer, Server;
    ForwardArrived => Answer, Server;
    ForwardAccept => Forward, Whole;
    ForwardMore => Forward, Whole;
    ForwardWindow => Forward, Whole;
    ForwardKeeps => Forward, Whole;
}

/// Whether the principal may do it there: by its role, where that counts, or by a grant.
///
/// # Errors
/// It may not; and it may not know of the session at all, if that is said.
pub fn authorize(principal: &Principal, action: Action, resource: Resource) -> Result<(), Denied> {
    let by_role = action.least().is_some_and(|least| principal.role >= least);
    let by_grant = |level: &Level| action.level().is_some_and(|least| *level >= least);
    let (allowed, hidden) = match resource {
        Resource::Server => (by_role, false),
        Resource::Whole => (by_role && principal.sees_all(), false),
        Resource::Somewhere => (by_role || principal.grants.values().any(by_grant), false),
        Resource::Session(session) => {
            let granted = principal.grants.get(&session).is_some_and(by_grant);
            ((by_role && principal.sees_all()) || granted, !principal.sees(session))
        }
    };
    if allowed {
        return Ok(());
    }
    let of_some = resource == Resource::Whole && by_role;
    let where_ = if of_some { " in some sessions" } else { "" };
    let who = format!("the role {}{where_}", principal.role.name());
    Err(Denied { who, action, hidden })
}

#[cfg(test)]
mod tests;
