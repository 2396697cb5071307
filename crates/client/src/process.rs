//! The end of a process on this machine, seen at once. Owns no process: a number is all it gets.

use rustix::process::{Pid, PidfdFlags, pidfd_open};
use tokio::net::unix::pipe::Receiver;

/// Waits until the process has ended; for ever if there is none of this number.
pub(crate) async fn ended(pid: u32) {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    let Some(Ok(process)) = pid.map(|pid| pidfd_open(pid, PidfdFlags::NONBLOCK)) else {
        return std::future::pending().await;
    };
    // The runtime has no type for process descriptors; this one waits for any descriptor.
    let Ok(process) = Receiver::from_owned_fd_unchecked(process) else {
        return std::future::pending().await;
    };
    if process.readable().await.is_err() {
        std::future::pending::<()>().await;
    }
}
