//! Copies of files that are under way. Owns how many may be at a time, and that one target has one: a copy that
//! begins takes the place of one to the same target, whose client may have died without a word.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, Semaphore};
use tokio_util::sync::CancellationToken;

/// Copies in all. Each holds a thread that reads or writes and up to half a mebibyte; more of them at once
/// would only share the same disk and the same network.
const IN_ALL: usize = 16;
/// Copies of one client; others must find room beside it.
pub(crate) const OF_A_CLIENT: usize = 4;

#[derive(Debug)]
pub(crate) struct Copies {
    pub(crate) slots: Semaphore,
    targets: Mutex<BTreeMap<PathBuf, Target>>,
}

/// A file that is being written.
#[derive(Debug)]
struct Target {
    /// Ends the copy that writes it.
    token: CancellationToken,
    /// Held by whatever writes it, until the last byte.
    writing: Arc<AsyncMutex<()>>,
    /// Copies that write it or wait for it.
    copies: usize,
}

/// A copy's right to write to its target, while it is the newest.
#[derive(Debug)]
pub(crate) struct Turn {
    /// Another copy has begun.
    pub(crate) token: CancellationToken,
    writing: Arc<AsyncMutex<()>>,
    known: Arc<Known>,
}

/// What is kept beside a file as long as anybody writes to it, also by a thread that ends after its copy.
#[derive(Debug)]
pub(crate) struct Alone {
    // Let go of first.
    _writing: OwnedMutexGuard<()>,
    _known: Arc<Known>,
}

/// Keeps a target known.
#[derive(Debug)]
struct Known {
    copies: Arc<Copies>,
    path: PathBuf,
}

impl Default for Copies {
    fn default() -> Self {
        Self { slots: Semaphore::new(IN_ALL), targets: Mutex::default() }
    }
}

impl Copies {
    /// Begins a copy to a target and ends one that is under way.
    pub(crate) fn begin(self: &Arc<Self>, path: &Path) -> Turn {
        let token = CancellationToken::new();
        let mut targets = self.lock();
        let target = targets.entry(path.to_owned()).or_insert_with(|| Target {
            token: CancellationToken::new(),
            writing: Arc::default(),
            copies: 0,
        });
        std::mem::replace(&mut target.token, token.clone()).cancel();
        target.copies += 1;
        let writing = Arc::clone(&target.writing);
        drop(targets);
        let known = Arc::new(Known { copies: Arc::clone(self), path: path.to_owned() });
        Turn { token, writing, known }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Target>> {
        // A map is whole after every statement.
        self.targets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// Waits until the copy before has let go.
    pub(crate) async fn alone(&self) -> Alone {
        let writing = Arc::clone(&self.writing).lock_owned().await;
        Alone { _writing: writing, _known: Arc::clone(&self.known) }
    }
}

impl Drop for Known {
    fn drop(&mut self) {
        let mut targets = self.copies.lock();
        if let Some(target) = targets.get_mut(&self.path) {
            target.copies -= 1;
            if target.copies == 0 {
                targets.remove(&self.path);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_copy_takes_the_place_of_the_one_before_once_that_has_let_go() {
        let copies = Arc::new(Copies::default());
        let first = copies.begin(Path::new("/a"));
        let held = first.alone().await;
        let elsewhere = copies.begin(Path::new("/b"));
        assert!(!first.token.is_cancelled());
        let second = copies.begin(Path::new("/a"));
        assert!(first.token.is_cancelled() && !second.token.is_cancelled());
        let mut waiting = Box::pin(second.alone());
        let early = look(waiting.as_mut()).await;
        assert!(early.is_none(), "two write at once");
        // The thread that writes may end after its copy.
        drop(first);
        assert!(copies.lock().contains_key(Path::new("/a")));
        drop(held);
        drop(waiting.await);
        assert!(!elsewhere.token.is_cancelled());
        drop((second, elsewhere));
        assert!(copies.lock().is_empty());
    }

    /// One look at a future.
    async fn look<F: Future>(mut future: std::pin::Pin<&mut F>) -> Option<F::Output> {
        std::future::poll_fn(|cx| {
            std::task::Poll::Ready(match future.as_mut().poll(cx) {
                std::task::Poll::Ready(done) => Some(done),
                std::task::Poll::Pending => None,
            })
        })
        .await
    }
}
