//! A shell outlives the client, the server, the keeper and the spare; what cannot outlive all three at
//! once keeps its record.

use std::time::{Duration, Instant};

use ccc_testkit::{Custody, Ended, KitError, Process, Result, Sandbox, Size, Terminal, text};
use rustix::process::Signal;
use serde_json::Value;

const SIZE: Size = Size::new(80, 24);
const SOON: Duration = Duration::from_secs(60);

fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_ccc"))
}

/// A session with a variable in its shell, seen by an attached client.
fn kept(sandbox: &Sandbox) -> Result<Terminal> {
    let terminal = sandbox.attach(SIZE, &[])?;
    terminal.wait_text("$", SOON)?;
    // The prompt first: what is typed ahead is echoed before it.
    terminal.type_keys("x=kept<ret>")?;
    terminal.wait_text("x=kept\n$", SOON)?;
    terminal.type_keys("printf<space>'\\033[31mr\\033[md\\n'<ret>")?;
    terminal.wait_for("the prompt and its cursor", SOON, |screen| {
        text(screen).contains("\nrd\n$")
            && screen.cursor_position() == (3, 2)
            && !screen.hide_cursor()
    })?;
    Ok(terminal)
}

/// Process id and start time of the first pane's program: together they name it for good.
fn program(sandbox: &Sandbox) -> Result<(Value, Value)> {
    let sessions = sandbox.json(&["ls", "--json"])?;
    let pane = &sessions["sessions"][0]["panes"][0];
    assert!(pane["pid"].as_u64().is_some_and(|pid| pid > 1), "{sessions}");
    Ok((pane["pid"].clone(), pane["start_time"].clone()))
}

/// Waits until so many clients look at the session.
fn attached(sandbox: &Sandbox, count: usize) -> Result<()> {
    let until = Instant::now() + SOON;
    loop {
        let who = sandbox.json(&["who", "--json"])?;
        let clients = who["clients"].as_array().into_iter().flatten();
        if clients.filter(|client| client["session"].is_string()).count() == count {
            return Ok(());
        }
        if Instant::now() >= until {
            let what = format!("{count} clients do not look at it");
            return Err(KitError::Unexpected { what, told: who.to_string() });
        }
    }
}

fn open(pid: u32) -> Result<Process> {
    Process::open(pid).ok_or_else(|| KitError::Unexpected {
        what: "a custodian is gone".into(),
        told: pid.to_string(),
    })
}

fn outlives(which: impl Fn(&Custody) -> u32) -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = kept(&sandbox)?;
    let custody = sandbox.full_custody(SOON)?;
    let before = (program(&sandbox)?, terminal.picture().without_last(1));
    let victim = open(which(&custody))?;
    victim.kill();
    victim.wait_end(SOON)?;
    let after = sandbox.full_custody(SOON)?;
    assert_ne!(which(&after), victim.pid());
    assert_eq!(program(&sandbox)?, before.0);

    // Somebody new sees what was there, and whoever was there can go on.
    let other = sandbox.attach(SIZE, &[])?;
    other.wait_for("the same screen", SOON, |screen| {
        ccc_testkit::Picture::of(screen).without_last(1) == before.1
    })?;
    // What is typed before it has noticed a loss is lost with the link.
    attached(&sandbox, 2)?;
    terminal.wait_for("the link", SOON, |screen| !text(screen).contains("reconnecting"))?;
    terminal.type_keys("echo<space>x=$x<ret>")?;
    terminal.wait_text("\nx=kept\n", SOON)?;
    other.wait_text("\nx=kept\n", SOON)
}

#[test]
fn the_server() -> Result<()> {
    outlives(|custody| custody.server.pid)
}

#[test]
fn the_keeper() -> Result<()> {
    outlives(|custody| custody.keeper.pid)
}

#[test]
fn the_spare() -> Result<()> {
    outlives(|custody| custody.spare.pid)
}

#[test]
fn the_client() -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = kept(&sandbox)?;
    let before = (program(&sandbox)?, terminal.picture().without_last(1));
    terminal.process().kill();
    assert!(matches!(terminal.wait_end(SOON)?, Ended::Signal(_)));
    let other = sandbox.attach(SIZE, &[])?;
    other.wait_for("the same screen", SOON, |screen| {
        ccc_testkit::Picture::of(screen).without_last(1) == before.1
    })?;
    assert_eq!(program(&sandbox)?, before.0);
    other.type_keys("echo<space>x=$x<ret>")?;
    other.wait_text("\nx=kept\n", SOON)
}

#[test]
fn with_nobody_left_the_record_is_exact() -> Result<()> {
    let sandbox = sandbox()?;
    let script = "stty -opost; seq 1 20000; printf end; read line";
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
    sandbox.ok(&["wait", "work", "--match", "end$", "--timeout", "60s"])?;
    let custody = sandbox.full_custody(SOON)?;
    let program = open(u32::try_from(program(&sandbox)?.0.as_u64().unwrap_or(0)).unwrap_or(0))?;
    let holders = [custody.server.pid, custody.keeper.pid, custody.spare.pid];
    let holders = holders.into_iter().map(open).collect::<Result<Vec<_>>>()?;
    // Stopped first, so that none can start another again.
    holders.iter().for_each(|holder| holder.signal(Signal::STOP));
    holders.iter().for_each(Process::kill);
    for holder in &holders {
        holder.wait_end(SOON)?;
    }
    program.wait_end(SOON)?;

    sandbox.ok(&["serve", "--daemon"])?;
    // Its screen is folded from the recording first. Nobody can say how it ended.
    let waited = sandbox.run(&["wait", "work", "--exit", "--timeout", "60s"])?;
    assert_eq!(waited.code, Some(125), "{waited:?}");
    let sessions = sandbox.json(&["ls", "--json"])?;
    let session = &sessions["sessions"][0];
    assert_eq!(session["name"], "work", "{sessions}");
    assert_eq!(session["state"], "ended", "{sessions}");
    assert_eq!(session["panes"][0]["exit"]["kind"], "unknown", "{sessions}");
    let expected: String = (1..=20_000).map(|number| format!("{number}\n")).collect();
    let bytes = sandbox.bytes(&["export", "--raw", "work"])?;
    assert_eq!(String::from_utf8_lossy(&bytes), expected + "end");
    let screen = sandbox.ok(&["peek", "work"])?;
    assert!(screen.contains("20000"), "{screen}");

    sandbox.ok(&["restart", "work"])?;
    sandbox.ok(&["wait", "work", "--match", "end$", "--timeout", "60s"])?;
    let sessions = sandbox.json(&["ls", "--json"])?;
    assert_eq!(sessions["sessions"][0]["state"], "running", "{sessions}");
    Ok(())
}
