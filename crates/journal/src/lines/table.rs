//! Which trigrams stand in which chunks of a file: one table for all chunks, since most of what stands in one
//! stands in its neighbours as well. Exact as long as that takes few bytes; else trigrams share rows, and the
//! table is wrong now and then about what is not there, and never about what is.

use std::borrow::Cow;

use super::trigrams::{Wanted, trigrams};

/// All trigrams by themselves.
const EXACT: u32 = 24;
/// The most rows, as a power of two, once they are shared, and the fewest.
const SHARED: u32 = 18;
const FEWEST: u32 = 8;
/// Places of rows in chunks that are held at most while a table is made.
const HELD: usize = 1 << 19;

/// Takes the text of chunks in.
#[derive(Debug)]
pub(super) struct Tally {
    /// Which trigrams were seen, a bit for each; made for the first chunk.
    seen: Vec<u64>,
    /// Rows with the chunks that they are in, the row above the chunk.
    held: Vec<u64>,
    bits: u32,
    chunks: u32,
}

/// A table as it is stored, but for the compressing.
#[derive(Debug)]
pub(super) struct Rows {
    /// How many bits name a row: 24 where each trigram has its own.
    pub(super) bits: u32,
    pub(super) count: u32,
    pub(super) bytes: Vec<u8>,
}

impl Tally {
    pub(super) fn new() -> Self {
        Self { seen: Vec::new(), held: Vec::new(), bits: EXACT, chunks: 0 }
    }

    /// Takes the next chunk.
    pub(super) fn add(&mut self, folded: &[u8]) {
        self.seen.resize(1 << (EXACT - 6), 0);
        for trigram in trigrams(folded) {
            if let Some(word) = self.seen.get_mut((trigram >> 6) as usize) {
                *word |= 1 << (trigram % 64);
            }
        }
        let chunk = u64::from(self.chunks);
        let begin = self.held.len();
        for (at, word) in (0_u32..).zip(&mut self.seen) {
            let mut left = std::mem::take(word);
            while left != 0 {
                let row = row(at << 6 | left.trailing_zeros(), self.bits);
                self.held.push(u64::from(row) << 32 | chunk);
                left &= left - 1;
            }
        }
        if self.bits < EXACT {
            self.held[begin..].sort_unstable();
            self.held.dedup();
        }
        self.chunks += 1;
        while self.held.len() > HELD && self.narrow() {}
    }

    /// Lets trigrams share rows, or more of them if they do. `false` when there are few rows already.
    pub(super) fn narrow(&mut self) -> bool {
        let bits = if self.bits == EXACT { SHARED } else { self.bits - 1 };
        if bits < FEWEST {
            return false;
        }
        for held in &mut self.held {
            let known = u32::try_from(*held >> 32).unwrap_or(0);
            let row = if self.bits == EXACT { row(known, bits) } else { known >> 1 };
            *held = u64::from(row) << 32 | (*held & u64::from(u32::MAX));
        }
        self.held.sort_unstable();
        self.held.dedup();
        self.bits = bits;
        true
    }

    /// The table of what was taken in.
    pub(super) fn rows(&mut self) -> Rows {
        self.held.sort_unstable();
        let width = width(self.chunks);
        let (mut names, mut masks) = (Vec::new(), Vec::new());
        let (mut before, mut count) = (0, 0);
        for same in self.held.chunk_by(|one, other| one >> 32 == other >> 32) {
            let row = same.first().map_or(0, |held| held >> 32);
            super::build::varint(row - before, &mut names);
            before = row;
            count += 1;
            let begin = masks.len();
            masks.resize(begin + width, 0);
            for held in same {
                let chunk = (*held & u64::from(u32::MAX)) as usize;
                if let Some(byte) = masks.get_mut(begin + chunk / 8) {
                    *byte |= 1 << (chunk % 8);
                }
            }
        }
        names.append(&mut masks);
        Rows { bits: self.bits, count, bytes: names }
    }
}

impl Rows {
    /// Which of so many chunks may have all that is wanted; `None` if this is not what was written.
    pub(super) fn chunks_with(&self, wanted: &Wanted, chunks: u32) -> Option<Vec<bool>> {
        let width = width(chunks);
        let count = self.count as usize;
        let names = self.bytes.len().checked_sub(count.checked_mul(width)?)?;
        let (names, masks) = self.bytes.split_at_checked(names)?;
        // Of rows that are shared nobody knows which of their trigrams are there, so that sets say nothing.
        let met = if self.bits < EXACT || wanted.exact().len() == wanted.count() {
            self.named(names, masks, width, wanted)?
        } else {
            self.met(names, masks, width, wanted)?
        };
        let all = (0..chunks as usize).map(|chunk| {
            let bit = 1 << (chunk % 8);
            let mut masks = met.iter();
            masks.all(|mask| mask.get(chunk / 8).is_some_and(|byte| byte & bit != 0))
        });
        Some(all.collect())
    }

    /// The masks of the rows that are asked for by name. Where one is missing the rest is not looked at.
    fn named<'a>(
        &self,
        mut names: &[u8],
        masks: &'a [u8],
        width: usize,
        wanted: &Wanted,
    ) -> Option<Vec<Cow<'a, [u8]>>> {
        let asked = wanted.exact().iter();
        let mut asked: Vec<u32> = asked.map(|(trigram, _)| row(*trigram, self.bits)).collect();
        asked.sort_unstable();
        asked.dedup();
        let nothing = || Some(vec![Cow::Owned(vec![0; width])]);
        let (mut name, mut met) = (0_u32, Vec::with_capacity(asked.len()));
        let mut asked = asked.into_iter().peekable();
        for mask in masks.chunks_exact(width.max(1)) {
            let Some(next) = asked.peek() else { break };
            name = name.checked_add(varint(&mut names)?)?;
            if name > *next {
                return nothing();
            }
            if name == *next {
                met.push(Cow::Borrowed(mask));
                asked.next();
            }
        }
        if asked.peek().is_some() { nothing() } else { Some(met) }
    }

    /// For each want the chunks that have something for it.
    fn met(
        &self,
        mut names: &[u8],
        masks: &[u8],
        width: usize,
        wanted: &Wanted,
    ) -> Option<Vec<Cow<'static, [u8]>>> {
        let mut met = vec![vec![0_u8; width]; wanted.count()];
        let mut name = 0_u32;
        for mask in masks.chunks_exact(width.max(1)) {
            name = name.checked_add(varint(&mut names)?)?;
            let mut wants = wanted.met_by(name);
            while wants != 0 {
                let met = met.get_mut(wants.trailing_zeros() as usize)?;
                met.iter_mut().zip(mask).for_each(|(met, mask)| *met |= mask);
                wants &= wants - 1;
            }
        }
        Some(met.into_iter().map(Cow::Owned).collect())
    }
}

/// The row of a trigram.
fn row(trigram: u32, bits: u32) -> u32 {
    if bits == EXACT {
        return trigram;
    }
    // Fibonacci hashing; fewer bits are the upper ones of more.
    let hash = u64::from(trigram).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    u32::try_from(hash >> (32 - bits)).unwrap_or(0)
}

/// Bytes of a row's mask.
fn width(chunks: u32) -> usize {
    chunks.div_ceil(8) as usize
}

fn varint(bytes: &mut &[u8]) -> Option<u32> {
    let mut value = 0_u32;
    for shift in (0..28).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u32::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Some(value);
        }
    }
    None
}
