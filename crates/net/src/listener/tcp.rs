//! Clients that arrive by TCP, on the port of the same number. Owns the bounds on what strangers may make the
//! server hold there; a hand-shake over TCP is `over_bytes`.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::pending::{Admission, Bounds, Pending, Slot};
use crate::over_bytes::{ServerTerms, set_up};

/// Hand-shakes under way. Their addresses are proved, and they are few: whoever can comes by QUIC. They have
/// places of their own, so that neither road is closed by strangers on the other.
const BOUNDS: Bounds = Bounds { unproved: 0, in_all: 64, per_source: 16 };

/// After an accept that failed for want of something, descriptors as a rule.
const WANT: Duration = Duration::from_millis(100);

pub(super) struct Arrivals {
    socket: TcpListener,
    pending: Arc<Pending>,
    pub(super) terms: Arc<ServerTerms>,
}

/// One that arrived, and has its place among the hand-shakes.
#[derive(Debug)]
pub(super) struct Arrival {
    pub(super) stream: TcpStream,
    pub(super) from: SocketAddr,
    pub(super) slot: Slot,
}

impl Arrivals {
    pub(super) fn new(socket: std::net::TcpListener, terms: ServerTerms) -> io::Result<Self> {
        let _entered = terms.runtime.enter();
        socket.set_nonblocking(true)?;
        let socket = TcpListener::from_std(socket)?;
        let pending = Arc::new(Pending::within(BOUNDS));
        Ok(Self { socket, pending, terms: Arc::new(terms) })
    }

    /// The next one. One for which there is no place is closed, and knocks again.
    pub(super) async fn next(&self) -> Arrival {
        loop {
            let Ok((stream, from)) = self.socket.accept().await else {
                sleep(WANT).await;
                continue;
            };
            let admitted = Pending::admit(&self.pending, from.ip(), true);
            if let Admission::Admitted(slot) = admitted
                && set_up(&stream).is_ok()
            {
                return Arrival { stream, from, slot };
            }
        }
    }

    pub(super) fn count(&self) -> usize {
        self.pending.count()
    }
}
