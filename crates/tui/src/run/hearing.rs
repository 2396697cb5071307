//! Hearing what programs say on machines that were left: bells and notifications. Owns the listening on a
//! connection that is kept, and the pace at which one that was lost is made again. What becomes of what was
//! said is the app's.

use std::time::Duration;

use ccc_client::proto::{Events, Ext, Message};
use ccc_client::{ClientError, Connect, Requester};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::sleep;

use super::elsewhere::Told;
use crate::app::Machine;

/// How long after a connection was lost another is tried for; each time that it was in vain, or did not last,
/// twice as long. Nobody waits for it, and a hand-shake costs radio and battery.
pub(super) const SOONEST: Duration = Duration::from_secs(1);
pub(super) const LATEST: Duration = Duration::from_secs(64);

/// A task that ends with this.
#[derive(Debug)]
pub(super) struct Background(AbortHandle);

impl Drop for Background {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// How long is waited after the wait before was in vain.
pub(super) fn longer(pause: Duration) -> Duration {
    (pause * 2).clamp(SOONEST, LATEST)
}

/// Listens on a connection, which has a number, until it is over. Nothing is sent while nothing is said.
pub(super) fn listen(
    machine: Machine,
    number: u64,
    requester: Requester,
    tell: mpsc::Sender<Told>,
) -> Background {
    let task = tokio::spawn(async move {
        let target = String::new();
        let events = Events { target, ext: Ext::none() };
        let over = async {
            let mut replies = requester.request_stream(events).await?;
            while let Some(message) = replies.next().await? {
                let Message::Watched(watched) = message else { continue };
                if matches!(watched.what.as_str(), "bell" | "notification") {
                    let (machine, watched) = (machine.clone(), Box::new(watched));
                    let _unheard = tell.send(Told::Said { machine, watched }).await;
                }
            }
            Ok(())
        };
        // A server that does not tell this one anything goes on all the same.
        if !matches!(over.await, Err(ClientError::Failed(_))) {
            let _unheard = tell.send(Told::Lost { machine, number }).await;
        }
    });
    Background(task.abort_handle())
}

/// Makes a connection to be kept, as often as it takes, unless trying again will not do.
pub(super) fn reach(
    machine: Machine,
    connect: Connect,
    mut pause: Duration,
    tell: mpsc::Sender<Told>,
) -> Background {
    let task = tokio::spawn(async move {
        loop {
            sleep(pause).await;
            match connect.connect().await {
                Ok(server) => {
                    let server = Box::new(server);
                    let _unheard = tell.send(Told::Reached { machine, server }).await;
                    return;
                }
                // Where no server runs nothing is said, and none is started for that.
                Err(ClientError::NotRunning { .. }) => return,
                Err(error) if !error.is_passing() => return,
                Err(_) => pause = longer(pause),
            }
        }
    });
    Background(task.abort_handle())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_vain_is_tried_more_and_more_seldom() {
        let mut pauses = vec![longer(Duration::ZERO)];
        while let Some(last) = pauses.last().copied().filter(|last| *last < LATEST) {
            pauses.push(longer(last));
        }
        let seconds: Vec<u64> = pauses.iter().map(Duration::as_secs).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 64]);
        assert_eq!(longer(LATEST), LATEST);
    }
}
