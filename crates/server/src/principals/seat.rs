//! A connected principal's place: what it may do now, and the gate that everything it types goes through.
//! Owns the moment after which nothing of it reaches a program.

use std::net::SocketAddr;
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
    /// The key that it came by; none with a token.
    key: Option<String>,
    connection: Connection,
    /// Open until the seat is taken away. Held by whoever types, for a few system calls.
    gate: Mutex<Result<(), Cut>>,
    /// The client's number once it was welcomed; 0 before.
    client: AtomicU64,
}

impl Seat {
    pub(super) fn new(connection: Connection, key: Option<String>, principal: Principal) -> Self {
        Self {
            principal: Mutex::new(Arc::new(principal)),
            key,
            connection,
            gate: Mutex::new(Ok(())),
            client: AtomicU64::new(0),
        }
    }

    /// Who sits here. Rights shrink only by the seat being taken away.
    pub(crate) fn principal(&self) -> Arc<Principal> {
        Arc::clone(&self.principal.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn key(&self) -> Option<&str> {
        self.key.as_deref()
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

    /// Where it is now: a connection goes on when its address changes.
    pub(crate) fn address(&self) -> Option<SocketAddr> {
        self.connection.remote_addr()
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::mpsc;

    use super::*;
    use crate::core::authorize::Role;

    fn seat() -> (Seat, Connection) {
        let (client, server) = ccc_net::memory::pair();
        let principal = Principal {
            id: "x".into(),
            name: "x".into(),
            role: Role::Operator,
            all_sessions: false,
            grants: BTreeMap::new(),
        };
        (Seat::new(server, Some("x".into()), principal), client)
    }

    #[test]
    fn nothing_is_done_on_a_seat_that_was_taken_away() {
        let (seat, client) = seat();
        assert_eq!(seat.while_seated(|| 7), Ok(7));
        seat.cut(CloseCode::AUTH_REVOKED, "");
        let mut done = false;
        assert_eq!(seat.while_seated(|| done = true), Err(Cut));
        assert!(!done && seat.is_cut());
        let code = client.close_reason().and_then(|reason| reason.peer_code());
        assert_eq!(code, Some(CloseCode::AUTH_REVOKED));
    }

    /// Whoever takes a seat away and goes on may rely on it that what was under way is over.
    #[test]
    fn taking_a_seat_away_waits_for_what_is_being_done_on_it() {
        let (seat, _client) = seat();
        let seat = &seat;
        let order = &Mutex::new(Vec::new());
        let (began, begins) = mpsc::sync_channel(1);
        let (end, ends) = mpsc::sync_channel::<()>(1);
        std::thread::scope(|threads| {
            threads.spawn(move || {
                seat.while_seated(|| {
                    began.send(()).unwrap();
                    ends.recv().unwrap();
                    order.lock().unwrap().push("acted");
                })
            });
            begins.recv().unwrap();
            let (cuts, cutting) = mpsc::sync_channel(1);
            threads.spawn(move || {
                cuts.send(()).unwrap();
                seat.cut(CloseCode::AUTH_REVOKED, "");
                order.lock().unwrap().push("cut");
            });
            cutting.recv().unwrap();
            end.send(()).unwrap();
        });
        assert_eq!(*order.lock().unwrap(), ["acted", "cut"]);
        assert!(seat.is_cut());
    }
}
