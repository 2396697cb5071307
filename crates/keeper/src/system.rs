//! The system calls that rustix does not offer, each behind a safe function with its proof.
//!
//! Nothing here decides anything.

use std::os::fd::{AsFd, BorrowedFd};

use ccc_journal::ExitStatus;
use rustix::io::Errno;
use rustix::process::Rlimit;
use rustix::process::{Resource, WaitId, WaitIdOptions};

/// Gives every signal its default action back, but for SIGPIPE, which stays as the runtime set it.
///
/// An ignored signal is inherited through `execve`: a keeper started under `nohup`, or by a parent
/// that ignores SIGCHLD, would hand that on to every program in every pane, and in the latter case
/// never learn an exit status.
#[expect(unsafe_code, reason = "rustix has no public call for signal actions")]
pub(crate) fn default_signals() {
    for signal in (1..=libc::SIGRTMAX()).filter(|signal| *signal != libc::SIGPIPE) {
        // SAFETY: SIG_DFL installs no handler, so there is no function that could be called at a
        // wrong moment. Numbers that cannot be set are refused by the kernel with EINVAL.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
}

/// Makes a write beyond the user's limit of file sizes an error for this thread and those it starts,
/// instead of the end of the process. Programs are started with nothing blocked.
#[expect(unsafe_code, reason = "rustix has no public call for signal masks")]
pub(crate) fn block_file_size_signal() {
    // SAFETY: a zeroed set is storage for `sigemptyset`, which makes it a valid one; the set lives
    // until the call that reads it has returned, and the old mask is not asked for.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, libc::SIGXFSZ);
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut());
    }
}

/// How the child of a readable pidfd ended. `None`: it has not been reaped, so nobody can tell yet.
///
/// The parent learns it with `waitid`. Anybody else asks the pidfd itself, which Linux answers
/// after the reap from 6.15 on; an older kernel leaves [`ExitStatus::Unknown`].
pub(crate) fn exit_status(pidfd: BorrowedFd<'_>) -> Option<ExitStatus> {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG;
    match rustix::process::waitid(WaitId::PidFd(pidfd), options) {
        Ok(Some(status)) => Some(match (status.exit_status(), status.terminating_signal()) {
            (Some(code), _) => ExitStatus::Code(code),
            (None, Some(signal)) => ExitStatus::Signal(signal),
            (None, None) => ExitStatus::Unknown,
        }),
        Ok(None) => None,
        Err(_not_our_child) => {
            // A process that is reaped while it is asked about has neither a process nor a status
            // for a moment. Asked again it has a status.
            for _ in 0..3 {
                match exit_status_of_other(pidfd) {
                    Err(Errno::SRCH) => {}
                    Ok(status) => return status,
                    Err(_kernel_does_not_tell) => break,
                }
            }
            Some(ExitStatus::Unknown)
        }
    }
}

#[expect(unsafe_code, reason = "rustix does not know this ioctl")]
fn exit_status_of_other(pidfd: BorrowedFd<'_>) -> rustix::io::Result<Option<ExitStatus>> {
    const WANTED: u64 = libc::PIDFD_INFO_EXIT as u64;
    type Info = libc::pidfd_info;
    // SAFETY: the struct holds plain integers, for which all zeroes is a value.
    let mut info: Info = unsafe { std::mem::zeroed() };
    info.mask = WANTED;
    // SAFETY: the kernel writes at most the struct's size, which is part of the request number.
    unsafe {
        let request = rustix::ioctl::Updater::<{ libc::PIDFD_GET_INFO as _ }, Info>::new(&mut info);
        rustix::ioctl::ioctl(pidfd, request)?;
    }
    // Without it the process is a zombie that its parent has not looked at.
    let known = info.mask & WANTED != 0;
    Ok(known.then(|| decode_wait_status(info.exit_code)))
}

/// The classic encoding of `wait(2)`: signal in the low seven bits, code in the next eight.
fn decode_wait_status(status: i32) -> ExitStatus {
    match status & 0x7f {
        0 => ExitStatus::Code(status >> 8 & 0xff),
        signal => ExitStatus::Signal(signal),
    }
}

/// TIOCSIG: the signal goes to the terminal's foreground process group.
#[expect(unsafe_code, reason = "rustix does not know this ioctl")]
pub(crate) fn terminal_signal(master: BorrowedFd<'_>, signal: i32) -> rustix::io::Result<()> {
    let signal = usize::try_from(signal).map_err(|_refused| Errno::INVAL)?;
    // SAFETY: TIOCSIG takes the number itself as its argument and touches no memory of ours.
    unsafe {
        let request = rustix::ioctl::IntegerSetter::<{ libc::TIOCSIG as _ }>::new_usize(signal);
        rustix::ioctl::ioctl(master, request)
    }
}

/// The soft limit of open files that this process was started with.
pub(crate) fn nofile() -> Rlimit {
    rustix::process::getrlimit(Resource::Nofile)
}

/// Sets the soft limit of open files; `None` is no limit. The hard one stays.
pub(crate) fn limit_nofile(soft: Option<u64>) -> rustix::io::Result<()> {
    let Rlimit { maximum, .. } = nofile();
    let current = match (soft, maximum) {
        (Some(soft), Some(hard)) => Some(soft.min(hard)),
        (soft, hard) => soft.or(hard),
    };
    rustix::process::setrlimit(Resource::Nofile, Rlimit { current, maximum })
}

/// This process's weight when memory runs out: -1000 never, 1000 first.
pub(crate) fn oom_score_adj() -> Option<i16> {
    std::fs::read_to_string("/proc/self/oom_score_adj").ok()?.trim().parse().ok()
}

/// Lowering it needs a privilege that a user's keeper seldom has, so failure is an answer.
pub(crate) fn set_oom_score_adj(score: i16) -> std::io::Result<()> {
    std::fs::write("/proc/self/oom_score_adj", score.to_string())
}

/// Nanoseconds of the clock that stands still while the machine sleeps and never goes back.
pub(crate) fn monotonic_ns() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
    seconds.saturating_mul(1_000_000_000).saturating_add(u64::try_from(now.tv_nsec).unwrap_or(0))
}

/// Nanoseconds since 1970, as the wall clock has it now.
pub(crate) fn wall_ns() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
}

/// Whether something can be read from `fd` now; for a pidfd, whether the process has ended.
pub(crate) fn is_readable(fd: impl AsFd) -> bool {
    let mut fds = [rustix::event::PollFd::new(&fd, rustix::event::PollFlags::IN)];
    let now = rustix::event::Timespec { tv_sec: 0, tv_nsec: 0 };
    matches!(rustix::event::poll(&mut fds, Some(&now)), Ok(ready) if ready > 0)
}
