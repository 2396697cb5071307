//! What of a tree is under way, so that a round trip is for much of it and not for each file and folder. Owns how
//! much that is, and the order: nothing begins in a folder that is not made, and one is closed when all that is in
//! it is done. What becomes of each is its caller's.

use std::sync::Arc;

use ccc_client::ClientError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinError, JoinSet};

use super::{ATTEMPTED, Shown, Tally};
use crate::failure::Failure;

/// From here on a file has a line that tells how far it is.
const LARGE: u64 = 1024 * 1024;
/// A large file begins when this much is left of the one before: about what may be on its way in a round trip, so
/// that neither the end of one nor the beginning of the next is waited for.
const LEFT: u64 = 2 * 1024 * 1024;
/// Requests at a time: a quarter of the streams that a connection has. What they have on its way together is
/// bounded as for one.
const AT_ONCE: usize = 64;
/// Files and folders that have begun or wait for their folder. The walk waits with them: it is ahead by no more.
const AHEAD: usize = 256;

type Copied<T> = Result<T, ClientError>;

/// All that is under way. Dropping it ends it.
pub(super) struct Several {
    tasks: JoinSet<(String, Outcome)>,
    ahead: Arc<Semaphore>,
    requests: Arc<Semaphore>,
    /// One large file has it until little of it is left.
    lane: Arc<Semaphore>,
    lines: watch::Sender<Vec<Line>>,
    changed: watch::Receiver<Vec<Line>>,
    /// The line of the oldest large file.
    shown: Option<(String, Shown)>,
}

/// What became of something.
pub(super) enum Outcome {
    /// A file of so many bytes is whole.
    Copied(u64),
    /// A folder is there, which nobody counts.
    Folder,
    /// Its folder was not made, which was told once.
    LeftOut,
    /// It is not copied, for this reason.
    Skipped(String),
    Failed(ClientError),
}

/// A folder that is being filled. It is closed when nobody holds this any more.
#[derive(Clone)]
pub(super) struct Within(watch::Receiver<bool>);

/// Hears how far a file is.
pub(super) struct Told(Option<LineOf>);

/// How far a large file is.
#[derive(Clone)]
struct Line {
    name: String,
    at: u64,
    size: u64,
}

/// The line of one large file, and its right to be the one.
struct LineOf {
    name: String,
    lines: watch::Sender<Vec<Line>>,
    lane: Option<OwnedSemaphorePermit>,
}

impl Default for Several {
    fn default() -> Self {
        let (lines, changed) = watch::channel(Vec::new());
        let places = |count| Arc::new(Semaphore::new(count));
        Self {
            tasks: JoinSet::new(),
            ahead: places(AHEAD),
            requests: places(AT_ONCE),
            lane: places(1),
            lines,
            changed,
            shown: None,
        }
    }
}

impl Several {
    /// Makes a folder as soon as the one around it is there, and closes it when everything in it is done.
    pub(super) async fn folder(
        &mut self,
        name: String,
        mut around: Within,
        make: impl Future<Output = Copied<()>> + Send + 'static,
        close: Option<(String, impl Future<Output = Copied<()>> + Send + 'static)>,
        tally: &mut Tally,
    ) -> Result<Within, Failure> {
        let ahead = self.place(tally).await?;
        let requests = Arc::clone(&self.requests);
        let (made, within) = watch::channel(false);
        self.tasks.spawn(async move {
            if !around.is_made().await {
                return (name, Outcome::LeftOut);
            }
            let request = requests.acquire().await;
            if let Err(error) = make.await {
                return (name, Outcome::Failed(error));
            }
            drop((request, ahead));
            made.send_replace(true);
            let Some((name, close)) = close else { return (name, Outcome::Folder) };
            made.closed().await;
            let _request = requests.acquire().await;
            (name, close.await.map_or_else(Outcome::Failed, |()| Outcome::Folder))
        });
        Ok(Within(within))
    }

    /// Copies a file as soon as its folder is there: a small one beside others, of the large ones little more than
    /// one at a time.
    pub(super) async fn file<C: Future<Output = Copied<u64>> + Send>(
        &mut self,
        name: String,
        size: u64,
        mut within: Within,
        copy: impl FnOnce(Told) -> C + Send + 'static,
        tally: &mut Tally,
    ) -> Result<(), Failure> {
        let ahead = self.place(tally).await?;
        let (requests, lane) = (Arc::clone(&self.requests), Arc::clone(&self.lane));
        let lines = self.lines.clone();
        self.tasks.spawn(async move {
            let _ahead = ahead;
            if !within.is_made().await {
                return (name, Outcome::LeftOut);
            }
            let told = if size < LARGE {
                Told(None)
            } else {
                let lane = lane.acquire_owned().await.ok();
                Told(Some(LineOf::begin(name.clone(), size, lines, lane)))
            };
            let _request = requests.acquire().await;
            let copied = copy(told).await;
            (name, copied.map_or_else(Outcome::Failed, Outcome::Copied))
        });
        Ok(())
    }

    /// Something is not copied at all, which is told if its folder is there.
    pub(super) async fn not_copied(
        &mut self,
        name: String,
        mut within: Within,
        outcome: Outcome,
        tally: &mut Tally,
    ) -> Result<(), Failure> {
        let ahead = self.place(tally).await?;
        self.tasks.spawn(async move {
            let _ahead = ahead;
            let is_made = within.is_made().await;
            (name, if is_made { outcome } else { Outcome::LeftOut })
        });
        Ok(())
    }

    /// Waits for all of it.
    pub(super) async fn all(&mut self, tally: &mut Tally) -> Result<(), Failure> {
        while !self.tasks.is_empty() {
            tokio::select! {
                Some(done) = self.tasks.join_next() => self.take(done, tally)?,
                Ok(()) = self.changed.changed() => self.show(tally),
            }
        }
        self.show(tally);
        tally.quiet();
        Ok(())
    }

    /// Waits until one more may begin.
    async fn place(&mut self, tally: &mut Tally) -> Result<OwnedSemaphorePermit, Failure> {
        loop {
            tokio::select! {
                biased;
                place = Arc::clone(&self.ahead).acquire_owned() => {
                    return place.map_err(|error| Failure::other(ATTEMPTED, error.to_string()));
                }
                Some(done) = self.tasks.join_next() => self.take(done, tally)?,
                Ok(()) = self.changed.changed() => self.show(tally),
            }
        }
    }

    fn take(
        &mut self,
        done: Result<(String, Outcome), JoinError>,
        tally: &mut Tally,
    ) -> Result<(), Failure> {
        let (name, outcome) = done.map_err(|error| Failure::other(ATTEMPTED, error.to_string()))?;
        match outcome {
            Outcome::Copied(bytes) => {
                tally.copied(bytes);
                self.show(tally);
                if self.shown.is_none() {
                    tally.show();
                }
                Ok(())
            }
            Outcome::Folder | Outcome::LeftOut => Ok(()),
            Outcome::Skipped(why) => tally.skip(&name, &why),
            Outcome::Failed(error) => tally.fail(&name, error),
        }
    }

    /// Shows how far the oldest of the large files is.
    fn show(&mut self, tally: &mut Tally) {
        let oldest = self.changed.borrow_and_update().first().cloned();
        let is_its =
            |(name, _): &mut (String, Shown)| oldest.as_ref().is_none_or(|line| line.name != *name);
        if let Some((_, before)) = self.shown.take_if(is_its) {
            before.end();
        }
        let Some(line) = oldest else { return };
        let (_, shown) = self.shown.get_or_insert_with(|| {
            tally.quiet();
            let shown = Shown::new(&line.name, Some(line.size));
            (line.name, shown)
        });
        shown.size = Some(line.size);
        shown.at(line.at);
    }
}

impl Within {
    /// A folder that is there, around everything.
    pub(super) fn everything() -> Self {
        Self(watch::channel(true).1)
    }

    /// Waits until it is known whether it was made.
    async fn is_made(&mut self) -> bool {
        self.0.wait_for(|made| *made).await.is_ok()
    }
}

impl Told {
    /// So much of it is there.
    pub(super) fn at(&mut self, at: u64, size: u64) {
        if let Some(line) = &mut self.0 {
            line.at(at, size);
        }
    }
}

impl LineOf {
    fn begin(
        name: String,
        size: u64,
        lines: watch::Sender<Vec<Line>>,
        lane: Option<OwnedSemaphorePermit>,
    ) -> Self {
        lines.send_modify(|lines| lines.push(Line { name: name.clone(), at: 0, size }));
        let mut line = Self { name, lines, lane };
        line.at(0, size);
        line
    }

    fn at(&mut self, at: u64, size: u64) {
        self.lines.send_modify(|lines| {
            if let Some(line) = lines.iter_mut().find(|line| line.name == self.name) {
                (line.at, line.size) = (at, size);
            }
        });
        if size.saturating_sub(at) <= LEFT {
            self.lane = None;
        }
    }
}

impl Drop for LineOf {
    fn drop(&mut self) {
        self.lines.send_modify(|lines| lines.retain(|line| line.name != self.name));
    }
}

#[cfg(test)]
mod tests;
