//! Bulk: much text through an attached client, until its end is seen. Compares what was recorded of it.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use sha2::{Digest as _, Sha256};

use super::Plan;
use super::report::Report;
use super::stage::{Contender, Stage};
use super::text;
use super::usage::Usage;

const MIB: usize = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(120);
/// Printed before and after the log; neither is in it.
const READY: &str = "#READY";
const END: &str = "#@#@#@#@";

/// A kind of text: what it is called, and how it is made.
type Kind = (&'static str, fn(usize) -> Vec<u8>);

const KINDS: [Kind; 4] = [
    ("a log", text::log),
    ("dense colour", text::colour),
    ("Unicode", text::unicode),
    ("full redraws", text::redraws),
];

pub(crate) fn measure(plan: &Plan, report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir().context("make a folder for the texts")?;
    for (name, make) in KINDS {
        let path = folder.path().join("text");
        let text = make(if plan.quick { 20 } else { 100 } * MIB);
        fs::write(&path, &text).context("write a text")?;
        for run in 0..plan.runs {
            for contender in plan.in_turn(&Contender::ALL, run) {
                cat(plan, contender, name, (&path, &text), report)?;
            }
        }
    }
    Ok(())
}

fn cat(
    plan: &Plan,
    contender: Contender,
    name: &str,
    (path, log): (&Path, &[u8]),
    report: &mut Report,
) -> Result<()> {
    let stage = Stage::set(contender, &plan.ccc)?;
    // The marker in octal, so that no command line shows it.
    let end: String = END.bytes().map(|byte| format!("\\{byte:03o}")).collect();
    let script = format!(
        "stty -echo; printf '{READY}'; read go; cat {}; printf '{end}'; exec cat",
        path.display()
    );
    let mut outer = stage.open("bulk", &["sh", "-c", &script])?;
    outer.wait_for(READY.as_bytes(), PATIENCE)?;
    outer.forget(Duration::from_millis(300))?;
    let servers = stage.servers()?;
    let clients: Vec<u32> = outer.pid().into_iter().collect();
    let (server_before, client_before) = (Usage::of(&servers)?, Usage::of(&clients)?);
    let drawn_before = outer.drawn;
    let began = Instant::now();
    outer.write(b"\n")?;
    outer.wait_for(END.as_bytes(), PATIENCE)?;
    let seconds = began.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "sizes of some MiB")]
    let mib = |bytes: u64| bytes as f64 / MIB as f64;
    report.add(
        &format!("cat of {name}, speed"),
        "MiB/s",
        contender,
        mib(log.len() as u64) / seconds,
    );
    let drawn = outer.drawn - drawn_before;
    report.add(&format!("cat of {name}, drawn"), "MiB", contender, mib(drawn));
    if contender != Contender::Bare {
        let server = Usage::of(&servers)?.since(&server_before).cpu.as_secs_f64();
        let client = Usage::of(&clients)?.since(&client_before).cpu.as_secs_f64();
        report.add(&format!("cat of {name}, CPU of servers"), "s", contender, server);
        report.add(&format!("cat of {name}, CPU of the client"), "s", contender, client);
    }
    if contender == Contender::Ccc {
        exact(&stage.sandbox.bytes(&["export", "--raw", "bulk"])?, log)?;
    }
    Ok(())
}

/// The recording must be what the program printed, after the terminal turned each line feed into
/// two bytes.
fn exact(recorded: &[u8], log: &[u8]) -> Result<()> {
    let mut printed = READY.as_bytes().to_vec();
    printed.reserve(log.len() + log.len() / 32);
    for line in log.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(line) => printed.extend([line, b"\r\n"].concat()),
            None => printed.extend(line),
        }
    }
    printed.extend(END.bytes());
    ensure!(
        Sha256::digest(recorded) == Sha256::digest(&printed),
        "{} bytes recorded, {} printed, and they differ",
        recorded.len(),
        printed.len()
    );
    Ok(())
}
