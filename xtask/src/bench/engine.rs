//! The engine beside other emulators. They are a workspace of their own in `xtask/emulators`, with one
//! program that prints its tables; this builds and runs it.

use std::path::PathBuf;

use anyhow::Result;

use crate::step::command;
use crate::workspace::{cargo, root};

pub(crate) fn measure(runs: usize) -> Result<()> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or_else(|| root().join("target")).join("emulators");
    command(
        cargo()
            .current_dir(root().join("xtask/emulators"))
            .args(["run", "--release", "--locked", "--quiet", "--target-dir"])
            .arg(target)
            .args(["--", "--runs", &runs.to_string()]),
    )
}
