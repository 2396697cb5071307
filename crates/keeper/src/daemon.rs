//! Starting a process that has nothing to do with the one that starts it.
//!
//! Server and keeper start each other this way: no controlling terminal, not a child of anybody who
//! would have to reap it, default signals. What is started, and where its output goes, is the
//! caller's.

use std::io::{self, Read};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::process::{Pid, PidfdFlags};

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
    let (mut tell, told) = io::pipe()?;
    let teller = told.as_raw_fd();
    // SAFETY: what runs between fork and exec makes only system calls, allocates nothing and takes
    // no lock. `fork` is the C library's, which is safe to call here: it was called a moment ago
    // for this very process, and made its locks usable again. The raw descriptor stays open until
    // `told` is dropped below, after the child has taken its copy.
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
            let pid = libc::getpid().to_ne_bytes();
            if libc::write(teller, pid.as_ptr().cast(), pid.len()) != 4 {
                return Err(io::Error::last_os_error());
            }
            crate::system::default_signals();
            Ok(())
        });
    }
    let child = command.spawn();
    drop(told);
    // Reaps the child that only forked; the grandchild belongs to the system now.
    child?.wait()?;
    let mut pid = [0; 4];
    tell.read_exact(&mut pid)?;
    let gone = || io::Error::from(io::ErrorKind::NotFound);
    let pid = Pid::from_raw(i32::from_ne_bytes(pid)).ok_or_else(gone)?;
    let pidfd = rustix::process::pidfd_open(pid, PidfdFlags::empty())?;
    Ok(Detached { pid: pid.as_raw_nonzero().get().unsigned_abs(), pidfd })
}

#[cfg(test)]
mod tests;
