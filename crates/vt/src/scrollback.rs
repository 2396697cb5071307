//! The logical lines above the screen: compact, numbered for ever, in a window capped by bytes.
//! Older lines are computed again from the recording by whoever wants them.
//!
//! Lines are kept in chunks of encoded bodies (see `codec`), so that a line costs its text and a
//! few bytes, and eviction frees whole chunks.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;

use crate::cell::PackedCell;
use crate::codec::{self, Input, Item, LinkTable};
use crate::intern::Tables;
use crate::{Cell, Line, LineNumber, Link, Text};

/// Bytes of bodies in a chunk: what eviction frees at a time.
const CHUNK_BYTES: usize = 32 << 10;
/// A logical line is cut when its body reaches this, or a program that never ends its line would
/// keep all its output in one.
pub(crate) const LINE_BYTES: usize = 64 << 10;
/// The most lines that resizes can pull back onto the screen.
const REACH_LINES: usize = 256;
/// The most bytes of lines that resizes can pull back.
const REACH_BYTES: usize = 32 << 10;

#[derive(Debug, Default)]
struct Chunk {
    /// Number of its first line.
    first: u64,
    /// Records: generation, pieces (varints), body.
    bytes: Vec<u8>,
    /// Where each record ends.
    ends: Vec<u32>,
    links: LinkTable,
    link_bytes: usize,
}

impl Chunk {
    fn len(&self) -> u64 {
        self.ends.len() as u64
    }

    fn cost(&self) -> usize {
        self.bytes.len() + self.ends.len() * 4 + self.link_bytes
    }

    fn record(&self, index: usize) -> Option<&[u8]> {
        let start = match index.checked_sub(1) {
            None => 0,
            Some(before) => *self.ends.get(before)?,
        };
        self.bytes.get(start as usize..*self.ends.get(index)? as usize)
    }
}

/// A line whose end is still on the screen.
#[derive(Debug, Default)]
struct Tail {
    generation: u32,
    /// Rows it has received.
    pieces: u32,
    body: Vec<u8>,
    links: LinkTable,
    link_bytes: usize,
}

/// The scrollback of one screen.
#[derive(Debug)]
pub struct Scrollback {
    chunks: VecDeque<Chunk>,
    tail: Option<Tail>,
    /// Number of the tail, or of the next line if there is none.
    next: u64,
    /// Number of pull-backs; part of a line's version.
    generation: u32,
    /// Weights (body and links) of the lines that a resize may pull back, oldest first. It only shrinks by
    /// pulling and by being pushed out, so that a restored screen can do what the original can.
    reach: VecDeque<u32>,
    reach_bytes: usize,
    /// Cost of all chunks.
    bytes: usize,
    cap: usize,
}

/// Lines pulled back: cells, ready for a grid.
#[derive(Debug)]
pub(crate) struct Pulled {
    pub(crate) cells: Vec<PackedCell>,
}

impl Scrollback {
    pub(crate) fn new(cap: usize) -> Self {
        Self {
            chunks: VecDeque::new(),
            tail: None,
            next: 0,
            generation: 0,
            reach: VecDeque::new(),
            reach_bytes: 0,
            bytes: 0,
            cap,
        }
    }

    /// Number of the oldest line in the window.
    #[must_use]
    pub fn first(&self) -> LineNumber {
        LineNumber(self.chunks.front().map_or(self.next, |chunk| chunk.first))
    }

    /// One past the newest line: the number the next line to begin scrolling off will get.
    #[must_use]
    pub fn end(&self) -> LineNumber {
        LineNumber(self.next + u64::from(self.tail.is_some()))
    }

    /// Lines in the window.
    #[must_use]
    pub fn len(&self) -> usize {
        usize::try_from(self.end().0 - self.first().0).unwrap_or(usize::MAX)
    }

    /// Whether the window holds no line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of the open line: its first rows have scrolled off, its end is on the screen.
    #[must_use]
    pub fn open(&self) -> Option<LineNumber> {
        self.tail.as_ref().map(|_| LineNumber(self.next))
    }

    /// How many rows of the open line have scrolled off.
    pub(crate) fn open_pieces(&self) -> u32 {
        self.tail.as_ref().map_or(0, |tail| tail.pieces)
    }

    /// A line of the window.
    #[must_use]
    pub fn line(&self, number: LineNumber) -> Option<Line> {
        if let (Some(tail), true) = (&self.tail, number.0 == self.next) {
            let version = version(tail.generation, tail.pieces);
            let cells = resolve(&tail.body, &tail.links.links);
            return Some(Line { number, version, open: true, cells });
        }
        let (chunk, record) = self.find(number)?;
        let mut input = Input::new(record);
        let generation = u32::try_from(input.varint().ok()?).ok()?;
        let pieces = u32::try_from(input.varint().ok()?).ok()?;
        let cells = resolve(input.rest(), &chunk.links.links);
        Some(Line { number, version: version(generation, pieces), open: false, cells })
    }

    /// The text of a line of the window, without building its cells.
    #[must_use]
    pub fn text(&self, number: LineNumber) -> Option<String> {
        if let (Some(tail), true) = (&self.tail, number.0 == self.next) {
            return Some(text_of(&tail.body));
        }
        let (_, record) = self.find(number)?;
        let mut input = Input::new(record);
        input.varint().ok()?;
        input.varint().ok()?;
        Some(text_of(input.rest()))
    }

    /// The lines of the window, oldest first.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = Line> + '_ {
        (self.first().0..self.end().0).filter_map(|number| self.line(LineNumber(number)))
    }

    fn find(&self, number: LineNumber) -> Option<(&Chunk, &[u8])> {
        let after = self.chunks.partition_point(|chunk| chunk.first <= number.0);
        let chunk = self.chunks.get(after.checked_sub(1)?)?;
        let index = usize::try_from(number.0 - chunk.first).ok()?;
        Some((chunk, chunk.record(index)?))
    }

    /// Takes a row that leaves the screen at the top.
    pub(crate) fn push(&mut self, cells: &[PackedCell], wrapped: bool, tables: &Tables) {
        if self.tail.is_none() && !wrapped {
            // The usual line: it goes straight into its chunk.
            self.make_room(cells.len());
            let Some(chunk) = self.chunks.back_mut() else { return };
            let links = chunk.links.links.len();
            let before = chunk.bytes.len();
            codec::varint(u64::from(self.generation), &mut chunk.bytes);
            codec::varint(1, &mut chunk.bytes);
            let start = chunk.bytes.len();
            let linked = codec::encode(cells, tables, &mut chunk.links, false, &mut chunk.bytes);
            let mut weight = chunk.bytes.len() - start;
            if linked {
                let body = chunk.bytes.get(start..).unwrap_or_default();
                weight += links_weight(body, &chunk.links.links);
            }
            if chunk.links.links.len() > links {
                let cost = link_cost(chunk.links.links.get(links..).unwrap_or_default());
                chunk.link_bytes += cost;
                self.bytes += cost;
            }
            self.sealed(before, weight);
            return;
        }
        let generation = self.generation;
        let tail = self.tail.get_or_insert_with(|| Tail { generation, ..Tail::default() });
        tail.pieces += 1;
        let links = tail.links.links.len();
        codec::encode(cells, tables, &mut tail.links, false, &mut tail.body);
        tail.link_bytes += link_cost(tail.links.links.get(links..).unwrap_or_default());
        if !wrapped || tail.body.len() >= LINE_BYTES || tail.link_bytes >= 4 * LINE_BYTES {
            self.close();
        }
    }

    /// Ends the open line where it is.
    pub(crate) fn close(&mut self) {
        let Some(tail) = self.tail.take() else { return };
        // Its links are numbered anew, so the body goes through a chunk of its own if it has any.
        if !tail.links.links.is_empty() {
            let link_bytes = tail.link_bytes;
            self.evict();
            self.bytes += link_bytes;
            self.chunks.push_back(Chunk {
                first: self.next,
                links: tail.links,
                link_bytes,
                ..Chunk::default()
            });
        } else {
            self.make_room(tail.body.len());
        }
        self.seal(tail.generation, tail.pieces, &tail.body);
    }

    /// Makes the last chunk one that can take a body of about `bytes`.
    #[inline]
    fn make_room(&mut self, bytes: usize) {
        if self.chunks.back().is_some_and(|chunk| chunk.bytes.len() + bytes <= CHUNK_BYTES) {
            return;
        }
        // A window that moves recycles its oldest chunk.
        let old = self.evict().unwrap_or_default();
        let (mut bytes, mut ends) = (old.bytes, old.ends);
        bytes.clear();
        ends.clear();
        self.chunks.push_back(Chunk { first: self.next, bytes, ends, ..Chunk::default() });
    }

    #[inline]
    fn seal(&mut self, generation: u32, pieces: u32, body: &[u8]) {
        let Some(chunk) = self.chunks.back_mut() else { return };
        let before = chunk.bytes.len();
        codec::varint(u64::from(generation), &mut chunk.bytes);
        codec::varint(u64::from(pieces), &mut chunk.bytes);
        chunk.bytes.extend_from_slice(body);
        let weight = body.len() + links_weight(body, &chunk.links.links);
        self.sealed(before, weight);
    }

    /// A record was added to the last chunk, which had `before` bytes.
    #[inline]
    fn sealed(&mut self, before: usize, weight: usize) {
        let Some(chunk) = self.chunks.back_mut() else { return };
        // A chunk holds at most CHUNK_BYTES and one line.
        chunk.ends.push(u32::try_from(chunk.bytes.len()).unwrap_or(u32::MAX));
        self.bytes += chunk.bytes.len() - before + 4;
        self.next += 1;
        // Below 4 GiB: a line holds at most a row more than its caps.
        let weight = u32::try_from(weight).unwrap_or(u32::MAX);
        self.reach.push_back(weight);
        self.reach_bytes += weight as usize;
        while self.reach.len() > REACH_LINES || self.reach_bytes > REACH_BYTES {
            let Some(size) = self.reach.pop_front() else { break };
            self.reach_bytes -= size as usize;
        }
    }

    /// Drops chunks until the window fits its cap, but none that a resize can still pull from.
    fn evict(&mut self) -> Option<Chunk> {
        let mut last = None;
        while self.bytes + CHUNK_BYTES > self.cap {
            let floor = self.next - self.reach.len() as u64;
            match self.chunks.front() {
                Some(chunk) if chunk.first + chunk.len() <= floor => {}
                _ => break,
            }
            last = self.chunks.pop_front();
            self.bytes -= last.as_ref().map_or(0, Chunk::cost);
        }
        last
    }

    /// Begins to pull lines back: those that are pulled and pushed again get a newer version.
    pub(crate) fn begin_pull(&mut self) {
        self.generation = self.generation.wrapping_add(1);
    }

    /// Whether there is a line to pull.
    pub(crate) fn can_pull(&self) -> bool {
        self.tail.is_some() || !self.reach.is_empty()
    }

    /// Takes the newest line back: the open one first. Its number is the next again.
    pub(crate) fn pull(&mut self, tables: &mut Tables) -> Option<Pulled> {
        let mut cells = Vec::new();
        if let Some(tail) = self.tail.take() {
            decode_into(&tail.body, &tail.links.links, tables, &mut cells);
            return Some(Pulled { cells });
        }
        let size = self.reach.pop_back()?;
        self.reach_bytes -= size as usize;
        let chunk = self.chunks.back_mut()?;
        let record = chunk.record(chunk.ends.len().checked_sub(1)?)?;
        let len = record.len();
        let mut input = Input::new(record);
        input.varint().ok()?;
        input.varint().ok()?;
        decode_into(input.rest(), &chunk.links.links, tables, &mut cells);
        chunk.bytes.truncate(chunk.bytes.len() - len);
        chunk.ends.pop();
        self.bytes -= len + 4;
        self.next -= 1;
        if chunk.ends.is_empty() {
            self.bytes -= chunk.cost();
            self.chunks.pop_back();
        }
        Some(Pulled { cells })
    }

    /// Bytes of memory it holds.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let chunks: usize = self
            .chunks
            .iter()
            .map(|chunk| chunk.bytes.capacity() + chunk.ends.capacity() * 4 + chunk.link_bytes)
            .sum();
        chunks
            + self.chunks.capacity() * size_of::<Chunk>()
            + self.reach.capacity() * 4
            + self.tail.as_ref().map_or(0, |tail| tail.body.capacity())
    }

    /// What a checkpoint keeps: the lines a resize can pull back and the open one, their links
    /// numbered in `links`.
    pub(crate) fn reachable(&self, links: &mut LinkTable) -> Reachable {
        let floor = self.next - self.reach.len() as u64;
        let mut sealed = Vec::with_capacity(self.reach.len());
        for number in floor..self.next {
            let Some((chunk, record)) = self.find(LineNumber(number)) else { continue };
            let mut input = Input::new(record);
            let (Ok(generation), Ok(pieces)) = (input.varint(), input.varint()) else { continue };
            sealed.push(Stored {
                generation: u32::try_from(generation).unwrap_or(0),
                pieces: u32::try_from(pieces).unwrap_or(0),
                body: relink(input.rest(), &chunk.links.links, links).into_owned(),
                links: Vec::new(),
            });
        }
        let open = self.tail.as_ref().map(|tail| Stored {
            generation: tail.generation,
            pieces: tail.pieces,
            body: relink(&tail.body, &tail.links.links, links).into_owned(),
            links: Vec::new(),
        });
        Reachable { next: self.next, generation: self.generation, sealed, open }
    }

    /// The scrollback of a restored screen. Bodies were checked by the caller.
    pub(crate) fn restored(cap: usize, reachable: &Reachable) -> Self {
        let mut scrollback = Self::new(cap);
        scrollback.generation = reachable.generation;
        scrollback.next = reachable.next - reachable.sealed.len() as u64;
        for line in &reachable.sealed {
            if line.links.is_empty() {
                scrollback.make_room(line.body.len());
            } else {
                let links = LinkTable::new(line.links.clone());
                let link_bytes = link_cost(&line.links);
                scrollback.bytes += link_bytes;
                let first = scrollback.next;
                scrollback.chunks.push_back(Chunk { first, links, link_bytes, ..Chunk::default() });
            }
            scrollback.seal(line.generation, line.pieces, &line.body);
        }
        scrollback.tail = reachable.open.as_ref().map(|line| Tail {
            generation: line.generation,
            pieces: line.pieces,
            body: line.body.clone(),
            links: LinkTable::new(line.links.clone()),
            link_bytes: link_cost(&line.links),
        });
        scrollback
    }
}

/// The part of a scrollback that the screen's future depends on.
#[derive(Debug)]
pub(crate) struct Reachable {
    pub(crate) next: u64,
    pub(crate) generation: u32,
    /// Oldest first; the last has the number `next - 1`.
    pub(crate) sealed: Vec<Stored>,
    pub(crate) open: Option<Stored>,
}

/// One encoded line.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) generation: u32,
    pub(crate) pieces: u32,
    pub(crate) body: Vec<u8>,
    /// What its body's link numbers mean; empty in a checkpoint, which has one table for all.
    pub(crate) links: Vec<Arc<Link>>,
}

/// Pull-backs first, rows second, so that it grows with either.
fn version(generation: u32, pieces: u32) -> u32 {
    (generation << 16).wrapping_add(pieces.min(0xffff))
}

fn link_cost(links: &[Arc<Link>]) -> usize {
    links.iter().map(|link| link.uri.len() + link.id.len() + 64).sum()
}

/// Bytes of the links that a body names, each once, whatever else its table holds.
fn links_weight(body: &[u8], links: &[Arc<Link>]) -> usize {
    if links.is_empty() {
        return 0;
    }
    let mut used = LinkTable::default();
    relink(body, links, &mut used);
    link_cost(&used.links)
}

fn decode_into(body: &[u8], links: &[Arc<Link>], tables: &mut Tables, cells: &mut Vec<PackedCell>) {
    // Only the links that the body names: a chunk may have many more.
    let mut used = LinkTable::default();
    let body = relink(body, links, &mut used);
    let links: Vec<_> = used.links.into_iter().map(|link| tables.link_id(link)).collect();
    // The scrollback wrote the body itself, or checked it when it was restored.
    let read = codec::decode_cells(&body, &links, usize::MAX, tables, cells);
    debug_assert!(read.is_ok(), "a line of our own does not decode");
}

/// A body with its links numbered in another table.
pub(crate) fn relink<'a>(body: &'a [u8], links: &[Arc<Link>], to: &mut LinkTable) -> Cow<'a, [u8]> {
    if links.is_empty() {
        return Cow::Borrowed(body);
    }
    let map =
        |index: u32| links.get(index as usize).map(|link| to.index(link)).ok_or(codec::Malformed);
    codec::relink(body, map).map_or(Cow::Borrowed(body), Cow::Owned)
}

fn resolve(body: &[u8], links: &[Arc<Link>]) -> Vec<Cell> {
    let mut cells = Vec::new();
    let read = codec::decode(body, |raw, item| {
        let link = raw.link.and_then(|index| links.get(index)).cloned();
        let cell =
            |text: Text, width: u8| Cell { text, width, style: raw.style, link: link.clone() };
        match item {
            Item::Blanks(count) => {
                cells.extend(std::iter::repeat_n(cell(Text::BLANK, 1), count));
            }
            Item::Ascii(text) => cells.extend(text.chars().map(|c| cell(Text::from(c), 1))),
            Item::Cell { text, wide } => {
                // A screen of one column shows halves; the line has the whole.
                let width = if wide { 2 } else { crate::width(text).max(1) };
                cells.push(cell(Text::new(text), width));
            }
            Item::Pad => {}
        }
        Ok(())
    });
    debug_assert!(read.is_ok(), "a line of our own does not decode");
    crate::row::trim(&mut cells);
    cells
}

fn text_of(body: &[u8]) -> String {
    let mut text = String::with_capacity(body.len());
    let mut end = 0;
    let read = codec::decode(body, |_, item| {
        match item {
            Item::Blanks(count) => text.extend(std::iter::repeat_n(' ', count)),
            Item::Ascii(run) | Item::Cell { text: run, .. } => {
                text.push_str(run);
                end = text.len();
            }
            Item::Pad => {}
        }
        Ok(())
    });
    debug_assert!(read.is_ok(), "a line of our own does not decode");
    text.truncate(end);
    text
}
