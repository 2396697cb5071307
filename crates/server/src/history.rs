//! The commands of all panes, and those that were imported: remembered when a shell says so or somebody brings
//! them, found again when somebody asks. Owns the task through which both go, so that there is one writer; what lies where is `store`'s.
//!
//! The index is opened when somebody asks for the first time. Until then commands go to the panes' `marks`
//! alone, and a server that nobody asks holds no database.

pub(crate) mod imported;
mod store;

use std::sync::Arc;
use std::time::Duration;

use ccc_index::Index;
use ccc_journal::{PaneUlid, Stretch};
use ccc_proto::{Failure, HistorySource, ImportedCommand, PaneId};
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep_until};
use tracing::warn;

use crate::clock::unix_ms;
use crate::context::Context;
use crate::core::commands::Noted;
use crate::fault::Fault;
pub(crate) use store::Taken;
pub(crate) use store::{Progress, remembered_of};
use store::{Store, StoreError};

/// Work that may wait: one entry is what a pane said in a turn. A pane whose entry does not fit keeps it
/// for its next turn.
const WAITING: usize = 256;
/// What a power cut may take of the index; `marks` has it all the same.
const FLUSH: Duration = Duration::from_secs(5);
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// What the task is asked to do.
enum Work {
    Note { pane: PaneId, ulid: PaneUlid, noted: Vec<Noted> },
    Forget(Vec<PaneUlid>, Option<oneshot::Sender<Result<(), Fault>>>),
    ForgetStretch(PaneUlid, Stretch, oneshot::Sender<Result<u64, Fault>>),
    Import(Import, oneshot::Sender<Result<Taken, Fault>>),
    ForgetImported(Option<String>, oneshot::Sender<Result<u64, Fault>>),
    Index(oneshot::Sender<Result<Index, Fault>>),
    Rebuild(mpsc::Sender<Progress>, oneshot::Sender<Result<(), Fault>>),
}

/// Commands that somebody brings.
pub(crate) struct Import {
    /// The principal's id.
    pub(crate) who: String,
    pub(crate) source: HistorySource,
    pub(crate) commands: Vec<ImportedCommand>,
}

/// The way to the task.
#[derive(Clone, Debug)]
pub(crate) struct History {
    tx: mpsc::Sender<Work>,
}

/// The task's end of it.
pub(crate) struct Jobs(mpsc::Receiver<Work>);

impl History {
    pub(crate) fn new() -> (Self, Jobs) {
        let (tx, rx) = mpsc::channel(WAITING);
        (Self { tx }, Jobs(rx))
    }

    /// Remembers what a pane's shell said. What cannot be taken now comes back.
    pub(crate) fn note(&self, pane: PaneId, ulid: PaneUlid, noted: Vec<Noted>) -> Vec<Noted> {
        match self.tx.try_send(Work::Note { pane, ulid, noted }) {
            Ok(()) => Vec::new(),
            Err(mpsc::error::TrySendError::Full(Work::Note { noted, .. })) => noted,
            Err(_) => Vec::new(),
        }
    }

    /// Forgets panes whose recordings are deleted. If there is too much to do the commands are passed over
    /// when the index is read again from what is there.
    pub(crate) fn forget(&self, panes: Vec<PaneUlid>) {
        if self.tx.try_send(Work::Forget(panes, None)).is_err() {
            warn!("commands of a deleted recording stay until the index is built again");
        }
    }

    /// The same, done when it returns.
    pub(crate) async fn forget_now(&self, panes: Vec<PaneUlid>) -> Result<(), Fault> {
        let (tx, rx) = oneshot::channel();
        self.ask(Work::Forget(panes, Some(tx)), rx).await
    }

    /// Forgets the commands of a stretch of a recording, in every file; says how many.
    pub(crate) async fn forget_stretch(
        &self,
        pane: PaneUlid,
        stretch: Stretch,
    ) -> Result<u64, Fault> {
        let (tx, rx) = oneshot::channel();
        self.ask(Work::ForgetStretch(pane, stretch, tx), rx).await
    }

    /// Takes in commands that somebody brings. They are on the disk when it returns.
    pub(crate) async fn import(&self, import: Import) -> Result<Taken, Fault> {
        let (tx, rx) = oneshot::channel();
        self.ask(Work::Import(import, tx), rx).await
    }

    /// Forgets what a principal imported, or all that was; says how many commands that was.
    pub(crate) async fn forget_imported(&self, who: Option<String>) -> Result<u64, Fault> {
        let (tx, rx) = oneshot::channel();
        self.ask(Work::ForgetImported(who, tx), rx).await
    }

    /// The index, up to date with all that was remembered before.
    pub(crate) async fn index(&self) -> Result<Index, Fault> {
        let (tx, rx) = oneshot::channel();
        self.ask(Work::Index(tx), rx).await
    }

    /// Builds the index anew; `progress` hears how far that is.
    pub(crate) async fn rebuild(&self, progress: mpsc::Sender<Progress>) -> Result<(), Fault> {
        let (tx, rx) = oneshot::channel();
        self.ask(Work::Rebuild(progress, tx), rx).await
    }

    async fn ask<T>(
        &self,
        work: Work,
        answer: oneshot::Receiver<Result<T, Fault>>,
    ) -> Result<T, Fault> {
        let gone = || Fault::internal("the server stops");
        self.tx.send(work).await.map_err(|_stopped| gone())?;
        answer.await.map_err(|_stopped| gone())?
    }
}

/// Does the work until the server stops.
pub(crate) async fn run(ctx: Arc<Context>, jobs: Jobs) {
    let Jobs(mut rx) = jobs;
    let keep_ms = u64::from(ctx.config.history.days).saturating_mul(DAY_MS);
    let new = || Store::new(ctx.state.root().to_owned(), ctx.surroundings.host.clone(), keep_ms);
    let mut store = new();
    let mut flush_at: Option<Instant> = None;
    loop {
        let work = tokio::select! {
            biased;
            () = ctx.token.cancelled() => break,
            work = rx.recv() => match work {
                Some(work) => Some(work),
                None => break,
            },
            () = sleep_until(flush_at.unwrap_or_else(Instant::now)), if flush_at.is_some() => None,
        };
        flush_at = match work {
            Some(_) => flush_at.or_else(|| Some(Instant::now() + FLUSH)),
            None => None,
        };
        store = do_one(&ctx, store, work).await.unwrap_or_else(&new);
    }
    // What was said before the end is kept.
    rx.close();
    while let Ok(work) = rx.try_recv() {
        if let Work::Note { .. } = work {
            store = do_one(&ctx, store, Some(work)).await.unwrap_or_else(&new);
        }
    }
    do_one(&ctx, store, None).await;
}

/// One piece of work, or a flush. A panic of the database costs the store, which is begun anew.
async fn do_one(ctx: &Arc<Context>, mut store: Store, work: Option<Work>) -> Option<Store> {
    let session = match &work {
        Some(Work::Note { pane, .. }) => session_of(ctx, *pane).await,
        _ => String::new(),
    };
    let done = spawn_blocking(move || {
        let result = match work {
            None => store.flush(),
            Some(Work::Note { ulid, noted, .. }) => store.note(ulid, &session, &noted),
            Some(Work::Forget(panes, answer)) => {
                let forgotten = store.forget(&panes);
                match answer {
                    Some(answer) => {
                        let _asker_left = answer.send(forgotten.map_err(Fault::from));
                        Ok(())
                    }
                    None => forgotten,
                }
            }
            Some(Work::ForgetStretch(pane, stretch, answer)) => {
                let forgotten = store.forget_stretch(pane, stretch).map_err(Fault::from);
                let _asker_left = answer.send(forgotten);
                Ok(())
            }
            Some(Work::Import(import, answer)) => {
                let taken = store.import(import, unix_ms()).map_err(Fault::from);
                let _asker_left = answer.send(taken);
                Ok(())
            }
            Some(Work::ForgetImported(who, answer)) => {
                let forgotten = store.forget_imported(who.as_deref()).map_err(Fault::from);
                let _asker_left = answer.send(forgotten);
                Ok(())
            }
            Some(Work::Index(answer)) => {
                let index = store.index(unix_ms(), &mut |_| {}).map_err(Fault::from);
                let _asker_left = answer.send(index);
                Ok(())
            }
            Some(Work::Rebuild(progress, answer)) => {
                // A reader that is slow hears less often.
                let mut tell = |told| {
                    let _missed = progress.try_send(told);
                };
                let done = store.rebuild(unix_ms(), &mut tell).map_err(Fault::from);
                let _asker_left = answer.send(done);
                Ok(())
            }
        };
        if let Err(error) = result {
            warn!(%error, "commands were not remembered");
        }
        store
    });
    match done.await {
        Ok(store) => Some(store),
        Err(error) => {
            warn!(%error, "the index failed; it is opened again when somebody asks");
            None
        }
    }
}

async fn session_of(ctx: &Arc<Context>, pane: PaneId) -> String {
    let name = ctx.book.run(move |book| {
        let session = book.house.session_of(pane)?;
        book.house.session(session).map(|session| session.name.clone())
    });
    name.await.ok().flatten().unwrap_or_default()
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::new(Failure::EXHAUSTED, error.to_string())
                .hint("ccc history forget --imported"),
            StoreError::Marks(error) if error.is_full() => error.into(),
            error => Self::internal(error.to_string()),
        }
    }
}
