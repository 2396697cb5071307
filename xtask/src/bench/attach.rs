//! Attach: from the start of the client's process to the whole screen of a session with history.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::Plan;
use super::report::Report;
use super::stage::{Contender, Stage};
use crate::percentile::percentile;

const TRIES: usize = 11;
const PATIENCE: Duration = Duration::from_secs(20);
/// The log is written in two parts, so that the marks of its last lines are on no earlier line. The
/// last one has no letter in common with the line above it: what stands in its place already, when the
/// screen moves up, is not drawn.
const PROGRAM: [&str; 3] = [
    "sh",
    "-c",
    "seq -f 'line %0.f of a long history, of which nobody reads a word' 100000; \
     seq -f '#%0.f@ is a line near the end' 77 98; printf 'THE END'; exec cat",
];
/// On the first and the last line of any of the screens.
const TOP: &[u8] = b"#78@";
const BOTTOM: &[u8] = b"THE END";

pub(crate) fn measure(plan: &Plan, report: &mut Report) -> Result<()> {
    let mut stages = Vec::new();
    for contender in plan.in_turn(&Contender::SERVERS, 0) {
        let stage = Stage::set(contender, &plan.ccc)?;
        let mut first = stage.open("history", &PROGRAM)?;
        first.wait_for(BOTTOM, PATIENCE)?;
        // Until the flood of lines was taken in, and everything is at rest.
        first.forget(Duration::from_millis(700))?;
        stages.push((contender, stage, Vec::new()));
    }
    for _ in 0..TRIES {
        for (_, stage, times) in &mut stages {
            let began = Instant::now();
            let mut outer = stage.attach("history")?;
            outer.wait_for(TOP, PATIENCE)?;
            outer.wait_for(BOTTOM, PATIENCE)?;
            times.push(began.elapsed());
            outer.forget(Duration::from_millis(100))?;
        }
    }
    for (contender, _, times) in &stages {
        for (metric, share) in [("p50", 0.5), ("longest", 1.0)] {
            let time = percentile(times, share).as_secs_f64() * 1000.0;
            report.add(&format!("attach, {metric} of {TRIES}"), "ms", *contender, time);
        }
    }
    Ok(())
}
