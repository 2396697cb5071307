//! What keeper and custodians say to each other. `proto/keeper.md` has the byte tables.
//!
//! One frame is one packet of a `SOCK_SEQPACKET` socket, with the descriptors it names attached.
//! Numbers and bodies are frozen: what grows is a new number. This module turns frames into typed
//! values and back; it opens no socket and decides nothing.

mod notice;
mod request;
mod response;
mod wire;

use std::ffi::OsString;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use ccc_journal::{CellPixels, ExitStatus, Offset, PaneUlid, Size};
use rustix::io::Errno;

use crate::custody::{CustodySet, Terms};
use wire::{Reader, Writer};

/// The only version there is.
pub const VERSION: u16 = 1;
/// Largest frame in bytes, its head included.
pub const MAX_FRAME: usize = 64 * 1024;
/// Most descriptors attached to one frame. The kernel allows 253.
pub const MAX_FDS: usize = 64;
/// Custody sets in one frame: twelve sets are 60 descriptors.
pub const SETS_PER_FRAME: usize = MAX_FDS / crate::custody::PaneFds::COUNT;
/// Longest name of a parked descriptor, in bytes.
pub const MAX_PARK_NAME: usize = 64;

/// The first bytes of a hello, so that a stray connection is told from a custodian.
const MAGIC: &[u8; 4] = b"ccck";

/// Numbers a request so that its response can be told from others. Zero marks a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub u32);

/// Who is calling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Looks and asks, holds nothing, is not restarted: `ccc doctor`.
    Tool,
    /// The server: holds every set, and is restarted when it dies.
    Server,
    /// The spare keeper: holds every set and succeeds the keeper.
    Spare,
}

/// The server as the keeper must know it: to see it die, and to start it again.
#[derive(Clone, Debug)]
pub struct ServerHandle {
    pub pidfd: Arc<OwnedFd>,
    /// A sealed memfd with a [`crate::SpawnSpec`].
    pub spec: Arc<OwnedFd>,
}

#[derive(Clone, Debug)]
pub enum Request {
    /// First on every connection.
    Hello {
        role: Role,
        oldest: u16,
        newest: u16,
        build: String,
        server: Option<ServerHandle>,
    },
    /// Opens a PTY and starts a child in it. Answers with the existing set if there is one.
    Open {
        ulid: PaneUlid,
        size: Size,
        terms: Terms,
        spec: Arc<OwnedFd>,
    },
    /// The same for a pane of which nothing may reach the disk. A keeper that does not know this would put it
    /// there, and refuses.
    OpenUnrecorded {
        ulid: PaneUlid,
        size: Size,
        terms: Terms,
        spec: Arc<OwnedFd>,
    },
    /// What the pane prints from here on does not reach the disk, or does again. Answered with the offset from which
    /// on that holds, as a change of size is.
    Record {
        ulid: PaneUlid,
        on: bool,
    },
    /// The bytes from the one offset to the other are to be forgotten: the newest file begins behind them, and
    /// `events` tells of them as a gap. Deleting is the server's. Answered with the end of the journal, as a
    /// change of size is.
    Forget {
        ulid: PaneUlid,
        from: Offset,
        to: Offset,
    },
    /// Offers sets that the keeper may not have. Those it has stay as they are.
    Adopt {
        sets: Vec<CustodySet>,
    },
    /// Records the new size at the present offset and then gives it to the PTY.
    Resize {
        ulid: PaneUlid,
        size: Size,
    },
    /// The same for the size of a cell in pixels, which is sound.
    CellPixels {
        ulid: PaneUlid,
        cell: CellPixels,
    },
    Signal {
        ulid: PaneUlid,
        signal: u8,
        target: SignalTarget,
    },
    /// Gives up the keeper's and the spare's descriptors of the pane.
    Close {
        ulid: PaneUlid,
    },
    /// The server has deleted the journal files before `first`.
    Trimmed {
        ulid: PaneUlid,
        first: Offset,
    },
    /// What was printed before `first` lies in segments; its journal files no longer count for the
    /// hard cap.
    Sealed {
        ulid: PaneUlid,
        first: Offset,
    },
    /// Tries at once again what waits for a disk.
    Poke {
        ulid: PaneUlid,
    },
    /// Hands are at work in this pane: for a while, floods of others stand back.
    Typed {
        ulid: PaneUlid,
    },
    /// Keeps a descriptor under a name, for the server's next life.
    Park {
        name: String,
        fd: Arc<OwnedFd>,
    },
    /// Gives a parked descriptor back and forgets it.
    Unpark {
        name: String,
    },
    /// The panes after `after`, in order, as many as fit a frame.
    List {
        after: Option<PaneUlid>,
    },
    Status,
    /// The server is about to leave on purpose and must not be restarted.
    CleanStop,
    /// Ends keeper and spare. With panes left only if `kill`.
    Shutdown {
        kill: bool,
    },
    /// Replaces the keeper's program by another in the same process.
    Upgrade {
        exe: OsString,
    },
}

/// Whom a signal is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalTarget {
    /// The foreground process group of the pane's terminal.
    Foreground,
    /// The process group of the child that was started in the pane.
    Leader,
}

#[derive(Clone, Debug)]
pub enum Response {
    Done,
    Refused(Refusal),
    Welcome {
        version: u16,
        pid: u32,
        moves: Moves,
        build: String,
        pidfd: Arc<OwnedFd>,
    },
    Opened {
        existing: bool,
        set: CustodySet,
    },
    /// How many of the offered sets were new.
    Adopted {
        taken: u16,
    },
    /// The size holds from this offset on.
    Resized {
        offset: Offset,
    },
    Unparked {
        fd: Arc<OwnedFd>,
    },
    Panes {
        more: bool,
        panes: Vec<PaneStatus>,
    },
    Status(Status),
}

/// A request that was understood and not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub reason: Reason,
    /// The operating system's reason, or 0.
    pub errno: i32,
    /// What was attempted, for a log.
    pub detail: String,
}

impl Refusal {
    /// Whether the machine has no PTY left. Opening one is the only thing a keeper does that can be
    /// out of room (ENOSPC) and is not about a file.
    #[must_use]
    pub fn is_out_of_terminals(&self) -> bool {
        self.reason == Reason::Exhausted && self.errno == Errno::NOSPC.raw_os_error()
    }

    pub(crate) fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, errno: 0, detail: detail.into() }
    }

    /// For `map_err`: what was attempted, and what the operating system said.
    pub(crate) fn os(reason: Reason, attempt: &'static str) -> impl FnOnce(Errno) -> Self {
        move |errno| Self {
            reason,
            errno: errno.raw_os_error(),
            detail: format!("could not {attempt}: {errno}"),
        }
    }
}

/// Why a request was refused. Unknown numbers from a newer keeper are kept as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The keeper does not know this request.
    UnknownRequest,
    /// The frame does not decode, or lacks its descriptors.
    Malformed,
    /// No version both sides speak.
    Version,
    /// A hello must come first, or came twice.
    Hello,
    NoSuchPane,
    /// The pane's child has ended.
    Ended,
    /// The working directory does not exist.
    CwdMissing,
    /// The program was not found: 127 for a shell.
    NotFound,
    /// The program is not executable: 126 for a shell.
    NotExecutable,
    /// No PTY, process or descriptor could be had.
    Exhausted,
    /// The pane's files cannot be written.
    Journal,
    /// No parked descriptor has this name, or the name is not allowed.
    Name,
    /// Shutdown without `kill` while panes are left.
    PanesLeft,
    /// Too much is under way; the same request may succeed later.
    Busy,
    /// Anything else the operating system refused.
    Os,
    Other(u16),
}

/// How bytes get from a PTY to the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moves {
    /// Inside the kernel: a kill at any moment loses nothing.
    Splice,
    /// Through this process: a kill may lose what was just read.
    ReadWrite,
}

/// What a pane is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaneState {
    Moving,
    /// Bytes stay in the PTY until the cause is gone. Nothing is lost; the program waits.
    Waiting(Wait),
    /// The child has ended and everything it printed is in the journal.
    Ended(ExitStatus),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// The untrimmed journal has reached the hard cap.
    Cap,
    /// No space or quota left for the journal.
    DiskFull,
    /// The disk reported another error.
    DiskError { errno: i32 },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaneStatus {
    pub ulid: PaneUlid,
    pub pid: u32,
    pub state: PaneState,
    /// Moved by the second thread, because it prints a lot.
    pub flooding: bool,
    /// End of the journal as of the last move.
    pub offset: Offset,
}

/// The keeper's own account of itself, for `ccc doctor`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    pub version: u16,
    pub pid: u32,
    /// Process id of the spare that holds every set, or 0.
    pub spare: u32,
    /// Process id of the server that holds every set, or 0.
    pub server: u32,
    pub moves: Moves,
    pub panes: u32,
    pub waiting: u32,
    pub flooding: u32,
    pub parked: u32,
    /// Most descriptors this process may have.
    pub fd_limit: u64,
    pub oom_score_adj: i16,
}

/// What the keeper says unasked.
#[derive(Clone, Debug)]
pub enum Notice {
    /// Sets to hold. Those already held are the same.
    Custody {
        sets: Vec<CustodySet>,
    },
    Parked {
        name: String,
        fd: Arc<OwnedFd>,
    },
    /// Everything that existed at the hello has been sent.
    Synced,
    /// The child ended and `events` says so; nothing is appended after `offset`.
    Exited {
        ulid: PaneUlid,
        status: ExitStatus,
        offset: Offset,
    },
    State {
        ulid: PaneUlid,
        state: PaneState,
    },
    /// The pane is given up everywhere: close its descriptors.
    Closed {
        ulid: PaneUlid,
    },
    Unparked {
        name: String,
    },
    /// To spares: the server to watch, or none after a clean stop.
    Server {
        server: Option<ServerHandle>,
    },
    /// To a spare: another takes its place; leave.
    Retire,
    /// The keeper runs another program now; its process, panes and connections are the same.
    Upgraded {
        version: u16,
        build: String,
    },
}

/// Anything a custodian receives.
#[derive(Clone, Debug)]
pub enum Message {
    Response {
        id: RequestId,
        response: Response,
    },
    Notice(Notice),
    /// From a newer keeper; skipped.
    Unknown {
        number: u16,
    },
}

/// A frame and the descriptors that go with it.
#[derive(Clone, Debug, Default)]
pub struct Packet {
    pub bytes: Vec<u8>,
    pub fds: Vec<Arc<OwnedFd>>,
}

/// A request as the keeper finds it in a frame.
#[derive(Debug)]
pub struct Asked {
    pub id: RequestId,
    /// What was asked, or why that cannot be told. The connection survives either way.
    pub request: Result<Request, Refusal>,
}

/// The other side sent something that is no frame of this protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    #[error("the frame is shorter than it says")]
    Truncated,
    #[error("the frame has {extra} bytes too many")]
    Trailing { extra: usize },
    #[error("the frame is longer than {MAX_FRAME} bytes")]
    Oversize,
    #[error("the frame says {said} descriptors and has {found}")]
    Descriptors { said: usize, found: usize },
    #[error("{what} has a value that means nothing")]
    Value { what: &'static str },
}

struct Head {
    number: u16,
    id: u32,
}

impl Packet {
    fn new(number: u16, id: u32, body: impl FnOnce(&mut Writer)) -> Self {
        let mut writer = Writer::default();
        writer.u16(number);
        writer.u16(0);
        writer.u32(id);
        body(&mut writer);
        let Writer { mut bytes, fds } = writer;
        bytes[2..4].copy_from_slice(&u16::try_from(fds.len()).unwrap_or(u16::MAX).to_le_bytes());
        Self { bytes, fds }
    }

    fn open(self) -> Result<(Head, Reader), WireError> {
        if self.bytes.len() > MAX_FRAME {
            return Err(WireError::Oversize);
        }
        let mut reader = Reader::new(self.bytes, self.fds);
        let number = reader.u16()?;
        let said = usize::from(reader.u16()?);
        let id = reader.u32()?;
        let found = reader.fds_left();
        if said != found {
            return Err(WireError::Descriptors { said, found });
        }
        Ok((Head { number, id }, reader))
    }
}

impl Message {
    pub fn decode(packet: Packet) -> Result<Self, WireError> {
        let (head, reader) = packet.open()?;
        if head.id == 0 {
            return Ok(Notice::decode(head.number, reader)?
                .map_or(Self::Unknown { number: head.number }, Self::Notice));
        }
        Ok(match Response::decode(head.number, reader)? {
            Some(response) => Self::Response { id: RequestId(head.id), response },
            None => Self::Unknown { number: head.number },
        })
    }
}

#[cfg(test)]
mod tests;
