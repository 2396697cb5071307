//! What the programs of panes take of the machine, as the kernel counts it: all processes of the
//! session that a pane's first program leads.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::time::Instant;

use ccc_proto::{Ext, ListUsage, PaneId, PaneUsage, Usage};

use super::{Asked, session_of};
use crate::blocking::aside;
use crate::core::house::Life;
use crate::fault::Fault;

/// What a clock tick is for programs on Linux, in milliseconds.
const TICK_MS: u64 = 10;
/// The zero of the clock that measurements name.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

pub(super) async fn list(asked: &mut Asked<'_>, list: ListUsage) -> Result<(), Fault> {
    let only = session_of(asked, &list.target).await?.map(|(session, _)| session);
    if !Path::new("/proc/self/stat").exists() {
        return Err(Fault::unsupported("this system does not tell what processes take"));
    }
    let principal = asked.principal();
    let leaders: Vec<(PaneId, u32)> = asked
        .ctx
        .book
        .run(move |book| {
            let house = book.house_for(&principal);
            let wanted = |pane| only.is_none_or(|only| house.session_of(pane) == Some(only));
            let panes = house.panes().filter(|pane| wanted(pane.id));
            panes
                .filter_map(|pane| match pane.life {
                    Life::Running { pid, .. } => Some((pane.id, pid)),
                    _ => None,
                })
                .collect()
        })
        .await?;
    let panes = aside(move || measure(&leaders)).await?;
    let at_us = u64::try_from(START.elapsed().as_micros()).unwrap_or(u64::MAX);
    asked.reply(Usage { at_us, panes, ext: Ext::none() }).await
}

/// One walk over all processes. What ends meanwhile is not counted.
fn measure(leaders: &[(PaneId, u32)]) -> Vec<PaneUsage> {
    let mut found: HashMap<u32, PaneUsage> = leaders
        .iter()
        .map(|(pane, pid)| (*pid, PaneUsage { pane: *pane, ..PaneUsage::default() }))
        .collect();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let folder = entry.path();
        let Ok(stat) = fs::read_to_string(folder.join("stat")) else { continue };
        let Some((session, ticks)) = session_and_ticks(&stat) else { continue };
        let Some(usage) = found.get_mut(&session) else { continue };
        usage.processes += 1;
        usage.cpu_ms += ticks * TICK_MS;
        if let Ok(status) = fs::read_to_string(folder.join("status")) {
            usage.memory += resident(&status);
        }
    }
    // In the order of the panes.
    leaders.iter().filter_map(|(_, pid)| found.remove(pid)).collect()
}

/// The session of a process, and the ticks that it and the children it waited for have used. The name
/// in front may hold anything, also brackets.
fn session_and_ticks(stat: &str) -> Option<(u32, u64)> {
    let (_, behind) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = behind.split_ascii_whitespace().collect();
    // The first of these is field 3 of proc_pid_stat(5): 6 is the session, 14 to 17 are the ticks.
    let session = fields.get(3)?.parse().ok()?;
    let ticks = fields.get(11..15)?.iter().filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Some((session, ticks))
}

/// The memory that a process holds, in bytes.
fn resident(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix("kB"));
    kilobytes.and_then(|number| number.trim().parse::<u64>().ok()).unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_does_not_hide_the_fields() {
        let stat = "12 (a ) b) S 1 12 99 34816 13 4194304 1 2 3 4 10 20 300 4000 20 0 1 0 55 0 0";
        assert_eq!(session_and_ticks(stat), Some((99, 4330)));
        assert_eq!(session_and_ticks("12 (sh"), None);
        assert_eq!(resident("VmSize:\t 9 kB\nVmRSS:\t   12 kB\n"), 12 * 1024);
        assert_eq!(resident("Name:\tkthreadd\n"), 0);
    }

    /// The session is one the test makes: its own may be led from outside this PID namespace, and
    /// then it has no number here.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_session_is_measured() {
        use std::io::{BufRead, BufReader};
        use std::process::{Command, Stdio};

        let mut leader = Command::new("setsid")
            .args(["sh", "-c", "echo leads; read end"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(leader.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "leads\n");
        let usage = measure(&[(PaneId(7), leader.id()), (PaneId(8), u32::MAX)]);
        drop(leader.stdin.take());
        leader.wait().unwrap();
        let [led, nobody] = usage[..] else { panic!("{usage:?}") };
        assert!(led.processes == 1 && led.memory > 0, "{led:?}");
        assert_eq!((nobody.pane, nobody.processes), (PaneId(8), 0));
    }
}
