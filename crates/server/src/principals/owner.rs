//! The owner's key, in the state directory: whoever can write there is the owner. Owns which key that is, and
//! noticing that it is another.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ccc_net::{Identity, KeyId};
use tracing::warn;

use crate::ServeError;
use crate::state_dir::StateDir;

#[derive(Debug)]
pub(super) struct Owner {
    path: PathBuf,
    known: Mutex<Known>,
}

#[derive(Debug)]
pub(super) struct Known {
    id: KeyId,
    /// The file is there. While it is not, nobody is let in as the owner: it may have been thrown away.
    there: bool,
}

impl Known {
    pub(super) fn is(&self, key: KeyId) -> bool {
        self.there && self.id == key
    }
}

impl Owner {
    pub(super) fn open(state: &StateDir) -> Result<Self, ServeError> {
        let path = state.client().join("key");
        let key =
            Identity::load_or_create(&path).map_err(ServeError::part("read the owner's key"))?;
        Ok(Self { path, known: Mutex::new(Known { id: key.id(), there: true }) })
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Known> {
        // Two values that are set together.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key that counts, or counted last.
    pub(super) fn id(&self) -> KeyId {
        self.lock().id
    }

    /// Looks which key it is now. Gives the former one when it is another, or none.
    pub(super) async fn look(&self) -> Option<KeyId> {
        let path = self.path.clone();
        let read = tokio::task::spawn_blocking(move || Identity::load(&path));
        let read = match read.await {
            Ok(Ok(read)) => read.map(|identity| identity.id()),
            Ok(Err(error)) => {
                warn!(%error, "the owner's key cannot be read");
                return None;
            }
            // The server stops.
            Err(_) => return None,
        };
        let mut known = self.lock();
        let former = (known.there && read != Some(known.id)).then_some(known.id);
        known.there = read.is_some();
        known.id = read.unwrap_or(known.id);
        former
    }
}
