//! Who is killed, and finding that process at this moment. Only processes of the sandbox are ever
//! found.

use std::fmt;
use std::fs;

use anyhow::{Context as _, Result};
use ccc_testkit::{Custody, Process, Sandbox, Terminal};

/// A kind of process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Victim {
    Server,
    Keeper,
    Spare,
    Client,
}

impl Victim {
    pub(crate) const ALL: [Self; 4] = [Self::Server, Self::Keeper, Self::Spare, Self::Client];
    pub(crate) const CUSTODIANS: [Self; 3] = [Self::Server, Self::Keeper, Self::Spare];

    /// The process of this kind while custody is complete.
    pub(crate) fn find(self, custody: &Custody, client: &Terminal) -> Result<Process> {
        let pid = match self {
            Self::Server => custody.server.pid,
            Self::Keeper => custody.keeper.pid,
            Self::Spare => custody.spare.pid,
            Self::Client => client.process().pid(),
        };
        Process::open(pid).with_context(|| format!("the {self} that was named is gone: {pid}"))
    }

    /// By which role a process that will be of this kind, once another one is dead, is known while
    /// custody is complete. `None` when it is yet to be born.
    pub(crate) fn survivor_of(self, dead: Self) -> Option<Self> {
        match (dead, self) {
            (Self::Keeper, Self::Keeper) => Some(Self::Spare),
            (Self::Keeper, Self::Spare) => None,
            (dead, alive) => (dead != alive).then_some(alive),
        }
    }

    /// The process of this kind while things are being mended: perhaps a newborn one, perhaps none
    /// but the one that is dead already.
    pub(crate) fn find_in_recovery(self, sandbox: &Sandbox, client: &Terminal) -> Option<Process> {
        if self == Self::Client {
            return Process::open(client.process().pid());
        }
        let keeper = keeper(sandbox);
        let is_victim = |process: &Process| {
            let words = process.command_line();
            let word = words.get(1).map_or("", String::as_str);
            match self {
                Self::Server => word == "serve",
                Self::Keeper => word == "keeper" && Some(process.pid()) == keeper,
                Self::Spare => word == "keeper" && Some(process.pid()) != keeper,
                Self::Client => false,
            }
        };
        sandbox.processes().into_iter().find(is_victim)
    }
}

impl fmt::Display for Victim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Server => "server",
            Self::Keeper => "keeper",
            Self::Spare => "spare",
            Self::Client => "client",
        })
    }
}

/// Who signed the keeper's lock last.
fn keeper(sandbox: &Sandbox) -> Option<u32> {
    let text = fs::read_to_string(sandbox.state().join("run").join("keeper.lock")).ok()?;
    text.split_whitespace().next()?.parse().ok()
}
