//! Ctrl-C under a flood: from the key to the prompt.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::Plan;
use super::report::Report;
use super::stage::{Contender, Stage};

/// Floods of one run that are ended.
const TRIES: usize = 10;
const PATIENCE: Duration = Duration::from_secs(60);
const PROMPT: &str = "#READY";
/// The prompt in octal, so that no command line shows it.
const SCRIPT: &str =
    "trap : INT; stty -echo; while :; do printf '\\043READY'; read go; yes flood; done";

pub(crate) fn measure(plan: &Plan, report: &mut Report) -> Result<()> {
    for run in 0..plan.runs {
        for contender in plan.in_turn(&Contender::ALL, run) {
            let stage = Stage::set(contender, &plan.ccc)?;
            let mut outer = stage.open("flood", &["sh", "-c", SCRIPT])?;
            outer.wait_for(PROMPT.as_bytes(), PATIENCE)?;
            let mut times = Vec::new();
            for _ in 0..TRIES {
                outer.write(b"\n")?;
                outer.wait_for(b"flood", PATIENCE)?;
                outer.forget_busy(Duration::from_millis(300))?;
                let began = Instant::now();
                outer.write(b"\x03")?;
                outer.wait_for(PROMPT.as_bytes(), PATIENCE)?;
                times.push(began.elapsed());
            }
            report.add_percentiles("Ctrl-C under a flood", contender, &times);
        }
    }
    Ok(())
}
