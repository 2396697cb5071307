//! A connected principal's place: what it may do now, and the gate that everything it types goes through.
//! Owns the moment after which nothing of it reaches a program.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ccc_net::{CloseCode, Connection};
use ccc_proto::ClientId;
use ulid::Ulid;

use crate::core::authorize::{Level, Principal};

/// The seat was taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut;

#[derive(Debug)]
pub(crate) struct Seat {
    principal: Mutex<Arc<Principal>>,
    connection: Connection,
    /// Open until the seat is taken away. Held by whoever types, for a few system calls.
    gate: Mutex<Result<(), Cut>>,
    /// The client's number once it was welcomed; 0 before.
    client: AtomicU64,
}

impl Seat {
    pub(super) fn new(connection: Connection, principal: Principal) -> Self {
        Self {
            principal: Mutex::new(Arc::new(principal)),
            connection,
            gate: Mutex::new(Ok(())),
            client: AtomicU64::new(0),
        }
    }

    /// Who sits here. Rights shrink only by the seat being taken away.
    pub(crate) fn principal(&self) -> Arc<Principal> {
        Arc::clone(&self.principal.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What it made is its own from now on.
    pub(crate) fn owns(&self, session: Ulid) {
        let mut principal = self.principal.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut principal).grants.insert(session, Level::Own);
    }

    pub(crate) fn welcomed(&self, client: ClientId) {
        self.client.store(client.0, Ordering::Relaxed);
    }

    pub(crate) fn client(&self) -> Option<ClientId> {
        let client = self.client.load(Ordering::Relaxed);
        (client != 0).then_some(ClientId(client))
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner).is_err()
    }

    /// Does something that must not happen once the seat is taken away: it is either over before that
    /// or does not happen.
    pub(crate) fn while_seated<T>(&self, act: impl FnOnce() -> T) -> Result<T, Cut> {
        let gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        (*gate)?;
        Ok(act())
    }

    /// Takes the seat away, and ends the connection.
    pub(super) fn cut(&self, code: CloseCode, why: &str) {
        *self.gate.lock().unwrap_or_else(PoisonError::into_inner) = Err(Cut);
        self.connection.close(code, why);
    }
}
