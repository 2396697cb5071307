//! What processes use, as `/proc` tells it: memory, CPU, voluntary context switches. Owns the reading
//! of those files.

use std::fs;

use anyhow::{Context as _, Result};

/// Of some processes, with all their threads, since they started. Threads that ended count no more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usage {
    pub(crate) cpu_seconds: f64,
    pub(crate) switches: u64,
}

impl Usage {
    pub(crate) fn of(pids: &[u32]) -> Result<Self> {
        let mut switches = 0;
        for task in tasks(pids)? {
            // A thread may end between the listing and the reading.
            let status = fs::read_to_string(format!("{task}/status")).unwrap_or_default();
            switches += field(&status, "voluntary_ctxt_switches:").unwrap_or(0);
        }
        Ok(Self { cpu_seconds: cpu_seconds(pids)?, switches })
    }
}

/// CPU time, exact to the nanosecond where the kernel is.
pub(crate) fn cpu_seconds(pids: &[u32]) -> Result<f64> {
    let mut nanoseconds = 0_u64;
    for task in tasks(pids)? {
        let told = fs::read_to_string(format!("{task}/schedstat")).unwrap_or_default();
        let first = told.split_whitespace().next().and_then(|word| word.parse::<u64>().ok());
        nanoseconds += first.unwrap_or(0);
    }
    Ok(std::time::Duration::from_nanos(nanoseconds).as_secs_f64())
}

/// Memory, with what is shared divided among those that share it.
pub(crate) fn pss_bytes(pids: &[u32]) -> Result<u64> {
    pids.iter().map(|pid| pss_of(*pid)).sum()
}

/// Memory of one process.
pub(crate) fn pss_of(pid: u32) -> Result<u64> {
    let path = format!("/proc/{pid}/smaps_rollup");
    let rollup = fs::read_to_string(&path).with_context(|| format!("read {path}"))?;
    let kib = field(&rollup, "Pss:").with_context(|| format!("{path} names no Pss"))?;
    Ok(kib * 1024)
}

fn tasks(pids: &[u32]) -> Result<Vec<String>> {
    let mut tasks = Vec::new();
    for pid in pids {
        let folder = format!("/proc/{pid}/task");
        for entry in fs::read_dir(&folder).with_context(|| format!("list {folder}"))? {
            tasks.push(entry?.path().display().to_string());
        }
    }
    Ok(tasks)
}

/// The number after a name at the start of a line.
fn field(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{cpu_seconds, field, pss_of};

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
        assert!(pss_of(own).unwrap() > 100_000);
        assert!(cpu_seconds(&[own]).unwrap() > 0.0);
    }
}
