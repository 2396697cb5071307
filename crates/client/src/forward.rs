//! Local ports whose connections lead to places that a server reaches. Owns the listening, and which
//! connection is led on over which link; the moving of bytes is the network's, and so is who may the
//! server's. The other way round stands in `reverse`.

mod again;
mod link;
mod plan;
mod reverse;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{ClientError, Connect, LinkState};
pub use ccc_net::forward::{Carried, CarryError};
pub use link::Forwarder;
pub use plan::{ForwardPlan, PlanError};

/// Events that wait for the caller. Few: while it is busy, connections that begin or end wait, and those
/// between go on.
const EVENTS: usize = 64;
/// How long nothing is accepted when the system has nothing left for one more.
const BREATH: Duration = Duration::from_millis(500);

/// A port that is listened on, and where it leads.
#[derive(Debug)]
pub struct Listening {
    listener: TcpListener,
    address: SocketAddr,
    plan: ForwardPlan,
}

/// What the caller of [`Forwarding::next`] learns.
#[derive(Debug)]
pub enum ForwardEvent {
    /// A connection is led on.
    Opened { number: u64, plan: Arc<ForwardPlan>, from: SocketAddr },
    /// Its end.
    Closed { number: u64, result: Result<Carried, CarryError> },
    /// A connection could not be led on, and was reset.
    Refused { plan: Arc<ForwardPlan>, from: SocketAddr, why: ClientError },
    /// The link changed its state. While there is none, those who connect wait.
    Link(LinkState),
    /// The link is lost, and trying again makes no sense.
    Gone(ClientError),
}

/// Ports that are forwarded. Dropping it ends all of it.
#[derive(Debug)]
pub struct Forwarding {
    events: mpsc::Receiver<ForwardEvent>,
    _tasks: DropGuard,
}

impl Listening {
    /// Listens as the plan says; with `any_port` on a free port where that one is taken.
    ///
    /// # Errors
    /// The system's.
    pub async fn begin(plan: ForwardPlan, any_port: bool) -> io::Result<Self> {
        let listener = match TcpListener::bind(plan.listen).await {
            Err(error) if any_port && error.kind() == io::ErrorKind::AddrInUse => {
                TcpListener::bind((plan.listen.ip(), 0)).await?
            }
            bound => bound?,
        };
        let address = listener.local_addr()?;
        Ok(Self { listener, address, plan })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    #[must_use]
    pub const fn plan(&self) -> &ForwardPlan {
        &self.plan
    }
}

impl Forwarding {
    /// Connects to the server, asks whether it forwards for us, and leads on who connects from then on, over
    /// this link and those that come after it.
    ///
    /// # Errors
    /// The server cannot be reached, or does not forward for this client.
    pub async fn start(connect: Connect, ports: Vec<Listening>) -> Result<Self, ClientError> {
        let server = connect.connect().await?;
        Forwarder::new(&server.requester()).allowed().await?;
        let (links, link) = watch::channel(None);
        let (forwarding, events, stop) = Self::listen(ports, link);
        let kept = again::keep(connect, server, links, events);
        drop(tokio::spawn(stop.run_until_cancelled_owned(kept)));
        Ok(forwarding)
    }

    /// Leads on who connects over whatever link somebody else has, while there is one.
    #[must_use]
    pub fn over(ports: Vec<Listening>, links: watch::Receiver<Option<Forwarder>>) -> Self {
        Self::listen(ports, links).0
    }

    fn listen(
        ports: Vec<Listening>,
        link: watch::Receiver<Option<Forwarder>>,
    ) -> (Self, mpsc::Sender<ForwardEvent>, CancellationToken) {
        let stop = CancellationToken::new();
        let (speaker, events) = mpsc::channel(EVENTS);
        let numbers = Arc::new(AtomicU64::new(1));
        for port in ports {
            let gate = Gate {
                plan: Arc::new(port.plan),
                link: link.clone(),
                numbers: Arc::clone(&numbers),
                events: speaker.clone(),
                stop: stop.clone(),
            };
            let accepting = gate.accept(port.listener);
            drop(tokio::spawn(stop.clone().run_until_cancelled_owned(accepting)));
        }
        let forwarding = Self { events, _tasks: stop.clone().drop_guard() };
        (forwarding, speaker, stop)
    }

    /// What happens next. May be dropped and asked again without losing anything.
    pub async fn next(&mut self) -> ForwardEvent {
        match self.events.recv().await {
            Some(event) => event,
            // Nothing listens any more, and nothing will happen.
            None => std::future::pending().await,
        }
    }
}

/// Where those who connect to one port are led on.
#[derive(Clone)]
struct Gate {
    plan: Arc<ForwardPlan>,
    link: watch::Receiver<Option<Forwarder>>,
    numbers: Arc<AtomicU64>,
    events: mpsc::Sender<ForwardEvent>,
    stop: CancellationToken,
}

impl Gate {
    /// Takes one after the other. More than one link carries wait in the listener's queue.
    async fn accept(self, listener: TcpListener) {
        loop {
            let (socket, from) = match listener.accept().await {
                Ok(accepted) => accepted,
                // It was gone before it was taken.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
                Err(_exhausted) => {
                    sleep(BREATH).await;
                    continue;
                }
            };
            // An end that nobody declared is a reset, whatever happens to this process.
            if socket.set_zero_linger().is_err() {
                continue;
            }
            let Some(place) = self.clone().place().await else { return };
            let leading = self.clone().lead(socket, from, place);
            drop(tokio::spawn(self.stop.clone().run_until_cancelled_owned(leading)));
        }
    }

    /// A place on the link that there is, or on the next one. `None` when there will be none.
    async fn place(mut self) -> Option<link::Place> {
        loop {
            let forwarder = self.link.wait_for(Option::is_some).await.ok()?.clone()?;
            tokio::select! {
                place = forwarder.place() => return Some(place),
                changed = self.link.changed() => changed.ok()?,
            }
        }
    }

    async fn lead(mut self, socket: TcpStream, from: SocketAddr, mut place: link::Place) {
        let plan = Arc::clone(&self.plan);
        let led = loop {
            match place.connect(&plan).await {
                Ok(led) => break led,
                // Nothing was said yet that could be lost: it goes over the next link.
                Err(_lost) if place.is_over() => {
                    let another = self
                        .link
                        .wait_for(|link| link.as_ref().is_some_and(|link| !place.is_of(link)));
                    if another.await.is_err() {
                        return;
                    }
                    let Some(another) = self.clone().place().await else { return };
                    place = another;
                }
                Err(why) => {
                    drop(socket);
                    self.tell(ForwardEvent::Refused { plan, from, why }).await;
                    return;
                }
            }
        };
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        self.tell(ForwardEvent::Opened { number, plan, from }).await;
        let result = led.carry(socket).await;
        drop(place);
        self.tell(ForwardEvent::Closed { number, result }).await;
    }

    async fn tell(&self, event: ForwardEvent) {
        // Whoever does not listen has dropped all of it.
        let _unheard = self.events.send(event).await;
    }
}
