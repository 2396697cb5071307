//! A disk that is full, seen by whoever looks at the pane: it waits, says so, and goes on by itself.

use std::fs;
use std::time::Duration;

use ccc_testkit::{Disk, KitError, Result, Sandbox, Size};

const SIZE: Size = Size::new(80, 24);
const SOON: Duration = Duration::from_secs(60);

fn io(source: std::io::Error) -> KitError {
    KitError::Io { what: "prepare a disk".into(), source }
}

#[test]
fn a_pane_waits_for_room_and_says_so() -> Result<()> {
    let Some(disk) = Disk::mount(24)? else { return Ok(()) };
    let sandbox = Sandbox::within(disk.path(), env!("CARGO_BIN_EXE_ccc"))?;
    let script = "stty -echo; echo ready; while read n; do seq 1 $n; echo all-$n; done";
    sandbox.ok(&["new", "-d", "-n", "work", "--size", "80x23", "--", "/bin/sh", "-c", script])?;
    let terminal = sandbox.attach(SIZE, &["work"])?;
    // Until then what is typed is echoed, and recorded.
    terminal.wait_text("ready", SOON)?;
    terminal.type_keys("10<ret>")?;
    terminal.wait_text("all-10", SOON)?;

    let filler = disk.fill()?;
    terminal.type_keys("50000<ret>")?;
    terminal.wait_text("the disk is full", SOON)?;
    assert!(!terminal.text().contains("all-50000"), "{}", terminal.text());
    // Whoever comes now is told the same, and can leave.
    let state = sandbox.json(&["pane", "ls", "work", "--json"])?;
    assert_eq!(state["panes"][0]["state"], "waiting-for-disk", "{state}");

    fs::remove_file(filler).map_err(io)?;
    terminal.wait_text("all-50000", SOON)?;
    terminal.wait_for("nothing about the disk", SOON, |screen| {
        !ccc_testkit::text(screen).contains("the disk is full")
    })?;
    let lines = |n: u32| (1..=n).map(|number| format!("{number}\r\n")).collect::<String>();
    let expected = format!("ready\r\n{}all-10\r\n{}all-50000\r\n", lines(10), lines(50_000));
    let bytes = sandbox.bytes(&["export", "--raw", "work"])?;
    assert_eq!(String::from_utf8_lossy(&bytes), expected);
    Ok(())
}
