//! Searches in what panes printed: how large the stored lines are, how fast they are made and looked through.
//! An example program of `ccc-play` measures it with the library alone; this builds and runs it.

use anyhow::Result;

use crate::step::command;
use crate::workspace::cargo;

/// Text of each recording in MiB: as large as the promise is about, or enough to see the shape.
const MIB: u32 = 1024;
const QUICK_MIB: u32 = 128;

pub(crate) fn measure(quick: bool) -> Result<()> {
    let mib = if quick { QUICK_MIB } else { MIB }.to_string();
    command(cargo().args(["run", "--release", "--quiet", "--package", "ccc-play"]).args([
        "--example",
        "search",
        "--",
        &mib,
    ]))
}
