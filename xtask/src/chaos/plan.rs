//! Who is killed when, decided before the run by a seed alone.

use std::time::Duration;

use super::victim::Victim;
use ccc_testkit::Random;

/// One wait for complete custody, and what is done then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Round {
    /// Kills one, so long after the floods were let loose.
    Plain { victim: Victim, after: Duration },
    /// Kills one, so long after a journal file was begun.
    Rotation { victim: Victim, after: Duration },
    /// Kills one, and so long after an event another one, or the successor.
    Recovery { first: Victim, since: Since, after: Duration, second: Victim },
}

/// From when on the time to the second death is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    /// The first death: mostly nobody is there yet.
    Death,
    /// A successor has begun its work.
    Succession,
}

impl Since {
    const ALL: [Self; 2] = [Self::Death, Self::Succession];
}

/// Rounds with so many kills in all. A little more than a fifth of them are meant to fall near a
/// rotation, and as many during recovery; what really did is counted in the run.
pub(crate) fn rounds(kills: usize, seed: u64) -> Vec<Round> {
    let mut random = Random::new(seed);
    let special = (kills / 4).max(1).min(kills);
    let recovery = special.min(kills.saturating_sub(special) / 2);
    let plain = kills.saturating_sub(special + 2 * recovery);
    let millis = |random: &mut Random, end: u64| Duration::from_micros(random.below(end * 1000));
    let mut rounds = Vec::new();
    for number in 0..special {
        let victim = Victim::ALL[number % Victim::ALL.len()];
        rounds.push(Round::Rotation { victim, after: millis(&mut random, 8) });
    }
    rounds.extend((0..recovery).filter_map(|_| in_recovery(&mut random)));
    for number in 0..plain {
        let victim = Victim::ALL[number % Victim::ALL.len()];
        rounds.push(Round::Plain { victim, after: millis(&mut random, 30) });
    }
    random.shuffle(&mut rounds);
    rounds
}

/// More of the same, for as long as they are needed.
pub(crate) fn more_in_recovery(seed: u64) -> impl Iterator<Item = Round> {
    let mut random = Random::new(seed ^ 1);
    std::iter::from_fn(move || in_recovery(&mut random))
}

fn in_recovery(random: &mut Random) -> Option<Round> {
    // Mostly the server, whose recovery takes longest.
    let first = match random.below(4) {
        0 => random.choose(&Victim::CUSTODIANS)?,
        _ => Victim::Server,
    };
    let since = random.choose(&Since::ALL)?;
    let after = Duration::from_micros(random.below(2000));
    Some(Round::Recovery { first, since, after, second: random.choose(&Victim::CUSTODIANS)? })
}

/// The same for rotations.
pub(crate) fn more_near_a_rotation(seed: u64) -> impl Iterator<Item = Round> {
    let mut random = Random::new(seed ^ 2);
    std::iter::from_fn(move || {
        let after = Duration::from_micros(random.below(5000));
        Some(Round::Rotation { victim: random.choose(&Victim::ALL)?, after })
    })
}

#[cfg(test)]
mod tests {
    use super::{Round, Victim, rounds};

    fn kills(rounds: &[Round]) -> usize {
        rounds.iter().map(|round| 1 + usize::from(matches!(round, Round::Recovery { .. }))).sum()
    }

    #[test]
    fn the_plan_has_as_many_kills_as_asked_for() {
        for wanted in 1..250 {
            assert_eq!(kills(&rounds(wanted, 1)), wanted);
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_plan() {
        assert_eq!(rounds(100, 3), rounds(100, 3));
        assert_ne!(rounds(100, 3), rounds(100, 4));
    }

    #[test]
    fn everybody_is_killed_and_enough_of_it_at_bad_moments() {
        let rounds = rounds(200, 5);
        let of = |check: fn(&Round) -> bool| rounds.iter().filter(|round| check(round)).count();
        assert!(of(|round| matches!(round, Round::Rotation { .. })) >= 40);
        assert!(of(|round| matches!(round, Round::Recovery { .. })) >= 40);
        for wanted in Victim::ALL {
            let hit =
                |round: &&Round| matches!(round, Round::Plain { victim, .. } if *victim == wanted);
            assert!(rounds.iter().any(|round| hit(&round)), "{wanted}");
        }
    }
}
