//! Who is known here. So far the owner alone, by the key in the state directory, which only the owner
//! can read: made by whoever comes first, this server or the owner's first client.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use ccc_net::{Identity, KeyId};
use tracing::warn;

use crate::ServeError;
use crate::core::authorize::{Principal, Role};
use crate::state_dir::StateDir;

#[derive(Debug)]
pub(crate) struct Principals {
    path: PathBuf,
    owner: Mutex<KeyId>,
}

impl Principals {
    pub(crate) fn open(state: &StateDir) -> Result<Self, ServeError> {
        let path = state.client().join("key");
        let owner =
            Identity::load_or_create(&path).map_err(ServeError::part("read the owner's key"))?.id();
        Ok(Self { path, owner: Mutex::new(owner) })
    }

    /// Whoever holds this key, if that is somebody.
    pub(crate) fn find(&self, key: KeyId) -> Option<Principal> {
        let mut owner = self.owner.lock().unwrap_or_else(PoisonError::into_inner);
        if *owner != key {
            // The owner may have thrown the key away and made another.
            match Identity::load_or_create(&self.path) {
                Ok(identity) => *owner = identity.id(),
                Err(error) => warn!(%error, "the owner's key cannot be read"),
            }
        }
        (*owner == key).then(|| Principal { id: key.to_string(), role: Role::Owner })
    }
}
