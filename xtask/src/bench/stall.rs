//! A client that stands still during a flood: what the server keeps for it, what another client
//! notices, and how soon it shows the truth when it goes on. Owns the flood and the moments. Only of
//! `ccc`: tmux's server draws by itself, so that a client of it that stands still holds nothing up.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use ccc_testkit::{Picture, Process, Terminal, vt100};
use rustix::process::Signal;

use super::Plan;
use super::echo::KEYS;
use super::report::Report;
use super::stage::{Contender, Stage};
use super::text;
use super::typist::Typist;
use super::usage::{Memory, megabytes};

const MB: usize = 1_000_000;
const PATIENCE: Duration = Duration::from_secs(300);
const SESSION: &str = "flood";
/// Printed before and after the flood; neither is in it.
const READY: &str = "#READY";
const END: &str = "#@#@#@#@";
/// Keys between two looks at the memory, which hold the server up for a moment.
const KEYS_OF_A_LOOK: usize = 8;

pub(crate) fn measure(plan: &Plan, report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir().context("make a folder for the flood")?;
    let flood = folder.path().join("log");
    fs::write(&flood, text::log(if plan.quick { 40 } else { 200 } * MB)).context("write it")?;
    for run in 0..plan.runs {
        for contender in plan.in_turn(&[Contender::Ccc], run) {
            stand_still(plan, contender, &flood, run as u64, report)?;
        }
    }
    Ok(())
}

fn stand_still(
    plan: &Plan,
    contender: Contender,
    flood: &Path,
    seed: u64,
    report: &mut Report,
) -> Result<()> {
    let stage = Stage::set(contender, &plan.ccc)?;
    let done = stage.sandbox.home().join("done");
    // The marker in octal, so that no command line shows it.
    let end: String = END.bytes().map(|byte| format!("\\{byte:03o}")).collect();
    let script = format!(
        "stty -echo; printf '{READY}'; read go; cat {}; printf '{end}'; : > {}; exec cat",
        flood.display(),
        done.display()
    );
    stage.background(SESSION, &["sh", "-c", &script])?;
    let stopped = stage.watch(SESSION)?;
    stopped.wait_text(READY, PATIENCE)?;
    let mut typist = Typist::sit_down(&stage, seed)?;
    typist.rest()?;
    report.add_percentiles("stall, echo of another before", contender, &typist.press_all(KEYS)?);

    let servers = stage.servers()?;
    let before = Memory::of(&servers)?;
    stopped.type_keys("<ret>")?;
    stopped.wait_for("the flood", PATIENCE, |screen| !ccc_testkit::text(screen).contains(READY))?;
    let client = stopped.process();
    client.signal(Signal::STOP);
    let _goes_on = GoesOn(client);
    let (mut times, mut most) = (Vec::new(), before);
    while !done.exists() {
        times.extend(typist.press_all(KEYS_OF_A_LOOK)?);
        most = most.most(Memory::of(&servers)?);
    }
    report.add_percentiles("stall, echo of another meanwhile", contender, &times);
    let (rss, pss) = (megabytes(most.rss - before.rss), megabytes(most.pss - before.pss));
    report.add("stall, growth of servers, RSS", "MB", contender, rss);
    report.add("stall, growth of servers, PSS", "MB", contender, pss);

    let fresh = stage.watch(SESSION)?;
    fresh.wait_text(END, PATIENCE)?;
    let truth = without_bar(&fresh.look(Clone::clone));
    client.signal(Signal::CONT);
    let began = Instant::now();
    wait_for_picture(&stopped, &truth)?;
    let took = began.elapsed().as_secs_f64() * 1000.0;
    report.add("stall, from going on to the right screen", "ms", contender, took);
    Ok(())
}

fn wait_for_picture(terminal: &Terminal, truth: &Picture) -> Result<()> {
    let waited = terminal
        .wait_for("what a new attach shows", PATIENCE, |screen| without_bar(screen) == *truth);
    waited.with_context(|| without_bar(&terminal.look(Clone::clone)).differences(truth))
}

/// A bar may tell the time, or who is there.
fn without_bar(screen: &vt100::Screen) -> Picture {
    Picture::of(screen).without_last(1)
}

/// A process that goes on whatever happens to us: one that stands still cannot be asked to end.
struct GoesOn<'a>(&'a Process);

impl Drop for GoesOn<'_> {
    fn drop(&mut self) {
        self.0.signal(Signal::CONT);
    }
}
