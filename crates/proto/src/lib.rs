//! The wire between a client and a server: messages, their codec, their limits.
//!
//! Owns the numbered message list, the bodies, the caps that a decoder checks before it allocates,
//! and the rules by which an old peer reads a newer one. Owns no socket, no clock, no screen and no
//! session: the conversion from and to such types lives where those types live.
//!
//! Rules that keep old and new peers together within a major version:
//! * a message number is never reused and a body never changes;
//! * what grows is a new number, or a tagged value in the extension list that ends a large body;
//! * only the message number is an enum; inside bodies a closed set is a `u16` newtype with a stated
//!   "other", because an unknown variant inside a body would fail every older decoder;
//! * an unknown number or tag is skipped, never an error.

mod attach;
mod audit;
mod codec;
mod commands;
mod copy;
mod ext;
mod forward;
mod frame;
mod hello;
mod history;
mod id;
mod image;
mod imported;
mod input;
mod keys;
mod layout;
pub mod limits;
mod listing;
mod marks;
mod message;
mod notice;
mod number;
mod pairing;
mod principal;
mod recording;
mod replay;
mod request;
mod search;
mod spawn;
mod stream;

pub use attach::{
    Attach, Attached, ClientFacts, ClientSize, Detach, DetachReason, Detached, KnownPane, Select,
    Switch, Viewed, attach_tag,
};
pub use audit::{
    AUDIT_CHECKPOINT, AUDIT_ENTRY, AuditCheckpoint, AuditEntry, AuditPage, AuditRecord,
    AuditRecordError, AuditRequest,
};
pub use codec::{DecodeError, EncodeError, Encoding, FrameHeader, HEADER_BYTES, Received};
pub use commands::{
    CommandEnded, CommandMatching, CommandState, CommandsFound, CommandsPage, CommandsRequest,
    CommandsSearch, IndexProgress, RebuildIndex, WireCommand,
};
pub use copy::{
    Copied, CopyEnd, CopyTaken, FileInfo, FileKind, FileOpened, FilePlace, Files, GetFile,
    ListFiles, MakeFolder, PartFound, PutFile,
};
pub use ext::{Ext, Tagged};
pub use forward::{
    Forward, ForwardAccept, ForwardArrived, ForwardBytes, ForwardEnd, ForwardKeeps, ForwardListen,
    ForwardListening, ForwardMore, ForwardTaken, ForwardWindow,
};
pub use frame::{
    CursorShape, Frame, FrameApplied, FrameWanted, PixelSize, RowIds, RowRun, TtyFlags, WireColor,
    WireCursor, WireLink, WireModes, WireRow, WireSize, WireStyle, state_tag,
};
pub use hello::{ALPN, ClientKind, Hello, MAJOR, MINOR, Refusal, Refused, Welcome, hello_tag};
pub use history::{HistoryPage, HistoryRequest, WireLine, history_tag};
pub use id::{AttachmentId, ClientId, IdParseError, PaneId, SessionId, TabId};
pub use image::{ImagePage, ImageRequest, WireImage, WireImageFormat, WireImages, WirePlacement};
pub use imported::{
    CommandsImported, ForgetImported, HistorySource, ImportCommands, ImportedCommand,
    ImportedForgotten,
};
pub use input::{
    Input, InputAgain, InputEvent, InputKind, Interrupt, WireKey, WireKeyCode, WireMouse,
    WireMouseKind,
};
pub use keys::{
    AddKey, AskKeys, CLIENT_KEY, CLIENT_KEY_EXPORT, KeyChain, KeyStatement, MOST_STATEMENTS, Rekey,
    Rekeyed, SERVER_KEY,
};
pub use layout::{Layout, NodeKind, WireNode, WirePane, WireTab, layout_tag};
pub use listing::{
    ClientInfo, Clients, Custody, DoctorFinding, DoctorReport, Health, PaneInfo, PaneState,
    PaneUsage, SessionInfo, SessionState, Sessions, TabInfo, Usage, WireExit, WireExitKind,
    client_tag,
};
pub use marks::{MarksPage, MarksRequest, WireMark, WireMarkKind};
pub use message::Message;
pub use notice::{
    EventKind, PaneEvent, PaneStatus, ServerNotice, ServerNoticeKind, Watched, event_tag,
    watched_tag,
};
pub use pairing::{
    Invite, InviteKind, Invited, PAIRING_ALPN, Pair, PairBegin, PairProof, PairShare, Paired,
};
pub use principal::{
    Grant, GrantLevel, InviteInfo, ListPrincipals, PrincipalInfo, PrincipalKind, Principals,
    Revoke, SetRole, WireGrant, WireRole,
};
pub use recording::{
    ForgetStretch, Forgetting, ListRecordings, RecordingChecked, RecordingFault, RecordingInfo,
    RecordingRemoved, RecordingSet, RecordingState, Recordings, RemoveRecording, SetRecording,
    StretchForgotten, VerifyRecordings,
};
pub use replay::{
    GapReason, MomentKind, ReplayCommand, ReplayGap, ReplayImage, ReplayInfo, ReplayMoment,
    ReplayPoint, ReplayRequest, ScreenPage, ScreenRequest, replay_tag,
};
pub use request::{
    Capture, DetachClient, Direction, Doctor, Done, Events, Export, Failed, Failure, Kill,
    LayoutLoad, LayoutSave, LayoutText, ListClients, ListSessions, ListUsage, New, PaneBreak,
    PaneClose, PaneFloat, PaneResize, PaneSwap, PaneZoom, Paste, Ping, Pong, PresetLayout, Remove,
    Rename, RequestInterrupt, ResizePane, Restart, SelectTarget, Send, Sent, Split, StopServer,
    SwapWith, TabClose, TabMove, TabNew, Tail, Toggle, Wait, WaitFor, Waited,
};
pub use search::{
    SearchCase, SearchEnd, SearchFind, SearchFound, SearchMatch, SearchProgress, SearchRequest,
};
pub use spawn::Spawn;
pub use stream::{Chunk, ChunkEnd, TextPage};

#[cfg(test)]
mod tests;
