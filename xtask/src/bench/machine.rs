//! What the figures depend on: the machine, versions, load. Owns how they are read.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::Plan;
use super::stage::Contender;

pub(crate) fn describe(plan: &Plan) -> Result<Value> {
    let cpus = fs::read_to_string("/proc/cpuinfo").context("read the CPU's name")?;
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("unknown", |rest| rest.trim_start_matches([' ', '\t', ':']));
    let cores = std::thread::available_parallelism().context("count cores")?;
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").context("read the kernel")?;
    // Who is not measured need not be there.
    let tmux = match plan.of.contains(&Contender::Tmux) {
        true => Some(first_line(Command::new("tmux").arg("-V"))?),
        false => None,
    };
    Ok(json!({
        "cpu": model,
        "cores": cores,
        "kernel": kernel.trim(),
        "ccc": first_line(Command::new(&plan.ccc).arg("--version"))?,
        "tmux": tmux,
        "terminal": "80x24, TERM=xterm-256color",
    }))
}

/// How many processes wanted to run in the last minute.
pub(crate) fn load() -> String {
    let told = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    told.split_whitespace().next().unwrap_or("unknown").to_owned()
}

fn first_line(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("run {command:?}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
