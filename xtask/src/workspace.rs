//! Where the workspace lies, and how its programs are built. Owns the calls of cargo.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// Any of the tests that run `ccc`.
const A_TEST: &str = "outlive";

/// How a program is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

/// The folder that holds the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    // xtask is a direct child of it; without a parent the relative path is as good.
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}

/// The cargo that runs this program.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// What cargo knows about our own packages, without their dependencies' details.
pub(crate) fn metadata() -> Result<Value> {
    let output = cargo()
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .stderr(Stdio::inherit())
        .output()
        .context("run cargo metadata")?;
    ensure!(output.status.success(), "cargo metadata failed");
    serde_json::from_slice(&output.stdout).context("read cargo metadata")
}

/// Builds `ccc` and says where it is.
pub(crate) fn build_ccc(profile: Profile) -> Result<PathBuf> {
    let mut command = cargo();
    match profile {
        // As a test needs it. Cargo chooses the features of libraries by all that it builds at
        // once, so that any other way most of them would be compiled again after the tests.
        Profile::Dev => command.args(["test", "--workspace", "--no-run", "--test", A_TEST]),
        Profile::Release => command.args(["build", "--release", "--package", "ccc"]),
    };
    command.args(["--message-format", "json"]);
    executable(command, "ccc")
}

/// Builds an example program of a crate, as fast as it can be, and says where it is.
pub(crate) fn build_example(package: &str, name: &str) -> Result<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--release", "--locked", "-p", package, "--example", name]);
    command.args(["--message-format", "json"]);
    executable(command, name)
}

/// Runs a build that prints JSON messages and finds the program of that name among them.
pub(crate) fn executable(mut command: Command, name: &str) -> Result<PathBuf> {
    let output = command.stderr(Stdio::inherit()).output().context("run cargo build")?;
    ensure!(output.status.success(), "building {name} failed");
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == name)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .with_context(|| format!("cargo built no program named {name}"))
}
