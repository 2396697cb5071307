//! A run of bytes, each one of a set, as an expression without a word asks of every match. Looks at many bytes at a
//! time, with loops that a compiler makes vector instructions of: which bytes are of a set, then which of them have
//! enough neighbours, by doubling, then which stand before the next set.

use memchr::memchr;

use super::super::runs::{Place, Runs};

/// The shortest run worth it, and the longest.
const SHORTEST: usize = 4;
const LONGEST: usize = 32;
/// A place with more bytes than this tells nothing.
const WIDE: usize = 64;
/// Ranges of bytes in all sets, each of which costs a look at every byte.
const RANGES: usize = 16;
/// Bytes that are looked at together. All that is known of them stays in the nearest cache.
const BLOCK: usize = 1024;
const MORE: usize = BLOCK + LONGEST;

/// A run to look for.
#[derive(Clone, Debug)]
pub(super) struct Sets {
    /// The longest first: it tells most.
    groups: Vec<Group>,
    length: usize,
}

/// Places behind each other that are of one set.
#[derive(Clone, Debug)]
struct Group {
    /// First bytes of ranges, and how many more each has.
    ranges: Vec<(u8, u8)>,
    /// Where in the run it begins.
    at: usize,
    count: usize,
}

/// Where in one block of a text the run stands: a 1 for each place.
#[derive(Debug)]
pub(super) struct Members {
    /// Where the block begins; `None` before the first.
    block: Option<usize>,
    hits: [u8; BLOCK],
}

impl Default for Members {
    fn default() -> Self {
        Self { block: None, hits: [0; BLOCK] }
    }
}

impl Sets {
    /// The longest part of a run that tells something at each place.
    pub(super) fn of(runs: &Runs) -> Option<Self> {
        let tells = |place: &Place| place.plain && place.bytes.len() <= WIDE;
        let parts = runs.all().iter().flat_map(|run| run.split(|place| !tells(place)));
        let longest = parts.max_by_key(|part| part.len())?;
        let part = longest.get(longest.len().saturating_sub(LONGEST)..)?;
        if part.len() < SHORTEST {
            return None;
        }
        let (mut groups, mut at) = (Vec::new(), 0);
        for same in part.chunk_by(|one, other| one.bytes == other.bytes) {
            let ranges = same.first().map(|place| ranges(&place.bytes)).unwrap_or_default();
            groups.push(Group { ranges, at, count: same.len() });
            at += same.len();
        }
        if groups.iter().map(|group| group.ranges.len()).sum::<usize>() > RANGES {
            return None;
        }
        groups.sort_by_key(|group| std::cmp::Reverse(group.count));
        Some(Self { groups, length: part.len() })
    }

    /// Where it stands next; `members` is of the same text each time.
    pub(super) fn find(&self, text: &[u8], from: usize, members: &mut Members) -> Option<usize> {
        let mut from = from;
        while from + self.length <= text.len() {
            let block = from - from % BLOCK;
            if members.block != Some(block) {
                members.block = Some(block);
                members.hits = self.hits(&text[block..]);
            }
            let hit = memchr(1, &members.hits[from - block..]).map(|hit| from + hit);
            if let Some(hit) = hit {
                // What stands behind the text is none of it.
                return (hit + self.length <= text.len()).then_some(hit);
            }
            from = block + BLOCK;
        }
        None
    }

    /// Where it stands in the block that a text begins with.
    fn hits(&self, text: &[u8]) -> [u8; BLOCK] {
        let mut short = [0; MORE];
        let bytes = text.first_chunk::<MORE>().unwrap_or_else(|| {
            short[..text.len()].copy_from_slice(text);
            &short
        });
        let mut hits = [1; BLOCK];
        for group in &self.groups {
            let behind = group.in_a_row(bytes);
            for (hit, member) in hits.iter_mut().zip(&behind[group.at..]) {
                *hit &= member;
            }
            if memchr(1, &hits).is_none() {
                break;
            }
        }
        hits
    }
}

impl Group {
    /// From which of the bytes on there are enough of the set. Of the last ones, which have too few behind them to
    /// tell, it says anything.
    fn in_a_row(&self, bytes: &[u8; MORE]) -> [u8; MORE] {
        let (mut members, mut fewer) = ([0; MORE], [0; MORE]);
        for (first, more) in &self.ranges {
            for (member, byte) in members.iter_mut().zip(bytes) {
                *member |= u8::from(byte.wrapping_sub(*first) <= *more);
            }
        }
        let (mut from, mut to) = (&mut members, &mut fewer);
        let mut known = 1;
        while known < self.count {
            let step = known.min(self.count - known);
            for ((to, member), behind) in to.iter_mut().zip(&*from).zip(&from[step..]) {
                *to = member & behind;
            }
            std::mem::swap(&mut from, &mut to);
            known += step;
        }
        *from
    }
}

/// The ranges that folded bytes are in before they are folded.
fn ranges(bytes: &[u8]) -> Vec<(u8, u8)> {
    let mut ranges: Vec<(u8, u8)> = Vec::new();
    let has = |byte: &u8| bytes.contains(&byte.to_ascii_lowercase());
    for byte in (0..=u8::MAX).filter(has) {
        match ranges.last_mut() {
            Some((first, more))
                if first.checked_add(*more).and_then(|last| last.checked_add(1)) == Some(byte) =>
            {
                *more += 1;
            }
            _ => ranges.push((byte, 0)),
        }
    }
    ranges
}
