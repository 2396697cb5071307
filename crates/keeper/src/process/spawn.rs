//! Opening a PTY and starting a program in it.
//!
//! portable-pty does both. What it gets wrong silently is checked here first: a missing working
//! directory, a program that is not there, an environment that is not the asked one. Its writer is
//! never taken, because dropping that types a newline and an end-of-file into the terminal.

use std::ffi::OsStr;
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ccc_journal::{CellPixels, Size};
use portable_pty::{CommandBuilder, PtySize, PtySystem, SlavePty};
use rustix::event::EventfdFlags;
use rustix::fs::{Access, OFlags};
use rustix::io::Errno;
use rustix::pipe::PipeFlags;
use rustix::process::{Pid, PidfdFlags};
use rustix::termios::{InputModes, OptionalActions};

use super::flow::QUIET_PIPE;
use super::reserve::Reserve;
use crate::custody::PaneFds;
use crate::protocol::{Moves, Reason, Refusal};
use crate::spec::SpawnSpec;
use crate::system;

/// An open PTY in which nothing runs yet.
pub(super) struct Pty {
    master: OwnedFd,
    slave: Box<dyn SlavePty + Send>,
}

/// A running child and the descriptors of its pane.
pub(super) struct Spawned {
    pub(super) pid: u32,
    pub(super) fds: PaneFds,
}

/// Finds out whether bytes can be moved out of a PTY inside the kernel.
pub(super) fn probe() -> Moves {
    let probed = || -> Result<(), Refusal> {
        let pty = Pty::open(Size { cols: 80, rows: 24 }, None)?;
        let (read, write) = pipe()?;
        // Typed input is echoed: there is something to move without any child.
        rustix::io::write(&pty.master, b"ccc").map_err(exhausted("write to a PTY"))?;
        let flags = rustix::pipe::SpliceFlags::NONBLOCK;
        match rustix::pipe::splice(&pty.master, None, &write, None, 64, flags) {
            Err(Errno::INVAL) => Err(exhausted("splice")(Errno::INVAL)),
            _ => {
                drop(read);
                Ok(())
            }
        }
    };
    match probed() {
        Err(refusal) if refusal.errno == Errno::INVAL.raw_os_error() => Moves::ReadWrite,
        _ => Moves::Splice,
    }
}

impl Pty {
    #[expect(unsafe_code, reason = "portable-pty gives its descriptor as a bare number")]
    pub(super) fn open(size: Size, cell: Option<CellPixels>) -> Result<Self, Refusal> {
        let winsize = crate::tty::winsize(size, cell);
        let size = PtySize {
            rows: winsize.ws_row,
            cols: winsize.ws_col,
            pixel_width: winsize.ws_xpixel,
            pixel_height: winsize.ws_ypixel,
        };
        let pair = portable_pty::unix::UnixPtySystem::default()
            .openpty(size)
            .map_err(|error| refused(Reason::Exhausted, &error, "open a PTY"))?;
        let number = pair.master.as_raw_fd();
        let number = number.ok_or_else(|| exhausted("open a PTY")(Errno::BADF))?;
        // SAFETY: the descriptor belongs to `pair.master`, which lives beyond this statement.
        let master = unsafe { BorrowedFd::borrow_raw(number) };
        let master = rustix::io::fcntl_dupfd_cloexec(master, 3).map_err(exhausted("open a PTY"))?;
        let flags = rustix::fs::fcntl_getfl(&master).map_err(exhausted("set up a PTY"))?;
        rustix::fs::fcntl_setfl(&master, flags | OFlags::NONBLOCK)
            .map_err(exhausted("set up a PTY"))?;
        // A fresh PTY does not know that its input is UTF-8, and erasing one Korean syllable at a
        // prompt would leave two of its three bytes.
        let mut termios = rustix::termios::tcgetattr(&master).map_err(exhausted("set up a PTY"))?;
        termios.input_modes |= InputModes::IUTF8;
        rustix::termios::tcsetattr(&master, OptionalActions::Now, &termios)
            .map_err(exhausted("set up a PTY"))?;
        Ok(Self { master, slave: pair.slave })
    }

    /// Starts the program. The slave side is closed here afterwards, so that the PTY hangs up with
    /// its last process.
    pub(super) fn spawn(self, spec: &SpawnSpec, reserve: &mut Reserve) -> Result<Spawned, Refusal> {
        // Everything that can fail for want of descriptors comes before there is a process.
        let (pipe_read, pipe_write) = pipe()?;
        let flags = EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK;
        let eventfd = rustix::event::eventfd(0, flags).map_err(exhausted("make an eventfd"))?;
        let command = command(spec)?;
        // The child forks off this thread while the movers run. portable-pty allocates between fork
        // and exec, when another thread of a forked process might hold the allocator's lock for
        // ever. glibc takes its allocator's locks before it forks and gives the child fresh ones,
        // so this is safe there, and musl does the same; nothing else that runs then takes a lock.
        let spawn = || self.slave.spawn_command(command);
        let child = reserve
            .lend(|| with_limits_of_child(spec.nofile, spawn))
            .map_err(|error| refused(Reason::Os, &error, "start the program"))?;
        // Dropping the child neither waits nor kills; from here on its pidfd is what counts.
        let pid = child.process_id().unwrap_or(0);
        let gone = || exhausted("watch the program")(Errno::SRCH);
        let raw = i32::try_from(pid).ok().and_then(Pid::from_raw).ok_or_else(gone)?;
        // It cannot have been reaped by anyone but this thread, so the number is still its own.
        let pidfd = rustix::process::pidfd_open(raw, PidfdFlags::empty()).map_err(|errno| {
            let _ = rustix::process::kill_process(raw, rustix::process::Signal::KILL);
            exhausted("watch the program")(errno)
        })?;
        let fds = [self.master, pipe_read, pipe_write, pidfd, eventfd].map(Arc::new);
        Ok(Spawned { pid, fds: PaneFds::from_array(fds) })
    }
}

fn command(spec: &SpawnSpec) -> Result<CommandBuilder, Refusal> {
    let refuse = |reason, errno: Errno, what: &Path| Refusal {
        reason,
        errno: errno.raw_os_error(),
        detail: what.display().to_string(),
    };
    // Checked here, because portable-pty goes to the home directory instead without a word.
    if !spec.cwd.is_dir() {
        return Err(refuse(Reason::CwdMissing, Errno::NOENT, &spec.cwd));
    }
    let program = find(spec).map_err(|errno| {
        let reason = match errno {
            Errno::NOENT | Errno::NOTDIR | Errno::NAMETOOLONG => Reason::NotFound,
            _ => Reason::NotExecutable,
        };
        refuse(reason, errno, Path::new(&spec.program))
    })?;
    // portable-pty takes another shell without a word if it cannot read this one's name as text.
    if spec.login && program.to_str().is_none() {
        return Err(refuse(Reason::NotFound, Errno::ILSEQ, &program));
    }
    let mut command = if spec.login {
        // The only way to a dash before the name: portable-pty's own default program, which is
        // the environment's SHELL.
        CommandBuilder::new_default_prog()
    } else {
        let mut command = CommandBuilder::new(name_for(spec));
        command.args(&spec.arguments);
        command
    };
    command.env_clear();
    for (name, value) in &spec.environment {
        command.env(name, value);
    }
    if spec.login {
        command.env("SHELL", program);
    }
    command.cwd(&spec.cwd);
    command.umask(Some(spec.umask));
    Ok(command)
}

/// The program's name as the program shall see it. One with a slash inside is taken from the working
/// directory, as a shell does it; portable-pty would look for it in `PATH`.
fn name_for(spec: &SpawnSpec) -> PathBuf {
    let program = Path::new(&spec.program);
    let searched = program.is_relative() && spec.program.as_bytes().contains(&b'/');
    if searched && !program.starts_with(".") && !program.starts_with("..") {
        return Path::new(".").join(program);
    }
    program.to_owned()
}

/// Where the program is, or the reason why it cannot be started.
fn find(spec: &SpawnSpec) -> Result<PathBuf, Errno> {
    let program = Path::new(&spec.program);
    if spec.program.as_bytes().contains(&b'/') {
        let path = spec.cwd.join(program);
        return executable(&path).map(|()| path);
    }
    let path = spec.environment.iter().rev().find(|(name, _)| name == OsStr::new("PATH"));
    let mut found = Errno::NOENT;
    for dir in path.iter().flat_map(|(_, value)| std::env::split_paths(value)) {
        let candidate = spec.cwd.join(dir).join(program);
        match executable(&candidate) {
            Ok(()) => return Ok(candidate),
            Err(Errno::NOENT | Errno::NOTDIR) => {}
            Err(errno) => found = errno,
        }
    }
    Err(found)
}

fn executable(path: &Path) -> Result<(), Errno> {
    rustix::fs::access(path, Access::EXISTS)?;
    if path.is_dir() {
        return Err(Errno::ISDIR);
    }
    rustix::fs::access(path, Access::EXEC_OK)
}

/// Runs `spawn` while this process has what its child shall inherit, and takes its own back.
///
/// Limits are a process's own, so the movers share the low one for a moment. All they may miss is a
/// new journal file, which they try again at the next turn. What is open already stays open, and
/// what the start itself needs has to have low numbers: see [`Reserve`].
fn with_limits_of_child<T>(nofile: u64, spawn: impl FnOnce() -> T) -> T {
    let own_files = system::nofile();
    if nofile > 0 {
        let _ = system::limit_nofile(Some(nofile));
    }
    let own_score = system::oom_score_adj().filter(|score| *score < 0);
    if own_score.is_some() {
        let _ = system::set_oom_score_adj(0);
    }
    let result = spawn();
    if let Some(score) = own_score {
        let _ = system::set_oom_score_adj(score);
    }
    let _ = system::limit_nofile(own_files.current);
    result
}

fn pipe() -> Result<(OwnedFd, OwnedFd), Refusal> {
    let pipe = rustix::pipe::pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK);
    let (read, write) = pipe.map_err(exhausted("make a pipe"))?;
    // Beyond a user's share of pipe memory a new pipe holds two pages anyway.
    let _ = rustix::pipe::fcntl_setpipe_size(&write, QUIET_PIPE);
    Ok((read, write))
}

fn exhausted(attempt: &'static str) -> impl FnOnce(Errno) -> Refusal {
    Refusal::os(Reason::Exhausted, attempt)
}

/// portable-pty's errors hold the operating system's somewhere inside, or only its words.
fn refused(
    reason: Reason,
    error: &(impl AsRef<dyn std::error::Error + Send + Sync + 'static> + std::fmt::Display),
    attempt: &'static str,
) -> Refusal {
    let error: &dyn std::error::Error = error.as_ref();
    let errno = std::iter::successors(Some(error), |cause| cause.source())
        .find_map(|cause| cause.downcast_ref::<io::Error>()?.raw_os_error())
        .or_else(|| errno_in(&error.to_string()));
    Refusal { reason, errno: errno.unwrap_or(0), detail: format!("could not {attempt}: {error}") }
}

/// The number in the words of an [`io::Error`] that was shown for debugging and then forgotten.
fn errno_in(words: &str) -> Option<i32> {
    let (_, number) = words.split_once("Os { code: ")?;
    number.split_once(',')?.0.parse().ok()
}

#[cfg(test)]
mod tests;
