//! Many clients of one server, each looking at a pane that prints a line a second: the servers' memory, what a
//! key of somebody else waits, and how long after the first of a crowd the last one sees a line. Owns the
//! sessions and the moments. Only of `ccc`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::Plan;
use super::echo::KEYS;
use super::report::Report;
use super::stage::{Contender, Stage};
use super::typist::Typist;
use super::usage::{Memory, Usage, megabytes};
use crate::percentile::percentile;
use crate::workspace::build_example;

const CLIENTS: usize = 500;
const QUICK_CLIENTS: usize = 100;
/// All before the same pane, which is the hardest; and ten before each of many.
const SESSIONS: [usize; 2] = [1, 50];
/// Nothing that takes long: many seconds of printing cost as little as a second.
const TICKS: &str =
    "number=0; while :; do number=$((number + 1)); echo tick $number; sleep 1; done";

pub(crate) fn measure(plan: &Plan, report: &mut Report) -> Result<()> {
    let clients = if plan.quick { QUICK_CLIENTS } else { CLIENTS };
    let crowd = build_example("ccc-client", "crowd")?;
    for run in 0..plan.runs {
        for contender in plan.in_turn(&[Contender::Ccc], run) {
            for sessions in SESSIONS {
                gather(plan, contender, &crowd, (clients, sessions), run as u64, report)?;
            }
        }
    }
    Ok(())
}

fn gather(
    plan: &Plan,
    contender: Contender,
    crowd: &Path,
    (clients, sessions): (usize, usize),
    seed: u64,
    report: &mut Report,
) -> Result<()> {
    let stage = Stage::set(contender, &plan.ccc)?;
    let names: Vec<String> = (0..sessions).map(|number| format!("ticks{number}")).collect();
    for name in &names {
        stage.background(name, &["sh", "-c", TICKS])?;
    }
    let mut command = Command::new(crowd);
    command.arg(stage.sandbox.home()).arg(clients.to_string()).args(&names);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("start the crowd")?;
    let mut input = child.stdin.take().context("a pipe")?;
    let mut output = BufReader::new(child.stdout.take().context("a pipe")?);
    let mut line = String::new();
    output.read_line(&mut line)?;
    ensure!(line == "attached\n", "the crowd said {line:?}");
    let mut typist = Typist::sit_down(&stage, seed)?;
    typist.rest()?;
    let servers = stage.servers()?;
    let before = Usage::of(&servers)?;
    let began = std::time::Instant::now();
    let times = typist.press_all(KEYS)?;
    let busy =
        Usage::of(&servers)?.since(&before).cpu.as_secs_f64() / began.elapsed().as_secs_f64();
    let memory = Memory::of(&servers)?;
    input.write_all(b"\n")?;
    line.clear();
    output.read_line(&mut line)?;
    ensure!(child.wait()?.success(), "the crowd failed");
    let told: Value = serde_json::from_str(&line).with_context(|| format!("read {line:?}"))?;
    ensure!(told["clients"] == clients, "some left: {line}");
    ensure!(told["missed"] == 0, "lines were not seen: {line}");
    let name = format!("{clients} clients before {sessions} panes");
    report.add_percentiles(&format!("{name}, echo of another"), contender, &times);
    report.add(&format!("{name}, PSS of servers"), "MB", contender, megabytes(memory.pss));
    report.add(&format!("{name}, CPU of servers"), "%", contender, busy * 100.0);
    let spread = told["spread_ms"].as_array().into_iter().flatten().filter_map(Value::as_f64);
    let spread: Vec<Duration> = spread.map(|ms| Duration::from_secs_f64(ms / 1000.0)).collect();
    let ms = percentile(&spread, 0.99).as_secs_f64() * 1000.0;
    report.add(
        &format!("{name}, from the first who sees a line to the last, p99"),
        "ms",
        contender,
        ms,
    );
    Ok(())
}
