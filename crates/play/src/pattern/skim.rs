//! Looking through a text for what every match has, where that is quicker than the expression itself: a few letters
//! in any case, or a run of sets. Owns which of them it is, and when it is not worth it.

mod letters;
mod sets;

use super::runs::Runs;
use letters::Letters;
use sets::{Members, Sets};

/// Bytes of text for each find below which the expression itself is as quick, and those before it is judged.
const PAYS: usize = 256;
const TRIAL: usize = 64 * 1024;

/// What is looked for.
#[derive(Clone, Debug)]
pub(super) struct Skim(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Letters(Letters),
    Sets(Sets),
}

/// One text on its way.
#[derive(Debug)]
pub(super) struct Skimming<'a> {
    skim: &'a Skim,
    members: Members,
    looked: usize,
    found: usize,
}

impl Skim {
    /// What to look for, if there is something; sets only if the expression is not `quick` by itself.
    pub(super) fn of(runs: &Runs, quick: bool) -> Option<Self> {
        let sets = || Sets::of(runs).filter(|_| !quick).map(Kind::Sets);
        Letters::of(runs).map(Kind::Letters).or_else(sets).map(Self)
    }

    pub(super) fn begin(&self) -> Skimming<'_> {
        Skimming { skim: self, members: Members::default(), looked: 0, found: 0 }
    }
}

impl Skimming<'_> {
    /// Whether it finds little enough to be worth it.
    pub(super) fn pays(&self) -> bool {
        self.looked < TRIAL || self.looked / PAYS > self.found
    }

    /// Where it stands next. The text is the same one each time.
    pub(super) fn next(&mut self, text: &[u8], from: usize) -> Option<usize> {
        let hit = match &self.skim.0 {
            Kind::Letters(letters) => letters.find(text, from),
            Kind::Sets(sets) => sets.find(text, from, &mut self.members),
        };
        self.looked += hit.unwrap_or(text.len()).saturating_sub(from);
        self.found += usize::from(hit.is_some());
        hit
    }
}
