//! Strangers at the port of a server: what 10,000 hand-shakes that nobody goes on with and 1,000 silent
//! connections by TCP cost it, and how long honest clients wait in the middle. Owns when they begin.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::Plan;
use super::report::Report;
use super::stage::{Contender, Stage};
use super::usage::{Memory, megabytes};
use crate::percentile::percentile;
use crate::workspace::build_example;

const BY_TCP: usize = 1000;

pub(crate) fn measure(plan: &Plan, report: &mut Report) -> Result<()> {
    let count = if plan.quick { 1000 } else { 10_000 };
    let flood = build_example("ccc-net", "strangers")?;
    for run in 0..plan.runs {
        for contender in plan.in_turn(&[Contender::Ccc], run) {
            knock(plan, contender, &flood, count, report)?;
        }
    }
    Ok(())
}

fn knock(
    plan: &Plan,
    contender: Contender,
    flood: &PathBuf,
    count: usize,
    report: &mut Report,
) -> Result<()> {
    let stage = Stage::set(contender, &plan.ccc)?;
    stage.background("work", &["cat"])?;
    let server = [*stage.servers()?.first().context("a server")?];
    let state = stage.sandbox.state();
    let found = fs::read(state.join("run/server.json")).context("read where the server is")?;
    let found: Value = serde_json::from_slice(&found)?;
    let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
    let mut command = Command::new(flood);
    command.args(["at", &text("address"), &text("server")]).arg(state.join("client/key"));
    command.args([count.to_string(), BY_TCP.to_string()]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().context("start the flood")?;
    let mut input = child.stdin.take().context("a pipe")?;
    let mut output = BufReader::new(child.stdout.take().context("a pipe")?);
    let mut line = String::new();
    output.read_line(&mut line)?;
    ensure!(line == "made\n", "the flood said {line:?}");
    let before = Memory::of(&server)?;
    input.write_all(b"\n")?;
    line.clear();
    output.read_line(&mut line)?;
    let after = Memory::of(&server)?;
    let told: Value = serde_json::from_str(&line).with_context(|| format!("read {line:?}"))?;
    ensure!(told["by_tcp"] == BY_TCP, "not all came by TCP: {line}");
    input.write_all(b"\n")?;
    ensure!(child.wait()?.success(), "the flood failed");
    let name = format!("{count} half-open hand-shakes, {BY_TCP} by TCP");
    let grown = after.pss.saturating_sub(before.pss);
    report.add(&format!("{name}, growth of the server, PSS"), "MB", contender, megabytes(grown));
    let waited = told["honest_ms"].as_array().into_iter().flatten().filter_map(Value::as_u64);
    let waited: Vec<Duration> = waited.map(Duration::from_millis).collect();
    for (metric, share) in [("p50", 0.5), ("longest", 1.0)] {
        let ms = percentile(&waited, share).as_secs_f64() * 1000.0;
        let name = format!("{name}, until an honest client is welcome, {metric}");
        report.add(&name, "ms", contender, ms);
    }
    Ok(())
}
