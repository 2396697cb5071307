//! Searching what recordings came to, the newest first. Owns the order, and where the lines come from:
//! from the file beside a segment, or folded here from the bytes.
//!
//! Pieces of recordings are taken by the time of their last line, chunk by chunk. A find is told when nothing
//! that is still to be looked at can be newer.

mod cache;
mod piece;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BinaryHeap};
use std::path::PathBuf;

use ccc_journal::{Error, LineChunk, LineRef, Result, ShownLine};
use ccc_vt::Size;

use crate::command::commands;
use crate::pattern::Pattern;

pub use cache::LinesCache;
pub use piece::make_lines;
use piece::{Cursor, cursors};

/// Places in one line that are told.
const PLACES: usize = 64;

/// Threads of one search at most: what it holds grows with them.
const THREADS: usize = 4;

/// A recording to look through.
#[derive(Clone, Debug)]
pub struct Sought {
    /// Its directory.
    pub dir: PathBuf,
    /// Of a screen nothing is known of.
    pub size: Size,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Query {
    pub pattern: Pattern,
    /// Only lines that came then or later, milliseconds since 1970; 0 for all.
    pub since_ms: u64,
    /// Only what commands printed in whose text this is.
    pub command: Option<Pattern>,
    /// Lines before and after each find.
    pub context: usize,
    /// The most finds.
    pub count: usize,
}

/// A line that matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which of the recordings it is in.
    pub recording: usize,
    pub line: ShownLine,
    /// Bytes of the line's text that match.
    pub places: Vec<(usize, usize)>,
    pub before: Vec<String>,
    pub after: Vec<String>,
}

/// How far a search is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Searched {
    /// Pieces of recordings that were looked through, and how many there are.
    pub pieces: usize,
    pub of: usize,
    /// Finds that were told.
    pub found: usize,
    /// Pieces that could not be read.
    pub unreadable: usize,
}

/// Why a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// All was looked through.
    All,
    /// There are as many finds as were wanted, and perhaps more.
    Count,
    /// It was told to stop.
    Told,
}

/// The order in which finds are told, the first one last: time, then where it came from.
type Rank = (u64, usize, u64, u64, u64);

/// Looks through recordings. `tell` hears finds, the newest first, and how far it is, and says whether more
/// is wanted; `stop` is asked in between.
///
/// What cannot be read is passed over and counted.
pub fn search(
    recordings: &[Sought],
    query: &Query,
    cache: &LinesCache,
    stop: &dyn Fn() -> bool,
    tell: &mut dyn FnMut(Vec<Found>, Searched) -> bool,
) -> (Stop, Searched) {
    let mut search = Search {
        recordings,
        query,
        cache,
        stop,
        heap: BinaryHeap::new(),
        waiting: BTreeMap::new(),
        lowest: vec![None; recordings.len()],
        spans: vec![None; recordings.len()],
        searched: Searched::default(),
        looked: 0,
        threads: std::thread::available_parallelism().map_or(1, |all| all.get().min(THREADS)),
    };
    let why = search.run(tell);
    (why, search.searched)
}

struct Search<'a> {
    recordings: &'a [Sought],
    query: &'a Query,
    cache: &'a LinesCache,
    stop: &'a dyn Fn() -> bool,
    heap: BinaryHeap<Cursor>,
    waiting: BTreeMap<Rank, Found>,
    /// The lowest number of a line of each recording that a newer piece has: that one counts.
    lowest: Vec<Option<u64>>,
    /// Where the commands that are asked for printed, once it is known.
    spans: Vec<Option<Vec<(u64, u64)>>>,
    searched: Searched,
    looked: u64,
    /// Chunks that are read at the same time.
    threads: usize,
}

impl Search<'_> {
    fn run(&mut self, tell: &mut dyn FnMut(Vec<Found>, Searched) -> bool) -> Stop {
        for (number, recording) in self.recordings.iter().enumerate() {
            match cursors(number, &recording.dir, self.query.since_ms) {
                Ok(found) => {
                    self.searched.of += found.len();
                    self.heap.extend(found);
                }
                Err(_) => self.searched.unreadable += 1,
            }
            if (self.stop)() {
                return Stop::Told;
            }
        }
        while let Some(cursor) = self.heap.pop() {
            if (self.stop)() {
                return Stop::Told;
            }
            let told = self.searched.pieces;
            match self.step(cursor) {
                Ok(Some(next)) => self.heap.push(next),
                Ok(None) => self.searched.pieces += 1,
                Err(_) => {
                    self.searched.pieces += 1;
                    self.searched.unreadable += 1;
                }
            }
            let ready = self.ready(self.heap.peek().map_or(0, |cursor| cursor.newest_ms));
            let news = !ready.is_empty() || self.searched.pieces > told;
            self.searched.found += ready.len();
            if news && !tell(ready, self.searched) {
                return Stop::Told;
            }
            if self.searched.found >= self.query.count {
                return Stop::Count;
            }
        }
        let ready = self.ready(0);
        self.searched.found += ready.len();
        if !tell(ready, self.searched) {
            return Stop::Told;
        }
        if self.searched.found >= self.query.count { Stop::Count } else { Stop::All }
    }

    /// Takes those that are as new as `newest_ms`, or newer.
    fn ready(&mut self, newest_ms: u64) -> Vec<Found> {
        let mut ready = Vec::new();
        let room = self.query.count.saturating_sub(self.searched.found);
        while ready.len() < room
            && let Some(last) = self.waiting.last_entry()
            && (last.key().0 >= newest_ms || newest_ms == 0)
        {
            ready.push(last.remove());
        }
        ready
    }

    /// Opens a piece, or looks through its next chunk. `None` when it is done with.
    fn step(&mut self, mut cursor: Cursor) -> Result<Option<Cursor>> {
        let Some(sought) = self.recordings.get(cursor.recording) else { return Ok(None) };
        if !cursor.is_open() {
            if !cursor.open(sought, self.cache, self.stop)? {
                return Ok(None);
            }
            return Ok(cursor.has_next(self.query.since_ms).then_some(cursor));
        }
        let (found, finished) = self.look(&mut cursor, sought)?;
        let wanted = self.query.count.saturating_sub(self.searched.found);
        for (rank, one) in found {
            self.waiting.insert(rank, one);
            if self.waiting.len() > wanted {
                self.waiting.pop_first();
            }
        }
        if finished {
            if let Some(lowest) = self.lowest.get_mut(cursor.recording) {
                *lowest = match (*lowest, cursor.lowest()) {
                    (Some(one), Some(other)) => Some(one.min(other)),
                    (one, other) => one.or(other),
                };
            }
            return Ok(None);
        }
        Ok(Some(cursor))
    }

    /// Looks through the next chunks of a piece, and says whether those were the last.
    fn look(&mut self, cursor: &mut Cursor, sought: &Sought) -> Result<(Vec<(Rank, Found)>, bool)> {
        let mut chunks = Vec::new();
        while chunks.len() < self.threads
            && let Some(chunk) = cursor.take_next()
        {
            let may = cursor.info(chunk).is_some_and(|info| {
                self.query.pattern.may_be_in(&info.filter)
                    && (self.query.since_ms == 0 || info.last_ms >= self.query.since_ms)
            });
            if may {
                chunks.push(chunk);
            }
        }
        let mut read = self.read(cursor, &chunks);
        let mut found = Vec::new();
        for (chunk, read) in chunks.into_iter().zip(read.drain(..)) {
            let (text, numbers) = match read {
                Ok(read) => read,
                Err(_) => {
                    // Once more, from bytes that are made anew if they have to be.
                    let text = cursor.chunk(chunk, sought, self.cache, self.stop)?;
                    let numbers = self.query.pattern.lines_of(text.text());
                    (text, numbers)
                }
            };
            if !numbers.is_empty() {
                self.take(cursor, sought, chunk, &text, &numbers, &mut found);
            }
        }
        Ok((found, !cursor.has_next(self.query.since_ms)))
    }

    /// Reads chunks and looks for lines in them, each on a thread of its own.
    fn read(&self, cursor: &Cursor, chunks: &[usize]) -> Vec<Result<(LineChunk, Vec<usize>)>> {
        let pattern = &self.query.pattern;
        let one = |chunk: usize| {
            let read = cursor.read(chunk)?;
            let numbers = pattern.lines_of(read.text());
            Ok((read, numbers))
        };
        let Some((first, others)) = chunks.split_first() else { return Vec::new() };
        std::thread::scope(|scope| {
            let others: Vec<_> = others
                .iter()
                .map(|chunk| {
                    let spawned = std::thread::Builder::new().spawn_scoped(scope, || one(*chunk));
                    spawned.map_err(|_no_thread| *chunk)
                })
                .collect();
            let mut read = vec![one(*first)];
            read.extend(others.into_iter().map(|other| match other {
                Ok(thread) => {
                    let panicked = || Err(Error::Malformed { what: "chunk of lines" });
                    thread.join().unwrap_or_else(|_| panicked())
                }
                Err(chunk) => one(chunk),
            }));
            read
        })
    }

    /// Takes the lines of these numbers, the newest first and no more than are wanted.
    fn take(
        &mut self,
        cursor: &Cursor,
        sought: &Sought,
        chunk: usize,
        read: &LineChunk,
        numbers: &[usize],
        found: &mut Vec<(Rank, Found)>,
    ) {
        let lines: Vec<LineRef<'_>> = read.lines().collect();
        let wanted = self.query.count.saturating_sub(self.searched.found);
        let mut taken = 0;
        for number in numbers.iter().rev() {
            let Some(line) = lines.get(*number) else { continue };
            if taken >= wanted {
                break;
            }
            if !self.counts(cursor.recording, *line, sought) {
                continue;
            }
            taken += 1;
            let (before, after) = cursor.context(chunk, &lines, *number, self.query.context);
            self.looked += 1;
            let rank = (
                line.unix_ms,
                cursor.recording,
                line.offset.0,
                line.number.unwrap_or(0),
                // Earlier ones of this chunk, and chunks looked at later, are older.
                u64::MAX - self.looked,
            );
            let places = self.query.pattern.places(line.text, PLACES);
            let (recording, line) = (cursor.recording, line.to_line());
            found.push((rank, Found { recording, line, places, before, after }));
        }
    }

    fn counts(&mut self, recording: usize, line: LineRef<'_>, sought: &Sought) -> bool {
        if self.query.since_ms > 0 && line.unix_ms < self.query.since_ms {
            return false;
        }
        let newer = self.lowest.get(recording).copied().flatten();
        if line.number.zip(newer).is_some_and(|(number, newer)| number >= newer) {
            return false;
        }
        let Some(pattern) = &self.query.command else { return true };
        let Some(spans) = self.spans.get_mut(recording) else { return true };
        let spans = spans.get_or_insert_with(|| {
            let known = commands(&sought.dir).unwrap_or_default();
            let meant = known.iter().filter(|command| pattern.is_in(&command.text));
            meant.map(|command| (command.from, command.to.unwrap_or(u64::MAX))).collect()
        });
        spans.iter().any(|(from, to)| *from < line.offset.0 && line.offset.0 <= *to)
    }
}
