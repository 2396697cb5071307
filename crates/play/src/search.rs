//! Searching what recordings came to, the newest first. Owns the order, and where the lines come from:
//! from the file beside a segment, or folded here from the bytes.
//!
//! Pieces of recordings are taken by the time of their last line, chunk by chunk. Chunks are looked through some
//! steps ahead, on threads; what they give is taken in order. A find is told when nothing that is still to be
//! looked at can be newer.

mod cache;
mod piece;
#[cfg(test)]
mod tests;
mod threads;

use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

use ccc_journal::{LineChunk, LineRef, Result, ShownLine};
use ccc_vt::Size;

use crate::command::commands;
use crate::pattern::Pattern;

pub use cache::LinesCache;
pub use piece::make_lines;
use piece::{Cursor, Lines, Piece, cursors};
use threads::{Looked, Threads};

/// Places in one line that are told.
const PLACES: usize = 64;
/// Steps that are planned ahead at most.
const STEPS: usize = 64;

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
    std::thread::scope(|scope| {
        let threads = Threads::new(scope, &query.pattern);
        let mut search = Search {
            recordings,
            query,
            cache,
            stop,
            threads,
            heap: BinaryHeap::new(),
            steps: VecDeque::new(),
            waiting: BTreeMap::new(),
            lowest: vec![None; recordings.len()],
            spans: vec![None; recordings.len()],
            searched: Searched::default(),
            looked: 0,
        };
        let why = search.run(tell);
        (why, search.searched)
    })
}

/// What is to be done next, in order.
enum Step {
    /// To take what a thread finds in a chunk.
    Take { piece: Arc<Piece>, lines: Arc<Lines>, chunk: usize, newest_ms: u64 },
    /// To be done with a piece, whose lowest number of a line is this.
    Leave { recording: usize, lowest: Option<u64> },
    /// To pass a piece over.
    PassOver,
}

struct Search<'a, 'scope, 'env> {
    recordings: &'a [Sought],
    query: &'a Query,
    cache: &'a LinesCache,
    stop: &'a dyn Fn() -> bool,
    threads: Threads<'scope, 'env>,
    heap: BinaryHeap<Cursor>,
    steps: VecDeque<Step>,
    waiting: BTreeMap<Rank, Found>,
    /// The lowest number of a line of each recording that a newer piece has: that one counts.
    lowest: Vec<Option<u64>>,
    /// Where the commands that are asked for printed, once it is known.
    spans: Vec<Option<Vec<(u64, u64)>>>,
    searched: Searched,
    looked: u64,
}

impl Search<'_, '_, '_> {
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
        loop {
            if (self.stop)() {
                return Stop::Told;
            }
            self.plan();
            let Some(step) = self.steps.pop_front() else { break };
            let told = self.searched.pieces;
            self.step(step);
            let ready = self.ready(self.newest_ms());
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

    /// No line that was not taken yet is newer.
    fn newest_ms(&self) -> u64 {
        let steps = self.steps.iter().filter_map(|step| match step {
            Step::Take { newest_ms, .. } => Some(*newest_ms),
            Step::Leave { .. } | Step::PassOver => None,
        });
        let heap = self.heap.peek().map(|cursor| cursor.newest_ms);
        steps.chain(heap).max().unwrap_or(0)
    }

    /// Gives threads what they have room for.
    fn plan(&mut self) {
        while self.threads.have_room()
            && self.steps.len() < STEPS
            && let Some(mut cursor) = self.heap.pop()
        {
            if cursor.lines().is_none() {
                let Some(sought) = self.recordings.get(cursor.piece.recording) else { continue };
                let stored = cursor.piece.stored(sought).map(Arc::new);
                let wanted = self.query.pattern.wanted();
                let opened = stored.is_some_and(|lines| cursor.open(lines, wanted).is_ok());
                if !opened && !self.steps.is_empty() {
                    // That may take long: what was found so far is told before.
                    self.heap.push(cursor);
                    return;
                }
                if !opened {
                    match cursor.piece.make(sought, self.cache, self.stop) {
                        Ok(Some(lines)) => {
                            if cursor.open(lines, wanted).is_err() {
                                self.steps.push_back(Step::PassOver);
                                return;
                            }
                        }
                        // Not wanted any more.
                        Ok(None) => continue,
                        Err(_) => {
                            self.steps.push_back(Step::PassOver);
                            return;
                        }
                    }
                }
            } else if let Some((chunk, newest_ms)) = cursor.take_next(self.query.since_ms)
                && let Some(lines) = cursor.lines()
            {
                let (piece, lines) = (Arc::clone(&cursor.piece), Arc::clone(lines));
                self.threads.look(Arc::clone(&lines), chunk);
                self.steps.push_back(Step::Take { piece, lines, chunk, newest_ms });
            }
            if cursor.has_next(self.query.since_ms) {
                self.heap.push(cursor);
            } else {
                let (recording, lowest) = (cursor.piece.recording, cursor.lowest());
                self.steps.push_back(Step::Leave { recording, lowest });
            }
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Take { piece, lines, chunk, .. } => {
                let looked = self.threads.next();
                if self.take_from(&piece, lines, chunk, looked).is_err() {
                    self.searched.unreadable += 1;
                }
            }
            Step::Leave { recording, lowest: of_piece } => {
                self.searched.pieces += 1;
                if let Some(lowest) = self.lowest.get_mut(recording) {
                    *lowest = match (*lowest, of_piece) {
                        (Some(one), Some(other)) => Some(one.min(other)),
                        (one, other) => one.or(other),
                    };
                }
            }
            Step::PassOver => {
                self.searched.pieces += 1;
                self.searched.unreadable += 1;
            }
        }
    }

    /// Takes what was found in a chunk. Where it is not what was written, all lines of the piece are made again.
    fn take_from(
        &mut self,
        piece: &Piece,
        mut lines: Arc<Lines>,
        chunk: usize,
        looked: Looked,
    ) -> Result<()> {
        let read = looked.and_then(|found| {
            let Some((text, numbers)) = found else { return Ok(None) };
            Ok(Some((lines.with_places(chunk, text)?, numbers)))
        });
        let Some(sought) = self.recordings.get(piece.recording) else { return Ok(()) };
        let found = match read {
            Ok(found) => found,
            Err(error) if matches!(*lines, Lines::Memory(_)) => return Err(error),
            Err(_) => {
                let made = piece.make(sought, self.cache, self.stop)?;
                let Some(made) = made else { return Ok(()) };
                lines = made;
                let text = lines.text(chunk)?;
                let numbers = self.query.pattern.lines_of(text.as_bytes());
                Some((lines.with_places(chunk, text)?, numbers))
            }
        };
        let Some((read, numbers)) = found else { return Ok(()) };
        let found = self.take(piece.recording, &lines, chunk, &read, &numbers);
        let wanted = self.query.count.saturating_sub(self.searched.found);
        for (rank, one) in found {
            self.waiting.insert(rank, one);
            if self.waiting.len() > wanted {
                self.waiting.pop_first();
            }
        }
        Ok(())
    }

    /// The lines of these numbers, the newest first and no more than are wanted.
    fn take(
        &mut self,
        recording: usize,
        around: &Lines,
        chunk: usize,
        read: &LineChunk,
        numbers: &[usize],
    ) -> Vec<(Rank, Found)> {
        let mut found = Vec::new();
        let lines: Vec<LineRef<'_>> = read.lines().collect();
        let wanted = self.query.count.saturating_sub(self.searched.found);
        let mut taken = 0;
        for number in numbers.iter().rev() {
            let Some(line) = lines.get(*number) else { continue };
            if taken >= wanted {
                break;
            }
            if !self.counts(recording, *line) {
                continue;
            }
            taken += 1;
            let (before, after) = around.context(chunk, &lines, *number, self.query.context);
            self.looked += 1;
            let rank = (
                line.unix_ms,
                recording,
                line.offset.0,
                line.number.unwrap_or(0),
                // Earlier ones of this chunk, and chunks looked at later, are older.
                u64::MAX - self.looked,
            );
            let places = self.query.pattern.places(line.text, PLACES);
            let line = line.to_line();
            found.push((rank, Found { recording, line, places, before, after }));
        }
        found
    }

    fn counts(&mut self, recording: usize, line: LineRef<'_>) -> bool {
        if self.query.since_ms > 0 && line.unix_ms < self.query.since_ms {
            return false;
        }
        let newer = self.lowest.get(recording).copied().flatten();
        if line.number.zip(newer).is_some_and(|(number, newer)| number >= newer) {
            return false;
        }
        let Some(pattern) = &self.query.command else { return true };
        let Some(spans) = self.spans.get_mut(recording) else { return true };
        let Some(sought) = self.recordings.get(recording) else { return true };
        let spans = spans.get_or_insert_with(|| {
            let known = commands(&sought.dir).unwrap_or_default();
            let meant = known.iter().filter(|command| pattern.is_in(&command.text));
            meant.map(|command| (command.from, command.to.unwrap_or(u64::MAX))).collect()
        });
        spans.iter().any(|(from, to)| *from < line.offset.0 && line.offset.0 <= *to)
    }
}
