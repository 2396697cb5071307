//! Looking through chunks on several threads, some ahead of whoever takes what they find, which comes in the
//! order in which it was asked for.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::Scope;

use ccc_journal::{Error, Result};

use super::piece::Lines;
use crate::pattern::Pattern;

/// Threads of one search at most: what it holds grows with them.
const THREADS: usize = 4;
/// Chunks for each thread that are asked for ahead: one in work, and one so that none waits.
const AHEAD: usize = 2;

/// The text of a chunk and the lines in it that match, if any do.
pub(super) type Looked = Result<Option<(String, Vec<usize>)>>;

/// The threads of one search, which take chunks in turn. They end when this is dropped.
#[derive(Debug)]
pub(super) struct Threads {
    threads: Vec<Working>,
    asked: usize,
    taken: usize,
}

/// One of them. Both ways have room for what is asked for ahead.
#[derive(Debug)]
struct Working {
    jobs: SyncSender<(Arc<Lines>, usize)>,
    looked: Receiver<Looked>,
}

impl Threads {
    /// Threads that look for lines that match.
    pub(super) fn begin<'scope>(
        scope: &'scope Scope<'scope, '_>,
        pattern: &'scope Pattern,
    ) -> Self {
        let count = std::thread::available_parallelism().map_or(1, |all| all.get().min(THREADS));
        let begin = |_| {
            let (jobs, taking) = sync_channel(AHEAD);
            let (giving, looked) = sync_channel(AHEAD);
            let thread = std::thread::Builder::new().name("ccc-search".into());
            // With fewer it takes longer, and with none each chunk is looked through by whoever takes it.
            let spawned = thread.spawn_scoped(scope, move || work(pattern, &taking, &giving));
            spawned.is_ok().then_some(Working { jobs, looked })
        };
        Self { threads: (0..count).filter_map(begin).collect(), asked: 0, taken: 0 }
    }

    pub(super) fn have_room(&self) -> bool {
        self.asked - self.taken < self.threads.len().max(1) * AHEAD
    }

    /// Asks for a chunk to be looked through. To be called while they have room.
    pub(super) fn look(&mut self, lines: Arc<Lines>, chunk: usize) {
        if let Some(thread) = self.threads.get(self.asked % self.threads.len().max(1)) {
            // Where nobody works any more, whoever takes is told.
            let _ = thread.jobs.send((lines, chunk));
        }
        self.asked += 1;
    }

    /// What was found in the next of the chunks that were asked for.
    pub(super) fn next(&mut self) -> Looked {
        let failed = || Error::Malformed { what: "thread of a search" };
        let thread = self.threads.get(self.taken % self.threads.len().max(1)).ok_or_else(failed);
        self.taken += 1;
        thread?.looked.recv().map_err(|_ended| failed())?
    }
}

fn work(pattern: &Pattern, jobs: &Receiver<(Arc<Lines>, usize)>, giving: &SyncSender<Looked>) {
    while let Ok((lines, chunk)) = jobs.recv() {
        let looked = catch_unwind(AssertUnwindSafe(|| {
            let text = lines.text(chunk)?;
            let numbers = pattern.lines_of(&text);
            Ok((!numbers.is_empty()).then_some((text, numbers)))
        }));
        let panicked = |_panic| Err(Error::Malformed { what: "chunk of lines" });
        if giving.send(looked.unwrap_or_else(panicked)).is_err() {
            return;
        }
    }
}
