//! Replacing the keeper's program in place: the same process, other code.
//!
//! Descriptors stay open across `execve`, children stay children, and record locks stay held, so
//! all that has to be carried over is which number is what. That goes into a memfd as the same
//! frames that custodians get. The movers are not stopped: for them this is a death like any other,
//! after which the next owner goes on where the files end.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::fs::File;
use std::io::{Read, Seek, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use rustix::fs::{Access, MemfdFlags};
use rustix::io::FdFlags;

use super::connection::Connection;
use super::control::Control;
use super::mover::Ask;
use super::{Estate, KeeperArgs, say};
use crate::error::KeeperError;
use crate::protocol::{
    MAX_FRAME, Message, Notice, Packet, Reason, Refusal, RequestId, Response, Role, SETS_PER_FRAME,
    VERSION,
};
use crate::rundir::{Lock, RunDir};

/// Names the number of the memfd in the next image's environment.
pub(super) const HANDOVER: &str = "CCC_KEEPER_HANDOVER";
/// First line of the memfd. The number changes when its form does; an image that does not know it
/// gives up, and the spare takes over.
const FORM: &[u8; 8] = b"ccckho01";
/// Larger than any set of panes a process can have descriptors for.
const MAX_HANDOVER: u64 = 256 * 1024 * 1024;

/// What the image before this one left.
pub(super) struct Handover {
    lock: OwnedFd,
    listener: OwnedFd,
    connections: Vec<Kept>,
    ask: RequestId,
    estate: Estate,
    /// Children of panes that were given up.
    leaving: Vec<Arc<OwnedFd>>,
    goodbye: bool,
}

/// A connection that goes on.
struct Kept {
    connection: Connection,
    is_server: bool,
    asked: bool,
}

impl Control {
    /// Becomes `exe`, or says why not. The new image answers the request.
    pub(super) fn upgrade(&mut self, ask: Ask, exe: &Path) -> Refusal {
        if let Err(errno) = rustix::fs::access(exe, Access::EXEC_OK) {
            return Refusal::os(Reason::NotExecutable, "execute the new program")(errno);
        }
        // What waits in memory would be lost: answers that movers owe, and frames without room.
        if self.under_way > 0 || !self.connections.values().all(Connection::is_settled) {
            return Refusal::new(Reason::Busy, "other requests are under way");
        }
        let error = self.replace_image(ask, exe);
        say(format_args!("could not become {}: {error}", exe.display()));
        let errno = error.raw_os_error().unwrap_or(0);
        Refusal { reason: Reason::Os, errno, detail: format!("could not upgrade: {error}") }
    }

    /// Returns only if it failed, and then nothing has changed.
    fn replace_image(&self, ask: Ask, exe: &Path) -> std::io::Error {
        let mut out = Writing::default();
        self.write_handover(ask, &mut out);
        let memfd = match out.finish() {
            Ok(memfd) => memfd,
            Err(error) => return error,
        };
        out.fds.push(Arc::new(memfd));
        let number = out.fds.last().map_or(-1, |fd| fd.as_raw_fd());
        let inherit =
            |flags: FdFlags| out.fds.iter().try_for_each(|fd| rustix::io::fcntl_setfd(fd, flags));
        // No other thread starts a process, so nobody else inherits them meanwhile.
        let own = [self.lock.file().as_fd(), self.listener.as_fd()];
        let sockets = self.connections.values().map(|connection| connection.socket.as_fd());
        let borrowed: Vec<BorrowedFd<'_>> = own.into_iter().chain(sockets).collect();
        let inherit_all = |flags: FdFlags| {
            inherit(flags)?;
            borrowed.iter().try_for_each(|fd| rustix::io::fcntl_setfd(fd, flags))
        };
        let error = match inherit_all(FdFlags::empty()) {
            Ok(()) => execute(exe, &self.args.state_dir, number),
            Err(errno) => errno.into(),
        };
        let _ = inherit_all(FdFlags::CLOEXEC);
        error
    }

    fn write_handover(&self, ask: Ask, out: &mut Writing) {
        out.u32(std::process::id());
        out.raw_fd(self.lock.file());
        out.raw_fd(&self.listener);
        out.u32(ask.id.0);
        out.u32(u32::from(self.server.has_said_goodbye()));
        out.u32(u32::try_from(self.connections.len()).unwrap_or(u32::MAX));
        for (id, connection) in &self.connections {
            out.raw_fd(&connection.socket);
            out.u32(connection.pid);
            out.u32(match connection.role {
                None => 0,
                Some(Role::Tool) => 1,
                Some(Role::Server) => 2,
                Some(Role::Spare) => 3,
            });
            out.u32(u32::from(self.server.connection() == Some(*id)));
            out.u32(u32::from(ask.connection == *id));
        }
        out.u32(u32::try_from(self.leaving.len()).unwrap_or(u32::MAX));
        for pidfd in self.leaving.values() {
            out.raw_fd(pidfd);
            out.fds.push(Arc::clone(pidfd));
        }
        let sets: Vec<_> = self.panes.values().map(|pane| pane.set.clone()).collect();
        for sets in sets.chunks(SETS_PER_FRAME) {
            out.notice(&Notice::Custody { sets: sets.to_vec() });
        }
        for (name, fd) in &self.parked {
            out.notice(&Notice::Parked { name: name.clone(), fd: Arc::clone(fd) });
        }
        out.notice(&Notice::Server { server: self.server.handle().cloned() });
    }
}

/// `execve` itself: what the library has beside it hands a file that is no program to a shell, and
/// the keeper would be gone.
#[expect(unsafe_code, reason = "the library's own call falls back to a shell")]
fn execute(exe: &Path, state_dir: &Path, handover: RawFd) -> std::io::Error {
    let arguments = [exe.as_os_str(), "keeper".as_ref(), "--state".as_ref(), state_dir.as_os_str()];
    let kept = std::env::vars_os().filter(|(name, _)| name != HANDOVER);
    let mut variables: Vec<_> =
        kept.map(|(name, value)| [name.as_bytes(), b"=", value.as_bytes()].concat()).collect();
    variables.push(format!("{HANDOVER}={handover}").into_bytes());
    let strings =
        |all: Vec<Vec<u8>>| all.into_iter().map(CString::new).collect::<Result<Vec<_>, _>>();
    let arguments =
        strings(arguments.iter().map(|argument| argument.as_bytes().to_vec()).collect());
    let (Ok(arguments), Ok(variables)) = (arguments, strings(variables)) else {
        return std::io::ErrorKind::InvalidInput.into();
    };
    let pointers = |strings: &[CString]| {
        let strings = strings.iter().map(|string| string.as_ptr());
        strings.chain(std::iter::once(std::ptr::null())).collect::<Vec<_>>()
    };
    let (argv, envp) = (pointers(&arguments), pointers(&variables));
    // SAFETY: both lists end with a null pointer, and every other pointer is a C string of
    // `arguments` and `variables`, which live beyond the call. `exe` is the first of them.
    unsafe { libc::execve(arguments[0].as_ptr(), argv.as_ptr(), envp.as_ptr()) };
    std::io::Error::last_os_error()
}

/// The state left by the image before, if there was one.
pub(super) fn received() -> Result<Option<Handover>, KeeperError> {
    let Some(number) = std::env::var_os(HANDOVER) else { return Ok(None) };
    let number = number.to_str().and_then(|number| number.parse().ok());
    let mut reading = Reading { rest: Vec::new(), at: 0, owned: BTreeMap::new() };
    let memfd = reading.own(number.ok_or_else(|| bad("number"))?)?;
    let mut file = File::from(memfd.try_clone().map_err(KeeperError::io("read the handover"))?);
    file.rewind().map_err(KeeperError::io("read the handover"))?;
    file.take(MAX_HANDOVER)
        .read_to_end(&mut reading.rest)
        .map_err(KeeperError::io("read the handover"))?;
    if reading.bytes(FORM.len())? != FORM {
        return Err(bad("form"));
    }
    // The variable of an image before the last one, which this process's parent was.
    if reading.u32()? != std::process::id() {
        return Ok(None);
    }
    reading.handover().map(Some)
}

impl Handover {
    pub(super) fn resume(self, args: &KeeperArgs, exe: PathBuf) -> Result<Control, KeeperError> {
        let run_dir = RunDir::open(&args.state_dir)?;
        let lock = Lock::kept(self.lock).map_err(KeeperError::io("keep the lock"))?;
        let mut control = Control::with_listener(args, exe, run_dir, lock, self.listener)?;
        let server = self.estate.server.clone();
        control.inherit(Estate { server: None, ..self.estate });
        self.leaving.into_iter().for_each(|pidfd| control.await_leaving(pidfd));
        let mut server_connection = (0, None);
        let mut asked = None;
        for Kept { connection, is_server, asked: this } in self.connections {
            let (role, pid) = (connection.role, connection.pid);
            let id = control.add_connection(connection);
            if role == Some(Role::Spare) {
                control.spare.connection = Some(id);
            }
            if is_server {
                server_connection = (pid, Some(id));
            }
            if this {
                asked = Some(Ask { connection: id, id: self.ask });
            }
        }
        if let Some(handle) = server {
            let (pid, connection) = server_connection;
            control.watch_server(handle, pid, connection);
            if let (true, Some(id)) = (self.goodbye, connection) {
                control.server_says_goodbye(id);
            }
        }
        say(format_args!("goes on as {} with {} panes", args.build, control.panes.len()));
        if let Some(ask) = asked {
            control.respond(ask, &Response::Done);
        }
        let upgraded = Notice::Upgraded { version: VERSION, build: args.build.clone() };
        control.tell(&upgraded, None);
        // The old spare runs the old program. It leaves when the new one holds everything.
        control.start_spare(Instant::now());
        Ok(control)
    }
}

#[derive(Default)]
struct Writing {
    bytes: Vec<u8>,
    /// Everything the numbers in `bytes` stand for that is shared.
    fds: Vec<Arc<OwnedFd>>,
}

impl Writing {
    fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    fn raw_fd(&mut self, fd: &OwnedFd) {
        self.bytes.extend_from_slice(&fd.as_raw_fd().to_le_bytes());
    }

    fn notice(&mut self, notice: &Notice) {
        let Packet { bytes, fds } = notice.encode();
        self.u32(u32::try_from(fds.len()).unwrap_or(0));
        fds.iter().for_each(|fd| self.raw_fd(fd));
        self.fds.extend(fds);
        self.u32(u32::try_from(bytes.len()).unwrap_or(0));
        self.bytes.extend_from_slice(&bytes);
    }

    fn finish(&self) -> std::io::Result<OwnedFd> {
        let memfd = rustix::fs::memfd_create("ccc-handover", MemfdFlags::CLOEXEC)?;
        let mut file = File::from(memfd);
        file.write_all(FORM)?;
        file.write_all(&self.bytes)?;
        Ok(file.into())
    }
}

struct Reading {
    rest: Vec<u8>,
    at: usize,
    /// Descriptors of this process, each owned once.
    owned: BTreeMap<RawFd, Arc<OwnedFd>>,
}

impl Reading {
    fn handover(mut self) -> Result<Handover, KeeperError> {
        let lock = self.alone()?;
        let listener = self.alone()?;
        let ask = RequestId(self.u32()?);
        let goodbye = self.u32()? != 0;
        let mut connections = Vec::new();
        for _ in 0..self.u32()? {
            let mut connection = Connection::new(self.alone()?, self.u32()?);
            connection.role = match self.u32()? {
                0 => None,
                1 => Some(Role::Tool),
                2 => Some(Role::Server),
                3 => Some(Role::Spare),
                _ => return Err(bad("role")),
            };
            let (is_server, asked) = (self.u32()? != 0, self.u32()? != 0);
            connections.push(Kept { connection, is_server, asked });
        }
        let leaving = (0..self.u32()?).map(|_| self.shared()).collect::<Result<_, _>>()?;
        let mut estate = Estate::default();
        while self.at < self.rest.len() {
            match self.notice()? {
                Notice::Custody { sets } => estate.sets.extend(sets),
                Notice::Parked { name, fd } => estate.parked.push((name, fd)),
                Notice::Server { server } => estate.server = server,
                _ => return Err(bad("notice")),
            }
        }
        for fd in self.owned.values() {
            rustix::io::fcntl_setfd(fd, FdFlags::CLOEXEC)
                .map_err(KeeperError::io("keep a descriptor"))?;
        }
        Ok(Handover { lock, listener, connections, ask, estate, leaving, goodbye })
    }

    fn notice(&mut self) -> Result<Notice, KeeperError> {
        let count = self.u32()?;
        let fds = (0..count).map(|_| self.shared()).collect::<Result<_, _>>()?;
        let len = usize::try_from(self.u32()?).ok().filter(|len| *len <= MAX_FRAME);
        let bytes = self.bytes(len.ok_or_else(|| bad("length"))?)?.to_vec();
        match Message::decode(Packet { bytes, fds }) {
            Ok(Message::Notice(notice)) => Ok(notice),
            _ => Err(bad("frame")),
        }
    }

    fn bytes(&mut self, len: usize) -> Result<&[u8], KeeperError> {
        let bytes =
            self.rest.get(self.at..self.at.saturating_add(len)).ok_or_else(|| bad("end"))?;
        self.at += len;
        Ok(bytes)
    }

    fn u32(&mut self) -> Result<u32, KeeperError> {
        let bytes = self.bytes(4)?;
        Ok(u32::from_le_bytes(bytes.try_into().map_err(|_refused| bad("end"))?))
    }

    fn shared(&mut self) -> Result<Arc<OwnedFd>, KeeperError> {
        let number = self.u32()?.cast_signed();
        self.own(number)
    }

    /// A descriptor that only one thing has.
    fn alone(&mut self) -> Result<OwnedFd, KeeperError> {
        let number = self.u32()?.cast_signed();
        let fd = self.own(number)?;
        self.owned.remove(&number);
        let fd = Arc::into_inner(fd).ok_or_else(|| bad("descriptor"))?;
        rustix::io::fcntl_setfd(&fd, FdFlags::CLOEXEC)
            .map_err(KeeperError::io("keep a descriptor"))?;
        Ok(fd)
    }

    #[expect(unsafe_code, reason = "descriptors that survived execve are only numbers")]
    fn own(&mut self, number: RawFd) -> Result<Arc<OwnedFd>, KeeperError> {
        if let Some(fd) = self.owned.get(&number) {
            return Ok(Arc::clone(fd));
        }
        if number <= 2 {
            return Err(bad("descriptor"));
        }
        // SAFETY: borrowed for one call that only asks whether the number is open.
        let open = rustix::io::fcntl_getfd(unsafe { BorrowedFd::borrow_raw(number) });
        open.map_err(KeeperError::io("keep a descriptor"))?;
        // SAFETY: it is open. This runs before anything else in the process has opened a
        // descriptor to keep, and each number is owned once, by the map above.
        let fd = Arc::new(unsafe { OwnedFd::from_raw_fd(number) });
        self.owned.insert(number, Arc::clone(&fd));
        Ok(fd)
    }
}

fn bad(what: &'static str) -> KeeperError {
    KeeperError::Handover { what }
}
