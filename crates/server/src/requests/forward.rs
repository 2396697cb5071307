//! Connections that are made for a client and carried to it. Owns where they lead and how long that may
//! take; the moving of bytes is the network's.

use std::io;
use std::time::Duration;

use ccc_net::forward::{carry, connect};
use ccc_proto::{Failure, Forward, limits};
use tokio::time::timeout;
use tracing::debug;

use super::Asked;
use crate::core::house::Plan;
use crate::core::label::escape;
use crate::fault::Fault;

/// How long it may take to be connected: a place that is not there at all, or far away.
const CONNECT: Duration = Duration::from_secs(10);

/// Connects to the place, says so, and carries what comes both ways.
pub(super) async fn forward(asked: &mut Asked<'_>, request: Forward) -> Result<(), Fault> {
    switched_on(asked)?;
    if request.port == 0 {
        return asked.done(&Plan::default()).await;
    }
    let Forward { host, port, .. } = request;
    let is_name = |c: char| !c.is_control() && !c.is_whitespace();
    if host.is_empty() || host.len() > limits::NAME || !host.chars().all(is_name) {
        return Err(Fault::invalid(format!("{} is no name of a host", escape(&host))));
    }
    let _place = asked.client.forwards.enter().ok_or_else(|| {
        let most = limits::FORWARDS;
        let why = format!("{most} connections are forwarded for this client, as many as may be");
        Fault::new(Failure::EXHAUSTED, why).hint("close some, or forward with a second ccc forward")
    })?;
    let place =
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
    asked.ctx.audit.note(asked.client.note("forward").about(&place));
    let connecting = timeout(CONNECT, connect(&host, port));
    let connected = tokio::select! {
        connected = connecting => connected,
        // A client that gave it up needs no answer, nor does one that does not wait for it.
        _ended = asked.recv.recv() => return Ok(()),
    };
    let socket = match connected {
        Ok(Ok(socket)) => socket,
        Ok(Err(error)) => return Err(unreachable(&place, &error)),
        Err(_elapsed) => {
            let why = format!("{place} did not answer within {} s", CONNECT.as_secs());
            return Err(Fault::new(Failure::TIMEOUT, why));
        }
    };
    asked.done(&Plan::default()).await?;
    match carry(socket, asked.send, asked.recv, &asked.client.forwards.share).await {
        Ok(carried) => {
            debug!(client = %asked.client.id, place, ?carried, "a connection was carried");
        }
        // Whoever is connected at either end sees it.
        Err(error) => debug!(client = %asked.client.id, place, %error, "a connection broke"),
    }
    Ok(())
}

/// Whether the configuration lets anybody.
pub(super) fn switched_on(asked: &Asked<'_>) -> Result<(), Fault> {
    if asked.ctx.config.server.forward {
        return Ok(());
    }
    let fault = Fault::new(Failure::DENIED, "this server forwards no connections");
    Err(fault.hint("its configuration says so: forward in [server]").refused())
}

fn unreachable(place: &str, error: &io::Error) -> Fault {
    let failure = match error.kind() {
        io::ErrorKind::PermissionDenied => Failure::DENIED,
        _ => Failure::NOT_FOUND,
    };
    Fault::new(failure, format!("{place} cannot be reached: {error}"))
}
