//! One link that connections are led over: how many at a time, and what they share of it.

use std::sync::Arc;

use ccc_net::Share;
use ccc_net::forward::{Carried, CarryError, carry};
use ccc_net::{Connection, RecvStream, SendStream};
use ccc_proto::{Ext, Forward, Message, limits};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::ForwardPlan;
use crate::server::unexpected;
use crate::{ClientError, Requester};

/// Leads connections over a link that somebody else owns. Cheap to clone; all clones count as one.
#[derive(Clone, Debug)]
pub struct Forwarder {
    connection: Connection,
    share: Arc<Share>,
    /// As many as the server takes.
    places: Arc<Semaphore>,
}

/// The right to lead one connection over the link.
pub(super) struct Place {
    forwarder: Forwarder,
    _permit: Option<OwnedSemaphorePermit>,
}

/// A connection that the server has made.
pub(super) struct Led {
    send: SendStream,
    recv: RecvStream,
    share: Arc<Share>,
}

impl Forwarder {
    /// One for the link of this requester.
    #[must_use]
    pub fn new(requester: &Requester) -> Self {
        let connection = requester.connection().clone();
        let places = Arc::new(Semaphore::new(limits::FORWARDS));
        Self { connection, share: Share::new(), places }
    }

    /// Asks whether the server forwards for this client.
    ///
    /// # Errors
    /// It does not, or the connection ended.
    pub async fn allowed(&self) -> Result<(), ClientError> {
        self.ask(String::new(), 0).await.map(drop)
    }

    /// Waits until there is a place.
    pub(super) async fn place(&self) -> Place {
        // The semaphore is never closed.
        let permit = Arc::clone(&self.places).acquire_owned().await.ok();
        Place { forwarder: self.clone(), _permit: permit }
    }

    async fn ask(&self, host: String, port: u16) -> Result<(SendStream, RecvStream), ClientError> {
        let lost = |why: String| ClientError::Lost { why };
        let opened = self.connection.open_bi().await;
        let (mut send, mut recv) = opened.map_err(|error| lost(error.to_string()))?;
        let request = Forward { host, port, ext: Ext::none() };
        send.send(&request.into()).await.map_err(|error| lost(error.to_string()))?;
        match recv.recv().await.map_err(|error| lost(error.to_string()))? {
            Some(Message::Done(_)) => Ok((send, recv)),
            Some(Message::Failed(failed)) => Err(ClientError::Failed(Box::new(failed))),
            Some(other) => Err(unexpected("Done", &other)),
            None => Err(lost("no answer came".into())),
        }
    }
}

impl Place {
    /// Whether the link is lost.
    pub(super) fn is_over(&self) -> bool {
        self.forwarder.connection.close_reason().is_some()
    }

    /// Whether it is on this link.
    pub(super) fn is_of(&self, link: &Forwarder) -> bool {
        Arc::ptr_eq(&self.forwarder.share, &link.share)
    }

    /// Has the server connect to where the plan leads.
    pub(super) async fn connect(&self, plan: &ForwardPlan) -> Result<Led, ClientError> {
        let (send, recv) = self.forwarder.ask(plan.host.clone(), plan.port).await?;
        Ok(Led { send, recv, share: Arc::clone(&self.forwarder.share) })
    }
}

impl Led {
    pub(super) async fn carry(mut self, socket: TcpStream) -> Result<Carried, CarryError> {
        carry(socket, &mut self.send, &mut self.recv, &self.share).await
    }
}
