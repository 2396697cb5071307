//! What a monkey draws by lot, so that what happened by chance happens again.

use ccc_testkit::Random;

#[derive(Debug)]
pub(crate) struct Chance(Random);

impl Chance {
    pub(crate) const fn of(seed: u64) -> Self {
        Self(Random::new(seed))
    }

    /// Below a bound, which is not 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0.below(bound as u64) as usize
    }

    pub(crate) fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    /// One of some, of which there is at least one.
    pub(crate) fn of_all<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}
