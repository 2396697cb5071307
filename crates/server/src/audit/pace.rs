//! How many refusals are noted one by one. Owns the counting of the others.

use std::time::{Duration, Instant};

/// Refusals that are noted within a window; an attack is then one entry a minute beside them.
const MOST: u32 = 120;
const WINDOW: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
pub(super) struct Pace {
    began: Option<Instant>,
    noted: u32,
    left_out: u64,
}

impl Pace {
    /// Whether another refusal is noted by itself.
    pub(super) fn allow(&mut self, now: Instant) -> bool {
        let over = |began: Instant| now.saturating_duration_since(began) >= WINDOW;
        if self.began.is_none_or(over) {
            self.began = Some(now);
            self.noted = 0;
        }
        if self.noted >= MOST {
            self.left_out += 1;
            return false;
        }
        self.noted += 1;
        true
    }

    /// How many were left out, once the window in which they were is over.
    pub(super) fn left_out(&mut self, now: Instant) -> Option<u64> {
        let over = |began: Instant| now.saturating_duration_since(began) >= WINDOW;
        let new = self.began.is_none_or(over) || self.noted < MOST;
        (new && self.left_out > 0).then(|| std::mem::take(&mut self.left_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_refusals_is_one_entry_beside_those_that_fit() {
        let mut pace = Pace::default();
        let now = Instant::now();
        let noted = (0..1000).filter(|_| pace.allow(now)).count();
        assert_eq!(noted, MOST as usize);
        assert_eq!(pace.left_out(now), None);
        let later = now + WINDOW;
        assert!(pace.allow(later));
        assert_eq!(pace.left_out(later), Some(1000 - u64::from(MOST)));
        assert_eq!(pace.left_out(later), None);
    }
}
