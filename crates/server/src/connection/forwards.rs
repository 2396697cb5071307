//! What is carried for one client at a time. Owns the bound on how many; the carrying is the network's.

use std::sync::Arc;

use ccc_net::forward::Share;
use ccc_proto::limits;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

#[derive(Debug)]
pub(crate) struct Forwards {
    places: Arc<Semaphore>,
    /// Divided among all of them.
    pub(crate) share: Arc<Share>,
}

impl Default for Forwards {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(limits::FORWARDS)), share: Share::new() }
    }
}

impl Forwards {
    /// A place for one more, if there is one.
    pub(crate) fn enter(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }
}
