//! Ports of this machine whose connections are led to a client. Owns the listening, on the loopback address
//! alone, and how long those who have connected wait to be taken; the moving of bytes is the network's.

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use ccc_net::forward::carry;
use ccc_proto::{
    Ext, Failure, ForwardAccept, ForwardArrived, ForwardListen, ForwardListening, limits,
};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep, sleep_until};
use tracing::debug;

use super::Asked;
use super::forward::switched_on;
use crate::connection::{Arrived, Forwards};
use crate::core::house::Plan;
use crate::fault::Fault;

/// How long one that has connected waits: the client is asked over a network, and only has to say yes.
const TAKEN_WITHIN: Duration = Duration::from_secs(10);
/// How long nothing is accepted when the system has nothing left for one more.
const BREATH: Duration = Duration::from_millis(500);

/// Listens for the client until it ends the stream, and tells it of each that connects.
pub(super) async fn listen(asked: &mut Asked<'_>, request: ForwardListen) -> Result<(), Fault> {
    switched_on(asked)?;
    let client = asked.client;
    let _port = client.forwards.port().ok_or_else(|| {
        let most = limits::FORWARD_PORTS;
        let why = format!("{most} ports are listened on for this client, as many as may be");
        Fault::new(Failure::EXHAUSTED, why).hint("end another ccc forward --reverse")
    })?;
    let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, request.port));
    let listener = TcpListener::bind(wanted).await.map_err(|error| refused(wanted, &error))?;
    let at = listener.local_addr().map_err(|error| refused(wanted, &error))?;
    asked.ctx.audit.note(client.note("forward-listen").about(at.to_string()));
    asked.reply(ForwardListening { port: at.port(), ext: Ext::none() }).await?;
    let mut queue = Queue { forwards: &client.forwards, waiting: VecDeque::new() };
    // One that was accepted and has no place yet. More wait in the listener's queue.
    let mut held: Option<(TcpStream, SocketAddr)> = None;
    loop {
        let first = queue.waiting.front().map(|(until, _)| *until);
        tokio::select! {
            accepted = listener.accept(), if held.is_none() => match accepted {
                // An end that nobody declared is a reset, whatever happens to this process.
                Ok((socket, from)) if socket.set_zero_linger().is_ok() => held = Some((socket, from)),
                Ok(_gone) => {}
                // It was gone before it was taken.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(_exhausted) => sleep(BREATH).await,
            },
            place = client.forwards.entered(), if held.is_some() => {
                if let (Some((socket, from)), Some(place)) = (held.take(), place) {
                    let number = queue.arrive(Arrived { socket, place });
                    let from = from.to_string();
                    asked.reply(ForwardArrived { number, from, ext: Ext::none() }).await?;
                }
            }
            () = sleep_until(first.unwrap_or_else(Instant::now)), if first.is_some() => {
                queue.expire(Instant::now());
            }
            () = Asked::hung_up(asked.recv) => return Ok(()),
            () = asked.ctx.token.cancelled() => return Ok(()),
        }
    }
}

/// Carries one that has arrived.
pub(super) async fn take(asked: &mut Asked<'_>, request: ForwardAccept) -> Result<(), Fault> {
    let number = request.number;
    let Some(Arrived { socket, place: _place }) = asked.client.forwards.take(number) else {
        let why = format!("no connection waits under the number {number}");
        return Err(Fault::new(Failure::NOT_FOUND, why));
    };
    asked.done(&Plan::default()).await?;
    match carry(socket, asked.send, asked.recv, &asked.client.forwards.share).await {
        Ok(carried) => {
            debug!(client = %asked.client.id, number, ?carried, "a connection was carried");
        }
        // Whoever is connected at either end sees it.
        Err(error) => debug!(client = %asked.client.id, number, %error, "a connection broke"),
    }
    Ok(())
}

fn refused(at: SocketAddr, error: &io::Error) -> Fault {
    let failure = match error.kind() {
        io::ErrorKind::AddrInUse => Failure::CONFLICT,
        io::ErrorKind::PermissionDenied => Failure::DENIED,
        _ => Failure::EXHAUSTED,
    };
    let fault = Fault::new(failure, format!("{at} cannot be listened on: {error}"));
    fault.hint("name another port, or take one that is free by --any-port")
}

/// Those of one port that wait to be taken. Dropping it resets them.
struct Queue<'a> {
    forwards: &'a Forwards,
    /// Until when which number waits, the first to go in front. Some may have been taken.
    waiting: VecDeque<(Instant, u64)>,
}

impl Queue<'_> {
    fn arrive(&mut self, arrived: Arrived) -> u64 {
        let number = self.forwards.arrive(arrived);
        self.waiting.push_back((Instant::now() + TAKEN_WITHIN, number));
        number
    }

    fn expire(&mut self, now: Instant) {
        while let Some((_, number)) = self.waiting.pop_front_if(|(until, _)| *until <= now) {
            drop(self.forwards.take(number));
        }
    }
}

impl Drop for Queue<'_> {
    fn drop(&mut self) {
        for (_, number) in self.waiting.drain(..) {
            drop(self.forwards.take(number));
        }
    }
}
