//! Ports of this machine that lead to the server, over the link of the attachment and as long as that. Owns
//! their tasks; what is said of them is the state's affair.

use ccc_client::Requester;
use ccc_client::forward::{ForwardEvent, ForwardPlan, Forwarder, Forwarding, Listening};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::app::Forwarded;

/// What is to be said and waits: each was caused by a hand or a connection.
const WAITING: usize = 16;

/// All of them. Dropping it ends them.
pub(super) struct Ports {
    /// The server is on another machine.
    far: bool,
    links: watch::Sender<Option<Forwarder>>,
    tasks: JoinSet<()>,
    said: mpsc::Receiver<Forwarded>,
    sayer: mpsc::Sender<Forwarded>,
}

impl Ports {
    pub(super) fn new(far: bool, requester: Option<Requester>) -> Self {
        let (sayer, said) = mpsc::channel(WAITING);
        let links = watch::Sender::new(requester.as_ref().map(Forwarder::new));
        Self { far, links, tasks: JoinSet::new(), said, sayer }
    }

    /// The link of the attachment is another one, or lost.
    pub(super) fn link(&self, requester: Option<Requester>) {
        self.links.send_replace(requester.as_ref().map(Forwarder::new));
    }

    /// Begins to lead to a port; not where it is here anyway.
    pub(super) fn forward(&mut self, plan: ForwardPlan) -> bool {
        if self.far {
            let (links, sayer) = (self.links.subscribe(), self.sayer.clone());
            self.tasks.spawn(lead(plan, links, sayer));
        }
        self.far
    }

    /// What is to be said next. May be dropped and asked again without losing anything.
    pub(super) async fn next(&mut self) -> Forwarded {
        loop {
            tokio::select! {
                Some(said) = self.said.recv() => return said,
                Some(_ended) = self.tasks.join_next(), if !self.tasks.is_empty() => {}
            }
        }
    }
}

async fn lead(
    plan: ForwardPlan,
    links: watch::Receiver<Option<Forwarder>>,
    sayer: mpsc::Sender<Forwarded>,
) {
    let remote = plan.remote();
    let begun = begin(plan, &links).await;
    let mut forwarding = match begun {
        Err(why) => {
            let _unheard = sayer.send(Forwarded::Failed { remote, why }).await;
            return;
        }
        Ok(listening) => {
            let local = listening.address();
            let _unheard = sayer.send(Forwarded::Listens { local, remote }).await;
            Forwarding::over(vec![listening], links)
        }
    };
    loop {
        if let ForwardEvent::Refused { plan, why, .. } = forwarding.next().await {
            let (remote, why) = (plan.remote(), why.to_string());
            let _unheard = sayer.send(Forwarded::Refused { remote, why }).await;
        }
    }
}

/// Listens, if the server forwards for this client. Where the port is taken, on one that is free.
async fn begin(
    plan: ForwardPlan,
    links: &watch::Receiver<Option<Forwarder>>,
) -> Result<Listening, String> {
    let link = links.borrow().clone();
    if let Some(link) = link {
        link.allowed().await.map_err(|error| error.to_string())?;
    }
    Listening::begin(plan, true).await.map_err(|error| error.to_string())
}
