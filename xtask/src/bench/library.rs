//! What libraries do alone, without a server: each measurement is an example program of its crate, which is
//! built and run here and tells its own table. Owns how much each is given.

use anyhow::Result;

use crate::step::command;
use crate::workspace::cargo;

/// Bytes of each recording in MiB: as large as the promises are about, or enough to see the shape.
const MIB: &str = "1024";
const QUICK_MIB: &str = "128";
const COMMANDS: &str = "1000000";
const QUICK_COMMANDS: &str = "100000";

/// How large segments are, how fast they are made, checked and looked into.
pub(crate) fn recording(quick: bool) -> Result<()> {
    example("ccc-play", "recording", if quick { QUICK_MIB } else { MIB })
}

/// How large stored lines are, how fast they are made and looked through.
pub(crate) fn search(quick: bool) -> Result<()> {
    example("ccc-play", "search", if quick { QUICK_MIB } else { MIB })
}

/// Questions about commands in an index of so many.
pub(crate) fn history(quick: bool) -> Result<()> {
    example("ccc-index", "history", if quick { QUICK_COMMANDS } else { COMMANDS })
}

fn example(package: &str, name: &str, of: &str) -> Result<()> {
    let mut cargo = cargo();
    cargo.args(["run", "--release", "--locked", "--quiet", "-p", package]);
    command(cargo.args(["--example", name, "--", of]))
}
