//! The link of ports that are forwarded by themselves, and the next one when it is lost.

use std::time::Instant;

use tokio::sync::{mpsc, watch};
use tokio::time::sleep;

use super::{ForwardEvent, Forwarder};
use crate::attachment::pause;
use crate::{ClientError, Connect, LinkState, Server};

/// Tells of each link as long as there may be another, and of the states in between.
pub(super) async fn keep(
    connect: Connect,
    mut server: Server,
    links: watch::Sender<Option<Forwarder>>,
    events: mpsc::Sender<ForwardEvent>,
) {
    loop {
        links.send_replace(Some(Forwarder::new(&server.requester())));
        let why = server.lost().await;
        links.send_replace(None);
        let state = LinkState::Reconnecting { since: Instant::now(), why };
        let _unheard = events.send(ForwardEvent::Link(state)).await;
        server = match reconnect(&connect).await {
            Ok(server) => server,
            Err(error) => {
                let _unheard = events.send(ForwardEvent::Gone(error)).await;
                return;
            }
        };
        let _unheard = events.send(ForwardEvent::Link(LinkState::Live)).await;
    }
}

/// Tries until there is a server, or it makes no sense.
async fn reconnect(connect: &Connect) -> Result<Server, ClientError> {
    let mut attempt = 0;
    loop {
        sleep(pause(attempt)).await;
        attempt += 1;
        let tried = async {
            let server = connect.connect().await?;
            // What this client may do can have changed: that is why many a link ends.
            Forwarder::new(&server.requester()).allowed().await?;
            Ok(server)
        };
        match tried.await {
            Err(error) if ClientError::is_passing(&error) => {}
            done => return done,
        }
    }
}
