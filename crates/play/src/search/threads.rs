//! Looking through chunks on several threads, some ahead of whoever takes what they find, which comes in the
//! order in which it was asked for.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::Scope;

use ccc_journal::{Error, Result, TextBuffer};

use super::piece::Lines;
use crate::pattern::Pattern;

/// Threads of one search at most: what it holds grows with them.
const THREADS: usize = 4;
/// Chunks for each thread that are asked for ahead: one in work, and one so that none waits.
const AHEAD: usize = 2;
/// Chunks that are left to whoever takes them: what stands on the screen, and the newest that left it, where what is
/// frequent is found. A thread would only have to be waited for.
const OWN: usize = 2;

/// The text of a chunk and the lines in it that match, if any do.
pub(super) type Looked = Result<Option<(String, Vec<usize>)>>;

/// The threads of one search, which take chunks in turn. Each begins with its first chunk, and all end when this is
/// dropped.
#[derive(Debug)]
pub(super) struct Threads<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    pattern: &'scope Pattern,
    /// The first chunks of all, which are looked through by whoever takes them.
    own: VecDeque<(Arc<Lines>, usize)>,
    buffer: TextBuffer,
    threads: Vec<Working>,
    /// How many there are to be.
    count: usize,
    asked: usize,
    taken: usize,
}

/// One of them. Both ways have room for what is asked for ahead.
#[derive(Debug)]
struct Working {
    jobs: SyncSender<(Arc<Lines>, usize)>,
    looked: Receiver<Looked>,
}

impl<'scope, 'env> Threads<'scope, 'env> {
    /// Threads that look for lines that match.
    pub(super) fn new(scope: &'scope Scope<'scope, 'env>, pattern: &'scope Pattern) -> Self {
        let count = std::thread::available_parallelism().map_or(1, |all| all.get().min(THREADS));
        Self {
            scope,
            pattern,
            own: VecDeque::new(),
            buffer: TextBuffer::default(),
            threads: Vec::new(),
            count,
            asked: 0,
            taken: 0,
        }
    }

    /// Whether one more chunk may be asked for: one at first, and then one more each time.
    pub(super) fn have_room(&self) -> bool {
        self.asked - self.taken < (self.count * AHEAD).min(self.taken + 1)
    }

    /// Asks for a chunk to be looked through. To be called while they have room.
    pub(super) fn look(&mut self, lines: Arc<Lines>, chunk: usize) {
        let Some(turn) = self.asked.checked_sub(OWN) else {
            self.own.push_back((lines, chunk));
            self.asked += 1;
            return;
        };
        if turn == self.threads.len() && turn < self.count {
            let (jobs, taking) = sync_channel(AHEAD);
            let (giving, looked) = sync_channel(AHEAD);
            let thread = std::thread::Builder::new().name("ccc-search".into());
            let pattern = self.pattern;
            // Without it those who take are told, and each chunk is looked through by whoever takes it.
            let _ = thread.spawn_scoped(self.scope, move || work(pattern, &taking, &giving));
            self.threads.push(Working { jobs, looked });
        }
        if let Some(thread) = self.threads.get(turn % self.count) {
            let _ = thread.jobs.send((lines, chunk));
        }
        self.asked += 1;
    }

    /// What was found in the next of the chunks that were asked for.
    pub(super) fn next(&mut self) -> Looked {
        let failed = || Error::Malformed { what: "thread of a search" };
        self.taken += 1;
        if let Some((lines, chunk)) = self.own.pop_front() {
            return look(self.pattern, &lines, chunk, &mut self.buffer);
        }
        let turn = self.taken.saturating_sub(OWN + 1) % self.count;
        let thread = self.threads.get(turn).ok_or_else(failed);
        thread?.looked.recv().map_err(|_ended| failed())?
    }
}

fn work(pattern: &Pattern, jobs: &Receiver<(Arc<Lines>, usize)>, giving: &SyncSender<Looked>) {
    let mut buffer = TextBuffer::default();
    while let Ok((lines, chunk)) = jobs.recv() {
        let looking = AssertUnwindSafe(|| look(pattern, &lines, chunk, &mut buffer));
        let looked = catch_unwind(looking);
        let panicked = |_panic| Err(Error::Malformed { what: "chunk of lines" });
        if giving.send(looked.unwrap_or_else(panicked)).is_err() {
            return;
        }
    }
}

fn look(pattern: &Pattern, lines: &Lines, chunk: usize, buffer: &mut TextBuffer) -> Looked {
    let numbers = pattern.lines_of(lines.text_into(chunk, buffer)?);
    if numbers.is_empty() {
        return Ok(None);
    }
    Ok(Some((lines.take_text(chunk, buffer)?, numbers)))
}
