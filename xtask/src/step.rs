//! One named, timed step of a longer run. Owns how it is announced.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};

/// Runs a step, and says what it is, how it ended and how long it took.
pub(crate) fn step(name: &str, run: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("==> {name}");
    let began = Instant::now();
    let result = run();
    let word = if result.is_ok() { "ok" } else { "FAILED" };
    println!("<== {name}: {word} in {:.1} s", began.elapsed().as_secs_f64());
    result.with_context(|| name.to_owned())
}

/// Runs a command to its end; failing is an error.
pub(crate) fn command(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("start {command:?}"))?;
    ensure!(status.success(), "it ended with {status}");
    Ok(())
}
