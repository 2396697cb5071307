//! A process on this machine, and its end seen at once. Owns no process: a number is all it gets.

use std::os::fd::OwnedFd;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use tokio::net::unix::pipe::Receiver;

/// A process that ran when it was looked for.
#[derive(Debug)]
pub struct Running(OwnedFd);

impl Running {
    /// The process of this number; `None` when it has ended, also while its parent has not looked.
    #[must_use]
    pub fn find(pid: u32) -> Option<Self> {
        let pid = i32::try_from(pid).ok().and_then(Pid::from_raw)?;
        let process = pidfd_open(pid, PidfdFlags::NONBLOCK).ok()?;
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        let ended = poll(&mut [PollFd::new(&process, PollFlags::IN)], Some(&now)) != Ok(0);
        (!ended).then_some(Self(process))
    }

    /// Waits until it has ended.
    pub async fn ended(self) {
        // The runtime has no type for process descriptors; this one waits for any descriptor.
        let readable = async { Receiver::from_owned_fd_unchecked(self.0)?.readable().await };
        if readable.await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
