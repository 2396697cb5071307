//! What processes use, as `/proc` tells it: memory, CPU, voluntary context switches. Owns the reading
//! of those files.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// What some processes had used at a moment, thread by thread.
#[derive(Clone, Debug)]
pub(crate) struct Usage {
    threads: BTreeMap<String, Thread>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Thread {
    nanoseconds: u64,
    switches: u64,
}

/// What was used between two moments. A thread that ended meanwhile counts no more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spent {
    pub(crate) cpu: Duration,
    pub(crate) switches: u64,
}

impl Usage {
    pub(crate) fn of(pids: &[u32]) -> Result<Self> {
        let mut threads = BTreeMap::new();
        for pid in pids {
            let folder = format!("/proc/{pid}/task");
            for entry in fs::read_dir(&folder).with_context(|| format!("list {folder}"))? {
                let path = entry?.path();
                // A thread may end between the listing and the reading.
                let read = |name: &str| fs::read_to_string(path.join(name)).unwrap_or_default();
                let nanoseconds =
                    read("schedstat").split_whitespace().next().and_then(|word| word.parse().ok());
                let switches = field(&read("status"), "voluntary_ctxt_switches:");
                let thread = Thread {
                    nanoseconds: nanoseconds.unwrap_or(0),
                    switches: switches.unwrap_or(0),
                };
                threads.insert(path.display().to_string(), thread);
            }
        }
        Ok(Self { threads })
    }

    pub(crate) fn since(&self, before: &Self) -> Spent {
        let mut spent = Spent { cpu: Duration::ZERO, switches: 0 };
        for (path, after) in &self.threads {
            let before = before.threads.get(path).copied().unwrap_or_default();
            spent.cpu += Duration::from_nanos(after.nanoseconds.saturating_sub(before.nanoseconds));
            spent.switches += after.switches.saturating_sub(before.switches);
        }
        spent
    }
}

/// What some processes have in memory, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    /// Each with all that it shares.
    pub(crate) rss: u64,
    /// With what is shared divided among those that share it.
    pub(crate) pss: u64,
}

impl Memory {
    pub(crate) fn of(pids: &[u32]) -> Result<Self> {
        let mut memory = Self::default();
        for pid in pids {
            let path = format!("/proc/{pid}/smaps_rollup");
            let rollup = fs::read_to_string(&path).with_context(|| format!("read {path}"))?;
            let bytes = |name: &str| {
                let kib = field(&rollup, name).with_context(|| format!("{path} has no {name}"))?;
                Ok::<u64, anyhow::Error>(kib * 1024)
            };
            memory.rss += bytes("Rss:")?;
            memory.pss += bytes("Pss:")?;
        }
        Ok(memory)
    }

    /// The greater of each.
    pub(crate) fn most(self, other: Self) -> Self {
        Self { rss: self.rss.max(other.rss), pss: self.pss.max(other.pss) }
    }
}

#[expect(clippy::cast_precision_loss, reason = "sizes of some MB")]
pub(crate) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// The number after a name at the start of a line.
fn field(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Memory, Usage, field};

    #[test]
    fn a_field_begins_its_line() {
        let text = "nonvoluntary_ctxt_switches:\t9\nvoluntary_ctxt_switches:\t4\nPss:   12 kB\n";
        assert_eq!(field(text, "voluntary_ctxt_switches:"), Some(4));
        assert_eq!(field(text, "Pss:"), Some(12));
        assert_eq!(field(text, "Rss:"), None);
    }

    #[test]
    fn this_process_uses_something() {
        let own = std::process::id();
        let memory = Memory::of(&[own]).unwrap();
        assert!(memory.rss >= memory.pss && memory.pss > 100_000);
        let nothing = Usage { threads: std::collections::BTreeMap::new() };
        let spent = Usage::of(&[own]).unwrap().since(&nothing);
        assert!(!spent.cpu.is_zero() && spent.switches > 0);
    }
}
