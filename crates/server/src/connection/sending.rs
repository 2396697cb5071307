//! Frames on their way: each on a stream of its own, so that a lost packet holds up no other. Owns the
//! streams until they are acknowledged or given up, and when a small one on a slow link goes out once more.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Instant;

use ccc_net::{CloseReason, Connection, REPEAT_AFTER, SendError, SendStream, StreamCode};
use tokio::task::{AbortHandle, JoinSet};

use super::flow::Flight;

/// What is larger takes more than one packet, and is not sent twice. A client passes over what it shows already.
const ONE_PACKET: usize = 1000;

#[derive(Debug, Default)]
pub(super) struct Sending {
    flights: BTreeMap<Flight, Stage>,
    repeats: BTreeMap<Flight, Repeat>,
    writing: JoinSet<(Flight, Result<SendStream, SendError>)>,
}

#[derive(Debug)]
enum Repeat {
    /// To be sent then, as these bytes.
    At(Instant, Vec<u8>),
    Sent(SendStream),
}

#[derive(Debug)]
enum Stage {
    /// The transport has no room for all of it yet.
    Writing(AbortHandle),
    /// With the transport, which may still have to repeat it.
    Written(SendStream),
}

impl Sending {
    /// Sends a frame. Returns at once: what the transport does not take now is written by a task of
    /// its own.
    pub(super) async fn send(
        &mut self,
        connection: &Connection,
        flight: Flight,
        bytes: Vec<u8>,
        priority: i32,
        now: Instant,
    ) {
        if bytes.len() <= ONE_PACKET && connection.repeats() {
            self.repeats.insert(flight, Repeat::At(now + REPEAT_AFTER, bytes.clone()));
        }
        let connection = connection.clone();
        let mut write: Pin<Box<dyn Future<Output = _> + Send>> =
            Box::pin(write(connection, bytes, priority));
        let first = poll_fn(|cx| match write.as_mut().poll(cx) {
            Poll::Ready(written) => Poll::Ready(Some(written)),
            Poll::Pending => Poll::Ready(None),
        });
        match first.await {
            Some(Ok(stream)) => drop(self.flights.insert(flight, Stage::Written(stream))),
            // Only a connection that is over refuses a new stream, and that ends us all.
            Some(Err(_over)) => {}
            None => {
                let handle = self.writing.spawn(async move { (flight, write.await) });
                self.flights.insert(flight, Stage::Writing(handle));
            }
        }
    }

    /// When a frame is to be sent once more unless it has been answered.
    pub(super) fn next_repeat(&self) -> Option<Instant> {
        let times = self.repeats.values().filter_map(|repeat| match repeat {
            Repeat::At(at, _) => Some(*at),
            Repeat::Sent(_) => None,
        });
        times.min()
    }

    /// Sends those once more whose time has come.
    pub(super) async fn repeat(&mut self, connection: &Connection, priority: i32, now: Instant) {
        let is_due = |repeat: &Repeat| matches!(repeat, Repeat::At(at, _) if *at <= now);
        let due: Vec<(Flight, Repeat)> =
            self.repeats.extract_if(.., |_, repeat| is_due(repeat)).collect();
        for (flight, repeat) in due {
            let Repeat::At(_, bytes) = repeat else { continue };
            // One packet always has room, unless the link is stuck: then nothing is won by another.
            let mut write: Pin<Box<dyn Future<Output = _> + Send>> =
                Box::pin(write(connection.clone(), bytes, priority));
            let first = poll_fn(|cx| Poll::Ready(write.as_mut().poll(cx)));
            if let Poll::Ready(Ok(stream)) = first.await {
                self.repeats.insert(flight, Repeat::Sent(stream));
            }
        }
    }

    /// Waits for a frame that is written now; the flight of one that failed.
    pub(super) async fn written(&mut self) -> Option<Flight> {
        match self.writing.join_next().await {
            Some(Ok((flight, Ok(stream)))) => {
                if let Some(stage) = self.flights.get_mut(&flight) {
                    *stage = Stage::Written(stream);
                }
                None
            }
            Some(Ok((flight, Err(_)))) => {
                self.give_up(flight);
                Some(flight)
            }
            // Aborted when it was given up.
            Some(Err(_)) => None,
            None => std::future::pending().await,
        }
    }

    /// The client has it.
    pub(super) fn done(&mut self, flight: Flight) {
        // A stream that is still being written carries something older than what is shown.
        self.give_up(flight);
    }

    /// Takes back what has not arrived.
    pub(super) fn give_up(&mut self, flight: Flight) {
        if let Some(Repeat::Sent(mut stream)) = self.repeats.remove(&flight) {
            stream.reset(StreamCode::SUPERSEDED);
        }
        match self.flights.remove(&flight) {
            Some(Stage::Writing(handle)) => handle.abort(),
            Some(Stage::Written(mut stream)) => stream.reset(StreamCode::SUPERSEDED),
            None => {}
        }
    }
}

async fn write(
    connection: Connection,
    bytes: Vec<u8>,
    priority: i32,
) -> Result<SendStream, SendError> {
    let mut stream = connection.open_uni().await.map_err(|over: CloseReason| over)?;
    stream.set_priority(priority);
    stream.write_raw(&bytes).await?;
    stream.finish().await?;
    Ok(stream)
}

#[cfg(test)]
mod tests;
