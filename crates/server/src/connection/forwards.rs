//! What is carried for one client at a time, and those who have connected to a port that leads to it and wait
//! to be taken. Owns the bound on how many; the carrying is the network's.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ccc_net::Share;
use ccc_proto::limits;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

#[derive(Debug)]
pub(crate) struct Forwards {
    places: Arc<Semaphore>,
    ports: Arc<Semaphore>,
    /// Divided among all of them.
    pub(crate) share: Arc<Share>,
    /// No more than places.
    arrived: Mutex<HashMap<u64, Arrived>>,
    numbers: AtomicU64,
}

/// One that has connected, with its place.
#[derive(Debug)]
pub(crate) struct Arrived {
    pub(crate) socket: TcpStream,
    pub(crate) place: OwnedSemaphorePermit,
}

impl Default for Forwards {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(limits::FORWARDS)),
            ports: Arc::new(Semaphore::new(limits::FORWARD_PORTS)),
            share: Share::new(),
            arrived: Mutex::default(),
            numbers: AtomicU64::new(1),
        }
    }
}

impl Forwards {
    /// A place for one more, if there is one.
    pub(crate) fn enter(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }

    /// A place for one more, as soon as there is one.
    pub(crate) async fn entered(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).acquire_owned().await.ok()
    }

    /// The right to listen on one more port, if there is one.
    pub(crate) fn port(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.ports).try_acquire_owned().ok()
    }

    /// Lets one wait to be taken, and numbers it.
    pub(crate) fn arrive(&self, arrived: Arrived) -> u64 {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        self.waiting().insert(number, arrived);
        number
    }

    /// The one that waits under this number. What was not taken is reset when it is dropped.
    pub(crate) fn take(&self, number: u64) -> Option<Arrived> {
        self.waiting().remove(&number)
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, Arrived>> {
        // Each change is whole before the lock is let go.
        self.arrived.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
