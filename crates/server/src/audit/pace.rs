//! How much of what anybody can cause as often as they like is noted one by one: refusals, and coming and
//! looking around. Owns the counting of the rest, for each principal and for all strangers together.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Entries that one may cause within a window. One who causes as many as they can for two weeks has not yet
/// pushed the oldest entry out of the files.
const MOST: u32 = 240;
const WINDOW: Duration = Duration::from_secs(60 * 60);

/// One for each principal that caused something lately: as many as there are principals.
#[derive(Debug, Default)]
pub(super) struct Paces(BTreeMap<String, Pace>);

#[derive(Debug)]
struct Pace {
    name: String,
    began: Instant,
    noted: u32,
    left_out: u64,
}

/// What was not noted one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LeftOut {
    /// Whose doing it was; empty for strangers.
    pub(super) principal: String,
    pub(super) name: String,
    pub(super) count: u64,
}

impl Paces {
    /// Whether something more that a principal caused is noted by itself. Asked once it is told what was left
    /// out before.
    pub(super) fn allow(&mut self, principal: &str, name: &str, now: Instant) -> bool {
        let begun = || Pace { name: name.to_owned(), began: now, noted: 0, left_out: 0 };
        let pace = self.0.entry(principal.to_owned()).or_insert_with(begun);
        let allowed = pace.noted < MOST;
        if allowed {
            pace.noted += 1;
        } else {
            pace.left_out += 1;
        }
        allowed
    }

    /// What was left out in windows that are over.
    pub(super) fn left_out(&mut self, now: Instant) -> Vec<LeftOut> {
        let over = self.0.extract_if(.., |_, pace| pace.is_over(now));
        let told = over.filter(|(_, pace)| pace.left_out > 0);
        told.map(|(principal, pace)| LeftOut { principal, name: pace.name, count: pace.left_out })
            .collect()
    }
}

impl Pace {
    fn is_over(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.began) >= WINDOW
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_one_is_one_entry_beside_those_that_fit_and_others_are_noted() {
        let mut paces = Paces::default();
        let now = Instant::now();
        let noted = (0..1000).filter(|_| paces.allow("flooder", "f", now)).count();
        assert_eq!(noted, MOST as usize);
        assert!(paces.allow("", "", now) && paces.allow("other", "o", now));
        assert_eq!(paces.left_out(now), []);
        let later = now + WINDOW;
        let (principal, name, count) = ("flooder".into(), "f".into(), 1000 - u64::from(MOST));
        assert_eq!(paces.left_out(later), [LeftOut { principal, name, count }]);
        assert_eq!(paces.left_out(later), []);
        assert!(paces.allow("flooder", "f", later));
    }

    /// The files hold about ninety thousand entries of the usual length.
    #[test]
    fn who_floods_for_two_weeks_pushes_nothing_out() {
        let mut paces = Paces::default();
        let (began, mut entries) = (Instant::now(), 0);
        for quarter in 0..14 * 24 * 4 {
            let now = began + Duration::from_secs(15 * 60 * quarter);
            entries += paces.left_out(now).len();
            entries += (0..500).filter(|_| paces.allow("flooder", "f", now)).count();
        }
        assert!(entries < 90_000, "{entries}");
    }

    #[test]
    fn nothing_is_remembered_of_those_who_went_long_ago() {
        let mut paces = Paces::default();
        let now = Instant::now();
        for n in 0..100 {
            assert!(paces.allow(&n.to_string(), "", now));
        }
        assert_eq!(paces.left_out(now + WINDOW), []);
        assert!(paces.0.is_empty());
    }
}
