//! `cargo xtask ci`: all of CI. Owns the list and the order of its steps.

use anyhow::Result;

use crate::chaos::ChaosArgs;
use crate::fuzz::FuzzArgs;
use crate::step::{command, step};
use crate::workspace::cargo;
use crate::{chaos, fuzz, generate, tidy};

pub(crate) fn run() -> Result<()> {
    step("fmt", || command(cargo().args(["fmt", "--all", "--check"])))?;
    step("tidy", tidy::run)?;
    step("clippy", || {
        command(cargo().args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "--deny",
            "warnings",
        ]))
    })?;
    step("doc", || {
        command(
            cargo()
                .args(["doc", "--workspace", "--no-deps", "--document-private-items"])
                .env("RUSTDOCFLAGS", "--deny warnings"),
        )
    })?;
    step("gen --check", || generate::run(true))?;
    step("test", || command(cargo().args(["test", "--workspace"])))?;
    after_tests()
}

/// What needs a while even when it is short: fuzzing, and killing processes.
pub(crate) fn after_tests() -> Result<()> {
    step("fuzz", || fuzz::run(&FuzzArgs::short()))?;
    step("chaos", || chaos::run(&ChaosArgs::short(20, false)))?;
    step("chaos, with a byte lost on purpose", chaos::prove_oracle)
}
