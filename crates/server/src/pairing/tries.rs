//! How often strangers may try: a few wrong invitations from one place, then none for a while. Owns the
//! counting, in bounded memory.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ccc_net::source;

/// Wrong tries from one source before it has to wait.
const WRONG: u32 = 5;
/// How long a source is remembered after its last wrong try.
const MEMORY: Duration = Duration::from_secs(60);
/// Sources that are remembered; while there are more, everybody new has to wait. An attacker needs a
/// thousand networks for that, and an invitation of 128 bits is guessed by none of them.
const SOURCES: usize = 1024;

#[derive(Debug, Default)]
pub(super) struct Tries(Mutex<HashMap<IpAddr, Wrong>>);

#[derive(Debug)]
struct Wrong {
    times: u32,
    last: Instant,
}

impl Tries {
    /// Whether one from there may try now.
    pub(super) fn allow(&self, from: Option<IpAddr>, now: Instant) -> bool {
        let Some(from) = from.map(source) else { return true };
        let mut wrong = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.retain(|_, wrong| now.saturating_duration_since(wrong.last) < MEMORY);
        match wrong.get(&from) {
            Some(wrong) => wrong.times < WRONG,
            None => wrong.len() < SOURCES,
        }
    }

    /// One from there was wrong. Who has to wait already does not wait longer for having asked.
    pub(super) fn failed(&self, from: Option<IpAddr>, now: Instant) {
        let Some(from) = from.map(source) else { return };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= SOURCES && !all.contains_key(&from) {
            return;
        }
        let wrong = all.entry(from).or_insert(Wrong { times: 0, last: now });
        if wrong.times < WRONG {
            wrong.times += 1;
            wrong.last = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn a_network_that_guesses_has_to_wait_and_others_do_not() {
        let tries = Tries::default();
        let now = Instant::now();
        for host in 0..WRONG {
            let guesser = from(&format!("2001:db8::{host}"));
            assert!(tries.allow(guesser, now));
            tries.failed(guesser, now);
        }
        assert!(!tries.allow(from("2001:db8::99"), now));
        assert!(!tries.allow(from("2001:db8:0:1::1"), now), "a site has many networks");
        assert!(tries.allow(from("2001:db8:1::1"), now));
        assert!(tries.allow(from("2001:db8::99"), now + MEMORY));
    }

    #[test]
    fn who_has_to_wait_does_not_wait_longer_for_having_asked() {
        let tries = Tries::default();
        let now = Instant::now();
        (0..WRONG).for_each(|_| tries.failed(from("192.0.2.1"), now));
        for second in 1..MEMORY.as_secs() {
            let later = now + Duration::from_secs(second);
            assert!(!tries.allow(from("192.0.2.1"), later));
            tries.failed(from("192.0.2.1"), later);
        }
        assert!(tries.allow(from("192.0.2.1"), now + MEMORY));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let tries = Tries::default();
        let now = Instant::now();
        for host in 0..=u32::try_from(SOURCES).unwrap() {
            tries.failed(Some(IpAddr::V4(host.into())), now);
        }
        assert_eq!(tries.0.lock().unwrap().len(), SOURCES);
        assert!(!tries.allow(from("192.0.2.1"), now), "everybody new waits");
        assert!(tries.allow(from("192.0.2.1"), now + MEMORY));
    }
}
