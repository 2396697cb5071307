//! Servers of other machines than the one that is looked at. Owns the connections to them, which are kept for
//! the next look, and the tasks that ask and go there: one that does not answer holds up nobody. How those that
//! were left are heard stands in `hearing`.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ccc_client::proto::{
    Attach, Ext, ListSessions, Message, PixelSize, SessionInfo, Sessions, Watched, WireSize,
};
use ccc_client::{Asker, Attachment, ClientError, Connect, Host, Hosts, Requester, Server};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::forwarding::Ports;
use super::hearing::{Background, LATEST, SOONEST, listen, longer, reach};
use super::{ANSWERS, Loop};
use crate::app::{Answer, Arrival, Event, Found, Machine, Outcome, Purpose};

/// Machines that are asked at the same time; each is a hand-shake or two.
const AT_ONCE: usize = 16;
/// What they said, on its way to the loop. It takes one after the other, and they wait.
const TOLD: usize = 16;
/// How long a connection that was kept is waited for before another is made beside it: the machine may have
/// slept, and the transport has not noticed.
const PATIENCE: Duration = Duration::from_secs(2);
/// For how long one that has answered is taken to answer again.
const FRESH: Duration = Duration::from_secs(10);

/// The other machines.
#[derive(Debug)]
pub(super) struct Elsewhere {
    /// As this client was started.
    start: Connect,
    /// The person wants to look only, wherever that is.
    view: bool,
    /// What is there without being looked at.
    kept: HashMap<Machine, Kept>,
    /// Those that were looked at before: what programs say there is heard.
    left: HashMap<Machine, Left>,
    /// Counts the connections that are kept.
    number: u64,
    asking: Arc<Semaphore>,
    /// The way to the machine that somebody wants to look at.
    going: Option<(Machine, AbortHandle)>,
    /// Counts these ways: who arrives late is not awaited any more.
    ways: u64,
    told: mpsc::Receiver<Told>,
    tell: mpsc::Sender<Told>,
}

#[derive(Debug)]
struct Kept {
    server: Server,
    /// When it answered last.
    heard: Instant,
    number: u64,
    since: Instant,
    /// Where it is one that was left.
    _listening: Option<Background>,
}

/// A machine that was left.
#[derive(Debug, Default)]
struct Left {
    /// What was waited before its connection was made the last time.
    pause: Duration,
    /// The making of another one.
    reaching: Option<Background>,
}

/// Sessions, and the connection that told them if it is a new one.
type Asked = (Option<Box<Server>>, Vec<SessionInfo>);

/// What a task found out.
#[derive(Debug)]
pub(super) enum Told {
    /// Its sessions.
    Sessions { machine: Machine, result: Result<Asked, ClientError> },
    /// A connection to be kept.
    Reached { machine: Machine, server: Box<Server> },
    /// A program said something on one that was left.
    Said { machine: Machine, watched: Box<Watched> },
    /// The kept connection of this number is over.
    Lost { machine: Machine, number: u64 },
    /// Somebody wanted to look at it.
    Arrived { machine: Machine, way: u64, result: Box<Result<Attachment, ClientError>> },
}

impl Elsewhere {
    pub(super) fn new(start: &Connect, view: bool) -> Self {
        let (tell, told) = mpsc::channel(TOLD);
        Self {
            start: start.clone(),
            view,
            kept: HashMap::new(),
            left: HashMap::new(),
            number: 0,
            asking: Arc::new(Semaphore::new(AT_ONCE)),
            going: None,
            ways: 0,
            told,
            tell,
        }
    }

    /// What a task found out. May be dropped and asked again without losing anything.
    pub(super) async fn next(&mut self) -> Told {
        match self.told.recv().await {
            Some(told) => told,
            // This very struct holds a sender, so the channel does not close.
            None => std::future::pending().await,
        }
    }

    /// How a machine is reached that may have been renamed or forgotten meanwhile.
    fn connect(&self, machine: &Machine) -> Result<Connect, ClientError> {
        let host = match machine {
            None => None,
            // One that was asked for with a command of its own is in no file so.
            same if *same == name_of(self.start.host.as_ref()) => self.start.host.clone(),
            Some(name) => {
                let hosts = Hosts::read(&self.start.home)?;
                Some(hosts.find(name).map_err(ClientError::Host)?.clone())
            }
        };
        Ok(self.connect_to(host))
    }

    /// How a host is reached: as at the start, if it is the one of the start.
    fn connect_to(&self, host: Option<Host>) -> Connect {
        if name_of(host.as_ref()) == name_of(self.start.host.as_ref()) {
            return self.start.clone();
        }
        self.start.elsewhere(host)
    }

    /// Asks all but the one that is looked at, and says what is known of each at once.
    fn ask(&mut self, looked_at: &Machine) -> Result<Vec<(Machine, Found)>, ClientError> {
        let hosts = Hosts::read(&self.start.home)?;
        let all = std::iter::once(None).chain(hosts.all().iter().cloned().map(Some));
        let mut known = Vec::new();
        for host in all.filter(|host| name_of(host.as_ref()) != *looked_at) {
            let machine = name_of(host.as_ref());
            let kept = self.kept.get(&machine).map(|kept| kept.server.requester());
            let connect = Connect { starter: None, ..self.connect_to(host) };
            if kept.is_none() && is_by_command(&connect) {
                known.push((machine, Found::NotAsked));
                continue;
            }
            let (asking, tell) = (Arc::clone(&self.asking), self.tell.clone());
            known.push((machine.clone(), Found::Asked));
            // The task ends with its answer, and that with the loop.
            drop(tokio::spawn(async move {
                let Ok(_turn) = asking.acquire().await else { return };
                let result = sessions(&connect, kept).await;
                let _unheard = tell.send(Told::Sessions { machine, result }).await;
            }));
        }
        Ok(known)
    }

    /// Asks one whose connection is kept; nobody waits for the answer of one that is not.
    pub(super) fn request(
        &self,
        machine: Machine,
        message: Message,
        purpose: Purpose,
        answers: mpsc::Sender<Answer>,
    ) {
        let Some(kept) = self.kept.get(&machine) else { return };
        let requester = kept.server.requester();
        drop(tokio::spawn(async move {
            let result = requester.request(message).await;
            let _unheard = answers.send(Answer { purpose, result }).await;
        }));
    }

    /// Begins to look at a session of another machine. Without a target it is the one that was used last.
    pub(super) fn visit(
        &mut self,
        machine: Machine,
        target: String,
        size: WireSize,
    ) -> Result<(), ClientError> {
        let connect = self.connect(&machine)?;
        self.stay();
        let (way, tell) = (self.ways, self.tell.clone());
        let attach = Attach {
            create: target.is_empty(),
            target,
            view: self.view,
            steal: false,
            size,
            pixels: PixelSize::default(),
            known: Vec::new(),
            spawn: asker(&machine, size).spawn(),
            ext: Ext::none(),
        };
        let kept = self.kept.remove(&machine);
        if let Some(left) = self.left.get_mut(&machine) {
            left.reaching = None;
        }
        let to = machine.clone();
        let going = tokio::spawn(async move {
            let result = Box::new(go(connect, kept, attach).await);
            let _unheard = tell.send(Told::Arrived { machine, way, result }).await;
        });
        self.going = Some((to, going.abort_handle()));
        Ok(())
    }

    /// Gives up a way that somebody is on: they have chosen something else since.
    pub(super) fn stay(&mut self) {
        self.ways += 1;
        if let Some((machine, going)) = self.going.take() {
            going.abort();
            self.return_to(machine, Duration::ZERO);
        }
    }

    /// Has a connection to a machine that is left, for the way back, and to hear what is said there.
    fn leave(&mut self, machine: Machine) {
        self.left.insert(machine.clone(), Left::default());
        self.return_to(machine, Duration::ZERO);
    }

    /// Makes a connection to a machine, if it was left, after a pause.
    fn return_to(&mut self, machine: Machine, pause: Duration) {
        let Ok(connect) = self.connect(&machine) else { return };
        let Some(left) = self.left.get_mut(&machine) else { return };
        if is_by_command(&connect) {
            return;
        }
        let connect = Connect { starter: None, ..connect };
        let reaching = reach(machine, connect, pause, self.tell.clone());
        *left = Left { pause, reaching: Some(reaching) };
    }

    /// Keeps a connection, and listens on it if the machine was left.
    fn keep(&mut self, machine: Machine, server: Server, looked_at: &Machine) {
        self.number += 1;
        let number = self.number;
        let left = self.left.get_mut(&machine).filter(|_| machine != *looked_at);
        let listening = left.map(|left| {
            left.reaching = None;
            listen(machine.clone(), number, server.requester(), self.tell.clone())
        });
        let now = Instant::now();
        let kept = Kept { server, heard: now, number, since: now, _listening: listening };
        self.kept.insert(machine, kept);
    }

    /// A connection is over; the next one is made by and by, and later each time that it does not last.
    fn lost(&mut self, machine: Machine, number: u64) {
        let Some(kept) = self.kept.get(&machine).filter(|kept| kept.number == number) else {
            return;
        };
        let lasted = kept.since.elapsed() >= LATEST;
        self.kept.remove(&machine);
        let before = self.left.get(&machine).map_or(Duration::ZERO, |left| left.pause);
        self.return_to(machine, if lasted { SOONEST } else { longer(before) });
    }
}

fn name_of(host: Option<&Host>) -> Machine {
    host.map(|host| host.name.clone())
}

/// Such a command may ask for a password on the terminal, which is not to be had by itself.
fn is_by_command(connect: &Connect) -> bool {
    connect.host.as_ref().is_some_and(|host| host.via.is_some())
}

/// Who asks another machine for a pane.
fn asker(machine: &Machine, size: WireSize) -> Asker {
    Asker { size, elsewhere: machine.is_some(), ..Asker::default() }
}

/// Asks over the connection that is kept, else over a new one.
async fn sessions(connect: &Connect, kept: Option<Requester>) -> Result<Asked, ClientError> {
    if let Some(kept) = kept
        && let Ok(Ok(Message::Sessions(found))) =
            timeout(PATIENCE, kept.request(ListSessions::default())).await
    {
        return Ok((None, found.sessions));
    }
    let server = connect.connect().await?;
    match server.request(ListSessions::default()).await? {
        Message::Sessions(Sessions { sessions, .. }) => Ok((Some(Box::new(server)), sessions)),
        other => Err(ClientError::Unexpected { wanted: "Sessions", got: other.name().into() }),
    }
}

async fn go(
    connect: Connect,
    kept: Option<Kept>,
    attach: Attach,
) -> Result<Attachment, ClientError> {
    if let Some(Kept { server, heard, .. }) = kept {
        let answers = heard.elapsed() < FRESH || {
            let asked = timeout(PATIENCE, server.request(ListSessions::default())).await;
            matches!(asked, Ok(Ok(_)))
        };
        if answers {
            return Ok(Attachment::over(server, connect, attach));
        }
    }
    Attachment::start(connect, attach).await
}

impl Loop {
    /// Asks the others, and shows at once which there are.
    pub(super) fn ask_elsewhere(&mut self) -> io::Result<Option<Outcome>> {
        let known = match self.elsewhere.ask(&self.app.machine) {
            Ok(known) => known,
            Err(error) => {
                self.app.note(error.to_string());
                return Ok(None);
            }
        };
        for (machine, found) in known {
            // Whether a server runs on this machine is seen in a moment; most have none to tell of.
            if machine.is_some() {
                self.follow(Event::Elsewhere { machine, found })?;
            }
        }
        Ok(None)
    }

    /// Takes in what a task found out.
    pub(super) fn hear_elsewhere(&mut self, told: Told) -> Option<Event> {
        match told {
            Told::Sessions { machine, result: Ok((server, sessions)) } => {
                match (server, self.elsewhere.kept.get_mut(&machine)) {
                    (Some(server), _) => {
                        self.elsewhere.keep(machine.clone(), *server, &self.app.machine);
                    }
                    (None, Some(kept)) => kept.heard = Instant::now(),
                    (None, None) => {}
                }
                Some(Event::Elsewhere { machine, found: Found::Sessions(sessions) })
            }
            Told::Sessions { machine: None, result: Err(ClientError::NotRunning { .. }) } => None,
            Told::Sessions { machine, result: Err(error) } => {
                if self.elsewhere.kept.remove(&machine).is_some() {
                    self.elsewhere.return_to(machine.clone(), SOONEST);
                }
                Some(Event::Elsewhere { machine, found: Found::Silent(error.to_string()) })
            }
            Told::Reached { machine, server } => {
                self.elsewhere.keep(machine, *server, &self.app.machine);
                None
            }
            Told::Said { machine, watched } => Some(Event::SaidElsewhere { machine, watched }),
            Told::Lost { machine, number } => {
                self.elsewhere.lost(machine, number);
                None
            }
            Told::Arrived { way, .. } if way != self.elsewhere.ways => None,
            Told::Arrived { machine, result, .. } => {
                self.elsewhere.going = None;
                Some(match *result {
                    Ok(attachment) => self.arrived(machine, attachment),
                    Err(error) => {
                        self.elsewhere.return_to(machine.clone(), SOONEST);
                        Event::NotArrived { machine, why: error.to_string() }
                    }
                })
            }
        }
    }

    fn arrived(&mut self, machine: Machine, attachment: Attachment) -> Event {
        let mut left = std::mem::replace(&mut self.attachment, attachment);
        // A link that takes nothing any more has lost the attachment anyway.
        let _told = left.detach();
        drop(left);
        self.elsewhere.left.remove(&machine);
        self.elsewhere.leave(self.app.machine.clone());
        self.stop_finding();
        // Ports lead to the server that is looked at, and to no other by chance.
        self.ports = Ports::new(machine.is_some(), self.attachment.requester());
        // What the one before still answers means nothing here.
        (self.answer_tx, self.answers) = mpsc::channel(ANSWERS);
        (self.told_tx, self.told) = mpsc::channel(super::TOLD);
        self.tell_facts();
        let host = self.attachment.welcome().host.clone();
        let spawn = asker(&machine, self.app.layout_area()).spawn();
        Event::Arrived(Arrival { machine, host, spawn })
    }
}
