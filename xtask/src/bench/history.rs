//! Questions about commands in an index of a million, which an example of the index's own asks.

use anyhow::Result;

use crate::step::command;
use crate::workspace::{cargo, root};

pub(crate) fn measure(quick: bool) -> Result<()> {
    let commands = if quick { "100000" } else { "1000000" };
    command(
        cargo()
            .current_dir(root())
            .args(["run", "--release", "--locked", "--quiet", "-p", "ccc-index"])
            .args(["--example", "history", "--", commands]),
    )
}
