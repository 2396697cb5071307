//! `cargo xtask ci`: all of CI. Owns the list and the order of its steps.

use anyhow::Result;

use crate::step::{command, step};
use crate::workspace::cargo;
use crate::{generate, tidy};

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
    step("test", || command(cargo().args(["test", "--workspace"])))
}
