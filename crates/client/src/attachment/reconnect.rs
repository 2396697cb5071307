//! Trying for a new link until there is one. Owns the pace; the rest is the link's and the book's.

use std::time::Duration;

use ccc_proto::Attach;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::link::{Inbound, Link, What};
use crate::{ClientError, Connect};

/// How long after a failed try the next one begins; the last goes on for ever. A restarted server is
/// back within a tenth of a second, a laptop's network within a few.
const PACE_MS: [u64; 7] = [0, 30, 60, 120, 500, 1000, 2000];

/// Tries that leave the starting of a server to its keeper, which does it at once.
const PATIENT_TRIES: usize = 6;

/// How long after a failed try the one of this number begins.
pub(crate) fn pause(attempt: usize) -> Duration {
    let pause = PACE_MS.get(attempt).or(PACE_MS.last()).copied().unwrap_or_default();
    Duration::from_millis(pause)
}

pub(super) async fn reconnect(
    connect: Connect,
    attach: Attach,
    generation: u64,
    words: mpsc::Sender<Inbound>,
) {
    let patient = Connect { starter: None, ..connect.clone() };
    for attempt in 0.. {
        sleep_until(Instant::now() + pause(attempt)).await;
        let connect = if attempt < PATIENT_TRIES { &patient } else { &connect };
        let what = match attempt_once(connect, &attach, generation, words.clone()).await {
            Ok(what) => what,
            Err(error) if error.is_passing() => What::Retrying(error.to_string()),
            Err(error) => What::Failed(error),
        };
        let done = !matches!(what, What::Retrying(_));
        if words.send(Inbound { generation, what }).await.is_err() || done {
            return;
        }
    }
}

async fn attempt_once(
    connect: &Connect,
    attach: &Attach,
    generation: u64,
    words: mpsc::Sender<Inbound>,
) -> Result<What, ClientError> {
    let server = connect.connect_with(Some(attach.clone().into())).await?;
    let (link, welcome) = Link::start(server, connect.host.is_none(), generation, words);
    Ok(What::Connected(Box::new(link), Box::new(welcome)))
}
