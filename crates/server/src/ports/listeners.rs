//! What `/proc` tells: which sockets listen, and whose they are. Owns the reading and its bounds; nothing it
//! reads is believed to be whole or in form.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::Read as _;
use std::net::Ipv6Addr;

use ccc_proto::PaneId;

/// Bytes that are read of a table of sockets: 10,000 of them and more.
const TABLE: u64 = 2 * 1024 * 1024;
/// Processes that are looked at, of all and of one pane.
const PROCESSES: usize = 32 * 1024;
const OF_A_PANE: usize = 256;
/// Descriptors that are looked at of one process.
const DESCRIPTORS: usize = 1024;
/// Ports of one pane that are told of.
const PORTS: usize = 64;
/// The state of a socket that listens, in the kernel's tables.
const LISTEN: &str = "0A";

/// The first process of a pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Root {
    pub(crate) pane: PaneId,
    pub(crate) pid: u32,
}

/// A port on which a program listens that is reached from its own machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpenPort {
    pub(crate) port: u16,
    /// The program's name, without what steers terminals.
    pub(crate) program: String,
}

/// A process, as `/proc/<pid>/stat` tells.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Process {
    pid: u32,
    parent: u32,
    /// The first process of its session.
    session: u32,
    name: String,
}

/// The ports on which programs of these panes listen, rising. Blocks.
pub(crate) fn of(roots: &[Root]) -> Vec<(PaneId, Vec<OpenPort>)> {
    let sockets: HashMap<u64, u16> = ["/proc/self/net/tcp", "/proc/self/net/tcp6"]
        .iter()
        .flat_map(|path| listening(&read(path, TABLE)).collect::<Vec<_>>())
        .collect();
    let processes = if sockets.is_empty() { Vec::new() } else { processes() };
    let of_root = |root: &Root| {
        let mut open: Vec<OpenPort> = Vec::new();
        for process in members(&processes, root.pid).into_iter().take(OF_A_PANE) {
            for inode in inodes(process.pid) {
                let Some(port) = sockets.get(&inode) else { continue };
                if open.len() < PORTS && open.iter().all(|known| known.port != *port) {
                    open.push(OpenPort { port: *port, program: process.name.clone() });
                }
            }
        }
        open.sort_by_key(|open| open.port);
        (root.pane, open)
    };
    roots.iter().map(of_root).collect()
}

/// Inodes and ports of the sockets that listen where a connection from this machine reaches them.
fn listening(table: &str) -> impl Iterator<Item = (u64, u16)> {
    table.lines().skip(1).filter_map(|line| {
        let mut fields = line.split_ascii_whitespace().skip(1);
        let (address, port) = fields.next()?.split_once(':')?;
        let state = fields.nth(1)?;
        let inode = fields.nth(5)?.parse().ok()?;
        let port = u16::from_str_radix(port, 16).ok()?;
        (state == LISTEN && is_here(address)).then_some((inode, port))
    })
}

/// Whether an address of the table is the loopback one, or any.
fn is_here(address: &str) -> bool {
    match address.len() {
        8 => u32::from_str_radix(address, 16).is_ok_and(|address| {
            // As it lies in memory, in the order of the network.
            let [first, ..] = address.to_ne_bytes();
            address == 0 || first == 127
        }),
        32 => {
            let words = (0..4).map(|word| {
                let digits = address.get(word * 8..word * 8 + 8)?;
                u32::from_str_radix(digits, 16).ok().map(u32::to_ne_bytes)
            });
            let Some(words) = words.collect::<Option<Vec<_>>>() else { return false };
            let Ok(bytes) = <[u8; 16]>::try_from(words.concat()) else { return false };
            let address = Ipv6Addr::from(bytes);
            address.is_unspecified()
                || address.is_loopback()
                || address.to_ipv4_mapped().is_some_and(|address| address.is_loopback())
        }
        _ => false,
    }
}

fn processes() -> Vec<Process> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let pids = pids.take(PROCESSES);
    pids.filter_map(|pid: u32| process(pid, &read(&format!("/proc/{pid}/stat"), 4096))).collect()
}

fn process(pid: u32, stat: &str) -> Option<Process> {
    // The name in parentheses may hold anything.
    let (before, after) = stat.rsplit_once(')')?;
    let (_, name) = before.split_once('(')?;
    let mut fields = after.split_ascii_whitespace().skip(1);
    let parent = fields.next()?.parse().ok()?;
    let session = fields.nth(1)?.parse().ok()?;
    let name = name.chars().filter(|c| !c.is_control()).collect();
    Some(Process { pid, parent, session, name })
}

/// The processes of a pane: those of its session, and what was started by them.
fn members(processes: &[Process], root: u32) -> Vec<&Process> {
    let mut known: HashSet<u32> =
        processes.iter().filter(|one| one.session == root).map(|one| one.pid).collect();
    known.insert(root);
    // Children mostly come behind their parents; numbers that began anew may need another round.
    loop {
        let before = known.len();
        known.extend(
            processes
                .iter()
                .filter(|one| known.contains(&one.parent))
                .map(|one| one.pid)
                .collect::<Vec<_>>(),
        );
        if known.len() == before {
            break;
        }
    }
    processes.iter().filter(|one| known.contains(&one.pid)).collect()
}

/// The sockets that a process has open.
fn inodes(pid: u32) -> impl Iterator<Item = u64> {
    let entries = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    entries.take(DESCRIPTORS).filter_map(|entry| {
        let target = fs::read_link(entry.path()).ok()?;
        target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
    })
}

/// What can be read of a file, up to a bound; nothing when it cannot be.
fn read(path: &str, most: u64) -> String {
    let mut bytes = Vec::new();
    // What was read before an error is what there is.
    let _cut = File::open(path).map(|file| file.take(most).read_to_end(&mut bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests;
