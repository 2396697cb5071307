//! Names complete in real shells, by the script that `ccc completions` prints.

use std::time::Duration;

use ccc_testkit::{Result, Sandbox, Size, Terminal, installed};

const SIZE: Size = Size::new(80, 24);
const SOON: Duration = Duration::from_secs(60);

/// A machine with a session, and a host that it knows.
fn machines() -> Result<(Sandbox, Sandbox)> {
    let ccc = env!("CARGO_BIN_EXE_ccc");
    let (sandbox, other) = (Sandbox::new(ccc)?, Sandbox::new(ccc)?);
    sandbox.ok(&["new", "-d", "-n", "website", "--", "/bin/cat"])?;
    other.ok(&["new", "-d", "-n", "worker", "--", "/bin/cat"])?;
    let link = other.ok(&["invite"])?;
    let paired = sandbox.ccc(&["pair", "-", "--name", "far"]);
    assert_eq!(sandbox.run_program(&paired, link.as_bytes())?.code, Some(0));
    Ok((sandbox, other))
}

/// A shell in whose path `ccc` is this one.
fn shell(sandbox: &Sandbox, shell: &str, args: &[&str]) -> Result<Terminal> {
    let ccc = std::path::Path::new(env!("CARGO_BIN_EXE_ccc"));
    let folder = ccc.parent().expect("a folder").display().to_string();
    let path = format!("{folder}:{}", std::env::var("PATH").unwrap_or_default());
    let program = sandbox.program(shell).args(args).env("PATH", path).env("PS1", "$ ");
    Terminal::start(&program, SIZE)
}

fn completes(terminal: &Terminal) -> Result<()> {
    terminal.type_keys("ccc<space>attach<space>web<Tab>")?;
    terminal.wait_text("attach website", SOON)?;
    terminal.type_keys("<C-u>ccc<space>capture<space>far/wor<Tab>")?;
    terminal.wait_text("capture far/worker", SOON)?;
    terminal.type_keys("<C-u>ccc<space>hosts<space>rm<space>fa<Tab>")?;
    terminal.wait_text("rm far", SOON)
}

#[test]
fn bash_completes_sessions_and_hosts() -> Result<()> {
    let (sandbox, _far) = machines()?;
    let terminal = shell(&sandbox, "bash", &["--norc", "--noprofile", "-i"])?;
    terminal.wait_text("$", SOON)?;
    terminal
        .type_keys("source<space><lt>(ccc<space>completions<space>bash);echo<space>re''ady<ret>")?;
    terminal.wait_text("ready", SOON)?;
    completes(&terminal)
}

#[test]
fn fish_completes_sessions_and_hosts() -> Result<()> {
    if !installed("fish") {
        return Ok(());
    }
    let (sandbox, _far) = machines()?;
    let terminal = shell(&sandbox, "fish", &["--no-config", "-i"])?;
    terminal.wait_text("~", SOON)?;
    terminal.type_keys("ccc<space>completions<space>fish|source;echo<space>re''ady<ret>")?;
    terminal.wait_text("ready", SOON)?;
    completes(&terminal)
}
