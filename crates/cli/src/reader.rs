//! The reader of standard output. Owns noticing that it went away, also while nothing is printed.

use std::future::pending;
use std::io;
use std::pin::Pin;
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use tokio::sync::oneshot;

use crate::failure::{Attempted as _, Failure};

/// Does this for as long as somebody may read what it prints.
///
/// # Errors
/// Its own; or a closed pipe, which ends quietly.
pub(crate) async fn while_read<T>(
    attempted: &str,
    work: Pin<Box<dyn Future<Output = Result<T, Failure>> + '_>>,
) -> Result<T, Failure> {
    tokio::select! {
        biased;
        done = work => done,
        () = gone() => Err(io::Error::from(io::ErrorKind::BrokenPipe)).attempted(attempted),
    }
}

/// Returns when standard output is a pipe or socket that nobody will ever read again.
async fn gone() {
    let (tx, rx) = oneshot::channel();
    // A thread, because an event loop takes no files and no /dev/null; poll(2) takes whatever
    // standard output is. It cannot be given up, so it may outlive us.
    thread::spawn(move || {
        let stdout = io::stdout();
        // Asked for nothing, it tells errors and hang-ups alone.
        let mut fds = [PollFd::new(&stdout, PollFlags::empty())];
        let told = loop {
            match poll(&mut fds, None) {
                Err(Errno::INTR) => {}
                told => break told,
            }
        };
        if told.is_ok() {
            // Whoever asked may be done.
            let _ = tx.send(());
        }
    });
    if rx.await.is_err() {
        // It cannot be watched: the next write will tell.
        pending::<()>().await;
    }
}
