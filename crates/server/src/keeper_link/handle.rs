//! Asking the keeper: one method for each request that the server makes.

use std::os::fd::OwnedFd;
use std::sync::Arc;

use ccc_journal::{CellPixels, Offset, PaneUlid, Size};
use ccc_keeper::protocol::{Reason, Refusal, Request, Response, SignalTarget, Status};
use ccc_keeper::{CustodySet, SpawnSpec, SpecError, Terms};
use rustix::io::Errno;
use tokio::sync::{mpsc, oneshot, watch};

use super::KeeperState;
use crate::core::label::escape;

/// A request that was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeeperFailure {
    /// The keeper understood and declined.
    #[error("{}", refused(attempt, refusal))]
    Refused { attempt: &'static str, refusal: Refusal },
    /// There is no keeper now and the request cannot wait for one.
    #[error("the keeper is away")]
    Away,
    #[error("the keeper gave another answer than was asked for")]
    Unexpected,
    #[error(transparent)]
    Spec(#[from] SpecError),
}

impl KeeperFailure {
    /// Whether the keeper is of a release that cannot be asked this.
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self, Self::Refused { refusal, .. } if refusal.reason == Reason::UnknownRequest)
    }
}

/// What the keeper's reason means to whoever asked. With these the detail is a name alone.
fn refused(attempt: &str, refusal: &Refusal) -> String {
    let detail = escape(&refusal.detail);
    match refusal.reason {
        Reason::NotFound => format!("{detail}: command not found"),
        Reason::NotExecutable if refusal.errno == Errno::ISDIR.raw_os_error() => {
            format!("{detail}: cannot be executed: it is a directory")
        }
        Reason::NotExecutable => format!("{detail}: cannot be executed"),
        Reason::CwdMissing => format!("there is no directory {detail}"),
        Reason::Exhausted if refusal.is_out_of_terminals() => {
            "no terminal (PTY) is left on this machine".into()
        }
        _ => format!("the keeper refused to {attempt}: {detail}"),
    }
}

pub(crate) struct Ask {
    pub(crate) request: Request,
    pub(crate) answer: oneshot::Sender<Response>,
}

/// Cheap to clone; any task may ask.
#[derive(Clone, Debug)]
pub(crate) struct KeeperHandle {
    asks: mpsc::Sender<Ask>,
    seen: watch::Receiver<KeeperState>,
}

impl KeeperHandle {
    pub(super) fn new(asks: mpsc::Sender<Ask>, seen: watch::Receiver<KeeperState>) -> Self {
        Self { asks, seen }
    }

    /// The keeper as it was last seen.
    pub(crate) fn seen(&self) -> KeeperState {
        self.seen.borrow().clone()
    }

    /// Starts a program in a new PTY, or finds the one that was started under this name before.
    pub(crate) async fn open(
        &self,
        ulid: PaneUlid,
        size: Size,
        terms: Terms,
        spec: &SpawnSpec,
        recorded: bool,
    ) -> Result<CustodySet, KeeperFailure> {
        let spec = Arc::new(spec.seal()?);
        let request = if recorded {
            Request::Open { ulid, size, terms, spec }
        } else {
            Request::OpenUnrecorded { ulid, size, terms, spec }
        };
        match self.ask("start the program", request).await? {
            Response::Opened { set, .. } => Ok(set),
            _ => Err(KeeperFailure::Unexpected),
        }
    }

    /// Gives a pane another size; says from which byte on it holds.
    pub(crate) async fn resize(&self, ulid: PaneUlid, size: Size) -> Result<Offset, KeeperFailure> {
        match self.ask("change the size", Request::Resize { ulid, size }).await? {
            Response::Resized { offset } => Ok(offset),
            _ => Err(KeeperFailure::Unexpected),
        }
    }

    /// Gives a pane another size of a cell in pixels. A keeper of an earlier release does not know that.
    pub(crate) async fn cell_pixels(
        &self,
        ulid: PaneUlid,
        cell: CellPixels,
    ) -> Result<Offset, KeeperFailure> {
        let request = Request::CellPixels { ulid, cell };
        match self.ask("change the size of a cell", request).await? {
            Response::Resized { offset } => Ok(offset),
            _ => Err(KeeperFailure::Unexpected),
        }
    }

    pub(crate) async fn signal(
        &self,
        ulid: PaneUlid,
        signal: u8,
        target: SignalTarget,
    ) -> Result<(), KeeperFailure> {
        self.done("send a signal", Request::Signal { ulid, signal, target }).await
    }

    /// Gives the pane's descriptors up. The server drops its own.
    pub(crate) async fn close(&self, ulid: PaneUlid) -> Result<(), KeeperFailure> {
        self.done("close the pane", Request::Close { ulid }).await
    }

    /// The journal files before `first` are deleted.
    pub(crate) async fn trimmed(&self, ulid: PaneUlid, first: Offset) -> Result<(), KeeperFailure> {
        self.done("note the trimmed journal", Request::Trimmed { ulid, first }).await
    }

    /// What was printed before `first` lies in segments. Asked with 0 it tells whether the keeper can
    /// be told: one of an earlier release counts sealed bytes for its cap.
    pub(crate) async fn sealed(&self, ulid: PaneUlid, first: Offset) -> Result<(), KeeperFailure> {
        self.done("note the sealed journal", Request::Sealed { ulid, first }).await
    }

    /// Records what is to be forgotten; the newest file holds nothing of it then. Gives the end of the journal.
    pub(crate) async fn forget(
        &self,
        ulid: PaneUlid,
        from: Offset,
        to: Offset,
    ) -> Result<Offset, KeeperFailure> {
        match self.ask("note what is forgotten", Request::Forget { ulid, from, to }).await? {
            Response::Resized { offset } => Ok(offset),
            _ => Err(KeeperFailure::Unexpected),
        }
    }

    /// Has what a pane prints go into memory from here on, or to the disk again; says from which byte on.
    pub(crate) async fn record(&self, ulid: PaneUlid, on: bool) -> Result<Offset, KeeperFailure> {
        match self.ask("change the recording", Request::Record { ulid, on }).await? {
            Response::Resized { offset } => Ok(offset),
            _ => Err(KeeperFailure::Unexpected),
        }
    }

    /// Somebody types in the pane. Nobody waits for the answer: a keeper of an earlier release does
    /// not know it, and a busy one hears it a second later.
    pub(crate) fn typed(&self, ulid: PaneUlid) {
        let (answer, _) = oneshot::channel();
        let _ = self.asks.try_send(Ask { request: Request::Typed { ulid }, answer });
    }

    pub(crate) async fn park(&self, name: &str, fd: Arc<OwnedFd>) -> Result<(), KeeperFailure> {
        self.done("park a descriptor", Request::Park { name: name.to_owned(), fd }).await
    }

    /// Gives back what was parked; the spare lets go of it a moment later.
    pub(crate) async fn unpark(&self, name: &str) -> Result<(), KeeperFailure> {
        match self.ask("give back a descriptor", Request::Unpark { name: name.to_owned() }).await? {
            Response::Unparked { .. } => Ok(()),
            _ => Err(KeeperFailure::Unexpected),
        }
    }

    pub(crate) async fn status(&self) -> Result<Status, KeeperFailure> {
        match self.ask("describe itself", Request::Status).await? {
            Response::Status(status) => Ok(status),
            _ => Err(KeeperFailure::Unexpected),
        }
    }

    /// The server leaves on purpose: it must not be restarted.
    pub(crate) async fn clean_stop(&self) -> Result<(), KeeperFailure> {
        self.done("note a clean stop", Request::CleanStop).await
    }

    /// Ends keeper and spare, and with `kill` every program.
    pub(crate) async fn shutdown(&self, kill: bool) -> Result<(), KeeperFailure> {
        self.done("end", Request::Shutdown { kill }).await
    }

    async fn done(&self, attempt: &'static str, request: Request) -> Result<(), KeeperFailure> {
        match self.ask(attempt, request).await? {
            Response::Done => Ok(()),
            _ => Err(KeeperFailure::Unexpected),
        }
    }

    async fn ask(
        &self,
        attempt: &'static str,
        request: Request,
    ) -> Result<Response, KeeperFailure> {
        let (answer, answered) = oneshot::channel();
        self.asks.send(Ask { request, answer }).await.map_err(|_gone| KeeperFailure::Away)?;
        match answered.await {
            Ok(Response::Refused(refusal)) => Err(KeeperFailure::Refused { attempt, refusal }),
            Ok(response) => Ok(response),
            Err(_dropped) => Err(KeeperFailure::Away),
        }
    }
}

#[cfg(test)]
mod tests;
