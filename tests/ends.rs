//! Ends of programs, panes and sessions, as whoever looks sees them.

use std::time::Duration;

use ccc_testkit::{Ended, Result, Sandbox, Size};

const SIZE: Size = Size::new(80, 24);
const SOON: Duration = Duration::from_secs(60);

fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_ccc"))
}

#[test]
fn a_failure_stays_with_its_status_until_it_is_started_again_or_closed() -> Result<()> {
    let sandbox = sandbox()?;
    let script = "echo up-$$; read status; exit $status";
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
    sandbox.ok(&["tab", "new", "work", "--detached"])?;
    let terminal = sandbox.attach(SIZE, &["work"])?;
    terminal.wait_text("up-", SOON)?;
    let first = terminal.text().lines().next().unwrap_or_default().to_owned();
    terminal.type_keys("3<ret>")?;
    terminal.wait_text("ended with status 3 · Enter restarts · x closes", SOON)?;
    terminal.wait_for("a dim line", SOON, |screen| {
        screen.cell(0, 0).is_some_and(ccc_testkit::vt100::Cell::dim)
    })?;
    terminal.type_keys("<ret>")?;
    terminal.wait_for("another life", SOON, |screen| {
        let text = ccc_testkit::text(screen);
        let last = text.lines().rfind(|line| line.starts_with("up-"));
        !text.contains("recovering") && last.is_some_and(|last| last != first)
    })?;
    terminal.type_keys("4<ret>")?;
    terminal.wait_text("ended with status 4", SOON)?;
    terminal.type_keys("x")?;
    // The tab goes with its last pane, and the other one is looked at.
    terminal.wait_for("the other tab alone", SOON, |screen| {
        let text = ccc_testkit::text(screen);
        let bar = text.lines().last().unwrap_or_default();
        bar.contains(" 2:") && !bar.contains(" 1:")
    })
}

#[test]
fn a_session_that_ends_leads_to_the_last_one_and_then_out() -> Result<()> {
    let sandbox = sandbox()?;
    for (name, status) in [("first", "7"), ("second", "0")] {
        let script = format!("echo this is {name}; read line; exit {status}");
        sandbox.ok(&["new", "-d", "-n", name, "--", "/bin/sh", "-c", &script])?;
    }
    let terminal = sandbox.attach(SIZE, &["first"])?;
    terminal.wait_text("this is first", SOON)?;
    terminal.type_keys("<C-b>)")?;
    terminal.wait_text("this is second", SOON)?;
    sandbox.ok(&["kill", "second"])?;
    terminal.wait_text("this is first", SOON)?;
    terminal.type_keys("<ret>")?;
    terminal.wait_text("ended with status 7", SOON)?;
    terminal.type_keys("x")?;
    let ended = terminal.wait_closed(SOON)?;
    assert_eq!(ended, Ended::Code(7), "{}", terminal.text());
    Ok(())
}

#[test]
fn a_program_that_hears_no_hang_up_is_killed() -> Result<()> {
    let sandbox = sandbox()?;
    let script = "trap '' HUP; echo deaf; while :; do read line; done";
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
    sandbox.ok(&["wait", "work", "--match", "^deaf$", "--timeout", "60s"])?;
    sandbox.ok(&["kill", "work"])?;
    let ended = sandbox.run(&["wait", "p1", "--exit", "--timeout", "60s"])?;
    assert_eq!(ended.code, Some(128 + 9), "{ended:?}");
    Ok(())
}
