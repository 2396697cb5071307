//! Leaping through a text for a run of bytes, each one of a set: what an expression without a word asks of every
//! match is mostly found missing by looking at few of the bytes. Backward nondeterministic matching (Navarro and
//! Raffinot 1998), which takes sets as easily as bytes.

use super::runs::{Place, Runs};

/// The shortest run worth it, and the longest, which is a bit of a word for each place.
const SHORTEST: usize = 4;
const LONGEST: usize = 32;
/// A place with more bytes than this tells nothing.
const WIDE: usize = 64;
/// Bytes of text for each find below which looking at all bytes is as quick, and those before it is judged.
const PAYS: usize = 256;
const TRIAL: usize = 64 * 1024;

/// A run to leap for.
#[derive(Clone, Debug)]
pub(super) struct Skim {
    /// For each byte the places that it may stand at, the last one as the lowest bit.
    places: Box<[u32; 256]>,
    length: usize,
}

/// One text on its way.
#[derive(Debug)]
pub(super) struct Skimming<'a> {
    skim: &'a Skim,
    looked: usize,
    found: usize,
}

impl Skim {
    /// The longest part of a run that tells something at each place.
    pub(super) fn of(runs: &Runs) -> Option<Self> {
        let tells = |place: &Place| place.plain && place.bytes.len() <= WIDE;
        let parts = runs.all().iter().flat_map(|run| run.split(|place| !tells(place)));
        let longest = parts.max_by_key(|part| part.len())?;
        let part = longest.get(longest.len().saturating_sub(LONGEST)..)?;
        if part.len() < SHORTEST {
            return None;
        }
        let mut places = Box::new([0; 256]);
        for (bit, place) in part.iter().rev().enumerate() {
            for byte in &place.bytes {
                // Runs are of folded text, and this is not.
                for byte in [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()] {
                    places[usize::from(byte)] |= 1 << bit;
                }
            }
        }
        Some(Self { places, length: part.len() })
    }

    pub(super) fn begin(&self) -> Skimming<'_> {
        Skimming { skim: self, looked: 0, found: 0 }
    }

    fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        let all = u32::MAX >> (LONGEST - self.length);
        let top = 1 << (self.length - 1);
        let mut window = text.get(from..)?;
        let mut at = from;
        while window.len() >= self.length {
            // Bits that stay are places where what was looked at may be a part of the run.
            let (mut may, mut leap) = (all, self.length);
            for left in (0..self.length).rev() {
                may &= self.places[usize::from(window[left])];
                if may & top != 0 {
                    if left == 0 {
                        return Some(at);
                    }
                    leap = left;
                }
                if may == 0 {
                    break;
                }
                may = (may << 1) & all;
            }
            at += leap;
            window = window.get(leap..).unwrap_or_default();
        }
        None
    }
}

impl Skimming<'_> {
    /// Whether it finds little enough to be worth it.
    pub(super) fn pays(&self) -> bool {
        self.looked < TRIAL || self.looked / PAYS > self.found
    }

    /// Where the run may stand next.
    pub(super) fn next(&mut self, text: &[u8], from: usize) -> Option<usize> {
        let hit = self.skim.find(text, from);
        self.looked += hit.unwrap_or(text.len()).saturating_sub(from);
        self.found += usize::from(hit.is_some());
        hit
    }
}
