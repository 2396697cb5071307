//! Watching descriptors in the event loop. Owns the one way in which a descriptor is registered.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// A descriptor that is watched, held for as long as it is.
pub(crate) type Watched = AsyncFd<Arc<OwnedFd>>;

/// Watches a descriptor that may be shared with others.
///
/// # Errors
/// The event loop takes no more descriptors.
#[expect(
    deprecated,
    reason = "its successor is an unsafe fn that asks for what an owned descriptor gives by its \
              type: it stays open and the same until the registration is gone"
)]
pub(crate) fn watch(fd: Arc<OwnedFd>, interest: Interest) -> io::Result<Watched> {
    AsyncFd::with_interest(fd, interest)
}
