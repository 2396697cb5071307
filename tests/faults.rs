//! Faults that are no fault of ours: a state directory that others can change, a client that stands
//! still.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::time::Duration;

use ccc_testkit::{KitError, Result, Sandbox, Size, text};
use rustix::process::Signal;

const SIZE: Size = Size::new(80, 24);
const SOON: Duration = Duration::from_secs(60);

fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_ccc"))
}

fn io(source: std::io::Error) -> KitError {
    KitError::Io { what: "prepare a folder".into(), source }
}

#[test]
fn a_state_directory_that_others_can_write_is_refused() -> Result<()> {
    let sandbox = sandbox()?;
    fs::create_dir(sandbox.state()).map_err(io)?;
    fs::set_permissions(sandbox.state(), fs::Permissions::from_mode(0o770)).map_err(io)?;
    let refused = sandbox.run(&["new", "-d"])?;
    assert!(refused.code.is_some_and(|code| code != 0), "{refused:?}");
    assert!(refused.stderr.contains("chmod"), "{refused:?}");
    assert!(refused.stderr.contains(&sandbox.state().display().to_string()), "{refused:?}");
    assert!(sandbox.processes().is_empty());
    // What it says is what mends it.
    fs::set_permissions(sandbox.state(), fs::Permissions::from_mode(0o700)).map_err(io)?;
    sandbox.ok(&["new", "-d"]).map(drop)
}

#[test]
fn a_state_directory_that_is_a_link_is_refused() -> Result<()> {
    let sandbox = sandbox()?;
    let elsewhere = sandbox.home().join("elsewhere");
    fs::create_dir(&elsewhere).map_err(io)?;
    fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o700)).map_err(io)?;
    symlink(&elsewhere, sandbox.state()).map_err(io)?;
    let refused = sandbox.run(&["new", "-d"])?;
    assert!(refused.code.is_some_and(|code| code != 0), "{refused:?}");
    assert!(refused.stderr.contains("link") && refused.stderr.contains("hint: "), "{refused:?}");
    assert!(sandbox.processes().is_empty());
    for secret in ["client", "identity", "panes", "sessions", "control.log"] {
        assert!(!elsewhere.join(secret).exists(), "{secret} was written there");
    }
    Ok(())
}

/// Resident memory in KiB.
fn memory(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

#[test]
fn a_client_that_stands_still_costs_nobody_anything() -> Result<()> {
    let sandbox = sandbox()?;
    // Numbers end at a mark that cannot be mistaken for what is typed.
    let script = "read line; seq 1 2600000; echo all-of-it; read line";
    sandbox.ok(&["new", "-d", "-n", "flood", "--", "/bin/sh", "-c", script])?;
    sandbox.ok(&["new", "-d", "-n", "quiet"])?;
    let still = sandbox.attach(SIZE, &["flood"])?;
    still.wait_text("[flood]", SOON)?;
    let quiet = sandbox.attach(SIZE, &["quiet"])?;
    quiet.wait_text("$", SOON)?;
    let server = sandbox.custody()?.server.pid;
    let before = memory(server);

    still.process().signal(Signal::STOP);
    sandbox.ok(&["send", "flood", "go", "--enter"])?;
    // Somebody else is heard all the while.
    for number in 0..5 {
        quiet.type_keys(&format!("echo<space>heard-$(({number}+10))<ret>"))?;
        quiet.wait_text(&format!("\nheard-{}", number + 10), SOON)?;
    }
    sandbox.ok(&["wait", "flood", "--match", "^all-of-it$", "--timeout", "60s"])?;
    let grown = memory(server).saturating_sub(before);
    assert!(before > 0 && grown < 48 * 1024, "{grown} KiB more than {before}");

    still.process().signal(Signal::CONT);
    still.wait_text("all-of-it", SOON)?;
    let fresh = sandbox.attach(SIZE, &["flood"])?;
    fresh.wait_text("all-of-it", SOON)?;
    let rows = |screen: &ccc_testkit::vt100::Screen| {
        text(screen).lines().take(23).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(still.look(rows), fresh.look(rows));
    Ok(())
}
