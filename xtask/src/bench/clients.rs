//! Ten clients on one pane: a log until the last of them has seen its end, and what that costs.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};

use super::report::Report;
use super::stage::{Contender, Stage};
use super::usage::{Usage, megabytes};
use super::{Plan, text};

const CLIENTS: usize = 10;
const BYTES: usize = 20 << 20;
const PATIENCE: Duration = Duration::from_secs(120);
const READY: &str = "#READY";
const END: &str = "#@#@#@#@";

pub(crate) fn measure(plan: &Plan, report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir().context("make a folder for the log")?;
    let path = folder.path().join("log");
    fs::write(&path, text::log(BYTES)).context("write the log")?;
    let path = path.display().to_string();
    for run in 0..plan.runs {
        for contender in plan.in_turn(&Contender::SERVERS, run) {
            look(plan, contender, &path, report)?;
        }
    }
    Ok(())
}

fn look(plan: &Plan, contender: Contender, path: &str, report: &mut Report) -> Result<()> {
    let stage = Stage::set(contender, &plan.ccc)?;
    let end: String = END.bytes().map(|byte| format!("\\{byte:03o}")).collect();
    let script =
        format!("stty -echo; printf '{READY}'; read go; cat {path}; printf '{end}'; exec cat");
    stage.background("ten", &["sh", "-c", &script])?;
    let mut clients = (0..CLIENTS).map(|_| stage.attach("ten")).collect::<Result<Vec<_>>>()?;
    for client in &mut clients {
        client.wait_for(READY.as_bytes(), PATIENCE)?;
        client.forget(Duration::from_millis(100))?;
    }
    let servers = stage.servers()?;
    let pids: Vec<u32> = clients.iter().filter_map(super::outer::Outer::pid).collect();
    let (server_before, client_before) = (Usage::of(&servers)?, Usage::of(&pids)?);
    let drawn_before: u64 = clients.iter().map(|client| client.drawn).sum();
    let began = Instant::now();
    clients[0].write(b"\n")?;
    let waiting = clients.into_iter().map(|mut client| {
        thread::spawn(move || client.wait_for(END.as_bytes(), PATIENCE).map(|()| client))
    });
    let waiting: Vec<_> = waiting.collect();
    let mut clients = Vec::new();
    for client in waiting {
        clients.push(client.join().map_err(|_panic| anyhow!("a reader failed"))??);
    }
    let seconds = began.elapsed().as_secs_f64();
    let drawn: u64 = clients.iter().map(|client| client.drawn).sum();
    let spent = |pids: &[u32], before: &Usage| {
        Ok::<f64, anyhow::Error>(Usage::of(pids)?.since(before).cpu.as_secs_f64())
    };
    report.add("10 clients see 20 MiB", "s", contender, seconds);
    report.add("10 clients, CPU of servers", "s", contender, spent(&servers, &server_before)?);
    report.add("10 clients, CPU of clients", "s", contender, spent(&pids, &client_before)?);
    report.add("10 clients, drawn", "MB", contender, megabytes(drawn - drawn_before));
    Ok(())
}
