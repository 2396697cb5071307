//! The directory `run/` of a state directory: the keeper's socket and its lock.
//!
//! Both are reached through a descriptor of the directory, because a socket address holds 108 bytes
//! and a home directory may be deeper. Nothing here speaks the protocol.

use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};

use ccc_journal::dir::{self, DirError};
use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType};
use rustix::process::{Flock, FlockType, Pid, PidfdFlags};

const SOCKET: &str = "keeper.sock";
/// The socket is bound under this name and renamed when it listens, so that whoever sees
/// [`SOCKET`] can connect, and a stale one is replaced without a moment in between.
const SOCKET_NEW: &str = "keeper.sock.new";
const LOCK: &str = "keeper.lock";
/// Every spare holds a shared lock on this file, so that a keeper's death can be told from the end
/// of all custodians.
const SPARE_LOCK: &str = "spare.lock";

/// Connections the kernel holds before the keeper accepts them.
const BACKLOG: i32 = 64;

#[derive(Debug)]
pub(crate) struct RunDir {
    fd: OwnedFd,
    path: PathBuf,
}

/// The right to be the keeper of a state directory. It ends with the process.
///
/// A POSIX record lock belongs to the process and not to the descriptor: it stays behind in no
/// descriptor that was handed on, and it outlives `execve`. Closing *any* descriptor of the file
/// gives it up, so the file is opened here and nowhere else while the lock is held.
#[derive(Debug)]
pub(crate) struct Lock {
    file: OwnedFd,
}

/// Shows that a spare lives. It ends with the process, or when this is dropped.
#[derive(Debug)]
pub(crate) struct SpareMark {
    _file: OwnedFd,
}

/// Who holds or held the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) pid: u32,
    /// Tells the process from a later one with the same id.
    start: u64,
}

pub(crate) enum Locking {
    Ours { lock: Lock, predecessor: Option<Holder> },
    Held(Option<Holder>),
}

/// What is left of keepers, as seen by somebody who is neither keeper nor spare.
pub(crate) enum Custodian {
    /// A keeper, perhaps one that is about to listen or about to die.
    Keeper(Holder),
    /// A spare, which will be the keeper.
    Spare,
}

impl RunDir {
    /// Opens `<state>/run`, making it if it is not there. Refuses a directory that others can write.
    pub(crate) fn open(state_dir: &Path) -> Result<Self, DirError> {
        dir::create_private(state_dir)?;
        let path = state_dir.join("run");
        Ok(Self { fd: dir::create_private(&path)?, path })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn connect(&self) -> rustix::io::Result<OwnedFd> {
        let socket = seqpacket()?;
        rustix::net::connect(&socket, &self.address(SOCKET)?)?;
        Ok(socket)
    }

    /// Only whoever holds the lock may listen.
    pub(crate) fn listen(&self, _held: &Lock) -> rustix::io::Result<OwnedFd> {
        match rustix::fs::unlinkat(&self.fd, SOCKET_NEW, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(errno) => return Err(errno),
        }
        let socket = seqpacket()?;
        rustix::net::bind(&socket, &self.address(SOCKET_NEW)?)?;
        let mode = Mode::RUSR | Mode::WUSR;
        rustix::fs::chmodat(&self.fd, SOCKET_NEW, mode, AtFlags::empty())?;
        rustix::net::listen(&socket, BACKLOG)?;
        rustix::fs::renameat(&self.fd, SOCKET_NEW, &self.fd, SOCKET)?;
        Ok(socket)
    }

    pub(crate) fn remove_socket(&self, _held: &Lock) {
        // A socket that stays behind is refused by the kernel and replaced by the next keeper.
        let _ = rustix::fs::unlinkat(&self.fd, SOCKET, AtFlags::empty());
    }

    /// Takes the lock if it is free. Does not wait.
    pub(crate) fn lock(&self) -> rustix::io::Result<Locking> {
        let file = self.open_lock(OFlags::RDWR | OFlags::CREATE)?;
        match rustix::fs::fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Locking::Ours { predecessor: read_holder(&file), lock: Lock { file } }),
            Err(Errno::AGAIN | Errno::ACCESS) => Ok(Locking::Held(locker(&file))),
            Err(errno) => Err(errno),
        }
    }

    /// Marks this process as a spare.
    pub(crate) fn mark_spare(&self) -> rustix::io::Result<SpareMark> {
        let file = self.open_file(SPARE_LOCK, OFlags::RDWR | OFlags::CREATE)?;
        rustix::fs::fcntl_lock(&file, FlockOperation::NonBlockingLockShared)?;
        Ok(SpareMark { _file: file })
    }

    /// Whether there is anybody to wait for. A spare gives its mark up only after it has the lock,
    /// so there is no moment between the two. Not for a process that holds either itself.
    pub(crate) fn custodian(&self) -> Option<Custodian> {
        let open = |name| self.open_file(name, OFlags::RDWR).ok();
        // The spare first: asked the other way round, one that is promoted in between would be
        // neither.
        let spare = open(SPARE_LOCK).and_then(|file| locker(&file));
        let keeper = open(LOCK).and_then(|file| locker(&file)).map(Custodian::Keeper);
        keeper.or_else(|| spare.map(|_holder| Custodian::Spare))
    }

    fn open_lock(&self, flags: OFlags) -> rustix::io::Result<OwnedFd> {
        self.open_file(LOCK, flags)
    }

    fn open_file(&self, name: &str, flags: OFlags) -> rustix::io::Result<OwnedFd> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        rustix::fs::openat(&self.fd, name, flags, Mode::RUSR | Mode::WUSR)
    }

    fn address(&self, name: &str) -> rustix::io::Result<SocketAddrUnix> {
        SocketAddrUnix::new(format!("/proc/self/fd/{}/{name}", self.fd.as_raw_fd()))
    }
}

impl Lock {
    /// The lock of a process that has just replaced its own program and kept the descriptor.
    pub(crate) fn kept(file: OwnedFd) -> rustix::io::Result<Self> {
        rustix::fs::fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive)?;
        Ok(Self { file })
    }

    pub(crate) fn file(&self) -> &OwnedFd {
        &self.file
    }

    /// Writes this process into the file, in one piece.
    pub(crate) fn sign(&self) -> std::io::Result<()> {
        let Holder { pid, start } = Holder::of(std::process::id());
        rustix::io::pwrite(&self.file, format!("{pid:>10} {start:>20}\n").as_bytes(), 0)?;
        Ok(())
    }
}

impl Holder {
    fn of(pid: u32) -> Self {
        Self { pid, start: start_time(pid).unwrap_or(0) }
    }

    /// A pidfd of the holder, or `None` if that process is no more.
    pub(crate) fn pidfd(self) -> Option<OwnedFd> {
        let pid = Pid::from_raw(i32::try_from(self.pid).ok()?)?;
        let pidfd = rustix::process::pidfd_open(pid, PidfdFlags::empty()).ok()?;
        // Looked at after the pidfd is open: from here on the id cannot be given to another.
        (start_time(self.pid) == Some(self.start)).then_some(pidfd)
    }
}

fn seqpacket() -> rustix::io::Result<OwnedFd> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    rustix::net::socket_with(AddressFamily::UNIX, SocketType::SEQPACKET, flags, None)
}

/// Who has a lock on the file that would stop a writer.
fn locker(file: impl AsFd) -> Option<Holder> {
    let wanted = Flock::from(FlockType::WriteLock);
    let found = rustix::process::fcntl_getlk(file, &wanted).ok()??;
    Some(Holder::of(found.pid?.as_raw_nonzero().get().unsigned_abs()))
}

fn read_holder(file: impl AsFd) -> Option<Holder> {
    let mut bytes = [0; 64];
    let len = rustix::io::pread(file, &mut bytes, 0).ok()?;
    let text = std::str::from_utf8(&bytes[..len]).ok()?;
    let (pid, start) = text.trim().split_once(' ')?;
    Some(Holder { pid: pid.parse().ok()?, start: start.trim().parse().ok()? })
}

/// When a process started, in the kernel's ticks since boot: field 22 of its `stat`.
fn start_time(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is the name in parentheses and may hold anything, spaces included.
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_whitespace().nth(19)?.parse().ok()
}
