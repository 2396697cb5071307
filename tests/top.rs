//! `ccc top`: what panes take, as a table on a screen, as text, and as JSON.

use std::time::Duration;

use ccc_testkit::{Ended, Result, Sandbox, Size, Terminal, text};

const SIZE: Size = Size::new(100, 12);
const SOON: Duration = Duration::from_secs(60);

/// A session that works hard, and one that waits.
fn working() -> Result<Sandbox> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    sandbox.ok(&["new", "-d", "-n", "busy", "--", "sh", "-c", "while :; do :; done"])?;
    sandbox.ok(&["new", "-d", "-n", "calm", "--", "sh", "-c", "echo started; read line"])?;
    sandbox.ok(&["wait", "calm", "--match", "started", "--timeout", "60s"])?;
    Ok(sandbox)
}

#[test]
fn the_one_that_works_comes_first_and_keys_change_the_order() -> Result<()> {
    let sandbox = working()?;
    let program = sandbox.ccc(&["top", "--interval", "200ms"]);
    let terminal = Terminal::start(&program, SIZE)?;
    let lines = |screen: &ccc_testkit::vt100::Screen| -> Vec<String> {
        let mut lines: Vec<String> = text(screen).lines().map(str::to_owned).collect();
        lines.resize(usize::from(SIZE.rows), String::new());
        lines
    };
    terminal.wait_for("the busy one above the calm one", SOON, |screen| {
        let lines = lines(screen);
        lines[0].starts_with("PANE")
            && lines[1].starts_with("busy:1.1")
            && lines[2].starts_with("calm:1.1")
    })?;
    terminal.type_keys("b")?;
    terminal.wait_for("the one that printed first", SOON, |screen| {
        let lines = lines(screen);
        lines[1].starts_with("calm:1.1")
            && lines.last().is_some_and(|last| last.contains("b bytes*"))
    })?;
    terminal.type_keys("q")?;
    assert_eq!(terminal.wait_closed(SOON)?, Ended::Code(0));
    Ok(())
}

#[test]
fn scripts_get_text_or_counters() -> Result<()> {
    let sandbox = working()?;
    let table = sandbox.ok(&["top", "--sort", "name"])?;
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("PANE") && lines.len() == 3, "{table}");
    assert!(lines[1].starts_with("busy:1.1") && lines[2].starts_with("calm:1.1"), "{table}");

    let before = sandbox.json(&["top", "busy", "--json"])?;
    let panes = before["panes"].as_array().map_or(0, Vec::len);
    assert_eq!(panes, 1, "{before}");
    assert!(before["panes"][0]["memory_bytes"].as_u64().is_some_and(|bytes| bytes > 0), "{before}");
    // Its processor time only grows, and does.
    let spent = |usage: &serde_json::Value| usage["panes"][0]["cpu_ms"].as_u64().unwrap_or(0);
    let mut now = before.clone();
    while spent(&now) == spent(&before) {
        now = sandbox.json(&["top", "busy", "--json"])?;
        assert!(spent(&now) >= spent(&before), "{before} {now}");
    }
    assert!(now["at_us"].as_u64() > before["at_us"].as_u64(), "{before} {now}");
    Ok(())
}
