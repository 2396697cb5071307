//! The full-screen client in the hands of a monkey: what people, programs and networks do, by chance and all at once.
//! However it went, in the end it is alive and shows what one shows that has just come.
//!
//! What happens follows from a seed, as far as one process knows when others do what they do. A failure names it, and
//! `CCC_MONKEY_SEED=7 cargo test --workspace --test monkey` does it again; `CCC_MONKEY_SEED=7-300` does many.

#[path = "monkey/cage.rs"]
mod cage;
#[path = "monkey/chance.rs"]
mod chance;
#[path = "monkey/kind.rs"]
mod kind;
#[path = "monkey/outer.rs"]
mod outer;
#[path = "monkey/raw.rs"]
mod raw;
#[path = "monkey/step.rs"]
mod step;

use ccc_testkit::{KitError, Result};

use self::cage::Cage;
use self::chance::Chance;
use self::kind::Kind;
use self::step::Step;

/// Names other seeds than those of every day.
const ASKED: &str = "CCC_MONKEY_SEED";
/// Steps before all comes to rest, and how often it does.
const STEPS: usize = 24;
const RESTS: usize = 2;

/// Plays by a seed.
#[expect(clippy::print_stdout, reason = "who asks for a seed wants to see what it led to")]
fn play(seed: u64) -> Result<()> {
    let kind = Kind::of(seed);
    let mut cage = Cage::new(kind, seed)?;
    let played = play_in(&mut cage, &mut Chance::of(seed));
    if std::env::var_os(ASKED).is_some() {
        println!("seed {seed}:\n{}", cage.done);
    }
    match played {
        // The last pane may have ended, and the session with it.
        Err(error) if !cage.is_left_well() => Err(KitError::Unexpected {
            what: format!("the monkey of {ASKED}={seed}, which is {kind:?}, found: {error}"),
            told: format!("{}\nafter\n{}", cage.client.text(), cage.done),
        }),
        _ => Ok(()),
    }
}

fn play_in(cage: &mut Cage, chance: &mut Chance) -> Result<()> {
    for _ in 0..RESTS {
        for _ in 0..STEPS {
            let step = Step::by(chance, cage.is_far());
            cage.do_step(&step)?;
        }
        cage.rest()?;
    }
    Ok(())
}

#[test]
fn whatever_a_monkey_does_the_picture_is_right() -> Result<()> {
    // By hand they are others. These are one that is read aloud from afar, one with a bar, and one without on a terminal
    // that draws sixels; each with images, and a raw client in the end.
    let Ok(asked) = std::env::var(ASKED) else {
        return [26, 52, 165].into_iter().try_for_each(play);
    };
    let (first, last) = asked.split_once('-').unwrap_or((&asked, &asked));
    let seed = |text: &str| text.parse::<u64>().expect("a seed is a number");
    (seed(first)..=seed(last)).try_for_each(play)
}
