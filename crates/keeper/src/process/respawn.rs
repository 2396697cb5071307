//! When a process that died is started again: at once, then ever later while it keeps dying.

use std::time::{Duration, Instant};

/// Delays before the first, second and every later attempt in a row that comes to nothing.
const DELAYS: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_millis(20),
    Duration::from_millis(100),
    Duration::from_secs(1),
    Duration::from_secs(5),
];
/// A process that greeted is started again at once, because it did not die of being started. So many in
/// a row that died this young all the same have something else in common.
const YOUNG: Duration = Duration::from_millis(250);
const MANY: usize = 20;
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct Respawn {
    /// When it greeted, since it was started.
    greeted: Option<Instant>,
    failures: usize,
    young: usize,
    at: Option<Instant>,
}

impl Respawn {
    /// One that runs.
    pub(super) fn new(now: Instant) -> Self {
        Self { greeted: Some(now), failures: 0, young: 0, at: None }
    }

    /// It was started; nothing is due.
    pub(super) fn started(&mut self) {
        self.greeted = None;
        self.at = None;
    }

    /// It has come up.
    pub(super) fn greeted(&mut self, now: Instant) {
        self.greeted = Some(now);
        self.at = None;
    }

    /// It ended, or could not be started: the next attempt is due after a delay.
    pub(super) fn died(&mut self, now: Instant) {
        if self.at.is_some() {
            return;
        }
        let delay = match self.greeted.take() {
            Some(greeted) => {
                self.failures = 1;
                self.young = if now.duration_since(greeted) < YOUNG { self.young + 1 } else { 0 };
                if self.young > MANY { PAUSE } else { Duration::ZERO }
            }
            None => {
                self.failures += 1;
                DELAYS[self.failures.min(DELAYS.len()) - 1]
            }
        };
        self.at = Some(now + delay);
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

    /// The delays before so many attempts, after each of which this happens.
    fn delays(count: usize, after: impl Fn(&mut Respawn, Instant) -> Instant) -> Vec<u128> {
        let mut now = Instant::now();
        let mut respawn = Respawn::new(now);
        let mut attempt = || {
            respawn.died(now);
            let due = respawn.due_at().unwrap();
            assert!(respawn.is_due(due) && (due == now || !respawn.is_due(now)));
            let delay = (due - now).as_millis();
            respawn.started();
            assert_eq!(respawn.due_at(), None);
            now = after(&mut respawn, due);
            delay
        };
        (0..count).map(|_| attempt()).collect()
    }

    #[test]
    fn delays_grow_while_it_does_not_come_up() {
        assert_eq!(delays(6, |_, now| now), [0, 20, 100, 1000, 5000, 5000]);
    }

    #[test]
    fn one_that_came_up_is_started_again_at_once() {
        let live = |respawn: &mut Respawn, now| {
            respawn.greeted(now);
            now + YOUNG
        };
        assert_eq!(delays(100, live), [0; 100]);
    }

    #[test]
    fn many_that_die_young_have_to_wait() {
        let die_young = |respawn: &mut Respawn, now| {
            respawn.greeted(now);
            now
        };
        let delays = delays(MANY + 2, die_young);
        assert_eq!(delays[..MANY], [0; MANY]);
        assert_eq!(delays[MANY..], [1000, 1000]);
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
