//! `cargo xtask older COMMIT`: an earlier `ccc` and this one with each other: each is the server once, and the
//! other one lists, runs, types and attaches there; and this one takes over the programs of the earlier one.
//! Owns the clone in which the earlier one is built.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use ccc_testkit::{Sandbox, Size, Terminal};

use crate::step::{command, step};
use crate::workspace::{Profile, build_ccc, cargo, executable, root};

const SOON: Duration = Duration::from_secs(60);
const SIZE: Size = Size::new(80, 24);

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct OlderArgs {
    /// The commit to build the earlier one of
    commit: String,
    /// A program that is there already, in place of a build of the commit
    #[arg(long)]
    ccc: Option<PathBuf>,
}

pub(crate) fn run(args: &OlderArgs) -> Result<()> {
    let earlier = match &args.ccc {
        Some(path) => path.canonicalize().context("find the earlier one")?,
        None => build(&args.commit)?,
    };
    let newer = build_ccc(Profile::Dev)?;
    step("an earlier client at this server", || meet(&newer, &earlier))?;
    step("this client at an earlier server", || meet(&earlier, &newer))?;
    step("this server after an earlier one, with its keeper", || succeed(&earlier, &newer))
}

/// Builds the commit in a clone of its own, with a target folder of its own, which a second run finds.
fn build(commit: &str) -> Result<PathBuf> {
    let folder = root().join("target").join("older").join(commit);
    if !folder.join("Cargo.toml").exists() {
        let mut git = std::process::Command::new("git");
        git.current_dir(root());
        command(git.args(["clone", "--shared", "--no-checkout", "."]).arg(&folder))?;
        let mut git = std::process::Command::new("git");
        command(git.current_dir(&folder).args(["checkout", "--detach", commit]))?;
    }
    let mut build = cargo();
    build.current_dir(&folder).env("CARGO_TARGET_DIR", folder.join("target"));
    build.args(["build", "--locked", "--package", "ccc", "--message-format", "json"]);
    executable(build, "ccc")
}

/// One is the server, the other one comes to it.
fn meet(server: &Path, client: &Path) -> Result<()> {
    let sandbox = Sandbox::new(server)?;
    sandbox.ok(&["serve", "--daemon"])?;
    let there = |args: &[&str]| other(&sandbox, client, args);
    there(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", "echo ready; exec cat"])?;
    ensure!(there(&["ls"])?.contains("work"), "the session is not listed");
    there(&["wait", "work", "--match", "^ready$", "--timeout", "60s"])?;
    there(&["send", "work", "by a command", "--enter"])?;
    there(&["wait", "work", "--match", "^by a command$", "--timeout", "60s"])?;
    let ran = there(&["run", "--", "/bin/sh", "-c", "echo it ran"])?;
    ensure!(ran.contains("it ran"), "it ran to nothing: {ran:?}");
    let terminal = Terminal::start(&sandbox.program(client).args(["attach", "work"]), SIZE)?;
    terminal.wait_text("by a command", SOON)?;
    terminal.type_keys("by<space>hand<ret>")?;
    sandbox.ok(&["wait", "work", "--match", "^by hand$", "--timeout", "60s"])?;
    terminal.wait_text("by hand", SOON)?;
    terminal.type_keys("<C-b>d")?;
    terminal.wait_closed(SOON)?;
    ensure!(there(&["capture", "work"])?.contains("by hand"), "it is not captured");
    Ok(())
}

/// The earlier server leaves its programs to its keeper, and this one takes them up.
fn succeed(earlier: &Path, newer: &Path) -> Result<()> {
    let sandbox = Sandbox::new(newer)?;
    let before = |args: &[&str]| other(&sandbox, earlier, args);
    before(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", "echo ready; exec cat"])?;
    before(&["wait", "work", "--match", "^ready$", "--timeout", "60s"])?;
    // By the newer one, which waits for the end of what it stops.
    sandbox.ok(&["serve", "--stop"])?;
    sandbox.ok(&["serve", "--daemon"])?;
    sandbox.ok(&["send", "work", "to the same", "--enter"])?;
    sandbox.ok(&["wait", "work", "--match", "^to the same$", "--timeout", "60s"])?;
    let terminal = sandbox.attach(SIZE, &["work"])?;
    terminal.wait_text("to the same", SOON)?;
    let text = sandbox.ok(&["capture", "work", "--from", "0"])?;
    ensure!(text.starts_with("ready"), "the beginning is not there: {text:?}");
    Ok(())
}

/// Runs another `ccc` in the sandbox, which must succeed.
fn other(sandbox: &Sandbox, ccc: &Path, args: &[&str]) -> Result<String> {
    let output = sandbox.run_program(&sandbox.program(ccc).args(args), b"")?;
    let told = format!("{}{}", output.stdout, output.stderr);
    ensure!(output.code == Some(0), "`{} {}`: {told}", ccc.display(), args.join(" "));
    Ok(output.stdout)
}
