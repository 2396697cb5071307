//! The task that drives the connection to the keeper and brings a dead one back.

use std::collections::{BTreeMap, HashMap};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::time::Instant;

use ccc_journal::PaneUlid;
use ccc_keeper::CustodySet;
use ccc_keeper::client::{ClientError, Connected, KeeperClient};
use ccc_keeper::protocol::{Message, Moves, Notice, Request, RequestId, Response};
use tokio::io::Interest;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::handle::Ask;
use super::{BACK_OFF, CONNECT, KeeperNotice, KeeperState, KeeperTerms};
use crate::readiness;

/// A request whose answer is awaited. Kept whole, because a successor is asked again.
struct Pending {
    request: Request,
    answer: oneshot::Sender<Response>,
}

pub(crate) struct Link {
    terms: KeeperTerms,
    client: Option<KeeperClient>,
    /// Every set that was handed to this server and not closed: offered to a successor.
    sets: BTreeMap<PaneUlid, CustodySet>,
    /// What was parked: a successor parks it again.
    parked: BTreeMap<String, Arc<OwnedFd>>,
    pending: HashMap<RequestId, Pending>,
    asked: mpsc::Receiver<Ask>,
    notify: mpsc::Sender<KeeperNotice>,
    state: watch::Sender<KeeperState>,
    /// The keeper was asked to end, or this server leaves: its death is no accident.
    ending: bool,
    token: CancellationToken,
}

/// What ended a life of the connection.
enum Ended {
    /// The server stops.
    Cancelled,
    Lost(ClientError),
    /// The keeper's process is gone.
    Died,
}

impl Link {
    pub(super) fn new(
        terms: KeeperTerms,
        client: KeeperClient,
        sets: Vec<CustodySet>,
        asked: mpsc::Receiver<Ask>,
        notify: mpsc::Sender<KeeperNotice>,
        state: watch::Sender<KeeperState>,
        token: CancellationToken,
    ) -> Self {
        Self {
            terms,
            client: Some(client),
            sets: sets.into_iter().map(|set| (set.ulid, set)).collect(),
            parked: BTreeMap::new(),
            pending: HashMap::new(),
            asked,
            notify,
            state,
            ending: false,
            token,
        }
    }

    /// Runs until the token is cancelled, or until the keeper that was told to end has ended.
    pub(crate) async fn run(mut self) {
        let mut attempts = 0;
        loop {
            if let Some(client) = self.client.take() {
                let began = Instant::now();
                match self.drive(client).await {
                    Ended::Cancelled => return,
                    Ended::Lost(_) | Ended::Died if self.ending => return,
                    Ended::Lost(error) => warn!(%error, "lost the keeper's connection"),
                    Ended::Died => warn!("the keeper died"),
                }
                self.state.send_modify(|state| state.pid = 0);
                // A keeper that lived for a while starts the count anew.
                if began.elapsed() > CONNECT {
                    attempts = 0;
                }
            }
            let wait = BACK_OFF[attempts.min(BACK_OFF.len() - 1)];
            attempts += 1;
            tokio::select! {
                () = self.token.cancelled() => return,
                () = sleep(wait) => {}
            }
            self.reconnect().await;
        }
    }

    async fn reconnect(&mut self) {
        let terms = self.terms.clone();
        let sets: Vec<_> = self.sets.values().cloned().collect();
        let connected = tokio::task::spawn_blocking(move || {
            let mut connected = super::connect(&terms)?;
            let taken = connected.client.adopt(&sets, Instant::now() + CONNECT)?;
            Ok::<_, ClientError>((connected, taken))
        })
        .await;
        match connected {
            Ok(Ok((connected, taken))) => {
                let Connected { client, sets, .. } = connected;
                info!(pid = client.keeper().pid, taken, "another keeper has the panes");
                self.sets.extend(sets.into_iter().map(|set| (set.ulid, set)));
                self.state.send_replace(seen(&client));
                self.client = Some(client);
                self.repeat();
            }
            Ok(Err(error)) => error!(%error, "could not reach or start a keeper"),
            Err(error) => error!(%error, "the attempt to reach a keeper failed"),
        }
    }

    /// Asks a new keeper what the old one left unanswered. Requests are idempotent by pane; a signal
    /// is not, and is left to whoever sent it.
    fn repeat(&mut self) {
        let Some(client) = &mut self.client else { return };
        for (name, fd) in &self.parked {
            let request = Request::Park { name: name.clone(), fd: Arc::clone(fd) };
            // The answer belongs to nobody; a failed send is found by the next look at the socket.
            let _ = client.send(&request);
        }
        for (_, pending) in std::mem::take(&mut self.pending) {
            let once = matches!(
                pending.request,
                Request::Signal { .. } | Request::Shutdown { .. } | Request::Typed { .. }
            );
            if once {
                continue;
            }
            if let Ok(id) = client.send(&pending.request) {
                self.pending.insert(id, pending);
            }
        }
    }

    async fn drive(&mut self, mut client: KeeperClient) -> Ended {
        let watched = client.as_fd().try_clone_to_owned().and_then(|socket| {
            let both = Interest::READABLE | Interest::WRITABLE;
            let socket = readiness::watch(Arc::new(socket), both)?;
            let pidfd = Arc::clone(&client.keeper().pidfd);
            Ok((socket, readiness::watch(pidfd, Interest::READABLE)?))
        });
        let (socket, death) = match watched {
            Ok(watched) => watched,
            Err(source) => {
                return Ended::Lost(ClientError::Io { attempt: "watch the keeper", source });
            }
        };
        loop {
            if let Err(error) = self.take_messages(&mut client) {
                return Ended::Lost(error);
            }
            let wants_write = client.wants_write();
            tokio::select! {
                () = self.token.cancelled() => return Ended::Cancelled,
                readable = socket.readable() => match readable {
                    Ok(mut ready) => {
                        // Cleared first: what arrives while the queue is emptied wakes us again.
                        ready.clear_ready();
                    }
                    Err(source) => return Ended::Lost(lost(source)),
                },
                writable = socket.writable(), if wants_write => match writable {
                    Ok(mut ready) => {
                        ready.clear_ready();
                        if let Err(error) = client.flush() {
                            return Ended::Lost(error);
                        }
                    }
                    Err(source) => return Ended::Lost(lost(source)),
                },
                _ = death.readable() => return Ended::Died,
                ask = self.asked.recv() => match ask {
                    Some(ask) => if let Err(error) = self.send(&mut client, ask) {
                        return Ended::Lost(error);
                    },
                    None => return Ended::Cancelled,
                },
            }
        }
    }

    fn send(&mut self, client: &mut KeeperClient, ask: Ask) -> Result<(), ClientError> {
        let Ask { request, answer } = ask;
        match &request {
            Request::Park { name, fd } => {
                self.parked.insert(name.clone(), Arc::clone(fd));
            }
            Request::Close { ulid } => {
                self.sets.remove(ulid);
            }
            // A keeper without panes leaves after its server does; it is not to be brought back.
            Request::Shutdown { .. } | Request::CleanStop => self.ending = true,
            _ => {}
        }
        let id = client.send(&request)?;
        self.pending.insert(id, Pending { request, answer });
        Ok(())
    }

    fn take_messages(&mut self, client: &mut KeeperClient) -> Result<(), ClientError> {
        while let Some(message) = client.receive()? {
            match message {
                Message::Response { id, response } => self.answer(id, response),
                Message::Notice(notice) => self.note(notice),
                Message::Unknown { number } => info!(number, "the keeper said something newer"),
            }
        }
        Ok(())
    }

    fn answer(&mut self, id: RequestId, response: Response) {
        if let Response::Opened { set, .. } = &response {
            self.sets.insert(set.ulid, set.clone());
        }
        if let Some(pending) = self.pending.remove(&id) {
            if let (Response::Refused(_), Request::Shutdown { .. } | Request::CleanStop) =
                (&response, &pending.request)
            {
                // A keeper that refuses to end goes on, and its death is an accident again.
                self.ending = false;
            }
            // Whoever asked may have left meanwhile; what was done stays done.
            let _ = pending.answer.send(response);
        }
    }

    fn note(&mut self, notice: Notice) {
        let notice = match notice {
            Notice::Custody { sets } => {
                self.sets.extend(sets.into_iter().map(|set| (set.ulid, set)));
                return;
            }
            Notice::Closed { ulid } => {
                self.sets.remove(&ulid);
                return;
            }
            Notice::Exited { ulid, status, .. } => {
                // The fold finds the end in the events, behind the last byte.
                if let Some(set) = self.sets.get_mut(&ulid) {
                    set.exit = Some(status);
                }
                return;
            }
            Notice::State { ulid, state } => KeeperNotice::State { ulid, state },
            Notice::Upgraded { build, .. } => {
                self.state.send_modify(|state| state.build = build);
                return;
            }
            _ => return,
        };
        if self.notify.try_send(notice).is_err() {
            // A state is only for showing.
            warn!("a notice of the keeper had to be dropped");
        }
    }
}

pub(super) fn seen(client: &KeeperClient) -> KeeperState {
    let keeper = client.keeper();
    KeeperState {
        pid: keeper.pid,
        splice: keeper.moves == Moves::Splice,
        build: keeper.build.clone(),
    }
}

fn lost(source: std::io::Error) -> ClientError {
    ClientError::Io { attempt: "watch the keeper", source }
}
