//! The hash of the style table. A dense screen asks it once per cell, and the standard one costs more
//! than all the rest of a frame. A program chooses its colours, so the start is random: it cannot
//! choose them to collide.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Makes hashers that start at a place nobody knows.
#[derive(Clone, Debug)]
pub(super) struct Seeded(u64);

impl Seeded {
    pub(super) fn new() -> Self {
        Self(RandomState::new().hash_one(0_u8))
    }
}

impl BuildHasher for Seeded {
    type Hasher = Folding;

    fn build_hasher(&self) -> Folding {
        Folding { state: self.0, seed: self.0 | 1 }
    }
}

/// Multiplies each word into 128 bits and folds the halves together.
#[derive(Debug)]
pub(super) struct Folding {
    state: u64,
    /// Odd.
    seed: u64,
}

impl Folding {
    fn fold(&mut self, word: u64) {
        let wide = u128::from(self.state ^ word) * u128::from(self.seed);
        let [low, high] = [wide, wide >> 64].map(|half| (half & u128::from(u64::MAX)) as u64);
        self.state = low ^ high.rotate_left(23);
    }
}

impl Hasher for Folding {
    fn finish(&self) -> u64 {
        self.state
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.fold(u64::from(*byte)));
    }

    fn write_u16(&mut self, word: u16) {
        self.fold(word.into());
    }

    fn write_u32(&mut self, word: u32) {
        self.fold(word.into());
    }
}
