//! Clients that arrive by TCP, on the port of the same number. Owns the bounds on what strangers may make the
//! server hold there; a hand-shake over TCP is `over_bytes`.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::sleep;

use super::pending::{Admission, Bounds, Pending, Slot, source};
use crate::over_bytes::{ServerTerms, set_up};

/// Hand-shakes under way. Their addresses are proved, and they are few: whoever can comes by QUIC. They have
/// places of their own, so that neither road is closed by strangers on the other.
const BOUNDS: Bounds = Bounds { unproved: 0, in_all: 64, per_source: 16 };

/// After an accept that failed for want of something, descriptors as a rule.
const WANT: Duration = Duration::from_millis(100);

pub(super) struct Arrivals {
    socket: TcpListener,
    pending: Arc<Pending>,
    /// Those that have said nothing yet, the longest first. At most as many as places; those that are over
    /// are let go of when room is looked for.
    silent: Mutex<VecDeque<Weak<Place>>>,
    pub(super) terms: Arc<ServerTerms>,
}

/// One that arrived, and has its place among the hand-shakes.
#[derive(Debug)]
pub(super) struct Arrival {
    pub(super) stream: TcpStream,
    pub(super) from: SocketAddr,
    pub(super) place: Arc<Place>,
}

/// A place among the hand-shakes, which may be taken away again from one that says nothing.
#[derive(Debug)]
pub(super) struct Place {
    source: IpAddr,
    slot: Mutex<Option<Slot>>,
    taken: Notify,
}

impl Place {
    /// Waits until others need it more.
    pub(super) async fn taken(&self) {
        self.taken.notified().await;
    }

    /// Whoever has it has said something, and keeps it for as long as the slot is held.
    pub(super) fn keep(&self) -> Option<Slot> {
        self.slot().take()
    }

    fn slot(&self) -> MutexGuard<'_, Option<Slot>> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Arrivals {
    pub(super) fn new(socket: std::net::TcpListener, terms: ServerTerms) -> io::Result<Self> {
        let _entered = terms.runtime.enter();
        socket.set_nonblocking(true)?;
        let socket = TcpListener::from_std(socket)?;
        let (pending, silent) = (Arc::new(Pending::within(BOUNDS)), Mutex::default());
        Ok(Self { socket, pending, silent, terms: Arc::new(terms) })
    }

    /// The next one. Where there is no place, whoever has said nothing for longest loses theirs: a client of
    /// ours speaks at once, and silence must not keep it out. One for which there is no place even so is
    /// closed, and knocks again.
    pub(super) async fn next(&self) -> Arrival {
        loop {
            let Ok((stream, from)) = self.socket.accept().await else {
                sleep(WANT).await;
                continue;
            };
            if let Some(slot) = self.admit(from.ip())
                && set_up(&stream).is_ok()
            {
                let source = source(from.ip());
                let (slot, taken) = (Mutex::new(Some(slot)), Notify::new());
                let place = Arc::new(Place { source, slot, taken });
                self.silent().push_back(Arc::downgrade(&place));
                return Arrival { stream, from, place };
            }
        }
    }

    fn admit(&self, from: IpAddr) -> Option<Slot> {
        match Pending::admit(&self.pending, from, true) {
            Admission::Admitted(slot) => return Some(slot),
            _ => self.make_room(from),
        }
        match Pending::admit(&self.pending, from, true) {
            Admission::Admitted(slot) => Some(slot),
            _ => None,
        }
    }

    /// Takes the place of one that is silent: of the same source, and of any only where the source has few.
    fn make_room(&self, from: IpAddr) {
        let (from, crowded) = (source(from), self.pending.is_crowded_by(from));
        let mut silent = self.silent();
        silent.retain(|place| place.upgrade().is_some_and(|place| place.slot().is_some()));
        let of = |own: bool| {
            let mut places = silent.iter().filter_map(Weak::upgrade);
            places.find(|place| !own || place.source == from)
        };
        let place = of(true).or_else(|| if crowded { None } else { of(false) });
        if let Some(place) = place {
            drop(place.keep());
            place.taken.notify_one();
        }
    }

    fn silent(&self) -> MutexGuard<'_, VecDeque<Weak<Place>>> {
        // Whole after each change.
        self.silent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn count(&self) -> usize {
        self.pending.count()
    }
}
