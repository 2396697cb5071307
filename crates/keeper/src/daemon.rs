//! Starting a process that has nothing to do with the one that starts it.
//!
//! Server and keeper start each other this way: no controlling terminal, not a child of anybody who
//! would have to reap it, default signals. What is started, and where its output goes, is the
//! caller's.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType,
};
use rustix::process::PidfdFlags;

/// A process that was started and let go.
#[derive(Debug)]
pub struct Detached {
    pub pid: u32,
    /// Readable when it has ended.
    pub pidfd: OwnedFd,
}

/// Starts `command` in a session of its own, as a child of the system's reaper.
///
/// Standard input, output and error are as `command` says. An error means that it does not run,
/// also when the program itself could not be executed.
#[expect(unsafe_code, reason = "a process can only be let go between fork and exec")]
pub fn spawn(command: &mut Command) -> io::Result<Detached> {
    let flags = SocketFlags::CLOEXEC;
    let (hear, tell) =
        rustix::net::socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, flags, None)?;
    let teller = tell.as_raw_fd();
    // SAFETY: what runs between fork and exec makes only system calls, allocates nothing and takes
    // no lock. `fork` is the C library's, which is safe to call here: it was called a moment ago
    // for this very process, and made its locks usable again. The raw descriptor stays open until
    // `tell` is dropped below, after the child has taken its copy.
    unsafe {
        command.pre_exec(move || {
            rustix::process::setsid()?;
            match libc::fork() {
                -1 => return Err(io::Error::last_os_error()),
                0 => {}
                // The session's leader leaves; the grandchild can never get a controlling terminal
                // by accident. `_exit` runs nothing of the parent's that was copied here.
                _ => libc::_exit(0),
            }
            introduce(BorrowedFd::borrow_raw(teller))?;
            crate::system::default_signals();
            Ok(())
        });
    }
    let child = command.spawn();
    drop(tell);
    // Reaps the child that only forked; the grandchild belongs to the system now.
    child?.wait()?;
    meet(hear)
}

/// The new process sends its id and a pidfd. Nobody else could open one: when its starter hears of
/// the id, the process may be gone and the id another's.
fn introduce(tell: BorrowedFd<'_>) -> rustix::io::Result<()> {
    let pid = rustix::process::getpid();
    let pidfd = rustix::process::pidfd_open(pid, PidfdFlags::empty())?;
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    let fds = [pidfd.as_fd()];
    control.push(SendAncillaryMessage::ScmRights(&fds));
    let pid = pid.as_raw_nonzero().get().to_ne_bytes();
    rustix::net::sendmsg(tell, &[IoSlice::new(&pid)], &mut control, SendFlags::NOSIGNAL)?;
    Ok(())
}

fn meet(hear: OwnedFd) -> io::Result<Detached> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut pid = [0; 4];
    let into = &mut [IoSliceMut::new(&mut pid)];
    rustix::net::recvmsg(hear, into, &mut control, RecvFlags::CMSG_CLOEXEC)?;
    let pidfd = control.drain().find_map(|part| match part {
        RecvAncillaryMessage::ScmRights(mut fds) => fds.next(),
        _ => None,
    });
    // Unreachable while `exec` succeeds, because the introduction comes before it.
    let pidfd = pidfd.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
    Ok(Detached { pid: u32::from_ne_bytes(pid), pidfd })
}

#[cfg(test)]
mod tests;
