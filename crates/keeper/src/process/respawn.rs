//! When a process that died is started again: at once, then ever later while it keeps dying.

use std::time::{Duration, Instant};

/// Delays before the first, second and every later attempt in a row.
const DELAYS: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_millis(20),
    Duration::from_millis(100),
    Duration::from_secs(1),
    Duration::from_secs(5),
];
/// A process that lived this long did not die of being started, which takes some 20 ms. Much longer
/// would be wrong: whoever is killed a few times within it keeps everybody waiting for seconds.
const LIVED: Duration = Duration::from_millis(250);

#[derive(Debug)]
pub(super) struct Respawn {
    born: Instant,
    failures: usize,
    at: Option<Instant>,
}

impl Respawn {
    pub(super) fn new(now: Instant) -> Self {
        Self { born: now, failures: 0, at: None }
    }

    /// It runs; nothing is due.
    pub(super) fn started(&mut self, now: Instant) {
        self.born = now;
        self.at = None;
    }

    /// It ended, or could not be started: the next attempt is due after a delay.
    pub(super) fn died(&mut self, now: Instant) {
        if self.at.is_some() {
            return;
        }
        if now.duration_since(self.born) >= LIVED {
            self.failures = 0;
        }
        self.at = Some(now + DELAYS[self.failures.min(DELAYS.len() - 1)]);
        self.failures += 1;
    }

    pub(super) fn cancel(&mut self) {
        self.at = None;
    }

    pub(super) fn due_at(&self) -> Option<Instant> {
        self.at
    }

    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.at.is_some_and(|at| at <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_while_it_keeps_dying_and_start_over_after_a_life() {
        let start = Instant::now();
        let mut respawn = Respawn::new(start);
        let mut now = start;
        let mut delays = Vec::new();
        for _ in 0..6 {
            respawn.died(now);
            let due = respawn.due_at().unwrap();
            assert!(respawn.is_due(due) && (due == now || !respawn.is_due(now)));
            delays.push((due - now).as_millis());
            now = due;
            respawn.started(now);
            assert_eq!(respawn.due_at(), None);
        }
        assert_eq!(delays, [0, 20, 100, 1000, 5000, 5000]);
        respawn.died(now + LIVED);
        assert_eq!(respawn.due_at(), Some(now + LIVED));
    }

    #[test]
    fn one_death_seen_twice_counts_once() {
        let now = Instant::now();
        let mut respawn = Respawn::new(now);
        respawn.died(now);
        respawn.died(now);
        assert_eq!(respawn.due_at(), Some(now));
    }
}
