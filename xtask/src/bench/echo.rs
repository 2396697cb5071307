//! Echo: from a key to its letter in the outer terminal. Owns the keys and what floods beside them.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::Plan;
use super::report::Report;
use super::stage::{Contender, Stage};
use crate::percentile::percentile;
use crate::random::Random;

/// Keys of one run. The 99th percentile of 200 is the third longest.
const KEYS: usize = 200;
/// Letters that are neither in an escape sequence nor in a status bar nor in a flood.
const LETTERS: [u8; 4] = *b"#@&^";
/// How long people and machines stay away between two keys at least, and how much longer at most.
const PAUSE: Duration = Duration::from_millis(4);
const MORE_PAUSE_US: u64 = 8000;
const PATIENCE: Duration = Duration::from_secs(20);
const PROGRAM: [&str; 3] = ["sh", "-c", "stty raw -echo; printf '#READY'; exec cat"];

/// What goes on beside the keys.
#[derive(Clone, Copy, Debug)]
enum Beside {
    Nothing,
    /// A flood in a pane of the same tab.
    Visible,
    /// So many floods in other sessions.
    Hidden(usize),
}

const ALL: [(&str, Beside); 4] = [
    ("echo, idle", Beside::Nothing),
    ("echo, a visible flood", Beside::Visible),
    ("echo, a flood elsewhere", Beside::Hidden(1)),
    ("echo, 16 floods elsewhere", Beside::Hidden(16)),
];

pub(crate) fn measure(plan: &Plan, report: &mut Report) -> Result<()> {
    for run in 0..plan.runs {
        for (name, beside) in ALL {
            for contender in Contender::ALL {
                let times = keys(plan, contender, beside, run as u64)?;
                for (metric, share) in [("p50", 0.5), ("p99", 0.99)] {
                    let time = percentile(&times, share).as_secs_f64() * 1000.0;
                    report.add(&format!("{name}, {metric}"), "ms", contender, time);
                }
            }
        }
    }
    Ok(())
}

fn keys(plan: &Plan, contender: Contender, beside: Beside, seed: u64) -> Result<Vec<Duration>> {
    let stage = Stage::set(contender, &plan.ccc)?;
    let mut outer = stage.open("keys", &PROGRAM)?;
    outer.wait_for(b"#READY", PATIENCE)?;
    match beside {
        Beside::Nothing => {}
        Beside::Visible => stage.beside("keys", &["yes"])?,
        Beside::Hidden(count) => {
            (0..count).try_for_each(|n| stage.background(&format!("flood{n}"), &["yes"]))?;
        }
    }
    outer.forget(Duration::from_millis(500))?;
    let mut random = Random::new(seed);
    let mut times = Vec::with_capacity(KEYS);
    for letter in LETTERS.iter().cycle().take(KEYS) {
        outer.forget(PAUSE + Duration::from_micros(random.below(MORE_PAUSE_US)))?;
        let pressed = Instant::now();
        outer.write(&[*letter])?;
        outer.wait_for(&[*letter], PATIENCE)?;
        times.push(pressed.elapsed());
    }
    Ok(times)
}
