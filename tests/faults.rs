//! Faults that are no fault of ours: a state directory that others can change, a client that stands
//! still.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::time::Duration;

use ccc_testkit::{Ended, KitError, Result, Sandbox, Size};
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
    let state = sandbox.state().display().to_string();
    let told = format!(
        "error: make a session: the state directory is refused\n\
         caused by: {state} is open to other users (mode 0770)\n\
         hint: chmod 700 {state}\n"
    );
    assert_eq!((refused.code, refused.stderr), (Some(4), told));
    let terminal = sandbox.attach(SIZE, &[])?;
    assert_eq!(terminal.wait_closed(SOON)?, Ended::Code(125), "{}", terminal.text());
    assert!(terminal.text().contains("hint: chmod 700"), "{}", terminal.text());
    assert!(sandbox.processes().is_empty());
    assert_eq!(inside(&sandbox.state())?, Vec::<OsString>::new());
    mended(&sandbox, "chmod 700")
}

#[test]
fn a_state_directory_that_is_a_link_is_refused() -> Result<()> {
    let sandbox = sandbox()?;
    let elsewhere = sandbox.home().join("elsewhere");
    fs::create_dir(&elsewhere).map_err(io)?;
    fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o700)).map_err(io)?;
    symlink(&elsewhere, sandbox.state()).map_err(io)?;
    let refused = sandbox.run(&["new", "-d"])?;
    assert_eq!(refused.code, Some(4), "{refused:?}");
    assert!(refused.stderr.contains("is a symbolic link\n"), "{refused:?}");
    assert!(sandbox.processes().is_empty());
    assert_eq!(inside(&elsewhere)?, Vec::<OsString>::new());
    mended(&sandbox, "rm ")
}

/// What a directory holds.
fn inside(folder: &Path) -> Result<Vec<OsString>> {
    let entries = fs::read_dir(folder).map_err(io)?;
    entries.map(|entry| entry.map(|entry| entry.file_name()).map_err(io)).collect()
}

/// Does what the hint of a refusal says, after which a session can be made.
fn mended(sandbox: &Sandbox, begins: &str) -> Result<()> {
    let refused = sandbox.run(&["new", "-d"])?;
    let hint = refused.stderr.lines().find_map(|line| line.strip_prefix("hint: "));
    let hint = hint.unwrap_or_default();
    assert!(hint.starts_with(begins), "{refused:?}");
    let shell = sandbox.program("/bin/sh").args(["-c", hint]);
    assert_eq!(sandbox.run_program(&shell, b"")?.code, Some(0), "{hint}");
    sandbox.ok(&["new", "-d"]).map(drop)
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
    still.wait_same_corner(&fresh, Size::new(80, 23), SOON)
}
