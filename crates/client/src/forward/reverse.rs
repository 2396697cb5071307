//! Ports of a server's machine whose connections lead here. Owns the links over which they come, and where
//! each is led; the listening is the server's, and the moving of bytes the network's.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ccc_net::Share;
use ccc_net::forward::{carry, connect};
use ccc_net::{RecvStream, SendStream};
use ccc_proto::{
    Ext, Failure, ForwardAccept, ForwardArrived, ForwardListen, ForwardListening, Message, limits,
};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::{EVENTS, ForwardEvent, ForwardPlan, Forwarding};
use crate::attachment::pause;
use crate::server::unexpected;
use crate::{ClientError, Connect, LinkState, Requester, Server};

/// How long it may take to be connected here.
const CONNECT: Duration = Duration::from_secs(10);
/// For how long after a loss a port may be found taken: by this very client, whose loss the server has not
/// noticed yet.
const STILL_TAKEN: Duration = Duration::from_secs(60);
/// Behind requests, as what is told of it may wait.
const PRIORITY: i32 = -1;

/// A port that the server listens on.
struct Door {
    plan: Arc<ForwardPlan>,
    port: u16,
    /// The server listens until this is dropped.
    tx: SendStream,
    rx: RecvStream,
}

impl Forwarding {
    /// Has the server listen on its loopback address, on the port of each plan, and leads here what connects
    /// there, over this link and those that come after it. The ports are told in the same order; with
    /// `any_port` they are free ones where those of the plans are taken.
    ///
    /// # Errors
    /// The server cannot be reached, does not forward for this client, or a port is taken.
    pub async fn reverse(
        connect: Connect,
        plans: Vec<ForwardPlan>,
        any_port: bool,
    ) -> Result<(Self, Vec<u16>), ClientError> {
        let server = connect.connect().await?;
        let mut doors = Vec::new();
        for plan in plans {
            let requester = server.requester();
            let (plan, port) = (Arc::new(plan.clone()), plan.listen.port());
            let opened = match open(&requester, &plan, port).await {
                Err(error) if any_port && error.failure() == Some(Failure::CONFLICT) => {
                    open(&requester, &plan, 0).await
                }
                opened => opened,
            };
            doors.push(opened?);
        }
        let ports = doors.iter().map(|door| door.port).collect();
        let (tell, events) = mpsc::channel(EVENTS);
        let stop = CancellationToken::new();
        let numbers = Arc::new(AtomicU64::new(1));
        let keeping = keep(connect, server, doors, Teller { tell, numbers, stop: stop.clone() });
        drop(tokio::spawn(stop.clone().run_until_cancelled_owned(keeping)));
        Ok((Self { events, _tasks: stop.drop_guard() }, ports))
    }
}

/// Has the server listen.
async fn open(
    requester: &Requester,
    plan: &Arc<ForwardPlan>,
    port: u16,
) -> Result<Door, ClientError> {
    let request = ForwardListen { port, ext: Ext::none() };
    let (tx, mut rx) = requester.begin(&request.into(), PRIORITY).await?;
    match answer(&mut rx).await? {
        Message::ForwardListening(ForwardListening { port, .. }) => {
            Ok(Door { plan: Arc::clone(plan), port, tx, rx })
        }
        other => Err(unexpected("ForwardListening", &other)),
    }
}

async fn answer(rx: &mut RecvStream) -> Result<Message, ClientError> {
    let lost = |why: String| ClientError::Lost { why };
    match rx.recv().await.map_err(|error| lost(error.to_string()))? {
        Some(Message::Failed(failed)) => Err(ClientError::Failed(Box::new(failed))),
        Some(message) => Ok(message),
        None => Err(lost("no answer came".into())),
    }
}

/// Who is told of what happens.
#[derive(Clone)]
struct Teller {
    tell: mpsc::Sender<ForwardEvent>,
    numbers: Arc<AtomicU64>,
    stop: CancellationToken,
}

impl Teller {
    async fn tell(&self, event: ForwardEvent) {
        // Whoever does not listen has dropped all of it.
        let _unheard = self.tell.send(event).await;
    }
}

/// Leads on what comes over each link, as long as there may be another.
async fn keep(connect: Connect, mut server: Server, mut doors: Vec<Door>, teller: Teller) {
    loop {
        let known: Vec<_> = doors.iter().map(|door| (Arc::clone(&door.plan), door.port)).collect();
        let link = Link {
            requester: server.requester(),
            share: Share::new(),
            places: Arc::new(Semaphore::new(limits::FORWARDS)),
            teller: teller.clone(),
        };
        let mut serving = JoinSet::new();
        for door in doors {
            serving.spawn(link.clone().serve(door));
        }
        let why = tokio::select! {
            why = server.lost() => why,
            // A server that stops, or lets this client no more: why is told when it is asked again.
            _over = serving.join_next() => String::from("the server listens no more"),
        };
        drop((serving, server, link));
        let state = LinkState::Reconnecting { since: Instant::now(), why };
        teller.tell(ForwardEvent::Link(state)).await;
        (server, doors) = match reconnect(&connect, &known).await {
            Ok(again) => again,
            Err(error) => return teller.tell(ForwardEvent::Gone(error)).await,
        };
        teller.tell(ForwardEvent::Link(LinkState::Live)).await;
    }
}

/// Tries until there is a server that listens on the same ports, or it makes no sense.
async fn reconnect(
    connect: &Connect,
    known: &[(Arc<ForwardPlan>, u16)],
) -> Result<(Server, Vec<Door>), ClientError> {
    let mut attempt = 0;
    let lost = Instant::now();
    loop {
        sleep(pause(attempt)).await;
        attempt += 1;
        let tried = async {
            let server = connect.connect().await?;
            let mut doors = Vec::new();
            for (plan, port) in known {
                doors.push(open(&server.requester(), plan, *port).await?);
            }
            Ok((server, doors))
        };
        match tried.await {
            Err(error) if ClientError::is_passing(&error) => {}
            Err(error)
                if error.failure() == Some(Failure::CONFLICT) && lost.elapsed() < STILL_TAKEN => {}
            done => return done,
        }
    }
}

/// One link, and what is carried on it.
#[derive(Clone)]
struct Link {
    requester: Requester,
    share: Arc<Share>,
    /// As many as the server lets wait or carries: more is told by none that keeps to the rules.
    places: Arc<Semaphore>,
    teller: Teller,
}

impl Link {
    /// Leads on each that arrives at a port, until the server tells of no more.
    async fn serve(self, door: Door) {
        let Door { plan, tx: _until_dropped, mut rx, .. } = door;
        while let Ok(Message::ForwardArrived(arrived)) = answer(&mut rx).await {
            let Ok(place) = Arc::clone(&self.places).acquire_owned().await else { return };
            let stop = self.teller.stop.clone();
            let leading = self.clone().lead(Arc::clone(&plan), arrived, place);
            drop(tokio::spawn(stop.run_until_cancelled_owned(leading)));
        }
    }

    async fn lead(
        self,
        plan: Arc<ForwardPlan>,
        arrived: ForwardArrived,
        _place: OwnedSemaphorePermit,
    ) {
        let unknown = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
        let from = arrived.from.parse().unwrap_or(unknown);
        let (socket, mut tx, mut rx) = match self.connect(&plan, arrived.number).await {
            Ok(connected) => connected,
            Err(why) => return self.teller.tell(ForwardEvent::Refused { plan, from, why }).await,
        };
        let number = self.teller.numbers.fetch_add(1, Ordering::Relaxed);
        self.teller.tell(ForwardEvent::Opened { number, plan, from }).await;
        let result = carry(socket, &mut tx, &mut rx, &self.share).await;
        self.teller.tell(ForwardEvent::Closed { number, result }).await;
    }

    /// Takes one that has arrived, and connects it here. Where that fails the streams are given up, and whoever
    /// connected there is reset.
    async fn connect(
        &self,
        plan: &ForwardPlan,
        number: u64,
    ) -> Result<(TcpStream, SendStream, RecvStream), ClientError> {
        let request = ForwardAccept { number, ext: Ext::none() };
        let (tx, mut rx) = self.requester.begin(&request.into(), PRIORITY).await?;
        match answer(&mut rx).await? {
            Message::Done(_) => {}
            other => return Err(unexpected("Done", &other)),
        }
        let place = || plan.remote();
        match timeout(CONNECT, connect(&plan.host, plan.port)).await {
            Ok(Ok(socket)) => Ok((socket, tx, rx)),
            Ok(Err(error)) => {
                Err(ClientError::NotConnected { place: place(), why: error.to_string() })
            }
            Err(_elapsed) => {
                let why = format!("no answer within {} s", CONNECT.as_secs());
                Err(ClientError::NotConnected { place: place(), why })
            }
        }
    }
}
