//! Echo: from a key to its letter in the outer terminal, alone and beside floods. Owns what floods.

use std::time::Duration;

use anyhow::Result;

use super::Plan;
use super::report::Report;
use super::stage::{Contender, Stage};
use super::typist::{SESSION, Typist};

/// Keys of one run. The 99th percentile of 200 is the third longest.
pub(crate) const KEYS: usize = 200;

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
            // In turn, so that what the machine does meanwhile falls on all of them.
            for contender in plan.in_turn(&Contender::ALL, run) {
                let times = keys(plan, contender, beside, run as u64)?;
                report.add_percentiles(name, contender, &times);
            }
        }
    }
    Ok(())
}

fn keys(plan: &Plan, contender: Contender, beside: Beside, seed: u64) -> Result<Vec<Duration>> {
    let stage = Stage::set(contender, &plan.ccc)?;
    let mut typist = Typist::sit_down(&stage, seed)?;
    match beside {
        Beside::Nothing => {}
        Beside::Visible => stage.beside(SESSION, &["yes"])?,
        Beside::Hidden(count) => {
            (0..count).try_for_each(|n| stage.background(&format!("flood{n}"), &["yes"]))?;
        }
    }
    typist.rest()?;
    typist.press_all(KEYS)
}
